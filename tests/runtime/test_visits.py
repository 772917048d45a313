"""Visitors without an account: bounded in number, time and money, and forgotten afterwards."""

from datetime import timedelta

import pytest

from hapgang.contract import Caller, Role
from hapgang.core.clock import VirtualClock
from hapgang.core.errors import Refused, SignInNeeded
from hapgang.core.vocabulary.people import Person, Visit
from hapgang.ledger.till import account_id
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.money import MonthlyLimit, top_up, wallet
from hapgang.runtime.platform.people import change_myself, forget_me, myself
from hapgang.runtime.platform.visits import (
    MOST_A_MINUTE,
    MOST_AT_ONCE,
    VISIT,
    TooManyVisitors,
    begin_visit,
    begin_visit_session,
    end_visits,
)
from tests.village import SEOUL, START, person, reserve, runtime_of, settle, trace_of


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START, SEOUL)


@pytest.fixture
def town(clock: VirtualClock) -> Runtime:
    return runtime_of(clock=clock)


def come(town: Runtime, **money: int) -> Caller:
    return Caller(town.perform(begin_visit, PLATFORM, **money).person, Role.VISITOR)


def test_nobody_but_the_platform_mints_visitors(town: Runtime) -> None:
    for role in (Role.ANONYMOUS, Role.OPERATOR, Role.RESIDENT):
        with pytest.raises(Refused):
            town.perform(begin_visit, person("x", role))
    assert town.state.count(Person.__name__) == 0


def test_a_visitor_has_no_licence_and_an_end(town: Runtime, clock: VirtualClock) -> None:
    caller = come(town)
    known = town.perform(myself, caller)
    assert (known.licence, known.visitor) == (False, True)
    assert known.until == clock.now() + VISIT
    assert town.perform(change_myself, caller, walking="wheelchair").walking == "wheelchair"
    assert town.perform(wallet, caller).balance_won == 0


def test_a_session_lasts_as_long_as_its_visit(town: Runtime) -> None:
    session = town.perform(begin_visit_session, PLATFORM, label="a phone", top_up_won=20_000)
    assert session.until - session.began_at == VISIT
    known = town.state.of_type(Visit.__name__)
    assert [(one.view.person, one.view.until) for one in known if isinstance(one.view, Visit)] == [
        (session.person, session.until)
    ]


def test_so_many_in_a_minute_and_so_many_at_once(town: Runtime, clock: VirtualClock) -> None:
    for _ in range(MOST_A_MINUTE):
        come(town)
    before = trace_of(town)
    with pytest.raises(TooManyVisitors):
        come(town)
    assert trace_of(town) == before
    for _ in range(MOST_AT_ONCE // MOST_A_MINUTE - 1):
        clock.advance_by(61.0)
        for _ in range(MOST_A_MINUTE):
            come(town)
    clock.advance_by(61.0)
    with pytest.raises(TooManyVisitors):
        come(town)


def test_who_gave_no_money_takes_none_either(town: Runtime) -> None:
    stranger = come(town)
    with pytest.raises(MonthlyLimit, match="0원 is left"):
        town.perform(top_up, stranger, amount_won=1_000)
    guest = come(town, welcome_won=5_000, top_up_won=2_000)
    town.perform(top_up, guest, amount_won=2_000)
    held = town.perform(wallet, guest)
    assert (held.balance_won, held.top_up_left_won) == (7_000, 0)
    with pytest.raises(MonthlyLimit):
        town.perform(top_up, guest, amount_won=1_000)


def test_a_forgotten_visitor_has_no_new_limit(town: Runtime) -> None:
    guest = come(town, top_up_won=2_000)
    town.perform(forget_me, guest)
    with pytest.raises(SignInNeeded):
        town.perform(top_up, guest, amount_won=1_000)


def test_a_visit_ends_when_nothing_is_held(town: Runtime, clock: VirtualClock) -> None:
    walker, rider = come(town), come(town, welcome_won=5_000)
    hold = town.perform(reserve, Caller(rider.id, Role.RESIDENT), price_won=3_000)
    clock.advance_by((VISIT - timedelta(seconds=1)).total_seconds())
    town.perform(end_visits, PLATFORM)
    assert town.state.count(Visit.__name__) == 2
    clock.advance_by(1.0)
    town.perform(end_visits, PLATFORM)
    assert town.state.get(walker.id) is None
    assert town.state.get(rider.id) is not None
    town.perform(settle, Caller(rider.id, Role.RESIDENT), hold=hold, price_won=3_000)
    town.perform(end_visits, PLATFORM)
    assert town.state.count(Visit.__name__) == town.state.count(Person.__name__) == 0
    assert town.book.account(account_id(rider.id)).balance_won == 2_000
    assert town.book.total_won() == 0

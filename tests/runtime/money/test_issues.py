"""A bonus from a fixed budget: never a won over it, however many come."""

from datetime import timedelta

import pytest

from hapgang.contract import Caller, Role
from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.money import issues, top_up
from hapgang.runtime.platform.money.issues import IssueExhausted
from hapgang.runtime.platform.people import TREASURY
from tests.runtime.money.place import ANNE, BERT, CARL, EVERYBODY, OFFICE, Place
from tests.village import START, move_in, person, trace_of


@pytest.fixture
def place() -> Place:
    return Place()


def issue(place: Place, **more: object) -> str:
    words = {
        "title": "Harvest", "bonus_pct": 10, "budget_won": 25_000, "most_won": 100_000,
        "opens_at": START, "closes_at": START + timedelta(days=2),
    }  # fmt: skip
    found: str = place.do(issues.open_issue, OFFICE, **{**words, **more}).id
    return found


def test_first_come_until_the_budget_is_gone(place: Place) -> None:
    name = issue(place)
    assert place.won(name) == 25_000
    for person_ in (ANNE, BERT):
        assert place.do(top_up, person_, amount_won=100_000, issue=name).balance_won == 120_000
    before = trace_of(place.runtime)
    with pytest.raises(IssueExhausted, match=r"5,000원 of the bonus is left"):
        place.do(top_up, CARL, amount_won=50_010, issue=name)
    assert trace_of(place.runtime) == before
    place.do(top_up, CARL, amount_won=50_000, issue=name)
    assert place.won(name) == 0
    assert place.do(issues.issues, ANNE)[0].given_won == 25_000
    with pytest.raises(IssueExhausted):
        place.do(top_up, EVERYBODY[3], amount_won=1_000, issue=name)
    place.do(top_up, EVERYBODY[3], amount_won=1_000)


def test_a_rush_gives_what_was_there_and_no_more(place: Place) -> None:
    name = issue(place, budget_won=33_333)
    got = 0
    for i in range(50):
        guest = person(f"guest{i}")
        move_in(place.runtime, guest, 0)
        try:
            got += place.do(top_up, guest, amount_won=10_000, issue=name).balance_won - 10_000
        except IssueExhausted:
            assert got == 33_000
    assert (got, place.won(name), place.runtime.book.total_won()) == (33_000, 333, 0)


def test_one_person_has_a_share_and_an_issue_an_end(place: Place) -> None:
    name = issue(place, opens_at=START + timedelta(hours=1), most_won=20_000)
    with pytest.raises(NotFound, match="open now"):
        place.do(top_up, ANNE, amount_won=10_000, issue=name)
    place.clock.advance_by(3600.0)
    place.do(top_up, ANNE, amount_won=15_000, issue=name)
    with pytest.raises(Conflict, match="20,000원"):
        place.do(top_up, ANNE, amount_won=5_001, issue=name)
    before_won = place.won(TREASURY)
    place.clock.advance_by(2 * 86_400.0)
    place.do(issues.close_issues, PLATFORM)
    assert (place.won(name), place.won(TREASURY)) == (0, before_won + 23_500)
    with pytest.raises(NotFound):
        place.do(top_up, ANNE, amount_won=5_000, issue=name)


def test_shares_leave_memory_with_their_issue_some_at_a_time(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issues, "ENDED_AT_ONCE", 2)
    name = issue(place)
    for resident in (ANNE, BERT, CARL):
        place.do(top_up, resident, amount_won=1_000, issue=name)
    place.clock.advance_by(10 * 86_400.0)
    left = []
    for _ in range(3):
        place.do(issues.close_issues, PLATFORM)
        left.append((place.runtime.state.count("IssueShare"), place.won(name)))
    assert left == [(1, 0), (0, 0), (0, 0)]
    assert place.do(issues.issues, ANNE) == []


def test_an_issue_that_makes_no_sense_is_refused(place: Place) -> None:
    for wrong in ({"closes_at": START}, {"budget_won": 0}, {"bonus_pct": 51}, {"budget_won": 0.5}):
        with pytest.raises(Invalid):
            issue(place, **wrong)


def test_the_bonus_is_for_residents(place: Place) -> None:
    visitor = Caller(ANNE.id, Role.VISITOR)
    with pytest.raises(Refused, match="residents"):
        place.do(top_up, visitor, amount_won=10_000, issue=issue(place))

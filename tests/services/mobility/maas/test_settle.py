"""Settlement: what operators are owed sums to the ledger's transfers, and is paid once."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hapgang.contract import Caller, Role
from hapgang.core.errors import Conflict, Invalid, Refused
from hapgang.ledger.book import NotEnoughMoney
from hapgang.ledger.till import account_id
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.money import open_account
from hapgang.services.mobility.maas.actions import (
    begin_ride,
    board,
    book,
    cancel,
    end_ride,
    list_statements,
    pay_statement,
    refund_ride,
    register_operator,
    settle,
    settle_months,
    statement_lines,
)
from hapgang.services.mobility.maas.actions.settle import earn_ticket
from hapgang.services.mobility.maas.method.outside import shares
from hapgang.services.mobility.maas.model import (
    SERVICE,
    Journey,
)
from hapgang.services.mobility.maas.model.outside import Earning
from tests.services.mobility.maas.fake_operator import FakeOperator
from tests.services.mobility.maas.outside_world import CITY_STAFF, NAME, Outside, near
from tests.services.mobility.maas.world import World, zone
from tests.services.mobility.maas.world import outside as beyond

MONTH = "2026-09"
BIKES = Caller(f"{NAME}bikes", Role.COMPANY)
ZOO = Caller(f"{NAME}zoo", Role.COMPANY)


@given(st.integers(0, 10**12), st.lists(st.floats(0, 1e9, allow_subnormal=False), max_size=9))
def test_shares_sum_to_the_whole(total_won, weights):
    parts = shares(total_won, weights)
    assert sum(parts) == (total_won if weights else 0)
    assert all(part >= 0 for part in parts)
    if sum(weights) > 0:
        exact = [total_won * weight / sum(weights) for weight in weights]
        assert all(abs(a - b) <= 1 + 1e-6 * total_won for a, b in zip(parts, exact, strict=True))


@pytest.fixture
def outside() -> Outside:
    bikes = FakeOperator(bikes={f"b{n}": near("A01", 30 + n) for n in range(9)})
    zoo = FakeOperator(bikes={f"z{n}": near("B05", 30 + n) for n in range(9)}, prefix="zz")
    return Outside(World(), bikes=bikes, zoo=zoo)


def ridden(outside: Outside, name: str, start: str = "A01", end: str = "B05") -> str:
    """Let somebody ride with an operator outside; return the ride."""
    who = outside.world.person(name)
    journey = outside.world.do(book, who, option=outside.option(who, start, end))
    outside.settle(5)
    words = {"journey": journey.id, "booking": journey.bookings[0].booking}
    outside.world.do(begin_ride, who, **words)
    outside.settle(5)
    outside.world.do(end_ride, who, **words, location=zone(end))
    outside.settle(5)
    outside.poll()
    return words["booking"]


def by_bus(outside: Outside, name: str, *, used: bool) -> None:
    who = outside.world.person(name)
    options = outside.world.plan(who, "A01", beyond(), ways="walk,bus")
    option = next(o for o in options if any(leg.ride for leg in o.legs))
    journey = outside.world.do(book, who, option=option)
    outside.world.do(board if used else cancel, who, journey=journey.id)


def a_month(outside: Outside) -> list[str]:
    rides = [ridden(outside, f"r{n}") for n in range(3)]
    rides.append(ridden(outside, "s1", "B05", "A30"))
    for n in range(4):
        by_bus(outside, f"bus{n}", used=n < 3)
    return rides


def transfers(outside: Outside) -> dict[str, int]:
    """What came into this service's account, and left it, by transfer: the ledger's own rows."""
    mine = account_id(SERVICE)
    rows = [row for row in outside.written if row.step in ("captured", "posted")]
    return {
        row.id: row.amount_won if row.credit == mine else -row.amount_won
        for row in rows
        if mine in (row.credit, row.debit)
    }


def test_statements_sum_to_the_ledgers_transfers(outside):
    rides = a_month(outside)
    outside.world.do(refund_ride, CITY_STAFF, ride=rides[0], refund="r1", amount_won=400)
    outside.world.do(refund_ride, CITY_STAFF, ride=rides[0], refund="r1", amount_won=400)
    made = outside.world.do(settle, CITY_STAFF, month=MONTH)
    ledger = transfers(outside)
    assert sum(ledger.values()) == 4 * 900 - 400 + 3 * 1_400
    assert sum(one.gross_won - one.refunds_won for one in made) == sum(ledger.values())
    by_transfer: dict[str, int] = {}
    for one in made:
        for line in outside.world.do(statement_lines, CITY_STAFF, statement=one.id):
            by_transfer[line.transfer] = by_transfer.get(line.transfer, 0) + line.amount_won
    assert by_transfer == ledger
    owed = {one.party: one.due_won for one in made}
    assert owed[BIKES.id] == 3 * 900 - 400
    assert owed[ZOO.id] == 900
    agencies = sum(won for party, won in owed.items() if "TransitAgency" in party)
    assert agencies == 3 * 1_400
    assert outside.world.runtime.book.account(account_id(SERVICE)).balance_won == sum(owed.values())


def test_a_statement_is_paid_once_by_the_transfer_that_is_named(outside):
    a_month(outside)
    made = {one.party: one for one in outside.world.do(settle, CITY_STAFF, month=MONTH)}
    mine = made[BIKES.id]
    words = {"statement": mine.id, "transfer": "oct-1"}
    outside.world.refused(Conflict, pay_statement, CITY_STAFF, **words)  # no account yet
    outside.world.do(open_account, PLATFORM, owner=BIKES.id, kind="operator")
    paid = outside.world.do(pay_statement, CITY_STAFF, **words)
    assert outside.world.do(pay_statement, CITY_STAFF, **words) == paid
    outside.world.refused(Conflict, pay_statement, CITY_STAFF, statement=mine.id, transfer="oct-2")
    outside.world.refused(
        Conflict, pay_statement, CITY_STAFF, statement=made[ZOO.id].id, transfer="oct-1"
    )
    assert outside.world.free_won(BIKES) == mine.due_won == 2_700


def test_nothing_is_settled_twice_and_what_comes_later_comes_next(outside):
    ridden(outside, "a")
    first = outside.world.do(settle, CITY_STAFF, month=MONTH)
    assert outside.world.do(settle, CITY_STAFF, month=MONTH) == []
    ridden(outside, "b")
    second = outside.world.do(settle, CITY_STAFF, month=MONTH)
    assert [one.number for one in (*first, *second)] == [1, 2]
    assert not set(first[0].earnings) & set(second[0].earnings)
    outside.world.refused(Invalid, settle, CITY_STAFF, month="2026-10")


def test_the_city_keeps_its_fee(outside):
    outside.world.do(
        register_operator, CITY_STAFF, name="bikes", title_en="B", title_ko="B",
        base_url="https://op.example/tomp", modes=("bicycle",), fee_permille=55,
    )  # fmt: skip
    ridden(outside, "a")
    made = outside.world.do(settle, CITY_STAFF, month=MONTH)[0]
    assert (made.gross_won, made.fee_won, made.due_won) == (900, 49, 851)


def test_a_refund_after_the_statement_is_carried_over(outside):
    ride = ridden(outside, "a")
    first = outside.world.do(settle, CITY_STAFF, month=MONTH)[0]
    outside.world.do(open_account, PLATFORM, owner=BIKES.id, kind="operator")
    outside.world.do(pay_statement, CITY_STAFF, statement=first.id, transfer="t")
    outside.world.refused(
        NotEnoughMoney, refund_ride, CITY_STAFF, ride=ride, refund="r", amount_won=900
    )
    by_bus(outside, "bus", used=True)
    outside.world.do(refund_ride, CITY_STAFF, ride=ride, refund="r", amount_won=900)
    outside.world.refused(
        Conflict, refund_ride, CITY_STAFF, ride=ride, refund="again", amount_won=1
    )
    made = {o.party: o for o in outside.world.do(settle, CITY_STAFF, month=MONTH)}
    assert made[BIKES.id].due_won == -900
    outside.world.refused(
        Conflict, pay_statement, CITY_STAFF, statement=made[BIKES.id].id, transfer="u"
    )
    ridden(outside, "b")
    ridden(outside, "c")
    last = outside.world.do(settle, CITY_STAFF, month=MONTH)[0]
    assert (last.gross_won, last.carried_won, last.due_won) == (1_800, -900, 900)


def test_months_are_settled_when_they_are_over(outside):
    ridden(outside, "a")
    outside.world.do(settle_months, PLATFORM)
    assert outside.world.do(list_statements, CITY_STAFF) == []
    clock = outside.world.clock
    clock.advance_to(clock.now() + timedelta(days=17))
    outside.world.wait(minutes=1)
    made = outside.world.do(list_statements, CITY_STAFF)
    assert [one.month for one in made] == [MONTH]


def test_an_operator_sees_its_own_only(outside):
    a_month(outside)
    outside.world.do(settle, CITY_STAFF, month=MONTH)
    mine = outside.world.do(list_statements, BIKES)
    assert [one.party for one in mine] == [BIKES.id]
    lines = outside.world.do(statement_lines, BIKES, statement=mine[0].id)
    assert sum(line.amount_won for line in lines) == mine[0].due_won
    assert "Person" not in str(lines)
    outside.world.refused(Refused, statement_lines, ZOO, statement=mine[0].id)
    outside.world.refused(Refused, settle, BIKES, month=MONTH)
    outside.world.refused(Refused, pay_statement, BIKES, statement=mine[0].id, transfer="x")


def test_a_ticket_is_shared_by_distance(outside):
    who = outside.world.person("far")
    outside.world.do(open_account, PLATFORM, owner=BIKES.id, kind="operator")
    options = outside.world.plan(who, "A01", beyond(), ways="walk,bus")
    option = next(o for o in options if any(leg.ride for leg in o.legs))
    row = next(n for n, leg in enumerate(option.legs) if leg.ride)
    rail = replace(
        option.legs[row], ride=replace(option.legs[row].ride, route="KTX"), distance_m=2_000.0
    )
    bus = replace(option.legs[row], distance_m=1_000.0)
    journey = Journey(
        id="urn:ngsi-ld:MobilityJourney:x", traveller=who.id, state="booked",
        legs=(bus, rail, bus), leave_at=option.leave_at, arrive_at=option.arrive_at,
        ticket_won=1_401,
    )  # fmt: skip

    def earn(city):
        earn_ticket(city, journey, {"urn:ngsi-ld:Transfer:t": journey.ticket_won})

    earn.__module__ = "hapgang.services.mobility.maas.actions.test"
    outside.world.do(earn, PLATFORM)
    found = {r.view.party: r.view for r in outside.world.runtime.state.of_type("MobilityEarning")}
    assert {p.rsplit(":", 1)[-1]: e.amount_won for p, e in found.items()} == {
        "korail": 701, "sctc": 700,
    }  # fmt: skip
    assert all(isinstance(e, Earning) for e in found.values())
    assert found["urn:ngsi-ld:TransitAgency:sctc"].legs == 2

"""Operators outside: booked in two phases, once, whatever they answer; and paid what they say."""

from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hapgang.contract import Caller, Role
from hapgang.core.errors import Conflict, Invalid
from hapgang.ledger.till import account_id
from hapgang.runtime.platform.people import forget_me, inbox
from hapgang.services.mobility.maas.actions import (
    NotAsPlanned,
    begin_ride,
    book,
    cancel,
    end_ride,
    get_journey,
    list_operators,
    list_orders,
)
from hapgang.services.mobility.maas.model import SERVICE, Option
from tests.services.mobility.maas.fake_operator import FakeOperator, Fault
from tests.services.mobility.maas.outside_world import CITY_STAFF, NAME, Outside, near, take
from tests.services.mobility.maas.world import World, modes, zone

MOST_WON = 3_000


@pytest.fixture
def bikes() -> FakeOperator:
    return FakeOperator(bikes={"b1": near("A01"), "b2": near("A01", 60)})


@pytest.fixture
def outside(bikes) -> Outside:
    return Outside(World(), bikes=bikes)


@pytest.fixture
def mina(outside) -> Caller:
    return outside.world.person("mina")


def booked(outside: Outside, who: Caller):
    return outside.world.do(book, who, option=outside.option(who))


def state(outside: Outside, who: Caller, journey) -> str:
    return outside.world.do(get_journey, who, journey=journey.id).state


def test_a_plan_has_what_an_operator_outside_has_free(outside, mina, bikes):
    option = outside.option(mina)
    leg = next(leg for leg in option.legs if leg.service)
    assert leg.service == f"{NAME}bikes"
    assert leg.fare_won == 500
    assert leg.known_at == outside.world.clock.now()
    asked = len(bikes.asked)
    outside.option(mina)
    assert len(bikes.asked) == asked, "planning must not wait for the network"


def test_what_was_heard_long_ago_is_not_planned_with(outside, mina):
    outside.world.wait(minutes=11)
    options = outside.world.plan(mina, "A01", "B05")
    assert all("bicycle" not in modes(o) for o in options)


def test_a_journey_is_pending_until_the_operator_has_said_yes(outside, mina, bikes):
    journey = booked(outside, mina)
    assert journey.state == "pending"
    assert outside.world.free_won(mina) == 50_000 - MOST_WON
    outside.settle(5)
    assert state(outside, mina, journey) == "booked"
    assert list(bikes.bookings.values()) == ["CONFIRMED"]
    told = outside.world.do(inbox, mina)
    assert told[0].title.en == "Your journey is booked"


def test_a_ride_is_begun_ended_and_paid_as_the_operator_says(outside, mina, bikes):
    journey = booked(outside, mina)
    booking = journey.bookings[0].booking
    outside.world.refused(Conflict, begin_ride, mina, journey=journey.id, booking=booking)
    outside.settle(5)
    outside.world.do(begin_ride, mina, journey=journey.id, booking=booking)
    outside.settle(5)
    assert list(bikes.bookings.values()) == ["STARTED"]
    outside.world.wait(minutes=4)
    at = zone("B05")
    receipt = outside.world.do(end_ride, mina, journey=journey.id, booking=booking, location=at)
    assert receipt.paid_won == 500  # what it should cost; the operator's word comes later
    outside.settle(5)
    assert list(bikes.bookings.values()) == ["FINISHED"]
    assert outside.world.free_won(mina) == 50_000 - bikes.final_won
    assert outside.world.held_won() == 0
    assert outside.orders() == []


def test_a_vehicle_that_is_not_taken_back_is_ridden_on(outside, mina, bikes):
    journey = booked(outside, mina)
    outside.settle(5)
    words = {"journey": journey.id, "booking": journey.bookings[0].booking}
    outside.world.do(begin_ride, mina, **words)
    outside.settle(5)
    bikes.faults.append(Fault("FINISH", "refuse"))
    outside.world.do(end_ride, mina, **words, location=zone("B05"))
    outside.settle(5)
    assert [order.state for order in outside.orders()] == ["in_use"]
    assert any("not over" in one.title.en for one in outside.world.do(inbox, mina))
    outside.world.do(end_ride, mina, **words, location=zone("B05"))
    outside.settle(5)
    assert outside.orders() == []
    assert outside.world.free_won(mina) == 50_000 - bikes.final_won


def test_an_operator_cannot_take_more_than_was_set_aside(outside, mina, bikes):
    bikes.final_won = 1_000_000
    journey = booked(outside, mina)
    outside.settle(5)
    words = {"journey": journey.id, "booking": journey.bookings[0].booking}
    outside.world.do(begin_ride, mina, **words)
    outside.settle(5)
    outside.world.do(end_ride, mina, **words, location=zone("B05"))
    outside.settle(5)
    assert outside.world.free_won(mina) == 50_000 - MOST_WON


@pytest.mark.parametrize("path", ["/planning/offers", "POST /bookings {", "COMMIT"])
@pytest.mark.parametrize("how", ["down", "500", "rubbish", "deaf", "slow", "twice"])
def test_one_fault_is_overcome(outside, mina, bikes, path, how):
    bikes.faults.append(Fault(path, how))
    journey = booked(outside, mina)
    outside.settle(10)
    bikes.catch_up()
    outside.settle(30)
    assert state(outside, mina, journey) == "booked"
    assert len(bikes.kept) == 1, "booked once, however often it was asked for"
    assert list(bikes.bookings.values()).count("CONFIRMED") == 1


def test_an_answer_about_another_booking_is_rubbish(outside, mina, bikes):
    bikes.faults.append(Fault("POST /bookings {", "wrong_id"))
    journey = booked(outside, mina)
    outside.settle(20)
    assert state(outside, mina, journey) == "booked"
    assert bikes.kept == ["bk-1"]


@pytest.mark.parametrize("path", ["/planning/offers", "POST /bookings {", "COMMIT"])
@pytest.mark.parametrize("how", ["down", "500", "rubbish", "slow", "refuse", "wrong_id"])
def test_who_goes_on_failing_costs_the_traveller_nothing(outside, mina, bikes, path, how):
    # Once its bookings can be looked at again, nothing is left of what nobody wants any more.
    bikes.faults.append(Fault(path, how, times=10_000))
    journey = booked(outside, mina)
    outside.settle(60)
    assert state(outside, mina, journey) == "failed"
    assert outside.world.free_won(mina) == 50_000
    bikes.faults.clear()
    bikes.catch_up()
    outside.settle(20 * 60, step_s=20)
    assert bikes.kept == []
    assert outside.orders() == []
    assert any("changed" in one.title.en for one in outside.world.do(inbox, mina))


def test_an_operator_that_is_down_is_left_alone_and_not_planned_with(outside, mina, bikes):
    bikes.faults.append(Fault("", "down", times=10_000))
    booked(outside, mina)
    outside.settle(60)
    asked = len(bikes.asked)
    known = outside.world.do(list_operators, CITY_STAFF)[0]
    assert known.failures >= 3
    assert known.quiet_until is not None
    assert asked < 12
    options = outside.world.plan(mina, "A01", "B05")
    assert all("bicycle" not in modes(o) for o in options)


def test_a_pending_journey_can_be_cancelled_at_every_step(bikes):
    for steps in range(6):
        outside = Outside(World(), bikes=FakeOperator(bikes=dict(bikes.bikes)))
        mina = outside.world.person("mina")
        journey = booked(outside, mina)
        for _ in range(steps):
            outside.step()
        outside.world.do(cancel, mina, journey=journey.id)
        assert outside.world.free_won(mina) == 50_000
        outside.settle(20 * 60, step_s=20)
        assert outside.operators[f"{NAME}bikes"].kept == []
        assert outside.orders() == []


def test_the_operator_takes_a_confirmed_ride_back(outside, mina, bikes):
    journey = booked(outside, mina)
    outside.settle(5)
    bikes.bookings["bk-1"] = "CANCELLED"
    outside.settle(180, step_s=5)
    failed = outside.world.do(get_journey, mina, journey=journey.id)
    assert failed.state == "failed"
    assert "bikes" in failed.reason.en
    assert outside.world.free_won(mina) == 50_000


@pytest.mark.parametrize("path", ["POST /bookings {", "COMMIT"])
def test_answers_that_are_always_lost_are_looked_up(outside, mina, bikes, path):
    bikes.faults.append(Fault(path, "deaf", times=10_000))
    journey = booked(outside, mina)
    outside.settle(60)
    assert state(outside, mina, journey) == "booked"
    assert bikes.posted["bk-1"] == 1


def by_two(outside: Outside, who: Caller) -> Option:
    """A plan with a ride of each of two operators, put together by the client."""
    first = outside.option(who, "A01", "B05")
    later = first.arrive_at + timedelta(minutes=1)
    second = outside.option(who, "B05", "A30", leave_at=later)
    return replace(first, legs=(*first.legs, *second.legs), arrive_at=second.arrive_at)


def test_two_operators_or_none(bikes):
    far = FakeOperator(bikes={"z1": near("B05")}, prefix="zz")
    world = World()
    outside = Outside(world, bikes=bikes, zoo=far)
    mina = world.person("mina")
    far.faults.append(Fault("POST /bookings {", "refuse", times=100))
    journey = world.do(book, mina, option=by_two(outside, mina))
    assert len(journey.bookings) == 2
    outside.settle(30)
    assert "COMMIT" not in " ".join(bikes.asked), "nothing is confirmed before all keep their part"
    assert world.do(get_journey, mina, journey=journey.id).state == "failed"
    outside.settle(20 * 60, step_s=20)
    assert (bikes.kept, far.kept) == ([], [])
    assert world.free_won(mina) == 50_000
    far.faults.clear()
    outside.poll()
    journey = world.do(book, mina, option=by_two(outside, mina))
    outside.settle(30)
    assert world.do(get_journey, mina, journey=journey.id).state == "booked"
    assert (len(bikes.kept), len(far.kept)) == (1, 1)


# A round of asking and looking takes 5 s or more, and 45 s are waited for a yes.
MOST_POSTS = 45 // 5 + 1
LINES = ("/planning/offers", "POST /bookings {", "GET /bookings", "COMMIT", "CANCEL", "")
HOWS = ("down", "slow", "500", "rubbish", "deaf", "refuse", "wrong_id", "twice")
faults = st.lists(
    st.builds(Fault, st.sampled_from(LINES), st.sampled_from(HOWS), st.integers(1, 6)), max_size=4
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(first=faults, second=faults, cancel_after=st.integers(0, 60) | st.none())
@example(
    first=[], second=[Fault("POST /bookings {", "slow", times=8)], cancel_after=None
)  # as often as it can be asked
def test_whatever_two_operators_do_all_is_kept_or_nothing(first, second, cancel_after):
    near_by = FakeOperator(bikes={"b1": near("A01")}, faults=first)
    far = FakeOperator(bikes={"z1": near("B05")}, faults=second, prefix="zz")
    fakes = (near_by, far)
    saved = [fake.faults for fake in fakes]
    for fake in fakes:
        fake.faults = []
    outside = Outside(World(), bikes=near_by, zoo=far)
    world, mina = outside.world, outside.world.person("mina")
    journey = world.do(book, mina, option=by_two(outside, mina))
    for fake, wrong in zip(fakes, saved, strict=True):
        fake.faults = wrong
    if cancel_after is not None:
        outside.settle(cancel_after)
        world.do(cancel, mina, journey=journey.id)
    outside.settle(60)
    for fake in fakes:
        fake.faults = []
        fake.catch_up()
    outside.settle(20 * 60, step_s=20)
    told = world.do(get_journey, mina, journey=journey.id).state
    assert told in ("booked", "failed", "cancelled")
    if told == "booked":
        assert [list(fake.bookings.values()).count("CONFIRMED") for fake in fakes] == [1, 1]
        assert [len(fake.kept) for fake in fakes] == [1, 1]
        assert world.held_won() == 2 * MOST_WON
    else:
        assert [fake.kept for fake in fakes] == [[], []]
        assert world.held_won() == 0
        assert outside.orders() == []
    assert all(max(fake.posted.values(), default=0) <= MOST_POSTS for fake in fakes)


def test_a_vehicle_that_is_gone_is_refused_at_once(outside, mina, bikes):
    option = outside.option(mina)
    bikes.bikes.clear()
    outside.poll()
    outside.world.refused(NotAsPlanned, book, mina, option=option)


def test_who_is_forgotten_leaves_nothing_at_the_operators(outside, mina, bikes):
    booked(outside, mina)
    outside.settle(5)
    outside.world.do(forget_me, mina)
    outside.settle(20 * 60, step_s=20)
    assert bikes.kept == []
    assert outside.orders() == []


def test_dirty_records_are_set_aside_and_cost_no_other(bikes):
    bikes.extra_assets = [
        {"id": "no-class", "assets": []},
        "rubbish",
        {"id": "car", "assetClass": "CAR", "assets": []},
        {
            "id": "euro", "assetClass": "BICYCLE",
            "defaultPricingPlan": {
                "planId": "e", "fare": {
                    "estimated": False, "parts": [{"amount": 1.5, "currencyCode": "EUR"}],
                },
            },
        },
        {"id": "nowhere", "assetClass": "BICYCLE", "assets": [{"id": "x\u0000"}, {"id": "y"}, 7]},
    ]  # fmt: skip
    outside = Outside(World(), bikes=bikes)
    known = outside.world.do(list_operators, CITY_STAFF)[0]
    assert known.vehicles == 2
    assert known.set_aside >= 5
    kept = list(outside.world.runtime.state.of_type("QuarantinedRecord"))
    assert len(kept) == known.set_aside
    outside.poll()
    assert len(list(outside.world.runtime.state.of_type("QuarantinedRecord"))) == len(kept)


def test_a_document_that_is_no_list_is_refused(outside):
    with pytest.raises(Invalid):
        take(outside.world, f"{NAME}bikes", b"{}")
    assert outside.world.do(list_operators, CITY_STAFF)[0].vehicles == 2


def test_no_order_says_for_whom(outside, mina):
    booked(outside, mina)
    orders = outside.world.do(list_orders, CITY_STAFF)
    assert len(orders) == 1
    assert "mina" not in str(orders)
    company = Caller(f"{NAME}bikes", Role.COMPANY)
    with pytest.raises(Exception, match="company"):
        outside.world.do(list_orders, company)
    assert outside.world.runtime.book.account(account_id(SERVICE)).balance_won == 0

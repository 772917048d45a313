"""A ride with an operator outside as its traveller sees it, from booking to payment."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from hapgang.contract import Caller
from hapgang.core.errors import NotFound, Refused
from hapgang.core.vocabulary.mobility import Mode
from hapgang.services.mobility.maas.actions import (
    begin_ride,
    board,
    book,
    current_journeys,
    end_ride,
    get_journey,
    get_ride,
)
from hapgang.services.mobility.maas.actions.rides import RideNow
from tests.services.mobility.maas.fake_operator import FakeOperator, Fault
from tests.services.mobility.maas.outside_world import NAME, Outside, near
from tests.services.mobility.maas.world import World, modes, zone
from tests.services.mobility.maas.world import outside as beyond

MOST_WON = 3_000


@pytest.fixture
def bikes() -> FakeOperator:
    return FakeOperator(bikes={"b1": near("A01")})


@pytest.fixture
def outside(bikes) -> Outside:
    return Outside(World(), bikes=bikes)


@pytest.fixture
def mina(outside) -> Caller:
    return outside.world.person("mina")


def words_of(outside: Outside, who: Caller) -> dict[str, str]:
    journey = outside.world.do(book, who, option=outside.option(who))
    return {"journey": journey.id, "booking": journey.bookings[0].booking}


def test_it_is_asked_kept_begun_ended_and_paid(outside, mina):
    world, words = outside.world, words_of(outside, mina)

    def now() -> RideNow:
        return world.do(get_ride, mina, **words)

    first = now()
    assert (first.state, first.held_won, first.paid_won) == ("asked", MOST_WON, None)
    assert (first.operator, first.title.en, first.mode) == (f"{NAME}bikes", "bikes", Mode.BICYCLE)
    outside.settle(5)
    assert now().state == "kept"
    world.do(begin_ride, mina, **words)
    assert (now().state, now().begun_at) == ("starting", world.clock.now())
    outside.settle(5)
    assert now().state == "riding"
    world.do(end_ride, mina, **words, location=zone("B05"))
    assert (now().state, now().ended_at, now().paid_won) == ("ending", world.clock.now(), None)
    outside.settle(5)
    assert (now().state, now().paid_won) == ("paid", outside.operators[f"{NAME}bikes"].final_won)


def test_a_journey_is_over_when_its_last_ride_is_paid(outside, mina):
    words = words_of(outside, mina)
    outside.settle(5)
    outside.world.do(begin_ride, mina, **words)
    outside.settle(5)
    outside.world.do(end_ride, mina, **words, location=zone("B05"))
    assert len(outside.world.do(current_journeys, mina)) == 1
    outside.settle(5)
    assert outside.world.do(current_journeys, mina) == []
    assert outside.world.do(get_journey, mina, journey=words["journey"]).state == "arrived"
    assert outside.world.held_won() == 0


def test_a_journey_that_goes_on_by_bus_is_not_over_with_its_ride(outside, mina):
    first = outside.option(mina)
    later = first.arrive_at + timedelta(minutes=1)
    options = outside.world.plan(mina, "B05", beyond(), ways="walk,bus", leave_at=later)
    second = next(one for one in options if "bus" in modes(one))
    both = replace(first, legs=(*first.legs, *second.legs), arrive_at=second.arrive_at)
    journey = outside.world.do(book, mina, option=both)
    words = {"journey": journey.id, "booking": journey.bookings[0].booking}
    outside.settle(5)
    outside.world.do(begin_ride, mina, **words)
    outside.settle(5)
    outside.world.do(end_ride, mina, **words, location=zone("B05"))
    outside.settle(5)
    assert outside.world.do(get_ride, mina, **words).state == "paid"
    assert outside.world.do(get_journey, mina, journey=journey.id).state == "under_way"
    outside.world.do(board, mina, journey=journey.id)


def test_a_ride_that_the_operator_does_not_take_back_goes_on(outside, mina, bikes):
    words = words_of(outside, mina)
    outside.settle(5)
    outside.world.do(begin_ride, mina, **words)
    outside.settle(5)
    bikes.faults.append(Fault("FINISH", "refuse"))
    outside.world.do(end_ride, mina, **words, location=zone("B05"))
    outside.settle(5)
    ride = outside.world.do(get_ride, mina, **words)
    assert (ride.state, ride.ended_at) == ("riding", None)


def test_one_that_the_operator_will_not_begin_is_off(outside, mina, bikes):
    words = words_of(outside, mina)
    outside.settle(5)
    bikes.faults.append(Fault("SET_IN_USE", "refuse", times=100))
    outside.world.do(begin_ride, mina, **words)
    outside.settle(300, step_s=5)
    assert outside.world.do(get_journey, mina, journey=words["journey"]).state == "failed"
    outside.world.refused(NotFound, get_ride, mina, **words)
    assert outside.world.free_won(mina) == 50_000


def test_it_is_the_travellers_own(outside, mina):
    words = words_of(outside, mina)
    outside.world.refused(Refused, get_ride, outside.world.person("bert"), **words)
    wrong = {**words, "booking": "urn:ngsi-ld:MobilityOutsideRide:another"}
    outside.world.refused(NotFound, get_ride, mina, **wrong)


def test_a_vehicle_of_the_city_is_asked_about_elsewhere(mina, outside):
    options = outside.world.plan(mina, "A01", "B05", ways="walk,pm")
    option = next(one for one in options if "pm" in modes(one))
    journey = outside.world.do(book, mina, option=option)
    words = {"journey": journey.id, "booking": journey.bookings[0].booking}
    outside.world.refused(NotFound, get_ride, mina, **words)

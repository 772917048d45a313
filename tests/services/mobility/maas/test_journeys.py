"""Booking as a whole: all legs or none, once; boarding, cancelling, and legs that fail."""

from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace

from hapgang.contract import Level, Service, Text
from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.core.vocabulary.mobility import BookRide
from hapgang.ledger.book import NotEnoughMoney
from hapgang.ledger.till import account_id
from hapgang.services.mobility.maas.actions import (
    NotAsPlanned,
    begin_ride,
    board,
    book,
    cancel,
    current_journeys,
    end_ride,
    get_journey,
    report_delay,
)
from hapgang.services.mobility.maas.model import SERVICE, Option
from hapgang.services.mobility.sharing.actions import (
    OneAtATime,
    VehicleTaken,
    current_rental,
    rent,
    reserve,
)
from hapgang.services.mobility.sharing.actions import cancel as cancel_rental
from tests.services.mobility.maas.world import DEVICE, World, modes, outside

FARE_WON, MOST_PM_WON = 1_400, 6_120


@pytest.fixture
def world():
    return World()


@pytest.fixture
def mina(world):
    return world.person("mina")


def by_bus(world, who) -> Option:
    options = world.plan(who, "A01", outside(), ways="walk,bus")
    return next(o for o in options if "bus" in modes(o))


def by_pm(world, who) -> Option:
    return next(o for o in world.plan(who, "A01", "B05") if "pm" in modes(o))


def by_both(world, who) -> Option:
    """A shared vehicle to the bus: put together from two plans where none is the best one."""
    for start in ("B09", "C01", "C05", "A30"):
        for option in world.plan(who, start, outside(), ways="walk,pm,bus", prefer="few_changes"):
            if {"pm", "bus"} <= set(modes(option)):
                return option
    raise AssertionError("no plan has a shared vehicle and a bus")


def test_all_legs_are_booked_at_once(world, mina):
    option = by_both(world, mina)
    journey = world.do(book, mina, option=option)
    assert journey.state == "booked"
    assert len(journey.bookings) == 1
    assert world.free_won(mina) == 50_000 - FARE_WON - MOST_PM_WON
    rental = world.do(current_rental, mina)
    assert rental.id == journey.bookings[0].booking
    assert world.do(current_journeys, mina) == [journey]
    assert world.do(get_journey, mina, journey=journey.id) == journey


def test_a_vehicle_that_was_booked_is_unlocked_without_paying_twice(world, mina):
    option = by_pm(world, mina)
    world.do(book, mina, option=option)
    item = next(leg.item for leg in option.legs if leg.item)
    world.do(rent, mina, vehicle=item)
    assert world.free_won(mina) == 50_000 - MOST_PM_WON
    assert world.held_won() == MOST_PM_WON


def test_a_vehicle_that_is_gone_refuses_the_whole_journey(world, mina):
    option = by_both(world, mina)
    item = next(leg.item for leg in option.legs if leg.item)
    world.do(reserve, world.person("quicker"), vehicle=item)
    world.refused(VehicleTaken, book, mina, option=option)
    assert world.held_won() == 0


def test_who_cannot_pay_all_legs_keeps_everything(world):
    poor = world.person("poor", balance_won=MOST_PM_WON + FARE_WON - 1)
    world.refused(NotEnoughMoney, book, poor, option=by_both(world, poor))
    rich = world.person("rich", balance_won=MOST_PM_WON + FARE_WON)
    assert world.do(book, rich, option=by_both(world, rich)).state == "booked"
    assert world.free_won(rich) == 0


def test_one_vehicle_at_a_time_holds_for_journeys_too(world, mina):
    world.do(book, mina, option=by_pm(world, mina))
    world.refused(OneAtATime, book, mina, option=by_pm(world, mina))


def test_an_operator_that_fails_last_undoes_the_first(mina):
    def break_down(city, question):
        raise Conflict("The last operator has broken down.", "마지막 사업자가 고장입니다.")

    broken = Service(
        title=Text("Broken", "고장"), level=Level.SKETCHED, answers={BookRide: break_down}
    )
    world = World(**{"test.zz": broken})
    mina = world.person("mina")
    world.refused(Conflict, book, mina, option=by_both(world, mina))
    assert world.do(current_rental, mina) is None


def test_the_ticket_is_paid_once(world, mina):
    journey = world.do(book, mina, option=by_bus(world, mina))
    assert world.held_won() == FARE_WON
    first = world.do(board, mina, journey=journey.id)
    again = world.do(board, mina, journey=journey.id)
    assert first == again
    assert (first.state, world.held_won()) == ("under_way", 0)
    assert world.free_won(mina) == 50_000 - FARE_WON
    assert world.runtime.book.account(account_id(SERVICE)).balance_won == FARE_WON
    world.refused(Conflict, cancel, mina, journey=journey.id)


def test_cancelling_gives_everything_back_once(world, mina):
    journey = world.do(book, mina, option=by_both(world, mina))
    item = next(leg.item for leg in journey.legs if leg.item)
    world.do(cancel, mina, journey=journey.id)
    world.do(cancel, mina, journey=journey.id)
    assert world.free_won(mina) == 50_000
    assert world.do(current_rental, mina) is None
    assert world.do(reserve, world.person("next"), vehicle=item)
    world.refused(Conflict, board, mina, journey=journey.id)


def test_somebody_elses_journey_is_theirs(world, mina):
    journey = world.do(book, mina, option=by_bus(world, mina))
    other = world.person("other")
    for action in (cancel, board, get_journey):
        world.refused(Refused, action, other, journey=journey.id)
    assert world.do(current_journeys, other) == []


def test_a_pm_journey_needs_no_ticket(world, mina):
    journey = world.do(book, mina, option=by_pm(world, mina))
    world.refused(Conflict, board, mina, journey=journey.id)


def shifted(option: Option, minutes: int) -> Option:
    span = timedelta(minutes=minutes)
    legs = tuple(
        replace(leg, start_at=leg.start_at + span, end_at=leg.end_at + span) for leg in option.legs
    )
    return replace(
        option, legs=legs, leave_at=option.leave_at + span, arrive_at=option.arrive_at + span
    )


def test_what_was_made_up_is_refused(world, mina):
    option = by_bus(world, mina)
    world.refused(NotAsPlanned, book, mina, option=shifted(option, 7))
    world.refused(NotAsPlanned, book, mina, option=shifted(option, -30))
    world.refused(Invalid, book, mina, option=replace(option, legs=option.legs[::-1]))
    rides = [i for i, leg in enumerate(option.legs) if leg.ride is not None]
    for change in ({"run": 10**6}, {"trip": "no such trip"}, {"from_stop": "nowhere"}):
        legs = list(option.legs)
        legs[rides[0]] = replace(legs[rides[0]], ride=replace(legs[rides[0]].ride, **change))
        world.refused(NotAsPlanned, book, mina, option=replace(option, legs=tuple(legs)))
    pm = by_pm(world, mina)
    legs = tuple(replace(leg, service="test.nobody") if leg.item else leg for leg in pm.legs)
    world.refused(NotAsPlanned, book, mina, option=replace(pm, legs=legs))


def test_a_plan_comes_back_from_json_as_it_was(world, mina):
    option = by_both(world, mina)
    assert msgspec.json.decode(msgspec.json.encode(option), type=Option) == option


def test_a_cancelled_run_gives_back_and_shows_another_way(world, mina):
    journey = world.do(book, mina, option=by_both(world, mina))
    ride = next(leg.ride for leg in journey.legs if leg.ride is not None)
    world.do(report_delay, DEVICE, day=ride.day, trip=ride.trip, cancelled=True)
    failed = world.do(get_journey, mina, journey=journey.id)
    assert failed.state == "failed"
    assert failed.reason is not None
    assert failed.instead is not None
    assert all(leg.ride is None or leg.ride.run != ride.run for leg in failed.instead.legs)
    assert world.free_won(mina) == 50_000
    assert world.do(current_rental, mina) is None
    assert world.runtime.state.count("Message") == 1
    assert world.do(book, mina, option=failed.instead).state == "booked"


def test_a_small_delay_changes_nothing(world, mina):
    journey = world.do(book, mina, option=by_bus(world, mina))
    ride = next(leg.ride for leg in journey.legs if leg.ride is not None)
    world.do(report_delay, DEVICE, day=ride.day, trip=ride.trip, delay_s=120)
    assert world.do(get_journey, mina, journey=journey.id).state == "booked"


def test_a_reservation_that_lapses_ends_its_journey(world, mina):
    journey = world.do(book, mina, option=by_both(world, mina))
    world.wait(hours=2)
    failed = world.do(get_journey, mina, journey=journey.id)
    assert failed.state == "failed"
    assert world.free_won(mina) == 50_000
    assert world.held_won() == 0


def test_a_journey_that_nobody_began_is_given_back_in_the_end(world, mina):
    journey = world.do(book, mina, option=by_bus(world, mina))
    world.wait(hours=6)
    assert world.do(get_journey, mina, journey=journey.id).state == "cancelled"
    assert world.free_won(mina) == 50_000
    assert world.runtime.state.count("Message") == 1


def test_a_journey_that_was_begun_arrives(world, mina):
    journey = world.do(book, mina, option=by_bus(world, mina))
    world.do(board, mina, journey=journey.id)
    world.wait(hours=6)
    assert world.do(get_journey, mina, journey=journey.id).state == "arrived"
    assert world.free_won(mina) == 50_000 - FARE_WON


def test_the_reason_names_the_line(world, mina):
    journey = world.do(book, mina, option=by_bus(world, mina))
    ride = next(leg.ride for leg in journey.legs if leg.ride is not None)
    world.do(report_delay, DEVICE, day=ride.day, trip=ride.trip, cancelled=True)
    reason = world.do(get_journey, mina, journey=journey.id).reason
    assert ride.route in reason.en
    assert ride.trip not in reason.en


def test_a_vehicle_that_is_gone_after_the_ticket_was_shown(world, mina):
    """The ticket stays paid, the vehicle's hold goes back, and the rest is planned from there."""
    journey = world.do(book, mina, option=by_both(world, mina))
    world.do(board, mina, journey=journey.id)
    world.wait(hours=2)
    failed = world.do(get_journey, mina, journey=journey.id)
    assert failed.state == "failed"
    assert world.free_won(mina) == 50_000 - FARE_WON
    assert world.held_won() == 0
    assert world.runtime.state.count("DeadLetter") == 0
    (leg,) = [leg for leg in journey.legs if leg.service]
    assert failed.instead is None or failed.instead.legs[0].origin == leg.origin


def test_what_a_client_says_of_the_price_is_not_told_on(world, mina):
    option = by_pm(world, mina)
    legs = tuple(replace(leg, fare_won=1) if leg.service else leg for leg in option.legs)
    told = []
    world.runtime.writer.listeners.append(lambda unit: told.extend(unit.items))
    world.do(book, mina, option=replace(option, legs=legs, fare_won=1, transfers=99))
    (event,) = [item.body for item in told if item.name == "JourneyBooked"]
    assert (event["held_won"], event["transfers"]) == (MOST_PM_WON, 0)


def test_a_day_that_is_none_is_refused(world):
    world.refused(Invalid, report_delay, DEVICE, day="2026-13-45", trip="x")


def test_the_whole_journey_is_ridden_from_one_place(world, mina):
    journey = world.do(book, mina, option=by_both(world, mina))
    (booking,) = [one.booking for one in journey.bookings]
    ride = next(leg for leg in journey.legs if leg.service)
    ridden = {"journey": journey.id, "booking": booking}
    begun = world.do(begin_ride, mina, **ridden)
    assert (begun.state, begun.begun, begun.ticket_used) == ("under_way", (booking,), False)
    assert world.do(begin_ride, mina, **ridden) == begun
    assert world.do(current_rental, mina).state == "riding"
    world.wait(minutes=3)
    paid = world.do(end_ride, mina, **ridden, location=ride.destination, distance_m=ride.distance_m)
    assert paid.paid_won > 0
    assert world.do(current_rental, mina) is None
    boarded = world.do(board, mina, journey=journey.id)
    assert boarded.ticket_used
    assert world.free_won(mina) == 50_000 - paid.paid_won - FARE_WON
    assert world.held_won() == 0


def test_a_ticket_that_was_not_shown_goes_back_though_the_vehicle_was_ridden(world, mina):
    journey = world.do(book, mina, option=by_both(world, mina))
    ride = next(leg for leg in journey.legs if leg.service)
    ridden = {"journey": journey.id, "booking": journey.bookings[0].booking}
    world.do(begin_ride, mina, **ridden)
    world.wait(minutes=2)
    paid = world.do(end_ride, mina, **ridden, location=ride.destination)
    world.wait(hours=5)
    assert world.do(get_journey, mina, journey=journey.id).state == "arrived"
    assert world.free_won(mina) == 50_000 - paid.paid_won


def test_only_what_was_booked_is_unlocked_and_only_by_whose_it_is(world, mina):
    journey = world.do(book, mina, option=by_pm(world, mina))
    booking = journey.bookings[0].booking
    world.refused(NotFound, begin_ride, mina, journey=journey.id, booking="urn:x:none")
    jisu = world.person("jisu")
    world.refused(Refused, begin_ride, jisu, journey=journey.id, booking=booking)
    world.do(cancel_rental, mina, rental=booking)
    world.refused(Conflict, begin_ride, mina, journey=journey.id, booking=booking)

"""Virtual people use the service as the habits say, whichever way they are asked again."""

import pytest

from hapgang.contract import Caller, Moment, Role, Situation
from hapgang.core.errors import CityError
from hapgang.core.vocabulary.mobility import OfferRide, Traveller
from hapgang.core.vocabulary.people import AgeBand
from hapgang.services.mobility.sharing import service
from hapgang.services.mobility.sharing.actions import offer_ride, rent
from hapgang.services.mobility.sharing.model import Settings
from tests.services.mobility.sharing.world import LAWN, STREET, World, at

HABITS = {habit.moment: habit for habit in service.habits}
HOME, WORK = at(0.4, 1.5), at(2.6, 1.25)
CREW = Caller("urn:ngsi-ld:Staff:mobility.sharing-crews-1", Role.OPERATOR)


class Person:
    """Somebody virtual: asks the habit, does it, remembers what came of it."""

    def __init__(self, world, caller, *, stops_at_success):
        self.world, self.caller, self.stops = world, caller, stops_at_success
        self.results, self.offer = [], None

    def ask(self, origin=HOME, destination=WORK):
        who = Traveller(self.caller.id, AgeBand.THIRTIES, "well", True)
        question = OfferRide(traveller=who, origin=origin, destination=destination)
        self.offer = offer_ride(self.world.desk(), question)[0]

    def moment(self, moment, place):
        failed = False
        for _ in range(4):
            wish = HABITS[moment].do(
                Situation(person=self.caller.id, place=place, offer=self.offer,
                          results=self.results, failed=failed)
            )  # fmt: skip
            if wish is None:
                return not failed
            try:
                self.results.append(self.world.do(wish.action, self.caller, **wish.arguments))
            except CityError:
                failed = True
            else:
                failed = False
                if self.stops:
                    return True
        return not failed


@pytest.fixture(params=[True, False], ids=["asked once", "asked until done"])
def jimin(request, scene):
    world = World(scene, closed_vehicles=1, open_vehicles=0, accessible_vehicles=0)
    world.put(world.vehicles()[0], location=at(0.4, 1.6), station=None)
    return Person(world, world.person("jimin"), stops_at_success=request.param)


def test_a_trip_from_door_to_door(jimin):
    world = jimin.world
    jimin.ask()
    ride = jimin.offer.stages[1]
    assert jimin.moment(Moment.SETS_OUT, HOME)
    assert world.vehicles()[0].state == "reserved"
    world.wait(seconds=jimin.offer.stages[0].duration_s + jimin.offer.stages[1].wait_s)
    assert jimin.moment(Moment.BOARDS, ride.origin)
    assert world.vehicles()[0].state == "rented"
    world.wait(seconds=ride.duration_s)
    assert jimin.moment(Moment.ALIGHTS, ride.destination)
    ended = jimin.results[-1]
    assert (ended.state, ended.fare_won) == ("ended", jimin.offer.fare_won)
    assert ended.distance_m == ride.distance_m
    assert ended.doubts == ()
    assert world.vehicles()[0].location == WORK
    assert [r.id for r in jimin.results] == [ended.id] * 3  # one rental all along


def test_a_vehicle_that_somebody_else_took_first(jimin):
    world = jimin.world
    jimin.ask()
    world.do(rent, world.person("faster"), vehicle=jimin.offer.item)
    assert not jimin.moment(Moment.SETS_OUT, HOME)
    assert jimin.results == []
    assert world.held_won() == 6_120  # the other one's


def test_who_cannot_pay_at_the_vehicle_walks(jimin):
    world = jimin.world
    jimin.caller = world.person("poor", balance_won=100)
    jimin.ask()
    assert jimin.moment(Moment.SETS_OUT, HOME)
    assert not jimin.moment(Moment.BOARDS, jimin.offer.stages[1].origin)
    assert jimin.moment(Moment.ALIGHTS, WORK)  # nothing to return, nothing wrong
    world.wait(minutes=11)
    assert world.vehicles()[0].state == "free"


def test_where_the_destination_became_full_they_are_led_on(jimin):
    world = jimin.world
    jimin.ask()
    jimin.moment(Moment.SETS_OUT, HOME)
    jimin.moment(Moment.BOARDS, jimin.offer.stages[1].origin)
    world.wait(minutes=2)
    assert jimin.moment(Moment.ALIGHTS, LAWN)  # as if a lawn had been laid there
    ended = jimin.results[-1]
    assert ended.state == "ended"
    assert ended.destination != LAWN
    assert world.held_won() == 0


def test_without_an_offer_nobody_wants_anything():
    empty = Situation(person="urn:x:p", place=HOME)
    for moment in (Moment.SETS_OUT, Moment.BOARDS, Moment.ALIGHTS):
        assert HABITS[moment].do(empty) is None


def test_crews_take_tours_finish_them_and_take_the_next(scene):
    world = World(scene, closed_vehicles=2, open_vehicles=0, accessible_vehicles=0)
    for vehicle in world.vehicles():
        world.put(vehicle, battery_pct=3.0, state="empty", station=None, location=STREET)
    world.wait(minutes=15)
    habit, results = HABITS[Moment.WORKS], []
    assert isinstance(getattr(Settings(), habit.staff), int)
    while (wish := habit.do(Situation(person=CREW.id, place=None, results=results))) is not None:
        world.wait(seconds=wish.after_s)
        results.append(world.do(wish.action, CREW, **wish.arguments))
    assert [getattr(r, "state", None) for r in results] == ["taken", "done", None]
    assert {v.battery_pct for v in world.vehicles()} == {100.0}


def test_a_crew_whose_tour_was_given_away_starts_afresh(scene):
    lost = Situation(person=CREW.id, place=None, results=[], failed=True)
    assert HABITS[Moment.WORKS].do(lost) is None

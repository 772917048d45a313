"""Virtual people are offered a vehicle and the bus as one ride, and do what the habits say."""

import pytest

from hapgang.contract import Moment, Situation
from hapgang.core.errors import CityError
from hapgang.core.vocabulary.mobility import Mode, Traveller
from hapgang.core.vocabulary.people import AgeBand
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.mobility import offers
from hapgang.services.mobility.maas import service
from hapgang.services.mobility.maas.actions import NotAsPlanned, current_journeys
from hapgang.services.mobility.maas.method.estimates import estimates_of
from hapgang.services.mobility.maas.model import SERVICE, Journey
from hapgang.services.mobility.sharing.actions import current_rental
from tests.services.mobility.maas.world import EIGHT, World, outside, scene, zone

HABITS = {habit.moment: habit for habit in service.habits}
FARE_WON = 1_400


@pytest.fixture
def world():
    return World()


def asked(world, caller, start, end, walking="well"):
    """What everybody offers, as somebody asks who chooses how to go."""
    who = Traveller(caller.id, AgeBand.THIRTIES, walking, licence=True)
    found = world.do(offers, PLATFORM, traveller=who, origin=zone(start), destination=zone(end))
    return [offer for offer in found if offer.service == SERVICE]


def far_from_stops(world, caller):
    """Somewhere from where a vehicle to the bus is worth it, and the offer."""
    for start in ("B09", "C01", "C05", "A30"):
        found = [
            o for o in asked(world, caller, start, outside()) if o.stages[-1].mode is Mode.WALK
        ]
        if found:
            return start, found[0]
    raise AssertionError("nobody is offered a vehicle to the bus")


class Traveler:
    """Asks the habit, does it, remembers what came of it, as a rehearsal does."""

    def __init__(self, world, caller, offer):
        self.world, self.caller, self.offer = world, caller, offer
        self.results = []

    def moment(self, moment, stage=0):
        refusal = None
        for _ in range(6):
            situation = Situation(
                person=self.caller.id, place=self.offer.stages[stage].origin, offer=self.offer,
                stage=stage, results=self.results, failed=refusal is not None,
            )  # fmt: skip
            if moment is Moment.ALIGHTS:
                situation.place = self.offer.stages[stage].destination
            try:
                wish = HABITS[moment].do(situation)
                if wish is None:
                    break
                result = self.world.do(wish.action, self.caller, **wish.arguments)
            except CityError as error:
                refusal = error
                continue
            refusal = None
            self.results.append(result)
            if wish.becomes is not None:
                self.offer = wish.becomes(result)
        return refusal


def test_a_vehicle_and_the_bus_are_offered_as_one_ride(world):
    mina = world.person("mina")
    _, offer = far_from_stops(world, mina)
    ridden = [stage.mode for stage in offer.rides]
    assert ridden == [Mode.PM, Mode.BUS]
    assert offer.mode is Mode.BUS
    pm, bus = offer.rides
    assert pm.wait_s > 0
    assert bus.sheltered
    assert offer.fare_won > FARE_WON
    for before, after in zip(offer.stages, offer.stages[1:], strict=False):
        assert before.destination == after.origin


def test_nothing_is_offered_for_short_ways(world):
    mina = world.person("mina")
    assert asked(world, mina, "A01", "A02") == []


def test_a_vehicle_to_the_stop_is_worth_it_more_often_for_who_walks_badly():
    day, end = EIGHT.date(), zone(outside())
    starts = [zone(name) for name in ("A01", "A10", "A20", "B01", "B05", "B09", "C01", "C05")]
    worth = {}
    for walking in ("well", "badly"):
        estimates = estimates_of(scene(), day, walking)
        found = [estimates.of(start, end, 8 * 3600.0) for start in starts]
        worth[walking] = {i for i, one in enumerate(found) if one.to_stop is not None}
    assert worth["well"] <= worth["badly"]
    assert worth["badly"]


def test_the_whole_day_of_it(world):
    mina = world.person("mina")
    _, offer = far_from_stops(world, mina)
    traveler = Traveler(world, mina, offer)
    assert traveler.moment(Moment.SETS_OUT) is None
    (journey,) = world.do(current_journeys, mina)
    assert isinstance(traveler.results[-1], Journey)
    assert traveler.offer.item == journey.id
    assert [stage.mode for stage in traveler.offer.stages] == [leg.mode for leg in journey.legs]
    paid_won = 0
    for number, stage in enumerate(traveler.offer.stages):
        if stage.mode is Mode.WALK:
            continue
        assert traveler.moment(Moment.BOARDS, number) is None
        world.wait(minutes=2)
        assert traveler.moment(Moment.ALIGHTS, number) is None
        if stage.mode is not Mode.BUS:
            assert world.do(current_rental, mina) is None
            paid_won = traveler.results[-1].paid_won
    assert world.held_won() == 0
    assert world.free_won(mina) == 50_000 - paid_won - FARE_WON


def test_who_has_no_money_is_refused_and_keeps_nothing(world):
    poor = world.person("poor", balance_won=100)
    rich = world.person("rich")
    _, offer = far_from_stops(world, rich)
    traveler = Traveler(world, poor, offer)
    assert traveler.moment(Moment.SETS_OUT) is not None
    assert world.do(current_journeys, poor) == []
    assert world.do(current_rental, poor) is None
    assert world.held_won() == 0


def test_at_night_nothing_runs_and_the_habit_says_so(world):
    mina = world.person("mina")
    _, offer = far_from_stops(world, mina)
    no_bus = Situation(person=mina.id, place=None, offer=offer, results=[[]])
    with pytest.raises(NotAsPlanned):
        HABITS[Moment.SETS_OUT].do(no_bus)
    lost = Situation(person=mina.id, place=None, offer=offer, results=[], failed=True)
    assert HABITS[Moment.SETS_OUT].do(lost) is None
    assert HABITS[Moment.BOARDS].do(lost) is None
    assert HABITS[Moment.ALIGHTS].do(lost) is None


def test_answers_do_not_ask_back(world):
    """The service answers what it asks others: it must never ask itself."""
    mina = world.person("mina")
    start, _ = far_from_stops(world, mina)
    options = world.plan(mina, start, outside(), ways="walk,pm,bus")
    assert all(leg.service != SERVICE for option in options for leg in option.legs)

"""Plans: what is found for whom, and what is said of it."""

from datetime import timedelta
from itertools import pairwise

import pytest

from hapgang.core.errors import Invalid
from hapgang.core.vocabulary.people import AgeBand
from hapgang.services.mobility.maas.actions import plan, report_delay
from tests.services.mobility.maas.world import DEVICE, EIGHT, World, modes, outside, zone

ALL = "walk,bicycle,pm,bus,car"


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def adult(world):
    return world.person("adult")


@pytest.fixture(scope="module")
def old(world):
    return world.person("old", age_band=AgeBand.OVER_70, walking="badly", licence=False)


@pytest.fixture(scope="module")
def child(world):
    return world.person("child", age_band=AgeBand.TEENS, licence=False)


def test_every_way_is_a_chain_in_time_and_place(world, adult):
    options = world.plan(adult, "A01", outside(), ways=ALL)
    assert len(options) > 2
    for option in options:
        legs = option.legs
        assert option.leave_at == EIGHT
        assert legs[0].origin.coordinates == pytest.approx(zone("A01").coordinates)
        assert legs[-1].destination.coordinates == pytest.approx(zone(outside()).coordinates)
        assert all(a.end_at <= b.start_at for a, b in pairwise(legs))
        assert all(a.destination == b.origin for a, b in pairwise(legs))
        assert option.arrive_at == legs[-1].end_at
        assert option.fare_won == sum(leg.fare_won for leg in legs)
        assert option.why.en
        assert option.why.ko


def test_none_is_beaten_in_everything_and_the_best_are_named(world, adult):
    options = world.plan(adult, "A01", outside(), ways=ALL)
    assert [o.felt_min for o in options] == sorted(o.felt_min for o in options)
    fastest = [o for o in options if "fastest" in o.best]
    assert fastest
    assert fastest[0].arrive_at == min(o.arrive_at for o in options)
    cheapest = [o for o in options if "cheapest" in o.best]
    assert cheapest[0].fare_won == min(o.fare_won for o in options)
    for option in options:
        others = [o for o in options if o is not option]
        assert not any(
            o.arrive_at <= option.arrive_at and o.fare_won <= option.fare_won
            and o.transfers <= option.transfers and o.walk_min <= option.walk_min
            and o.co2_g <= option.co2_g and o.wet_min <= option.wet_min
            for o in others
        )  # fmt: skip


def test_ways_are_those_that_were_asked_for(world, adult):
    for end, mode in ((outside(), "bus"), ("B05", "bicycle"), (outside(), "car")):
        used = {m for o in world.plan(adult, "A01", end, ways=f"walk,{mode}") for m in modes(o)}
        assert mode in used
        assert used <= {"walk", mode}


def test_a_feeder_brings_somebody_to_the_bus(world, adult):
    found = world.plan(adult, "C01", outside(), ways="walk,bicycle,bus", prefer="cheap")
    by_bicycle = [o for o in found if modes(o)[0] == "bicycle" and "bus" in modes(o)]
    on_foot = [o for o in found if modes(o)[0] == "walk" and "bus" in modes(o)]
    assert by_bicycle or on_foot
    shared = world.plan(adult, "C01", outside(), ways="walk,pm,bus")
    with_pm = [o for o in shared if "pm" in modes(o) and "bus" in modes(o)]
    assert all(sum(bool(leg.service) for leg in o.legs) == 1 for o in with_pm)


def test_who_walks_badly_walks_longer_and_gets_another_plan(world, adult, old):
    (well,) = world.plan(adult, "A01", "A20", ways="walk")
    (badly,) = world.plan(old, "A01", "A20", ways="walk")
    assert badly.walk_min == pytest.approx(well.walk_min * 1.34 / 0.7, rel=1e-6)
    rides = [
        next(o for o in world.plan(who, "A01", outside(), ways="walk,bus") if "bus" in modes(o))
        for who in (adult, old)
    ]
    assert rides[0].legs[0].end_at < rides[1].legs[0].end_at
    assert rides[1].felt_min > rides[0].felt_min


def test_a_child_is_offered_no_car_and_nothing_that_needs_a_licence(world, child):
    options = world.plan(child, "A01", "B05", ways=ALL)
    assert options
    assert all("car" not in modes(o) for o in options)
    state = world.runtime.state
    kinds = {
        state.get(leg.item).document()["kind"]["value"]
        for o in options
        for leg in o.legs
        if leg.item
    }
    assert kinds <= {"closed"}


def test_what_somebody_prefers_comes_first(world, adult):
    def first(prefer):
        return world.plan(adult, "A01", outside(), ways=ALL, prefer=prefer)[0]

    options = world.plan(adult, "A01", outside(), ways=ALL)
    assert first("green").co2_g <= first("fast").co2_g
    assert first("cheap").fare_won <= first("fast").fare_won
    assert first("fast").arrive_at == min(o.arrive_at for o in options)


def test_tomorrow_has_no_vehicles_to_offer_yet(world, adult):
    later = world.plan(adult, "A01", "B05", leave_at=EIGHT + timedelta(days=1))
    assert all("pm" not in modes(o) for o in later)
    assert any("pm" in modes(o) for o in world.plan(adult, "A01", "B05"))


@pytest.mark.parametrize(
    "words",
    [
        {"leave_at": EIGHT.replace(tzinfo=None)},
        {"leave_at": EIGHT - timedelta(hours=1)},
        {"leave_at": EIGHT + timedelta(days=31)},
        {"ways": "rocket"},
        {"prefer": "luck"},
        {"to_lon": 10.0},
        {"to_lat": 100.0},
    ],
)
def test_what_cannot_be_planned_is_refused(world, adult, words):
    a, b = zone("A01"), zone("B05")
    place = {"from_lon": a.lon, "from_lat": a.lat, "to_lon": b.lon, "to_lat": b.lat}
    world.refused(Invalid, plan, adult, **{**place, **words})


def test_a_delay_is_in_the_next_plan():
    world = World()
    adult = world.person("adult")

    def by_bus():
        options = world.plan(adult, "A01", outside(), ways="walk,bus")
        return next(o for o in options if "bus" in modes(o))

    before = by_bus()
    ride = next(leg.ride for leg in before.legs if leg.ride is not None)
    world.do(report_delay, DEVICE, day=ride.day, trip=ride.trip, cancelled=True)
    after = by_bus()
    assert all(leg.ride is None or leg.ride.run != ride.run for leg in after.legs)
    assert after.arrive_at >= before.arrive_at
    world.do(report_delay, DEVICE, day=ride.day, trip=ride.trip, delay_s=0)
    assert by_bus() == before

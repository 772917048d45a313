"""What can be known of a day's trips before it: companions, tours, costs."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.vocabulary.mobility import Mode
from hapgang.rehearsal.build import distances_m, people_of
from hapgang.rehearsal.choice import BASE_MODES, MOST_WALK_M, Sky
from hapgang.rehearsal.demand import PACE, Demand, close_tours, demand_of, ends_of, leaders
from hapgang.rehearsal.plans import Kind, Trips, day_plans, trips_of
from hapgang.rehearsal.population import Impairment
from tests.rehearsal.one_day import wish, world

WALK, BICYCLE, CAR, BUS = range(4)


@pytest.fixture(scope="module")
def trips() -> Trips:
    asked, here = wish(), world()
    population = people_of(asked, here)
    return trips_of(day_plans(here.scene, population, asked.day, asked.seed, distances_m(here)))


def demanded(trips: Trips, sky: Sky | None = None) -> Demand:
    here = world()
    skies = [sky or Sky()] * 24
    return demand_of(trips, people_of(wish(), here), here.spots, here.skims, skies)


def test_the_modes_columns() -> None:
    assert BASE_MODES == (Mode.WALK, Mode.BICYCLE, Mode.CAR, Mode.BUS)


def test_a_leader_leaves_when_the_child_does(trips: Trips) -> None:
    leader = leaders(trips)
    led = np.flatnonzero(leader >= 0)
    assert len(led) > 20
    assert (trips.person[leader[led]] == trips.with_person[led]).all()
    assert (trips.depart_s[leader[led]] == trips.depart_s[led]).all()
    assert (leader[trips.with_person < 0] == -1).all()
    assert (leader[leader[led]] == -1).all()  # who leads is not led


def test_who_takes_a_child_along_takes_no_bicycle(trips: Trips) -> None:
    demand = demanded(trips)
    assert demand.has_company.sum() > 20
    assert np.isinf(demand.cost_min[demand.has_company, BICYCLE]).all()


@given(
    closed=st.lists(st.booleans(), min_size=1, max_size=40),
    starts=st.sets(st.integers(0, 39)),
)
def test_a_tour_is_open_to_a_vehicle_in_whole_or_not_at_all(
    closed: list[bool], starts: set[int]
) -> None:
    cost_min = np.ones((len(closed), 4))
    cost_min[closed, CAR] = np.inf
    from_home = np.isin(np.arange(len(closed)), sorted(starts))
    close_tours(cost_min, from_home)
    tour = np.cumsum(from_home)
    for number in np.unique(tour[tour > 0]):
        here = tour == number
        expected = np.array(closed)[here].any()
        assert (np.isinf(cost_min[here, CAR]) == expected).all()
    before = tour == 0
    assert (np.isinf(cost_min[before, CAR]) == np.array(closed)[before]).all()
    assert np.isfinite(cost_min[:, [WALK, BICYCLE, BUS]]).all()


def test_everybody_can_get_everywhere_somehow(trips: Trips) -> None:
    demand = demanded(trips)
    assert (np.isfinite(demand.cost_min).any(axis=1) | demand.by_taxi).all()
    assert (demand.cost_min >= 0).all()


def test_rain_makes_cycling_dear_walking_a_little_and_cars_not(trips: Trips) -> None:
    dry, wet = demanded(trips), demanded(trips, Sky(rain_mm_h=4.0))
    open_ = np.isfinite(dry.cost_min) & (dry.cost_min > 0)
    more = np.subtract(wet.cost_min, dry.cost_min, where=open_, out=np.zeros_like(dry.cost_min))
    assert (more >= -1e-9).all()
    assert (more[open_[:, BICYCLE], BICYCLE] > 20.0).all()
    assert more[open_[:, WALK], WALK].mean() == pytest.approx(
        0.4 * dry.cost_min[open_[:, WALK], WALK].mean(), rel=1e-6
    )


def test_nobody_walks_farther_than_people_do(trips: Trips) -> None:
    demand = demanded(trips)
    walked_s = demand.cost_min[:, WALK] / 2 * 60
    limit_s = MOST_WALK_M / 1.34 / min(PACE.values())
    assert walked_s[np.isfinite(walked_s)].max() <= limit_s + 1


def test_who_walks_badly_is_slower() -> None:
    here = world()
    population = people_of(wish(residents=3000), here)
    bad = population.persons.impairment == Impairment.WALKS_BADLY
    assert bad.any()
    trips = trips_of(day_plans(here.scene, population, wish().day, 7, distances_m(here)))
    demand = demand_of(trips, population, here.spots, here.skims, [Sky()] * 24)
    assert (demand.pace[bad] == 0.6).all()
    assert (demand.pace[population.persons.impairment == Impairment.NONE] == 1.0).all()


def test_ends_are_where_plans_say(trips: Trips) -> None:
    demand, here = demanded(trips), world()
    ends = ends_of(demand, here.spots)
    assert len(ends) == len(trips)
    for row in range(0, len(trips), 37):
        origin, destination = ends[row]
        assert (origin.zone, destination.zone) == (trips.from_zone[row], trips.to_zone[row])
        assert origin.building == trips.from_building[row]


def test_a_trip_before_dawn_has_the_weather_of_its_hour(trips: Trips) -> None:
    here = world()
    population = people_of(wish(), here)
    early = replace(trips, depart_s=np.full(len(trips), 3 * 3600, np.int32))
    skies = [Sky(rain_mm_h=4.0 if hour == 3 else 0.0) for hour in range(24)]
    wet = demand_of(early, population, here.spots, here.skims, skies)
    always = demand_of(early, population, here.spots, here.skims, [Sky(rain_mm_h=4.0)] * 24)
    assert np.array_equal(wet.cost_min, always.cost_min)


def test_kinds_have_names_for_the_lake() -> None:
    assert {kind.name.lower() for kind in Kind} >= {"home", "work", "escort"}

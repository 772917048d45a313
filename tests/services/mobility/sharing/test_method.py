"""The pure parts: who may ride, what it costs, where vehicles go and stand, how tours are timed."""

from dataclasses import replace as replace_fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hapgang.core.geometry import Point, distance_m
from hapgang.core.vocabulary.people import AgeBand
from hapgang.services.mobility.sharing.method.fares import bill, fare_won
from hapgang.services.mobility.sharing.method.fleet import (
    MODELS,
    charge_used_pct,
    charged_pct,
    fleet_size,
    held_to_kmh,
    put_down,
    why_not_ride,
)
from hapgang.services.mobility.sharing.method.ground import ground_of
from hapgang.services.mobility.sharing.method.pace import (
    GRID_DETOUR,
    Pace,
    measure_pace,
    walk,
    walking_reach_m,
)
from hapgang.services.mobility.sharing.method.placing import apportion, place_fleet
from hapgang.services.mobility.sharing.method.tours import duration_s, group, patience_s
from hapgang.services.mobility.sharing.model import Errand, Station, Tariff, Vehicle
from tests.services.mobility.sharing.world import BEYOND, LAWN, POND, STREET, at

TARIFF = Tariff()


@pytest.mark.parametrize(
    ("minutes", "won"),
    [
        (0, 620),
        (4.9, 620),
        (5, 620),
        (5.01, 720),
        (10, 1120),
        (59.5, 6120),
        (60, 6120),
        (500, 6120),
    ],
)
def test_the_tariff_of_sejongs_shared_bicycles(minutes, won):
    assert fare_won(TARIFF, minutes * 60.0, 1234.0) == won


def test_kilometres_count_where_a_tariff_says_so():
    assert fare_won(Tariff(per_km_won=200), 60.0, 2100.0) == 620 + 3 * 200


@given(st.floats(0, 1e5), st.floats(0, 1e5))
def test_longer_never_costs_less(a, b):
    short, long = sorted((a, b))
    assert fare_won(TARIFF, short, 0.0) <= fare_won(TARIFF, long, 0.0) <= TARIFF.most_won


BILL = {"straight_m": 800.0, "reported_m": None, "detour": 1.25, "limit_s": 7200.0}


def test_a_plain_ride_is_billed_without_doubts():
    assert bill(TARIFF, ride_s=600.0, **BILL) == (600.0, 1000.0, 1120, ())
    reported = bill(TARIFF, ride_s=600.0, **{**BILL, "reported_m": 1100.0})
    assert reported == (600.0, 1100.0, 1120, ())


@pytest.mark.parametrize(
    ("ride_s", "reported_m", "counted_s", "counted_m", "doubt"),
    [
        (-5.0, None, 0.0, 1000.0, "the clock went back"),
        (90_000.0, None, 7200.0, 1000.0, "longer than a ride may take"),
        (600.0, 500.0, 600.0, 800.0, "less than the straight line"),
        (60.0, 9_000.0, 60.0, 800.0, "cannot have gone so far"),
    ],
)
def test_what_cannot_be_true_is_corrected_and_named(
    ride_s, reported_m, counted_s, counted_m, doubt
):
    got = bill(TARIFF, ride_s=ride_s, **{**BILL, "reported_m": reported_m})
    assert (got.ride_s, got.distance_m) == (counted_s, counted_m)
    assert any(doubt in said for said in got.doubts)
    assert TARIFF.unlock_won <= got.fare_won <= TARIFF.most_won


def test_the_law_and_the_white_paper_on_who_rides_what():
    adult = {"age": AgeBand.THIRTIES, "walking": "well", "licence": True}
    assert why_not_ride("open", **adult) is None
    assert "licence" in why_not_ride("open", **{**adult, "licence": False}).en
    assert why_not_ride("closed", **{**adult, "licence": False}) is None
    assert why_not_ride("closed", AgeBand.TEENS, "well", licence=False) is None
    assert why_not_ride("closed", AgeBand.UNDER_10, "well", licence=False) is not None
    assert why_not_ride("accessible", **adult) is not None
    assert why_not_ride("accessible", **{**adult, "walking": "wheelchair"}) is None


def test_nobody_is_faster_than_the_law():
    for kind, model in MODELS.items():
        assert held_to_kmh(kind, licence=True) == model.top_kmh
        assert held_to_kmh(kind, licence=False) == min(model.top_kmh, 20)
    assert MODELS["open"].top_kmh == 25


def test_a_full_battery_lasts_its_range_and_fills_in_its_time():
    for kind, model in MODELS.items():
        assert charge_used_pct(kind, model.range_m) == 100.0
        assert charged_pct(kind, 0.0, model.charge_h) == 100.0
        assert charged_pct(kind, 50.0, model.charge_h) == 100.0
        assert charged_pct(kind, 10.0, model.charge_h / 2) == 60.0


@pytest.mark.parametrize(
    ("wanted", "scale", "size"),
    [(None, 1.0, 182), (None, 0.1, 18), (None, 1e-6, 1), (300, 0.5, 150), (0, 1.0, 0), (3, 0.1, 1)],
)
def test_fleets_scale_with_the_residents_and_never_vanish(wanted, scale, size):
    assert fleet_size("closed", 20_000, wanted, scale) == size


PARKED = Vehicle(
    id="urn:x:v", kind="closed", plate="C1", public_id="p", state="rented", location=None,
    battery_pct=80.0,
)  # fmt: skip


@pytest.mark.parametrize(
    ("battery", "station", "fault", "state"),
    [
        (20.0, None, None, "free"),
        (19.9, None, None, "empty"),
        (19.9, "urn:x:s", None, "charging"),
        (80.0, "urn:x:s", None, "free"),
        (80.0, None, "brake", "out_of_service"),
    ],
)
def test_what_state_a_parked_vehicle_is_in(battery, station, fault, state):
    down = put_down(replace(PARKED, fault=fault), STREET, station, battery_pct=battery)
    assert (down.state, down.location, down.station) == (state, STREET, station)


def test_the_rules_of_areas(scene):
    ground = ground_of(scene)
    assert ground.serves(STREET)
    assert ground.why_not_park(STREET) is None
    assert ground.serves(LAWN)
    assert ground.why_not_park(LAWN) is not None
    assert not ground.serves(POND)
    assert ground.why_not_park(POND) is not None
    assert not ground.serves(BEYOND)
    assert "outside" in ground.why_not_park(BEYOND).en
    assert ground.max_kmh(at(1.5, 0.5)) == 20  # the school, inside the ring
    assert ground.max_kmh(at(2.5, 0.5)) == 30  # the ring
    assert ground.max_kmh(at(3.5, 0.5)) is None
    assert ground_of(scene) is ground


def test_without_a_boundary_the_city_ends_with_its_zones(scene):
    areas = scene.areas
    keep = areas.kind != "boundary"
    fields = ("area", "kind", "title_en", "title_ko", "wkb")
    bare = replace_fields(areas, **{name: getattr(areas, name)[keep] for name in fields})
    ground = ground_of(replace_fields(scene, areas=bare))
    assert ground.serves(at(0.1, 2.9))
    assert not ground.serves(at(-0.5, 1.0))


def test_without_a_scene_everything_is_allowed():
    plain = ground_of(None)
    assert plain.serves(BEYOND)
    assert plain.why_not_park(BEYOND) is None
    assert plain.area_name(BEYOND) == ""
    assert place_fleet({"closed": 3}, plain, []) == []


def test_points_belong_to_the_nearest_block(scene):
    ground = ground_of(scene)
    for row in range(9):
        middle = at(row % 3 + 0.5, row // 3 + 0.5)
        assert ground.area_of(middle) == row
        assert ground.area_name(at(row % 3 + 0.4, row // 3 + 0.6)) == f"z{row}"


def test_an_area_does_not_depend_on_who_asked_before(scene):
    ground_of.cache_clear()
    here, there = at(0.9999, 0.5), at(1.0001, 0.5)  # on both sides of a border, some cm apart
    first = [ground_of(scene).area_of(point) for point in (here, there)]
    ground_of.cache_clear()
    again = [ground_of(scene).area_of(point) for point in (there, here)]
    assert first == again[::-1]


def test_spots_come_nearest_first_and_are_allowed(scene):
    ground = ground_of(scene)
    spots = list(ground.spots_around(LAWN))
    away = [distance_m(LAWN, spot) for spot in spots]
    assert spots
    assert LAWN not in spots
    assert away == pytest.approx(sorted(away), abs=0.5)
    assert all(ground.why_not_park(spot) is None for spot in spots)
    assert next(ground.spots_around(STREET)) == STREET


def test_pace_on_a_grid(scene):
    """Every street at 30 km/h: three speeds, one detour, between straight and corner to corner."""
    pace = measure_pace(scene)
    assert pace.rideable
    assert 1.0 < pace.detour < np.sqrt(2)
    assert pace.ride_s_per_m[20] == pytest.approx(pace.detour * 3.6 / 20, rel=1e-3)
    assert pace.ride_s_per_m[25] == pytest.approx(pace.detour * 3.6 / 25, rel=1e-3)
    # held to 40, but among cars a PM's motor stops at 25 km/h
    assert pace.ride_s_per_m[40] == pace.ride_s_per_m[25]
    assert pace.ride(1000.0, 20) == (1000.0 * pace.ride_s_per_m[20], 1000.0 * pace.detour)


def test_streets_closed_to_pm_are_not_rideable(scene):
    links = replace_fields(scene.links, modes=scene.links.modes & ~np.int32(4))
    assert not measure_pace(replace_fields(scene, links=links)).rideable


def test_the_grid_detour_is_the_mean_over_all_directions():
    angle = np.linspace(0, 2 * np.pi, 100_000, endpoint=False)
    assert np.mean(np.abs(np.cos(angle)) + np.abs(np.sin(angle))) == pytest.approx(GRID_DETOUR)
    assert Pace().ride(1000.0, 20) == pytest.approx((GRID_DETOUR * 180.0, GRID_DETOUR * 1000.0))


def test_five_minutes_on_foot():
    assert walking_reach_m(5.0, "well") == pytest.approx(315.7, abs=0.1)
    assert walking_reach_m(5.0, "badly") == pytest.approx(164.9, abs=0.1)
    assert walk(walking_reach_m(5.0, "wheelchair"), "wheelchair")[0] == pytest.approx(300.0)


@given(st.integers(0, 500), st.lists(st.integers(0, 100), min_size=1, max_size=20))
def test_parts_add_up_and_stay_within_one_of_their_share(total, weights):
    weight = np.array(weights, float) + 0.01
    parts = apportion(total, weight)
    assert parts.sum() == total
    assert (np.abs(parts - total * weight / weight.sum()) < 1.0).all()


def test_a_fleet_starts_by_people_and_jobs_half_of_the_stations_taken(scene):
    ground = ground_of(scene)
    stations = [
        Station(id=f"urn:x:s{k}", title=ground.title, location=at(k + 0.5, 0.5), capacity=4)
        for k in range(3)
    ]
    placed = place_fleet({"closed": 27, "open": 9}, ground, stations)
    assert len(placed) == 36
    assert [sum(ground.area_of(p.at) == row for p in placed) for row in range(9)] == [4] * 9
    assert [sum(p.station == s.id for p in placed) for s in stations] == [2, 2, 2]
    assert all(p.station or ground.why_not_park(p.at) is None for p in placed)
    street = [p.at for p in placed if p.station is None]
    assert min(distance_m(a, b) for a in street for b in street if a != b) > 8.0
    assert placed == place_fleet({"closed": 27, "open": 9}, ground, stations)


def test_every_other_vehicle_starts_on_a_street_however_many_stations_there_are(scene):
    ground = ground_of(scene)
    stations = [
        Station(
            id=f"urn:x:s{k}",
            title=ground.title,
            location=at(k % 3 + 0.5, k // 3 + 0.5),
            capacity=40,
        )
        for k in range(9)
    ]
    placed = place_fleet({"closed": 20, "open": 10}, ground, stations)
    assert sum(p.station is None for p in placed) == 15


def test_tours_of_neighbours():
    near = [at(0.1 * k, 0) for k in range(4)]
    far = [at(40 + 0.1 * k, 40) for k in range(3)]
    tours = group([*near, *far])
    assert sorted(sorted(tour) for tour in tours) == [[0, 1, 2, 3], [4, 5, 6]]
    assert group([]) == []


def test_how_long_a_tour_takes():
    here, there = Point((127.0, 36.5)), Point((127.0, 36.51))
    way_s = distance_m(here, there) * GRID_DETOUR / (20.0 / 3.6)
    assert duration_s("swap", [Errand("a", here), Errand("b", there)]) == pytest.approx(
        way_s + 2 * 180.0
    )
    assert duration_s("move", [Errand("a", here, there)]) == pytest.approx(way_s + 120.0)
    assert duration_s("visit", []) == 0.0
    assert patience_s(600.0) == 1800.0 + 1200.0

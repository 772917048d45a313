"""Journeys and skims on paper and on real feeds."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.twin.network import Network
from hapgang.twin.scenario import AddRoute, Headway, apply_changes
from hapgang.twin.scene import Scene, load_scene
from hapgang.twin.speeds import WALK_M_S
from hapgang.twin.transit import CHANGE_S, Transit
from tests.twin.paper_city import ORIGIN_M, both_ways, gtfs, lonlat, write_city

MONDAY = dt.date(2026, 11, 23)
H = 3600
# A street with a stop at each kilometre; doors 100 m before the first and behind the last.
NODES = [(-100, 0), (0, 0), (1000, 0), (2000, 0), (3000, 0), (3100, 0)]
STREETS = both_ways(*((f"s{i}", i, i + 1, {}) for i in range(5)))
HOME, SHOP = (-100, 0), (3100, 0)


def xy(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, "f8") + ORIGIN_M


def transit_of(scene: Scene) -> Transit:
    assert scene.timetable is not None
    return Transit.of(Network.of(scene), scene.timetable.on(MONDAY), access_m=300)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = write_city(
        tmp_path_factory.mktemp("line"), NODES, STREETS, zones_m=[HOME, SHOP], transit=gtfs()
    )
    return load_scene(folder)


@pytest.fixture(scope="module")
def transit(scene: Scene) -> Transit:
    return transit_of(scene)


WALK_S = int(np.ceil(100 / WALK_M_S))


def test_a_journey_is_told_leg_by_leg(transit: Transit) -> None:
    leave_s = 8 * H - 200
    journey = transit.journey(xy(HOME), xy(SHOP), leave_s)
    assert journey is not None
    kinds = [(leg.kind, leg.from_stop, leg.to_stop, leg.route, leg.trip) for leg in journey.legs]
    assert kinds == [
        ("walk", None, "s0", None, None),
        ("ride", "s0", "s2", "A", "a1"),
        ("ride", "s2", "s3", "B", "b1"),
        ("walk", "s3", None, None, None),
    ]
    assert journey.arrive_s == 8 * H + 600 + WALK_S
    assert journey.transfers == 1
    assert journey.walk_s == 2 * WALK_S
    assert journey.in_vehicle_s == 300 + 180
    assert journey.wait_s == journey.arrive_s - leave_s - 2 * WALK_S - 480
    ride = journey.legs[1]
    assert ride.calls == (0, 2)
    assert transit.day.timetable.trips.stop[ride.calls[1]] == 2


def test_who_comes_too_late_waits_for_the_next(transit: Transit) -> None:
    assert transit.journey(xy(HOME), xy(SHOP), 8 * H) is None  # no second ride after a2
    journey = transit.journey(xy(HOME), xy((2100, 0)), 8 * H)
    assert journey is not None
    assert journey.arrive_s == 9 * H + 300 + WALK_S


def test_nobody_rides_back_against_the_timetable(transit: Transit) -> None:
    assert transit.journey(xy(SHOP), xy(HOME), 7 * H) is None


def test_arrivals_at_every_stop(transit: Transit) -> None:
    arrivals = transit.arrivals_s(xy(HOME), 7 * H)
    assert arrivals.tolist() == [np.inf, 8 * H + 120, 8 * H + 300, 8 * H + 600]


def test_skims_agree_with_journeys(transit: Transit) -> None:
    leave_s = [8 * H - 900, 8 * H - 300]
    skims = transit.skims(xy(HOME, SHOP), leave_s)
    journeys = [transit.journey(xy(HOME), xy(SHOP), at) for at in leave_s]
    for name in ("walk_s", "in_vehicle_s", "wait_s", "transfers"):
        mean = np.mean([getattr(journey, name) for journey in journeys])
        assert getattr(skims, name)[0, 1] == pytest.approx(mean)
    assert skims.total_s[0, 1] == pytest.approx(np.mean([j.arrive_s - j.leave_s for j in journeys]))
    assert np.isinf(skims.total_s[1, 0])


def test_a_shorter_headway_shortens_the_trip(scene: Scene) -> None:
    often = transit_of(apply_changes(scene, [Headway(route="A", minutes=10)]))
    before = transit_of(scene).journey(xy(HOME), xy((2100, 0)), 8 * H)
    after = often.journey(xy(HOME), xy((2100, 0)), 8 * H)
    assert before is not None
    assert after is not None
    assert after.arrive_s == 8 * H + 600 + 300 + WALK_S < before.arrive_s


def test_a_route_of_another_scenario_does_not_run(tmp_path: Path) -> None:
    plan = '[[change]]\ndo = "route"\nroute = "B"\n'
    folder = write_city(tmp_path, NODES, STREETS, transit=gtfs(), scenarios={"plan": plan})
    today = load_scene(folder)
    assert transit_of(today).journey(xy(HOME), xy(SHOP), 7 * H) is None
    for plan_scene in (load_scene(folder, "plan"), apply_changes(today, [AddRoute(route="B")])):
        assert transit_of(plan_scene).journey(xy(HOME), xy(SHOP), 7 * H) is not None


def test_stops_near_one_another_are_joined_on_foot(tmp_path: Path) -> None:
    lon, lat = lonlat([(0, 0), (1000, 0), (1300, 0), (3000, 0)])
    stops = "stop_id,stop_name,stop_lat,stop_lon\n" + "".join(
        f"s{i},S,{lat[i]:.8f},{lon[i]:.8f}\n" for i in range(4)
    )
    times = (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "a1,08:00:00,08:00:00,s0,1\na1,08:02:00,08:02:00,s1,2\n"
        "a2,08:07:00,08:07:00,s2,1\na2,08:09:00,08:09:00,s3,2\n"
        "b1,08:05:00,08:05:00,s2,1\nb1,08:10:00,08:10:00,s3,2\n"
    )
    nodes = [*NODES[:3], (1300, 0), (3000, 0), (3100, 0)]
    feed = gtfs(stops=stops, stop_times=times)
    scene = load_scene(write_city(tmp_path / "walk", nodes, STREETS, transit=feed))
    journey = transit_of(scene).journey(xy(HOME), xy(SHOP), 7 * H)
    assert journey is not None
    walk_s = int(np.ceil(300 / WALK_M_S))
    assert [leg.kind for leg in journey.legs] == ["walk", "ride", "walk", "ride", "walk"]
    middle = journey.legs[2]
    assert middle.end_s - middle.start_s == walk_s
    # 08:02 + walk + change is after 08:05 and before 08:07.
    assert 300 < 120 + walk_s + CHANGE_S < 420
    assert journey.legs[3].trip == "a2"

    rule = "from_stop_id,to_stop_id,transfer_type,min_transfer_time\ns1,s2,2,180\n"
    feed = gtfs(stops=stops, stop_times=times, transfers=rule)
    scene = load_scene(write_city(tmp_path / "rule", nodes, STREETS, transit=feed))
    journey = transit_of(scene).journey(xy(HOME), xy(SHOP), 7 * H)
    assert journey is not None
    assert journey.legs[3].trip == "a2"
    assert journey.arrive_s == 8 * H + 540 + WALK_S

    rule = "from_stop_id,to_stop_id,transfer_type,min_transfer_time\ns1,s2,3,\n"
    feed = gtfs(stops=stops, stop_times=times, transfers=rule)
    scene = load_scene(write_city(tmp_path / "forbidden", nodes, STREETS, transit=feed))
    assert transit_of(scene).journey(xy(HOME), xy(SHOP), 7 * H) is None


def test_stops_off_the_map_are_reached_as_the_crow_flies(tmp_path: Path) -> None:
    lon, lat = lonlat([(0, 0), (20_000, 0), (20_200, 0), (30_000, 0)])
    stops = "stop_id,stop_name,stop_lat,stop_lon\n" + "".join(
        f"s{i},S,{lat[i]:.8f},{lon[i]:.8f}\n" for i in range(4)
    )
    times = (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "a1,08:00:00,08:00:00,s0,1\na1,08:30:00,08:30:00,s1,2\n"
        "a2,08:00:00,08:00:00,s0,1\na2,08:50:00,08:50:00,s1,2\n"
        "b1,08:45:00,08:45:00,s2,1\nb1,09:00:00,09:00:00,s3,2\n"
    )
    feed = gtfs(stops=stops, stop_times=times)
    scene = load_scene(write_city(tmp_path, NODES, STREETS, transit=feed))
    journey = transit_of(scene).journey(xy(HOME), xy((30_050, 0)), 7 * H)
    assert journey is not None
    assert journey.transfers == 1
    walk = journey.legs[2]
    assert walk.end_s - walk.start_s == int(np.ceil(200 * 1.26 / WALK_M_S))


@settings(max_examples=60, deadline=None)
@given(leave_s=st.integers(0, 10 * H), later_s=st.integers(0, 2 * H))
def test_leaving_later_never_arrives_earlier(transit: Transit, leave_s: int, later_s: int) -> None:
    early = transit.arrivals_s(xy(HOME), leave_s)
    late = transit.arrivals_s(xy(HOME), leave_s + later_s)
    reached = np.isfinite(late) & np.isfinite(early)
    assert (late[reached] >= early[reached]).all()

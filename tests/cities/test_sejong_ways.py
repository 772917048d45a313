"""The reference city's ways: connected, within reach, with buses, in both of its scenarios."""

import csv
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from cities.sejong.generate import facts
from cities.sejong.generate.plane import to_xy
from hapgang.twin.modes import Modes
from hapgang.twin.network import Network
from hapgang.twin.scene import Scene, load_scene

FOLDER = Path(__file__).resolve().parents[2] / "cities" / "sejong"


@pytest.fixture(scope="module")
def today() -> Scene:
    return load_scene(FOLDER, "today")


@pytest.fixture(scope="module")
def plan() -> Scene:
    return load_scene(FOLDER, "plan")


def on_map(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, to_xy)


def area(scene: Scene, name: str) -> shapely.Geometry:
    return on_map(scene.areas.geometry[scene.areas.row_of[name]])


def places(scene: Scene, kind: str) -> np.ndarray:
    return np.flatnonzero(scene.places.kind == kind)


# connected


def strong_parts(scene: Scene, allowed: np.ndarray) -> int:
    source, target = scene.links.source[allowed], scene.links.target[allowed]
    used, place = np.unique(np.r_[source, target], return_inverse=True)
    ends = (place[: len(source)], place[len(source) :])
    net = coo_array((np.ones(len(source)), ends), shape=(len(used), len(used)))
    return int(connected_components(net, connection="strong")[0])


@pytest.mark.parametrize("scenario", ["today", "plan"])
@pytest.mark.parametrize("mode", list(Modes))
def test_every_mode_is_strongly_connected(
    mode: Modes, scenario: str, request: pytest.FixtureRequest
) -> None:
    scene: Scene = request.getfixturevalue(scenario)
    assert strong_parts(scene, (scene.links.modes & mode) > 0) == 1


@pytest.mark.parametrize("scenario", ["today", "plan"])
def test_nobody_is_unreachable(scenario: str, request: pytest.FixtureRequest) -> None:
    scene: Scene = request.getfixturevalue(scenario)
    network = Network.of(scene)
    beyond = scene.zones.kind == "outside"
    for mode in (Modes.WALK, Modes.BICYCLE, Modes.PM):
        node = network.nearest_node(scene.buildings.xy, mode)
        far = np.hypot(*(network.node_xy[node] - scene.buildings.xy).T)
        assert far.max() < 150.0
        assert far[scene.buildings.dwellings > 0].max() <= 100.5
    for mode in (Modes.WALK, Modes.BICYCLE, Modes.PM, Modes.CAR):
        node = network.nearest_node(scene.zones.xy, mode)
        assert np.isfinite(network.times_s(mode, node, node)).all()
        gap = network.node_xy[node[beyond]] - scene.zones.xy[beyond]
        assert np.hypot(*gap.T).max() < 1.0


def test_the_plan_takes_cars_out_of_the_restricted_area(today: Scene, plan: Scene) -> None:
    lines = [on_map(g) for g in plan.links.geometry]
    middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    within = shapely.contains(area(plan, "restricted"), middle)
    cars = [(s.links.modes & Modes.CAR) > 0 for s in (today, plan)]
    assert (within & cars[0]).sum() > 100
    assert not (within & cars[1]).any()
    np.testing.assert_array_equal(cars[0][~within], cars[1][~within])
    assert plan.links.speed_kmh[within].max() <= 30.0
    for kind in ("ring", "trunk"):  # owned cars pass on the ring and below
        assert cars[1][plan.links.kind == kind].all()
    lanes = plan.links.kind == "pm_lane"
    assert (plan.links.modes[lanes] == Modes.PM).all()
    assert (plan.links.speed_kmh[lanes] == 40.0).all()
    assert (today.links.speed_kmh[lanes] == 25.0).all()
    assert plan.links.speed_kmh[np.isin(plan.links.kind, ["service", "gate"])].max() <= 20.0


def test_tagged_vehicles_can_go_round_on_one_way_streets(plan: Scene) -> None:
    kind = plan.links.kind
    tagged = np.isin(kind, ["service", "gate"]) & ((plan.links.modes & Modes.SERVICE) > 0)
    outside = ((plan.links.modes & Modes.CAR) > 0) & (kind != "residential")
    assert strong_parts(plan, tagged | outside) == 1
    service = plan.links.geometry[plan.links.kind == "service"]
    lines = shapely.union_all([on_map(g) for g in service])
    in_area = shapely.contains_xy(area(plan, "restricted"), *plan.buildings.xy.T)
    far = shapely.distance(lines, shapely.points(plan.buildings.xy[in_area]))
    assert far.max() < 160.0
    entries = [p for p in plan.places.place if p.startswith("gate_")]
    assert sum("entry" in p for p in entries) == sum("exit" in p for p in entries) == 6


def test_walkers_cross_the_trunk_on_bridges(today: Scene) -> None:
    keys = np.array([link.split("_")[0].split(":")[0] for link in today.links.link])
    bridges = np.flatnonzero(keys == "bridge")
    assert len(bridges) >= 8
    trunk = today.links.kind == "trunk"
    on_trunk = set(today.links.source[trunk]) | set(today.links.target[trunk])
    ends = set(today.links.source[bridges]) | set(today.links.target[bridges])
    assert not ends & on_trunk
    assert not (today.links.modes[bridges] & Modes.CAR).any()
    assert not (today.links.modes[trunk] & Modes.WALK).any()


# within reach


def test_every_building_and_place_is_within_50_m_of_a_pm_station(today: Scene) -> None:
    stations = shapely.MultiPoint(today.places.xy[places(today, "pm_station")])
    far = shapely.distance([on_map(g) for g in today.buildings.geometry], stations)
    assert far.max() <= facts.PM_STATION_WITHIN_M + 0.1
    open_air = np.array([b is None for b in today.places.building])
    far = shapely.distance(shapely.points(today.places.xy[open_air]), stations)
    assert far.max() <= facts.PM_STATION_WITHIN_M + 0.1


def test_every_home_is_within_5_minutes_of_a_hub_on_foot(today: Scene) -> None:
    walk = (today.links.modes & Modes.WALK) > 0
    n = len(today.nodes)
    ends = np.column_stack((today.links.source[walk], today.links.target[walk]))
    length = today.links.length_m[walk].astype(float)
    best: dict[tuple[int, int], float] = {}
    for (a, b), metres in zip(ends.tolist(), length.tolist(), strict=True):
        best[a, b] = min(metres, best.get((a, b), np.inf))
    net = coo_array((list(best.values()), tuple(np.array(list(best)).T)), shape=(n, n)).tocsr()
    used = np.unique(ends)
    near = cKDTree(today.nodes.xy[used])
    hubs = used[near.query(today.places.xy[places(today, "hub")])[1]]
    homes = today.buildings.dwellings > 0
    access, row = near.query(today.buildings.xy[homes])
    metres = dijkstra(net, indices=hubs, min_only=True)[used[row]] + access
    assert (metres / facts.WALK_SPEED_M_S).max() <= facts.HUB_WITHIN_S


def test_owned_cars_of_the_inside_have_a_place_to_stand() -> None:
    table = pq.read_table(FOLDER / "buildings.parquet").to_pydict()
    park = pq.read_table(FOLDER / "places.parquet").to_pydict()
    spaces = dict(zip(park["place"], park["capacity"], strict=True))
    used: dict[str, float] = {}
    for dwellings, place in zip(table["dwellings"], table["parking"], strict=True):
        if place is not None:
            used[place] = used.get(place, 0.0) + facts.CARS_PER_DWELLING * dwellings
    assert sum(used.values()) > 2_000
    assert all(cars <= spaces[place] for place, cars in used.items())


# public transport


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / "transit" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_transit_is_sound(today: Scene, plan: Scene) -> None:
    stops = {r["stop_id"] for r in rows("stops.txt")}
    trips = {r["trip_id"]: r for r in rows("trips.txt")}
    for key, file in (("service_id", "calendar.txt"), ("route_id", "routes.txt")):
        assert {r[key] for r in trips.values()} == {r[key] for r in rows(file)}
    last: dict[str, tuple[int, str]] = {}
    for r in rows("stop_times.txt"):
        assert r["stop_id"] in stops
        assert r["trip_id"] in trips
        now = (int(r["stop_sequence"]), r["arrival_time"])
        assert r["trip_id"] not in last or last[r["trip_id"]] < now
        assert r["arrival_time"] <= r["departure_time"]
        last[r["trip_id"]] = (now[0], r["departure_time"])
    assert set(last) == set(trips)
    assert today.timetable is not None
    assert plan.timetable is not None
    assert "SD" in today.timetable.left_out
    assert "SD" not in plan.timetable.left_out


def test_two_brt_stops_lie_on_the_axis_outside_of_the_restricted_area(today: Scene) -> None:
    stations = today.places.xy[places(today, "station")]
    assert len(stations) == 2
    ring = area(today, "ring_interior")
    for x, y in stations:
        assert not ring.contains(shapely.Point(x, y))
        assert ring.distance(shapely.Point(x, y)) < 150.0
        assert area(today, "boundary").contains(shapely.Point(x, y))

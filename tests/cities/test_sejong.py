"""The reference city: made by its generator, and true to its facts."""

import json
import os
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from cities.sejong.generate import facts, scenarios, streets, transit
from cities.sejong.generate.city import City, make
from cities.sejong.generate.plane import to_xy
from cities.sejong.generate.write import city_toml, tables
from hapgang.twin.modes import Modes
from hapgang.twin.network import Network
from hapgang.twin.scene import Scene, load_scene

FOLDER = Path(__file__).resolve().parents[2] / "cities" / "sejong"
DATA = Path(os.environ.get("HAPGANG_DATA", FOLDER.parents[2] / "shared" / "data"))
INSIDE = 67  # zones of the city itself


@pytest.fixture(scope="module")
def today() -> Scene:
    return load_scene(FOLDER, "today")


@pytest.fixture(scope="module")
def made() -> City:
    began = time.perf_counter()
    city = make()
    print(f"\ngenerated in {time.perf_counter() - began:.1f} s")
    return city


def on_map(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, to_xy)


def area(scene: Scene, name: str) -> shapely.Geometry:
    return on_map(scene.areas.geometry[scene.areas.row_of[name]])


def places(scene: Scene, kind: str) -> np.ndarray:
    return np.flatnonzero(scene.places.kind == kind)


# made by its generator


@pytest.mark.slow
@pytest.mark.parametrize("name", list(tables()))
def test_committed_tables_are_what_the_generator_makes(made: City, name: str) -> None:
    table = tables()[name]
    committed, fresh = pq.read_table(FOLDER / table.file), getattr(made, name)
    assert committed.column_names == [c.name for c in table.columns]
    for column in table.columns:
        values = committed.column(column.name).to_pylist()
        if column.type == "wkb":
            shapes = shapely.from_wkb(values)
            assert shapely.equals_exact(shapes, list(fresh["geometry"]), tolerance=2e-7).all()
        elif column.type == "str":
            assert values == list(fresh[column.name])
        else:
            np.testing.assert_allclose(values, np.asarray(fresh[column.name]), rtol=1e-5, atol=1e-6)


def test_committed_ground_and_texts_are_what_the_generator_makes(made: City) -> None:
    with np.load(FOLDER / "ground.npz") as ground:
        np.testing.assert_allclose(ground["elevation_m"], made.elevation_m, atol=0.11)
        np.testing.assert_allclose(ground["bounds"], made.bounds)
    assert (FOLDER / "city.toml").read_text("utf-8") == city_toml()
    feed = transit.files()
    routes = [line["id"] for line in transit.read()["line"]]
    for below, files in (("transit", feed), ("scenarios", scenarios.files(routes))):
        for name, text in files.items():
            assert (FOLDER / below / name).read_text("utf-8") == text, name


def test_tables_are_geoparquet_and_small() -> None:
    for table in tables().values():
        metadata = pq.read_schema(FOLDER / table.file).metadata or {}
        if table.geometry:
            geo = json.loads(metadata[b"geo"])
            assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    files = [p for p in FOLDER.rglob("*") if p.suffix in {".parquet", ".npz", ".txt"}]
    assert sum(p.stat().st_size for p in files) < 6_000_000


# true to its facts


def test_size_people_and_dwellings(today: Scene) -> None:
    assert area(today, "boundary").area == pytest.approx(2_741_000, rel=1e-5)
    low, high = facts.RESTRICTED_M2
    assert low <= area(today, "restricted").area <= high
    zones, buildings = today.zones, today.buildings
    assert (zones.population.sum(), zones.dwellings.sum()) == (20_000, 9_000)
    assert buildings.dwellings.sum() == 9_000
    assert 400 <= len(buildings) <= 900
    assert 60 <= (zones.kind == "block").sum() <= 120
    assert not zones.population[zones.kind == "outside"].any()
    faces = shapely.union_all([on_map(g) for g in zones.geometry[:INSIDE]])
    assert faces.area == pytest.approx(2_741_000, rel=1e-4)


def test_zones_add_up_their_buildings(today: Scene) -> None:
    row = [today.zones.row_of[z] for z in today.buildings.zone]
    for column in ("dwellings", "jobs"):
        sums = np.bincount(row, getattr(today.buildings, column), minlength=len(today.zones))
        np.testing.assert_array_equal(sums[:INSIDE], getattr(today.zones, column)[:INSIDE])


def test_blocks_inside_the_ring_have_sides_of_150_m(today: Scene) -> None:
    ring = area(today, "ring_interior").buffer(-30.0)
    faces = [on_map(g) for g in today.zones.geometry[:INSIDE]]
    full = [f for f in faces if ring.contains(f)]
    assert len(full) >= 8
    sides = np.sqrt([f.area for f in full])
    assert np.all((sides > 140.0) & (sides < 170.0))  # those beside the axis hold half its width
    assert np.median(sides) == pytest.approx(facts.BLOCK_SIDE_M, rel=0.05)


def test_ground_has_its_hills_and_its_wind_path(today: Scene) -> None:
    heights = today.ground.elevation_m
    assert heights.max() == pytest.approx(facts.HWANGWOOSAN_M, abs=1.0)
    _, column = np.unravel_index(np.argmax(heights), heights.shape)
    west, _, east, _ = today.ground.bounds
    assert west + (column + 0.5) / heights.shape[1] * (east - west) > 127.325  # in the east
    axis = streets.path([(0.0, 850.0), (0.0, -850.0)])
    line = shapely.get_coordinates(axis.segmentize(50.0))
    lon, lat = today.projection.to_lonlat(line[:, 0], line[:, 1])
    along = today.ground.at(lon, lat)
    assert along[0] > along[-1] + 20.0
    assert np.mean(np.diff(along) <= 0.3) > 0.9  # falls from the north to the river
    beside = today.ground.at(*today.projection.to_lonlat(line[:, 0] + 500.0, line[:, 1]))
    assert np.mean(along < beside) > 0.75


def test_rivers_meet_in_the_south(today: Scene) -> None:
    meeting = area(today, "geumgang").intersection(area(today, "mihocheon"))
    city = area(today, "boundary")
    assert meeting.area > 0
    assert meeting.centroid.y < city.bounds[1]
    assert area(today, "wetland").distance(meeting) < 300.0
    assert not any(city.intersects(area(today, river)) for river in ("geumgang", "mihocheon"))


def test_it_lies_where_hapgang_ri_lies(today: Scene) -> None:
    assert today.facts.centre == pytest.approx((127.31, 36.515), abs=0.008)
    path = DATA / "korea-boundaries" / "sejong_hangjeongdong_2018.geojson"
    if not path.is_file():
        pytest.skip(f"{path} is not here: the administrative boundaries are not part of the code")
    features = json.loads(path.read_text("utf-8"))["features"]
    shape = next(f for f in features if f["properties"]["name"] == "연기면")["geometry"]
    township = shapely.from_geojson(json.dumps(shape))
    city = today.areas.geometry[today.areas.row_of["boundary"]]
    assert township.intersection(city).area / city.area > 0.95


def test_places_of_the_plan_are_there(today: Scene) -> None:
    counts = {
        "school_kindergarten": 2, "school_elementary": 1, "school_middle": 1, "school_high": 1,
        "car_park": 7, "hospital": 1, "farm": 1, "camping": 1,
    }  # fmt: skip
    assert {k: len(places(today, k)) for k in counts} == counts
    keys = {
        "community_centre", "welfare_centre", "science_culture_centre", "ai_centre", "seowon",
        "central_park", "historical_park", "medical_complex", "clean_net", "gas_station",
        "sewage_treatment", "water_restoration", "substation", "smart_farm", "camping_ground",
        "reservoir_1", "reservoir_2", "reservoir_3", "shared_car_tower",
    }  # fmt: skip
    assert keys <= set(today.places.place)
    for column in (today.places.title_ko, today.places.title_en, today.places.source):
        assert all(column)
    assert today.places.capacity[places(today, "school_elementary")[0]] >= 976


def test_residents_work_where_the_sources_say(today: Scene) -> None:
    zones = today.zones
    total = zones.jobs.sum()
    assert total == facts.WORKERS
    daejeon = np.array([z.startswith("outside_daejeon") for z in zones.zone])
    far = ("osong", "cheongju", "cheongju_airport", "gongju", "cheonan", "seoul")
    elsewhere = np.isin(zones.zone, [f"outside_{z}" for z in far])
    assert zones.jobs[daejeon].sum() / total == pytest.approx(0.226, abs=1e-3)
    assert zones.jobs[elsewhere].sum() / total == pytest.approx(0.188, abs=1e-3)
    assert zones.jobs[~daejeon & ~elsewhere].sum() / total == pytest.approx(0.586, abs=1e-3)


def test_roads_to_osong_and_the_airport_have_their_length(today: Scene) -> None:
    network = Network.of(today)
    start = network.nearest_node(np.array(today.projection.to_xy(*today.facts.centre)), Modes.CAR)
    rows = [today.zones.row_of[z] for z in ("outside_osong", "outside_cheongju_airport")]
    goal = network.nearest_node(today.zones.xy[rows], Modes.CAR)
    km = network.distances_m(Modes.CAR, np.atleast_1d(start), goal)[0] / 1000.0
    np.testing.assert_allclose(km, [facts.OSONG_KM, facts.CHEONGJU_AIRPORT_KM], rtol=0.001)


def test_nothing_stands_in_the_way(today: Scene) -> None:
    bodies = np.array([on_map(g) for g in today.buildings.geometry])
    one, two = shapely.STRtree(bodies).query(bodies, predicate="intersects")
    pairs = one < two
    overlap = shapely.area(shapely.intersection(bodies[one[pairs]], bodies[two[pairs]]))
    assert overlap.size == 0 or overlap.max() < 1.0
    streets_ = [on_map(g) for g in today.links.geometry[today.links.kind != "outside"]]
    water = [on_map(g) for g in today.areas.geometry[today.areas.kind == "water"]]
    in_the_way = shapely.STRtree([*streets_, *water])
    assert in_the_way.query(bodies, predicate="intersects").size == 0
    stands = np.isin(today.places.kind, ["pm_station", "gate"])
    spots = shapely.points(today.places.xy[stands])
    assert shapely.STRtree([*bodies, *water]).query(spots, predicate="intersects").size == 0


# trees, and what lies under the streets


def test_trees_stand_clear_of_houses_and_water(today: Scene) -> None:
    trees = today.trees
    assert 5_000 < len(trees) < 20_000
    assert set(trees.kind.tolist()) == {"street", "park"}
    points = shapely.points(trees.xy)
    taken = [on_map(shape) for shape in today.buildings.geometry]
    taken += [
        on_map(today.areas.geometry[row]) for row in np.flatnonzero(today.areas.kind == "water")
    ]
    assert not shapely.STRtree(taken).query(points, predicate="within").size
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=3.9)
    assert (one == other).all(), "two trees in one place"


@pytest.mark.parametrize("kind", ["water", "sewer", "power", "waste"])
def test_every_net_is_a_tree_that_passes_every_building(today: Scene, kind: str) -> None:
    rows = np.flatnonzero(today.utilities.kind == kind)
    links = today.links.rows(today.utilities.street[rows])
    ends = np.stack([today.links.source[links], today.links.target[links]], axis=1)
    nodes, place = np.unique(ends, return_inverse=True)
    assert len(rows) == len(nodes) - 1, "a circle, or a piece apart"
    place = place.reshape(ends.shape)
    joined = coo_array((np.ones(len(rows)), tuple(place.T)), shape=(len(nodes), len(nodes)))
    assert connected_components(joined, directed=False)[0] == 1
    far_m, _ = cKDTree(today.nodes.xy[nodes]).query(today.buildings.xy)
    assert np.quantile(far_m, 0.95) < 150.0


def test_pipes_are_widest_at_the_plant(today: Scene) -> None:
    plant = today.places.xy[today.places.row_of["service_reservoir"]]
    rows = np.flatnonzero(today.utilities.kind == "water")
    middle = np.array([
        on_map(today.utilities.geometry[row]).interpolate(0.5, normalized=True).coords[0]
        for row in rows
    ])  # fmt: skip
    far_m, width_mm = np.hypot(*(middle - plant).T), today.utilities.diameter_mm[rows]
    assert width_mm[far_m < 200.0].max() == width_mm.max()
    assert width_mm.max() > 3 * np.median(width_mm)
    # Those that leave it carry twenty thousand people and their work, 2.5 times the mean, at 1 m/s.
    links = today.links.rows(today.utilities.street[rows])
    ends = np.stack([today.links.source[links], today.links.target[links]])
    start = ends.flat[np.argmin(np.hypot(*(today.nodes.xy[ends.ravel()] - plant).T))]
    leaving_m2 = np.pi / 4 * (width_mm[(ends == start).any(axis=0)] / 1000.0) ** 2
    people = 20_000 + today.buildings.jobs.sum()
    assert leaving_m2.sum() >= people * 0.3 / 86_400 * 2.5

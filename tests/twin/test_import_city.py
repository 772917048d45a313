"""From open data to a city's folder: whole, repeatable, all or nothing."""

import datetime as dt
import json
from pathlib import Path

import h3
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray

from hapgang.core.errors import Conflict, Invalid
from hapgang.twin.importers import ImportRefused, ImportReport, import_city
from hapgang.twin.importers.folder import city_folder
from hapgang.twin.importers.zones import shared_out
from hapgang.twin.modes import Modes
from hapgang.twin.network import Network
from hapgang.twin.scene import load_scene
from hapgang.twin.transit import Transit
from hapgang.writer.postgres import start
from tests.twin.osm_paper import LAT, LON, write_osm, write_zip
from tests.twin.paper_city import gtfs, shared_data

STEP = 0.002
SIDE = 6
NODES = {
    1 + row * SIDE + column: (column * STEP, row * STEP)
    for row in range(SIDE)
    for column in range(SIDE)
}


def town(folder: Path) -> Path:
    """A map of six by six streets with a park, a shop and two houses."""
    rows = [[1 + r * SIDE + c for c in range(SIDE)] for r in range(SIDE)]
    columns = [[row[c] for row in rows] for c in range(SIDE)]
    ways: list[tuple[int, list[int], dict[str, str]]] = [
        (100 + i, line, {"highway": "residential", "name": f"Street {i}"})
        for i, line in enumerate([*rows, *columns])
    ]
    ways += [
        (200, [101, 102, 103, 104, 101], {"building": "apartments", "building:levels": "5"}),
        (201, [105, 106, 107, 108, 105], {"leisure": "park", "name": "Park", "name:ko": "공원"}),
        (202, [1, 999], {"highway": "residential"}),
    ]
    d = 0.0004
    corners = {
        base + i: (east + dx, north + dy)
        for base, east, north in [(101, 0.003, 0.003), (105, 0.005, 0.005)]
        for i, (dx, dy) in enumerate([(0, 0), (d, 0), (d, d), (0, d)])
    }
    return write_osm(
        folder / "town.osm",
        {**NODES, **corners, 300: (0.001, 0.001)},
        ways,
        tagged={300: {"shop": "bakery", "addr:country": "KR"}},
    )


def feed(folder: Path) -> Path:
    stops = "stop_id,stop_name,stop_lat,stop_lon\n" + "".join(
        f"s{i},S,{LAT + 0.0001},{LON + STEP * i}\n" for i in range(4)
    )
    times = gtfs()["stop_times.txt"] + "a1,08:09:00,08:09:00,s99,4\n"
    return write_zip(folder / "bus.zip", gtfs(stops=stops, stop_times=times))


def grid(folder: Path) -> Path:
    cells = sorted({h3.latlng_to_cell(LAT + y, LON + x, 9) for x, y in NODES.values()})
    rows = [f"{cell},{10 + 7 * i},{i},1,0" for i, cell in enumerate(cells)]
    bad = [
        "nonsense,5,5,0,0",
        f"{cells[0]},1,1,0,0",
        "89a901291abffff,9,9,0,0",
        f"{cells[1]}x,a,b,c,d",
    ]
    path = folder / "grid.csv"
    path.write_text("\n".join(["id,population,jobs,schools,healthcare", *rows, *bad]), "utf-8-sig")
    return path


def geotiff(path: Path, heights: NDArray[np.generic], **tags: str) -> Path:
    """Heights on a grid of WGS 84 whose north-west corner lies outside the town's."""
    scale = (0.0005, 0.0005, 0.0)
    corner = (0.0, 0.0, 0.0, LON - 0.02, LAT + 0.03, 0.0)
    keys = (1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326)
    extra = [(33550, 12, 3, scale), (33922, 12, 6, corner), (34735, 3, len(keys), keys)]
    extra += [(42113, 2, 0, value) for value in tags.values()]
    tifffile.imwrite(path, heights, extratags=[(*tag, True) for tag in extra])
    return path


def slope(rows: int = 120, columns: int = 120) -> NDArray[np.float32]:
    """Heights that rise to the east by 1 m a cell; -9999 in one corner cell."""
    heights = np.tile(np.arange(columns, dtype="f4"), (rows, 1))
    heights[0, 0] = -9999
    return heights


def make(tmp_path: Path, folder: str = "town", **other: object) -> ImportReport:
    inputs: dict[str, object] = {
        "osm": town(tmp_path),
        "gtfs": [feed(tmp_path)],
        "grid": grid(tmp_path),
        "elevation": geotiff(tmp_path / "heights.tif", slope(), nodata="-9999"),
    }
    return import_city("town", folder=tmp_path / folder, **{**inputs, **other})  # type: ignore[arg-type]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_town_becomes_a_scene(tmp_path: Path) -> None:
    report = make(tmp_path)
    scene = load_scene(tmp_path / "town")
    cells = len(scene.zones)
    assert report.counts["residents"] == scene.residents == sum(10 + 7 * i for i in range(cells))
    assert scene.zones.jobs.sum() == sum(range(cells))
    assert scene.zones.school_places.sum() == round(scene.residents * 0.2)
    assert (scene.zones.geometry[0].geom_type, set(scene.zones.kind)) == ("Polygon", {"cell"})
    assert scene.time_zone == "Asia/Seoul"
    assert scene.facts.country == "KR"
    assert scene.epsg == 32652
    assert len(scene.nodes) == SIDE * SIDE
    assert len(scene.links) == 2 * 2 * SIDE * (SIDE - 1)
    assert scene.buildings.kind.tolist() == ["apartments"]
    assert scene.buildings.floors.tolist() == [5]
    assert scene.buildings.zone[0] in scene.zones.row_of
    assert scene.places.kind.tolist() == ["shop", "park"]
    assert set(scene.areas.kind) == {"boundary", "park"}
    assert scene.timetable is not None
    assert len(scene.timetable.trips) == 3
    middle = (LON - 0.02) + 0.0005 * 40.5  # of the cell with height 40
    assert scene.ground.at(middle, LAT + 0.005)[0] == pytest.approx(40, abs=0.1)
    assert np.ptp(scene.nodes.elevation_m) == pytest.approx(5 * STEP / 0.0005, rel=0.02)


def test_its_plan_shares_vehicles_in_proportion_to_residents(tmp_path: Path) -> None:
    make(tmp_path, residents=5000)
    plan = load_scene(tmp_path / "town", "plan")
    assert plan.residents == plan.zones.population.sum() == 5000
    assert plan.scenario.services == ("mobility.maas", "mobility.sharing")
    assert sum(plan.scenario.settings["mobility.sharing"].values()) == 100
    assert load_scene(tmp_path / "town", "today").scenario.services == ()


def test_dirt_is_told_line_by_line_and_summed(tmp_path: Path) -> None:
    report = make(tmp_path)
    told = {(p.file, p.reason): (p.count, p.first) for p in report.problems}
    assert told == {
        ("town.osm", "fewer than two of its nodes are there"): (1, "way/202"),
        ("bus/stop_times.txt", "its stop is not in stops.txt, or was left out"): (1, "line 10"),
        ("grid.csv", "it says neither a place nor an H3 cell"): (
            1, f"line {2 + report.counts['zones']}",
        ),
        ("grid.csv", "its cell is there already"): (1, f"line {3 + report.counts['zones']}"),
        ("grid.csv", "it lies far from every street"): (1, f"line {4 + report.counts['zones']}"),
        ("grid.csv", "a value is no number"): (1, f"line {5 + report.counts['zones']}"),
    }  # fmt: skip
    quarantine = tmp_path / "town" / "quarantine"
    assert sorted(path.name for path in quarantine.iterdir()) == [
        "bus-stop_times.txt.csv", "grid.csv.csv", "summary.csv", "town.osm.jsonl",
    ]  # fmt: skip
    assert json.loads((quarantine / "town.osm.jsonl").read_text("utf-8"))["object"] == "way/202"
    assert len((quarantine / "summary.csv").read_text("utf-8").splitlines()) == 7
    assert any("1 × bus/stop_times.txt" in line for line in report.lines())


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    make(tmp_path)
    make(tmp_path, folder="again")
    one, two = contents(tmp_path / "town"), contents(tmp_path / "again")
    assert list(one) == list(two)
    assert [name for name in one if one[name] != two[name]] == []


def test_without_grid_and_elevation_it_says_what_it_assumed(tmp_path: Path) -> None:
    report = make(tmp_path, grid=None, elevation=None, gtfs=())
    scene = load_scene(tmp_path / "town")
    assert scene.timetable is None
    assert (scene.nodes.elevation_m == 0).all()
    assert scene.residents > 0
    assert scene.zones.jobs.sum() == round(scene.residents * 0.416)
    said = " ".join(scene.facts.assumptions)
    for word in ("ground is flat", "residents per km", "jobs: 0.416", "Etc/GMT-8"):
        assert word in said
    assert scene.facts.assumptions == report.assumptions


def test_squares_stand_in_for_cells_that_are_not_hexagons(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text(
        "lon;lat;population\n"
        + "".join(f"{LON + x};{LAT + y};4\n" for x in (0.001, 0.005) for y in (0.001, 0.005))
    )
    make(tmp_path, grid=path)
    scene = load_scene(tmp_path / "town")
    assert scene.residents == 16
    assert len(scene.zones) == 4
    west, _, east, _ = scene.zones.geometry[0].bounds
    assert east - west == pytest.approx(0.004, rel=0.05)


def test_progress_goes_from_nothing_to_all(tmp_path: Path) -> None:
    seen: list[tuple[str, float]] = []
    make(tmp_path, report=lambda stage, done: seen.append((stage, done)))
    assert [stage for stage, _ in seen] == [
        "map", "streets", "ground", "timetables", "people and places", "files", "check", "done",
    ]  # fmt: skip
    shares = [done for _, done in seen]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)


@pytest.mark.parametrize(
    ("other", "error", "said"),
    [
        ({"osm": Path("/nowhere.osm.pbf")}, ImportRefused, "no file /nowhere.osm.pbf"),
        ({"gtfs": [Path("/nowhere.zip")]}, ImportRefused, "no file /nowhere.zip"),
        ({"grid": Path("/nowhere.csv")}, ImportRefused, "no file /nowhere.csv"),
        ({"elevation": Path("/nowhere.tif")}, ImportRefused, "nowhere.tif.*cannot be read"),
    ],
)
def test_what_is_fatal_leaves_nothing_behind(
    tmp_path: Path, other: dict[str, object], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        make(tmp_path, folder="cities/town", **other)
    assert list((tmp_path / "cities").iterdir()) == []


def test_a_grid_of_another_city_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("id,population\n89a901291abffff,10\n")
    with pytest.raises(ImportRefused, match="no cell near the streets"):
        make(tmp_path, grid=path)
    path.write_text("cellule,habitants\nx,10\n")
    with pytest.raises(ImportRefused, match="needs a column id"):
        make(tmp_path, grid=path)


def test_heights_of_another_place_are_refused(tmp_path: Path) -> None:
    path = geotiff(tmp_path / "small.tif", slope(4, 4))
    with pytest.raises(ImportRefused, match="no height anywhere near"):
        make(tmp_path, elevation=path)
    tifffile.imwrite(path, slope())
    with pytest.raises(ImportRefused, match="does not say where it lies"):
        make(tmp_path, elevation=path)


@pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden"])
def test_names_that_are_no_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(Invalid, match="cannot name a city"):
        import_city(name, osm=town(tmp_path), folder=tmp_path / "x")


def test_a_city_is_replaced_only_on_demand_and_never_with_a_stranger_in_it(tmp_path: Path) -> None:
    make(tmp_path)
    before = contents(tmp_path / "town")
    with pytest.raises(Conflict, match="exists already"):
        make(tmp_path)
    (tmp_path / "town" / "population.toml").write_text("mine = 1\n")
    (tmp_path / "town" / "scenarios" / "mine.toml").write_text(
        'title = { en = "Mine", ko = "내 것" }\n'
    )
    make(tmp_path, replace=True, grid=None)
    after = contents(tmp_path / "town")
    assert after["population.toml"] == b"mine = 1\n"
    assert "scenarios/mine.toml" in after
    assert after["zones.parquet"] != before["zones.parquet"]
    assert "quarantine/grid.csv.csv" not in after
    with pytest.raises(ImportRefused):
        make(tmp_path, replace=True, osm=Path("/nowhere"))
    assert contents(tmp_path / "town") == after
    (tmp_path / "town" / "postgres").mkdir()
    with pytest.raises(Conflict, match="postgres"):
        make(tmp_path, replace=True)
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "letter.txt").write_text("dear")
    with pytest.raises(Conflict, match="no city"):
        make(tmp_path, folder="plain", replace=True)


def test_shares_are_whole_and_add_up() -> None:
    assert shared_out(7, [1, 1, 1]).tolist() == [3, 2, 2]
    assert shared_out(5, [0, 0]).tolist() == [0, 0]
    assert shared_out(5, [0, 3.5, 0]).tolist() == [0, 5, 0]
    assert shared_out(0, [1, 2]).tolist() == [0, 0]
    assert shared_out(1000, np.random.default_rng(1).random(37)).sum() == 1000


@pytest.mark.slow
def test_porto_alegre(tmp_path: Path) -> None:
    data = shared_data() / "multimodal-porto-alegre"
    report = import_city(
        "poa",
        osm=data / "poa_osm.pbf",
        gtfs=[data / "poa_eptc.zip", data / "poa_trensurb.zip"],
        grid=data / "poa_hexgrid.csv",
        elevation=data / "poa_elevation.tif",
        folder=tmp_path / "poa",
    )
    assert report.counts["residents"] == 812_935
    assert report.counts["zones"] == 1227
    assert report.feeds["poa_eptc"]["stop times"] == 130_019
    assert report.feeds["poa_trensurb"]["trips"] == 1248
    assert not report.problems
    scene = load_scene(tmp_path / "poa")
    assert scene.zones.jobs.sum() == 337_921
    assert scene.time_zone == "America/Sao_Paulo"
    network = Network.of(scene)
    nodes = network.nearest_node(scene.zones.xy, Modes.CAR)
    times = network.times_s(Modes.CAR, nodes, nodes)
    assert np.isfinite(times).all()
    assert 300 < times.mean() < 1800
    assert scene.timetable is not None
    day = scene.timetable.on(scene.timetable.like(dt.date(2026, 11, 24)))
    skims = Transit.of(network, day).skims(scene.zones.xy, [13 * 3600, 14 * 3600])
    found = np.isfinite(skims.total_s)
    assert found.mean() > 0.8
    assert (skims.total_s[found] >= skims.in_vehicle_s[found] + skims.walk_s[found] - 1).all()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "nodes", "buildings"),
    [("Helsinki.osm.pbf", 3000, 400), ("geneva_buildings.osm.pbf", 19_000, 11_000)],
)
def test_other_places_with_a_feed_from_elsewhere(
    tmp_path: Path, file: str, nodes: int, buildings: int
) -> None:
    data = shared_data()
    report = import_city(
        "place",
        osm=data / "osm" / file,
        gtfs=[data / "gtfs" / "busan_metro_gtfs.zip"],
        folder=tmp_path / "place",
    )
    assert report.counts["nodes"] > nodes
    assert report.counts["buildings"] > buildings
    assert report.feeds["busan_metro_gtfs"]["trips"] == 3833
    assert any(p.reason == "it lies far from the streets" for p in report.problems)
    assert load_scene(tmp_path / "place").timetable is None


def test_a_city_that_was_lived_in_is_replaced_around_its_state(tmp_path: Path) -> None:
    folder = tmp_path / "town"
    with city_folder(folder, replace=False) as fresh:
        (fresh / "city.toml").write_text("old")
    (folder / "runs").mkdir()
    (folder / "runs" / "report.json").write_text("kept")
    (folder / "master.key").write_bytes(b"secret")
    with city_folder(folder, replace=True) as fresh:
        (fresh / "city.toml").write_text("new")
        (fresh / "scenarios").mkdir()
    assert (folder / "city.toml").read_text() == "new"
    assert (folder / "runs" / "report.json").read_text() == "kept"
    assert (folder / "master.key").read_bytes() == b"secret"


def test_a_city_that_runs_is_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "town"
    with city_folder(folder, replace=False) as fresh:
        (fresh / "city.toml").write_text("old")
    with (
        start(folder),
        pytest.raises(Conflict, match="is running"),
        city_folder(folder, replace=True) as fresh,
    ):
        (fresh / "city.toml").write_text("new")
    assert (folder / "city.toml").read_text() == "old"

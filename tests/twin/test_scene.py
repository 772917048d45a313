"""Loading a city: what is read, and what is said when the folder is wrong."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from hapgang.core.errors import Invalid, NotFound
from hapgang.twin.scene import content_version, load_scene
from hapgang.twin.tables import SceneError
from tests.twin.paper_city import both_ways, gtfs, square, write_city

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    streets = both_ways(("a", 0, 1, {"name": "Main"}), ("b", 1, 2, {}))
    return write_city(
        tmp_path / "paper",
        [(0, 0), (1000, 0), (1000, 500)],
        streets,
        areas={"core": ("restricted", square(1000, 250, 600))},
        transit=gtfs(),
    )


def test_a_scene_holds_what_the_files_say(folder: Path) -> None:
    scene = load_scene(folder)
    assert scene.title.ko == "종이"
    assert scene.links.link.tolist() == ["a", "ar", "b", "br"]
    assert scene.links.name.tolist() == ["Main", "Main", None, None]
    assert np.hypot(*(scene.nodes.xy[1] - scene.nodes.xy[0])) == pytest.approx(1000, abs=0.01)
    assert scene.links.geometry[0].geom_type == "LineString"
    assert scene.timetable is not None
    assert len(scene.timetable.trips) == 3
    assert scene.zones.row_of["z0"] == 0
    lon, lat = scene.projection.to_lonlat(*scene.nodes.xy.T)
    assert np.allclose((lon, lat), (scene.nodes.lon, scene.nodes.lat), atol=1e-9)


def test_columns_cannot_be_written_to(folder: Path) -> None:
    scene = load_scene(folder)
    for array in (scene.links.modes, scene.nodes.xy, scene.ground.elevation_m):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_without_transit_there_is_no_timetable(tmp_path: Path) -> None:
    folder = write_city(tmp_path, [(0, 0), (100, 0)], both_ways(("a", 0, 1, {})))
    assert load_scene(folder).timetable is None


def test_the_files_are_geoparquet(folder: Path) -> None:
    geo = json.loads(pq.read_schema(folder / "streets.parquet").metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert geo["columns"]["geometry"]["encoding"] == "WKB"
    assert geo["columns"]["geometry"]["geometry_types"] == ["LineString"]


def test_the_version_follows_the_content(folder: Path, tmp_path: Path) -> None:
    before = content_version(folder)
    assert content_version(folder) == before
    (folder / "notes.txt").write_text("not of the model")
    (folder / "scenarios" / "other.toml").write_text('title = { en = "o", ko = "o" }')
    assert content_version(folder) == before
    facts = (folder / "city.toml").read_text("utf-8")
    (folder / "city.toml").write_text(facts.replace("residents = 10", "residents = 11"), "utf-8")
    assert content_version(folder) != before


def _changed(folder: Path, file: str, change: Callable[[pa.Table], pa.Table]) -> None:
    table = change(pq.read_table(folder / file))
    pq.write_table(table, folder / file)


def _with(column: str, row: int, value: object) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        values = table.column(column).to_pylist()
        values[row] = value
        at = table.schema.get_field_index(column)
        return table.set_column(at, column, pa.array(values, table.schema.field(column).type))

    return change


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("streets.parquet", _with("length_m", 2, -3.0), r"“length_m”, row 2: is -3.0.*at least"),
        ("streets.parquet", _with("length_m", 1, float("nan")), r"“length_m”, row 1: is nan"),
        ("streets.parquet", _with("modes", 0, None), r"“modes”, row 0: is empty"),
        ("streets.parquet", _with("modes", 3, 128), r"“modes”, row 3: is 128.*at most 127"),
        ("streets.parquet", _with("kind", 3, "lane"), r"“kind”, row 3: is lane.*one of cycleway"),
        ("streets.parquet", _with("link", 3, "a"), r"“link”, row 3: “a” stands in row 0 already"),
        ("streets.parquet", _with("target", 0, 9), r"“target”, row 0: “9” is not in street_nodes"),
        ("street_nodes.parquet", _with("node", 2, 7), r"“node”, row 2: “7” must be the number"),
        ("street_nodes.parquet", _with("lat", 1, 97.0), r"“lat”, row 1: is 97.0"),
        ("zones.parquet", lambda t: t.drop(["jobs"]), r"zones.parquet: lacks the column.s. jobs"),
        (
            "zones.parquet",
            lambda t: t.set_column(4, "population", pc.cast(t.column("zone"), pa.string())),
            r"“population”: must be int32 but is string",
        ),
    ],
)
def test_wrong_tables_are_named_by_file_column_and_row(
    folder: Path, file: str, change: Callable[[pa.Table], pa.Table], said: str
) -> None:
    _changed(folder, file, change)
    with pytest.raises(SceneError, match=said) as caught:
        load_scene(folder)
    assert caught.value.detail["file"] == file
    assert caught.value.message.ko != caught.value.message.en


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "zones.parquet").unlink()
    with pytest.raises(SceneError, match=r"zones.parquet: is missing"):
        load_scene(folder)


def test_a_broken_file_is_named(folder: Path) -> None:
    (folder / "zones.parquet").write_bytes(b"PAR1 and then rubbish")
    with pytest.raises(SceneError, match=r"zones.parquet: cannot be read as Parquet"):
        load_scene(folder)
    (folder / "ground.npz").write_bytes(b"PK")
    (folder / "zones.parquet").unlink()


def test_a_broken_ground_is_named(folder: Path) -> None:
    (folder / "ground.npz").write_bytes(b"rubbish")
    with pytest.raises(SceneError, match=r"ground.npz: cannot be read"):
        load_scene(folder)
    np.savez(folder / "ground.npz", elevation_m=np.zeros((2, 2)), bounds=np.array([1, 2, 0, 3.0]))
    with pytest.raises(SceneError, match=r"west, south, east, north"):
        load_scene(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("format = 1", "format = 2", r"city.toml.*format"),
        ("residents = 10", "residents = -1", r"city.toml.*residents"),
        ('name = "paper"', "", r"city.toml.*name"),
        ("epsg = 32652", "epsg = 4326", r"EPSG:4326.*not projected in metres"),
        ("epsg = 32652", "epsg = 99", r"EPSG:99 is not known"),
        ("format = 1", "format = ", r"city.toml"),
    ],
)
def test_wrong_facts_are_explained(folder: Path, old: str, new: str, said: str) -> None:
    facts = (folder / "city.toml").read_text("utf-8")
    (folder / "city.toml").write_text(facts.replace(old, new), "utf-8")
    with pytest.raises(Invalid, match=said):
        load_scene(folder)


def test_what_is_no_city_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no city.toml"):
        load_scene(tmp_path)


@pytest.mark.parametrize("scenario", ["today", "plan"])
def test_the_reference_city_loads(scenario: str) -> None:
    folder = REPOSITORY / "cities" / "sejong"
    if not (folder / "city.toml").is_file():
        pytest.skip("the reference city has not been generated here")
    scene = load_scene(folder, scenario)
    assert scene.residents == 20_000
    assert scene.scenario.name == scenario
    assert (scene.links.modes > 0).any()

"""CityJSON: what is written comes back, solids are closed, and bad files are named."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hapgang.twin.exchange.cityjson import cityjson
from hapgang.twin.exchange.cityjson_read import ReadModel, read_cityjson
from hapgang.twin.exchange.cityjson_vertices import SCALE_M
from hapgang.twin.layers import Buildings
from hapgang.twin.scene import Scene, load_scene
from hapgang.twin.tables import SceneError, read_table, write_table
from tests.twin.exchange_paper import footprints, in_metres, with_buildings
from tests.twin.paper_city import both_ways, shared_data, square, write_city

pytestmark = pytest.mark.slow  # writes and reads whole cities

SEJONG = Path(__file__).resolve().parents[2] / "cities" / "sejong"
BOX = shapely.box(0, 0, 20, 10)


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("exchange") / "paper"
    nodes = [(0, 0), (1000, 0), (1000, 500)]
    streets = both_ways(("a", 0, 1, {"name": "Main"}), ("b", 1, 2, {}))
    return load_scene(write_city(folder, nodes, streets, areas={"x": ("park", square(0, 0, 9))}))


def written(scene: Scene, *layers: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(b"".join(cityjson(scene, layers or ("buildings",))))
    return document


def read(document: Any, folder: Path, **words: int) -> ReadModel:
    path = folder / "town.city.json"
    path.write_text(json.dumps(document), "utf-8")
    return read_cityjson(path, **words)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shape=footprints(),
    base_m=st.floats(-400, 4000, width=32),
    height_m=st.floats(0.125, 800, width=32),
    floors=st.integers(0, 200),
    kind=st.sampled_from(["house", "mixed", "학교"]),
)
def test_what_is_written_is_read_back(
    paper: Scene, tmp_path: Path, shape: Any, base_m: float, height_m: float, floors: int, kind: str
) -> None:
    facts = {"base_m": base_m, "height_m": height_m, "floors": floors, "kind": kind}
    scene = with_buildings(paper, [("b1", shape, facts)])
    back = read(written(scene), tmp_path)
    (found,) = in_metres(scene, back.columns["geometry"])
    (meant,) = in_metres(scene, scene.buildings.geometry)
    assert shapely.hausdorff_distance(found.boundary, meant.boundary) < SCALE_M
    assert len(found.interiors) == len(shape.interiors)
    assert shapely.get_num_coordinates(found) == shapely.get_num_coordinates(shape)
    assert back.columns["base_m"][0] == pytest.approx(base_m, abs=SCALE_M)
    assert back.columns["height_m"][0] == pytest.approx(height_m, abs=2 * SCALE_M)
    assert (back.columns["floors"], back.columns["kind"]) == ([floors], [kind])
    assert not back.assumed


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shape=footprints(), height_m=st.floats(0.125, 800, width=32))
def test_solids_are_closed_and_seen_from_outside(paper: Scene, shape: Any, height_m: float) -> None:
    document = written(with_buildings(paper, [("b1", shape, {"height_m": height_m})]))
    (geometry,) = document["CityObjects"]["b1"]["geometry"]
    (shell,) = geometry["boundaries"]
    sides = Counter(
        (a, b) for surface in shell for ring in surface
        for a, b in zip(ring, ring[1:] + ring[:1], strict=True)
    )  # fmt: skip
    assert set(sides.values()) == {1}
    assert all((b, a) in sides for a, b in sides)
    steps = np.array(document["vertices"], "f8") * SCALE_M
    volume_m3 = sum(
        np.dot(steps[ring[0]], np.cross(steps[ring[i]], steps[ring[i + 1]])) / 6
        for surface in shell for ring in surface for i in range(1, len(ring) - 1)
    )  # fmt: skip
    assert volume_m3 == pytest.approx(shape.area * height_m, rel=5e-3)  # 1 mm of 1.2 m, twice
    assert len(geometry["semantics"]["values"][0]) == len(shell)


def test_sejong_comes_back_whole(tmp_path: Path) -> None:
    scene = load_scene(SEJONG, "plan")
    path = tmp_path / "sejong.city.json"
    path.write_bytes(b"".join(cityjson(scene)))
    back = read_cityjson(path)
    assert back.epsg == scene.epsg
    assert set(back.ignored) == {"Road", "TINRelief"}
    write_table(tmp_path, Buildings.table, back.columns)
    columns, b = read_table(tmp_path, Buildings.table), scene.buildings
    for name in ("building", "zone", "kind", "floors", "dwellings", "jobs"):
        assert columns[name].tolist() == getattr(b, name).tolist()
    assert np.abs(columns["base_m"] - b.base_m).max() <= SCALE_M
    assert np.abs(columns["height_m"] - b.height_m).max() <= 2 * SCALE_M
    apart_m = shapely.hausdorff_distance(
        in_metres(scene, shapely.from_wkb(columns["geometry"])), in_metres(scene, b.geometry)
    )
    assert apart_m.max() < SCALE_M


def test_vertices_are_there_once_and_all_are_used() -> None:
    document = json.loads(b"".join(cityjson(load_scene(SEJONG))))
    vertices = [tuple(vertex) for vertex in document["vertices"]]
    assert len(set(vertices)) == len(vertices)

    def rows(nested: Any) -> Any:
        return nested if isinstance(nested, int) else max(map(rows, nested))

    geometries = [g for o in document["CityObjects"].values() for g in o["geometry"]]
    assert max(rows(g["boundaries"]) for g in geometries) == len(vertices) - 1
    extent = document["metadata"]["geographicalExtent"]
    assert extent[0] < extent[3]
    assert document["metadata"]["referenceSystem"].endswith("EPSG/0/5186")


def test_streets_and_ground_give_way_to_a_building_of_their_name(paper: Scene) -> None:
    scene = with_buildings(
        paper, [("ground", BOX, {}), ("street:a", shapely.box(50, 50, 60, 60), {})]
    )
    things = written(scene, "buildings", "streets", "ground")["CityObjects"]
    assert {name: thing["type"] for name, thing in things.items()} == {
        "ground": "Building", "street:a": "Building",
        "street:a'": "Road", "street:b": "Road", "ground'": "TINRelief",
    }  # fmt: skip
    road = things["street:a'"]["attributes"]
    assert (road["links"], road["name"]) == (["a", "ar"], "Main")
    assert "assumed" in road["width_source"]
    (shape,) = things["street:a'"]["geometry"]
    assert shape["semantics"]["surfaces"] == [
        {"type": "TrafficArea", "function": "driving_lane", "link": link, "lane": 1, "width_m": 3.0}
        for link in ("a", "ar")
    ]
    assert len(shape["semantics"]["values"]) == len(shape["boundaries"])
    assert set(shape["semantics"]["values"]) == {0, 1}


def test_a_building_of_no_height_is_a_footprint(paper: Scene, tmp_path: Path) -> None:
    document = written(with_buildings(paper, [("b1", BOX, {"height_m": 0.0, "base_m": 12.5})]))
    assert document["CityObjects"]["b1"]["geometry"][0]["lod"] == "0"
    back = read(document, tmp_path).columns
    assert (back["base_m"], back["height_m"]) == ([12.5], [0.0])


def test_a_city_without_buildings(paper: Scene, tmp_path: Path) -> None:
    document = written(paper)
    assert document["vertices"] == []
    assert read(document, tmp_path).columns["building"] == []


# What others write

CUBE = [[0, 0, 0], [9, 0, 0], [9, 9, 0], [0, 9, 0], [0, 0, 9], [9, 0, 9], [9, 9, 9], [0, 9, 9]]
SHELL = [
    [[0, 3, 2, 1]],
    [[4, 5, 6, 7]],
    [[0, 1, 5, 4]],
    [[1, 2, 6, 5]],
    [[2, 3, 7, 6]],
    [[3, 0, 4, 7]],
]


def town(*, kind: str = "Solid", boundaries: Any = None, **thing: Any) -> dict[str, Any]:
    """A cube of 9 m as somebody else might write it."""
    surfaces = [SHELL] if kind.endswith("Solid") else SHELL
    geometry = {"type": kind, "lod": "1.2", "boundaries": boundaries or surfaces}
    return {
        "type": "CityJSON",
        "version": "1.1",
        "transform": {"scale": [1, 1, 1], "translate": [350_000, 4_040_000, 30]},
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/32652"},
        "CityObjects": {"home": {"type": "Building", "geometry": [geometry], **thing}},
        "vertices": CUBE,
    }


@pytest.mark.parametrize("kind", ["Solid", "MultiSurface", "CompositeSurface", "CompositeSolid"])
def test_the_lowest_flat_surface_is_the_ground(tmp_path: Path, kind: str) -> None:
    document = town(kind=kind, boundaries=[[SHELL]] if kind == "CompositeSolid" else None)
    found = read(document, tmp_path)
    assert found.columns["base_m"] == [30.0]
    assert found.columns["height_m"] == [9.0]
    assert found.columns["floors"] == [3]
    assert found.columns["floor_area_m2"] == [pytest.approx(243.0)]
    assert found.columns["kind"] == ["mixed"]
    assert found.assumed == {"dwellings": 1, "floor_area_m2": 1, "floors": 1, "jobs": 1, "kind": 1}


def test_a_surface_named_ground_counts_before_the_lowest(tmp_path: Path) -> None:
    document = town()
    named = {"surfaces": [{"type": "GroundSurface"}], "values": [[None, 0]]}
    document["CityObjects"]["home"]["geometry"][0]["semantics"] = named
    assert read(document, tmp_path).columns["base_m"] == [39.0]


def test_a_building_is_its_parts(tmp_path: Path) -> None:
    document = town(children=["tower"], attributes={"function": ["office", "shop"]})
    document["vertices"] = CUBE + [[x + 9, y, 3 * z] for x, y, z in CUBE]
    shell = [[[i + 8 for i in ring] for ring in surface] for surface in SHELL]
    solid = {"type": "Solid", "lod": "2.2", "boundaries": [shell]}
    document["CityObjects"]["tower"] = {
        "type": "BuildingPart", "parents": ["home"], "geometry": [solid],
    }  # fmt: skip
    found = read(document, tmp_path).columns
    assert (found["building"], found["height_m"]) == (["home"], [27.0])
    assert found["kind"] == ["office"]
    assert found["floor_area_m2"] == [pytest.approx(2 * 81 * 9)]
    assert found["geometry"][0].geom_type == "Polygon"


def test_without_a_floor_the_outline_counts(tmp_path: Path) -> None:
    found = read(town(boundaries=[SHELL[1:]]), tmp_path)
    assert (found.columns["base_m"], found.columns["height_m"]) == ([30.0], [9.0])
    assert found.columns["floor_area_m2"] == [pytest.approx(243.0)]
    assert found.assumed["geometry"] == 1


def test_surfaces_without_area_do_no_harm(tmp_path: Path) -> None:
    found = read(town(boundaries=[[*SHELL, [[0, 1, 0]]]]), tmp_path)
    assert found.columns["height_m"] == [9.0]


def test_bad_buildings_can_be_set_aside(tmp_path: Path) -> None:
    document = town()
    document["CityObjects"]["ruin"] = {"type": "Building"}
    path = tmp_path / "town.city.json"
    path.write_text(json.dumps(document), "utf-8")
    found = read_cityjson(path, is_strict=False)
    assert found.columns["building"] == ["home"]
    assert {name: error.detail["object"] for name, error in found.refused.items()} == {
        "ruin": "ruin"
    }


def test_real_cities(tmp_path: Path) -> None:
    """Delft, Rotterdam and Zürich as their authors gave them; heights by the files themselves."""
    folder = shared_data() / "cityjson"
    if not folder.is_dir():
        pytest.skip(f"no CityJSON in {folder}")
    delft = read_cityjson(folder / "delft.json")
    things = json.loads((folder / "delft.json").read_text("utf-8"))["CityObjects"]
    said = [things[name]["attributes"]["measuredHeight"] for name in delft.columns["building"]]
    top_m = np.add(delft.columns["base_m"], delft.columns["height_m"])
    assert len(said) == 160
    assert np.abs(top_m - said).max() < 0.01
    zurich = read_cityjson(folder / "zurich_subset_lod2.json")
    assert len(zurich.columns["building"]) == 49
    rotterdam = read_cityjson(folder / "3-20-DELFSHAVEN.city.json", is_strict=False)
    assert len(rotterdam.columns["building"]) + len(rotterdam.refused) == 853
    assert len(rotterdam.refused) < 853 * 0.01
    write_table(tmp_path, Buildings.table, rotterdam.columns)
    read_table(tmp_path, Buildings.table)


def test_a_footprint_needs_a_measured_height(tmp_path: Path) -> None:
    document = town(kind="MultiSurface", boundaries=[[[0, 1, 2, 3]]])
    document["CityObjects"]["home"]["geometry"][0]["lod"] = 0
    with pytest.raises(SceneError, match="“home”: is a footprint without measuredHeight"):
        read(document, tmp_path)
    document["CityObjects"]["home"]["attributes"] = {"measuredHeight": 7.5}
    assert read(document, tmp_path).columns["height_m"] == [7.5]


def test_the_coordinate_system_can_be_told(tmp_path: Path) -> None:
    document = town()
    del document["metadata"]
    with pytest.raises(SceneError, match="does not say its referenceSystem"):
        read(document, tmp_path)
    assert read(document, tmp_path, epsg=32652).epsg == 32652


Change = Callable[[dict[str, Any]], object]
home = "“home”"


def geometry(document: dict[str, Any]) -> Any:
    return document["CityObjects"]["home"]["geometry"][0]


BAD: dict[str, tuple[Change, str]] = {
    "vertex": (lambda d: d.update(vertices=CUBE[:7]), f"{home}: names vertex 7; there are 7"),
    "depth": (lambda d: geometry(d).update(boundaries=SHELL), f"{home}: the boundaries are no"),
    "two corners": (
        lambda d: geometry(d).update(boundaries=[[[[0, 1, 0]]]]), f"{home}: has no surfaces"),
    "walls only": (
        lambda d: geometry(d).update(boundaries=[SHELL[2:]]), f"{home}: has no ground"),
    "crossing": (
        lambda d: geometry(d).update(
            boundaries=[[[[0, 2, 1, 3]], *SHELL[1:]]],
            semantics={"surfaces": [{"type": "GroundSurface"}], "values": [[0]]},
        ),
        f"{home}: its ground is no polygon"),
    "empty": (lambda d: geometry(d).update(boundaries=[]), f"{home}: has no surfaces"),
    "level": (lambda d: geometry(d).update(lod="3"), f"{home}: has no geometry of a level"),
    "no geometry": (lambda d: d["CityObjects"]["home"].pop("geometry"), f"{home}: has no geom"),
    "form": (lambda d: d["CityObjects"].update(home={"geometry": 1}), f"{home}: cannot be read"),
    "floors": (
        lambda d: d["CityObjects"]["home"].update(attributes={"storeysAboveGround": 2.5}),
        f"{home}: storeysAboveGround must be a whole number"),
    "text": (
        lambda d: d["CityObjects"]["home"].update(attributes={"dwellings": "many"}),
        f"{home}: dwellings must be a number from 0 on, not \"many\""),
    "own child": (
        lambda d: d["CityObjects"]["home"].update(children=["home"]), f"{home}: has a child"),
    "high": (
        lambda d: d["transform"].update(scale=[1, 1, 1000]), f"{home}: is 9000 m high"),
    "version": (lambda d: d.update(version="1.0"), "cannot be read as CityJSON"),
    "scale": (lambda d: d["transform"].update(scale=[0, 1, 1]), "cannot be read as CityJSON"),
    "huge": (lambda d: d["vertices"].append([2**70, 0, 0]), "cannot be read as CityJSON"),
    "degrees": (
        lambda d: d["metadata"].update(referenceSystem="urn:ogc:def:crs:OGC:1.3:CRS84"),
        "none of EPSG's"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_in_both_languages(tmp_path: Path, case: str) -> None:
    document = json.loads(json.dumps(town()))
    change, message = BAD[case]
    change(document)
    with pytest.raises(SceneError) as caught:
        read(document, tmp_path)
    assert message in caught.value.message.en
    assert "town.city.json" in caught.value.message.ko
    assert any("가" <= letter <= "힣" for letter in caught.value.message.ko)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1", b"\xff\xfe", b"[" * 100_000])
def test_rubbish_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rubbish.json"
    path.write_bytes(content)
    with pytest.raises(SceneError, match="cannot be read as CityJSON"):
        read_cityjson(path)
    with pytest.raises(SceneError, match="cannot be read"):
        read_cityjson(tmp_path / "nothing.json")

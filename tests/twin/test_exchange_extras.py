"""Trees and pipes in CityJSON: out and back in, and as others may write them."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from hapgang.twin.exchange.cityjson import cityjson
from hapgang.twin.exchange.cityjson_read import ReadModel, read_cityjson
from hapgang.twin.exchange.cityjson_vertices import SCALE_M
from hapgang.twin.exchange.heights import ground_m, tree_feet
from hapgang.twin.exchange.tree_shape import tree_parts, tree_solid
from hapgang.twin.ground import Ground
from hapgang.twin.layers import EXTRAS, Trees, Utilities
from hapgang.twin.scene import Scene, load_scene
from hapgang.twin.tables import SceneError, read_table, write_table
from tests.twin.exchange_paper import in_metres
from tests.twin.paper_city import both_ways, lonlat, write_city

SEJONG = Path(__file__).resolve().parents[2] / "cities" / "sejong"


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("extras") / "paper"
    write_city(folder, [(0, 0), (100, 0)], both_ways(("a", 0, 1, {})), heights_m=[7.0, 9.0])
    lon, lat = lonlat([(10, 20), (30, 20), (50, 20)])
    trees = {
        "tree": [3, 1, 2], "kind": ["street", "park", "park"], "species": ["Ginkgo", None, None],
        "height_m": [9.0, 6.5, 0.0], "crown_m": [5.0, 4.0, 0.0], "lon": lon, "lat": lat,
    }  # fmt: skip
    write_table(folder, Trees.table, trees)
    line = shapely.LineString(np.column_stack(lonlat([(0, 1), (50, 1), (100, 3)])))
    pipes = {
        "utility": ["main"], "kind": ["water"], "street": ["a"], "depth_m": [1.5],
        "diameter_mm": [400.0], "geometry": np.array([line], object),
    }  # fmt: skip
    write_table(folder, Utilities.table, pipes)
    return load_scene(folder)


def written(scene: Scene, *layers: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(b"".join(cityjson(scene, layers)))
    return document


def read(document: Any, folder: Path, **words: Any) -> ReadModel:
    path = folder / "town.city.json"
    path.write_text(json.dumps(document), "utf-8")
    return read_cityjson(path, **words)


def test_what_is_written_is_read_back(paper: Scene, tmp_path: Path) -> None:
    back = read(written(paper, "trees", "utilities"), tmp_path)
    assert not back.assumed
    assert not back.ignored
    for name, columns in (("trees", back.trees), ("utilities", back.utilities)):
        write_table(tmp_path, EXTRAS[name].table, columns)
        found, meant = read_table(tmp_path, EXTRAS[name].table), getattr(paper, name)
        for column in EXTRAS[name].table.columns:
            if column.name not in ("lon", "lat", "geometry"):
                assert found[column.name].tolist() == getattr(meant, column.name).tolist()
    moved = paper.projection.xy(back.trees["lon"], back.trees["lat"]) - paper.trees.xy
    assert np.abs(moved).max() <= SCALE_M


@pytest.mark.slow
def test_sejong_comes_back_whole(tmp_path: Path) -> None:
    scene = load_scene(SEJONG, "plan")
    back = read(written(scene, "trees", "utilities"), tmp_path)
    for name, columns in (("trees", back.trees), ("utilities", back.utilities)):
        write_table(tmp_path, EXTRAS[name].table, columns)
        found, meant = read_table(tmp_path, EXTRAS[name].table), getattr(scene, name)
        assert len(meant) > 1000
        for column in EXTRAS[name].table.columns:
            values = getattr(meant, column.name, None)
            if column.type in ("f4", "f8"):
                assert found[column.name] == pytest.approx(values, abs=1e-3)
            elif column.type != "wkb":
                assert found[column.name].tolist() == values.tolist()
    pipes = in_metres(scene, back.utilities["geometry"])
    meant = in_metres(scene, scene.utilities.geometry)
    assert shapely.hausdorff_distance(pipes, meant).max() < 2 * SCALE_M


def test_a_pipe_lies_as_deep_as_it_says(paper: Scene) -> None:
    document = written(paper, "utilities")
    pipe = document["CityObjects"]["utility:main"]
    assert (pipe["type"], pipe["attributes"]["street"]) == ("GenericCityObject", "a")
    rows = pipe["geometry"][0]["boundaries"][0]
    z = np.array(document["vertices"])[rows, 2] * SCALE_M
    assert z.tolist() == pytest.approx([-1.7] * 3)  # the ground is at 0; to the axis 1.5 m + 0.2 m


def test_trees_share_one_shape_and_none_is_left_out_of_the_extent(paper: Scene) -> None:
    document = written(paper, "trees")
    trees = document["CityObjects"]
    (shape,) = trees["tree:3"]["geometry"]
    assert shape["transformationMatrix"] == [5, 0, 0, 0, 0, 5, 0, 0, 0, 0, 9, 0, 0, 0, 0, 1]
    assert trees["tree:2"]["geometry"][0]["type"] == "MultiPoint"  # nothing to draw
    templates = document["geometry-templates"]
    (solid,) = templates["templates"]
    corners = {i for surface in solid["boundaries"][0] for ring in surface for i in ring}
    assert corners == set(range(len(templates["vertices-templates"])))
    x, y, low, _, _, high = document["metadata"]["geographicalExtent"]
    feet = tree_feet(paper)
    assert (low, high) == (0.0, 9.0)
    assert (x, y) == pytest.approx((feet[0, 0] - 2.5, feet[:, 1].min() - 2.5), abs=0.01)
    assert "geometry-templates" not in written(paper, "utilities")


def test_the_shape_is_closed_and_of_size_one() -> None:
    xyz, faces = tree_solid()
    sides = [(a, b) for face in faces for a, b in zip(face, face[1:] + face[:1], strict=True)]
    assert len(set(sides)) == len(sides)
    assert {(b, a) for a, b in sides} == set(sides)
    volume = sum(
        np.dot(xyz[face[0]], np.cross(xyz[a], xyz[b])) / 6
        for face in faces for a, b in pairwise(face[1:])
    )  # fmt: skip
    assert 0.1 < volume < np.pi / 4
    assert (xyz.min(axis=0)[2], xyz.max(axis=0)[2]) == (0, 1)
    assert np.ptp(xyz[:, 0]) == pytest.approx(1)
    for part in tree_parts().values():
        assert np.linalg.norm(part.normals, axis=1) == pytest.approx(1)
        a, b, c = (part.xyz[corner] for corner in part.triangles.T)
        middle = (a + b + c) / 3
        outward = np.cross(b - a, c - a)
        assert (np.einsum("ij,ij->i", outward[:, :2], middle[:, :2]) > 0).all()


def test_where_the_ground_is_unknown_the_nearest_corner_counts(paper: Scene) -> None:
    west, south, east, north = paper.ground.bounds
    unknown = Ground(elevation_m=np.full((2, 2), np.nan, "f4"), bounds=(west, south, east, north))
    lon, lat = lonlat([(10, 20), (95, 5)])
    found = ground_m(replace(paper, ground=unknown), np.column_stack([lon, lat]))
    assert found.tolist() == [7.0, 9.0]


# What others write


def foreign(**thing: Any) -> dict[str, Any]:
    """A tree of 2 m by 2 m by 8 m, without a word about it."""
    boundaries = [[[0, 1, 2]], [[0, 1, 3]]]
    shape = {"type": "MultiSurface", "lod": "2", "boundaries": boundaries}
    tree = {"type": "SolitaryVegetationObject", "geometry": [shape], **thing}
    return {
        "type": "CityJSON",
        "version": "2.0",
        "transform": {"scale": [1, 1, 1], "translate": [350_000, 4_040_000, 30]},
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/32652"},
        "CityObjects": {"oak": tree},
        "vertices": [[0, 0, 0], [2, 0, 0], [0, 2, 0], [1, 1, 8]],
    }


def test_a_tree_is_measured_where_it_says_nothing(tmp_path: Path) -> None:
    found = read(foreign(), tmp_path)
    row = {name: values[0] for name, values in found.trees.items()}
    assert (row["height_m"], row["crown_m"], row["tree"], row["species"]) == (8, 2, 0, None)
    assert (row["kind"], found.assumed) == ("park", {"trees.kind": 1})
    lon, lat = lonlat([(1, 1)])
    assert (row["lon"], row["lat"]) == pytest.approx((lon[0], lat[0]), abs=1e-9)


def test_a_shape_of_a_template_is_drawn_out_and_moved(tmp_path: Path) -> None:
    matrix = [3, 0, 0, 10, 0, 3, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]
    instance = {
        "type": "GeometryInstance", "template": 0, "boundaries": [1],
        "transformationMatrix": matrix,
    }  # fmt: skip
    document = foreign(geometry=[instance], attributes={"tree": 5, "function": "avenue"})
    own = {"type": "MultiSurface", "lod": "2", "boundaries": [[[0, 1, 2]], [[0, 1, 3]]]}
    document["geometry-templates"] = {
        "templates": [own],
        "vertices-templates": [[-1, -1, 0], [1, -1, 0], [-1, 1, 0], [0, 0, 4]],
    }
    found = read(document, tmp_path)
    assert (found.trees["height_m"], found.trees["crown_m"]) == ([8.0], [6.0])
    assert (found.trees["tree"], found.assumed) == ([5], {"trees.kind": 1})
    lon, lat = lonlat([(12, 0)])
    assert (found.trees["lon"][0], found.trees["lat"][0]) == pytest.approx(
        (lon[0], lat[0]), abs=1e-9
    )
    document["CityObjects"]["oak"]["geometry"][0]["template"] = 1
    with pytest.raises(SceneError, match="“oak”: names template 1; there are 1"):
        read(document, tmp_path)


def test_numbers_that_are_taken_are_given_anew(tmp_path: Path) -> None:
    document = foreign(attributes={"tree": 1})
    tree = document["CityObjects"]["oak"]
    bare = {**tree, "attributes": {}}
    document["CityObjects"] |= {"elm": tree, "ash": bare, "fir": bare}
    assert read(document, tmp_path).trees["tree"] == [1, 0, 2, 3]


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        ({"geometry": []}, "“oak”: has no geometry"),
        ({"attributes": {"height": 130}}, "“oak”: height_m must be from 0 to 120, not 130"),
        ({"attributes": {"crownDiameter": "wide"}}, "“oak”: crownDiameter must be a number"),
        ({"geometry": [{"type": "MultiPoint", "boundaries": [9]}]}, "“oak”: names vertex 9"),
        ({"geometry": [{"type": "MultiPoint", "boundaries": [0.5]}]}, "“oak”: has boundaries"),
        (
            {"type": "GenericCityObject", "attributes": {"class": "utility"}},
            "“oak”: must have one line as its axis",
        ),
        (
            {
                "type": "GenericCityObject", "attributes": {"class": "utility", "depth_m": 1},
                "geometry": [{"type": "MultiLineString", "boundaries": [[0, 1]]}],
            },
            "“oak”: diameter_mm must be from 1 to 20000, not None",
        ),
    ],
)  # fmt: skip
def test_bad_objects_are_named_or_set_aside(
    tmp_path: Path, thing: dict[str, Any], message: str
) -> None:
    with pytest.raises(SceneError) as caught:
        read(foreign(**thing), tmp_path)
    assert message in caught.value.message.en
    assert any("가" <= letter <= "힣" for letter in caught.value.message.ko)
    found = read(foreign(**thing), tmp_path, is_strict=False)
    assert set(found.refused) == {"oak"}
    assert found.trees["tree"] == []


def test_other_generic_objects_are_ignored(tmp_path: Path) -> None:
    found = read(foreign(type="GenericCityObject"), tmp_path)
    assert found.ignored == {"GenericCityObject": 1}

"""3D Tiles: boxes hold what they say, errors fall, everything is there once and where it should."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.twin.exchange.globe import Globe
from hapgang.twin.exchange.heights import tree_feet
from hapgang.twin.exchange.meshes import Mesh, with_skirt
from hapgang.twin.exchange.tile_tree import Node, Things, tree_of
from hapgang.twin.exchange.tiles import MOST_BYTES, TILESET, tiles
from hapgang.twin.ground import Ground
from hapgang.twin.scene import Scene, load_scene
from tests.twin.paper_city import both_ways, write_city
from tests.twin.test_exchange_gltf import Glb

SEJONG = Path(__file__).resolve().parents[2] / "cities" / "sejong"
Tile = dict[str, Any]


@pytest.fixture(scope="module")
def scene() -> Scene:
    return load_scene(SEJONG, "plan")


@pytest.fixture(scope="module")
def files(scene: Scene) -> dict[str, bytes]:
    return dict(tiles(scene))


@pytest.fixture(scope="module")
def root(files: dict[str, bytes]) -> Tile:
    document = json.loads(files[TILESET])
    assert document["asset"]["version"] == "1.1"
    assert document["geometricError"] == document["root"]["geometricError"]
    found: Tile = document["root"]
    return found


def every(tile: Tile) -> Iterator[Tile]:
    yield tile
    for child in tile.get("children", ()):
        yield from every(child)


def corners(volume: dict[str, list[float]]) -> np.ndarray:
    """Lowest and highest corner of an upright box."""
    box = np.array(volume["box"])
    half = box[3:].reshape(3, 3)
    assert (half == np.diag(np.diag(half))).all()
    assert (np.diag(half) > 0).all()
    return np.stack([box[:3] - np.diag(half), box[:3] + np.diag(half)])


def placed(glb: Glb) -> np.ndarray:
    """All corners of a file, (n, 3) east, north and up, instances drawn out."""
    found = []
    for node in glb.json["nodes"]:
        at = np.array(node.get("translation", [0, 0, 0]), "f8")
        for primitive in glb.json["meshes"][node["mesh"]]["primitives"]:
            xyz = glb.values(primitive["attributes"]["POSITION"]).astype("f8")
            assert glb.values(primitive["indices"]).max() < len(xyz)
            own = node.get("extensions", {}).get("EXT_mesh_gpu_instancing")
            if own is not None:
                move, scale = (
                    glb.values(own["attributes"][n]).astype("f8") for n in ("TRANSLATION", "SCALE")
                )
                xyz = (xyz[None] * scale[:, None] + move[:, None]).reshape(-1, 3)
            found.append(xyz + at)
    x, y, z = np.concatenate(found).T
    return np.column_stack([x, -z, y])


def names_in(glb: Glb, kind: str, column: str) -> list[Any]:
    known = glb.json.get("extensions", {}).get("EXT_structural_metadata", {})
    for table in known.get("propertyTables", ()):
        if table["class"] == kind:
            stored = table["properties"][column]
            if "stringOffsets" not in stored:
                return np.frombuffer(glb.view(stored["values"]), "<i4").tolist()
            text = glb.view(stored["values"])
            ends = np.frombuffer(glb.view(stored["stringOffsets"]), "<u4")
            return [text[a:b].decode() for a, b in pairwise(ends)]
    return []


def test_boxes_hold_what_is_in_them_and_children_are_inside(
    root: Tile, files: dict[str, bytes]
) -> None:
    for tile in every(root):
        low, high = corners(tile["boundingVolume"])
        for child in tile.get("children", ()):
            child_low, child_high = corners(child["boundingVolume"])
            assert (child_low >= low - 1e-9).all()
            assert (child_high <= high + 1e-9).all()
        if "content" in tile:
            xyz = placed(Glb(files[tile["content"]["uri"]]))
            own_low, own_high = corners(tile["content"]["boundingVolume"])
            assert (xyz >= own_low).all()
            assert (xyz <= own_high).all()
            assert (own_low >= low - 1e-9).all()
            assert (own_high <= high + 1e-9).all()
            assert np.abs(xyz.min(axis=0) - own_low).max() < 1.5  # and not much wider


def test_errors_fall_to_nothing(root: Tile) -> None:
    ground, things = root["children"]
    assert (root["refine"], ground["refine"], things["refine"]) == ("ADD", "REPLACE", "ADD")
    for tile in every(root):
        children = tile.get("children", [])
        assert all(child["geometricError"] <= tile["geometricError"] for child in children)
        assert children or tile["geometricError"] == 0
        assert tile["geometricError"] > 0 or not children
        assert "content" in tile or tile is root
        assert ("transform" in tile) == (tile is root)


def test_every_file_is_named_once_and_small(root: Tile, files: dict[str, bytes]) -> None:
    named = [tile["content"]["uri"] for tile in every(root) if "content" in tile]
    assert sorted([*named, TILESET]) == sorted(files)
    assert 20 < len(files) < 60
    assert max(map(len, files.values())) < 2 * MOST_BYTES
    assert sum(map(len, files.values())) < 12e6


def test_everything_is_there_once(scene: Scene, files: dict[str, bytes]) -> None:
    read = [Glb(content) for name, content in files.items() if name.startswith("things")]
    buildings = [name for glb in read for name in names_in(glb, "building", "building")]
    assert sorted(buildings) == sorted(scene.buildings.building)
    trees = [name for glb in read for name in names_in(glb, "tree", "tree")]
    assert sorted(trees) == sorted(scene.trees.tree.tolist())


def test_a_tiles_error_is_the_largest_thing_below_it(
    root: Tile, scene: Scene, files: dict[str, bytes]
) -> None:
    size_m = dict(zip(scene.buildings.building, scene.buildings.height_m, strict=True))
    things = root["children"][1]
    for tile in every(things):
        below = [
            name
            for other in every(tile)
            if other is not tile
            for name in names_in(Glb(files[other["content"]["uri"]]), "building", "building")
        ]
        assert all(size_m[name] <= tile["geometricError"] + 1e-3 for name in below)


def test_places_are_those_on_the_globe(root: Tile, scene: Scene, files: dict[str, bytes]) -> None:
    """By the closed formula of the ellipsoid, not by the library that made them."""
    matrix = np.array(root["transform"]).reshape(4, 4).T
    assert matrix[:3, :3].T @ matrix[:3, :3] == pytest.approx(np.eye(3), abs=1e-12)
    feet = tree_feet(scene)
    glb = Glb(files["things-0.glb"])
    (node,) = (one for one in glb.json["nodes"] if one["name"] == "trees")
    moves = node["extensions"]["EXT_mesh_gpu_instancing"]["attributes"]["TRANSLATION"]
    x, y, z = (glb.values(moves).astype("f8") + node["translation"]).T
    found = np.column_stack([x, -z, y]) @ matrix[:3, :3].T + matrix[:3, 3]
    rows = scene.trees.rows(names_in(glb, "tree", "tree"))
    lon, lat = np.radians(scene.trees.lon[rows]), np.radians(scene.trees.lat[rows])
    a, flat = 6_378_137.0, 1 / 298.257_223_563  # WGS 84
    e2 = flat * (2 - flat)
    n = a / np.sqrt(1 - e2 * np.sin(lat) ** 2)
    h = feet[rows, 2] + scene.facts.geoid_m
    meant = np.column_stack([
        (n + h) * np.cos(lat) * np.cos(lon), (n + h) * np.cos(lat) * np.sin(lon),
        (n * (1 - e2) + h) * np.sin(lat),
    ])  # fmt: skip
    assert np.linalg.norm(found - meant, axis=1).max() < 0.001


def test_up_is_up_everywhere(scene: Scene) -> None:
    far = np.array([[10_000.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    x, y = scene.projection.to_xy(*scene.facts.centre)
    places = far + np.array([float(x), float(y), 0.0])
    globe = Globe(scene)
    up = globe.turned(places, np.array([[0.0, 0.0, 1.0]] * 2))
    assert up[1] == pytest.approx([0, 0, 1], abs=1e-9)
    assert up[0, 0] == pytest.approx(10_000 / 6_371_000, rel=0.01)  # leans as the earth is round
    low, middle = globe.local(places)
    assert middle == pytest.approx([0, 0, 0], abs=1e-6)
    assert low[2] == pytest.approx(-(10_000**2) / (2 * 6_371_000), rel=0.01)
    raised = replace(scene, facts=replace_facts(scene, geoid_m=25.0))
    assert Globe(raised).local(places) == pytest.approx(globe.local(places), abs=0.1)
    lower, higher = (np.array(Globe(one).transform[12:15]) for one in (scene, raised))
    assert np.linalg.norm(higher - lower) == pytest.approx(25 - scene.facts.geoid_m, abs=1e-6)


def replace_facts(scene: Scene, **other: Any) -> Any:
    return msgspec.structs.replace(scene.facts, **other)


def test_the_same_city_gives_the_same_files(scene: Scene, files: dict[str, bytes]) -> None:
    assert dict(tiles(scene)) == files


def test_a_city_with_nothing_but_ground(tmp_path: Path) -> None:
    paper = load_scene(write_city(tmp_path, [(0, 0), (100, 0)], both_ways(("a", 0, 1, {}))))
    found = dict(tiles(paper))
    assert sorted(found) == ["ground.glb", TILESET]
    with pytest.raises(Invalid, match="nothing to draw in trees"):
        [*tiles(paper, ("trees",))]


def test_what_is_unknown_of_the_ground_is_left_out(scene: Scene) -> None:
    height = scene.ground.elevation_m.copy()
    height[:190, :190] = np.nan  # more than a whole window
    holed = replace(scene, ground=Ground(elevation_m=height, bounds=scene.ground.bounds))
    found = dict(tiles(holed, ("ground",)))
    assert "ground.glb" in found
    assert "ground-00.glb" not in found
    assert "ground-33.glb" in found
    assert b"NaN" not in found[TILESET]


def test_skirts_hang_from_the_border_and_face_outside() -> None:
    xyz = np.array([[0, 0, 5], [1, 0, 5], [1, 1, 5], [0, 1, 5]], float)
    flat = Mesh(xyz, np.tile([0.0, 0.0, 1.0], (4, 1)), np.array([[0, 1, 2], [0, 2, 3]]))
    with_walls = with_skirt(flat, 2.0)
    assert len(with_walls.corners) == 2 + 2 * 4
    assert with_walls.xyz_m[:, 2].min() == 3
    a, b, c = (with_walls.xyz_m[corner] for corner in with_walls.corners[2:].T)
    outward = np.cross(b - a, c - a)
    assert (outward[:, 2] == 0).all()
    assert (np.einsum("ij,ij->i", outward, (a + b + c) / 3 - [0.5, 0.5, 4]) > 0).all()
    assert with_skirt(flat, 0.0) is flat


@settings(max_examples=60)
@given(
    seed=st.integers(0, 2**32 - 1), n=st.integers(1, 300), spread=st.sampled_from([0.0, 1.0, 1e4])
)
def test_things_are_in_one_tile_each_the_largest_above(seed: int, n: int, spread: float) -> None:
    rng = np.random.Generator(np.random.PCG64(seed))
    things = Things(
        rng.random((n, 2)) * spread, rng.random(n) * 50, rng.integers(1, 400, n).astype(float)
    )
    root = tree_of(things, 1000.0)
    assert root is not None
    found: list[int] = []

    def walk(node: Node) -> float:
        found.extend(node.rows.tolist())
        if spread:
            assert things.n_bytes[node.rows].sum() <= 1500
        below = max((walk(child) for child in node.children), default=0.0)
        assert node.error_m == below
        assert things.size_m[node.rows].min() >= below
        return max(below, float(things.size_m[node.rows].max()))

    walk(root)
    assert sorted(found) == [*range(n)]
    assert tree_of(Things(np.zeros((0, 2)), np.zeros(0), np.zeros(0)), 1000.0) is None

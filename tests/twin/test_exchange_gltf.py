"""glTF: the container is what the specification says, and the prisms are the buildings."""

import json
import struct
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.twin.exchange.gltf import gltf
from hapgang.twin.exchange.meshes import prisms
from hapgang.twin.scene import Scene, load_scene
from tests.twin.exchange_paper import footprints, in_metres, with_buildings
from tests.twin.paper_city import both_ways, write_city

SEJONG = Path(__file__).resolve().parents[2] / "cities" / "sejong"
TYPES = {"VEC3": 3, "SCALAR": 1}


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("exchange") / "paper"
    return load_scene(write_city(folder, [(0, 0), (100, 0)], both_ways(("a", 0, 1, {}))))


class Glb:
    """A reader of .glb files of its own."""

    def __init__(self, content: bytes) -> None:
        magic, version, total = struct.unpack_from("<4sII", content)
        assert (magic, version, total) == (b"glTF", 2, len(content))
        n_json, word = struct.unpack_from("<I4s", content, 12)
        assert (word, n_json % 4) == (b"JSON", 0)
        self.json: dict[str, Any] = json.loads(content[20 : 20 + n_json])
        n_bin, word = struct.unpack_from("<I4s", content, 20 + n_json)
        assert (word, n_bin % 4) == (b"BIN\0", 0)
        self.buffer = content[28 + n_json :]
        assert len(self.buffer) == n_bin == self.json["buffers"][0]["byteLength"]

    def view(self, number: int) -> bytes:
        view = self.json["bufferViews"][number]
        assert view["byteOffset"] % 8 == 0
        return self.buffer[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]

    def values(self, number: int) -> np.ndarray:
        accessor = self.json["accessors"][number]
        kind = {5126: "<f4", 5125: "<u4", 5123: "<u2"}[accessor["componentType"]]
        values = np.frombuffer(self.view(accessor["bufferView"]), kind)
        return values.reshape(accessor["count"], TYPES[accessor["type"]])

    def mesh(self, name: str) -> dict[str, Any]:
        (mesh,) = (mesh for mesh in self.json["meshes"] if mesh["name"] == name)
        (primitive,) = mesh["primitives"]
        return dict(primitive)


def volumes_m3(xyz: np.ndarray, corners: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """Volume of each closed body, by the divergence theorem."""
    middle = xyz.mean(axis=0)
    a, b, c = ((xyz - middle)[corner] for corner in corners.T)
    each = np.einsum("ij,ij->i", a, np.cross(b, c)) / 6
    return np.bincount(owner[corners[:, 0]], each)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shapes=st.lists(footprints(), min_size=1, max_size=4), height_m=st.floats(1, 500, width=32))
def test_prisms_have_the_volume_of_their_buildings(
    paper: Scene, shapes: list[Any], height_m: float
) -> None:
    houses = [(f"b{i}", shape, {"height_m": height_m}) for i, shape in enumerate(shapes)]
    scene = with_buildings(paper, houses)
    mesh = prisms(scene)
    assert mesh.owner is not None
    found = volumes_m3(mesh.xyz_m, mesh.corners, mesh.owner)
    areas_m2 = shapely.area(in_metres(scene, scene.buildings.geometry))
    assert found == pytest.approx(areas_m2 * height_m, rel=1e-6)
    a, b, c = (mesh.xyz_m[corner] for corner in mesh.corners.T)
    faces = np.cross(b - a, c - a)
    assert (np.einsum("ij,ij->i", faces, mesh.normals[mesh.corners[:, 0]]) > 0).all()


def test_the_file_of_sejong() -> None:
    scene = load_scene(SEJONG)
    glb = Glb(b"".join(gltf(scene)))
    assert glb.json["asset"]["version"] == "2.0"
    house = glb.mesh("buildings")
    at = house["attributes"]
    xyz, normals = glb.values(at["POSITION"]).astype("f8"), glb.values(at["NORMAL"])
    owner = glb.values(at["_FEATURE_ID_0"]).ravel().astype(int)
    corners = glb.values(house["indices"]).reshape(-1, 3)
    assert np.linalg.norm(normals, axis=1) == pytest.approx(1, abs=1e-5)
    accessor = glb.json["accessors"][at["POSITION"]]
    assert accessor["min"] == xyz.min(axis=0).tolist()
    areas_m2 = shapely.area(in_metres(scene, scene.buildings.geometry))
    volumes = volumes_m3(xyz, corners, owner)
    assert volumes == pytest.approx(areas_m2 * scene.buildings.height_m, rel=1e-2)
    # Y is up, Z is south, and the scene says where the origin lies
    x0, y0, _ = glb.json["scenes"][0]["extras"]["origin_m"]
    first = xyz[owner == 0]
    west, south, east, north = in_metres(scene, scene.buildings.geometry[0]).bounds
    base, top = scene.buildings.base_m[0], scene.buildings.base_m[0] + scene.buildings.height_m[0]
    assert first.min(axis=0) == pytest.approx([west - x0, base, y0 - north], abs=0.01)
    assert first.max(axis=0) == pytest.approx([east - x0, top, y0 - south], abs=0.01)


def test_features_say_what_they_are() -> None:
    scene = load_scene(SEJONG)
    glb = Glb(b"".join(gltf(scene, ("buildings",))))
    (ids,) = glb.mesh("buildings")["extensions"]["EXT_mesh_features"]["featureIds"]
    assert ids == {"featureCount": len(scene.buildings), "attribute": 0, "propertyTable": 0}
    (table,) = glb.json["extensions"]["EXT_structural_metadata"]["propertyTables"]
    assert table["class"] == "building"
    stored = table["properties"]
    for name in ("building", "kind"):
        text = glb.view(stored[name]["values"])
        ends = np.frombuffer(glb.view(stored[name]["stringOffsets"]), "<u4")
        found = [text[a:b].decode() for a, b in pairwise(ends)]
        assert found == getattr(scene.buildings, name).tolist()
    floors = np.frombuffer(glb.view(stored["floors"]["values"]), "<i2")
    assert floors.tolist() == scene.buildings.floors.tolist()
    assert set(glb.json["extensionsUsed"]) == {"EXT_mesh_features", "EXT_structural_metadata"}


def test_trees_are_instances_that_say_what_they_are() -> None:
    scene = load_scene(SEJONG)
    content = b"".join(gltf(scene, ("trees",)))
    glb = Glb(content)
    (node,) = glb.json["nodes"]
    at = node["extensions"]["EXT_mesh_gpu_instancing"]["attributes"]
    move, scale = (glb.values(at[name]).astype("f8") for name in ("TRANSLATION", "SCALE"))
    assert len(move) == len(scene.trees)
    assert scale == pytest.approx(
        np.column_stack([scene.trees.crown_m, scene.trees.height_m, scene.trees.crown_m])
    )
    x0, y0, _ = glb.json["scenes"][0]["extras"]["origin_m"]
    assert move[:, [0, 2]] == pytest.approx((scene.trees.xy - [x0, y0]) * [1, -1], abs=0.01)
    (ids,) = node["extensions"]["EXT_instance_features"]["featureIds"]
    assert ids == {"featureCount": len(scene.trees), "propertyTable": 0}
    assert len(content) < 80 * len(scene.trees) + 10_000
    low, high = (glb.json["accessors"][glb.json["meshes"][0]["primitives"][1]["attributes"][
        "POSITION"]][side] for side in ("min", "max"))  # fmt: skip
    assert (low[1] < 0.5, high[1]) == (True, 1.0)


def test_texts_that_are_not_known_are_no_words() -> None:
    scene = load_scene(SEJONG)
    species = scene.trees.species.copy()
    species[0] = None
    glb = Glb(b"".join(gltf(replace(scene, trees=replace(scene.trees, species=species)))))
    known = glb.json["extensions"]["EXT_structural_metadata"]
    assert set(known["schema"]["classes"]) == {"building", "tree"}
    properties = known["schema"]["classes"]["tree"]["properties"]
    assert properties["species"] == {"type": "STRING", "noData": ""}
    trees = next(table for table in known["propertyTables"] if table["class"] == "tree")
    ends = np.frombuffer(glb.view(trees["properties"]["species"]["stringOffsets"]), "<u4")
    assert (ends[0], ends[1]) == (0, 0)
    assert ends[2] == len(species[1])


def test_the_ground_faces_up(paper: Scene) -> None:
    glb = Glb(b"".join(gltf(paper, ("ground",))))
    ground = glb.mesh("ground")
    xyz = glb.values(ground["attributes"]["POSITION"])
    a, b, c = (xyz[corner] for corner in glb.values(ground["indices"]).reshape(-1, 3).T)
    assert (np.cross(b - a, c - a)[:, 1] > 0).all()
    assert "extensionsUsed" not in glb.json


def test_flat_buildings_have_no_walls_and_nothing_is_refused(paper: Scene) -> None:
    flat = with_buildings(paper, [("b1", shapely.box(0, 0, 9, 9), {"height_m": 0.0})])
    assert len(prisms(flat).corners) == 4
    with pytest.raises(Invalid, match="nothing to draw in buildings"):
        b"".join(gltf(paper, ("buildings",)))

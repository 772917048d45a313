"""A city's model as glTF 2.0 in one binary file: buildings as closed prisms, ground, and trees.

Metres from a place in the middle of the city: X east, Y up (above the sea), Z south. Buildings
are features of EXT_mesh_features, trees are instances of one mesh (EXT_mesh_gpu_instancing, 24
bytes each) with EXT_instance_features; EXT_structural_metadata says what both are.
Source: Khronos glTF 2.0 specification, sections 3 and 4.4; the READMEs of the extensions.
"""

from collections.abc import Collection, Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hapgang import __version__
from hapgang.core.errors import Invalid
from hapgang.twin.exchange.glb import Features, Glb, Surface
from hapgang.twin.exchange.heights import tree_feet
from hapgang.twin.exchange.meshes import Mesh, ground_mesh, prisms
from hapgang.twin.exchange.terrain import terrain
from hapgang.twin.exchange.tree_shape import tree_parts
from hapgang.twin.scene import Scene

LAYERS = ("buildings", "ground", "trees")
GENERATOR = f"Hapgang {__version__}"
# Colours are a matter of taste: light walls, grass, bark, leaves.
_MATERIALS = {
    "buildings": (0.86, 0.84, 0.80, 1.0),
    "ground": (0.55, 0.62, 0.47, 1.0),
    "trunk": (0.36, 0.28, 0.21, 1.0),
    "crown": (0.31, 0.48, 0.29, 1.0),
}

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


class Frame(Protocol):
    """Where x, y and height lie in a file: east, north and up from its own origin."""

    def local(self, xyz_m: Floats) -> Floats:
        """Return places (n, 3) in the file."""

    def turned(self, xyz_m: Floats, normals: Floats) -> Floats:
        """Return directions (n, 3) at places, of length 1."""


class Flat:
    """The city's own plane, moved to an origin."""

    def __init__(self, origin_m: Floats) -> None:
        self._origin_m = origin_m

    def local(self, xyz_m: Floats) -> Floats:
        """Return places (n, 3) from the origin."""
        return xyz_m - self._origin_m

    def turned(self, xyz_m: Floats, normals: Floats) -> Floats:
        """Return the directions, which are the same everywhere."""
        return normals


def gltf(scene: Scene, layers: Collection[str] = LAYERS) -> Iterator[bytes]:
    """Yield the pieces of a .glb file; `Invalid` if the layers hold nothing to draw.

    The origin, in the city's EPSG, stands in the scene's extras. Positions are floats of 32 bits:
    some 1 mm at 10 km from the middle.
    """
    x, y = scene.projection.to_xy(*scene.facts.centre)
    origin_m = np.array([round(float(x)), round(float(y)), 0.0])
    glb, frame = Glb(GENERATOR), Flat(origin_m)
    if "buildings" in layers and len(scene.buildings):
        add_buildings(glb, frame, scene, prisms(scene), np.arange(len(scene.buildings)))
    ground = terrain(scene) if "ground" in layers else None
    if ground is not None:
        add_ground(glb, frame, ground_mesh(ground))
    if "trees" in layers:
        add_trees(glb, frame, scene, tree_feet(scene), np.arange(len(scene.trees)))
    if glb.is_empty:
        raise Invalid(
            f"{scene.name} has nothing to draw in {', '.join(layers)}",
            f"{scene.name}의 {', '.join(layers)}에는 그릴 것이 없습니다",
        )
    yield from glb.pieces(
        scene.name,
        {
            "title": f"{scene.title.en} · {scene.title.ko}",
            "epsg": scene.epsg,
            "origin_m": origin_m.tolist(),
            "scenario": scene.scenario.name,
            "version": scene.version,
        },
    )


def add_buildings(glb: Glb, frame: Frame, scene: Scene, mesh: Mesh, rows: Rows) -> None:
    """Add buildings and what they are; the mesh's owners are places in `rows`."""
    assert mesh.owner is not None
    b = scene.buildings
    columns: dict[str, NDArray[Any]] = {
        "building": b.building[rows],
        "kind": b.kind[rows],
        "base_m": b.base_m[rows],
        "height_m": b.height_m[rows],
        "floors": b.floors[rows],
        "dwellings": b.dwellings[rows],
        "floor_area_m2": b.floor_area_m2[rows],
        "jobs": b.jobs[rows],
    }
    table = glb.property_table("building", columns)
    surface = _surface(glb, frame, "buildings", mesh)
    glb.mesh("buildings", surface, Features(mesh.owner, len(rows), table))


def add_ground(glb: Glb, frame: Frame, mesh: Mesh) -> None:
    """Add the ground."""
    glb.mesh("ground", _surface(glb, frame, "ground", mesh))


def add_trees(glb: Glb, frame: Frame, scene: Scene, feet_m: Floats, rows: Rows) -> None:
    """Add trees and what they are, where they have height and crown; feet are those of all."""
    trees = scene.trees
    rows = rows[(trees.crown_m[rows] > 0) & (trees.height_m[rows] > 0)]
    if not len(rows):
        return
    columns: dict[str, NDArray[Any]] = {
        "tree": trees.tree[rows],
        "kind": trees.kind[rows],
        "species": trees.species[rows],
        "height_m": trees.height_m[rows],
        "crown_m": trees.crown_m[rows],
    }
    table = glb.property_table("tree", columns)
    crown_m, height_m = trees.crown_m[rows], trees.height_m[rows]
    surfaces = [
        Surface(
            glb.material(name, _MATERIALS[name]),
            _y_up(part.xyz), _y_up(part.normals), part.triangles,
        )
        for name, part in tree_parts().items()
    ]  # fmt: skip
    scales = np.column_stack([crown_m, height_m, crown_m]).astype("f4")
    glb.instances("trees", surfaces, _y_up(frame.local(feet_m[rows])), scales, table)


def _surface(glb: Glb, frame: Frame, name: str, mesh: Mesh) -> Surface:
    return Surface(
        glb.material(name, _MATERIALS[name]),
        _y_up(frame.local(mesh.xyz_m)),
        _y_up(frame.turned(mesh.xyz_m, mesh.normals)),
        mesh.corners,
    )


def _y_up(xyz: Floats) -> NDArray[np.float32]:
    """Turn x, y, height into glTF's axes."""
    return np.column_stack([xyz[:, 0], xyz[:, 2], -xyz[:, 1]]).astype("f4")

"""A city's model as glTF 2.0 in one binary file: buildings as closed prisms, and the ground.

Metres from a place in the middle of the city: X east, Y up (above the sea), Z south. Buildings
are features of EXT_mesh_features, and EXT_structural_metadata says what they are.
Source: Khronos glTF 2.0 specification, sections 3 and 4.4; the README of both extensions.
"""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hapgang import __version__
from hapgang.core.errors import Invalid
from hapgang.twin.exchange.footprints import flat_polygons, rings, triangles
from hapgang.twin.exchange.glb import Glb
from hapgang.twin.exchange.terrain import Terrain, terrain
from hapgang.twin.scene import Scene

LAYERS = ("buildings", "ground")
# Colours are a matter of taste: light walls, grass.
_MATERIALS = {"buildings": (0.86, 0.84, 0.80, 1.0), "ground": (0.55, 0.62, 0.47, 1.0)}
_SHORTEST_M = 1e-3  # sides below this make no wall: a float cannot tell their ends apart
_HALVES = np.array([[0, 1, 2], [0, 2, 3]])  # of a wall

Floats = NDArray[np.float64]


class Mesh(NamedTuple):
    """Triangles in metres of the city: x, y, height; normals of length 1; whose each corner is."""

    xyz_m: Floats  # (n, 3)
    normals: Floats  # (n, 3)
    corners: NDArray[np.int64]  # (m, 3), rows of xyz_m
    owner: NDArray[np.int64] | None = None  # (n,)


def gltf(scene: Scene, layers: Collection[str] = LAYERS) -> Iterator[bytes]:
    """Yield the pieces of a .glb file; `Invalid` if the layers hold nothing to draw.

    The origin, in the city's EPSG, stands in the scene's extras. Positions are floats of 32 bits:
    some 1 mm at 10 km from the middle.
    """
    x, y = scene.projection.to_xy(*scene.facts.centre)
    origin_m = np.array([round(float(x)), round(float(y)), 0.0])
    glb = Glb(f"Hapgang {__version__}")
    for layer, mesh in _meshes(scene, layers):
        material = glb.material(layer, _MATERIALS[layer])
        local = mesh.xyz_m - origin_m
        glb.mesh(
            layer, material, _y_up(local), _y_up(mesh.normals), mesh.corners, mesh.owner,
            None if mesh.owner is None else len(scene.buildings),
        )  # fmt: skip
        if mesh.owner is not None:
            glb.property_table("building", _properties(scene))
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


def _meshes(scene: Scene, layers: Collection[str]) -> Iterator[tuple[str, Mesh]]:
    if "buildings" in layers and len(scene.buildings):
        yield "buildings", prisms(scene)
    ground = terrain(scene) if "ground" in layers else None
    if ground is not None:
        yield "ground", _ground(ground)


def _y_up(xyz: Floats) -> NDArray[np.float32]:
    """Turn x, y, height into glTF's axes."""
    return np.column_stack([xyz[:, 0], xyz[:, 2], -xyz[:, 1]]).astype("f4")


def _properties(scene: Scene) -> dict[str, Any]:
    b = scene.buildings
    return {
        "building": b.building,
        "kind": b.kind,
        "base_m": b.base_m,
        "height_m": b.height_m,
        "floors": b.floors,
        "dwellings": b.dwellings,
        "floor_area_m2": b.floor_area_m2,
        "jobs": b.jobs,
    }


def prisms(scene: Scene) -> Mesh:
    """Return all buildings as closed prisms with sharp edges: floor, roof and walls.

    Buildings of height 0 are flat. Corners of different faces are not shared.
    """
    polygons, owner = flat_polygons(scene)
    base_m = scene.buildings.base_m.astype("f8")
    top_m = base_m + scene.buildings.height_m.astype("f8")
    cut, polygon = triangles(polygons)
    whose = owner[polygon]
    roof = _level(cut, top_m[whose], whose, up=1.0)
    floor = _level(cut[:, ::-1], base_m[whose], whose, up=-1.0)
    sides, side_owner = _sides(polygons, owner)
    stands = top_m[side_owner] > base_m[side_owner]
    sides, side_owner = sides[stands], side_owner[stands]
    walls = _walls(sides, base_m[side_owner], top_m[side_owner], side_owner)
    return _together([roof, floor, walls])


def _level(cut: Floats, z: Floats, whose: NDArray[np.int64], *, up: float) -> Mesh:
    xyz = np.concatenate([cut, np.broadcast_to(z[:, None, None], (*cut.shape[:2], 1))], axis=2)
    normals = np.broadcast_to([0.0, 0.0, up], (3 * len(cut), 3))
    corners = np.arange(3 * len(cut)).reshape(-1, 3)
    return Mesh(xyz.reshape(-1, 3), normals, corners, whose.repeat(3))


def _sides(
    polygons: NDArray[np.object_], owner: NDArray[np.int64]
) -> tuple[Floats, NDArray[np.int64]]:
    """Return the sides (n, 2, 2) of all rings, the inside on their left, and whose each one is."""
    found, whose = [np.zeros((0, 2, 2))], [np.zeros(0, dtype=np.int64)]
    for polygon, building in zip(polygons, owner.tolist(), strict=True):
        for ring in rings(polygon):
            found.append(np.stack([ring, np.roll(ring, -1, axis=0)], axis=1))
            whose.append(np.full(len(ring), building))
    sides, rows = np.concatenate(found), np.concatenate(whose)
    seen = np.hypot(*(sides[:, 1] - sides[:, 0]).T) >= _SHORTEST_M
    return sides[seen], rows[seen]


def _walls(sides: Floats, base_m: Floats, top_m: Floats, whose: NDArray[np.int64]) -> Mesh:
    along = sides[:, 1] - sides[:, 0]
    along /= np.hypot(along[:, 0], along[:, 1])[:, None]
    normals = np.column_stack([along[:, 1], -along[:, 0], np.zeros(len(along))])
    low, high = (np.broadcast_to(z[:, None, None], (len(z), 2, 1)) for z in (base_m, top_m))
    under = np.concatenate([sides, low], axis=2)
    over = np.concatenate([sides, high], axis=2)[:, ::-1]
    xyz = np.concatenate([under, over], axis=1).reshape(-1, 3)
    first = 4 * np.arange(len(sides))[:, None]
    corners = np.concatenate([first + half for half in _HALVES], axis=1).reshape(-1, 3)
    return Mesh(xyz, normals.repeat(4, axis=0), corners, whose.repeat(4))


def _together(parts: list[Mesh]) -> Mesh:
    starts = np.cumsum([0, *(len(part.xyz_m) for part in parts)])
    return Mesh(
        np.concatenate([part.xyz_m for part in parts]),
        np.concatenate([part.normals for part in parts]),
        np.concatenate([p.corners + start for p, start in zip(parts, starts, strict=False)]),
        np.concatenate([part.owner for part in parts if part.owner is not None]),
    )


def _ground(ground: Terrain) -> Mesh:
    """Return the ground with normals that are the mean of the triangles around a corner."""
    corners = ground.xyz_m[ground.triangles]
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(ground.xyz_m)
    for corner in ground.triangles.T:
        np.add.at(normals, corner, faces)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return Mesh(ground.xyz_m, normals, ground.triangles)

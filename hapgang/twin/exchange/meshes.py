"""Buildings and ground as triangles, in the city's metres."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hapgang.twin.exchange.footprints import flat_polygons, rings, triangles
from hapgang.twin.exchange.terrain import Terrain
from hapgang.twin.exchange.tree_shape import round_normals
from hapgang.twin.scene import Scene

_SHORTEST_M = 1e-3  # sides below this make no wall: a float cannot tell their ends apart
_HALVES = np.array([[0, 1, 2], [0, 2, 3]])  # of a wall

Floats = NDArray[np.float64]


class Mesh(NamedTuple):
    """Triangles in metres of the city: x, y, height; normals of length 1; whose each corner is."""

    xyz_m: Floats  # (n, 3)
    normals: Floats  # (n, 3)
    corners: NDArray[np.int64]  # (m, 3), rows of xyz_m
    owner: NDArray[np.int64] | None = None  # (n,)

    def only(self, rows: NDArray[np.int64]) -> "Mesh":
        """Return the triangles of some owners, who are numbered by their place in `rows`."""
        assert self.owner is not None
        place = np.full(max(int(self.owner.max(initial=-1)), int(rows.max(initial=-1))) + 1, -1)
        place[rows] = np.arange(len(rows))
        kept = place[self.owner] >= 0
        renumbered = np.cumsum(kept) - 1
        corners = self.corners[kept[self.corners[:, 0]]]
        return Mesh(
            self.xyz_m[kept], self.normals[kept], renumbered[corners], place[self.owner[kept]]
        )


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


def ground_mesh(ground: Terrain) -> Mesh:
    """Return the ground with normals that are the mean of the triangles around a corner."""
    return Mesh(ground.xyz_m, round_normals(ground.xyz_m, ground.triangles), ground.triangles)


def with_skirt(mesh: Mesh, depth_m: float) -> Mesh:
    """Return a surface with walls down from its border, which hide gaps to a coarser neighbour.

    Walls have the light of the border above them, so that nobody sees where they begin.
    """
    if not depth_m:
        return mesh
    corners = mesh.corners
    sides = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    n = len(mesh.xyz_m)
    _, first, count = np.unique(
        np.sort(sides, axis=1) @ [n, 1], return_index=True, return_counts=True
    )
    border = sides[first[count == 1]]  # seen from above, the surface lies on their left
    used, low = np.unique(border, return_inverse=True)
    (a, b), (under_a, under_b) = border.T, low.reshape(-1, 2).T + n
    walls = np.concatenate([np.stack([under_a, under_b, b]), np.stack([under_a, b, a])], axis=1)
    under = mesh.xyz_m[used] - np.array([0.0, 0.0, depth_m])
    return Mesh(
        np.vstack([mesh.xyz_m, under]),
        np.vstack([mesh.normals, mesh.normals[used]]),
        np.vstack([corners, walls.T]),
    )

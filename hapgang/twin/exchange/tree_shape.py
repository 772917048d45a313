"""A tree as few triangles: trunk and crown of size 1, which each tree's measures draw out."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_CORNERS = 6  # of every ring, as the portal's map has them
# Radius as a share of the crown's width, height as a share of the tree's. A matter of taste.
_FOOT, _FORK = (0.03, 0.0), (0.03, 0.3)
_WIDEST, _SHOULDER = (0.5, 0.55), (0.35, 0.85)


class Part(NamedTuple):
    """Triangles of a surface: corners (n, 3), normals of length 1, rows of corners (m, 3)."""

    xyz: Floats
    normals: Floats
    triangles: NDArray[np.int64]


def tree_solid() -> tuple[Floats, list[list[int]]]:
    """Return a closed tree: corners (n, 3), and its faces seen from outside counter-clockwise.

    Height 1 above the foot at 0, 0, 0; the crown is 1 across. Faces are flat, and stay flat when
    width and height are drawn out.
    """
    xyz = np.vstack([_rings(_FOOT, _FORK, _WIDEST, _SHOULDER), [(0, 0, 1)]])
    foot = [*range(_CORNERS)][::-1]
    return xyz, [foot, *_sides(4), *_top(4)]


def tree_parts() -> dict[str, Part]:
    """Return trunk and crown as triangles with round normals; nobody sees the trunk's ends."""
    crown = np.vstack([_rings(_FORK, _WIDEST, _SHOULDER), [(0, 0, 1)]])
    return {
        "trunk": _part(_rings(_FOOT, _FORK), _sides(2)),
        "crown": _part(crown, [*_sides(3), *_top(3)]),
    }


def _rings(*profile: tuple[float, float]) -> Floats:
    turn = 2 * np.pi * np.arange(_CORNERS) / _CORNERS
    circle = np.column_stack([np.cos(turn), np.sin(turn)])
    return np.vstack([np.insert(radius * circle, 2, z, axis=1) for radius, z in profile])


def _sides(n_rings: int) -> list[list[int]]:
    """Return the faces between each ring and the one above it."""
    return [
        [low + i, low + j, low + _CORNERS + j, low + _CORNERS + i]
        for low in range(0, (n_rings - 1) * _CORNERS, _CORNERS)
        for i, j in _around()
    ]


def _top(n_rings: int) -> list[list[int]]:
    last, apex = (n_rings - 1) * _CORNERS, n_rings * _CORNERS
    return [[last + i, last + j, apex] for i, j in _around()]


def _around() -> list[tuple[int, int]]:
    return [(i, (i + 1) % _CORNERS) for i in range(_CORNERS)]


def _part(xyz: Floats, faces: list[list[int]]) -> Part:
    fans = [(face[0], a, b) for face in faces for a, b in pairwise(face[1:])]
    triangles = np.array(fans, "i8")
    return Part(xyz, round_normals(xyz, triangles), triangles)


def round_normals(xyz: Floats, triangles: NDArray[np.int64]) -> Floats:
    """Return for each corner the mean direction of the triangles around it, by their area."""
    corners = xyz[triangles]
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(xyz)
    for corner in triangles.T:
        np.add.at(normals, corner, faces)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return normals

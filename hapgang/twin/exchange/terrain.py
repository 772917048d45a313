"""The ground of a city as triangles."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hapgang.twin.ground import Ground
from hapgang.twin.projection import Projection
from hapgang.twin.scene import Scene

_MOST_VERTICES = 40_000  # some 80,000 triangles: what a browser draws without effort


@dataclass(frozen=True, eq=False, kw_only=True)
class Terrain:
    """Triangles between heights, seen from above counter-clockwise.

    xyz_m (n, 3): the city's metres and metres above the sea. triangles (m, 3): rows of xyz_m.
    off_m: how far the surface lies from the city's own grid at worst, where cells were left out.
    """

    xyz_m: NDArray[np.float64]
    triangles: NDArray[np.int64]
    off_m: float


def terrain(scene: Scene, *, most_vertices: int = _MOST_VERTICES) -> Terrain | None:
    """Return the ground, thinned evenly to about `most_vertices`; None where nothing is known.

    Vertices are centres of cells, so half a cell is missing along the border.
    """
    stride = max(1, math.ceil(math.sqrt(scene.ground.elevation_m.size / most_vertices)))
    return thinned(scene.ground, scene.projection, stride)


def thinned(ground: Ground, projection: Projection, stride: int) -> Terrain | None:
    """Return the ground with each so many rows and columns of its grid, and the last ones."""
    n_rows, n_columns = ground.elevation_m.shape
    rows, columns = _every(n_rows, stride), _every(n_columns, stride)
    z = ground.elevation_m[np.ix_(rows, columns)].astype("f8")
    lon, lat = _centres(ground)
    x, y = projection.to_xy(*np.meshgrid(lon[columns], lat[rows]))
    found = _triangles(np.isfinite(z))
    if not len(found):
        return None
    used, renumbered = np.unique(found, return_inverse=True)
    return Terrain(
        xyz_m=np.column_stack([x.ravel(), y.ravel(), z.ravel()])[used],
        triangles=renumbered.reshape(-1, 3).astype("i8"),
        off_m=_off_m(ground, rows, columns),
    )


def _every(n: int, stride: int) -> NDArray[np.int64]:
    return np.unique(np.append(np.arange(0, n, stride), n - 1))


def _centres(ground: Ground) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    west, south, east, north = ground.bounds
    rows, columns = ground.elevation_m.shape
    lon = west + (np.arange(columns) + 0.5) * (east - west) / columns
    lat = north - (np.arange(rows) + 0.5) * (north - south) / rows
    return lon, lat


def _triangles(known: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return two triangles for each square whose four corners are known."""
    number = np.arange(known.size).reshape(known.shape)
    nw, ne, sw, se = (
        corners[known[:-1, :-1] & known[:-1, 1:] & known[1:, :-1] & known[1:, 1:]]
        for corners in (number[:-1, :-1], number[:-1, 1:], number[1:, :-1], number[1:, 1:])
    )
    pairs = np.stack([np.stack([nw, sw, ne], axis=1), np.stack([ne, sw, se], axis=1)], axis=1)
    return pairs.reshape(-1, 3)


def _off_m(ground: Ground, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> float:
    """Return the largest difference to the grid of what the kept heights give between them."""
    from scipy.interpolate import RegularGridInterpolator  # noqa: PLC0415 (a city starts without)

    z = ground.elevation_m.astype("f8")
    if len(rows) == z.shape[0] and len(columns) == z.shape[1]:
        return 0.0
    kept = RegularGridInterpolator((rows, columns), z[np.ix_(rows, columns)])
    at = np.stack(np.meshgrid(*map(np.arange, z.shape), indexing="ij"), axis=-1)
    difference = np.abs(kept(at) - z)
    return float(difference[np.isfinite(difference)].max(initial=0.0))

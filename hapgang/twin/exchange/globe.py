"""From a city's metres to the globe: east, north and up from one place, exact everywhere else."""

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from hapgang.twin.scene import Scene

Floats = NDArray[np.float64]

_to_ecef = Transformer.from_crs(4979, 4978, always_xy=True)


class Globe:
    """Places on the globe in metres east, north and up from the middle of a city.

    The axes are those at the middle, so that what is far away lies lower, as the earth is round,
    and the projection's own turn and scale are undone. Heights above the sea become heights above
    the ellipsoid by `geoid_m` of the city's facts, one number for all of it.
    Source: WGS 84, EPSG:4979 to EPSG:4978. Checked: tests/twin/test_tiles.py, by hand.
    """

    def __init__(self, scene: Scene) -> None:
        """Stand at the city's centre, on the level of the sea."""
        self._projection, self._geoid_m = scene.projection, scene.facts.geoid_m
        lon, lat = scene.facts.centre
        self._origin = np.array(_to_ecef.transform(lon, lat, self._geoid_m))
        east, north = np.radians(lon), np.radians(lat)
        self._axes = np.array([
            [-np.sin(east), np.cos(east), 0.0],
            [-np.sin(north) * np.cos(east), -np.sin(north) * np.sin(east), np.cos(north)],
            [np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)],
        ])  # fmt: skip

    @property
    def transform(self) -> list[float]:
        """The matrix from here to the earth's centre, column by column, as 3D Tiles want it."""
        matrix = np.eye(4)
        matrix[:3, :3] = self._axes.T
        matrix[:3, 3] = self._origin
        return [float(one) for one in matrix.T.ravel()]

    def local(self, xyz_m: Floats) -> Floats:
        """Return places (n, 3) of the city's plane and heights above the sea."""
        if not len(xyz_m):
            return np.zeros((0, 3))
        lon, lat = self._projection.to_lonlat(xyz_m[:, 0], xyz_m[:, 1])
        ecef = np.column_stack(_to_ecef.transform(lon, lat, xyz_m[:, 2] + self._geoid_m))
        return np.asarray((ecef - self._origin) @ self._axes.T)

    def turned(self, xyz_m: Floats, normals: Floats) -> Floats:
        """Return directions (n, 3) at places, of length 1: where a step of 1 m leads."""
        steps = self.local(xyz_m + normals) - self.local(xyz_m)
        return np.asarray(steps / np.linalg.norm(steps, axis=1, keepdims=True))

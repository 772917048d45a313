"""The corners of a CityJSON file that is being written."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

SCALE_M = 0.001  # one step of a coordinate

Boundary = list[int]


class Steps:
    """All corners of a file, each once, as whole steps from a place in the city."""

    def __init__(self, origin_m: Sequence[float]) -> None:
        self.origin_m = np.asarray(origin_m, "f8")
        self._rows: dict[tuple[int, ...], int] = {}
        self._beyond: list[NDArray[np.float64]] = []

    def steps(self, xyz_m: ArrayLike) -> NDArray[np.int64]:
        """Return places in metres as whole steps."""
        steps = np.rint((np.asarray(xyz_m, "f8") - self.origin_m) / SCALE_M)
        return np.asarray(steps, "i8")

    def row(self, step: tuple[int, ...]) -> int:
        """Return the row of a corner, which is added when it is new."""
        return self._rows.setdefault(step, len(self._rows))

    def ring(self, steps: NDArray[np.int64]) -> Boundary:
        """Return the rows of a ring's corners."""
        return [self.row(tuple(step)) for step in steps.tolist()]

    def reach(self, xyz_m: ArrayLike) -> None:
        """Count places (n, 3) to the file's extent that are none of its corners."""
        self._beyond.append(np.asarray(xyz_m, "f8").reshape(-1, 3))

    def all(self) -> list[tuple[int, ...]]:
        """Return all corners by row."""
        return list(self._rows)

    def extent_m(self) -> list[float]:
        """Return the least and the greatest x, y and height."""
        corners = np.array(self.all(), "f8").reshape(-1, 3) * SCALE_M + self.origin_m
        every = np.concatenate([corners, *self._beyond])
        both = np.concatenate([every.min(axis=0), every.max(axis=0)])
        return [round(float(side), 3) for side in both]


def kept(ring: NDArray[np.int64]) -> NDArray[np.int64]:
    """Leave out corners that fall on the one before; all of them if no surface is left."""
    found: NDArray[np.int64] = ring[(ring != np.roll(ring, 1, axis=0)).any(axis=1)]
    return found if len(np.unique(found, axis=0)) > 2 else found[:0]

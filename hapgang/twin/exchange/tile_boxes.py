"""The boxes around tiles, and a tile as tileset.json has it."""

from collections.abc import Collection
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

_LEAST_HALF_M = 0.01  # of a box: floats of 32 bits lie that near

Floats = NDArray[np.float64]


class Box(NamedTuple):
    """Two corners in metres east, north and up."""

    low: Floats
    high: Floats

    def volume(self) -> dict[str, list[float]]:
        """Return it as a boundingVolume: the middle, and half of each side."""
        half = (self.high - self.low) / 2 + _LEAST_HALF_M
        middle = (self.low + self.high) / 2
        return {"box": [round(float(v), 4) for v in (*middle, *np.diag(half).ravel())]}


class Branch(NamedTuple):
    """A tile with all below it: its JSON, its box, its error."""

    tile: dict[str, Any]
    box: Box
    error_m: float


def outward(low: Floats, high: Floats) -> Box:
    """Return a box around corners, to whole millimetres."""
    return Box(np.floor(low * 1e3) / 1e3, np.ceil(high * 1e3) / 1e3)


def box_of(xyz_m: Floats) -> Box:
    """Return the box around places (n, 3)."""
    return outward(xyz_m.min(axis=0), xyz_m.max(axis=0))


def around(boxes: Collection[Box]) -> Box:
    """Return the box around boxes."""
    return Box(
        np.min([box.low for box in boxes], axis=0), np.max([box.high for box in boxes], axis=0)
    )


def branch(
    below: list[Branch], error_m: float, refine: str, file: str = "", own: Box | None = None
) -> Branch:
    """Return a tile with its children, and with a file if `own` is the box around what is in it."""
    box = around([one.box for one in below] + ([own] if own is not None else []))
    tile: dict[str, Any] = {
        "boundingVolume": box.volume(),
        "geometricError": round(error_m, 3),
        "refine": refine,
    }
    if own is not None:
        tile["content"] = {"uri": file, "boundingVolume": own.volume()}
    if below:
        tile["children"] = [one.tile for one in below]
    return Branch(tile, box, error_m)

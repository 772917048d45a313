"""Dividing a city into tiles: things by size and place, the ground by windows of its grid."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

_FULL = 1.5  # of what a tile may have: rather a larger one than quarters with next to nothing
_DEEPEST = 16  # things in one place cannot be divided for ever


class Things(NamedTuple):
    """What is to be shown: where (n, 2) and how large (n,), m; how many bytes it takes (n,)."""

    xy_m: Floats
    size_m: Floats
    n_bytes: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Node:
    """A tile of things, and what its quarters add; `name` is the path of quarters to it.

    error_m: the size of the largest thing that is missing as long as only this tile is shown.
    """

    name: str
    rows: Rows
    error_m: float
    children: tuple["Node", ...]


def tree_of(things: Things, most_bytes: float) -> Node | None:
    """Return the tiles of all things, each thing in one of them; None if there is nothing.

    A tile has the largest things of its square that are in no tile above it, up to `most_bytes`
    and at least one; what is left goes to its quarters, unless it is less than half as much.
    """
    if not len(things.size_m):
        return None
    low, high = things.xy_m.min(axis=0), things.xy_m.max(axis=0)
    largest_first = np.lexsort([np.arange(len(things.size_m)), -things.size_m])
    return _node(things, largest_first, (low + high) / 2, max(high - low) / 2, "", most_bytes)


def _node(
    things: Things, rows: Rows, middle_m: Floats, half_m: float, name: str, most_bytes: float
) -> Node:
    total = np.cumsum(things.n_bytes[rows])
    n_own = max(1, int(np.searchsorted(total, most_bytes, side="right")))
    if len(name) == _DEEPEST or total[-1] <= most_bytes * _FULL:
        n_own = len(rows)
    left = rows[n_own:]
    right, upper = (things.xy_m[left] >= middle_m).T
    children = []
    for quarter in range(4):
        inside = left[right + 2 * upper == quarter]
        if len(inside):
            side = np.array([quarter % 2, quarter // 2]) - 0.5
            children.append(
                _node(things, inside, middle_m + side * half_m, half_m / 2, f"{name}{quarter}",
                      most_bytes)
            )  # fmt: skip
    return Node(
        name=name,
        rows=np.sort(rows[:n_own]),
        error_m=float(things.size_m[left].max(initial=0.0)),
        children=tuple(children),
    )


class Window(NamedTuple):
    """A part of a grid, its last row and column included, and every how many cells it is kept."""

    name: str
    rows: slice
    columns: slice
    stride: int

    def quarters(self) -> Iterator["Window"]:
        """Yield four windows that share their borders, or two where one side is short."""
        each = [_halves(self.rows, self.stride), _halves(self.columns, self.stride)]
        for i, rows in enumerate(each[0]):
            for j, columns in enumerate(each[1]):
                yield window(f"{self.name}{2 * i + j}", rows, columns)


_SIDE = 96  # cells along a window's longer side, at most


def window(name: str, rows: slice, columns: slice) -> Window:
    """Return a window, as thinned as it must be to stay small."""
    longest = max(rows.stop - rows.start, columns.stop - columns.start) - 1
    return Window(name, rows, columns, max(1, -(-longest // _SIDE)))


def _halves(cells: slice, stride: int) -> list[slice]:
    n = cells.stop - cells.start - 1
    if n <= _SIDE or stride == 1:
        return [cells]
    middle = cells.start + n // 2
    return [slice(cells.start, middle + 1), slice(middle, cells.stop)]

"""Where the copies of a city lie that is there many times over."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil, sqrt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hapgang.twin.layers import EXTRAS, SCHEMA
from hapgang.twin.projection import Projection
from hapgang.twin.scene import read_facts
from hapgang.twin.tables import read_table

Column = NDArray[Any]
Columns = dict[str, Column]

_GAP_M = 250.0  # between the streets of two copies


@dataclass(frozen=True, eq=False)
class Tiling:
    """A city's tables, and where its copies lie."""

    tables: dict[str, Columns]
    projection: Projection
    count: int

    @classmethod
    def of(cls, source: Path, count: int) -> "Tiling":
        """Read the city, with what it has besides."""
        layers = {
            **SCHEMA,
            **{name: e for name, e in EXTRAS.items() if (source / e.table.file).is_file()},
        }
        tables = {name: read_table(source, layer.table) for name, layer in layers.items()}
        return cls(tables, Projection(read_facts(source).epsg), count)

    @cached_property
    def is_beyond(self) -> NDArray[np.bool_]:
        """Nodes that only streets beyond the map lead to: there once for all copies."""
        links = self.tables["links"]
        own = links["kind"] != "outside"
        beyond = np.ones(len(self.tables["nodes"]["node"]), np.bool_)
        beyond[links["source"][own]] = beyond[links["target"][own]] = False
        return beyond

    @cached_property
    def node_xy(self) -> NDArray[np.float64]:
        """(nodes, 2) metres, of the first copy."""
        nodes = self.tables["nodes"]
        return self.projection.xy(nodes["lon"], nodes["lat"])

    @cached_property
    def bounds_m(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """South-west and north-east corner of a copy's streets."""
        inside = self.node_xy[~self.is_beyond]
        return inside.min(axis=0), inside.max(axis=0)

    @property
    def across(self) -> int:
        """How many copies stand in a row from west to east."""
        return ceil(sqrt(self.count))

    def offset_m(self, tile: int) -> NDArray[np.float64]:
        """Return how far a copy lies from the original: rows fill from north to south."""
        low, high = self.bounds_m
        step = high - low + _GAP_M
        return np.array([step[0] * (tile % self.across), -step[1] * (tile // self.across)])

    def moved(self, lonlat: NDArray[np.float64], tile: int) -> NDArray[np.float64]:
        """Return points (n, 2) in degrees, moved by a copy's offset in metres."""
        xy = self.projection.xy(lonlat[:, 0], lonlat[:, 1]) + self.offset_m(tile)
        return np.column_stack(self.projection.to_lonlat(xy[:, 0], xy[:, 1]))

    def node(self, tile: int, rows: Column) -> NDArray[np.int64]:
        """Return the tiled city's nodes for those of a copy; the shared ones come last."""
        inside = ~self.is_beyond
        rank = np.where(inside, np.cumsum(inside), np.cumsum(~inside)) - 1
        first = np.where(inside, tile, self.count) * int(inside.sum())
        return np.asarray((first + rank)[rows], np.int64)

    def neighbours(self) -> list[tuple[int, int]]:
        """Copies that share an edge."""
        pairs = [(t, t + 1) for t in range(self.count) if (t + 1) % self.across]
        pairs += [(t, t + self.across) for t in range(self.count)]
        return [(a, b) for a, b in pairs if b < self.count]

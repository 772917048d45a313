"""Trees, pipes and ducts of a CityJSON file as rows of `trees.parquet` and `utilities.parquet`.

A tree stands in the middle of what reaches lowest of it. Its height and crown are those it says,
else those of its shape, whichever type that has. Pipes are read as `cityjson_extras` writes them.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from hapgang.twin.exchange.cityjson_extras import UTILITY
from hapgang.twin.exchange.cityjson_facts import Facts
from hapgang.twin.exchange.cityjson_form import CityObject, Geometry, Vertices, bad_object
from hapgang.twin.layers import Trees, Utilities
from hapgang.twin.projection import Projection
from hapgang.twin.tables import Table

_KIND_ELSE = "park"  # of trees that do not say whether they line a street
_KINDS = ("street", "park")
_MEASURES = ("height_m", "crown_m", "depth_m", "diameter_mm")
_LEVEL_M = 0.01  # corners that differ less in height stand on the same ground
_MOST = 2**31  # rows are numbered in 32 bits

Row = dict[str, Any]


def layer_of(thing: CityObject) -> str | None:
    """Return the layer that an object belongs to; None for what is not read."""
    if thing.type == "Building":
        return "buildings"
    if thing.type == "SolitaryVegetationObject":
        return "trees"
    is_utility = thing.type == "GenericCityObject" and (thing.attributes or {}).get("class")
    return "utilities" if is_utility == UTILITY else None


def numbered(rows: list[Row]) -> list[Row]:
    """Give numbers to trees that have none, or one that another has already."""
    taken: set[int] = set()
    for row in rows:
        if row["tree"] in taken:
            row["tree"] = None
        taken.add(row["tree"])
    free = iter(n for n in range(2 * len(rows) + 1) if n not in taken)
    return [row if row["tree"] is not None else {**row, "tree": next(free)} for row in rows]


class ObjectReader:
    """What turning the objects of one file into rows needs, and a count of what was assumed."""

    def __init__(
        self,
        file: str,
        things: Mapping[str, CityObject],
        vertices: Vertices,
        projection: Projection,
    ) -> None:
        """Read from one file's objects."""
        self.file, self.things, self.vertices = file, things, vertices
        self.projection = projection
        self.assumed: Counter[str] = Counter()


class ExtrasReader(ObjectReader):
    """Turns trees and pipes into rows."""

    def row(self, name: str) -> Row:
        """Return a tree's or pipe's row, by the names of the columns."""
        thing = self.things[name]
        facts = Facts(self.file, name, thing.attributes or {}, self.assumed)
        if layer_of(thing) == "trees":
            return self._checked(name, Trees.table, self._tree(name, facts))
        return self._checked(name, Utilities.table, self._utility(name, facts))

    def _tree(self, name: str, facts: Facts) -> Row:
        shapes = self.things[name].geometry or ()
        corners = [self.vertices.corners(name, shape) for shape in shapes]
        xyz = np.concatenate([np.zeros((0, 3)), *corners])
        if not len(xyz):
            raise bad_object(self.file, name, "has no geometry", "형상이 없습니다")
        low, high = xyz.min(axis=0), xyz.max(axis=0)
        foot = xyz[xyz[:, 2] <= low[2] + _LEVEL_M]
        middle = (foot.min(axis=0) + foot.max(axis=0)) / 2
        lon, lat = self.projection.to_lonlat(middle[0], middle[1])
        height_m, crown_m = facts.number("height"), facts.number("crownDiameter")
        kind = facts.word("function", "trees.kind", _KIND_ELSE)
        if kind not in _KINDS:
            kind = _KIND_ELSE
            self.assumed["trees.kind"] += 1
        return {
            "tree": facts.count("tree", "", _MOST),
            "kind": kind,
            "species": facts.text("species"),
            "height_m": high[2] - low[2] if height_m is None else height_m,
            "crown_m": max(high[:2] - low[:2]) if crown_m is None else crown_m,
            "lon": float(lon),
            "lat": float(lat),
        }

    def _utility(self, name: str, facts: Facts) -> Row:
        lines = [shape for shape in self.things[name].geometry or () if _is_line(shape)]
        if len(lines) != 1:
            raise bad_object(
                self.file, name, "must have one line as its axis", "축선이 하나여야 합니다"
            )
        xyz = self.vertices.corners(name, lines[0])
        return {
            "utility": facts.text("utility") or name,
            "kind": facts.word("function", "utilities.kind", UTILITY),
            "street": facts.text("street"),
            "depth_m": facts.number("depth_m"),
            "diameter_mm": facts.number("diameter_mm"),
            "geometry": shapely.LineString(self._lonlat(xyz)),
        }

    def _lonlat(self, xyz: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(self.projection.to_lonlat(xyz[:, 0], xyz[:, 1]))

    def _checked(self, name: str, table: Table, row: Row) -> Row:
        """Refuse what the layer's file would refuse later, where the object has still a name."""
        for column in table.columns:
            if column.name not in _MEASURES:
                continue
            value, low, high = row[column.name], column.low or 0.0, column.high or np.inf
            if value is None or not low <= value <= high:
                raise bad_object(
                    self.file, name, f"{column.name} must be from {low:g} to {high:g}, not {value}",
                    f"{column.name} 값은 {low:g}~{high:g}이어야 합니다: {value}",
                )  # fmt: skip
        return row


def _is_line(shape: Geometry) -> bool:
    """Say whether a geometry is one line with a length."""
    boundaries = shape.boundaries
    return (
        shape.type == "MultiLineString"
        and isinstance(boundaries, list)
        and len(boundaries) == 1
        and isinstance(boundaries[0], list)
        and len(boundaries[0]) > 1
    )

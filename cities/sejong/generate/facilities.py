"""The named places of the plan, read from `facilities.toml`, and the shapes of their buildings."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely import Polygon
from shapely.affinity import rotate, translate

from cities.sejong.generate import facts
from cities.sejong.generate.plane import bend

TABLE = Path(__file__).with_name("facilities.toml")

# FACT ('Final Land Utilization Plan', drawing): three reservoirs, read as 저류지, ponds that hold
# storm water. ASSUMED: design point and half axes, m.
RESERVOIRS = (
    ("reservoir_1", "Reservoir 1", "저류지 1", (-90.0, -762.0), (58.0, 17.0)),
    ("reservoir_2", "Reservoir 2", "저류지 2", (702.0, -388.0), (30.0, 36.0)),
    ("reservoir_3", "Reservoir 3", "저류지 3", (-528.0, -600.0), (18.0, 40.0)),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One body of a facility: its footprint on the map and its floors."""

    footprint: Polygon
    floors: int


@dataclass(frozen=True, slots=True)
class Facility:
    """One named place; without parts it is open land or a room in another building."""

    key: str
    building_kind: str
    place_kind: str
    en: str
    ko: str
    at: tuple[float, float]
    capacity: int
    jobs: float
    parts: tuple[Part, ...]
    source: str

    @property
    def xy(self) -> tuple[float, float]:
        """Its place on the map, EPSG:5186."""
        x, y = bend(np.array([self.at], dtype=np.float64))[0]
        return float(x), float(y)


def turn_deg(at: tuple[float, float]) -> float:
    """How far the streets around a design point are turned from east, degrees."""
    a, b = bend(np.array([(at[0] - 5.0, at[1]), (at[0] + 5.0, at[1])], dtype=np.float64))
    return float(np.degrees(np.arctan2(b[1] - a[1], b[0] - a[0])))


def _part(at: tuple[float, float], row: list[Any]) -> Part:
    east, north, wide, deep, floors, shape = row
    if shape == "round":
        body = shapely.Point(0.0, 0.0).buffer(wide / 2.0, quad_segs=6)
    else:
        body = shapely.box(-wide / 2.0, -deep / 2.0, wide / 2.0, deep / 2.0)
    x, y = bend(np.array([at], dtype=np.float64))[0]
    placed = rotate(translate(body, east, north), turn_deg(at), origin=(0.0, 0.0))
    return Part(translate(placed, float(x), float(y)), int(floors))


@dataclass(frozen=True, slots=True)
class Room:
    """A place within a building: of a facility, or of the building nearest to a design point."""

    key: str
    place_kind: str
    en: str
    ko: str
    capacity: int
    inside: str
    at: tuple[float, float] | None
    source: str


@cache
def rooms() -> tuple[Room, ...]:
    """All rooms, in the order of the table."""
    out = []
    for r in tomllib.loads(TABLE.read_text(encoding="utf-8"))["room"]:
        at = (float(r["at"][0]), float(r["at"][1])) if "at" in r else None
        names = (r["key"], r["place_kind"], r["en"], r["ko"])
        out.append(Room(*names, int(r["capacity"]), r.get("inside", ""), at, r["source"]))
    return tuple(out)


@cache
def read() -> tuple[Facility, ...]:
    """All facilities, in the order of the table."""
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["facility"]
    out = []
    for row in rows:
        at = (float(row["at"][0]), float(row["at"][1]))
        out.append(
            Facility(
                key=row["key"],
                building_kind=row.get("building_kind", ""),
                place_kind=row["place_kind"],
                en=row["en"],
                ko=row["ko"],
                at=at,
                capacity=int(row.get("capacity") or facts.PLACES[row["place_kind"]]),
                jobs=float(row["jobs"]),
                parts=tuple(_part(at, p) for p in row.get("parts", [])),
                source=row["source"],
            )
        )
    return tuple(out)


def named(key: str) -> Facility:
    """One facility."""
    return next(f for f in read() if f.key == key)


def pond(at: tuple[float, float], half_axes_m: tuple[float, float]) -> Polygon:
    """A reservoir's outline, a little uneven."""
    t = np.linspace(0.0, 2.0 * np.pi, 41)
    r = 1.0 + 0.10 * np.sin(2.0 * t + at[0]) + 0.06 * np.sin(3.0 * t + at[1])
    uv = np.column_stack(
        (at[0] + half_axes_m[0] * r * np.cos(t), at[1] + half_axes_m[1] * r * np.sin(t))
    )
    uv[-1] = uv[0]
    return Polygon(bend(uv))

"""The layers of a city's model: read-only columns, one row for each street, building, zone ...

The words are those of the files (see `SCHEMA`): `links.length_m[row]`, `zones.population`. Places
on the ground come as `xy`, metres in the city's own coordinate system, and as `lon`, `lat`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from hapgang.core.errors import NotFound
from hapgang.twin.tables import Column, Table

Texts = NDArray[np.object_]
Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int32]

# fmt: off
_KINDS = frozenset({
    "motorway", "trunk", "primary", "secondary", "residential", "service", "ring", "pedestrian",
    "path", "cycleway", "pm_lane", "gate", "outside",
})
# fmt: on
_LON = Column("lon", "f8", low=-180, high=180)
_LAT = Column("lat", "f8", low=-90, high=90)
_GEOMETRY = Column("geometry", "wkb")


class Rows:
    """What all layers share: a length, names of rows, geometry made on demand."""

    table: ClassVar[Table]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def ids(self) -> NDArray[Any]:
        """The names of the rows."""
        names: NDArray[Any] = getattr(self, self.table.key)
        return names

    @cached_property
    def row_of(self) -> Mapping[Any, int]:
        """Row by name."""
        return {name: row for row, name in enumerate(self.ids.tolist())}

    def rows(self, ids: ArrayLike) -> NDArray[np.int64]:
        """Return the rows of several names; `NotFound` for the first unknown one."""
        try:
            return np.array([self.row_of[name] for name in np.asarray(ids, dtype=object)], "i8")
        except KeyError as error:
            name = error.args[0]
            raise NotFound(
                f"{self.table.file} has no {self.table.key} “{name}”",
                f"{self.table.file}에 “{name}”이(가) 없습니다",
            ) from error


class Shapes(Rows):
    """Rows that have a geometry."""

    wkb: Texts

    @cached_property
    def geometry(self) -> Texts:
        """The rows' shapely geometries in degrees."""
        return np.asarray(shapely.from_wkb(self.wkb), dtype=object)


@dataclass(frozen=True, eq=False, kw_only=True)
class Nodes(Rows):
    """Where streets meet: `street_nodes.parquet`."""

    table: ClassVar[Table] = Table(
        "street_nodes.parquet",
        "node",
        (Column("node", "i4", low=0), _LON, _LAT, Column("elevation_m", "f4")),
    )
    node: Ints
    lon: Floats
    lat: Floats
    elevation_m: Singles
    xy: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Links(Shapes):
    """Directed streets: `streets.parquet`."""

    table: ClassVar[Table] = Table(
        "streets.parquet",
        "link",
        (
            Column("link", "str"),
            Column("source", "i4", low=0),
            Column("target", "i4", low=0),
            Column("length_m", "f4", low=0.01),
            Column("modes", "i4", low=0, high=127),
            Column("speed_kmh", "f4", low=1, high=200),
            Column("lanes", "f4", low=0, high=20),
            Column("capacity_veh_h", "f4", low=0),
            Column("kind", "str", words=_KINDS),
            Column("name", "str", optional=True),
            _GEOMETRY,
        ),
        "LineString",
    )
    link: Texts
    source: Ints
    target: Ints
    length_m: Singles
    modes: Ints
    speed_kmh: Singles
    lanes: Singles
    capacity_veh_h: Singles
    kind: Texts
    name: Texts
    wkb: Texts


@dataclass(frozen=True, eq=False, kw_only=True)
class Buildings(Shapes):
    """Houses, schools, shops with their floors: `buildings.parquet`."""

    table: ClassVar[Table] = Table(
        "buildings.parquet",
        "building",
        (
            Column("building", "str"),
            Column("zone", "str", optional=True),
            Column("kind", "str"),
            Column("base_m", "f4"),
            Column("height_m", "f4", low=0, high=1000),
            Column("floors", "i2", low=0),
            Column("dwellings", "i4", low=0),
            Column("floor_area_m2", "f4", low=0),
            Column("jobs", "i4", low=0),
            _LON,
            _LAT,
            _GEOMETRY,
        ),
        "Polygon",
    )
    building: Texts
    zone: Texts
    kind: Texts
    base_m: Singles
    height_m: Singles
    floors: NDArray[np.int16]
    dwellings: Ints
    floor_area_m2: Singles
    jobs: Ints
    lon: Floats
    lat: Floats
    wkb: Texts
    xy: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Zones(Shapes):
    """Where trips begin and end: `zones.parquet`. Kind outside: beyond the city, nobody's home."""

    table: ClassVar[Table] = Table(
        "zones.parquet",
        "zone",
        (
            Column("zone", "str"),
            Column("kind", "str", words=frozenset({"block", "outside", "cell"})),
            _LON,
            _LAT,
            Column("population", "i4", low=0),
            Column("dwellings", "i4", low=0),
            Column("jobs", "i4", low=0),
            Column("school_places", "i4", low=0),
            Column("shops", "f4", low=0),
            Column("leisure", "f4", low=0),
            Column("health", "f4", low=0),
            _GEOMETRY,
        ),
        "Polygon",
    )
    zone: Texts
    kind: Texts
    lon: Floats
    lat: Floats
    population: Ints
    dwellings: Ints
    jobs: Ints
    school_places: Ints
    shops: Singles
    leisure: Singles
    health: Singles
    wkb: Texts
    xy: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Places(Rows):
    """Named destinations and facilities: `places.parquet`."""

    table: ClassVar[Table] = Table(
        "places.parquet",
        "place",
        (
            Column("place", "str"),
            Column("kind", "str"),
            Column("title_en", "str"),
            Column("title_ko", "str"),
            Column("capacity", "i4", low=0),
            Column("zone", "str", optional=True),
            Column("building", "str", optional=True),
            _LON,
            _LAT,
            Column("source", "str", optional=True),
        ),
    )
    place: Texts
    kind: Texts
    title_en: Texts
    title_ko: Texts
    capacity: Ints
    zone: Texts
    building: Texts
    lon: Floats
    lat: Floats
    source: Texts
    xy: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Areas(Shapes):
    """Named surfaces: boundary, restricted area, water, parks: `areas.parquet`."""

    table: ClassVar[Table] = Table(
        "areas.parquet",
        "area",
        (
            Column("area", "str"),
            Column("kind", "str"),
            Column("title_en", "str"),
            Column("title_ko", "str"),
            _GEOMETRY,
        ),
        "Polygon",
    )
    area: Texts
    kind: Texts
    title_en: Texts
    title_ko: Texts
    wkb: Texts


SCHEMA: Mapping[str, type[Rows]] = {
    "nodes": Nodes,
    "links": Links,
    "buildings": Buildings,
    "zones": Zones,
    "places": Places,
    "areas": Areas,
}

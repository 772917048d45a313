"""The layers of a city's model: read-only columns, one row for each street, building, zone ...

The words are those of the files (see `SCHEMA`): `links.length_m[row]`, `zones.population`. Places
on the ground come as `xy`, metres in the city's own coordinate system, and as `lon`, `lat`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from hapgang.twin.rows import (
    GEOMETRY,
    LAT,
    LON,
    Floats,
    Ints,
    Rows,
    Shapes,
    Singles,
    Texts,
)
from hapgang.twin.tables import Column, Table

__all__ = [
    "EXTRAS", "SCHEMA", "Areas", "Buildings", "Links", "Nodes", "Places", "Rows", "Shapes",
    "Trees", "Utilities", "Zones",
]  # fmt: skip

# fmt: off
_KINDS = frozenset({
    "motorway", "trunk", "primary", "secondary", "residential", "service", "ring", "pedestrian",
    "path", "cycleway", "pm_lane", "gate", "outside",
})
# fmt: on


@dataclass(frozen=True, eq=False, kw_only=True)
class Nodes(Rows):
    """Where streets meet: `street_nodes.parquet`."""

    table: ClassVar[Table] = Table(
        "street_nodes.parquet",
        "node",
        (Column("node", "i4", low=0), LON, LAT, Column("elevation_m", "f4")),
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
            GEOMETRY,
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
            LON,
            LAT,
            GEOMETRY,
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
            LON,
            LAT,
            Column("population", "i4", low=0),
            Column("dwellings", "i4", low=0),
            Column("jobs", "i4", low=0),
            Column("school_places", "i4", low=0),
            Column("shops", "f4", low=0),
            Column("leisure", "f4", low=0),
            Column("health", "f4", low=0),
            GEOMETRY,
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
            LON,
            LAT,
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
            GEOMETRY,
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


@dataclass(frozen=True, eq=False, kw_only=True)
class Trees(Rows):
    """Trees of streets and parks, one by one: `trees.parquet`; a city may do without."""

    table: ClassVar[Table] = Table(
        "trees.parquet",
        "tree",
        (
            Column("tree", "i4", low=0),
            Column("kind", "str", words=frozenset({"street", "park"})),
            Column("species", "str", optional=True),
            Column("height_m", "f4", low=0, high=120),
            Column("crown_m", "f4", low=0, high=60),
            LON,
            LAT,
        ),
    )
    tree: Ints
    kind: Texts
    species: Texts
    height_m: Singles
    crown_m: Singles  # across
    lon: Floats
    lat: Floats
    xy: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Utilities(Shapes):
    """Pipes and ducts under the ground: `utilities.parquet`; a city may do without."""

    table: ClassVar[Table] = Table(
        "utilities.parquet",
        "utility",
        (
            Column("utility", "str"),
            Column("kind", "str"),
            Column("street", "str", optional=True),
            Column("depth_m", "f4", low=0, high=200),
            Column("diameter_mm", "f4", low=1, high=20_000),
            GEOMETRY,
        ),
        "LineString",
    )
    utility: Texts
    kind: Texts  # water, sewer, power, gas, heat, telecom, waste ...
    street: Texts  # the link under which it lies
    depth_m: Singles  # from the surface to its top
    diameter_mm: Singles
    wkb: Texts


# What a city may have besides.
EXTRAS: Mapping[str, type[Rows]] = {"trees": Trees, "utilities": Utilities}

"""Places on the ground: GeoJSON geometries (RFC 7946) and distances between points."""

import math
from typing import Annotated

import msgspec
from msgspec import Meta

Longitude = Annotated[float, Meta(ge=-180, le=180)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]

# WGS 84 ellipsoid: degree lengths by the series of the US National Geospatial-Intelligence Agency.
_LAT_M, _LAT_2_M, _LAT_4_M = 111_132.92, -559.82, 1.175
_LON_M, _LON_3_M, _LON_5_M = 111_412.84, -93.5, 0.118


class Point(msgspec.Struct, frozen=True, tag_field="type", tag="Point"):
    """A GeoJSON point: longitude and latitude in degrees, WGS 84."""

    coordinates: tuple[Longitude, Latitude]

    @property
    def lon(self) -> float:
        """Degrees east."""
        return self.coordinates[0]

    @property
    def lat(self) -> float:
        """Degrees north."""
        return self.coordinates[1]


class LineString(msgspec.Struct, frozen=True, tag_field="type", tag="LineString"):
    """A GeoJSON line of at least two positions."""

    coordinates: Annotated[tuple[tuple[Longitude, Latitude], ...], Meta(min_length=2)]


class Polygon(msgspec.Struct, frozen=True, tag_field="type", tag="Polygon"):
    """A GeoJSON polygon: an outer ring and holes, each closed."""

    coordinates: Annotated[
        tuple[Annotated[tuple[tuple[Longitude, Latitude], ...], Meta(min_length=4)], ...],
        Meta(min_length=1),
    ]

    def contains(self, point: Point) -> bool:
        """Whether the point lies inside the outer ring and outside every hole (even-odd rule)."""
        inside = False
        for ring in self.coordinates:
            inside ^= _crossings_odd(ring, point.lon, point.lat)
        return inside


def _crossings_odd(ring: tuple[tuple[float, float], ...], x: float, y: float) -> bool:
    odd = False
    previous_x, previous_y = ring[-1]
    for next_x, next_y in ring:
        if (next_y > y) != (previous_y > y) and x < (
            (previous_x - next_x) * (y - next_y) / (previous_y - next_y) + next_x
        ):
            odd = not odd
        previous_x, previous_y = next_x, next_y
    return odd


Geometry = Point | LineString | Polygon


def degree_lengths_m(lat: float) -> tuple[float, float]:
    """Length of one degree of longitude and of latitude at a latitude, in metres."""
    radians = math.radians(lat)
    lat_m = _LAT_M + _LAT_2_M * math.cos(2 * radians) + _LAT_4_M * math.cos(4 * radians)
    lon_m = (
        _LON_M * math.cos(radians)
        + _LON_3_M * math.cos(3 * radians)
        + _LON_5_M * math.cos(5 * radians)
    )
    return lon_m, lat_m


def distance_m(a: Point, b: Point) -> float:
    """Distance on the ground, m: flat earth at the middle latitude, good to 0.1 % in 100 km."""
    lon_m, lat_m = degree_lengths_m((a.lat + b.lat) / 2)
    return math.hypot((a.lon - b.lon) * lon_m, (a.lat - b.lat) * lat_m)

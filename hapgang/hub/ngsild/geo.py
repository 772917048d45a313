"""Geographical queries (clause 4.10): how the geometry of an entity lies to another.

Relations are those of OGC 06-103r4, in longitude and latitude; distances are metres on the plane
that touches the earth at the query's geometry, which is exact to some 0.1 % over 100 km.
"""

import math
import re
from collections.abc import Callable
from typing import Any

import msgspec
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from hapgang.core.errors import Invalid
from hapgang.core.geometry import Point, degree_lengths_m
from hapgang.hub.jsonld.members import GEOMETRIES
from hapgang.hub.ngsild.changes import listed
from hapgang.hub.ngsild.geometry import check_geometry
from hapgang.hub.record import Record

_NEAR = re.compile(r"near;(maxDistance|minDistance)==([0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)")
_RELATIONS = ("within", "contains", "overlaps", "intersects", "equals", "disjoint")
_HALF_AROUND_M = 21_000_000


class GeoQuery(msgspec.Struct, frozen=True):
    """A relation to a geometry."""

    relation: str  # of _RELATIONS, or maxDistance, minDistance
    geometry: dict[str, Any]  # GeoJSON
    attribute: str = "location"
    far_m: float = 0.0

    @property
    def around(self) -> tuple[Point, float] | None:
        """Return centre and distance, m, where points within that are looked for."""
        is_free = self.attribute != "location" or self.geometry["type"] != "Point"
        if self.relation != "maxDistance" or is_free:
            return None
        lon, lat = self.geometry["coordinates"][:2]
        return Point((lon, lat)), self.far_m

    def test(self) -> Callable[[Record], bool]:
        """Return the test of having a geometry that lies so."""
        wanted = _plane(self.geometry)
        shapely.prepare(wanted)
        is_quick = self.attribute == "location" and wanted.geom_type == "Point"
        is_quick = is_quick and self.relation not in _RELATIONS
        far_m = _distances_from(wanted) if is_quick else None

        def test(record: Record) -> bool:
            if far_m is not None and (place := record.place) is not None:
                return self._is_so_far(far_m(place))
            return any(
                self._fits(one["value"], wanted)
                for one in listed(record.attribute(self.attribute))
                if one.get("type") == "GeoProperty"
            )

        return test

    def _fits(self, value: Any, wanted: Any) -> bool:
        try:
            found = _plane(value if isinstance(value, dict) else msgspec.to_builtins(value))
            if self.relation in _RELATIONS:
                return bool(getattr(shapely, self.relation)(found, wanted))
        except (ShapelyError, ValueError, TypeError):  # no geometry after all
            return False
        return self._is_so_far(distance_m(found, wanted))

    def _is_so_far(self, far_m: float) -> bool:
        return far_m <= self.far_m if self.relation == "maxDistance" else far_m >= self.far_m


def _distances_from(centre: Any) -> Callable[[Point], float]:
    """Return the distance of points from a point, m, as `distance_m` has it."""
    lon, lat = centre.x, centre.y
    lon_m, lat_m = degree_lengths_m(lat)
    return lambda point: math.hypot((point.lon - lon) * lon_m, (point.lat - lat) * lat_m)


def _plane(value: dict[str, Any]) -> Any:
    """Return shapely's geometry; of one that crosses itself, what its lines enclose."""
    found = shape(value)
    return found if found.is_valid else shapely.make_valid(found)


def distance_m(a: Any, b: Any) -> float:
    """Return the shortest distance of two geometries, m."""
    centre = b.centroid
    lon_m, lat_m = degree_lengths_m(centre.y)

    def flat(positions: Any) -> Any:
        return (positions[:, :2] - (centre.x, centre.y)) * (lon_m, lat_m)

    return float(shapely.distance(shapely.transform(a, flat), shapely.transform(b, flat)))


def read_geo_query(
    georel: str, geometry: str, coordinates: Any, attribute: str = "location"
) -> GeoQuery:
    """Return a query from its parts; `Invalid` says which is missing or wrong."""
    if not (georel and geometry and coordinates not in ("", None)):
        raise _bad("georel, geometry and coordinates belong together")
    relation, far_m = _relation(georel)
    if geometry not in GEOMETRIES:
        raise _bad(f"there is no geometry “{geometry[:40]}”, as Point or Polygon")
    if isinstance(coordinates, str):
        try:
            coordinates = msgspec.json.decode(coordinates)
        except (msgspec.DecodeError, RecursionError):
            raise _bad("coordinates are JSON, such as [127.3,36.5]") from None
    found = check_geometry("coordinates", {"type": geometry, "coordinates": coordinates})
    return GeoQuery(relation, found, attribute or "location", far_m)


def _relation(georel: str) -> tuple[str, float]:
    if georel in _RELATIONS:
        return georel, 0.0
    match = _NEAR.fullmatch(georel)
    if match is None:
        raise _bad(
            f"georel “{georel[:60]}” is none of near;maxDistance==METRES, near;minDistance==METRES,"
            f" {', '.join(_RELATIONS)}"
        )
    far_m = float(match[2])
    if not (math.isfinite(far_m) and far_m <= _HALF_AROUND_M):
        raise _bad(f"a distance is at most {_HALF_AROUND_M:,} m")
    return match[1], far_m


def _bad(en: str) -> Invalid:
    return Invalid(f"geo query: {en}", f"지리 질의가 올바르지 않습니다: {en}")

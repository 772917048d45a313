"""GeoJSON geometries (RFC 7946), checked before they are stored."""

from typing import Any

from hapgang.core.errors import Invalid
from hapgang.hub.jsonld.members import GEOMETRIES

_NUMBERS = frozenset([int, float])
_MOST_POSITIONS = 100_000
# How deep the positions lie, and how many of them the innermost list needs.
_FORMS = {
    "Point": (0, 1),
    "MultiPoint": (1, 1),
    "LineString": (1, 2),
    "MultiLineString": (2, 2),
    "Polygon": (2, 4),
    "MultiPolygon": (3, 4),
}


def is_geometry(value: Any) -> bool:
    """Whether this has the form of a GeoJSON geometry."""
    if not isinstance(value, dict):
        return False
    kind = value.get("type")
    has_places = "coordinates" in value or "geometries" in value
    return has_places and isinstance(kind, str) and kind in GEOMETRIES


def check_geometry(name: str, value: dict[str, Any]) -> dict[str, Any]:
    """Return a geometry; `Invalid` says what is wrong with it."""
    if not is_geometry(value) or value["type"] not in _FORMS:
        raise _bad(name, "is no GeoJSON geometry, such as a Point")
    kind, found = value["type"], value.get("coordinates")
    if kind == "Point":
        _check_position(name, found)
        return value
    depth, fewest = _FORMS[kind]
    count = _check(name, found, depth, fewest, is_ring=kind.endswith("Polygon"))
    if count > _MOST_POSITIONS:
        raise _bad(name, f"has more than {_MOST_POSITIONS:,} positions")
    return value


def _check(name: str, found: Any, depth: int, fewest: int, *, is_ring: bool) -> int:
    """Check nested positions; return how many there are."""
    if depth == 0:
        _check_position(name, found)
        return 1
    if not isinstance(found, list) or not found:
        raise _bad(name, "has coordinates that do not fit its type")
    if depth == 1 and len(found) < fewest:
        raise _bad(name, f"needs at least {fewest} positions")
    if depth == 1 and is_ring and found[0] != found[-1]:
        raise _bad(name, "has a ring that is not closed")
    return sum(_check(name, part, depth - 1, fewest, is_ring=is_ring) for part in found)


def _check_position(name: str, found: Any) -> None:
    fits = (
        isinstance(found, list)
        and len(found) in (2, 3)
        and all(x.__class__ in _NUMBERS for x in found)
        and -180 <= found[0] <= 180
        and -90 <= found[1] <= 90
    )
    if not fits:
        raise _bad(name, "needs positions [longitude, latitude]")


def _bad(name: str, en: str) -> Invalid:
    return Invalid(
        f"attribute {name} {en}", f"속성 {name}: GeoJSON 도형이 올바르지 않습니다", attribute=name
    )

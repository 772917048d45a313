"""From the surfaces of a building to where it stands and how high it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray

from hapgang.twin.exchange.cityjson_form import Geometry, Vertices, bad_object

Surface = list[list[int]]
_DEPTH: dict[str, Any] = {
    "MultiSurface": list[Surface],
    "CompositeSurface": list[Surface],
    "Solid": list[list[Surface]],
    "MultiSolid": list[list[list[Surface]]],
    "CompositeSolid": list[list[list[Surface]]],
}
_LEVEL_M = 0.01  # surfaces that differ less in height lie on the same ground
_FLAT = 0.99  # of a surface's direction is up or down: it leans less than 8 degrees


@dataclass(frozen=True, eq=False, kw_only=True)
class Body:
    """What a building is in this city's model: a footprint in metres, a base and a height."""

    footprint: Any  # shapely Polygon or MultiPolygon
    base_m: float
    height_m: float


def body_of(
    file: str, name: str, geometries: Sequence[tuple[str, Geometry]], vertices: Vertices
) -> Body:
    """Return the footprint of all geometries together, from the lowest ground to the highest top.

    geometries: each with the object that has it. Overhangs, roofs' slopes and rooms are ignored.
    """
    grounds, tops = [], []
    base_m = np.inf
    for owner, geometry in geometries:
        surfaces = [
            ([vertices.ring(owner, ring) for ring in surface], meaning)
            for surface, meaning in _surfaces(file, owner, geometry)
        ]
        if not surfaces:
            continue
        lowest = _ground(file, owner, surfaces)
        grounds += [_polygon(file, owner, rings) for rings in lowest]
        base_m = min(base_m, *(rings[0][:, 2].min() for rings in lowest))
        tops.append(max(rings[0][:, 2].max() for rings, _ in surfaces))
    if not grounds:
        raise bad_object(file, name, "has no surfaces", "면이 없습니다")
    footprint = grounds[0] if len(grounds) == 1 else shapely.union_all(grounds)
    return Body(footprint=footprint, base_m=float(base_m), height_m=float(max(tops) - base_m))


def _surfaces(file: str, name: str, geometry: Geometry) -> Iterator[tuple[Surface, str | None]]:
    """Yield surfaces and what they mean; of solids the outer shell."""
    try:
        found = msgspec.convert(geometry.boundaries, _DEPTH[geometry.type])
    except msgspec.ValidationError as error:
        raise bad_object(
            file, name, f"the boundaries are no {geometry.type}'s ({error})",
            f"boundaries가 {geometry.type} 형식이 아닙니다({error})",
        ) from error  # fmt: skip
    words = geometry.semantics or {}
    kinds, values = words.get("surfaces"), words.get("values")
    if geometry.type.endswith("Solid") and geometry.type != "Solid":
        shells = [(solid[0], _item(_item(values, i), 0)) for i, solid in enumerate(found) if solid]
    elif geometry.type == "Solid":
        shells = [(shell, _item(values, 0)) for shell in found[:1]]
    else:
        shells = [(found, values)]
    for shell, meant in shells:
        for i, surface in enumerate(shell):
            kind = _item(kinds, _item(meant, i))
            named = kind.get("type") if isinstance(kind, dict) else None
            if surface:
                yield surface, named


def _item(values: Any, i: Any) -> Any:
    """Return an item of a list that may be missing, as meanings are allowed to be."""
    is_there = isinstance(values, list) and type(i) is int and 0 <= i < len(values)
    return values[i] if is_there else None


Rings = list[NDArray[np.float64]]


def _ground(file: str, name: str, surfaces: list[tuple[Rings, str | None]]) -> list[Rings]:
    """Return the surfaces named ground, else the flat ones that reach the lowest corner."""
    named = [rings for rings, meaning in surfaces if meaning == "GroundSurface"]
    if named:
        return named
    lowest_m = min(rings[0][:, 2].min() for rings, _ in surfaces) + _LEVEL_M
    flat = [r for r, _ in surfaces if r[0][:, 2].min() <= lowest_m and _is_flat(r[0])]
    if not flat:
        raise bad_object(
            file, name, "has no ground: no surface is named so, and none at its foot is flat",
            "바닥면이 없습니다. GroundSurface도, 맨 아래의 수평인 면도 없습니다",
        )  # fmt: skip
    return flat


def _is_flat(ring: NDArray[np.float64]) -> bool:
    """Say whether a ring's plane (Newell's method) is nearly level."""
    after = np.roll(ring, -1, axis=0)
    normal = np.cross(ring - ring[0], after - ring[0]).sum(axis=0)
    length = float(np.linalg.norm(normal))
    return length > 0 and abs(float(normal[2])) >= _FLAT * length


def _polygon(file: str, name: str, rings: Rings) -> Any:
    shape = shapely.Polygon(rings[0][:, :2], [ring[:, :2] for ring in rings[1:]])
    if not shape.is_valid or shape.area == 0:
        reason = shapely.is_valid_reason(shape) if shape.area else "no area"
        raise bad_object(
            file, name, f"its ground is no polygon ({reason})",
            f"바닥면이 올바른 다각형이 아닙니다({reason})",
        )  # fmt: skip
    return shapely.orient_polygons(shape)

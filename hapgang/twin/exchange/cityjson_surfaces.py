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
_LEAST_M2 = 1e-4  # upright walls have less of an area seen from above, by rounding
_FLAT = 0.99  # of a surface's direction is up or down: it leans less than 8 degrees


@dataclass(frozen=True, eq=False, kw_only=True)
class Body:
    """What a building is in this city's model: a footprint in metres, a base and a height.

    is_outline: there was no ground to see, so that the footprint is what lies under its surfaces.
    """

    footprint: Any  # shapely Polygon or MultiPolygon
    base_m: float
    height_m: float
    is_outline: bool = False


Rings = list[NDArray[np.float64]]


def body_of(
    file: str, name: str, geometries: Sequence[tuple[str, Geometry]], vertices: Vertices
) -> Body:
    """Return the footprint of all geometries together, from the lowest ground to the highest top.

    geometries: each with the object that has it. The footprint is the surfaces named ground; else
    of each geometry the flat ones at its foot; else all that is not upright, seen from above, over
    the lowest corner. Overhangs, roofs' slopes and rooms are ignored, and surfaces without area.
    """
    bodies = [_shapes(file, owner, geometry, vertices) for owner, geometry in geometries]
    bodies = [surfaces for surfaces in bodies if surfaces]
    everything = [rings for surfaces in bodies for rings, _ in surfaces]
    if not everything:
        raise bad_object(file, name, "has no surfaces", "면이 없습니다")
    ground = [r for surfaces in bodies for r, meaning in surfaces if meaning == "GroundSurface"]
    ground = ground or [rings for surfaces in bodies for rings in _foot(surfaces)]
    if ground:
        shapes = [_polygon(file, name, rings) for rings in ground]
    else:
        shapes = _outline(file, name, everything)
    base_m = min(float(rings[0][:, 2].min()) for rings in ground or everything)
    top_m = max(float(rings[0][:, 2].max()) for rings in everything)
    return Body(
        footprint=shapes[0] if len(shapes) == 1 else shapely.union_all(shapes),
        base_m=base_m,
        height_m=top_m - base_m,
        is_outline=not ground,
    )


def _shapes(
    file: str, name: str, geometry: Geometry, vertices: Vertices
) -> list[tuple[Rings, str | None]]:
    """Return the surfaces in metres; rings that are a line or a point are left out."""
    found = []
    for surface, meaning in _surfaces(file, name, geometry):
        outer, *holes = [vertices.ring(name, ring) for ring in surface]
        if _is_ring(outer):
            found.append(([outer, *filter(_is_ring, holes)], meaning))
    return found


def _is_ring(corners: NDArray[np.float64]) -> bool:
    return len(np.unique(corners, axis=0)) > 2


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


def _foot(surfaces: list[tuple[Rings, str | None]]) -> list[Rings]:
    """Return the flat surfaces that reach the lowest corner of all."""
    lowest_m = min(rings[0][:, 2].min() for rings, _ in surfaces) + _LEVEL_M
    return [r for r, _ in surfaces if r[0][:, 2].min() <= lowest_m and _is_flat(r[0])]


def _outline(file: str, name: str, surfaces: list[Rings]) -> list[Any]:
    shapes = [shapely.Polygon(rings[0][:, :2]) for rings in surfaces]
    seen = [shape for shape in shapes if shape.is_valid and shape.area > _LEAST_M2]
    if not seen:
        raise bad_object(
            file, name, "has no ground: all its surfaces stand upright",
            "바닥면이 없습니다. 모든 면이 수직입니다",
        )  # fmt: skip
    return seen


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

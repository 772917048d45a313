"""Which streets a change means, and what it makes of them."""

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from hapgang.core.errors import Invalid, NotFound
from hapgang.core.vocabulary.scenarios import Close, OnLinks, Open, Restrict, Speed
from hapgang.twin.modes import Modes

if TYPE_CHECKING:
    from hapgang.twin.scene import Scene

Mask = NDArray[np.bool_]
_inside: deque[tuple[object, object, str, Mask]] = deque(maxlen=32)


def with_streets(scene: "Scene", change: OnLinks) -> "Scene":
    """Return the scene with a change of its links made."""
    chosen = _chosen(scene, change)
    modes, speed = scene.links.modes.copy(), scene.links.speed_kmh.copy()
    match change:
        case Restrict():
            modes[chosen] &= ~int(Modes.of(change.modes))
        case Open():
            modes[chosen] |= int(Modes.of(change.modes))
        case Close():
            modes[chosen] = 0
        case Speed(raises=True):
            speed[chosen] = np.float32(change.max_kmh)
        case Speed():
            speed[chosen] = np.minimum(speed[chosen], np.float32(change.max_kmh))
    for array in (modes, speed):
        array.flags.writeable = False
    return replace(scene, links=replace(scene.links, modes=modes, speed_kmh=speed))


def _chosen(scene: "Scene", change: OnLinks) -> Mask:
    if change.area is None and change.kind is None and not change.links:
        raise Invalid(
            "a change of streets needs an area, a kind or links",
            "도로 변경에는 area, kind, links 중 하나가 필요합니다",
        )
    chosen = np.ones(len(scene.links), dtype=np.bool_)
    if change.links is not None:
        named = np.zeros_like(chosen)
        named[scene.links.rows(list(change.links))] = True
        chosen &= named
    if change.kind is not None:
        chosen &= scene.links.kind == change.kind
    if change.area is not None:
        chosen &= links_inside(scene, change.area)
    return chosen


def links_inside(scene: "Scene", area: str) -> Mask:
    """Tell which links lie more than half inside an area, or in any area of a kind.

    Remembered for as long as the lines and the areas are the same arrays, which no change touches.
    """
    lines, areas = scene.links.wkb, scene.areas.wkb
    for known_lines, known_areas, name, mask in tuple(_inside):
        if known_lines is lines and known_areas is areas and name == area:
            return mask
    found = _found_inside(scene, area)
    found.flags.writeable = False
    _inside.append((lines, areas, area, found))
    return found


def _found_inside(scene: "Scene", area: str) -> Mask:
    surface = surface_of(scene, area)
    shapely.prepare(surface)
    lines = scene.links.geometry
    inside = np.zeros(len(lines), dtype=np.bool_)
    touching = np.flatnonzero(shapely.intersects(surface, lines))
    within = shapely.length(shapely.intersection(surface, lines[touching]))
    inside[touching] = within > 0.5 * shapely.length(lines[touching])
    return inside


def closed_to(scene: "Scene", mode: str) -> shapely.Geometry:
    """Return the surface of the areas that a scene's scenario closes to a mode, maybe empty."""
    closed = [
        surface_of(scene, change.area)
        for change in scene.scenario.changes
        if isinstance(change, Restrict) and mode in change.modes and change.area is not None
    ]
    return shapely.union_all(closed)


def surface_of(scene: "Scene", area: str) -> shapely.Geometry:
    """Return the surface of an area, or of all areas of a kind."""
    areas = scene.areas
    match = np.flatnonzero(areas.area == area)
    if not match.size:
        match = np.flatnonzero(areas.kind == area)
    if not match.size:
        known = ", ".join(sorted({*areas.area.tolist(), *areas.kind.tolist()})[:40])
        raise NotFound(
            f"there is no area and no kind of area “{area}”; there are {known}",
            f"“{area}” 구역이 없습니다. 있는 것: {known}",
        )
    return shapely.union_all(areas.geometry[match])

"""Buildings on paper, in metres from the paper city's origin, and shapes for Hypothesis."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from hypothesis import strategies as st

from hapgang.twin.layers import Buildings
from hapgang.twin.scene import Scene
from tests.twin.paper_city import ORIGIN_M

House = tuple[str, Any, dict[str, Any]]  # name, shapely polygon in metres, columns that differ


def with_buildings(scene: Scene, houses: Sequence[House]) -> Scene:
    """The scene with other buildings."""
    placed = [shapely.transform(shape, lambda xy: xy + ORIGIN_M) for _, shape, _ in houses]
    lonlat = [
        shapely.transform(one, lambda xy: np.column_stack(scene.projection.to_lonlat(*xy.T)))
        for one in placed
    ]
    middles = [shapely.point_on_surface(one) for one in lonlat]

    def column(name: str, default: Any, kind: Any) -> Any:
        return np.array([facts.get(name, default) for _, _, facts in houses], dtype=kind)

    return replace(
        scene,
        buildings=Buildings(
            building=np.array([name for name, _, _ in houses], dtype=object),
            zone=column("zone", None, object),
            kind=column("kind", "house", object),
            base_m=column("base_m", 0.0, "f4"),
            height_m=column("height_m", 6.0, "f4"),
            floors=column("floors", 2, "i2"),
            dwellings=column("dwellings", 1, "i4"),
            floor_area_m2=column("floor_area_m2", 100.0, "f4"),
            jobs=column("jobs", 0, "i4"),
            lon=np.array([one.x for one in middles]),
            lat=np.array([one.y for one in middles]),
            wkb=np.array([shapely.to_wkb(one) for one in lonlat], dtype=object),
            xy=np.array([[0.0, 0.0]] * len(houses)),
        ),
    )


def in_metres(scene: Scene, geometry: Any) -> Any:
    """Degrees to the city's metres."""
    return shapely.transform(geometry, lambda lonlat: scene.projection.xy(*lonlat.T))


_SIDE = st.floats(4.0, 300.0)
_SHARE = st.floats(0.2, 0.8)


@st.composite
def footprints(draw: st.DrawFn) -> shapely.Polygon:
    """Rectangles and Ls, with a court or without, turned and put somewhere within 5 km."""
    w, h = draw(_SIDE), draw(_SIDE)
    ring = [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)]
    if draw(st.booleans()):
        a, b = w * draw(_SHARE), h * draw(_SHARE)
        ring = [(0.0, 0.0), (w, 0.0), (w, b), (a, b), (a, h), (0.0, h)]
        w, h = a, b
    holes = []
    if draw(st.booleans()):
        x, y = w * 0.4, h * 0.4
        holes = [[(x, y), (x + w * 0.2, y), (x + w * 0.2, y + h * 0.3), (x, y + h * 0.3)]]
    turn, place = draw(st.floats(0, 2 * np.pi)), [draw(st.floats(-5000, 5000)) for _ in "xy"]
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return shapely.transform(shapely.Polygon(ring, holes), lambda xy: xy @ matrix + place)

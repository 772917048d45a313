"""Footprints of buildings in metres, as the formats with three dimensions want them."""

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from hapgang.twin.scene import Scene

Floats = NDArray[np.float64]


def flat_polygons(scene: Scene) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return the polygons of all buildings in the city's metres, and the building row of each.

    Outer rings run counter-clockwise, holes clockwise; a footprint in pieces gives several rows.
    """
    shapes = scene.buildings.geometry
    if not len(shapes):
        return np.zeros(0, dtype=object), np.zeros(0, dtype=np.int64)
    flat = shapely.transform(shapes, lambda lonlat: scene.projection.xy(*lonlat.T))
    parts, owner = shapely.get_parts(shapely.orient_polygons(flat), return_index=True)
    return np.asarray(parts, dtype=object), np.asarray(owner, dtype=np.int64)


def rings(polygon: shapely.Polygon) -> Iterator[Floats]:
    """Yield the corners (n, 2) of a polygon's outer ring, then of its holes; none is repeated."""
    for ring in (polygon.exterior, *polygon.interiors):
        yield shapely.get_coordinates(ring)[:-1]


def triangles(
    polygons: NDArray[np.object_],
) -> tuple[Floats, NDArray[np.int64]]:
    """Cut polygons into triangles (n, 3, 2) that run counter-clockwise; and whose each one is.

    Corners are those of the polygon, none is added (constrained Delaunay triangulation of GEOS).
    """
    if not len(polygons):
        return np.zeros((0, 3, 2)), np.zeros(0, dtype=np.int64)
    cut = shapely.constrained_delaunay_triangles(polygons)
    parts, owner = shapely.get_parts(cut, return_index=True)
    corners = shapely.get_coordinates(parts).reshape(-1, 4, 2)[:, :3]
    one, other = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    is_clockwise = one[:, 0] * other[:, 1] < one[:, 1] * other[:, 0]
    corners[is_clockwise] = corners[is_clockwise][:, ::-1]
    return corners, np.asarray(owner, dtype=np.int64)

"""The drawing plane: design coordinates (u east, v north of the axis), and the map's metres.

The city is designed on straight lines around the centre of the Circulation Ring and then bent by
two shears, so that the BRT axis follows the valley and the cross streets arch towards the river.
A shear keeps areas, so a block of 150 m stays one.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.interpolate import CubicSpline
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

Array = NDArray[np.float64]

EPSG = 5186  # Korea 2000 / Central Belt 2010, metres
# Centre of the ring, EPSG:5186. ASSUMED within the facts: Hapgang-ri lies north of the Geumgang and
# east of the Mihocheon, south-west of Hwangwoosan; river courses were read off the administrative
# boundaries of 2018 (Statistics Korea), which follow them.
CENTRE_XY = (228_080.0, 435_560.0)
STEP_M = 12.0

_to_lonlat = Transformer.from_crs(EPSG, 4326, always_xy=True)


def bend(uv: Array) -> Array:
    """Design coordinates (n, 2) to EPSG:5186 metres (n, 2)."""
    u, v = uv[:, 0], uv[:, 1]
    x = u - 0.10 * v + 34.0 * np.sin(v / 430.0)
    y = v - 55.0 * (u / 800.0) ** 2
    return np.column_stack((x + CENTRE_XY[0], y + CENTRE_XY[1]))


def unbend(xy: Array) -> Array:
    """Invert `bend`, by fixed-point iteration; good to a millimetre inside the map."""
    local = xy - np.asarray(CENTRE_XY)
    uv: Array = np.array(local)
    for _ in range(60):
        shift = bend(uv) - np.asarray(CENTRE_XY) - local
        uv = uv - shift
    return uv


def lonlat(xy: Array) -> Array:
    """EPSG:5186 metres (n, 2) to longitude and latitude (n, 2), rounded to about a centimetre."""
    lon, lat = _to_lonlat.transform(xy[:, 0], xy[:, 1])
    return np.asarray(np.round(np.column_stack((lon, lat)), 7), dtype=np.float64)


def to_xy(degrees: Array) -> Array:
    """Longitude and latitude (n, 2) to EPSG:5186 metres (n, 2)."""
    x, y = _to_lonlat.transform(degrees[:, 0], degrees[:, 1], direction="INVERSE")
    return np.column_stack((x, y))


def dense(uv: Array, step_m: float = STEP_M) -> Array:
    """The same polyline with a vertex at least every `step_m`."""
    pieces = [uv[:1]]
    for a, b in pairwise(uv):
        n = max(1, int(np.ceil(np.hypot(*(b - a)) / step_m)))
        pieces.append(a + (b - a) * (np.arange(1, n + 1) / n)[:, None])
    return np.concatenate(pieces)


def path(points: Sequence[tuple[float, float]]) -> LineString:
    """A street drawn through design points, bent onto the map."""
    return LineString(bend(dense(np.asarray(points, dtype=np.float64))))


def smooth(points: Sequence[tuple[float, float]]) -> Array:
    """A centripetal-like spline through design points, dense enough to draw."""
    p = np.asarray(points, dtype=np.float64)
    s = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(p, axis=0).T) ** 0.75)))
    spline = CubicSpline(s, p, bc_type="natural")
    return dense(np.asarray(spline(np.linspace(0.0, s[-1], 24 * len(p))), dtype=np.float64))


def oval(a_m: float, b_m: float, power: float, wobble: float, phase: float) -> Array:
    """A closed superellipse in design coordinates, a little uneven so that it looks grown."""
    angle = np.linspace(0.0, 2.0 * np.pi, 361)
    c, s = np.abs(np.cos(angle)), np.abs(np.sin(angle))
    r = ((c / a_m) ** power + (s / b_m) ** power) ** (-1.0 / power)
    r *= 1.0 + wobble * np.sin(3.0 * angle + phase) + 0.6 * wobble * np.sin(2.0 * angle - phase)
    ring = np.column_stack((r * np.cos(angle), r * np.sin(angle)))
    ring[-1] = ring[0]
    return ring


def area(uv_ring: Array) -> Polygon:
    """The polygon inside a closed design ring, on the map."""
    return Polygon(bend(dense(uv_ring)))


def largest(shape: BaseGeometry) -> Polygon:
    """The polygon of a geometry that has the largest area."""
    polygons = [p for p in shapely.get_parts(shape) if isinstance(p, Polygon)]
    return max(polygons, key=lambda p: p.area)


def longest(shape: BaseGeometry) -> LineString:
    """The longest line of a geometry, its pieces merged."""
    merged = shapely.line_merge(shape) if shape.geom_type == "MultiLineString" else shape
    lines = [p for p in shapely.get_parts(merged) if isinstance(p, LineString)]
    return max(lines, key=lambda p: p.length)


def lines_of(shape: BaseGeometry, least_m: float) -> list[LineString]:
    """The lines of a geometry that are longer than `least_m`."""
    return [p for p in shapely.get_parts(shape) if isinstance(p, LineString) and p.length > least_m]

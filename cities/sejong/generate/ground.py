"""Hills, rivers and the valley between them: the shape of the land before anything is built.

Heights are FACT where the white paper gives them (Hwangwoosan 194 m, the foot of Chuldongsan about
110 m, a wind path from the northern hills down to the river); positions, other hills and the levels
of plain and water are ASSUMED. The river courses follow the administrative boundaries of 2018.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon
from shapely.affinity import rotate, scale, translate
from shapely.geometry.base import BaseGeometry

from cities.sejong.generate import facts
from cities.sejong.generate.plane import CENTRE_XY, Array, lonlat, smooth, to_xy, unbend

CELL_M = 10.0
EXTENT_XY = (226_250.0, 433_650.0, 229_950.0, 437_350.0)  # west, south, east, north

# ASSUMED: low-water level and bed of the Geumgang here, and its flood plain, m above the sea.
WATER_M, BED_M, PLAIN_M = 12.5, 10.5, 15.0


@dataclass(frozen=True, slots=True)
class Hill:
    """One hill: where its top is (m from the centre), how high, how far it reaches."""

    key: str
    title_en: str
    title_ko: str
    east_m: float
    north_m: float
    top_m: float
    long_m: float
    short_m: float
    turn_deg: float
    source: str


HILLS = (
    Hill(
        "hwangwoosan",
        "Hwangwoosan",
        "황우산",
        1545.0,
        560.0,
        facts.HWANGWOOSAN_M,
        430.0,
        300.0,
        65.0,
        "the white paper, 'Current Status': 194 m, in the east; position assumed",
    ),
    Hill(
        "chuldongsan",
        "Foot of Chuldongsan",
        "출동산 자락",
        -560.0,
        1350.0,
        facts.CHULDONGSAN_FOOT_M,
        380.0,
        270.0,
        150.0,
        "the white paper, 'Sejong 5-1 Living Zone Topography': about 110 m; position assumed",
    ),
    Hill(
        "north_ridge",
        "Northern Ridge",
        "북측 능선",
        640.0,
        1400.0,
        125.0,
        420.0,
        260.0,
        25.0,
        facts.ASSUMED,
    ),
    Hill(
        "west_preserve",
        "Western Preserved Hill",
        "서측 원형보존지",
        -985.0,
        380.0,
        82.0,
        250.0,
        120.0,
        100.0,
        "the basic concept: preserved land on the west; height assumed",
    ),
    Hill(
        "seowon_knoll",
        "Hapho Seowon Knoll",
        "합호서원 뒷동산",
        470.0,
        -565.0,
        43.0,
        120.0,
        70.0,
        10.0,
        facts.ASSUMED,
    ),
)

_GEUMGANG = (
    (231_600.0, 435_450.0),
    (230_700.0, 435_090.0),
    (229_900.0, 434_810.0),
    (229_200.0, 434_530.0),
    (228_500.0, 434_290.0),
    (227_900.0, 433_990.0),
    (227_350.0, 433_640.0),
    (226_800.0, 433_080.0),
    (226_200.0, 432_200.0),
)
_MIHOCHEON = (
    (226_560.0, 438_600.0),
    (226_640.0, 437_600.0),
    (226_430.0, 436_700.0),
    (226_520.0, 435_800.0),
    (226_900.0, 435_000.0),
    (227_180.0, 434_400.0),
    (227_420.0, 433_760.0),
)


@cache
def geumgang() -> Polygon:
    """Geumgang River, about 260 m of water."""
    return LineString(smooth(_GEUMGANG)).buffer(130.0)


@cache
def mihocheon() -> Polygon:
    """Mihocheon Stream, about 120 m of water, joining the Geumgang in the south-west."""
    return LineString(smooth(_MIHOCHEON)).buffer(60.0)


@cache
def wetland() -> Polygon:
    """Hapgang Wetland, on the flat land where the two rivers join (ASSUMED outline)."""
    near = shapely.Point(227_520.0, 434_150.0).buffer(430.0)
    bank = geumgang().buffer(190.0).intersection(mihocheon().buffer(330.0))
    wet = bank.intersection(near).difference(geumgang()).difference(mihocheon())
    wet = wet.buffer(-55.0).buffer(100.0).buffer(-45.0).difference(_water())
    parts = [p for p in shapely.get_parts(wet) if isinstance(p, Polygon) and p.area > 20_000.0]
    return max(parts, key=lambda p: float(p.centroid.x))


def outline(hill: Hill, reach: float = 1.1) -> Polygon:
    """An uneven ellipse at about `reach` standard deviations of a hill."""
    angle = np.linspace(0.0, 2.0 * np.pi, 73)
    r = 1.0 + 0.07 * np.sin(3.0 * angle + hill.top_m) + 0.04 * np.sin(7.0 * angle + hill.east_m)
    disc = Polygon(np.column_stack((r * np.cos(angle), r * np.sin(angle))))
    disc = rotate(scale(disc, hill.long_m * reach, hill.short_m * reach), hill.turn_deg)
    return translate(disc, CENTRE_XY[0] + hill.east_m, CENTRE_XY[1] + hill.north_m)


def _bump(hill: Hill, xy: Array) -> Array:
    """A hill of height 1 with ridges and gullies on its flanks, none at its top."""
    turn = np.deg2rad(hill.turn_deg)
    east = xy[:, 0] - CENTRE_XY[0] - hill.east_m
    north = xy[:, 1] - CENTRE_XY[1] - hill.north_m
    along = (east * np.cos(turn) + north * np.sin(turn)) / hill.long_m
    across = (north * np.cos(turn) - east * np.sin(turn)) / hill.short_m
    bump = np.exp(-0.5 * (along**2 + across**2))
    ridges = np.sin(5.0 * np.arctan2(across, along) + hill.top_m) * np.hypot(along, across)
    ridges = 0.12 * ridges + 0.10 * np.sin(east / 71.0 + hill.top_m) * np.cos(north / 93.0)
    return np.asarray(bump * (1.0 + ridges * (1.0 - bump)), dtype=np.float64)


def _slope(xy: Array) -> Array:
    """The land without its hills: rising north from the river, with the wind path as a valley."""
    uv = unbend(xy)
    u, v = uv[:, 0], uv[:, 1]
    rise = 18.5 + 0.021 * np.clip(v + 740.0, 0.0, 1250.0)
    valley = np.exp(-((u / 210.0) ** 2)) * (3.0 + 0.006 * np.clip(v + 740.0, 0.0, 1250.0))
    roll = 0.9 * np.sin(u / 190.0 + 0.6) * np.cos(v / 230.0) + 0.5 * np.sin((u + v) / 97.0)
    return np.asarray(rise - valley + roll, dtype=np.float64)


@cache
def _water() -> BaseGeometry:
    water = shapely.union(geumgang(), mihocheon()).simplify(0.5)
    shapely.prepare(water)
    return water


@cache
def _amplitudes() -> tuple[float, ...]:
    """Heights of the bumps such that every named top has exactly its height."""
    tops = np.array([(CENTRE_XY[0] + h.east_m, CENTRE_XY[1] + h.north_m) for h in HILLS])
    mix = np.column_stack([_bump(h, tops) for h in HILLS])
    want = np.array([h.top_m for h in HILLS]) - _slope(tops)
    return tuple(float(a) for a in np.linalg.solve(mix, want))


def elevation_m(xy: Array) -> Array:
    """Ground height, m above the sea, at EPSG:5186 points (n, 2); rivers are cut to their bed."""
    land = _slope(xy)
    for hill, height in zip(HILLS, _amplitudes(), strict=True):
        land = land + height * _bump(hill, xy)
    water = _water()
    points = shapely.points(xy[:, 0], xy[:, 1])
    t = np.clip(shapely.distance(points, water) / 170.0, 0.0, 1.0)
    blend = t * t * (3.0 - 2.0 * t)
    land = PLAIN_M + (land - PLAIN_M) * blend
    return np.where(shapely.intersects(water, points), BED_M, land)


def grid() -> tuple[NDArray[np.float32], Array]:
    """Elevation (rows, cols), north to south, and the bounds (west, south, east, north) in degrees.

    Cells are about 10 m; a value is the height at the middle of its cell, rounded to 0.1 m.
    """
    west, south, east, north = EXTENT_XY
    corners = lonlat(np.array([[west, south], [east, south], [west, north], [east, north]]))
    box = np.array([*corners.max(axis=0), *corners.min(axis=0)])[[2, 3, 0, 1]]
    cols, rows = round((east - west) / CELL_M), round((north - south) / CELL_M)
    lon = box[0] + (np.arange(cols) + 0.5) * (box[2] - box[0]) / cols
    lat = box[3] - (np.arange(rows) + 0.5) * (box[3] - box[1]) / rows
    degrees = np.column_stack([a.ravel() for a in np.meshgrid(lon, lat)])
    heights = np.round(elevation_m(to_xy(degrees)), 1)
    return heights.reshape(rows, cols).astype(np.float32), box

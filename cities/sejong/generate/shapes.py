"""Footprints that fill a lot: corner blocks around a court, slabs, towers, houses."""

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.affinity import rotate, translate
from shapely.geometry.base import BaseGeometry


def grain_deg(lot: Polygon) -> float:
    """The direction of a lot's longer side, within 45 degrees of east-west."""
    box = shapely.get_coordinates(lot.minimum_rotated_rectangle)
    sides = np.diff(box[:3], axis=0)
    long = sides[int(np.argmax(np.hypot(sides[:, 0], sides[:, 1])))]
    turn = float(np.degrees(np.arctan2(long[1], long[0]))) % 90.0
    return turn - 90.0 if turn > 45.0 else turn


def _cross(at: shapely.Point, turn: float, half_gap: float) -> BaseGeometry:
    arms = [LineString([(-500.0, 0.0), (500.0, 0.0)]), LineString([(0.0, -500.0), (0.0, 500.0)])]
    shape = shapely.union_all([a.buffer(half_gap, cap_style="flat") for a in arms])
    return translate(rotate(shape, turn, origin=(0.0, 0.0)), at.x, at.y)


def corners(lot: Polygon, depth_m: float, gap_m: float, setback_m: float = 2.0) -> list[Polygon]:
    """L-shaped buildings at the corners of a lot around a court, open in the middle of each side.

    A lot too small for a court is filled by one body.
    """
    frame = lot.buffer(-setback_m, join_style="mitre")
    court = frame.buffer(-depth_m, join_style="mitre")
    if court.is_empty or court.area < 120.0:
        body = lot.buffer(-setback_m - 4.0, join_style="mitre")
        return [body] if body.area > 150.0 and isinstance(body, Polygon) else []
    band = frame.difference(court).difference(_cross(lot.centroid, grain_deg(lot), gap_m / 2.0))
    return _sound(band, 130.0)


def grid(
    lot: Polygon, wide_m: float, deep_m: float, pitch_m: tuple[float, float], turn: float
) -> list[Polygon]:
    """Equal rectangles in rows and columns, as many as fit inside the lot with 5 m around."""
    room = lot.buffer(-5.0)
    if room.is_empty:
        return []
    centre = room.centroid
    level = rotate(room, -turn, origin=centre)
    west, south, east, north = level.bounds
    columns = max(1, int((east - west - wide_m) // pitch_m[0]) + 1)
    rows = max(1, int((north - south - deep_m) // pitch_m[1]) + 1)
    out = []
    for r in range(rows):
        for c in range(columns):
            x = (west + east) / 2.0 + (c - (columns - 1) / 2.0) * pitch_m[0]
            y = (south + north) / 2.0 + (r - (rows - 1) / 2.0) * pitch_m[1]
            body = shapely.box(
                x - wide_m / 2.0, y - deep_m / 2.0, x + wide_m / 2.0, y + deep_m / 2.0
            )
            if level.contains(body):
                out.append(rotate(body, turn, origin=centre))
    return out


def _sound(shape: BaseGeometry, least_m2: float) -> list[Polygon]:
    parts = [p for p in shapely.get_parts(shape) if isinstance(p, Polygon) and p.area >= least_m2]
    return sorted(parts, key=lambda p: (-round(p.centroid.y), round(p.centroid.x)))


def without(bodies: list[Polygon], taken: BaseGeometry) -> list[Polygon]:
    """The bodies that keep clear of what is already there."""
    return [b for b in bodies if not b.intersects(taken)]

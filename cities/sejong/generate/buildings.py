"""Buildings: what stands on each block, how high, and for what.

ASSUMED throughout, within the white paper's words: uses are mixed in one building, density is
highest around the axis and along the ring, small lots inside and large blocks outside, low houses
towards preserved hills and the river. Named facilities are in `facilities.toml`.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Polygon

from cities.sejong.generate import facilities, outlines, shapes, streets
from cities.sejong.generate.blocks import Block
from cities.sejong.generate.ground import elevation_m
from cities.sejong.generate.plane import Array, unbend

SEED = 51  # the number of the living zone

# ASSUMED storey heights, m: homes, everything else.
HOME_STOREY_M, WORK_STOREY_M = 3.0, 3.9
HOMES = frozenset(("apartments", "house", "mixed"))
CLEAR_M = 7.0  # between a facility and its neighbours


@dataclass(frozen=True, slots=True)
class Body:
    """One building before dwellings and jobs are shared out."""

    zone: str
    kind: str
    footprint: Polygon
    floors: int
    facility: str = ""

    @property
    def height_m(self) -> float:
        """Height above its foot, with a parapet of 1 m."""
        storey = HOME_STOREY_M if self.kind in HOMES else WORK_STOREY_M
        ground = WORK_STOREY_M - HOME_STOREY_M if self.kind == "mixed" else 0.0
        return round(self.floors * storey + ground + 1.0, 1)

    @property
    def floor_area_m2(self) -> float:
        """Gross floor area above the ground, m2."""
        return float(self.footprint.area) * self.floors


def _density(bodies: list[Polygon]) -> tuple[Array, Array, Array, Array]:
    """For each body: nearness (0 to 1) to the axis, to a stop and to the ring; ground height, m."""
    xy = np.array([(b.centroid.x, b.centroid.y) for b in bodies])
    uv = unbend(xy)
    axis = np.exp(-((uv[:, 0] / 150.0) ** 2))
    stops = [np.hypot(uv[:, 0], uv[:, 1] - v) for v in streets.BRT_STOP_V_M]
    stop = np.exp(-((np.min(stops, axis=0) / 190.0) ** 2))
    ring = shapely.distance(shapely.points(xy), outlines.ring_area().exterior)
    return axis, stop, np.exp(-((ring / 75.0) ** 2)), elevation_m(xy)


# use: (lowest floors, more at the axis, more at a stop, more at the ring, spread)
_FLOORS = {
    "core": (7.0, 3.0, 7.0, 2.0, 3.0),
    "office": (6.0, 4.0, 3.0, 2.0, 2.5),
    "mixed": (5.0, 3.0, 2.0, 3.0, 1.6),
    "living": (4.0, 1.0, 0.0, 3.0, 1.0),
    "apartments": (6.0, 2.0, 4.0, 6.0, 3.0),
    "innovation": (3.0, 4.0, 3.0, 0.0, 1.2),
    "houses": (2.0, 0.0, 0.0, 0.0, 0.6),
}


def _floors(use: str, bodies: list[Polygon], rng: np.random.Generator) -> list[int]:
    least, axis_more, stop_more, ring_more, spread = _FLOORS[use]
    axis, stop, ring, ground_m = _density(bodies)
    floors = least + axis_more * axis + stop_more * stop + ring_more * ring
    floors = (
        floors - np.clip((ground_m - 45.0) / 6.0, 0.0, 4.0) + rng.normal(0.0, spread, len(axis))
    )
    lowest = 2 if use in {"houses", "living", "innovation"} else 3
    return [int(f) for f in np.clip(np.round(floors), lowest, 25)]


_HIGHEST = {"shop": 5, "house": 3}

_KINDS = {
    "core": (("mixed", 0.74), ("office", 0.12), ("shop", 0.14)),
    "office": (("office", 0.60), ("mixed", 0.40)),
    "mixed": (("mixed", 0.62), ("apartments", 0.33), ("office", 0.05)),
    "living": (("apartments", 0.62), ("mixed", 0.38)),
    "apartments": (("apartments", 1.0),),
    "innovation": (("office", 0.45), ("industry", 0.55)),
    "houses": (("house", 0.85), ("mixed", 0.15)),
}


# use: (depth of the buildings, gap in the middle of each side, share that is built)
_COURTS = {
    "core": (14.0, 9.0, 1.0),
    "office": (14.0, 9.0, 1.0),
    "mixed": (12.0, 8.0, 0.86),
    "living": (10.0, 10.0, 0.78),
}
# use: (width, depth, pitch along and across, share that is built); apartments are slabs or towers
_ROWS = {
    "houses": (11.5, 9.5, (19.0, 22.0), 0.85),
    "innovation": (44.0, 24.0, (60.0, 40.0), 1.0),
    "slabs": (46.0, 13.5, (55.0, 38.0), 1.0),
    "towers": (25.0, 25.0, (46.0, 45.0), 1.0),
}
_COURT_TOWERS_FROM_M2 = 2_500.0


def _footprints(use: str, lot: Polygon, rng: np.random.Generator) -> list[Polygon]:
    turn = shapes.grain_deg(lot)
    if use in _COURTS:
        depth_m, gap_m, built = _COURTS[use]
        out = shapes.corners(lot, depth_m, gap_m)
        court = lot.buffer(-34.0)
        if use == "core" and court.area > _COURT_TOWERS_FROM_M2:
            out += shapes.grid(court, 27.0, 27.0, (48.0, 48.0), turn)
    else:
        if use == "apartments":
            use = "towers" if rng.random() < 0.5 else "slabs"
        wide_m, deep_m, pitch_m, built = _ROWS[use]
        out = shapes.grid(lot, wide_m, deep_m, pitch_m, turn)
    return [b for b in out if rng.random() < built]


def _facilities(blocks: list[Block]) -> list[Body]:
    out = []
    for facility in facilities.read():
        for part in facility.parts:
            home = next(b for b in blocks if b.face.contains(part.footprint.centroid))
            out.append(
                Body(home.zone, facility.building_kind, part.footprint, part.floors, facility.key)
            )
    return out


def draw(blocks: list[Block]) -> list[Body]:
    """Every building of the city, facilities first in their zone, then from north to south."""
    named = _facilities(blocks)
    ponds = [facilities.pond(at, axes) for *_, at, axes in facilities.RESERVOIRS]
    taken = shapely.union_all([*(b.footprint.buffer(CLEAR_M) for b in named), *ponds])
    out: list[Body] = []
    for n, block in enumerate(blocks):
        out += [b for b in named if b.zone == block.zone]
        if block.use not in _FLOORS:
            continue
        rng = np.random.default_rng([SEED, n])
        bodies = [f for lot in block.lots for f in _footprints(block.use, lot, rng)]
        bodies = shapes.without(bodies, taken)
        if not bodies:
            continue
        kinds, odds = zip(*_KINDS[block.use], strict=True)
        chosen = rng.choice(kinds, size=len(bodies), p=odds)
        floors = _floors(block.use, bodies, rng)
        out += [
            Body(block.zone, str(k), b, min(f, _HIGHEST.get(str(k), f)))
            for k, b, f in zip(chosen, bodies, floors, strict=True)
        ]
    return out

"""Draws the streets: the axis, the Circulation Ring, the grid inside it and what surrounds it.

FACT (the white paper, 'Street Planning', 'Principles in Urban Design Planning'): the BRT trunk is
the central axis; walkers cross it on bridges; the ring has four lanes, PM lanes and a wide sidewalk
on its inner side; zone A inside has blocks of 150 m sides; B buffers; C has large blocks for fast
vehicles; Local Highway 96 and the outer ring road are the other trunks. ASSUMED: every exact line.
"""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from cities.sejong.generate import facts
from cities.sejong.generate.plane import (
    area,
    bend,
    dense,
    largest,
    lines_of,
    longest,
    oval,
    path,
    smooth,
)

# Half axes of the ovals, m: the ring, the collector around zone B, the street at the hills' foot.
_RING = oval(478.0, 384.0, 2.5, 0.012, 0.7)
_COLLECTOR = oval(672.0, 560.0, 2.3, 0.027, 0.4)
_HILL_FOOT = oval(893.0, 770.0, 2.2, 0.033, 0.9) + np.array([52.0, 0.0])
_GARDEN_LANE = oval(783.0, 668.0, 2.25, 0.030, 0.7) + np.array([24.0, 0.0])
_BOUNDARY = oval(1000.0, 860.0, 2.2, 0.030, 1.1)

# How far inside the ring's line its parts lie: fast PM lane, slow PM lane, sidewalk (FACT: PM lanes
# on the inner side, section of 25.0 m, sidewalk of 7.0 m; ASSUMED offsets within that).
FAST_PM_IN_M, SLOW_PM_IN_M, SIDEWALK_IN_M = 9.5, 12.5, 18.0
SIDEWALK_OUT_M = 12.0
EDGE_IN_M = 15.0  # where the owned-car-restricted area begins
PROMENADE_U_M = 30.0  # beside the trunk's cutting
CORRIDOR_U_M = 22.0  # half of the cutting
COLUMNS = (-330.0, -180.0, 180.0, 330.0)
ROWS = (-225.0, -75.0, 75.0, 225.0)
LONG_COLUMNS = (-330.0, 330.0)  # these go on through zone C
LONG_ROWS = (-75.0, 225.0)
ALLEY_COLUMNS = (-405.0, -255.0, -105.0, 105.0, 255.0, 405.0)
ALLEY_ROWS = (-300.0, -150.0, 0.0, 150.0, 300.0)

# ASSUMED: the designated one-way streets for tagged vehicles. +1 runs north or east, -1 south or
# west; outside of the corridor each half has its loop, entered and left through its own gates.
ONE_WAY_COLUMNS = {-330.0: -1, -180.0: 1, 180.0: 1, 330.0: -1}
ONE_WAY_ROWS = {
    (-225.0, "west"): -1,
    (75.0, "west"): 1,
    (-225.0, "east"): 1,
    (75.0, "east"): -1,
}
TOWER_V_M = 40.0  # where the shared-car parking tower stands beside the cutting (ASSUMED)
BRT_STOP_V_M = (-478.0, 478.0)  # FACT: two stops, outside the restricted area
NAMES = {
    "trunk": "BRT Trunk Road (BRT 간선도로)",
    "ring": "Circulation Ring (순환링)",
    "collector": "Outer Circulation Road (외곽 순환로)",
    "outer_ring": "Outer Ring Road (외곽순환도로)",
    "highway_96": "Local Highway 96 (지방도 96호선)",
    "row_75": "Living Culture Street (생활문화가로)",
    "row_-75": "Shopping Street (쇼핑가로)",
}


@dataclass(frozen=True, slots=True)
class Road:
    """One street to be cut into links; `level` separates what crosses above or below."""

    key: str
    section: str
    line: LineString
    level: int = 0
    name: str = ""


@cache
def boundary() -> Polygon:
    """The zone, scaled about its middle to exactly the area of the plan."""
    grown = 1.0
    for _ in range(8):
        shape = area(_BOUNDARY * grown)
        grown *= float(np.sqrt(facts.AREA_M2 / shape.area))
    return area(_BOUNDARY * grown)


@cache
def ring_area() -> Polygon:
    """Everything inside the line of the Circulation Ring."""
    return area(_RING)


@cache
def collector_area() -> Polygon:
    """Everything inside the Outer Circulation Road."""
    return area(_COLLECTOR)


def corridor() -> Polygon:
    """The cutting in which the trunk passes under the bridges, between the ring's two ends."""
    east = [(CORRIDOR_U_M, v) for v in (-900.0, 900.0)]
    west = [(-CORRIDOR_U_M, v) for v in (900.0, -900.0)]
    return Polygon(bend(dense(np.array([*east, *west, east[0]]))))


def restricted() -> BaseGeometry:
    """The owned-car-restricted area: inside the ring's kerb, without the trunk's cutting."""
    return ring_area().buffer(-EDGE_IN_M).difference(corridor())


def _closed(key: str, section: str, shape: Polygon) -> Road:
    line = LineString(shape.exterior.coords)
    return Road(key, section, line, name=NAMES.get(key, ""))


@cache
def outer_ring() -> LineString:
    """The outer ring road of Sejong, passing between the zone and Hwangwoosan."""
    points = [(1150, -1900), (1010, -1250), (925, -720), (905, -300), (935, 60), (905, 400)]
    points += [(800, 730), (590, 1010), (330, 1290), (150, 1650), (120, 1800)]
    return LineString(bend(smooth(points)))


@cache
def highway_96() -> LineString:
    """Local Highway 96, along the Geumgang."""
    points = [(-1800, -760), (-1250, -748), (-700, -735), (-330, -722), (0, -712), (330, -716)]
    points += [(700, -712), (1000, -640), (1300, -440), (1700, -160)]
    return LineString(bend(smooth(points)))


@cache
def built_area() -> Polygon:
    """What the hill-foot street, Local Highway 96 and the outer ring road enclose."""
    corner = np.array([(150.0, -1200.0), (1400.0, -1200.0), (1400.0, 0.0), (150.0, 0.0)])
    shape = largest(area(_HILL_FOOT).union(area(np.vstack((corner, corner[:1])))))
    for edge in (outer_ring(), highway_96()):
        shape = largest(split(shape, edge))
    return shape


def _trunks() -> list[Road]:
    axis = path([(0, -1850), (0, 1750)])
    inside = longest(axis.intersection(ring_area()))
    parts = sorted(lines_of(axis.difference(ring_area()), 2.0), key=lambda p: p.centroid.y)
    name = NAMES["trunk"]
    return [
        Road("outer_ring", "outer_ring", outer_ring(), name=NAMES["outer_ring"]),
        Road("highway_96", "highway_96", highway_96(), name=NAMES["highway_96"]),
        Road("trunk_south", "trunk", parts[0], name=name),
        Road("trunk_cut", "trunk", inside, -1, name),
        Road("trunk_north", "trunk", parts[-1], name=name),
    ]


def _rings() -> list[Road]:
    ring = ring_area()
    fast = ring.buffer(-FAST_PM_IN_M)
    return [
        _closed("ring", "ring", ring),
        _closed("ring_fast", "ring_fast", fast),
        _closed("ring_slow", "ring_slow", ring.buffer(-SLOW_PM_IN_M)),
        _closed("ring_inner_walk", "ring_walk", ring.buffer(-SIDEWALK_IN_M)),
        _closed("ring_outer_walk", "ring_walk", ring.buffer(SIDEWALK_OUT_M)),
        _closed("collector", "collector", collector_area()),
    ]


def _split(road: Road, one_way: int) -> list[Road]:
    """Cut one street of the grid where the ring changes what it is; one_way is its direction."""
    kerb = ring_area().buffer(-SIDEWALK_IN_M)
    shapes = {
        "passage": road.line.intersection(kerb),
        "mouth": road.line.intersection(ring_area()).difference(kerb),
        "street": road.line.difference(ring_area()),
    }
    tagged = {"passage": "passage_one_way", "mouth": "gate"}
    out = []
    for section, shape in shapes.items():
        parts = sorted(lines_of(shape, 2.0), key=lambda p: road.line.project(p.centroid))
        for n, part in enumerate(parts):
            begin, end = (road.line.project(Point(part.coords[k])) for k in (0, -1))
            line = part if (begin < end) == (one_way >= 0) else part.reverse()
            used = tagged.get(section, section) if one_way else section
            out.append(replace(road, key=f"{road.key}_{section}{n}", section=used, line=line))
    return out


def _columns() -> list[Road]:
    roads: list[Road] = []
    for u in COLUMNS:
        reach = built_area() if u in LONG_COLUMNS else collector_area()
        line = longest(path([(u, -900.0), (u, 950.0)]).intersection(reach))
        roads += _split(Road(f"column_{u:.0f}", "street", line), ONE_WAY_COLUMNS[u])
    return roads


def _rows() -> list[Road]:
    """Cross streets, in two halves; between them the walkers' bridges over the trunk."""
    roads: list[Road] = []
    for v in ROWS:
        name = NAMES.get(f"row_{v:.0f}", "")
        reach = built_area() if v in LONG_ROWS else collector_area()
        for side, ends in (("west", (-1100.0, -PROMENADE_U_M)), ("east", (PROMENADE_U_M, 1100.0))):
            line = longest(path([(ends[0], v), (ends[1], v)]).intersection(reach))
            road = Road(f"row_{v:.0f}_{side}", "street", line, name=name)
            roads += _split(road, ONE_WAY_ROWS.get((v, side), 0))
        over = path([(-PROMENADE_U_M, v), (PROMENADE_U_M, v)])
        roads.append(Road(f"bridge_{v:.0f}", "bridge", over, 1, "Walkers' Bridge (보행교)"))
    return roads


def _alleys() -> list[Road]:
    kerb = ring_area().buffer(-SIDEWALK_IN_M)
    lines = {f"alley_column_{u:.0f}": path([(u, -500.0), (u, 500.0)]) for u in ALLEY_COLUMNS}
    for v in ALLEY_ROWS:
        lines[f"alley_row_{v:.0f}_west"] = path([(-600.0, v), (-PROMENADE_U_M, v)])
        lines[f"alley_row_{v:.0f}_east"] = path([(PROMENADE_U_M, v), (600.0, v)])
    return [Road(key, "alley", longest(line.intersection(kerb))) for key, line in lines.items()]


def _promenades() -> list[Road]:
    """Wide walks on both sides of the trunk, and the crossings at its two stops."""
    roads = []
    for side, sign in (("west", -1.0), ("east", 1.0)):
        line = path([(sign * PROMENADE_U_M, -900.0), (sign * PROMENADE_U_M, 950.0)])
        line = longest(line.intersection(built_area()))
        roads.append(Road(f"promenade_{side}", "promenade", line, name="Promenade (보행광장길)"))
    for v in BRT_STOP_V_M:
        line = path([(-PROMENADE_U_M, v), (PROMENADE_U_M, v)])
        roads.append(Road(f"crossing_{v:.0f}", "crossing", line))
    return roads


def _edges() -> list[Road]:
    """The hill-foot street, a lane through the large blocks, a river walk and a hill walk."""
    rim = built_area().exterior
    others = shapely.union(outer_ring(), highway_96()).buffer(0.05)
    foot = longest(rim.difference(others))
    river = [(-640, -690), (-560, -790), (-300, -806), (0, -800), (300, -790), (560, -766)]
    hill = [(-760, 150), (-930, 230), (-960, 360), (-900, 450), (-740, 470)]
    walks = [
        longest(line.difference(built_area()))
        for line in (LineString(bend(smooth(w))) for w in ([*river, (640, -670)], hill))
    ]
    north = [(-1100.0, -75.0), (1100.0, -75.0), (1100.0, 1000.0), (-1100.0, 1000.0)]
    half = Polygon(bend(dense(np.array([*north, north[0]]))))
    lane = longest(LineString(bend(dense(_GARDEN_LANE))).intersection(half))
    return [
        Road("garden_lane", "lane", lane, name="Garden Lane (정원길)"),
        Road("hill_foot", "hill_street", foot, name="Hill-foot Street (산자락길)"),
        Road("river_walk", "trail", walks[0], name="River Walk (강변산책로)"),
        Road("hill_walk", "trail", walks[1], name="Hill Walk (숲길)"),
    ]


def _spurs() -> list[Road]:
    """Streets that part the largest blocks outside, and the way down to the shared-car tower.

    FACT ('Street System'): shared cars enter the basement by a road that runs underground inside
    the ring; here it is the trunk's cutting, left by a ramp. A lift leads up to the promenade.
    """
    reach = built_area().difference(collector_area())
    spurs = {
        "farm_road": [(480, -300), (640, -430), (730, -560), (745, -800)],
        "river_gate": [(-480, -300), (-575, -430), (-600, -560), (-590, -800)],
        "orchard_road": [(400, 380), (540, 540), (640, 680), (720, 800)],
        "wood_road": [(-400, 360), (-520, 500), (-600, 620), (-660, 800)],
    }
    roads = []
    for key, points in spurs.items():
        line = longest(LineString(bend(smooth(points))).intersection(reach))
        roads.append(Road(key, "street", line, name=key.replace("_", " ").title()))
    foot = (19.0, TOWER_V_M)
    ramp = path([(0.0, TOWER_V_M - 25.0), foot])
    lift = path([foot, (PROMENADE_U_M, TOWER_V_M)])
    roads.append(Road("tower_ramp", "ramp", ramp, -1, "Shared-car Tower Ramp (공유차 타워 진입로)"))
    roads.append(Road("tower_lift", "lift", lift, 0, "Lift (승강기)"))
    return roads


def draw() -> list[Road]:
    """All streets of the city, not yet cut at their junctions."""
    grid = [*_columns(), *_rows(), *_alleys(), *_promenades()]
    return [*_trunks(), *_rings(), *_edges(), *grid, *_spurs()]

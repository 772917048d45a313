"""Draws the streets: the axis, the Circulation Ring, the grid inside it and what surrounds it.

FACT (the white paper, 'Street Planning', 'Principles in Urban Design Planning'): the BRT trunk is
the central axis; walkers cross it on bridges; the ring has four lanes, PM lanes and a wide sidewalk
on its inner side; zone A inside has blocks of 150 m sides; B buffers; C has large blocks for fast
vehicles; Local Highway 96 and the outer ring road are the other trunks. ASSUMED: every exact line.
"""

from dataclasses import dataclass, replace

import shapely
from shapely import LineString, Point, Polygon

from cities.sejong.generate.outlines import (
    GARDEN_LANE,
    built_area,
    collector_area,
    half_plane,
    highway_96,
    outer_ring,
    ring_area,
)
from cities.sejong.generate.plane import (
    bend,
    dense,
    lines_of,
    longest,
    path,
    smooth,
)

# How far inside the ring's line its parts lie: fast PM lane, slow PM lane, sidewalk (FACT: PM lanes
# on the inner side, section of 25.0 m, sidewalk of 7.0 m; ASSUMED offsets within that).
FAST_PM_IN_M, SLOW_PM_IN_M, SIDEWALK_IN_M = 9.5, 12.5, 18.0
SIDEWALK_OUT_M = 12.0
PROMENADE_U_M = 30.0  # beside the trunk's cutting
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


def southward(line: LineString) -> LineString:
    """The line, drawn from north to south."""
    return line if line.coords[0][1] > line.coords[-1][1] else line.reverse()


def _closed(key: str, section: str, shape: Polygon) -> Road:
    line = LineString(shape.exterior.coords)
    return Road(key, section, line, name=NAMES.get(key, ""))


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
    """Wide walks on both sides of the trunk, and the crossings at its two stops.

    Between the rows by which tagged vehicles come in and go out, they follow it southward.
    """
    roads = []
    for side, sign in (("west", -1.0), ("east", 1.0)):
        line = path([(sign * PROMENADE_U_M, -900.0), (sign * PROMENADE_U_M, 950.0)])
        line = longest(line.intersection(built_area()))
        between = half_plane(ROWS[0]).difference(half_plane(ROWS[2]))
        parts = {
            "promenade": line.difference(between),
            "promenade_one_way": line.intersection(between),
        }
        for section, shape in parts.items():
            for n, part in enumerate(sorted(lines_of(shape, 2.0), key=lambda p: p.centroid.y)):
                way = part if section == "promenade" else southward(part)
                key = f"{section}_{side}{n}"
                roads.append(Road(key, section, way, name="Promenade (보행광장길)"))
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
    lane = longest(LineString(bend(dense(GARDEN_LANE))).intersection(half_plane(LONG_ROWS[0])))
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
    lane = [(652, -446), (725, -448), (800, -400), (878, -335)]
    roads.append(Road("greenhouse_lane", "lane", LineString(bend(smooth(lane)))))
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

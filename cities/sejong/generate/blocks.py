"""Blocks between the streets: which speed of the city each belongs to, and what it is for.

FACT: zones A, B and C ('Urban Planning Concept') and the list of uses ('Final Land Utilization
Plan' and its drawing). ASSUMED: which block has which use, since the drawing is lost in the text.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from cities.sejong.generate import outlines
from cities.sejong.generate.plane import Array, bend, unbend
from cities.sejong.generate.sections import SECTIONS
from cities.sejong.generate.streets import Road

# Streets that part one block from the next; the others run through blocks.
_DIVIDING = (
    "trunk",
    "outer_ring",
    "highway_96",
    "collector",
    "ring",
    "street",
    "hill_street",
    "passage",
    "passage_one_way",
    "mouth",
    "gate",
    "bridge",
)

# What a block is for, by a design point "u,v" inside it; the rest of a belt has its default.
_USES = {
    "core": "-90,300 -90,0 -90,-300 90,-300 -90,470 90,470 -90,-470 90,-470",
    "office": "90,300 90,150",  # Smart Tech Lab and Smart Integration Centre
    "civic": "-90,150 -90,-150 90,-150 90,0",
    "school": "-255,0 -555,150 -436,-370",
    "hospital": "-566,0",
    "park": "255,0 255,-150 255,-290 -356,275 358,273 -356,-270 356,-264",
    "living": "-255,300 255,300 -393,148 397,150 -401,0 -392,-148 393,-148 -255,-300",
    "houses": "-735,75 -690,360 500,560 -470,610 745,420",
    "innovation": "165,640 770,75 165,-610 -165,-628",
    "works": "-500,-600",
    "farm": "800,-250 560,-560",
}
DEFAULT_USE = {"A": "mixed", "B": "apartments", "C": "apartments", "P": "nature"}
CLOSED_USES = frozenset(("civic", "school", "park", "hospital"))  # no alleys through these


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its zone name, its zone class (A, B, C, or P for preserved land) and its use.

    face reaches the middle of the streets around; lots are what remains between their sections.
    """

    zone: str
    belt: str
    use: str
    face: Polygon
    lots: tuple[Polygon, ...]
    uv: tuple[float, float]


def _longer(line: LineString) -> LineString:
    """The line drawn 2 m past both ends, so that it surely meets the street it ends on."""
    if line.is_closed:
        return line
    xy = np.asarray(line.coords)
    out = [
        end + 2.0 * (end - inner) / np.hypot(*(end - inner))
        for end, inner in ((xy[0], xy[1]), (xy[-1], xy[-2]))
    ]
    return LineString([out[0], *xy, out[1]])


def _faces(roads: list[Road]) -> list[Polygon]:
    lines = [_longer(r.line) for r in roads if r.section in _DIVIDING]
    edge = outlines.boundary().exterior
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all([*lines, edge])]))
    inside = outlines.boundary().buffer(1e-3)
    return [f for f in faces if inside.contains(f) and f.area > 1_500.0]


def _belt(point: Point) -> str:
    if outlines.ring_area().contains(point):
        return "A"
    if outlines.collector_area().contains(point):
        return "B"
    return "C" if outlines.built_area().contains(point) else "P"


def _order(belt: str, uv: Array) -> tuple[float, ...]:
    """A: rows from the north-west. Others: around the ring, clockwise from the north."""
    if belt == "A":
        return (-float(np.round(uv[1] / 150.0)), float(uv[0]))
    return (float(np.arctan2(uv[0], uv[1]) % (2.0 * np.pi)),)


def _use(face: Polygon, belt: str) -> str:
    for use, points in _USES.items():
        uv = np.array([p.split(",") for p in points.split()], dtype=np.float64)
        if shapely.contains_xy(face, bend(uv)).any():
            return use
    return DEFAULT_USE[belt]


def _lots(face: Polygon, taken: BaseGeometry) -> tuple[Polygon, ...]:
    rest = face.difference(taken).buffer(-2.0).buffer(2.0, join_style="mitre")
    parts = [p for p in shapely.get_parts(rest) if p.area > 300.0]
    return tuple(sorted(parts, key=lambda p: (-round(p.centroid.y), round(p.centroid.x))))


def _taken(roads: list[Road], alleys: bool) -> BaseGeometry:
    ground = [
        r.line.buffer(SECTIONS[r.section].half_width_m)
        for r in roads
        if (r.section == "alley") == alleys and r.section not in {"lift", "ramp"}
    ]
    return shapely.union_all(ground)


def draw(roads: list[Road]) -> list[Block]:
    """All blocks of the zone, in the order of their names."""
    cutting = outlines.corridor().intersection(outlines.ring_area())
    ground = shapely.union(_taken(roads, alleys=False), cutting)
    alleys = shapely.union(ground, _taken(roads, alleys=True))
    found: dict[str, list[tuple[tuple[float, ...], Polygon, Array]]] = {}
    for face in _faces(roads):
        point = face.representative_point()
        uv = unbend(np.array([[point.x, point.y]]))[0]
        belt = _belt(point)
        found.setdefault(belt, []).append((_order(belt, uv), face, uv))
    blocks = []
    for belt in sorted(found):
        for n, (_, face, uv) in enumerate(sorted(found[belt], key=lambda f: f[0]), start=1):
            use = _use(face, belt)
            lots = _lots(face, ground if use in CLOSED_USES else alleys)
            where = (round(float(uv[0]), 1), round(float(uv[1]), 1))
            blocks.append(Block(f"{belt}{n:02d}", belt, use, face, lots, where))
    return blocks

"""Cuts streets at their junctions: from drawn lines to nodes and directed links."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from cities.sejong.generate.plane import Array
from cities.sejong.generate.sections import SECTIONS
from cities.sejong.generate.streets import Road

TOUCH_M = 0.6  # an end this near to a street joins it
MERGE_M = 1.2  # cuts and nodes this near are one


@dataclass(frozen=True, slots=True)
class Link:
    """One direction of one piece of street; geometry in map metres, from source to target."""

    link: str
    source: int
    target: int
    length_m: float
    modes: int
    speed_kmh: float
    lanes: float
    capacity_veh_h: float
    kind: str
    name: str
    line: LineString


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes (n, 2) in map metres and the links between them."""

    node_xy: Array
    links: tuple[Link, ...]


def _points(shape: BaseGeometry) -> Iterable[Point]:
    for part in shapely.get_parts(shape):
        if part.is_empty:
            continue
        if not isinstance(part, Point):
            raise ValueError(f"two streets run on top of each other: {part.wkt[:80]}")
        yield part


def _cuts(roads: list[Road]) -> list[list[float]]:
    """Distances along each street where another crosses it on its level, or ends on it."""
    cuts: list[list[float]] = [[] for _ in roads]
    tree = shapely.STRtree([r.line for r in roads])
    pairs = tree.query([r.line for r in roads], predicate="dwithin", distance=TOUCH_M).T
    for i, j in sorted((int(a), int(b)) for a, b in pairs if a < b):
        one, two = roads[i], roads[j]
        if one.level == two.level:
            for point in _points(one.line.intersection(two.line)):
                cuts[i].append(one.line.project(point))
                cuts[j].append(two.line.project(point))
        for a, b in ((i, j), (j, i)):
            for end in _ends(roads[a].line):
                if roads[b].line.distance(end) <= TOUCH_M:
                    cuts[b].append(roads[b].line.project(end))
    return cuts


def _ends(line: LineString) -> tuple[Point, ...]:
    if line.is_closed:
        return ()
    return Point(line.coords[0]), Point(line.coords[-1])


def _open_at(line: LineString, at_m: float) -> LineString:
    """A closed line, started anew at one of its cuts."""
    first = shapely.line_merge(shapely.ops.substring(line, 0.0, at_m))
    rest = shapely.ops.substring(line, at_m, line.length)
    return LineString([*rest.coords, *list(first.coords)[1:]])


def _pieces(road: Road, cuts: list[float]) -> list[LineString]:
    """The street between its cuts, long stretches halved until a door finds a node near."""
    line, longest_m = road.line, SECTIONS[road.section].longest_m
    if line.is_closed and cuts:
        line = _open_at(line, min(cuts))
        cuts = [c - min(cuts) for c in cuts]
    marks = [0.0]
    for cut in sorted(cuts):
        if cut - marks[-1] > MERGE_M and line.length - cut > MERGE_M:
            marks.append(cut)
    marks.append(line.length)
    pieces = []
    for a, b in pairwise(marks):
        n = max(1, int(np.ceil((b - a) / longest_m)))
        steps = np.linspace(a, b, n + 1)
        pieces += [LineString(shapely.ops.substring(line, p, q).coords) for p, q in pairwise(steps)]
    return pieces


def _merge_nodes(ends: Array) -> tuple[Array, NDArray[np.int32]]:
    """One node for all piece ends that lie within MERGE_M: its place, and the node of each end."""
    pairs = cKDTree(ends).query_pairs(MERGE_M, output_type="ndarray")
    ones = np.ones(len(pairs), dtype=np.int8)
    near = coo_array((ones, (pairs[:, 0], pairs[:, 1])), shape=(len(ends), len(ends)))
    _, label = connected_components(near, directed=False)
    _, first, node = np.unique(label, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return ends[first[order]], rank[node].astype(np.int32)


def _both_ways(key: str, road: Road, ends: tuple[int, int], line: LineString) -> list[Link]:
    """The two directed links of one piece; only `kind` may differ between them."""
    s = SECTIONS[road.section]
    line = LineString(line.simplify(0.1).coords)
    shared = (round(line.length, 2), s.modes, s.speed_kmh, s.lanes, s.capacity_veh_h)
    a, b = ends
    return [
        Link(f"{key}f", a, b, *shared, s.kind, road.name, line),
        Link(f"{key}b", b, a, *shared, s.back or s.kind, road.name, line.reverse()),
    ]


def build(roads: list[Road], closed: Iterable[Polygon] = ()) -> Graph:
    """Nodes and directed links of all streets.

    Alleys whose middle lies in one of the `closed` lots (a school yard, the central park's lawn)
    are left out.
    """
    pieces = [
        (road, n, line)
        for road, cuts in zip(roads, _cuts(roads), strict=True)
        for n, line in enumerate(_pieces(road, cuts))
    ]
    yards = shapely.union_all(list(closed))
    pieces = [p for p in pieces if p[0].section != "alley" or not _inside(p[2], yards)]
    ends = np.array([c for _, _, line in pieces for c in (line.coords[0], line.coords[-1])])
    node_xy, node = _merge_nodes(ends)
    links: list[Link] = []
    for k, (road, n, line) in enumerate(pieces):
        a, b = int(node[2 * k]), int(node[2 * k + 1])
        if a == b:
            raise ValueError(f"{road.key} {n} begins and ends at one junction")
        snapped = LineString([node_xy[a], *list(line.coords)[1:-1], node_xy[b]])
        links += _both_ways(f"{road.key}:{n}", road, (a, b), snapped)
    return Graph(node_xy, tuple(links))


def _inside(line: LineString, yards: BaseGeometry) -> bool:
    return bool(yards.contains(line.interpolate(0.5, normalized=True)))


def strongly_connected(graph: Graph, allowed: Callable[[Link], bool]) -> bool:
    """Whether every node of the allowed links reaches every other one along them."""
    links = [x for x in graph.links if allowed(x)]
    used = np.unique([n for x in links for n in (x.source, x.target)])
    place = np.full(len(graph.node_xy), -1)
    place[used] = np.arange(len(used))
    source, target = place[[x.source for x in links]], place[[x.target for x in links]]
    net = coo_array((np.ones(len(links)), (source, target)), shape=(len(used), len(used)))
    return int(connected_components(net, directed=True, connection="strong")[0]) == 1

"""What lies under the streets: pipes and ducts from the plants of the plan to every building.

FACT (the white paper, 'Final Land Utilization Plan'): where the service reservoir, the sewage
treatment, the substation and the Clean Net plant are; ('Digital Twin') that the twin covers
underground facilities. ASSUMED: which streets they follow (the shortest way), how deep, how wide.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree
from shapely import LineString

from cities.sejong.generate import facilities
from cities.sejong.generate.buildings import Body
from cities.sejong.generate.graph import Graph, Link
from cities.sejong.generate.plane import Array

_DUG_UP = frozenset({"residential", "service", "secondary", "primary", "gate", "ring",
                     "pedestrian", "path"})  # fmt: skip
_NOT_UNDER = ("bridge_", "tower_", "crossing_", "trunk", "outer_ring", "hill_walk", "river_walk")
# ASSUMED: 300 l a person and day, as of Korean households and small trade; the busiest hour two and
# a half times the mean; one metre a second in pipes.
_WATER_M3_S = 0.300 / 86_400.0 * 2.5
_FLOW_M_S = 1.0
_SIZES_MM = np.array([80, 100, 150, 200, 250, 300, 400, 500, 600, 800, 1000], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Net:
    """One kind of line: from where, how deep, beside the street's middle, how wide at least.

    ASSUMED depths after the usual cover of mains under streets in Korea (1.0 m for cables, 1.2 m
    for water); sewers and waste pipes lie below those. `filled` is the share of a pipe that flows.
    """

    kind: str
    plant: str
    depth_m: float
    aside_m: float
    least_mm: float
    filled: float = 0.0  # 0: the width does not depend on who is behind


NETS = (
    Net("water", "service_reservoir", 1.2, 1.5, 100.0, filled=1.0),
    Net("sewer", "sewage_treatment", 2.5, 0.0, 250.0, filled=0.5),
    Net("power", "substation", 1.0, -1.5, 175.0),
    Net("waste", "clean_net", 2.0, 3.0, 500.0),
)


@dataclass(frozen=True, slots=True)
class Pipe:
    """One piece of a net under one piece of street."""

    utility: str
    kind: str
    street: str
    depth_m: float
    diameter_mm: float
    line: LineString


def lay(graph: Graph, bodies: Sequence[Body], people: Array) -> list[Pipe]:
    """All nets; `people` are those who live or work in each building."""
    streets = _Streets.of(graph)
    doors = streets.nearest(
        np.array([body.footprint.centroid.coords[0] for body in bodies], dtype=np.float64)
    )
    demand: Array = np.bincount(doors, weights=people, minlength=len(streets.node_xy)).astype("f8")
    is_door = np.bincount(doors, minlength=len(streets.node_xy)) > 0
    plants = {one.key: one.xy for one in facilities.read()}
    found: list[Pipe] = []
    for net in NETS:
        start = int(streets.nearest(np.array([plants[net.plant]]))[0])
        for link, behind in streets.tree(start, demand, is_door):
            found.append(_pipe(net, link, behind))
    return found


def _pipe(net: Net, link: Link, people: float) -> Pipe:
    line = link.line.offset_curve(net.aside_m) if net.aside_m else link.line
    if line.is_empty or not isinstance(line, LineString):
        line = link.line
    return Pipe(
        utility=f"{net.kind}:{link.link[:-1]}",
        kind=net.kind,
        street=link.link,
        depth_m=net.depth_m,
        diameter_mm=_diameter_mm(net, people),
        line=line,
    )


def _diameter_mm(net: Net, people: float) -> float:
    """The next size of pipe that carries the busiest hour of those behind it."""
    if not net.filled:
        return net.least_mm
    area_m2 = people * _WATER_M3_S / (_FLOW_M_S * net.filled)
    wanted_mm = max(net.least_mm, 1000.0 * float(np.sqrt(4.0 * area_m2 / np.pi)))
    fitting = _SIZES_MM[wanted_mm <= _SIZES_MM]
    return float(fitting[0] if len(fitting) else _SIZES_MM[-1])


@dataclass(frozen=True, slots=True)
class _Streets:
    """The streets that can be dug up, without direction."""

    node_xy: Array
    links: tuple[Link, ...]
    used: NDArray[np.int64]
    lengths: csr_array

    @classmethod
    def of(cls, graph: Graph) -> "_Streets":
        links = tuple(
            link
            for link in graph.links
            if link.link.endswith("f")
            and link.kind in _DUG_UP
            and not link.link.startswith(_NOT_UNDER)
        )
        ends = np.array([sorted((link.source, link.target)) for link in links])
        lengths_m = np.array([link.length_m for link in links], dtype=np.float64)
        order = np.argsort(lengths_m, kind="stable")  # of two between the same ends, the shorter
        _, first = np.unique(ends[order], axis=0, return_index=True)
        ends, lengths_m, size = ends[order[first]], lengths_m[order[first]], len(graph.node_xy)
        lengths = csr_array(coo_array((lengths_m, (ends[:, 0], ends[:, 1])), shape=(size, size)))
        reached = dijkstra(lengths, directed=False, indices=ends[:1, 0])[0] < np.inf
        return cls(graph.node_xy, links, np.flatnonzero(reached), lengths)

    def nearest(self, xy: Array) -> NDArray[np.int64]:
        """The nodes nearest to some points, among those that can be reached."""
        _, row = cKDTree(self.node_xy[self.used]).query(xy)
        return np.asarray(self.used[row])

    def tree(
        self, start: int, demand: Array, is_door: NDArray[np.bool_]
    ) -> list[tuple[Link, float]]:
        """The links of the shortest ways to all doors, with the demand behind each."""
        far_m, before = (
            found[0]
            for found in dijkstra(
                self.lengths, directed=False, indices=np.array([start]), return_predecessors=True
            )
        )
        behind, is_used = demand.copy(), is_door.copy()
        above: dict[tuple[int, int], float] = {}
        for node in np.argsort(-np.where(np.isfinite(far_m), far_m, -1.0), kind="stable").tolist():
            parent = int(before[node])
            if parent < 0 or not is_used[node]:
                continue
            behind[parent] += behind[node]
            is_used[parent] = True
            above[min(node, parent), max(node, parent)] = float(behind[node])
        found, seen = [], set()
        for link in self.links:
            pair = (min(link.source, link.target), max(link.source, link.target))
            if pair in above and pair not in seen:
                seen.add(pair)
                found.append((link, above[pair]))
        return found

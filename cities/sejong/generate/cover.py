"""Where to put the fewest stations: greedy covering, and walking distances along the streets."""

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from cities.sejong.generate.graph import Graph
from cities.sejong.generate.plane import Array
from cities.sejong.generate.sections import PM, WALK

EVERY_M = 22.0  # spacing of possible stations along streets


def greedy(reach: csr_array, done: NDArray[np.bool_] | None = None) -> list[int]:
    """Candidates (rows) that together reach all targets (columns) that any reaches.

    Each step takes the candidate that reaches most of what is left, the first of equals. Chvátal
    1979, "A greedy heuristic for the set-covering problem", doi 10.1287/moor.4.3.233: within
    ln(n) + 1 of the fewest.
    """
    left = np.asarray(reach.sum(axis=0)).ravel() > 0
    if done is not None:
        left &= ~done
    chosen: list[int] = []
    while left.any():
        gain = reach @ left.astype(np.int64)
        best = int(np.argmax(gain))
        chosen.append(best)
        left[reach.indices[reach.indptr[best] : reach.indptr[best + 1]]] = False
    return chosen


def station_sites(graph: Graph, within: shapely.Geometry) -> Array:
    """Points beside the streets where PM may stand: along links for walkers and PM."""
    xy: list[Array] = []
    for link in graph.links:
        if link.link.endswith("f") and link.modes & WALK and link.modes & PM:
            n = max(1, round(link.length_m / EVERY_M))
            at = (np.arange(n) + 0.5) / n
            points = link.line.interpolate(at, normalized=True)
            xy.append(shapely.get_coordinates(points))
    sites = np.concatenate(xy)
    inside: NDArray[np.bool_] = shapely.contains_xy(within, sites[:, 0], sites[:, 1])
    return sites[inside]


def near(sites: Array, targets: NDArray[np.object_], within_m: float) -> csr_array:
    """Which sites (rows) lie within a distance of which targets (columns)."""
    tree = shapely.STRtree(targets)
    row, column = tree.query(shapely.points(sites), predicate="dwithin", distance=within_m)
    ones = np.ones(len(row), dtype=np.int64)
    shape = (len(sites), len(targets))
    return csr_array(coo_array((ones, (row, column)), shape=shape))


def ways_m(graph: Graph, mode: int, start: NDArray[np.int64], limit_m: float = np.inf) -> Array:
    """Metres along streets from some nodes (rows) to all nodes; inf beyond the limit."""
    links = [x for x in graph.links if x.modes & mode]
    ends = np.array([(x.source, x.target) for x in links])
    length = np.array([x.length_m for x in links])
    order = np.lexsort((length, ends[:, 1], ends[:, 0]))
    ends, length = ends[order], length[order]
    first = np.ones(len(ends), dtype=np.bool_)
    first[1:] = (ends[1:] != ends[:-1]).any(axis=1)
    n = len(graph.node_xy)
    net = csr_array(coo_array((length[first], tuple(ends[first].T)), shape=(n, n)))
    return np.asarray(dijkstra(net, indices=start, limit=limit_m), dtype=np.float64)


def nearest(graph: Graph, mode: int, xy: Array) -> tuple[NDArray[np.int64], Array]:
    """The nearest node that a mode uses, for each point, and how far it is, m."""
    nodes = np.unique([n for x in graph.links if x.modes & mode for n in (x.source, x.target)])
    distance, row = cKDTree(graph.node_xy[nodes]).query(xy)
    return nodes[row], np.asarray(distance, dtype=np.float64)

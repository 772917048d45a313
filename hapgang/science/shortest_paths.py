"""Shortest paths on directed graphs with non-negative costs, many sources at a time.

Costs may be seconds, metres or won; whatever the unit, answers come in the same one. Turns are
ignored.

Source: Dijkstra 1959, "A note on two problems in connexion with graphs", doi 10.1007/BF01386390,
with a binary heap and lazy deletion. Checked: tests/science/test_shortest_paths.py, against closed
forms and SciPy.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hapgang.science.compiled import compiled


class Graph(NamedTuple):
    """Links sorted by where they start: node u is left by `first[u]` to `first[u + 1] - 1`.

    first (nodes + 1); head (links): the node each link leads to; cost (links): at least 0, and
    infinite for a closed link. Parallel links and loops are allowed.
    """

    first: NDArray[np.int64]
    head: NDArray[np.int32]
    cost: NDArray[np.float64]


class _Desk(NamedTuple):
    """Working arrays: distance and arriving link of each node, nodes as settled, the heap."""

    distance: NDArray[np.float64]
    via: NDArray[np.int32]
    order: NDArray[np.int32]
    keys: NDArray[np.float64]
    items: NDArray[np.int32]
    wanted: NDArray[np.bool_]


@compiled
def _new_desk(graph: Graph) -> _Desk:
    n = len(graph.first) - 1
    return _Desk(
        np.full(n, np.inf),
        np.full(n, -1, dtype=np.int32),
        np.empty(n, dtype=np.int32),
        np.empty(len(graph.head) + 1),
        np.empty(len(graph.head) + 1, dtype=np.int32),
        np.zeros(n, dtype=np.bool_),
    )


@compiled
def _push(desk: _Desk, size: int, key: float, item: int) -> int:
    child = size
    while child > 0:
        parent = (child - 1) >> 1
        if desk.keys[parent] <= key:
            break
        desk.keys[child] = desk.keys[parent]
        desk.items[child] = desk.items[parent]
        child = parent
    desk.keys[child] = key
    desk.items[child] = item
    return size + 1


@compiled
def _pop(desk: _Desk, size: int) -> int:
    """Drop the smallest entry, which the caller has read from position 0; return the new size."""
    size -= 1
    key = desk.keys[size]
    item = desk.items[size]
    hole = 0
    child = 1
    while child < size:
        if child + 1 < size and desk.keys[child + 1] < desk.keys[child]:
            child += 1
        if desk.keys[child] >= key:
            break
        desk.keys[hole] = desk.keys[child]
        desk.items[hole] = desk.items[child]
        hole = child
        child = 2 * hole + 1
    desk.keys[hole] = key
    desk.items[hole] = item
    return size


@compiled
def _grow(graph: Graph, desk: _Desk, source: int, limit: float, n_wanted: int) -> int:
    """Grow one tree on a tidy desk; return how many nodes were settled.

    The settled nodes stand in `order`, nearest first. Ends once every wanted node is settled (0:
    never) or the limit is passed; nodes seen but not settled are left for the caller to tidy up.
    """
    first, head, cost = graph.first, graph.head, graph.cost
    distance, via = desk.distance, desk.via
    distance[source] = 0.0
    settled = 0
    size = _push(desk, 0, 0.0, source)
    while size > 0:
        key = desk.keys[0]
        node = desk.items[0]
        size = _pop(desk, size)
        if key > distance[node]:
            continue
        if key > limit:
            break
        desk.order[settled] = node
        settled += 1
        if desk.wanted[node]:
            n_wanted -= 1
            if n_wanted == 0:
                break
        for slot in range(first[node], first[node + 1]):
            reached = key + cost[slot]
            if reached < distance[head[slot]]:
                distance[head[slot]] = reached
                via[head[slot]] = slot
                size = _push(desk, size, reached, head[slot])
    return settled


@compiled
def shortest_tree(
    graph: Graph, source: int, limit: float
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Cost from one node to every node, and the link that a shortest path arrives by.

    limit: the cost beyond which nodes count as unreachable (inf: none).
    Returns distance (nodes), inf where unreachable, and via (nodes): the position of the arriving
    link, -1 at the source and where unreachable. Source, check, what is ignored: see the module.
    """
    desk = _new_desk(graph)
    _grow(graph, desk, source, limit, 0)
    for node in range(len(desk.distance)):
        if desk.distance[node] > limit:
            desk.distance[node] = np.inf
            desk.via[node] = -1
    return desk.distance, desk.via


@compiled
def trace(graph: Graph, via: NDArray[np.int32], target: int) -> NDArray[np.int32]:
    """Positions of the links from a tree's source to a node, in order of travel.

    via (nodes): as `shortest_tree` returned it. Empty at the source and where unreachable.
    Where a link starts is found by bisection. Source, check, what is ignored: see the module.
    """
    count = 0
    node = target
    while via[node] >= 0:
        count += 1
        node = np.searchsorted(graph.first, via[node], side="right") - 1
    slots = np.empty(count, dtype=np.int32)
    node = target
    while via[node] >= 0:
        count -= 1
        slots[count] = via[node]
        node = np.searchsorted(graph.first, via[node], side="right") - 1
    return slots


@compiled
def path_to(graph: Graph, source: int, target: int) -> NDArray[np.int32]:
    """Positions of the links of one shortest path, in order of travel; empty if there is none.

    Stops as soon as the target is settled. Source, check, what is ignored: see the module.
    """
    desk = _new_desk(graph)
    desk.wanted[target] = True
    _grow(graph, desk, source, np.inf, 1)
    return trace(graph, desk.via, target)


@compiled
def one_to_one(
    graph: Graph, length: NDArray[np.float64], source: int, target: int, limit: float
) -> tuple[float, float]:
    """Cost of a shortest path between two nodes, and a second sum along it; inf if there is none.

    length (links): the second quantity, for example metres. limit: the cost beyond which nobody
    goes on looking. Source, check, what is ignored: see the module.
    """
    desk = _new_desk(graph)
    desk.wanted[target] = True
    _grow(graph, desk, source, limit, 1)
    if desk.distance[target] > limit:
        return np.inf, np.inf
    along = 0.0
    for slot in trace(graph, desk.via, target):
        along += length[slot]
    return desk.distance[target], along


@compiled
def _tails(graph: Graph) -> NDArray[np.int32]:
    tail = np.empty(len(graph.head), dtype=np.int32)
    for node in range(len(graph.first) - 1):
        tail[graph.first[node] : graph.first[node + 1]] = node
    return tail


@compiled
def many_to_many(
    graph: Graph,
    length: NDArray[np.float64],
    sources: NDArray[np.int64],
    targets: NDArray[np.int64],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Cost of a shortest path between every source and target, and a second sum along that path.

    length (links): the second quantity, for example metres.
    Returns two (sources, targets) arrays, inf where there is no path. Of paths of equal cost the
    first found counts, always the same one. Source, check, what is ignored: see the module.
    """
    costs = np.full((len(sources), len(targets)), np.inf, dtype=np.float32)
    lengths = np.full((len(sources), len(targets)), np.inf, dtype=np.float32)
    desk = _new_desk(graph)
    desk.wanted[targets] = True
    n_wanted = int(np.sum(desk.wanted))
    along = np.zeros(len(desk.order))
    tail = _tails(graph)
    for row in range(len(sources)):
        desk.distance[:] = np.inf
        desk.via[:] = -1
        settled = _grow(graph, desk, sources[row], np.inf, n_wanted)
        along[sources[row]] = 0.0
        for rank in range(1, settled):
            node = desk.order[rank]
            slot = desk.via[node]
            along[node] = along[tail[slot]] + length[slot]
        for column in range(len(targets)):
            if desk.distance[targets[column]] < np.inf:
                costs[row, column] = desk.distance[targets[column]]
                lengths[row, column] = along[targets[column]]
    return costs, lengths


@compiled
def _tidy(graph: Graph, desk: _Desk, source: int, settled: int) -> None:
    """Undo what one tree wrote, touching only the nodes that it saw."""
    desk.distance[source] = np.inf
    for rank in range(settled):
        node = desk.order[rank]
        for slot in range(graph.first[node], graph.first[node + 1]):
            desk.distance[graph.head[slot]] = np.inf
            desk.via[graph.head[slot]] = -1


@compiled
def within(
    graph: Graph, sources: NDArray[np.int64], flagged: NDArray[np.bool_], limit: float
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    """Flagged nodes that each source reaches within a limit, nearest first.

    flagged (nodes); limit: in the unit of the costs.
    Returns start (sources + 1), node, cost: source i has the entries start[i] to start[i + 1] - 1.
    Work grows with the nodes inside the limit only. Source, check, what is ignored: see the module.
    """
    desk = _new_desk(graph)
    start = np.zeros(len(sources) + 1, dtype=np.int64)
    nodes = np.empty(16, dtype=np.int32)
    costs = np.empty(16, dtype=np.float32)
    used = 0
    for row in range(len(sources)):
        settled = _grow(graph, desk, sources[row], limit, 0)
        for rank in range(settled):
            node = desk.order[rank]
            if flagged[node]:
                if used == len(nodes):
                    nodes = np.concatenate((nodes, np.empty_like(nodes)))
                    costs = np.concatenate((costs, np.empty_like(costs)))
                nodes[used] = node
                costs[used] = desk.distance[node]
                used += 1
        _tidy(graph, desk, sources[row], settled)
        start[row + 1] = used
    return start, nodes[:used].copy(), costs[:used].copy()

"""Shortest paths: closed forms, invariants, and SciPy as the peer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from hapgang.science.shortest_paths import (
    Graph,
    many_to_many,
    path_to,
    shortest_tree,
    trace,
    within,
)


def graph_of(n: int, links: list[tuple[int, int, float]]) -> Graph:
    links = sorted(links, key=lambda link: link[0])
    tail = np.array([link[0] for link in links], dtype=np.int64)
    return Graph(
        np.searchsorted(tail, np.arange(n + 1)).astype(np.int64),
        np.array([link[1] for link in links], dtype=np.int32),
        np.array([link[2] for link in links], dtype=np.float64),
    )


def grid(side: int) -> Graph:
    """A square grid with links of cost 1 both ways."""
    links = []
    for row in range(side):
        for column in range(side):
            node = row * side + column
            if column + 1 < side:
                links += [(node, node + 1, 1.0), (node + 1, node, 1.0)]
            if row + 1 < side:
                links += [(node, node + side, 1.0), (node + side, node, 1.0)]
    return graph_of(side * side, links)


def nodes(*values: int) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def test_on_a_grid_the_distance_is_the_taxicab_distance() -> None:
    side = 7
    distance, _ = shortest_tree(grid(side), 0, np.inf)
    rows, columns = np.divmod(np.arange(side * side), side)
    assert np.array_equal(distance, rows + columns)


def test_a_one_way_street_is_not_driven_backwards() -> None:
    graph = graph_of(3, [(0, 1, 1.0), (1, 2, 1.0), (2, 0, 5.0)])
    costs, lengths = many_to_many(graph, graph.cost * 10, nodes(0, 2), nodes(0, 1, 2))
    assert costs.tolist() == [[0, 1, 2], [5, 6, 0]]
    assert lengths.tolist() == [[0, 10, 20], [50, 60, 0]]


def test_the_cheaper_of_two_parallel_links_is_taken() -> None:
    graph = graph_of(2, [(0, 1, 9.0), (0, 1, 4.0), (0, 0, 1.0)])
    distance, via = shortest_tree(graph, 0, np.inf)
    assert distance.tolist() == [0.0, 4.0]
    assert trace(graph, via, 1).tolist() == [1]


def test_a_closed_link_and_an_island_are_out_of_reach() -> None:
    graph = graph_of(4, [(0, 1, np.inf), (0, 2, 1.0)])
    costs, lengths = many_to_many(graph, graph.cost, nodes(0), nodes(1, 2, 3))
    assert costs.tolist() == [[np.inf, 1.0, np.inf]]
    assert lengths.tolist() == [[np.inf, 1.0, np.inf]]
    assert path_to(graph, 0, 3).size == 0


def test_the_limit_cuts_the_tree() -> None:
    distance, via = shortest_tree(grid(5), 0, 2.0)
    assert np.isfinite(distance).sum() == 6  # 1 + 2 + 3 nodes of a corner
    assert (via >= 0).sum() == 5


def test_within_lists_flagged_nodes_nearest_first_and_leaves_no_trace() -> None:
    side = 6
    graph = grid(side)
    flagged = np.ones(side * side, dtype=np.bool_)
    start, reached, costs = within(graph, nodes(0, 35, 0), flagged, 2.0)
    assert np.diff(start).tolist() == [6, 6, 6]
    assert costs[:6].tolist() == [0, 1, 1, 2, 2, 2]
    assert reached[:6].tolist() == reached[12:].tolist()
    assert set((35 - reached[6:12]).tolist()) == set(reached[:6].tolist())


def test_within_grows_its_arrays() -> None:
    graph = grid(9)
    start, reached, _ = within(graph, nodes(0, 40), np.ones(81, dtype=np.bool_), np.inf)
    assert start.tolist() == [0, 81, 162]
    assert sorted(reached[81:].tolist()) == list(range(81))


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int, float]]]:
    n = draw(st.integers(2, 12))
    node = st.integers(0, n - 1)
    cost = st.integers(0, 20).map(float)
    return n, draw(st.lists(st.tuples(node, node, cost), min_size=1, max_size=50))


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_agrees_with_scipy_and_paths_add_up(case: tuple[int, list[tuple[int, int, float]]]) -> None:
    n, links = case
    graph = graph_of(n, links)
    dense = np.full((n, n), np.inf)
    for tail, head, cost in links:
        dense[tail, head] = min(dense[tail, head], cost)
    tails, heads = np.nonzero(np.isfinite(dense))
    # SciPy reads an explicit zero as no link, so its costs are shifted by less than any difference.
    shifted = coo_array((dense[tails, heads] + 1e-9, (tails, heads)), shape=(n, n)).tocsr()
    expected = dijkstra(shifted)
    every = np.arange(n)
    costs, lengths = many_to_many(graph, graph.cost, every, every)
    assert np.allclose(costs, expected, atol=1e-6)
    assert np.array_equal(costs, lengths)
    for target in range(n):
        slots = path_to(graph, 0, target)
        if np.isfinite(costs[0, target]):
            assert graph.cost[slots].sum() == pytest.approx(costs[0, target])
        else:
            assert slots.size == 0
        at = 0
        for slot in slots:
            assert graph.first[at] <= slot < graph.first[at + 1]
            at = int(graph.head[slot])
        assert at == target or slots.size == 0


@settings(max_examples=60, deadline=None)
@given(graphs(), st.integers(0, 11), st.integers(1, 30))
def test_dearer_links_never_shorten_a_path(
    case: tuple[int, list[tuple[int, int, float]]], which: int, extra: int
) -> None:
    n, links = case
    before = graph_of(n, links)
    after = before._replace(cost=before.cost.copy())
    after.cost[which % len(after.cost)] += extra
    old, _ = shortest_tree(before, 0, np.inf)
    new, _ = shortest_tree(after, 0, np.inf)
    assert (new >= old).all()

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.science.rebalancing import (
    Move,
    Stop,
    plan_moves,
    plan_tours,
    shortest_order,
    stock_needed,
    way_between_m,
)


def test_without_arrivals_the_stock_is_a_poisson_quantile():
    # P(X <= 7) = 0.8666, P(X <= 8) = 0.9319 for a mean of 5: tables of the Poisson distribution
    assert stock_needed(np.array([5.0]), np.zeros(1), risk=0.10).tolist() == [8]
    assert stock_needed(np.array([5.0]), np.zeros(1), risk=0.14).tolist() == [7]
    assert stock_needed(np.array([1.0]), np.zeros(1), risk=0.081).tolist() == [2]


def test_nobody_leaves_nothing_is_needed():
    assert stock_needed(np.zeros(2), np.array([0.0, 30.0]), risk=0.05).tolist() == [0, 0]


def test_equal_flows_need_a_normal_quantile_of_their_spread():
    mean = 200.0
    needed = stock_needed(np.array([mean]), np.array([mean]), risk=0.05)[0]
    assert needed == pytest.approx(1.6449 * np.sqrt(2 * mean), abs=1.0)


@given(st.floats(0, 40), st.floats(0, 40), st.floats(0.01, 0.5))
def test_more_departures_or_fewer_arrivals_never_need_less(out, back, risk):
    needed = stock_needed(
        np.array([out, out + 3, out]), np.array([back, back, back + 3]), risk=risk
    ).tolist()
    assert needed[1] >= needed[0] >= needed[2]


def test_one_surplus_fills_the_nearest_need():
    distance = np.array([[0.0, 300.0, 200.0], [300.0, 0.0, 100.0], [200.0, 100.0, 0.0]])
    moves = plan_moves(np.array([4, 0, 0]), np.array([2, 1, 2]), distance, worth_m=1000.0)
    assert moves == [Move(0, 2, 2)]  # 2 x 200 m beats 300 m + 200 m


def test_crossing_moves_are_untangled():
    """Greedy would send the first surplus to its nearest need and carry the second one far."""
    x = np.array([0.0, 10.0, 9.0, 1000.0])  # surplus at 0 and 10; needs at 9 and 1000
    distance = np.abs(x[:, None] - x[None, :])
    moves = plan_moves(np.array([1, 1, 0, 0]), np.array([0, 0, 1, 1]), distance, worth_m=5000.0)
    total = sum(distance[m.source, m.target] * m.vehicles for m in moves)
    assert total == 999.0
    assert sum(m.vehicles for m in moves) == 2


def test_a_carry_that_is_too_long_does_not_happen():
    distance = np.array([[0.0, 900.0], [900.0, 0.0]])
    stock, wanted = np.array([3, 0]), np.array([1, 2])
    assert plan_moves(stock, wanted, distance, worth_m=900.0) == []
    assert plan_moves(stock, wanted, distance, worth_m=901.0) == [Move(0, 1, 2)]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_moves_are_the_best_there_are(data):
    n = 4
    stock = np.array(data.draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)))
    wanted = np.array(data.draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)))
    xy = np.array(data.draw(st.lists(st.tuples(*[st.integers(0, 9)] * 2), min_size=n, max_size=n)))
    distance = np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1)).astype(float)
    moves = plan_moves(stock, wanted, distance, worth_m=8.0)
    gain = sum((8.0 - distance[m.source, m.target]) * m.vehicles for m in moves)
    assert gain == pytest.approx(_best_gain(stock, wanted, distance, 8.0))
    after = stock.copy()
    for move in moves:
        after[move.source] -= move.vehicles
        after[move.target] += move.vehicles
    assert (after >= np.minimum(stock, wanted)).all()
    assert (after <= np.maximum(stock, wanted)).all()


def _best_gain(stock, wanted, distance, worth_m):
    spare = [i for i, k in enumerate(np.maximum(stock - wanted, 0)) for _ in range(k)]
    lack = [i for i, k in enumerate(np.maximum(wanted - stock, 0)) for _ in range(k)]
    lack += [-1] * len(spare)  # -1: stays where it is
    best = 0.0
    for chosen in set(permutations(lack, len(spare))):
        pairs = zip(spare, chosen, strict=True)
        best = max(best, sum(worth_m - distance[a, b] for a, b in pairs if b >= 0))
    return best


def spots(*xy):
    return [Stop((float(x), float(y)), (float(x), float(y))) for x, y in xy]


def test_stops_on_a_line_are_done_along_it():
    stops = spots((30, 0), (0, 0), (20, 0), (10, 0))
    assert way_between_m(stops, shortest_order(stops)) == 30.0


def test_carries_are_chained_where_one_ends_and_the_next_begins():
    stops = [Stop((0, 0), (100, 0)), Stop((200, 0), (0, 0)), Stop((100, 0), (200, 0))]
    assert shortest_order(stops) in ([0, 2, 1], [2, 1, 0], [1, 0, 2])
    assert way_between_m(stops, shortest_order(stops)) == 0.0


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 20)] * 4), min_size=1, max_size=6))
def test_short_orders_are_the_best_there_are(corners):
    stops = [Stop((a, b), (c, d)) for a, b, c, d in corners]
    best = min(way_between_m(stops, order) for order in permutations(range(len(stops))))
    assert way_between_m(stops, shortest_order(stops)) == pytest.approx(best)


def test_long_orders_visit_all_and_come_near_the_best():
    stops = spots(*product(range(6), range(6)))  # a grid: the best way through 36 points is 35
    order = shortest_order(stops)
    assert sorted(order) == list(range(36))
    assert way_between_m(stops, order) <= 35 * 1.15


def test_tours_are_cut_where_they_are_full():
    stops = spots(*[(100 * k, 0) for k in range(7)])
    tours = plan_tours(stops, most_m=250.0, most_stops=5)
    assert sorted(row for tour in tours for row in tour) == list(range(7))
    assert max(len(tour) for tour in tours) == 3  # two steps of 100 m
    assert [len(tour) for tour in plan_tours(stops, most_m=1e6, most_stops=2)] == [2, 2, 2, 1]


def test_a_stop_longer_than_a_tour_gets_its_own():
    stops = [Stop((0, 0), (900, 0)), Stop((900, 0), (910, 0))]
    assert plan_tours(stops, most_m=500.0, most_stops=9) == [[0], [1]]
    assert plan_tours([], most_m=500.0, most_stops=9) == []

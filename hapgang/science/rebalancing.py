"""Bringing shared vehicles to where they will be wanted: how many, from where, in which order."""

from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_EXACT = 9  # stops up to which the best order is found by dynamic programming, some 40,000 steps


def stock_needed(departures: Floats, arrivals: Floats, *, risk: float) -> Ints:
    """Vehicles that an area needs at the start of a period so that few people find none.

    departures, arrivals (n,): expected in the period. risk: accepted probability, in (0, 1), that
    the departures exceed stock and arrivals together at the end. Returns (n,), at least 0.
    Ignored: the order within the period, dependence, people who come back after finding none.
    Source: the difference of two Poisson counts, Skellam 1946, J. Royal Stat. Soc. 109, 296; as a
    service level: Schuijbroek, Hampshire and van Hoeve 2017, "Inventory rebalancing and
    vehicle routing in bike sharing systems", doi 10.1016/j.ejor.2016.08.029.
    Checked: tests/science/test_rebalancing.py, without arrivals the Poisson quantile; symmetry.
    """
    needed = np.zeros(len(departures), dtype=np.int64)
    for row, (out, back) in enumerate(zip(departures, arrivals, strict=True)):
        leaving, coming = _poisson(float(out)), _poisson(float(back))
        net = np.convolve(leaving, coming[::-1])  # net[k]: departures - arrivals = k - most coming
        short = 1.0 - np.cumsum(net)
        quantile = int(np.argmax(short <= risk)) - (len(coming) - 1)
        needed[row] = max(quantile, 0)
    return needed


class Move(NamedTuple):
    """So many vehicles from one area to another, by their rows."""

    source: int
    target: int
    vehicles: int


def plan_moves(stock: Ints, wanted: Ints, distance_m: Floats, *, worth_m: float) -> list[Move]:
    """The moves that fill the most need for the least carrying.

    stock, wanted (n,): vehicles there and wanted. distance_m (n, n). worth_m: how far it is worth
    to carry one vehicle that is wanted; longer carries do not happen. Maximises the sum of
    worth_m - distance over all vehicles moved; sources never fall below `wanted`.
    Ignored: that a third missing vehicle matters less than the first.
    Source: transportation problem, Hitchcock 1941, doi 10.1002/sapm1941201224; its basic solutions
    are whole numbers. Checked: tests/science/test_rebalancing.py against enumeration.
    """
    from scipy.optimize import LinearConstraint, milp  # noqa: PLC0415 (slow to import)
    from scipy.sparse import csr_array  # noqa: PLC0415

    spare, lack = np.maximum(stock - wanted, 0), np.maximum(wanted - stock, 0)
    source, target = np.nonzero((spare[:, None] > 0) & (lack[None, :] > 0) & (distance_m < worth_m))
    if not len(source):
        return []
    arcs, n = np.arange(len(source)), len(stock)
    ends = csr_array(
        (np.ones(2 * len(arcs)), (np.concatenate([source, n + target]), np.tile(arcs, 2))),
        shape=(2 * n, len(arcs)),
    )
    found = milp(
        distance_m[source, target] - worth_m,
        integrality=np.ones(len(arcs), dtype=np.int64),
        constraints=LinearConstraint(ends, ub=np.concatenate([spare, lack])),
    )
    if found.x is None:
        raise ValueError(f"the moves cannot be planned: {found.message}")
    carried = np.rint(found.x).astype(np.int64)
    return [Move(int(source[a]), int(target[a]), int(carried[a])) for a in np.flatnonzero(carried)]


class Stop(NamedTuple):
    """One thing to do on a tour: metres (x, y) where it begins and where it ends."""

    begins: tuple[float, float]
    ends: tuple[float, float]


def plan_tours(stops: Sequence[Stop], *, most_m: float, most_stops: int) -> list[list[int]]:
    """Tours that do every stop once: rows of `stops` in order of work.

    A tour is at most `most_m` long as the crow flies, unless a single stop is longer, and has at
    most `most_stops` stops. Route first, cluster second: one order through all stops, cut where a
    tour is full. Ignored: the way from and to the depot.
    Source: Beasley 1983, "Route first, cluster second methods for vehicle routing",
    doi 10.1016/0305-0483(83)90033-6. Checked: tests/science/test_rebalancing.py.
    """
    tours: list[list[int]] = []
    length_m = 0.0
    for row in shortest_order(stops):
        own_m = _apart_m(stops[row].begins, stops[row].ends)
        if tours:
            step_m = _apart_m(stops[tours[-1][-1]].ends, stops[row].begins) + own_m
            if len(tours[-1]) < most_stops and length_m + step_m <= most_m:
                tours[-1].append(row)
                length_m += step_m
                continue
        tours.append([row])
        length_m = own_m
    return tours


def shortest_order(stops: Sequence[Stop]) -> list[int]:
    """The order of stops with the least way between them, starting and ending anywhere.

    Up to nine stops the best there is (Held and Karp 1962, doi 10.1137/0110015); more by cheapest
    insertion (Rosenkrantz, Stearns and Lewis 1977, doi 10.1137/0206041), then stops are moved as
    long as that shortens the way.
    """
    if not stops:
        return []
    begins, ends = (np.array([getattr(s, end) for s in stops]) for end in ("begins", "ends"))
    empty_m = np.hypot(*(ends[:, None, :] - begins[None, :, :]).transpose(2, 0, 1))
    if len(stops) <= _EXACT:
        return _best_order(empty_m)
    return _shifted(_inserted(empty_m), empty_m)


def way_between_m(stops: Sequence[Stop], order: Sequence[int]) -> float:
    """Metres from each stop's end to the next one's beginning, along an order."""
    return sum(_apart_m(stops[a].ends, stops[b].begins) for a, b in pairwise(order))


def _poisson(mean: float) -> Floats:
    """Probabilities of 0, 1, 2 ... up to where the tail is below 1e-12."""
    most = int(mean + 9.0 * np.sqrt(mean) + 12.0)
    count = np.arange(1, most + 1)
    log = np.concatenate([[0.0], np.cumsum(np.log(mean) - np.log(count))]) if mean > 0 else None
    if log is None:
        return np.ones(1)
    return np.exp(log - mean)


def _best_order(empty_m: Floats) -> list[int]:
    n = len(empty_m)
    best: dict[tuple[int, int], tuple[float, int]] = {(1 << k, k): (0.0, -1) for k in range(n)}
    for size in range(2, n + 1):
        for chosen in combinations(range(n), size):
            done = sum(1 << k for k in chosen)
            for last in chosen:
                before = done & ~(1 << last)
                ways = [(best[before, k][0] + empty_m[k, last], k) for k in chosen if k != last]
                best[done, last] = min(ways)
    done = (1 << n) - 1
    last = min(range(n), key=lambda k: best[done, k][0])
    order: list[int] = []
    while last >= 0:
        order.append(last)
        done, last = done & ~(1 << last), best[done, last][1]
    return order[::-1]


def _inserted(empty_m: Floats) -> list[int]:
    order, waiting = [0], list(range(1, len(empty_m)))
    while waiting:
        added = np.array([_detours(order, k, empty_m) for k in waiting])
        row, place = np.unravel_index(np.argmin(added), added.shape)
        order.insert(int(place), waiting.pop(int(row)))
    return order


def _detours(order: Sequence[int], stop: int, empty_m: Floats) -> Floats:
    """Metres added by a stop at each place of an order, its two ends included."""
    path = np.asarray(order)
    to, fro = empty_m[path, stop], empty_m[stop, path]
    added = np.empty(len(path) + 1)
    added[0], added[-1] = fro[0], to[-1]
    added[1:-1] = to[:-1] + fro[1:] - empty_m[path[:-1], path[1:]]
    return added


def _shifted(order: list[int], empty_m: Floats) -> list[int]:
    """Move single stops to better places until none shortens the way."""
    improved = True
    while improved:
        improved = False
        for stop in list(order):
            old = order.index(stop)
            rest = order[:old] + order[old + 1 :]
            added = _detours(rest, stop, empty_m)
            best = int(np.argmin(added))
            if added[best] < added[old] - 1e-9:
                order = [*rest[:best], stop, *rest[best:]]
                improved = True
    return order


def _apart_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(np.hypot(a[0] - b[0], a[1] - b[1]))

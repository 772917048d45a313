"""Connection Scan: closed forms, invariants, and a time-expanded Dijkstra as the peer."""

import heapq
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.science.connection_scan import (
    NEVER,
    Connections,
    Labels,
    Service,
    Walks,
    new_labels,
    scan,
    skim,
)

Hop = tuple[int, int, int, int, int]  # departure stop, arrival stop, departure, arrival, run
Foot = tuple[int, int, int]  # from, to, seconds


def service_of(n_stops: int, hops: list[Hop], feet: list[Foot], change_s: int = 1) -> Service:
    hops = sorted(hops, key=lambda hop: hop[2])
    columns = [np.array([hop[i] for hop in hops], dtype=np.int32) for i in range(5)]
    runs = 1 + max((hop[4] for hop in hops), default=0)
    return Service(Connections(*columns), walks_of(n_stops, feet), runs, change_s)


def walks_of(n: int, feet: list[Foot]) -> Walks:
    shortest: dict[tuple[int, int], int] = {}
    for tail, head, walk_s in feet:
        shortest[tail, head] = min(walk_s, shortest.get((tail, head), walk_s))
    rows = sorted(shortest)
    return Walks(
        np.searchsorted([tail for tail, _ in rows], np.arange(n + 1)).astype(np.int64),
        np.array([head for _, head in rows], dtype=np.int32),
        np.array([shortest[row] for row in rows], dtype=np.int32),
    )


def arrivals(service: Service, start: int, at_s: int, until_s: int = 10**6) -> Labels:
    labels = new_labels(service)
    labels.ready_s[start] = at_s
    scan(service, labels, until_s)
    return labels


LINE = [(0, 1, 100, 200, 0), (1, 2, 210, 300, 0), (0, 1, 700, 800, 1), (1, 2, 810, 900, 1)]


def test_one_line_is_read_off_the_timetable() -> None:
    service = service_of(3, LINE, [])
    assert arrivals(service, 0, 100).ride_s.tolist() == [NEVER, 200, 300]
    assert arrivals(service, 0, 101).ride_s.tolist() == [NEVER, 800, 900]
    assert arrivals(service, 0, 701).ride_s.tolist() == [NEVER] * 3


def test_a_change_needs_its_time() -> None:
    hops = [(0, 1, 0, 100, 0), (1, 2, 160, 200, 1), (1, 2, 400, 440, 2)]
    assert arrivals(service_of(3, hops, [], change_s=60), 0, 0).ride_s[2] == 200
    assert arrivals(service_of(3, hops, [], change_s=61), 0, 0).ride_s[2] == 440


def test_staying_on_board_needs_no_change() -> None:
    service = service_of(3, LINE, [], change_s=300)
    labels = arrivals(service, 0, 0)
    assert labels.ride_s[2] == 300
    assert labels.enter[2] == 0
    assert labels.leave[2] == 1


def test_a_footpath_joins_two_lines_and_feet_do_not_chain() -> None:
    hops = [(0, 1, 0, 100, 0), (2, 3, 260, 300, 1), (4, 5, 500, 600, 2)]
    feet = [(1, 2, 100), (2, 4, 10)]
    labels = arrivals(service_of(6, hops, feet, change_s=60), 0, 0)
    assert labels.ride_s[3] == 300
    assert labels.came_from[2] == 1
    assert labels.ride_s[5] == NEVER  # would need two footpaths in a row


def test_a_later_ride_still_opens_its_own_footpaths() -> None:
    # Stop 2 is ready at 105 on foot from 1; the ride that reaches 2 at 150 alone may walk on to 3.
    hops = [(0, 1, 0, 50, 0), (0, 2, 0, 150, 1), (3, 4, 300, 400, 2)]
    feet = [(1, 2, 50), (2, 3, 50)]
    assert arrivals(service_of(5, hops, feet, change_s=5), 0, 0).ride_s[4] == 400


def test_hops_without_duration_keep_their_order() -> None:
    hops = [(0, 1, 100, 100, 0), (1, 2, 100, 100, 0), (2, 3, 100, 160, 0)]
    assert arrivals(service_of(4, hops, []), 0, 100).ride_s.tolist() == [NEVER, 100, 100, 160]


def test_skims_add_up_and_average() -> None:
    service = service_of(3, LINE, [], change_s=60)
    access, egress = walks_of(2, [(0, 0, 40), (1, 1, 5)]), walks_of(2, [(0, 2, 30), (1, 1, 7)])
    leave_s = np.array([0, 600], dtype=np.int32)
    out = skim(service, access, egress, leave_s, 3600)
    # 0: leave 0, ready 40, ride 100-300, walk 30. 600: ready 640, ride 700-900, walk 30.
    assert out.total_s[0, 0] == 330
    assert out.in_vehicle_s[0, 0] == 200
    assert out.walk_s[0, 0] == 70
    assert out.first_wait_s[0, 0] == out.wait_s[0, 0] == 60
    assert out.transfers[0, 0] == 0
    # Origin 1 reaches stop 2 at 300 from 210: leave 0, and at 900 from 810: leave 600.
    assert out.total_s[1, 0] == 330
    assert out.first_wait_s[1, 0] == 205
    assert np.isinf(out.total_s[1, 1])  # nothing brings stop 1 back to stop 1


def test_skims_mean_over_the_departures_that_find_a_ride() -> None:
    service = service_of(3, LINE, [])
    out = skim(
        service, walks_of(1, [(0, 0, 0)]), walks_of(1, [(0, 2, 0)]), np.array([0, 9000], "i4"), 3600
    )
    assert out.total_s[0, 0] == 300


def test_skims_count_changes_and_footpaths() -> None:
    hops = [(0, 1, 0, 100, 0), (2, 3, 300, 400, 1)]
    service = service_of(4, hops, [(1, 2, 90)], change_s=60)
    out = skim(service, walks_of(1, [(0, 0, 0)]), walks_of(1, [(0, 3, 9)]), np.zeros(1, "i4"), 3600)
    assert out.transfers[0, 0] == 1
    assert out.walk_s[0, 0] == 99
    assert out.in_vehicle_s[0, 0] == 200
    assert out.wait_s[0, 0] == 110
    assert out.first_wait_s[0, 0] == 0
    assert out.total_s[0, 0] == 409


@st.composite
def services(draw: st.DrawFn) -> tuple[int, list[Hop], list[Foot], int]:
    n = draw(st.integers(2, 6))
    hops: list[Hop] = []
    for run in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, 300))
        path = draw(st.lists(st.integers(0, n - 1), min_size=2, max_size=5))
        for tail, head in pairwise(path):
            leave = at + draw(st.integers(0, 20))
            at = leave + draw(st.integers(0, 60))
            hops.append((tail, head, leave, at, run))
    pair = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.integers(0, 80))
    feet = [foot for foot in draw(st.lists(pair, max_size=6)) if foot[0] != foot[1]]
    return n, hops, feet, draw(st.integers(1, 30))


def brute_force(case: tuple[int, list[Hop], list[Foot], int], start: int, at_s: int) -> list[int]:
    """Earliest arrival by ride at each stop: Dijkstra over (time, state), every event a node."""
    n, hops, feet, change_s = case
    best = [int(NEVER)] * n
    of_run: dict[int, list[Hop]] = {}
    for hop in hops:
        of_run.setdefault(hop[4], []).append(hop)
    queue: list[tuple[int, int]] = [(at_s, start)]  # ready to board at a stop
    seen: set[tuple[int, int]] = set()
    while queue:
        now, stop = heapq.heappop(queue)
        if (now, stop) in seen:
            continue
        seen.add((now, stop))
        for run in sorted(of_run):
            chain = of_run[run]
            for i, hop in enumerate(chain):
                if hop[0] != stop or hop[2] < now:
                    continue
                for ride in chain[i:]:
                    there, arrival = ride[1], ride[3]
                    best[there] = min(best[there], arrival)
                    heapq.heappush(queue, (arrival + change_s, there))
                    for tail, head, walk_s in feet:
                        if tail == there:
                            heapq.heappush(queue, (arrival + change_s + walk_s, head))
    return best


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(services(), st.integers(0, 5), st.integers(0, 300))
def test_agrees_with_a_time_expanded_dijkstra(
    case: tuple[int, list[Hop], list[Foot], int], start: int, at_s: int
) -> None:
    n, hops, feet, change_s = case
    start %= n
    labels = arrivals(service_of(n, hops, feet, change_s), start, at_s)
    assert labels.ride_s.tolist() == brute_force(case, start, at_s)


@settings(max_examples=100, deadline=None)
@given(services(), st.integers(0, 5), st.integers(0, 300), st.integers(0, 100))
def test_leaving_later_never_means_arriving_earlier(
    case: tuple[int, list[Hop], list[Foot], int], start: int, at_s: int, later_s: int
) -> None:
    n, hops, feet, change_s = case
    service = service_of(n, hops, feet, change_s)
    early = arrivals(service, start % n, at_s)
    late = arrivals(service, start % n, at_s + later_s)
    assert (late.ride_s >= early.ride_s).all()


@settings(max_examples=100, deadline=None)
@given(services(), st.integers(0, 300))
def test_skims_are_sums_of_their_parts(
    case: tuple[int, list[Hop], list[Foot], int], at_s: int
) -> None:
    n, hops, feet, change_s = case
    service = service_of(n, hops, feet, change_s)
    ends = walks_of(n, [(stop, stop, 3 * stop) for stop in range(n)])
    leave_s = np.array([at_s, at_s + 17], dtype=np.int32)
    out = skim(service, ends, ends, leave_s, 3600)
    found = np.isfinite(out.total_s)
    parts = out.in_vehicle_s + out.wait_s + out.walk_s
    assert np.allclose(out.total_s[found], parts[found])
    for column in out:
        assert (column[found] >= 0).all()
        assert np.isinf(column[~found]).all()
    assert (out.first_wait_s[found] <= out.wait_s[found] + 1e-3).all()

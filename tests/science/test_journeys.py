"""Journeys by number of rides: closed forms, the plain scan, and a search of all ways."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.science.connection_scan import NEVER, Service, Walks
from hapgang.science.connection_scan import new_labels as plain_labels
from hapgang.science.connection_scan import scan as plain_scan
from hapgang.science.journeys import Labels, forget, new_labels, scan
from tests.science.test_connection_scan import Foot, Hop, service_of

FAR = 10**6


def from_stop(stop: int) -> Walks:
    return Walks(
        np.array([0, 1], dtype=np.int64),
        np.array([stop], dtype=np.int32),
        np.array([0], dtype=np.int32),
    )


def searched(service: Service, start: int, at_s: int, rides: int = 4) -> Labels:
    """Look at everything: nobody ever arrives at a door, so that nothing is cut short."""
    labels = new_labels(service, rides)
    nowhere = np.full(len(service.feet.first) - 1, NEVER, dtype=np.int32)
    assert scan(service, labels, from_stop(start), nowhere, at_s, 1.0) == NEVER
    return labels


def best_within(labels: Labels, stop: int) -> list[int]:
    """Earliest arrival with at most 1, 2, ... rides."""
    return labels.arrival_s[stop, 1:].tolist()


def service_hop(labels: Labels, stop: int, rides: int) -> tuple[int, int]:
    return int(labels.enter[stop, rides]), int(labels.leave[stop, rides])


SLOW_DIRECT = [(0, 2, 0, 900, 0), (0, 1, 0, 100, 1), (1, 2, 200, 300, 2)]


def test_a_direct_ride_is_kept_beside_a_quicker_one_with_a_change() -> None:
    labels = searched(service_of(3, SLOW_DIRECT, [], change_s=60), 0, 0)
    assert labels.arrival_s[2].tolist() == [NEVER, 900, 300, 300, 300]
    assert service_hop(labels, 2, 1) == (0, 0)
    assert service_hop(labels, 2, 2) == (2, 2)
    assert labels.came_from[1, 1] == 1


def test_patience_decides_how_late_fewer_rides_may_arrive() -> None:
    hops = [(0, 1, 0, 100, 0), (1, 2, 200, 300, 1), (0, 2, 400, 500, 2)]
    service = service_of(3, hops, [], change_s=60)
    door = np.array([NEVER, NEVER, 0], dtype=np.int32)
    for patience, direct_s in [(1.0, NEVER), (1.3, NEVER), (1.4, 500)]:
        labels = new_labels(service, 3)
        assert scan(service, labels, from_stop(0), door, 0, patience) == 300
        assert labels.arrival_s[2, 1] == direct_s


def test_a_run_can_be_boarded_later_with_fewer_rides() -> None:
    hops = [(0, 1, 0, 50, 0), (1, 2, 120, 200, 1), (2, 3, 210, 300, 1), (0, 2, 10, 100, 2)]
    feet: list[Foot] = []
    service = service_of(4, hops, feet, change_s=10)
    labels = searched(service, 0, 0)
    assert labels.arrival_s[3, 2] == 300
    assert labels.leave[3, 2] == 3


def test_labels_forget() -> None:
    service = service_of(3, SLOW_DIRECT, [], change_s=60)
    labels = searched(service, 0, 0)
    forget(labels)
    fresh = new_labels(service, 4)
    for used, new in zip(labels, fresh, strict=True):
        assert (used == new).all()


hops = st.lists(
    st.tuples(
        st.integers(0, 5), st.integers(0, 5), st.integers(0, 300), st.integers(1, 90),
        st.integers(0, 6),
    ),
    max_size=24,
)  # fmt: skip
feet = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 60)), max_size=6)


def runs_of(drawn: list[tuple[int, int, int, int, int]]) -> list[Hop]:
    """Make each run a chain: every hop leaves where and after the one before arrived."""
    made: list[Hop] = []
    at: dict[int, tuple[int, int]] = {}
    for start, end, departs, lasts, run in drawn:
        place, free_s = at.get(run, (start, 0))
        leave_s = max(departs, free_s)
        if place != end:
            made.append((place, end, leave_s, leave_s + lasts, run))
            at[run] = (end, leave_s + lasts)
    return made


def all_ways(
    made: list[Hop], walks: list[Foot], start: int, at_s: int, change_s: int
) -> list[list[int]]:
    """Earliest arrival at every stop with at most 1, 2, ... rides, by rounds over all hops."""
    walk_s = {(a, b): min(s for i, j, s in walks if (i, j) == (a, b)) for a, b, _ in walks}
    ready = {start: at_s}
    best = [[int(NEVER)] * 6]
    for _ in range(4):
        arrive = list(best[-1])
        for run in {hop[4] for hop in made}:
            aboard = False
            for tail, head, leave_s, arrive_s, _ in (hop for hop in made if hop[4] == run):
                aboard = aboard or ready.get(tail, NEVER) <= leave_s
                if aboard:
                    arrive[head] = min(arrive[head], arrive_s)
        for stop, arrive_s in enumerate(arrive):
            if arrive_s < NEVER:
                for head in range(6):
                    if head == stop or (stop, head) in walk_s:
                        on_foot_s = 0 if head == stop else walk_s[stop, head]
                        ready_s = arrive_s + change_s + on_foot_s
                        ready[head] = min(ready.get(head, int(NEVER)), ready_s)
        best.append(arrive)
    return best[1:]


@given(hops, feet, st.integers(0, 5), st.integers(0, 200), st.integers(1, 40))
@settings(max_examples=200, deadline=None)
def test_agrees_with_rounds_over_all_hops_and_with_the_plain_scan(
    drawn: list[tuple[int, int, int, int, int]],
    drawn_feet: list[Foot],
    start: int,
    at_s: int,
    change_s: int,
) -> None:
    made = runs_of(drawn)
    walks = [foot for foot in drawn_feet if foot[0] != foot[1]]
    service = service_of(6, made, walks, change_s)
    labels = searched(service, start, at_s)
    expected = all_ways(made, walks, start, at_s, change_s)
    for stop in range(6):
        assert best_within(labels, stop) == [arrive[stop] for arrive in expected]
    plain = plain_labels(service)
    plain.ready_s[start] = at_s
    plain_scan(service, plain, FAR)
    assert (plain.ride_s <= labels.arrival_s[:, -1]).all()

"""Queues on links: closed forms, what must never happen, and what a share of the vehicles shows."""

from collections import defaultdict
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hapgang.science.queue_records import (
    Traffic,
    make_links,
    make_traffic,
    sampled_links,
    times_lately_s,
)
from hapgang.science.queues import add_trips, run

Floats = NDArray[np.float64]
STUCK_S = 7.0
PLENTY = 1e6


class Street(NamedTuple):
    free_s: float = 10.0
    headway_s: float = 0.0
    tolerance_s: float = 0.0
    room: float = PLENTY


class Trip(NamedTuple):
    vehicle: int
    depart_s: float
    links: list[int]


def streets(*links: Street) -> Traffic:
    columns = np.array(links).T.copy()
    return make_traffic(make_links(*columns), stuck_s=STUCK_S, memory_s=900.0)


def announced(traffic: Traffic, trips: list[Trip]) -> Traffic:
    return add_trips(
        traffic,
        np.array([trip.vehicle for trip in trips], np.int64),
        np.array([trip.depart_s for trip in trips]),
        np.array([len(trip.links) for trip in trips], np.int64),
        np.array([link for trip in trips for link in trip.links], np.int32),
    )


def driven(traffic: Traffic, trips: list[Trip]) -> Traffic:
    """Announce the trips and let them all arrive."""
    traffic = announced(traffic, trips)
    assert run(traffic, np.inf, np.empty(len(trips), np.int64)) == len(trips)
    return traffic


def arrivals(traffic: Traffic) -> list[float]:
    return traffic.trips["arrive_s"][: traffic.used[1]].tolist()


def entered(traffic: Traffic, step: int) -> list[float]:
    """When each trip entered its link number `step`."""
    trips = traffic.trips[: traffic.used[1]]
    after_s = traffic.steps["after_s"][trips["start"] + step]
    return (trips["depart_s"] + after_s).tolist()


def test_alone_a_vehicle_takes_exactly_the_free_times() -> None:
    traffic = driven(
        streets(Street(12.5, 6.0), Street(7.25, 9.0), Street(3.0, 60.0)), [Trip(0, 100, [0, 1, 2])]
    )
    assert arrivals(traffic) == [100 + 12.5 + 7.25 + 3.0]
    assert entered(traffic, 1) == [112.5]


def test_a_trip_without_links_arrives_as_it_departs() -> None:
    assert arrivals(driven(streets(Street()), [Trip(0, 5.0, [])])) == [5.0]


def test_a_bottleneck_lets_vehicles_go_at_the_intervals_of_its_capacity() -> None:
    n, headway_s = 50, 6.0
    traffic = driven(
        streets(Street(10.0, headway_s), Street(5.0)), [Trip(v, 0.0, [0, 1]) for v in range(n)]
    )
    assert entered(traffic, 1) == [10.0 + headway_s * k for k in range(n)]
    assert arrivals(traffic) == [15.0 + headway_s * k for k in range(n)]


def test_after_a_lull_as_many_leave_at_once_as_the_tolerance_covers() -> None:
    traffic = driven(
        streets(Street(10.0, 6.0, tolerance_s=12.0), Street()),
        [Trip(v, 0.0, [0, 1]) for v in range(6)],
    )
    assert entered(traffic, 1) == [10, 10, 10, 16, 22, 28]


def test_a_full_link_spills_back_on_the_one_before() -> None:
    """Three places, one leaves every 10 s: the fourth and later wait for them on link 0."""
    traffic = driven(
        streets(Street(10.0, 1.0), Street(10.0, 10.0, room=3), Street(5.0)),
        [Trip(v, 0.0, [0, 1, 2]) for v in range(6)],
    )
    assert entered(traffic, 1) == [10, 11, 12, 20, 30, 40]
    assert entered(traffic, 2) == [20, 30, 40, 50, 60, 70]


def test_spillback_catches_those_who_do_not_use_the_bottleneck() -> None:
    """Behind the queue for link 1 stands a vehicle for link 3, which is empty."""
    trips = [Trip(v, 0.0, [0, 1, 2]) for v in range(3)] + [Trip(3, 0.0, [0, 3])]
    crowded = streets(Street(10), Street(10, 30, room=1), Street(5), Street(5))
    assert arrivals(driven(crowded, trips))[3] == 10 + 10 + 30 + 5
    roomy = streets(Street(10), Street(10, 30), Street(5), Street(5))
    assert arrivals(driven(roomy, trips))[3] == 10 + 5


def test_two_streets_that_merge_take_turns() -> None:
    """Both queues are served alike: each is first in turn as it asks."""
    n = 20
    trips = [Trip(v, 0.0, [v % 2, 2, 3]) for v in range(2 * n)]
    merge = streets(Street(10, 1), Street(10, 1), Street(10, 4, room=3), Street(1))
    traffic = driven(merge, trips)
    order = np.argsort(entered(traffic, 1), kind="stable")
    assert (order % 2).tolist() == [0, 1] * n


def test_departures_wait_in_order_for_room() -> None:
    traffic = driven(
        streets(Street(10.0, room=1), Street()), [Trip(v, 0.0, [0, 1]) for v in (2, 0, 1)]
    )
    assert entered(traffic, 0) == [20.0, 0.0, 10.0]


def test_a_ring_of_full_links_moves_up_after_the_stuck_time() -> None:
    n = 4
    ring = streets(*[Street(10.0, room=1)] * n)
    trips = [Trip(v, 0.0, [v, (v + 1) % n, (v + 2) % n]) for v in range(n)]
    traffic = driven(ring, trips)
    assert arrivals(traffic) == [30.0 + 2 * STUCK_S] * n
    assert traffic.used[3] == 2  # one let in by force makes all move up


def test_queues_behind_a_ring_get_in_as_it_empties() -> None:
    n = 3
    ring = streets(*[Street(10.0, room=1)] * n, Street(10.0))
    trips = [Trip(v, 0.0, [v, (v + 1) % n]) for v in range(n)] + [Trip(9, 0.0, [3, 0, 1])]
    times = arrivals(driven(ring, trips))
    assert times[:n] == [20.0 + STUCK_S] * n
    assert times[n] == 20.0 + STUCK_S + 20.0


def test_one_at_a_time_is_let_by_force_into_a_link_that_stands_still() -> None:
    """Link 3 stands behind a ring that turns at 17 s and 34 s; others ask for it from 15 s on.

    They get in 7 s after the first asked and again 7 s later. At 34 s its first vehicle leaves, but
    it is still too full for the last, who must wait another 7 s.
    """
    n = 3
    ring = streets(*[Street(10.0, room=1)] * n, Street(10.0, room=1))
    round_trips = [Trip(v, 0.0, [(v + k) % n for k in range(12)]) for v in range(n)]
    behind = [Trip(9, 0.0, [3, 0])]
    asking = [Trip(10, 15.0, [3, 0]), Trip(11, 15.0, [3, 0]), Trip(12, 30.0, [3, 0])]
    traffic = driven(ring, round_trips + behind + asking)
    assert entered(traffic, 1)[:4] == [17, 17, 17, 34]
    assert entered(traffic, 0)[4:] == [22, 29, 41]


def test_a_queue_that_moves_is_never_let_in_by_force() -> None:
    """Room comes every 6 s, less than the stuck time, though each of two queues waits 12 s."""
    trips = [Trip(v, 0.0, [v % 2, 2, 3]) for v in range(40)]
    traffic = driven(streets(Street(10), Street(10), Street(10, 6.0, room=2), Street(1)), trips)
    assert traffic.used[3] == 0
    assert np.diff(sorted(entered(traffic, 1)))[2:].min() == 6.0


def test_random_arrivals_wait_as_pollaczek_and_khinchine_say() -> None:
    """Mean wait of M/D/1: rho h / (2 (1 - rho))."""
    rng = np.random.default_rng(7)
    n, headway_s, load = 100_000, 6.0, 0.6
    depart_s = np.cumsum(rng.exponential(headway_s / load, n))
    wait_s = waits(
        make_links(*np.array([[10, headway_s, 0, PLENTY], [0, 0, 0, PLENTY]]).T), depart_s
    )
    assert wait_s.mean() == pytest.approx(load * headway_s / (2 * (1 - load)), rel=0.04)


def waits(links: NDArray[np.void], depart_s: Floats) -> Floats:
    """Seconds lost by vehicles that use link 0 and then link 1."""
    n = len(depart_s)
    free_s = links["free_s"][:2].sum()
    traffic = make_traffic(links, stuck_s=STUCK_S, memory_s=900.0)
    both = np.tile(np.array([0, 1], np.int32), n)
    traffic = add_trips(traffic, np.arange(n), depart_s, np.full(n, 2), both)
    assert run(traffic, np.inf, np.empty(n, np.int64)) == n
    lost_s: Floats = traffic.trips["arrive_s"][:n] - depart_s - free_s
    return lost_s


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=60),
    st.integers(1, 30),
    st.integers(0, 90),
)
def test_tolerance_takes_the_same_off_every_wait(
    at: list[int], headway_s: int, tolerance_s: int
) -> None:
    depart_s = np.sort(np.array(at, np.float64))

    def lost(tolerance: float) -> Floats:
        return waits(
            make_links(*np.array([[10, headway_s, tolerance, PLENTY], [0, 0, 0, PLENTY]]).T),
            depart_s,
        )

    assert np.array_equal(lost(tolerance_s), np.maximum(lost(0) - tolerance_s, 0))


def sampled_wait_s(share: float, load: float, seed: int) -> float:
    """Mean seconds lost at a street of 900 vehicles an hour when a share of them is moved."""
    rng = np.random.default_rng(seed)
    n = 100_000
    depart_s = np.cumsum(rng.exponential(4.0 / load / share, n))
    free_s = np.array([10.0, 0.0])
    links = sampled_links(np.full(2, 1e6), np.ones(2), np.array([900.0, 0.0]), free_s, share=share)
    return float(waits(links, depart_s).mean())


@pytest.mark.parametrize("load", [0.3, 0.5, 0.7])
def test_the_mean_wait_of_a_share_is_that_of_all(load: float) -> None:
    """Headways alone would multiply it by 4 or 10: to 46 s at a load of 0.7."""
    all_s = sampled_wait_s(1.0, load, 1)
    for share in (0.25, 0.1):
        assert sampled_wait_s(share, load, 2) == pytest.approx(all_s, abs=7.0)


def test_a_share_meets_the_same_overload() -> None:
    """An hour of 1,200 vehicles at a street for 900: the last loses 20 min, whatever the share."""
    for share in (1.0, 0.25, 0.1):
        n = int(1200 * share)
        links = sampled_links(
            np.full(2, 1e6), np.ones(2), np.array([900.0, 0.0]), np.array([10.0, 0.0]), share=share
        )
        wait_s = waits(links, np.arange(n) * 3600.0 / n)
        shorter_s = np.log(1 / share) * 4.0 / share
        assert wait_s[-1] == pytest.approx(1200 - shorter_s, abs=4.0 / share)


def test_room_and_headway_shrink_with_the_share() -> None:
    length_m, free_s = np.array([750.0]), np.array([10.0])
    one = sampled_links(length_m, np.array([2.0]), np.array([1800.0]), free_s, share=1.0)
    some = sampled_links(length_m, np.array([2.0]), np.array([1800.0]), free_s, share=0.25)
    assert (one["room"][0], one["headway_s"][0], one["tolerance_s"][0]) == (200, 2.0, 0.0)
    assert (some["room"][0], some["headway_s"][0]) == (52, 8.0)
    with pytest.raises(ValueError, match="share"):
        sampled_links(length_m, length_m, length_m, length_m, share=0.0)


def test_a_short_fast_link_has_room_for_its_flow() -> None:
    """7.5 m hold one vehicle standing, but 30 s at 1,800 an hour are 15 under way."""
    links = sampled_links(
        np.array([7.5]), np.array([1.0]), np.array([1800.0]), np.array([30.0]), share=1.0
    )
    assert links["room"][0] == 15


def test_times_lately_rise_with_the_queue_and_are_forgotten() -> None:
    traffic = announced(
        streets(Street(10.0, 60.0), Street(5.0)), [Trip(v, 0.0, [0, 1]) for v in range(20)]
    )
    arrived = np.empty(20, np.int64)
    run(traffic, 605.0, arrived)
    assert times_lately_s(traffic, 605.0)[0] == 605.0  # what the first in the queue has spent
    run(traffic, np.inf, arrived)
    lately_s = [float(times_lately_s(traffic, at_s)[0]) for at_s in (1150.0, 2050.0, 1e9)]
    assert lately_s[0] > 300
    assert lately_s[1] - 10 == pytest.approx((lately_s[0] - 10) / 2)
    assert lately_s[2] == pytest.approx(10.0, abs=1e-2)
    assert times_lately_s(traffic, 1150.0)[1] == 5.0


class Case(NamedTuple):
    links: list[Street]
    trips: list[Trip]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Random walks on a small complete network, so narrow that queues, rings and all occur."""
    nodes = draw(st.integers(2, 4))
    ends = [(a, b) for a in range(nodes) for b in range(nodes) if a != b]
    street = st.builds(
        Street,
        st.integers(0, 9).map(float),
        st.integers(0, 5).map(float),
        st.just(0.0),
        st.integers(1, 3).map(float),
    )
    links = draw(st.lists(street, min_size=len(ends), max_size=len(ends)))
    trips = []
    for vehicle in range(draw(st.integers(1, 25))):
        node = draw(st.integers(0, nodes - 1))
        walk = []
        for _ in range(draw(st.integers(0, 6))):
            onward = [row for row, (source, _) in enumerate(ends) if source == node]
            walk.append(draw(st.sampled_from(onward)))
            node = ends[walk[-1]][1]
        trips.append(Trip(vehicle, float(draw(st.integers(0, 8))), walk))
    return Case(links, trips)


def passages(traffic: Traffic) -> dict[int, list[tuple[float, float, bool]]]:
    """By link: when each passage began and ended, and whether the trip went on; in order."""
    found = defaultdict(list)
    for trip in traffic.trips[: traffic.used[1]]:
        steps = traffic.steps[trip["start"] : trip["end"]]
        times = [*(trip["depart_s"] + steps["after_s"].astype(float)).tolist(), trip["arrive_s"]]
        for k, link in enumerate(steps["link"].tolist()):
            found[link].append((times[k], float(times[k + 1]), k + 1 < len(steps)))
    return found


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(cases())
def test_everybody_arrives_and_no_rule_of_the_street_is_broken(case: Case) -> None:
    traffic = driven(streets(*case.links), case.trips)  # all arrive
    assert not traffic.used[0]
    assert not traffic.links["inside"].any()
    assert (traffic.links["first"] == -1).all()
    assert (traffic.links["asking"] == -1).all()
    assert not traffic.links["watched"].any()
    for row, passed in passages(traffic).items():
        link = case.links[row]
        passed.sort()
        left_s = [leave_s for _, leave_s, _ in passed]
        assert left_s == sorted(left_s)  # first in, first out
        assert all(leave_s - enter_s >= link.free_s for enter_s, leave_s, _ in passed)
        onward_s = [leave_s for _, leave_s, onward in passed if onward]
        assert (np.diff(onward_s) >= link.headway_s).all()
        for enter_s, _, _ in passed if not traffic.used[3] else ():  # none let in by force
            inside = sum(e <= enter_s < leave_s for e, leave_s, _ in passed)
            assert inside <= link.room or link.free_s == 0


@settings(max_examples=100, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_neither_announcing_nor_looking_changes_what_happens(case: Case, random: object) -> None:
    """Trips in another order, announced late, the clock advanced step by step: the same times."""
    at_once = driven(streets(*case.links), case.trips)
    expected = dict(zip([trip.vehicle for trip in case.trips], arrivals(at_once), strict=True))
    shuffled = list(case.trips)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # random.Random
    traffic, arrived = streets(*case.links), np.empty(len(shuffled), np.int64)
    found = {}
    for second in range(10_000):
        due = [trip for trip in shuffled if trip.depart_s == second]
        traffic = announced(traffic, due) if due else traffic
        for row in arrived[: run(traffic, second + 0.5, arrived)]:
            found[int(traffic.trips["vehicle"][row])] = float(traffic.trips["arrive_s"][row])
        if second > 8 and not traffic.used[0]:
            break
    assert found == expected

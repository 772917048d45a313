"""Movement: vehicles on a network, ways that give way to jams, and what a closed street does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.core.errors import Invalid, NotFound
from hapgang.rehearsal.movement import INFORMED, Routes, Streets
from hapgang.twin.modes import Modes
from hapgang.twin.network import Network

EVERY = int(Modes.WALK | Modes.BICYCLE | Modes.CAR)
Ends = tuple[int, int]


def network(
    ends: list[Ends],
    *,
    length_m: list[float] | float = 500.0,
    capacity_veh_h: list[float] | float = 900.0,
    modes: list[int] | int = EVERY,
    speed_kmh: float = 36.0,
) -> Network:
    """Flat, one lane, 36 km/h (10 m/s)."""
    n = len(ends)
    nodes = max(max(pair) for pair in ends) + 1
    return Network(
        node_xy=np.column_stack([np.arange(nodes) * 500.0, np.zeros(nodes)]),
        node_elevation_m=np.zeros(nodes, np.float32),
        link_ids=np.array([f"l{row}" for row in range(n)], object),
        link_source=np.array([source for source, _ in ends], np.int32),
        link_target=np.array([target for _, target in ends], np.int32),
        link_length_m=np.broadcast_to(np.array(length_m, np.float32), n).copy(),
        link_modes=np.broadcast_to(np.array(modes, np.int32), n).copy(),
        link_speed_kmh=np.full(n, speed_kmh, np.float32),
        link_lanes=np.ones(n, np.float32),
        link_capacity_veh_h=np.broadcast_to(np.array(capacity_veh_h, np.float32), n).copy(),
    )


def two_ways(*, closed: bool = False) -> Network:
    """From node 0 to 3 by way of 1 (short, links 0 and 1) or of 2 (long, links 2 and 3)."""
    return network(
        [(0, 1), (1, 3), (0, 2), (2, 3)],
        length_m=[500.0, 500.0, 900.0, 900.0],
        modes=[EVERY & ~int(Modes.CAR) if closed else EVERY, EVERY, EVERY, EVERY],
    )


def grid(side: int) -> Network:
    """Streets both ways between neighbours on a square grid."""
    ends = []
    for node in range(side * side):
        if (node + 1) % side:
            ends += [(node, node + 1), (node + 1, node)]
        if node + side < side * side:
            ends += [(node, node + side), (node + side, node)]
    return network(ends, length_m=300.0)


def rush(
    city: Network,
    trips: int,
    share: float,
    *,
    seed: int,
    hours: float = 1.0,
    informed: float = INFORMED,
) -> "Day":
    """Random trips across the city within some hours, each on its best way at departure."""
    rng = np.random.default_rng(seed)
    at_s = np.sort(rng.uniform(0, hours * 3600, trips)).tolist()
    ends = rng.integers(0, len(city.node_xy), (trips, 2)).tolist()
    wanted = [(s, origin, target) for s, (origin, target) in zip(at_s, ends, strict=True)]
    return Day(city, share, wanted, informed)


class Day:
    """Trips (at_s, origin, destination) driven one after another as they come."""

    def __init__(
        self,
        city: Network,
        share: float,
        trips: list[tuple[float, int, int]],
        informed: float = INFORMED,
    ) -> None:
        self.streets = Streets(city, share=share)
        routes = Routes(city, Modes.CAR, streets=self.streets, informed=informed)
        self.took_s, self.paths = {}, []
        self.arrived: list[tuple[int, float]] = []
        for vehicle, (at_s, origin, destination) in enumerate(trips):
            self.arrived += self.streets.advance(at_s)
            self.paths.append(routes.path(origin, destination, at_s).tolist())
            self.streets.depart(vehicle, self.paths[-1], at_s)
        self.arrived += self.streets.advance(np.inf)
        free_s = city.free_time_s(Modes.CAR)
        self.took_s = np.zeros(len(trips))
        self.lost_s = np.zeros(len(trips))
        for vehicle, arrive_s in self.arrived:
            self.took_s[vehicle] = arrive_s - trips[vehicle][0]
            self.lost_s[vehicle] = self.took_s[vehicle] - free_s[self.paths[vehicle]].sum()


def test_alone_a_vehicle_takes_the_free_time() -> None:
    day = Day(two_ways(), 1.0, [(60.0, 0, 3)])
    assert day.arrived == [(0, 160.0)]
    links, enter_s = day.streets.trajectory(0)
    assert links.tolist() == [0, 1]
    assert enter_s.tolist() == [60.0, 110.0]


def test_every_departure_arrives_once_in_order_and_is_counted() -> None:
    day = rush(grid(5), 800, 0.5, seed=1)
    assert sorted(vehicle for vehicle, _ in day.arrived) == list(range(800))
    assert day.arrived == sorted(day.arrived, key=lambda one: (one[1], one[0]))
    assert day.streets.under_way == 0
    assert day.streets.next_event_s == np.inf
    flow = day.streets.flow_per_hour()
    assert flow.shape == (24, len(grid(5).link_ids))
    assert flow.sum() == sum(map(len, day.paths))
    assert day.lost_s.min() >= -1e-6


def test_flow_is_counted_in_the_hour_of_entering() -> None:
    streets = Streets(two_ways(), share=1.0)
    for vehicle, at_s in enumerate([3540.0, 3560.0, 7300.0]):
        streets.depart(vehicle, [0, 1], at_s)
    streets.advance(7320.0)
    assert streets.flow_per_hour(hours=3)[:, 0].tolist() == [2, 0, 1]
    assert streets.flow_per_hour(hours=3)[:, 1].tolist() == [1, 1, 0]
    assert streets.flow_per_hour(start_s=3550.0, hours=1)[0, 0] == 1


def test_closing_a_street_moves_its_flow_and_lengthens_the_trips() -> None:
    trips = [(20.0 * k, 0, 3) for k in range(60)]
    before, after = Day(two_ways(), 1.0, trips), Day(two_ways(closed=True), 1.0, trips)
    assert before.streets.flow_per_hour()[0].tolist() == [60, 60, 0, 0]
    assert after.streets.flow_per_hour()[0].tolist() == [0, 0, 60, 60]
    assert before.took_s.tolist() == [100.0] * 60
    assert after.took_s.tolist() == [180.0] * 60


def test_closing_a_street_of_a_busy_grid_costs_time_and_fills_its_neighbours() -> None:
    city = grid(5)
    trips = [(at_s, 10 + k % 2 * 5, 14) for k, at_s in enumerate(np.arange(0, 3600.0, 5))]
    before = Day(city, 1.0, trips)
    busiest = int(before.streets.flow_per_hour()[0].argmax())
    city.link_modes[busiest] &= ~int(Modes.CAR)
    closed = Network(
        **{name: getattr(city, name) for name in city.__dataclass_fields__ if name[0] != "_"}
    )
    after = Day(closed, 1.0, trips)
    change = after.streets.flow_per_hour()[0] - before.streets.flow_per_hour()[0]
    assert change[busiest] < -300
    assert change.max() > 100
    assert after.took_s.mean() > before.took_s.mean() + 10


def test_a_jam_sends_later_vehicles_another_way() -> None:
    """900 an hour fit through the short way; of 1,800 some must learn to take the long one."""
    trips = [(2.0 * k, 0, 3) for k in range(3600)]
    day = Day(two_ways(), 1.0, trips)
    flow = day.streets.flow_per_hour(hours=2)[:, [0, 2]].sum(axis=0)
    assert day.paths[0] == [0, 1]
    assert 0.3 * 3600 < flow[1] <= INFORMED * 3600 + 1
    stubborn = Day(two_ways(), 1.0, trips, informed=0.0)
    assert stubborn.streets.flow_per_hour()[:, 2].sum() == 0
    assert day.took_s.mean() < stubborn.took_s.mean() / 2


def test_who_is_informed_may_be_said_by_the_caller() -> None:
    streets = Streets(two_ways(), share=1.0)
    routes = Routes(two_ways(), Modes.CAR, streets=streets, informed=0.0)
    for vehicle in range(300):
        streets.depart(vehicle, [0, 1], 0.0)
    streets.advance(900.0)
    assert routes.path(0, 3, 900.0).tolist() == [0, 1]
    assert routes.path(0, 3, 900.0, informed=True).tolist() == [2, 3]
    assert routes.path(0, 3, 900.0, informed=False).tolist() == [0, 1]


@pytest.mark.slow
def test_where_all_are_informed_they_overreact() -> None:
    """A grid near its capacity: each look sends everybody to the same streets."""
    some = rush(grid(6), 10_000, 0.5, seed=3).lost_s.mean()
    everyone = rush(grid(6), 10_000, 0.5, seed=3, informed=1.0).lost_s.mean()
    assert some < 30
    assert everyone > 5 * some


def test_a_jam_is_forgotten() -> None:
    streets = Streets(two_ways(), share=1.0)
    routes = Routes(two_ways(), Modes.CAR, streets=streets, informed=1.0)
    for vehicle in range(300):
        streets.depart(vehicle, [0, 1], 0.0)
    streets.advance(900.0)
    assert routes.path(0, 3, 900.0).tolist() == [2, 3]
    streets.advance(30_000.0)
    assert routes.path(0, 3, 30_000.0).tolist() == [0, 1]


@pytest.mark.slow
@pytest.mark.parametrize(("trips", "within_s"), [(14_000, 2.0), (18_000, 15.0)])
def test_a_share_of_the_vehicles_loses_as_much_time_as_all(trips: int, within_s: float) -> None:
    """Trips take 117 s on empty streets; with headways alone a tenth would lose minutes."""
    everybody = rush(grid(6), trips, 1.0, seed=3).lost_s.mean()
    for share in (0.5, 0.2, 0.1):
        some = rush(grid(6), int(trips * share), share, seed=4).lost_s.mean()
        assert some == pytest.approx(everybody, abs=within_s)


def test_the_same_calls_give_the_same_day_bit_for_bit() -> None:
    one, other = (rush(grid(4), 1500, 0.3, seed=9) for _ in range(2))
    assert one.arrived == other.arrived
    assert one.paths == other.paths
    assert np.array_equal(one.streets.travel_times_s(), other.streets.travel_times_s())


@settings(max_examples=30, deadline=None)
@given(
    st.integers(2, 4), st.integers(1, 120), st.sampled_from([1.0, 0.3, 0.05]), st.integers(0, 99)
)
def test_nobody_is_lost_whatever_the_city(side: int, trips: int, share: float, seed: int) -> None:
    day = rush(grid(side), trips, share, seed=seed, hours=0.05)
    assert sorted(vehicle for vehicle, _ in day.arrived) == list(range(trips))
    assert day.lost_s.min() >= -1e-6


def test_a_vehicle_goes_out_again_once_it_has_arrived() -> None:
    streets = Streets(two_ways(), share=1.0)
    streets.depart(7, [0, 1], 0.0)
    with pytest.raises(ValueError, match="still under way"):
        streets.depart(7, [0, 1], 10.0)
    assert streets.advance(100.0) == [(7, 100.0)]
    streets.depart(7, [2], 100.0)
    assert streets.next_event_s == 100.0
    streets.advance(150.0)
    assert streets.trajectory(7)[0].tolist() == [2]
    assert streets.trajectory(7, 0)[0].tolist() == [0, 1]
    assert streets.under_way == 1
    with pytest.raises(NotFound):
        streets.trajectory(8)


def test_arrivals_at_the_same_time_go_by_vehicle() -> None:
    streets = Streets(network([(0, 1), (2, 3)]), share=1.0)
    streets.depart(5, [0], 0.0)
    streets.depart(2, [1], 0.0)
    assert streets.advance(50.0) == [(2, 50.0), (5, 50.0)]


@pytest.mark.parametrize(("share", "each", "stuck_s"), [(1.0, 1, 10.0), (0.5, 2, 20.0)])
def test_a_ring_stands_still_longer_where_each_vehicle_stands_for_more(
    share: float, each: int, stuck_s: float
) -> None:
    """7.5 m streets in a ring, full: 0.75 s to their ends, then stuck time and headway."""
    ends = [(0, 1), (1, 2), (2, 0)]
    streets = Streets(network(ends, length_m=7.5), share=share)
    for vehicle in range(3 * each):
        streets.depart(vehicle, [vehicle % 3, (vehicle + 1) % 3], 0.0)
    assert len(streets.advance(np.inf)) == 3 * each
    assert streets.trajectory(0)[1][1] == pytest.approx(0.75 + stuck_s + 4.0 / share)
    assert streets.let_in_by_force == each


def test_the_clock_does_not_run_backwards() -> None:
    streets = Streets(two_ways(), share=1.0)
    assert streets.advance(50.0) == []
    with pytest.raises(ValueError, match="cannot go back"):
        streets.advance(49.0)
    with pytest.raises(ValueError, match="departure at"):
        streets.depart(0, [0], 49.0)
    assert streets.advance(np.inf) == []
    assert streets.now_s == 50.0


def test_impossible_routes_are_refused() -> None:
    streets = Streets(two_ways(closed=True), share=1.0)
    with pytest.raises(Invalid, match="follow one another"):
        streets.depart(0, [1, 2], 0.0)
    with pytest.raises(Invalid, match="no motor vehicle"):
        streets.depart(0, [0, 1], 0.0)


def test_a_shuttle_may_use_what_is_closed_to_cars() -> None:
    lane = network([(0, 1)], modes=int(Modes.SHUTTLE), capacity_veh_h=0.0)
    streets = Streets(lane, share=0.5)
    streets.depart(0, [0], 0.0)
    assert streets.advance(np.inf) == [(0, 50.0)]
    with pytest.raises(NotFound):
        Routes(lane, Modes.CAR, streets=streets).path(0, 1, 0.0)


def test_on_foot_the_way_is_the_shortest_at_all_times() -> None:
    city = grid(4)
    routes = Routes(city, Modes.WALK)
    for target in range(16):
        assert routes.path(0, target, 0.0).tolist() == city.route(Modes.WALK, 0, target).tolist()


def test_routes_without_congestion_are_those_of_the_network_and_cheap_to_ask_again() -> None:
    city = grid(4)
    small = Routes(city, Modes.CAR, streets=Streets(city, share=1.0), memory_mb=1e-6)
    free_s = city.free_time_s(Modes.CAR)
    for _ in range(2):
        for source in range(16):
            for target in range(16):
                way = small.path(source, target, 0.0)
                best_s = city.times_s(Modes.CAR, source, target)[0, 0]
                assert free_s[way].sum() == pytest.approx(best_s)
                assert way.dtype == np.int32


def test_a_way_is_never_much_slower_than_the_quickest_by_the_times_of_the_period() -> None:
    city = grid(5)
    streets = Streets(city, share=1.0)
    routes = Routes(city, Modes.CAR, streets=streets, informed=1.0, slack=0.05)
    rng = np.random.default_rng(2)
    for vehicle in range(4000):
        way = routes.path(vehicle % 5, 20 + vehicle % 3, 0.0)
        streets.depart(vehicle, way, float(vehicle // 4))
    streets.advance(900.0)
    now_s = streets.travel_times_s()
    assert (now_s > 1.5 * city.free_time_s(Modes.CAR)).any()
    for source, target in rng.integers(0, 25, (200, 2)).tolist():
        best_s = city.skim(Modes.CAR, source, target, now_s)[0][0, 0]
        assert now_s[routes.path(source, target, 900.0)].sum() <= 1.05 * best_s + 1e-3

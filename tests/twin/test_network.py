"""The street network: closed forms on paper, consistency, closures."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.twin.modes import Modes
from hapgang.twin.network import Network
from hapgang.twin.scenario import Close, apply_changes
from hapgang.twin.scene import Scene, load_scene
from hapgang.twin.speeds import WALK_M_S
from tests.twin.paper_city import both_ways, write_city

# 2 -- 3      a square of 1 km, with a one-way diagonal 0 -> 3 and an island 4 -- 5
# | \  |
# 0 -- 1
NODES = [(0, 0), (1000, 0), (0, 1000), (1000, 1000), (5000, 0), (5100, 0)]
STREETS = [
    *both_ways(("01", 0, 1, {}), ("02", 0, 2, {}), ("13", 1, 3, {}), ("23", 2, 3, {})),
    ("03", 0, 3, {"speed_kmh": 100.0, "modes": int(Modes.CAR)}),
    *both_ways(("45", 4, 5, {})),
]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return load_scene(write_city(tmp_path_factory.mktemp("square"), NODES, STREETS))


@pytest.fixture(scope="module")
def network(scene: Scene) -> Network:
    return Network.of(scene)


def test_times_are_length_over_speed(network: Network) -> None:
    km_s = 3600 / 50
    times = network.times_s(Modes.CAR, [0, 3], [0, 1, 3])
    diagonal_s = np.sqrt(2) * 3600 / 100
    assert times == pytest.approx(np.array([[0, km_s, diagonal_s], [2 * km_s, km_s, 0]]), rel=1e-5)
    assert network.times_s(Modes.WALK, 0, 1)[0, 0] == pytest.approx(1000 / WALK_M_S, rel=1e-5)


def test_distances_are_those_of_the_quickest_way(network: Network) -> None:
    metres = network.distances_m(Modes.CAR, [0, 3], [3, 0])
    assert metres == pytest.approx(np.array([[1414.2136, 0], [0, 2000]]), rel=1e-5)


def test_an_island_is_out_of_reach(network: Network) -> None:
    assert np.isinf(network.times_s(Modes.CAR, 0, 4)).all()
    assert network.route(Modes.CAR, 0, 4).size == 0


def test_nearest_node_stays_on_the_mainland(network: Network) -> None:
    xy = network.node_xy[[4, 3]] + 5.0
    assert network.nearest_node(xy, Modes.CAR).tolist() == [1, 3]
    assert int(network.nearest_node(xy[1], Modes.WALK)) == 3


def test_a_mode_without_streets_says_so(network: Network) -> None:
    with pytest.raises(Invalid, match="SHUTTLE"):
        network.nearest_node([0.0, 0.0], Modes.SHUTTLE)


def test_routes_add_up_to_times_and_hang_together(network: Network) -> None:
    time_s = network.free_time_s(Modes.CAR)
    for target in range(4):
        links = network.route(Modes.CAR, 3, target)
        assert time_s[links].sum() == pytest.approx(network.times_s(Modes.CAR, 3, target)[0, 0])
        at = 3
        for link in links:
            assert network.link_source[link] == at
            at = network.link_target[link]
        assert at == target
        assert network.tree(Modes.CAR, 3).route(target).tolist() == links.tolist()


def test_congestion_moves_the_route(network: Network) -> None:
    crowded = network.free_time_s(Modes.CAR)
    diagonal = network.link_ids.tolist().index("03")
    assert network.route(Modes.CAR, 0, 3).tolist() == [diagonal]
    crowded[diagonal] = 1000
    assert diagonal not in network.route(Modes.CAR, 0, 3, crowded)
    with pytest.raises(Invalid, match="at least 0"):
        network.route(Modes.CAR, 0, 3, -crowded)


def test_a_closed_street_is_used_by_nobody_and_keeps_its_row(scene: Scene) -> None:
    closed = Network.of(apply_changes(scene, [Close(links=("03", "01"))]))
    assert closed.link_ids.tolist() == scene.links.link.tolist()
    assert closed.times_s(Modes.CAR, 0, 1)[0, 0] == pytest.approx(3 * 72, rel=1e-5)
    assert closed.times_s(Modes.CAR, 1, 0)[0, 0] == pytest.approx(72, rel=1e-5)
    assert np.isinf(closed.free_time_s(Modes.CAR)[scene.links.rows(["03"])]).all()


def test_hills_slow_walkers_up_and_not_cars(tmp_path: Path) -> None:
    hill = load_scene(
        write_city(tmp_path, [(0, 0), (1000, 0)], both_ways(("s", 0, 1, {})), heights_m=[0, 100])
    )
    network = Network.of(hill)
    walk = network.times_s(Modes.WALK, [0, 1], [1, 0])
    assert walk[0, 0] == pytest.approx(1000 / WALK_M_S * np.exp(3.5 * 0.1), rel=1e-4)
    assert walk[1, 1] == pytest.approx(1000 / WALK_M_S, rel=1e-4)  # a tenth down is like the flat
    assert network.times_s(Modes.CAR, 0, 1) == network.times_s(Modes.CAR, 1, 0)


def test_reach_agrees_with_skim_in_both_directions(network: Network) -> None:
    targets = [3, 0, 0, 5]
    full = network.times_s(Modes.CAR, range(4), targets)
    for backwards in (False, True):
        if backwards:
            full = network.times_s(Modes.CAR, targets, range(4)).T
        source, target, time_s = network.reach(
            Modes.CAR, range(4), targets, 100.0, backwards=backwards
        )
        sparse = np.full(full.shape, np.inf)
        sparse[source, target] = time_s
        assert np.array_equal(sparse, np.where(full <= 100.0, full, np.inf))
        assert (np.diff(source) >= 0).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=16))
def test_no_detour_is_quicker(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[int, int]]
) -> None:
    streets = [(f"l{i}", a, b, {"length_m": 10.0 + 7 * i}) for i, (a, b) in enumerate(pairs)]
    folder = write_city(tmp_path_factory.mktemp("any"), NODES, streets)
    times = Network.of(load_scene(folder)).times_s(Modes.CAR, range(6), range(6)).astype("f8")
    for via in range(6):
        assert (times <= times[:, [via]] + times[[via], :] + 1e-3).all()

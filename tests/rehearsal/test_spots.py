"""Where trips begin and end, and where the car stands meanwhile."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from hapgang.rehearsal.spots import Spots
from hapgang.twin.modes import Modes
from hapgang.twin.network import Network
from hapgang.twin.scenario import closed_to
from hapgang.twin.scene import Scene, load_scene

CITY = Path(__file__).resolve().parents[2] / "cities" / "sejong"


def spots_of(scenario: str) -> tuple[Scene, Network, Spots]:
    scene = load_scene(CITY, scenario)
    network = Network.of(scene)
    return scene, network, Spots(scene, network)


@pytest.fixture(scope="module")
def inside() -> np.ndarray:
    """Which spots lie where the plan lets no owned cars in."""
    scene = load_scene(CITY, "plan")
    lon = np.concatenate([scene.buildings.lon, scene.zones.lon])
    lat = np.concatenate([scene.buildings.lat, scene.zones.lat])
    return shapely.contains_xy(closed_to(scene, "car"), lon, lat)


def test_today_the_car_stands_near_the_door(inside: np.ndarray) -> None:
    scene, _, spots = spots_of("today")
    assert closed_to(scene, "car").is_empty
    assert (spots.car_walk_s[inside] < 120).all()


def test_where_cars_are_kept_out_they_stand_in_a_car_park(inside: np.ndarray) -> None:
    scene, network, spots = spots_of("plan")
    parks = scene.places.xy[scene.places.kind == "car_park"]
    at_a_park = set(network.nearest_node(parks, Modes.CAR).tolist())
    rows = np.flatnonzero(inside)
    assert rows.size > 200
    assert {spots.spot(int(row), 0).car_node for row in rows} <= at_a_park
    assert (spots.car_walk_s[inside] > 60).all()


def test_elsewhere_the_plan_changes_nothing(inside: np.ndarray) -> None:
    today, plan = spots_of("today")[2], spots_of("plan")[2]
    assert (today.car_walk_s[~inside] == plan.car_walk_s[~inside]).all()

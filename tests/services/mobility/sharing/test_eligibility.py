"""Who may ride what, and how fast."""

import pytest

from hapgang.core.vocabulary.people import AgeBand
from hapgang.services.mobility.sharing.actions import MayNotRide, rent, reserve
from tests.services.mobility.sharing.world import refused


@pytest.mark.parametrize(
    ("plate", "person"),
    [
        ("M0004", {"licence": False}),
        ("M0004", {"age_band": AgeBand.TEENS, "licence": False}),
        ("M0004", {"walking": "badly"}),
        ("C0001", {"age_band": AgeBand.UNDER_10, "licence": False}),
        ("C0001", {"walking": "wheelchair"}),
        ("A0006", {"walking": "well"}),
    ],
)
def test_who_may_not_ride_what(world, plate, person):
    who = world.person("somebody", **person)
    refused(world, MayNotRide, rent, who, vehicle=plate)
    refused(world, MayNotRide, reserve, who, vehicle=plate)


@pytest.mark.parametrize(
    ("plate", "person", "kmh"),
    [
        ("C0001", {}, 40),
        ("C0001", {"licence": False}, 20),
        ("C0001", {"age_band": AgeBand.TEENS, "licence": False}, 20),
        ("C0001", {"age_band": AgeBand.OVER_70, "walking": "badly", "licence": False}, 20),
        ("A0006", {"walking": "wheelchair"}, 20),
        ("M0004", {}, 25),
    ],
)
def test_how_fast_a_vehicle_is_let_go(world, plate, person, kmh):
    who = world.person("somebody", **person)
    assert world.do(rent, who, vehicle=plate).max_speed_kmh == kmh

"""What travellers are offered, and what not."""

import pytest

from hapgang.core.geometry import distance_m
from hapgang.core.vocabulary.mobility import Mode, OfferRide, Traveller
from hapgang.core.vocabulary.people import AgeBand
from hapgang.services.mobility.sharing.actions import offer_ride, rent, reserve
from hapgang.services.mobility.sharing.method.ground import ground_of
from hapgang.services.mobility.sharing.method.pace import GRID_DETOUR
from hapgang.services.mobility.sharing.model import Station
from tests.services.mobility.sharing.world import BEYOND, LAWN, POND, STREET, World, at

HOME, WORK = at(0.4, 1.5), at(2.6, 1.6)
ADULT = Traveller("urn:ngsi-ld:Person:jimin", AgeBand.THIRTIES, "well", True)
CHILD = Traveller("urn:ngsi-ld:Person:bora", AgeBand.TEENS, "well", False)
OLD = Traveller("urn:ngsi-ld:Person:man75", AgeBand.OVER_70, "badly", False)
WHEELS = Traveller("urn:ngsi-ld:Person:wheels", AgeBand.FIFTIES, "wheelchair", True)


@pytest.fixture
def street(scene):
    """One vehicle of each kind beside home, the accessible one nearest."""
    world = World(scene, closed_vehicles=1, open_vehicles=1, accessible_vehicles=1)
    for k, kind in enumerate(("accessible", "closed", "open")):
        vehicle = world.vehicles(kind=kind)[0]
        world.put(vehicle, location=at(0.4, 1.6 + 0.05 * k), station=None)
    return world


def ask(world, traveller=ADULT, origin=HOME, destination=WORK):
    question = OfferRide(traveller=traveller, origin=origin, destination=destination)
    return offer_ride(world.desk(), question)


def kinds(world, offers):
    return [world.vehicle(offer.item).kind for offer in offers or ()]


def test_an_offer_says_how_long_how_much_and_how_dry(street):
    closed, open_ = ask(street)
    assert kinds(street, (closed, open_)) == ["closed", "open"]
    assert (closed.service, closed.mode) == ("mobility.sharing", Mode.PM)
    walk, ride = closed.stages
    vehicle = street.vehicle(closed.item).location
    assert (walk.origin, walk.destination, ride.origin, ride.destination) == (
        HOME, vehicle, vehicle, WORK,
    )  # fmt: skip
    assert walk.distance_m == pytest.approx(distance_m(HOME, vehicle) * GRID_DETOUR)
    assert walk.duration_s == pytest.approx(walk.distance_m / 1.34)
    pace = ground_of(street.runtime.scene).pace
    straight = distance_m(vehicle, WORK)
    assert ride.duration_s == pytest.approx(straight * pace.ride_s_per_m[40])
    assert ride.distance_m == pytest.approx(straight * pace.detour)
    assert closed.duration_s == ride.wait_s + walk.duration_s + ride.duration_s
    assert closed.fare_won == 620  # less than five minutes
    assert closed.stages[1].sheltered
    assert not open_.stages[1].sheltered


@pytest.mark.parametrize(
    ("traveller", "wanted"),
    [
        (ADULT, ["closed", "open"]),
        (CHILD, ["closed"]),
        (OLD, ["closed", "accessible"]),
        (WHEELS, ["accessible"]),
    ],
)
def test_everybody_gets_what_they_may_and_can_ride(street, traveller, wanted):
    assert kinds(street, ask(street, traveller)) == wanted


def test_who_has_no_licence_is_offered_the_slow_lane(street):
    fast, slow = ask(street, ADULT)[0], ask(street, CHILD)[0]
    pace = ground_of(street.runtime.scene).pace
    ratio = slow.stages[1].duration_s / fast.stages[1].duration_s
    assert ratio == pytest.approx(pace.ride_s_per_m[20] / pace.ride_s_per_m[40])
    assert ratio > 1.2


def test_heavy_rain_leaves_the_sheltered_ones(street):
    street.rain(20.0)
    assert kinds(street, ask(street)) == ["closed"]


def test_only_vehicles_that_can_be_had(street):
    closed = street.vehicles(kind="closed")[0]
    jimin = street.person("jimin")
    street.do(reserve, jimin, vehicle=closed.plate)
    assert kinds(street, ask(street)) == ["open"]
    street.do(rent, jimin, vehicle=closed.plate)
    assert kinds(street, ask(street)) == ["open"]
    street.put(street.vehicles(kind="open")[0], battery_pct=15.0, state="empty")
    assert ask(street) is None


def test_only_within_a_walk_of_five_minutes(street):
    assert ask(street, origin=at(2.9, 1.9), destination=at(0.4, 1.6)) is None
    far = at(0.4, 2.9)  # 290 m away: too far at 0.7 m/s, not at 1.34 m/s
    assert kinds(street, ask(street, ADULT, origin=far)) == ["closed", "open"]
    assert ask(street, OLD, origin=far) is None


@pytest.mark.parametrize("place", [BEYOND, POND])
def test_nothing_beyond_the_service_area(street, place):
    assert ask(street, destination=place) is None
    assert ask(street, origin=place) is None


def test_nobody_rides_round_the_corner(street):
    assert ask(street, destination=at(0.4, 1.55)) is None


def test_where_parking_is_forbidden_the_last_part_is_walked(street):
    offer = ask(street, origin=HOME, destination=LAWN)[0]
    walk, ride, last = offer.stages
    assert [walk.mode, ride.mode, last.mode] == [Mode.WALK, Mode.PM, Mode.WALK]
    assert ride.destination == last.origin
    assert last.destination == LAWN
    station = street.desk().hub.find(Station, near=LAWN, limit=1)[0]
    assert ride.destination == station.location
    assert last.distance_m < 200
    street.put(station, capacity=0)
    spot = ask(street, origin=HOME, destination=LAWN)[0].stages[1].destination
    assert spot != station.location
    assert ground_of(street.runtime.scene).why_not_park(spot) is None


def test_a_kind_behind_many_others_is_still_found(scene):
    world = World(scene, closed_vehicles=20, open_vehicles=1, accessible_vehicles=0)
    for k, vehicle in enumerate(world.vehicles(kind="closed")):
        world.put(vehicle, location=at(0.4 + 0.001 * k, 1.6), station=None)
    world.put(world.vehicles(kind="open")[0], location=at(0.4, 1.9), station=None)
    assert kinds(world, ask(world)) == ["closed", "open"]


def test_the_nearest_of_a_kind_is_offered(scene):
    world = World(scene, closed_vehicles=5, open_vehicles=0, accessible_vehicles=0)
    for k, vehicle in enumerate(world.vehicles()):
        world.put(vehicle, location=at(0.9 - 0.1 * k, 1.6), station=None)
    nearest = min(world.vehicles(), key=lambda v: distance_m(HOME, v.location))
    assert [offer.item for offer in ask(world)] == [nearest.id]


def test_looking_changes_nothing(street):
    before = street.everything()
    ask(street)
    ask(street, destination=STREET)
    assert street.everything() == before

"""A resident's ride, and everything that is refused on the way with nothing lost."""

import pytest

from hapgang.contract import Caller, Role
from hapgang.core.errors import Conflict, Invalid, NotFound, Refused, SignInNeeded
from hapgang.core.geometry import distance_m
from hapgang.ledger.book import NotEnoughMoney
from hapgang.services.mobility.sharing.actions import (
    BatteryEmpty,
    MayNotRide,
    NotHere,
    OneAtATime,
    Paused,
    RideOver,
    VehicleTaken,
    cancel,
    current_rental,
    find_parking,
    find_vehicles,
    get_rental,
    rent,
    report_problem,
    reserve,
    return_vehicle,
)
from hapgang.services.mobility.sharing.model import SERVICE, Station
from tests.services.mobility.sharing.world import (
    BEYOND,
    LAWN,
    OPERATOR,
    POND,
    STREET,
    at,
    refused,
)


@pytest.fixture
def jimin(world):
    return world.person("jimin")


def test_find_reserve_ride_return_pay(world, jimin):
    near = world.do(
        find_vehicles, jimin, lon=STREET.lon, lat=STREET.lat, within_m=600, kind="closed"
    )
    assert near
    assert near == sorted(near, key=lambda v: v.distance_m)
    kept = world.do(reserve, jimin, vehicle=near[0].vehicle)
    assert (kept.state, world.vehicle(kept.vehicle).state) == ("reserved", "reserved")
    world.wait(minutes=3)
    ride = world.do(rent, jimin, vehicle=near[0].vehicle)
    assert ride.id == kept.id
    assert world.do(current_rental, jimin) == ride
    assert world.free_won(jimin) == 50_000 - 6_120
    assert world.vehicle(ride.vehicle).location is None  # where a rider is, is the rider's own
    world.wait(minutes=8)
    done = world.do(return_vehicle, jimin, rental=ride.id, location=STREET, distance_m=900.0)
    fare = 620 + 3 * 100  # eight minutes, five of them in the first 620 won
    assert (done.state, done.fare_won, done.distance_m, done.doubts) == ("ended", fare, 900.0, ())
    assert world.free_won(jimin) == 50_000 - fare
    assert world.free_won(SERVICE) == fare
    assert world.held_won() == world.runtime.book.total_won() == 0
    parked = world.vehicle(ride.vehicle)
    assert (parked.state, parked.location, parked.station) == ("free", STREET, None)
    assert parked.battery_pct == pytest.approx(100.0 - 100 * 900 / 50_000)
    assert parked.odometer_km == pytest.approx(0.9)
    assert world.do(current_rental, jimin) is None
    assert world.do(get_rental, jimin, rental=ride.id) == done  # closed, and still to be read


def test_a_return_at_a_station_is_snapped_to_it(world, jimin):
    ride = world.do(rent, jimin, vehicle="C0001")
    station = world.desk().hub.find(Station)[4]
    world.wait(minutes=4)
    world.do(return_vehicle, jimin, rental=ride.id, location=station.location)
    parked = world.vehicle(ride.vehicle)
    assert (parked.station, parked.location) == (station.id, station.location)
    assert world.events("PmReturned")[-1]["parking"] == "station"


def test_repeats_change_nothing(world, jimin):
    kept = world.do(reserve, jimin, vehicle="C0001")
    before = world.everything()
    assert world.do(reserve, jimin, vehicle="C0001") == kept
    assert world.everything() == before
    ride = world.do(rent, jimin, vehicle="C0001")
    before = world.everything()
    assert world.do(rent, jimin, vehicle="C0001") == ride
    assert world.everything() == before


def test_returning_and_paying_twice_is_refused(world, jimin):
    ride = world.do(rent, jimin, vehicle="C0001")
    world.wait(minutes=2)
    world.do(return_vehicle, jimin, rental=ride.id, location=STREET)
    paid = world.free_won(jimin)
    error = refused(world, RideOver, return_vehicle, jimin, rental=ride.id, location=STREET)
    assert "paid once" in error.message.en
    assert world.free_won(jimin) == paid


def test_a_taken_vehicle_is_refused(world, jimin):
    other = world.person("other")
    world.do(reserve, jimin, vehicle="C0001")
    refused(world, VehicleTaken, reserve, other, vehicle="C0001")
    refused(world, VehicleTaken, rent, other, vehicle="C0001")
    world.do(rent, jimin, vehicle="C0001")
    refused(world, VehicleTaken, rent, other, vehicle="C0001")


def test_one_vehicle_at_a_time(world, jimin):
    first = world.do(reserve, jimin, vehicle="C0001")
    error = refused(world, OneAtATime, reserve, jimin, vehicle="C0002")
    assert error.detail["rental"] == first.id
    refused(world, OneAtATime, rent, jimin, vehicle="C0002")


def test_without_money_nothing_starts(world):
    poor = world.person("poor", balance_won=6_000)
    error = refused(world, NotEnoughMoney, rent, poor, vehicle="C0001")
    assert error.detail["missing_won"] == 120
    world.do(reserve, poor, vehicle="C0001")
    refused(world, NotEnoughMoney, rent, poor, vehicle="C0001")
    assert world.vehicle("urn:ngsi-ld:PersonalMobilityVehicle:C0001").state == "reserved"


@pytest.mark.parametrize(("battery", "station"), [(19.9, None), (5.0, "plugged in")])
def test_an_empty_battery_is_refused(world, jimin, battery, station):
    vehicle = world.vehicles(plate="C0001")[0]
    state = "empty" if station is None else "charging"
    world.put(vehicle, battery_pct=battery, state=state)
    refused(world, BatteryEmpty, rent, jimin, vehicle="C0001")
    refused(world, BatteryEmpty, reserve, jimin, vehicle="C0001")


@pytest.mark.parametrize("place", [LAWN, POND, BEYOND])
def test_forbidden_places_are_refused_and_the_ride_goes_on(world, jimin, place):
    ride = world.do(rent, jimin, vehicle="C0001")
    world.wait(minutes=1)
    error = refused(world, NotHere, return_vehicle, jimin, rental=ride.id, location=place)
    assert "goes on" in error.message.en
    assert world.do(current_rental, jimin) == ride
    world.do(return_vehicle, jimin, rental=ride.id, location=STREET)


def test_a_refused_return_names_the_nearest_place_and_leads_there(world, jimin):
    ride = world.do(rent, jimin, vehicle="C0001")
    world.wait(minutes=1)
    error = refused(world, NotHere, return_vehicle, jimin, rental=ride.id, location=LAWN)
    nearest = error.detail["nearest"][0]
    assert 0 < nearest.distance_m < 200
    refused(world, NotHere, return_vehicle, jimin, rental=ride.id, location=LAWN, led_m=1.0)
    done = world.do(return_vehicle, jimin, rental=ride.id, location=LAWN, led_m=300.0)
    assert done.destination == nearest.location
    assert world.vehicle(ride.vehicle).location == nearest.location


def test_too_many_at_one_spot_block_the_way(world, jimin):
    for vehicle in world.vehicles()[1:5]:
        world.put(vehicle, location=STREET, station=None)
    ride = world.do(rent, jimin, vehicle=world.vehicles()[0].plate)
    world.wait(minutes=1)
    refused(world, NotHere, return_vehicle, jimin, rental=ride.id, location=STREET)
    aside = world.do(find_parking, jimin, lon=STREET.lon, lat=STREET.lat)[0]
    assert 10.0 < aside.distance_m <= 30.0
    world.do(return_vehicle, jimin, rental=ride.id, location=aside.location)


def test_a_full_station_sends_riders_on(world, jimin):
    station = world.desk().hub.find(Station)[4]
    full = [v for v in world.vehicles() if v.plate != "C0001"]
    for vehicle in full:
        world.put(vehicle, location=station.location, station=station.id)
    world.put(station, capacity=len(full))
    ride = world.do(rent, jimin, vehicle="C0001")
    world.wait(minutes=1)
    refused(world, NotHere, return_vehicle, jimin, rental=ride.id, location=station.location)


def test_others_rentals_are_nobodys_business(world, jimin):
    other = world.person("other")
    ride = world.do(rent, jimin, vehicle="C0001")
    refused(world, Refused, return_vehicle, other, rental=ride.id, location=STREET)
    refused(world, Refused, get_rental, other, rental=ride.id)
    refused(world, Refused, cancel, other, rental=ride.id)
    assert world.do(get_rental, OPERATOR, rental=ride.id) == ride


def test_cancelling(world, jimin):
    kept = world.do(reserve, jimin, vehicle="C0001")
    world.do(cancel, jimin, rental=kept.id)
    assert world.vehicle(kept.vehicle).state == "free"
    assert world.rental(kept.id).state == "cancelled"
    refused(world, RideOver, return_vehicle, jimin, rental=kept.id, location=STREET)
    ride = world.do(rent, jimin, vehicle="C0001")
    refused(world, Conflict, cancel, jimin, rental=ride.id)


def test_a_reservation_cannot_be_returned(world, jimin):
    kept = world.do(reserve, jimin, vehicle="C0001")
    refused(world, Conflict, return_vehicle, jimin, rental=kept.id, location=STREET)


def test_strangers_and_the_signed_out_are_refused(world):
    stranger = Caller("urn:ngsi-ld:Person:stranger", Role.RESIDENT)
    refused(world, MayNotRide, rent, stranger, vehicle="C0001")
    nobody = Caller("anonymous", Role.ANONYMOUS)
    refused(world, SignInNeeded, rent, nobody, vehicle="C0001")
    assert world.do(find_vehicles, nobody, lon=STREET.lon, lat=STREET.lat, within_m=2000)


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        (rent, {"vehicle": 7}),
        (rent, {"vehicle": "C0001", "for": "somebody"}),
        (find_vehicles, {"lon": 200.0, "lat": 36.0}),
        (find_vehicles, {"lon": 127.0, "lat": 36.0, "within_m": 1e9}),
        (find_vehicles, {"lon": 127.0, "lat": 36.0, "kind": "flying"}),
        (return_vehicle, {"rental": "x", "location": STREET, "distance_m": -1.0}),
        (report_problem, {"vehicle": "C0001", "problem": "damaged", "note": "x" * 501}),
    ],
)
def test_wrong_words_are_refused(world, jimin, action, arguments):
    refused(world, Invalid, action, jimin, **arguments)


@pytest.mark.parametrize("name", ["C9999", "", "urn:ngsi-ld:Person:jimin", "null\x00"])
def test_unknown_vehicles_and_rentals_are_refused(world, jimin, name):
    refused(world, NotFound, rent, jimin, vehicle=name)
    refused(world, NotFound, return_vehicle, jimin, rental=name, location=STREET)


def test_damage_stops_a_vehicle_and_does_not_hold_its_rider(world, jimin):
    ride = world.do(rent, jimin, vehicle="C0001")
    world.do(report_problem, jimin, vehicle="C0001", problem="damaged", note="brake")
    world.wait(minutes=1)
    world.do(return_vehicle, jimin, rental=ride.id, location=STREET)
    parked = world.vehicle(ride.vehicle)
    assert (parked.state, parked.fault, parked.wants_visit) == ("out_of_service", "brake", True)
    refused(world, VehicleTaken, rent, jimin, vehicle="C0001")
    world.do(report_problem, jimin, vehicle="C0002", problem="damaged")
    refused(world, VehicleTaken, rent, jimin, vehicle="C0002")
    world.do(report_problem, jimin, vehicle="C0003", problem="blocks_the_way")
    assert world.vehicles(plate="C0003")[0].state == "free"


def test_a_reserved_vehicle_that_breaks_is_rented_to_nobody(world, jimin):
    kept = world.do(reserve, jimin, vehicle="C0001")
    world.do(report_problem, jimin, vehicle="C0001", problem="damaged", note="tyre")
    refused(world, VehicleTaken, rent, jimin, vehicle="C0001")
    world.do(cancel, jimin, rental=kept.id)
    assert world.vehicle(kept.vehicle).state == "out_of_service"


def test_nobody_is_told_where_a_ridden_vehicle_is(world, jimin):
    ride = world.do(rent, jimin, vehicle="C0001")
    everywhere = {"lon": STREET.lon, "lat": STREET.lat, "within_m": 2000.0, "limit": 100}
    shown = world.do(find_vehicles, jimin, **everywhere)
    assert world.vehicle(ride.vehicle).public_id not in {v.vehicle for v in shown}
    assert len(shown) == 5
    assert distance_m(at(0, 0), ride.origin) < 1000


def test_a_pause_refuses_only_its_kind(world, jimin):
    world.rain(12.0)
    refused(world, Paused, rent, jimin, vehicle="M0004")
    world.do(rent, jimin, vehicle="C0001")

"""What ends by itself: reservations, rides without end, clocks that jump, heavy weather."""

import pytest

from hapgang.core.errors import Conflict, Refused
from hapgang.core.vocabulary.people import Message
from hapgang.runtime.platform.people import forget_me
from hapgang.services.mobility.sharing.actions import (
    RideOver,
    list_reviews,
    put_back,
    rent,
    report_telemetry,
    reserve,
    return_vehicle,
    settle_review,
    take_out,
)
from hapgang.services.mobility.sharing.model import SERVICE
from tests.services.mobility.sharing.world import BEYOND, OPERATOR, STREET, at, device, refused


def test_a_reservation_lapses_and_its_holder_is_told(world):
    jimin = world.person("jimin")
    kept = world.do(reserve, jimin, vehicle="C0001")
    world.wait(minutes=9)
    assert world.vehicle(kept.vehicle).state == "reserved"
    world.wait(minutes=2)
    assert world.vehicle(kept.vehicle).state == "free"
    assert world.rental(kept.id).state == "lapsed"
    assert world.free_won(jimin) == 50_000
    inbox = world.runtime.state.with_value("Message", "person", jimin.id)
    titles = [r.view.title.en for r in inbox if isinstance(r.view, Message)]
    assert titles == ["Your reservation has ended"]


def test_ending_terms_looks_into_nobody_elses_records(world):
    """Every minute the clock looks for what ends; only then is somebody's rental read."""
    jimin, minsu = world.person("jimin"), world.person("minsu")
    world.do(reserve, jimin, vehicle="C0001")
    world.do(rent, minsu, vehicle="C0002")
    world.wait(minutes=15)
    seen = {read.person for unit in world.units for read in unit.reads}
    assert seen == {jimin.id}


def test_a_ride_without_end_is_ended_and_doubted(world):
    jimin = world.person("jimin")
    ride = world.do(rent, jimin, vehicle="C0001")
    world.wait(minutes=121)
    ended = world.rental(ride.id)
    assert (ended.state, ended.fare_won) == ("overdue", 6_120)
    vehicle = world.vehicle(ride.vehicle)
    assert (vehicle.state, vehicle.location) == ("missing", ride.origin)
    assert world.held_won() == 0
    review = world.do(list_reviews, OPERATOR)[0]
    assert review.rental == ride.id
    # the rider turns up with the vehicle after all: it is found, and nothing is paid again
    world.do(return_vehicle, jimin, rental=ride.id, location=STREET)
    assert world.vehicle(ride.vehicle).state == "free"
    assert world.free_won(jimin) == 50_000 - 6_120
    with pytest.raises(RideOver):
        world.do(return_vehicle, jimin, rental=ride.id, location=STREET)
    world.do(settle_review, OPERATOR, review=review.id, refund_won=5_000)
    assert world.free_won(jimin) == 50_000 - 1_120
    assert world.do(list_reviews, OPERATOR) == []


def test_a_forgotten_renter_does_not_stop_the_clock(world):
    """Their rental is gone; the vehicles are not, and other people's terms still end."""
    gone, other = world.person("gone"), world.person("other")
    ride = world.do(rent, gone, vehicle="C0001")
    world.do(forget_me, gone)
    kept = world.do(reserve, other, vehicle="C0002")
    world.wait(minutes=121)
    assert world.rental(kept.id).state == "lapsed"
    lost = world.vehicle(ride.vehicle)
    assert (lost.state, lost.location) == ("missing", None)
    with pytest.raises(Conflict, match="Nobody knows where"):
        world.do(put_back, OPERATOR, vehicle="C0001")
    world.do(report_telemetry, device("C0001"), vehicle="C0001", location=STREET, battery_pct=70.0)
    assert world.do(put_back, OPERATOR, vehicle="C0001").state == "free"


def test_a_clock_that_jumps_is_capped_and_flagged(world):
    """The clock leaps five hours between two looks at it; the ride took minutes."""
    jimin = world.person("jimin")
    ride = world.do(rent, jimin, vehicle="C0001")
    world.clock.advance_by(5 * 3600.0)
    done = world.do(return_vehicle, jimin, rental=ride.id, location=STREET, distance_m=800.0)
    assert done.fare_won == 6_120  # never more than was held
    assert done.doubts == ("the ride took longer than a ride may take",)
    review = world.do(list_reviews, OPERATOR)[0]
    with pytest.raises(Conflict):
        world.do(settle_review, OPERATOR, review=review.id, refund_won=6_121)
    world.do(settle_review, OPERATOR, review=review.id, refund_won=5_500)
    assert world.free_won(jimin) == 50_000 - 620
    assert world.free_won(SERVICE) == 620


def test_an_odometer_that_lies_is_flagged(world):
    jimin = world.person("jimin")
    ride = world.do(rent, jimin, vehicle="C0001")
    world.wait(minutes=1)
    done = world.do(return_vehicle, jimin, rental=ride.id, location=STREET, distance_m=80_000.0)
    assert done.doubts == ("the vehicle cannot have gone so far in so short a time",)
    assert world.vehicle(ride.vehicle).battery_pct > 95.0


def test_two_wheels_stop_in_heavy_rain_and_snow_and_start_again(world):
    jimin = world.person("jimin")
    for wet in ((7.7, 0.0), (0.0, 0.6)):
        world.rain(*wet)
        with pytest.raises(Conflict, match="not rented out"):
            world.do(rent, jimin, vehicle="M0004")
        world.rain(1.0)
        ride = world.do(rent, jimin, vehicle="M0004")
        world.do(return_vehicle, jimin, rental=ride.id, location=STREET)


def test_heavier_rain_is_the_same_pause(world):
    world.rain(8.0)
    world.rain(30.0)
    assert world.runtime.state.types()["PersonalMobilityPause"] == 1
    world.rain(0.0)
    assert "PersonalMobilityPause" not in world.runtime.state.types()


def test_batteries_fill_at_stations_and_vehicles_come_back(world):
    plugged = world.put(world.vehicles(plate="C0001")[0], battery_pct=4.0, state="charging")
    street = world.put(
        world.vehicles(plate="C0002")[0], battery_pct=50.0, station=None, location=STREET
    )
    world.wait(hours=1)
    after = world.vehicle(plugged.id)
    assert after.battery_pct == pytest.approx(4.0 + 100 / 3)
    assert after.state == "free"
    assert world.vehicle(street.id).battery_pct == 50.0
    measured = [i for i in world.feed if i.kind == "columns" and i.name.endswith("Vehicle")]
    assert len(measured) == 4


def test_a_vehicle_reports_but_never_its_rider(world):
    jimin = world.person("jimin")
    world.put(world.vehicles(plate="C0001")[0], location=STREET, station=None)
    world.do(
        report_telemetry, device("C0001"), vehicle="C0001", location=at(1, 1), battery_pct=10.0
    )
    moved = world.vehicles(plate="C0001")[0]
    assert (moved.location, moved.state) == (at(1, 1), "empty")
    ride = world.do(rent, jimin, vehicle="C0002")
    world.do(report_telemetry, device("C0002"), vehicle="C0002", location=STREET, battery_pct=70.0)
    assert world.vehicle(ride.vehicle).location is None
    assert world.vehicle(ride.vehicle).battery_pct == 70.0
    world.put(world.vehicles(plate="C0003")[0], state="missing", station=None)
    world.do(report_telemetry, device("C0003"), vehicle="C0003", location=STREET, battery_pct=70.0)
    found = world.vehicles(plate="C0003")[0]
    assert (found.location, found.wants_visit) == (STREET, True)


def test_a_vehicle_speaks_for_itself_only(world):
    """Neither another vehicle nor a device of another kind says where it is and how charged."""
    told = {"vehicle": "C0001", "location": BEYOND, "battery_pct": 1.0}
    for stranger in (device("C0002"), device(world.vehicles(plate="C0001")[0].id), OPERATOR):
        refused(world, Refused, report_telemetry, stranger, **told)


def test_an_operator_sets_a_vehicle_aside_and_back(world):
    jimin = world.person("jimin")
    aside = world.do(take_out, OPERATOR, vehicle="C0001", reason="inspection")
    assert aside.state == "out_of_service"
    with pytest.raises(Conflict):
        world.do(rent, jimin, vehicle="C0001")
    world.wait(hours=1)  # crews leave it alone
    assert world.vehicle(aside.id) == aside
    assert world.do(put_back, OPERATOR, vehicle="C0001").state == "free"
    with pytest.raises(Conflict):
        world.do(put_back, OPERATOR, vehicle="C0001")
    world.do(rent, jimin, vehicle="C0001")
    with pytest.raises(Conflict):
        world.do(take_out, OPERATOR, vehicle="C0001", reason="now")


def test_the_fleet_is_counted(world):
    jimin = world.person("jimin")
    world.do(rent, jimin, vehicle="C0001")
    world.put(world.vehicles(plate="C0002")[0], state="empty")
    world.put(world.vehicles(plate="C0003")[0], state="missing")
    world.wait(minutes=15)
    assert world.events("PmFleetCounted") == [
        {"vehicles": 6, "free": 3, "in_use": 1, "out_of_charge": 1, "out_of_order": 1}
    ]

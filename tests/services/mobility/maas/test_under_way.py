"""Public transport now: where the timetable says it is, unless somebody saw it elsewhere."""

from datetime import timedelta

import numpy as np
import pytest
from google.transit import gtfs_realtime_pb2 as pb
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hapgang.contract import Caller, Role
from hapgang.core.geometry import Point, distance_m
from hapgang.core.vocabulary.transit import TransitVehicle
from hapgang.science.connection_scan import Connections
from hapgang.services.mobility.maas.actions import (
    list_delays,
    list_under_way,
    report_delay,
    take_gtfs_rt,
)
from hapgang.services.mobility.maas.actions.vehicles import _unseen
from hapgang.services.mobility.maas.method.under_way import under_way
from tests.services.mobility.maas.world import DEVICE, EIGHT, World

ANYBODY = Caller("urn:ngsi-ld:Visitor:nobody", Role.ANONYMOUS)

# Each run: when it begins, then how long it waits at a stop and rides to the next one.
RUNS = st.lists(
    st.tuples(
        st.integers(0, 500),
        st.lists(st.tuples(st.integers(0, 60), st.integers(0, 300)), min_size=1, max_size=5),
    ),
    max_size=6,
)


def hops_of(runs) -> list[tuple[int, int, int, int, int]]:
    """Return hops (departure, arrival, from, to, run); stops are numbered along each run."""
    hops = []
    for run, (begins_s, ways) in enumerate(runs):
        at_s = begins_s
        for stop, (waits_s, rides_s) in enumerate(ways):
            leaves_s = at_s + (waits_s if stop else 0)
            at_s = leaves_s + rides_s
            hops.append((leaves_s, at_s, 10 * run + stop, 10 * run + stop + 1, run))
    return sorted(hops, key=lambda hop: hop[0])


@given(RUNS, st.integers(-10, 2500))
def test_every_run_is_where_its_own_calls_say(runs, now_s):
    hops = hops_of(runs)
    columns = np.array(hops, dtype="i4").reshape(-1, 5).T
    departs, arrives, start, end, run = columns
    found = under_way(Connections(start, end, departs, arrives, run), len(runs), now_s)
    places = dict(zip(found.run.tolist(), zip(*found[1:], strict=True), strict=True))
    for number in range(len(runs)):
        own = [hop for hop in hops if hop[4] == number]
        if not own[0][0] <= now_s < own[-1][1]:
            assert number not in places, "before its first departure, or at its last stop"
            continue
        leaves_s, arrives_s, a, b, _ = [hop for hop in own if hop[0] <= now_s][-1]
        assert places[number][:2] == (a, b)
        done = min(1.0, (now_s - leaves_s) / max(1, arrives_s - leaves_s))
        assert places[number][2] == pytest.approx(done)


def test_in_the_morning_buses_are_under_way_and_at_night_none():
    world = World()
    now = world.do(list_under_way, ANYBODY)
    assert {"B0", "B4", "1001"} <= {one.line for one in now}
    assert all(one.seen_at is None for one in now)
    assert all(one.towards for one in now if one.line == "B0")
    world.clock.advance_to(EIGHT + timedelta(hours=19))
    assert world.do(list_under_way, ANYBODY) == []


def test_a_vehicle_moves_on_and_a_late_one_stays_behind():
    world = World()
    first = {one.trip: one for one in world.do(list_under_way, ANYBODY)}
    trip = next(trip for trip, one in first.items() if one.line == "1001")
    world.clock.advance_to(EIGHT + timedelta(minutes=2))
    moved = {one.trip: one for one in world.do(list_under_way, ANYBODY)}
    assert distance_m(first[trip].location, moved[trip].location) > 100
    world.do(report_delay, DEVICE, day="2026-09-16", trip=trip, delay_s=120)
    late = {one.trip: one for one in world.do(list_under_way, ANYBODY)}
    assert distance_m(first[trip].location, late[trip].location) < 1
    world.do(report_delay, DEVICE, day="2026-09-16", trip=trip, cancelled=True)
    assert len(world.do(list_delays, ANYBODY)) == 1
    assert trip not in {one.trip for one in world.do(list_under_way, ANYBODY)}


def seen(trip: str, lon: float, lat: float) -> bytes:
    message = pb.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.timestamp = int(EIGHT.timestamp())
    vehicle = message.entity.add(id="bus-7").vehicle
    vehicle.vehicle.id, vehicle.timestamp = "bus-7", int(EIGHT.timestamp())
    vehicle.trip.trip_id = trip
    vehicle.position.longitude, vehicle.position.latitude = lon, lat
    return message.SerializeToString()


def test_what_was_seen_counts_more_than_the_timetable():
    world = World()
    planned = world.do(list_under_way, ANYBODY)
    one = next(one for one in planned if one.line == "1001")
    world.do(take_gtfs_rt, DEVICE, body=seen(one.trip, 127.25, 36.5), source="bus")
    first, *others = world.do(list_under_way, ANYBODY)
    assert first.location.coordinates == (127.25, 36.5)
    assert (first.line, first.towards, first.seen_at) == ("1001", one.towards, EIGHT)
    assert others == [other for other in planned if other is not one]


def test_a_vehicle_of_no_known_trip_is_shown_beside_the_timetable():
    world = World()
    planned = world.do(list_under_way, ANYBODY)
    world.do(take_gtfs_rt, DEVICE, body=seen("another city's", 127.25, 36.5), source="bus")
    first, *others = world.do(list_under_way, ANYBODY)
    assert (first.line, first.towards) == ("", "")
    assert others == planned


def test_of_a_repeated_trip_the_run_near_the_vehicle_was_seen():
    world = World()
    one = world.do(list_under_way, ANYBODY)[0]
    far = replace(one, location=Point((one.location.lon + 0.01, one.location.lat)))
    vehicle = TransitVehicle(
        id="urn:ngsi-ld:TransitVehicle:bus-7", location=one.location, seen_at=EIGHT, source="bus",
        trip=one.trip,
    )  # fmt: skip
    assert _unseen([far, one], [vehicle]) == [far]
    assert _unseen([far, one], [vehicle, vehicle]) == []

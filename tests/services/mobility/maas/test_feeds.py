"""GTFS-Realtime in and out: what is told is in the next plan, and dirt harms nobody."""

import datetime as dt
import zipfile
from datetime import timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest
from google.transit import gtfs_realtime_pb2 as pb
from gtfs_rt_validator.api import Mode, Request, prepare_feed, resolve, validate

from hapgang.contract import Caller, Role
from hapgang.core.errors import Conflict, Invalid, Refused
from hapgang.core.text import Text
from hapgang.core.vocabulary.people import Message
from hapgang.runtime.perform import PLATFORM
from hapgang.services.mobility.maas.actions import (
    board,
    book,
    forget_stale,
    get_journey,
    list_alerts,
    list_delays,
    list_feeds,
    list_vehicles,
    report_delay,
    take_gtfs_rt,
    tell_alerts,
    tell_trip_updates,
)
from hapgang.services.mobility.maas.actions.feeds import StaleFeed
from hapgang.services.mobility.maas.method.ground import Late, ground_of
from hapgang.services.mobility.maas.model import Option, Run, RunDelay
from hapgang.twin.realtime import (
    Alert,
    Moment,
    StopTime,
    Subject,
    TripName,
    TripUpdate,
    read,
    write,
)
from hapgang.twin.scene import load_scene
from tests.services.mobility.maas.world import CITY, DEVICE, World, modes, outside

OPERATOR = Caller("urn:ngsi-ld:Staff:op", Role.OPERATOR)


@pytest.fixture(scope="module")
def today():
    return load_scene(CITY, "today")


@pytest.fixture
def world(today):
    made = World()
    made.runtime.scene = today
    return made


@pytest.fixture
def mina(world):
    return world.person("mina")


def by_bus(world, who, **words) -> Option:
    options = world.plan(who, "A01", outside(), ways="walk,bus", **words)
    return next(o for o in options if "bus" in modes(o))


def ride_of(option: Option) -> Run:
    return next(leg.ride for leg in option.legs if leg.ride is not None)


def name_of(ride: Run, relation: str = "SCHEDULED") -> TripName:
    return TripName(ride.trip, ride.route, ride.day.replace("-", ""), relation=relation)


def now(world) -> int:
    return int(world.clock.now().timestamp())


def take(world, *updates: TripUpdate, at: int | None = None, alerts=(), source="bus"):
    body = write(now(world) if at is None else at, updates, alerts)
    return world.do(take_gtfs_rt, DEVICE, body=body, source=source)


def late(ride: Run, delay_s: int, **words) -> TripUpdate:
    first = StopTime(None, ride.from_stop, Moment(delay_s), Moment(delay_s))
    return TripUpdate("a", name_of(ride), (first,), **words)


def test_a_delay_is_in_the_next_plan(world, mina):
    before = by_bus(world, mina)
    ride = ride_of(before)
    report = take(world, late(ride, 120))
    assert (report.late_runs, report.unused) == (1, 0)
    after = by_bus(world, mina)
    same = [leg for leg in after.legs if leg.ride == ride]
    if same:  # it is still the best one
        old = next(leg for leg in before.legs if leg.ride == ride)
        assert same[0].start_at == old.start_at + timedelta(seconds=120)
    assert after != before
    take(world)
    assert by_bus(world, mina) == before


def test_a_run_that_is_off_is_not_planned_and_comes_back(world, mina):
    before = by_bus(world, mina)
    ride = ride_of(before)
    take(world, TripUpdate("a", name_of(ride, "CANCELED")))
    assert ride not in [leg.ride for leg in by_bus(world, mina).legs]
    take(world, late(ride, 0))
    assert by_bus(world, mina) == before


def test_nobody_boards_where_a_vehicle_passes(world, mina):
    before = by_bus(world, mina)
    ride = ride_of(before)
    skipped = TripUpdate("a", name_of(ride), (StopTime(None, ride.from_stop, state="skipped"),))
    take(world, skipped)
    assert ride not in [leg.ride for leg in by_bus(world, mina).legs]


def test_a_stop_without_data_ends_what_is_known(world, mina):
    ride = ride_of(by_bus(world, mina))
    stops = (
        StopTime(1, "", Moment(600), Moment(600)),
        StopTime(2, "", state="unknown"),
    )
    take(world, TripUpdate("a", name_of(ride), stops))
    (delay,) = world.do(list_delays, mina)
    assert [(c.call, c.departure_s, c.state) for c in delay.calls] == [
        (0, 600, "told"), (1, 0, "unknown"),
    ]  # fmt: skip


def test_a_whole_message_takes_the_place_of_the_one_before(world, mina):
    later = world.clock.now() + timedelta(hours=2)
    one, two = ride_of(by_bus(world, mina)), ride_of(by_bus(world, mina, leave_at=later))
    take(world, late(one, 300))
    take(world, late(one, 300), source="other")
    assert len(world.do(list_delays, mina)) == 1
    take(world, late(two, 60), source="third")
    take(world, source="third")
    assert [d.trip for d in world.do(list_delays, mina)] == [one.trip]


def test_what_a_person_says_counts_more_than_a_feed(world, mina):
    ride = ride_of(by_bus(world, mina))
    world.do(report_delay, OPERATOR, day=ride.day, trip=ride.trip, cancelled=True)
    take(world, late(ride, 60))
    take(world)
    (delay,) = world.do(list_delays, mina)
    assert delay.cancelled
    world.do(report_delay, OPERATOR, day=ride.day, trip=ride.trip)
    take(world, late(ride, 60))
    (delay,) = world.do(list_delays, mina)
    assert (delay.cancelled, delay.delay_s, delay.source) == (False, 60, "bus")


def test_a_feed_that_falls_silent_does_not_keep_plans_late(world, mina):
    before = by_bus(world, mina, leave_at=world.clock.now() + timedelta(minutes=30))
    ride = ride_of(before)
    take(world, late(ride, 900))
    world.wait(minutes=4)
    assert world.do(list_delays, mina)
    world.wait(minutes=3)
    assert not world.do(list_delays, mina)
    assert by_bus(world, mina, leave_at=before.leave_at) == before


def test_what_is_off_stays_off_for_its_day(world, mina):
    ride = ride_of(by_bus(world, mina))
    take(world, TripUpdate("a", name_of(ride, "CANCELED")))
    world.wait(hours=1)
    assert len(world.do(list_delays, mina)) == 1
    world.wait(days=3)
    assert not world.do(list_delays, mina)


def test_old_messages_are_refused(world, mina):
    ride = ride_of(by_bus(world, mina))
    old = write(now(world) - 301, [late(ride, 60)])
    world.refused(StaleFeed, take_gtfs_rt, DEVICE, body=old, source="bus")
    report = take(world, late(ride, 60), at=now(world) - 120)
    assert report.lines == ("header: 120 s old",)
    older = write(now(world) - 121, [late(ride, 90)])
    world.refused(Conflict, take_gtfs_rt, DEVICE, body=older, source="bus")


def test_dirt_is_told_line_by_line_and_the_rest_is_taken(world, mina):
    ride = ride_of(by_bus(world, mina))
    name = name_of(ride)
    backwards = (StopTime(1, "", Moment(3_000), Moment(3_000)), StopTime(2, "", Moment(-60)))
    report = take(
        world,
        TripUpdate("nobody", TripName("nobody", "", "20260916"), backwards),
        TripUpdate("backwards", name, backwards),
        TripUpdate("yesteryear", name._replace(start_date="20250916"), backwards),
        TripUpdate("weekend", TripName("B0_weekend_0_001", "", "20260916")),
        TripUpdate("no date", name._replace(start_date="2026")),
        TripUpdate("extra", name._replace(relation="ADDED"), backwards),
        late(ride, 60),
        at=0,
    )
    assert (report.late_runs, report.unused) == (1, 7)
    assert [line.split(":")[0] for line in report.lines] == [
        "header", "nobody", "backwards", "yesteryear", "weekend", "no date", "extra",
    ]  # fmt: skip
    (feed,) = world.do(list_feeds, mina)
    assert feed.dirty == 7
    assert feed.problems


def test_rubbish_is_refused_and_strangers_too(world, mina):
    for body in (b"", b"\x00\xff" * 50, b"<html>"):
        world.refused(Invalid, take_gtfs_rt, DEVICE, body=body)
    world.refused(Refused, take_gtfs_rt, mina, body=write(now(world)))


def test_a_source_is_one_device_s(world, mina):
    ride = ride_of(by_bus(world, mina))
    take(world, late(ride, 60))
    body = write(now(world), [late(ride, 0)])
    another = Caller("urn:ngsi-ld:Device:another", Role.DEVICE)
    world.refused(Refused, take_gtfs_rt, another, body=body, source="bus")
    world.do(take_gtfs_rt, OPERATOR, body=body, source="bus")
    assert world.do(list_delays, mina) == []


def test_a_run_of_yesterday_is_late_after_midnight(today):
    ground = ground_of(today)
    day, next_day = dt.date(2026, 9, 16), dt.date(2026, 9, 17)
    tonight, runs = ground.live(next_day), ground.runs(next_day)
    over = [run for run in np.unique(tonight.service.connections.run) if runs.begins_s(run) < 0]
    assert over
    run = int(over[0])
    trip = str(today.timetable.trips.trip[runs.day.trip[run]])
    before = ground.runs(day).at(trip, 0)
    delay = RunDelay(id="urn:x:1", day=day.isoformat(), run=before, trip=trip, delay_s=300)
    live = ground.live(next_day, Late("late", (delay,)))
    hops, was = live.service.connections, tonight.service.connections
    late_s = hops.arrival_s[hops.run == run][-1] - was.arrival_s[was.run == run][-1]
    assert late_s == 300


def test_where_no_day_is_named_the_run_on_its_way_is_meant(world, mina):
    ride = ride_of(by_bus(world, mina))
    take(world, late(ride, 60)._replace(trip=TripName(ride.trip)))
    (delay,) = world.do(list_delays, mina)
    assert delay.day == ride.day


def with_change(world, who) -> tuple[Option, list[Run]]:
    for start in ("C05", "A01"):
        for end in ("outside_gongju", "outside_cheongju", "outside_seoul", "outside_jochiwon"):
            for option in world.plan(who, start, end, ways="walk,bus", prefer="fast"):
                rides = [leg.ride for leg in option.legs if leg.ride is not None]
                if len(rides) > 1:
                    return option, rides
    raise AssertionError("no plan has a change")


def test_who_booked_is_told_when_the_connection_is_missed(world, mina):
    option, rides = with_change(world, mina)
    journey = world.do(book, mina, option=option)
    take(world, late(rides[0], 20))
    assert world.do(get_journey, mina, journey=journey.id).state == "booked"
    take(world, late(rides[0], 3_000))
    failed = world.do(get_journey, mina, journey=journey.id)
    assert failed.state == "failed"
    assert "late" in failed.reason.en
    assert world.held_won() == 0


def test_who_booked_a_run_that_is_off_is_told_once(world, mina):
    option = by_bus(world, mina)
    journey = world.do(book, mina, option=option)
    for _ in range(2):
        take(world, TripUpdate("a", name_of(ride_of(option), "CANCELED")))
    failed = world.do(get_journey, mina, journey=journey.id)
    assert failed.state == "failed"
    assert failed.instead is not None
    told = [r.view for r in world.runtime.state.of_type("Message")]
    assert len(told) == 1
    world.refused(Conflict, board, mina, journey=journey.id)


def trouble(ride: Run, **words) -> Alert:
    about = (Subject(route=ride.route),)
    return Alert("snow", Text("Snow", "눈"), Text("Slow", "서행"), about=about, **words)


def test_trouble_is_on_the_plan_and_told_to_who_booked(world, mina):
    option = by_bus(world, mina)
    world.do(book, mina, option=option)
    take(world, alerts=[trouble(ride_of(option))])
    take(world, alerts=[trouble(ride_of(option))])
    assert by_bus(world, mina).alerts == (Text("Snow", "눈"),)
    told: list[Message] = [r.view for r in world.runtime.state.of_type("Message")]
    assert [message.title.en for message in told] == ["Snow"]
    (out,) = read(world.do(tell_alerts, mina)).alerts
    assert out.about == (Subject(route=ride_of(option).route),)
    take(world)
    assert by_bus(world, mina).alerts == ()


def test_trouble_that_is_over_or_elsewhere_is_not_told(world, mina):
    option = by_bus(world, mina)
    over = trouble(ride_of(option), periods=((1, now(world) - 60),))
    elsewhere = trouble(msgspec.structs.replace(ride_of(option), route="XX"))._replace(entity="b")
    take(world, alerts=[over, elsewhere])
    assert by_bus(world, mina).alerts == ()
    assert [one.title.en for one in world.do(list_alerts, mina)] == ["Snow"]
    world.do(forget_stale, PLATFORM)
    assert world.runtime.state.count("TransitAlert") == 1


def vehicle(world, name: str, seen_at: int) -> bytes:
    message = pb.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.timestamp = now(world)
    there = message.entity.add(id=name).vehicle
    there.vehicle.id, there.timestamp = name, seen_at
    there.position.longitude, there.position.latitude = 127.3, 36.5
    return message.SerializeToString()


def test_vehicles_are_shown_with_their_age_until_it_is_too_long(world, mina):
    ride = ride_of(by_bus(world, mina))
    take(world, late(ride, 60))
    world.do(take_gtfs_rt, DEVICE, body=vehicle(world, "bus 7/ä", now(world) - 30), source="bus")
    (seen,) = world.do(list_vehicles, mina)
    assert (world.clock.now() - seen.seen_at).total_seconds() == 30
    assert seen.location.coordinates == (127.3, 36.5)
    assert len(world.do(list_delays, mina)) == 1  # positions say nothing of delays
    world.do(take_gtfs_rt, DEVICE, body=vehicle(world, "8", now(world) - 700), source="gps")
    assert len(world.do(list_vehicles, mina)) == 1
    world.wait(minutes=11)
    assert world.do(list_vehicles, mina) == []


@pytest.fixture(scope="module")
def timetable(tmp_path_factory) -> Path:
    """The city's timetable as the file that the validator wants."""
    path = tmp_path_factory.mktemp("gtfs") / "gtfs.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for file in sorted((CITY / "transit").glob("*.txt")):
            packed.write(file, file.name)
    return path


def test_what_goes_out_is_valid_and_comes_in_again(world, mina, timetable, tmp_path):
    rides = [ride_of(by_bus(world, mina, prefer=p)) for p in ("fast", "few_changes")]
    rides += [ride_of(by_bus(world, mina, leave_at=world.clock.now() + timedelta(hours=2)))]
    stops = (
        StopTime(1, "", Moment(30), Moment(40)), StopTime(2, "", state="skipped"),
        StopTime(3, "", Moment(20), Moment(50)), StopTime(5, "", state="unknown"),
    )  # fmt: skip
    off = TripUpdate("b", name_of(rides[2], "CANCELED"))
    take(world, TripUpdate("a", name_of(rides[0]), stops), off)
    taken = [ride.trip for ride in rides]
    trips = world.runtime.scene.timetable.trips.trip
    other = next(trip for trip in trips if "weekday" in trip and trip not in taken)
    world.do(report_delay, OPERATOR, day=rides[0].day, trip=other, delay_s=90, from_call=2)
    body = world.do(tell_trip_updates, mina)
    found = read(body)
    assert len(found.updates) == 3
    assert found.at == now(world)
    (tmp_path / "trip-updates.pb").write_bytes(body)
    feed = prepare_feed(timetable, mode=Mode.MODERN)
    inputs = resolve(str(tmp_path / "trip-updates.pb"))
    result = validate(Request(mode=Mode.MODERN, gtfs=feed, inputs=inputs, at=world.clock.now()))
    assert result.error_ids() == ()
    before = {d.id: d.calls for d in world.do(list_delays, mina)}
    again = World()
    again.runtime.scene = world.runtime.scene
    report = again.do(take_gtfs_rt, DEVICE, body=body, source="again")
    assert report.unused == 0
    after = {d.id: d for d in again.do(list_delays, mina)}
    assert after.keys() == before.keys()
    first = next(d for d in after.values() if len(d.calls) > 2)
    assert first.calls == before[first.id]

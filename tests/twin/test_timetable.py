"""Timetables: calendars, nights, frequencies, even headways, and wrong files."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.twin.gtfs_read import read_timetable
from hapgang.twin.projection import Projection
from hapgang.twin.tables import SceneError
from hapgang.twin.timetable import Timetable
from tests.twin.paper_city import EPSG, gtfs

MONDAY = dt.date(2026, 11, 23)
HEADER = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"


def read(folder: Path, files: dict[str, str]) -> Timetable:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return read_timetable(folder, Projection(EPSG))


def begins(timetable: Timetable, day: dt.date, route: str) -> list[int]:
    """First departures of a route's runs of a day, s, sorted."""
    service = timetable.on(day)
    trips = timetable.trips
    row = timetable.routes.row_of[route]
    own = trips.route[service.trip] == row
    at = trips.departure_s[trips.first[service.trip]] + service.offset_s
    return sorted(int(one) for one in at[own] if 0 <= one < 86_400)


def test_connections_are_hops_in_order_of_departure(tmp_path: Path) -> None:
    day = read(tmp_path, gtfs()).on(MONDAY)
    hops = day.connections
    today = hops.departure_s < 86_400
    assert hops.departure_s[today].tolist() == [28800, 28980, 29220, 32400, 32580]
    assert hops.arrival_s[today].tolist() == [28920, 29100, 29400, 32520, 32700]
    assert hops.departure_stop[today].tolist() == [0, 1, 2, 0, 1]
    assert hops.arrival_stop[today].tolist() == [1, 2, 3, 1, 2]
    calls = day.timetable.trips.departure_s[day.call] + day.offset_s[hops.run]
    assert (calls == hops.departure_s).all()


def test_weekdays_periods_and_exceptions(tmp_path: Path) -> None:
    calendar = (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "D,1,0,0,0,0,0,0,20261101,20261130\n"
    )
    dates = "service_id,date,exception_type\nD,20261125,1\nD,20261123,2\nE,20261124,1\n"
    trips = "trip_id,route_id,service_id\na1,A,D\na2,A,E\nb1,B,D\n"
    timetable = read(tmp_path, gtfs(calendar=calendar, calendar_dates=dates, trips=trips))
    runs = {
        day: timetable.trips.trip[timetable.trips_on(dt.date(2026, 11, day))].tolist()
        for day in (16, 17, 23, 24, 25)
    }
    assert runs == {16: ["a1", "b1"], 17: [], 23: [], 24: ["a2"], 25: ["a1", "b1"]}


def test_a_feed_may_have_exceptions_only(tmp_path: Path) -> None:
    dates = "service_id,date,exception_type\nD,20261123,1\n"
    timetable = read(tmp_path, gtfs(calendar="", calendar_dates=dates))
    assert len(timetable.trips_on(MONDAY)) == 3
    assert timetable.like(dt.date(2030, 7, 1)) == MONDAY


def test_like_finds_the_fullest_same_weekday(tmp_path: Path) -> None:
    dates = "service_id,date,exception_type\nE,20261109,1\n"
    trips = "trip_id,route_id,service_id\na1,A,D\na2,A,E\nb1,B,D\n"
    timetable = read(tmp_path, gtfs(calendar_dates=dates, trips=trips))
    assert timetable.like(MONDAY) == MONDAY
    assert timetable.like(dt.date(2019, 4, 1)) == dt.date(2026, 11, 9)
    assert timetable.like(dt.date(2019, 4, 2)) == dt.date(2026, 1, 6)


def test_times_past_midnight_reach_into_the_next_day(tmp_path: Path) -> None:
    times = HEADER + (
        "a1,23:50:00,23:50:00,s0,1\na1,24:10:00,24:10:00,s1,2\na1,24:20:00,24:20:00,s2,3\n"
        "a2,08:00:00,08:00:00,s0,1\na2,08:10:00,08:10:00,s1,2\n"
        "b1,08:00:00,08:00:00,s0,1\nb1,08:10:00,08:10:00,s1,2\n"
    )
    hops = read(tmp_path, gtfs(stop_times=times)).on(MONDAY).connections
    assert hops.departure_s[0] == 10 * 60  # of Sunday's trip, its second hop
    assert hops.departure_s[-1] == 24 * 3600 + 10 * 60
    assert (hops.departure_s >= 0).all()


def test_frequencies_repeat_a_trip(tmp_path: Path) -> None:
    frequencies = (
        "trip_id,start_time,end_time,headway_secs\na1,06:00:00,07:00:00,1200\n"
        "a1,10:00:00,10:20:00,600\n"
    )
    timetable = read(tmp_path, gtfs(frequencies=frequencies))
    h = 3600
    expected = [6 * h, 6 * h + 1200, 6 * h + 2400, 9 * h, 10 * h, 10 * h + 600]
    assert begins(timetable, MONDAY, "A") == expected


def test_even_headways_keep_span_share_and_running_times(tmp_path: Path) -> None:
    # Two long trips and two short ones between 08:00 and 09:30: each pattern has half the trips.
    trips = "trip_id,route_id,service_id\na1,A,D\na2,A,D\na3,A,D\na4,A,D\nb1,B,D\n"
    times = (
        HEADER
        + "".join(
            f"{trip},{h}:00,{h}:00,s0,1\n{trip},{m}:00,{m}:00,s1,2\n"
            + (f"{trip},{m}:30,{m}:30,s2,3\n" if long else "")
            for trip, h, m, long in [
                ("a1", "08:00", "08:05", True),
                ("a2", "09:00", "09:09", True),
                ("a3", "08:30", "08:32", False),
                ("a4", "09:30", "09:32", False),
            ]
        )
        + "b1,08:00:00,08:00:00,s0,1\nb1,08:10:00,08:10:00,s1,2\n"
    )
    timetable = read(tmp_path, gtfs(trips=trips, stop_times=times)).every("A", 600)
    h = 3600
    long = list(range(8 * h, 9 * h + 1, 1200))
    short = list(range(8 * h + 1800, 9 * h + 1801, 1200))
    assert begins(timetable, MONDAY, "A") == sorted(long + short)
    assert begins(timetable, MONDAY, "B") == [8 * h]
    day = timetable.on(MONDAY)
    first = day.connections.departure_stop == 0
    rides = (day.connections.arrival_s - day.connections.departure_s)[first]
    assert set(rides[:3].tolist()) <= {300, 120, 600}
    last = (day.connections.departure_s == 9 * h) & first
    assert rides[last[first]].tolist() == [540]


@settings(max_examples=50, deadline=None)
@given(headway_min=st.integers(1, 120))
def test_shorter_headways_never_mean_fewer_runs(
    tmp_path_factory: pytest.TempPathFactory, headway_min: int
) -> None:
    timetable = read(tmp_path_factory.mktemp("transit"), gtfs())
    runs = [
        len(begins(timetable.every("A", 60.0 * minutes), MONDAY, "A"))
        for minutes in (headway_min, headway_min + 1)
    ]
    assert runs[0] >= runs[1] >= 1


@pytest.mark.parametrize(
    ("table", "old", "new", "said"),
    [
        ("stop_times", "08:02:00", "8h02", r"stop_times.txt, column “arrival_time”, row 3: “8h02”"),
        ("stop_times", "a1,08:05:00", "a9,08:05:00", r"“trip_id”, row 4: “a9” is not in trips.txt"),
        ("stop_times", ",s2,3", ",s9,3", r"“stop_id”, row 4: “s9” is not in stops.txt"),
        ("stop_times", "08:05:00,08:05:00", "08:01:00,08:01:00", r"“08:01:00” is before the stop"),
        ("stop_times", "08:02:00,08:03:00", "08:03:00,08:02:00", r"“08:02:00” is before the arr"),
        ("stop_times", "b1,08:10:00,08:10:00,s3,2\n", "", r"trips.txt.*“b1” calls at fewer than 2"),
        ("trips", "a2,A,D", "a1,A,D", r"trips.txt, column “trip_id”, row 3: “a1” stands there"),
        ("trips", "a2,A,D", "a2,Q,D", r"trips.txt, column “route_id”, row 3: “Q” is not in routes"),
        ("trips", "a2,A,D", "a2,A,Q", r"“service_id”, row 3: “Q” is not in calendar"),
        ("calendar", "20261231", "20261331", r"“end_date”, row 2: “20261331” is no date"),
        ("routes", "A,3", "A,bus", r"routes.txt, column “route_type”"),
        ("stops", "stop_id,", "stop,", r"stops.txt, column “stop_id”: is missing"),
    ],
)
def test_wrong_files_are_named_by_column_and_line(
    tmp_path: Path, table: str, old: str, new: str, said: str
) -> None:
    feed = gtfs()
    assert old in feed[f"{table}.txt"]
    feed[f"{table}.txt"] = feed[f"{table}.txt"].replace(old, new, 1)
    with pytest.raises(SceneError, match=said):
        read(tmp_path, feed)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SceneError, match=r"transit/stop_times.txt: is missing"):
        read(tmp_path, gtfs(stop_times=""))


def test_rows_may_stand_in_any_order(tmp_path: Path) -> None:
    feed = gtfs()
    header, *rows = feed["stop_times.txt"].splitlines(keepends=True)
    shuffled = {**feed, "stop_times.txt": header + "".join(reversed(rows))}
    one = read(tmp_path / "a", feed).on(MONDAY).connections
    two = read(tmp_path / "b", shuffled).on(MONDAY).connections
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))

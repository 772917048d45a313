"""What feeds call the runs of a day, and what they tell of their calls."""

import datetime as dt
from pathlib import Path

import pytest

from hapgang.twin.options import CallDelay
from hapgang.twin.realtime import Moment, StopTime, TripName
from hapgang.twin.runs import MOST_LATE_S, Runs, Unfit, date_of, seconds_of
from hapgang.twin.scene import load_scene

CITY = Path(__file__).resolve().parents[2] / "cities" / "sejong"
DAY = dt.date(2026, 9, 16)
MIDNIGHT = 1_789_484_400.0


@pytest.fixture(scope="module")
def runs() -> Runs:
    timetable = load_scene(CITY, "today").timetable
    assert timetable is not None
    return Runs(timetable.on(DAY))


@pytest.fixture(scope="module")
def evened() -> Runs:
    timetable = load_scene(CITY, "plan").timetable
    assert timetable is not None
    return Runs(timetable.on(DAY))


TRIP = "B0_weekday_0_001"


def test_a_trip_of_the_day_is_found_and_no_other_day_s(runs: Runs) -> None:
    run = runs.find(TripName(TRIP))
    trips = runs.day.timetable.trips
    assert trips.trip[runs.day.trip[run]] == TRIP
    assert runs.day.offset_s[run] == 0
    assert runs.find(TripName(TRIP, start_time="06:00:00")) == run
    assert runs.at(TRIP, 0) == run == runs.first(TRIP)
    for name in (
        TripName("nobody"), TripName(TRIP, start_time="06:01:00"), TripName(TRIP, start_time="6"),
        TripName("B0_weekend_0_001"),
    ):  # fmt: skip
        with pytest.raises(Unfit):
            runs.find(name)


def test_a_trip_that_is_repeated_needs_its_time(evened: Runs) -> None:
    row = evened.day.timetable.trips.row_of
    often = next(
        trip
        for trip in evened.day.timetable.trips.trip
        if len([run for run in evened._of_trip.get(row[trip], []) if evened.begins_s(run) >= 0]) > 2
        and evened.at(trip, 0) is None
    )
    with pytest.raises(Unfit, match="start_time"):
        evened.find(TripName(often))
    first = evened.first(often)
    at_s = evened.begins_s(first)
    clock = f"{at_s // 3600:02d}:{at_s // 60 % 60:02d}:{at_s % 60:02d}"
    assert evened.find(TripName(often, start_time=clock)) == first


def told(runs: Runs, *stops: StopTime) -> list[tuple[CallDelay, bool]]:
    return [tuple(call) for call in runs.calls(runs.first(TRIP), stops, MIDNIGHT)]


def test_delays_and_instants_mean_the_same(runs: Runs) -> None:
    trips = runs.day.timetable.trips
    begin = trips.first[trips.row_of[TRIP]]
    at = int(MIDNIGHT + trips.arrival_s[begin + 1] + 90)
    by_delay = told(runs, StopTime(2, "", Moment(90), Moment(80)))
    by_time = told(runs, StopTime(2, "", Moment(5, at), Moment(80)))
    assert by_delay == by_time == [((1, 90, 80, False), True)]


def test_stops_are_found_by_name_in_order(runs: Runs) -> None:
    trips, stops = runs.day.timetable.trips, runs.day.timetable.stops
    names = [stops.stop[row] for row in trips.stop[trips.calls(trips.row_of[TRIP])]]
    found = told(
        runs, StopTime(None, names[1], Moment(10)), StopTime(None, names[3], state="skipped"),
        StopTime(None, names[4], state="unknown"), StopTime(6, "", Moment(), Moment(30)),
    )  # fmt: skip
    late_s = found[0][0].departure_s
    assert found[0] == ((1, 10, late_s, False), True)
    assert found[1] == ((3, late_s, late_s, True), True)
    assert found[2] == ((4, 0, 0, False), False)
    assert found[3] == ((5, 30, 30, False), True)


@pytest.mark.parametrize(
    ("stops", "why"),
    [
        ([StopTime(2, "", Moment(0)), StopTime(2, "", Moment(0))], "E002"),
        ([StopTime(3, "", Moment(0)), StopTime(2, "", Moment(0))], "E002"),
        ([StopTime(None, "", Moment(0))], "E040"),
        ([StopTime(99, "", Moment(0))], "E051"),
        ([StopTime(None, "nowhere", Moment(0))], "E011"),
        ([StopTime(1, "daepyeong", Moment(0))], "E045"),
        ([StopTime(2, "daepyeong")], "E043"),
        ([StopTime(2, "", Moment(3_000)), StopTime(3, "", Moment(0))], "E022"),
        ([StopTime(2, "", Moment(60), Moment(0))], "E025"),
        ([StopTime(2, "", Moment(MOST_LATE_S + 1))], "wrong"),
        ([StopTime(2, "", Moment(None, 5))], "wrong"),
        ([StopTime(2, "", Moment(0), state="unscheduled")], "schedule"),
    ],
)
def test_what_contradicts_itself_is_told(runs: Runs, stops: list[StopTime], why: str) -> None:
    with pytest.raises(Unfit, match=why):
        told(runs, *stops)


def test_words_of_gtfs() -> None:
    assert seconds_of("25:01:02") == 90_062
    assert date_of("20260916") == DAY
    for text in ("2026-09-16", "20261399", ""):
        with pytest.raises(Unfit, match="E021"):
            date_of(text)

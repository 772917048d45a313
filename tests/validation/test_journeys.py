"""RAPTOR by hand, and beside Connection Scan on timetables drawn at random."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.science import journeys as own
from hapgang.science.connection_scan import NEVER, Service, Walks
from hapgang.twin.gtfs import Trips
from hapgang.twin.gtfs_read import read_timetable
from hapgang.twin.network import Network
from hapgang.twin.projection import Projection
from hapgang.twin.scene import load_scene
from hapgang.twin.timetable import ServiceDay, Timetable
from hapgang.twin.transit import Transit
from tests.science.test_connection_scan import Foot, walks_of
from tests.twin.paper_city import EPSG, both_ways, gtfs, shared_data, write_city
from validation import journeys
from validation.__main__ import page
from validation.raptor import earliest_arrivals_s, lines_of

MONDAY = dt.date(2026, 11, 23)
DAY_S = 86_400
STOPS = 4
Call = tuple[int, int, int]  # stop, arrival, departure


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Timetable:
    folder = tmp_path_factory.mktemp("feed")
    for name, text in gtfs().items():
        (folder / name).write_text(text, "utf-8")
    return read_timetable(folder, Projection(EPSG))


def day_of(paper: Timetable, trips: list[list[Call]]) -> ServiceDay:
    """Return the day of a timetable that has these trips only and runs them daily."""
    n = len(trips)
    columns = np.array([call for calls in trips for call in calls], "i4").reshape(-1, 3).T
    zeros, none = np.zeros(n, "i4"), np.full(n, None, dtype=object)
    first = np.cumsum([0, *map(len, trips)])
    stop, arrival_s, departure_s = (column.copy() for column in columns)
    made = Trips(
        trip=np.arange(n).astype(str).astype(object), route=zeros, service=zeros, headsign=none,
        direction=zeros, shape=none, first=first, stop=stop, arrival_s=arrival_s,
        departure_s=departure_s, sequence=np.arange(len(stop), dtype="i4"),
    )  # fmt: skip
    return replace(paper, trips=made).on(MONDAY)


def at(stop: int) -> Walks:
    return Walks(np.array([0, 1]), np.array([stop], "i4"), np.array([0], "i4"))


def by_rounds(
    day: ServiceDay, feet: list[Foot], change_s: int, start: int, leave_s: int
) -> np.ndarray:
    walks = walks_of(STOPS, feet)
    return earliest_arrivals_s(lines_of(day), walks, change_s, at(start), leave_s, 4)


@pytest.mark.slow
def test_a_ride_is_read_off_the_timetable(paper: Timetable) -> None:
    arrival_s = by_rounds(paper.on(MONDAY), [], 60, 0, 8 * 3600)
    assert arrival_s[0].tolist() == [NEVER] * STOPS
    assert arrival_s[1].tolist() == [NEVER, 28_920, 29_100, NEVER]
    assert arrival_s[2].tolist() == [NEVER, 28_920, 29_100, 29_400]


def test_a_run_that_overtakes_is_another_line(paper: Timetable) -> None:
    slow, late = [(0, 0, 0), (1, 500, 500)], [(0, 300, 300), (1, 700, 700)]
    day = day_of(paper, [slow, [(0, 100, 100), (1, 200, 200)], late])
    assert sorted(lines_of(day).runs.tolist()) == [2, 4]  # with those of the next morning
    assert by_rounds(day, [], 60, 0, 0)[1, 1] == 200
    assert by_rounds(day, [], 60, 0, 101)[1, 1] == 700


def test_a_change_needs_its_time_and_staying_aboard_none(paper: Timetable) -> None:
    through = [(0, 0, 0), (1, 100, 100), (2, 200, 200)]
    day = day_of(paper, [through, [(1, 160, 160), (3, 190, 190)]])
    assert by_rounds(day, [], 60, 0, 0)[2].tolist() == [NEVER, 100, 200, 190]
    assert by_rounds(day, [], 61, 0, 0)[2].tolist() == [NEVER, 100, 200, DAY_S + 190]


def test_an_earlier_run_is_caught_further_on(paper: Timetable) -> None:
    early = [(0, 0, 0), (1, 100, 100), (2, 200, 200)]
    late = [(0, 50, 50), (1, 150, 150), (2, 250, 250)]
    lines = lines_of(day_of(paper, [late, early]))
    for walk_s, arrive_s in [(100, 200), (101, 250)]:
        access = Walks(np.array([0, 2]), np.array([0, 1], "i4"), np.array([10, walk_s], "i4"))
        arrival_s = earliest_arrivals_s(lines, walks_of(STOPS, []), 60, access, 0, 1)
        assert arrival_s[1].tolist() == [NEVER, 150, arrive_s, NEVER]


def test_walks_do_not_chain(paper: Timetable) -> None:
    day = day_of(paper, [[(0, 0, 0), (1, 10, 10)], [(3, 500, 500), (0, 600, 600)]])
    assert by_rounds(day, [(1, 2, 5), (2, 3, 5)], 60, 0, 0)[2, 0] == NEVER
    assert by_rounds(day, [(1, 2, 5), (1, 3, 430)], 60, 0, 0)[2, 0] == 600
    assert by_rounds(day, [(1, 2, 5), (1, 3, 431)], 60, 0, 0)[2, 0] > 600


hops = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), min_size=5, max_size=5)
patterns = st.lists(
    st.lists(st.integers(0, STOPS - 1), min_size=2, max_size=5), min_size=3, max_size=3
)
drawn_trips = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from([0, DAY_S - 100]), st.integers(0, 200), hops),
    max_size=10,
)
drawn_feet = st.lists(
    st.tuples(st.integers(0, STOPS - 1), st.integers(0, STOPS - 1), st.integers(0, 60)), max_size=5
)


def trip_along(stops: list[int], begin_s: int, times: list[tuple[int, int]]) -> list[Call]:
    calls = []
    at_s = begin_s
    for stop, (ride_s, dwell_s) in zip(stops, times, strict=False):
        calls.append((stop, at_s + ride_s, at_s + ride_s + dwell_s))
        at_s += ride_s + dwell_s
    return calls


@pytest.mark.slow
@given(
    patterns, drawn_trips, drawn_feet, st.integers(1, 40), st.integers(0, STOPS - 1),
    st.sampled_from([0, DAY_S - 100]), st.integers(0, 200), st.sampled_from([1.0, 1.5, 1e6]),
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_raptor_and_connection_scan_agree(
    paper: Timetable,
    stops: list[list[int]],
    trips: list[tuple[int, int, int, list[tuple[int, int]]]],
    feet: list[Foot],
    change_s: int,
    start: int,
    from_s: int,
    after_s: int,
    patience: float,
) -> None:
    made = [trip_along(stops[which], base + more, times) for which, base, more, times in trips]
    day = day_of(paper, made)
    leave_s = from_s + after_s
    walks = walks_of(STOPS, [foot for foot in feet if foot[0] != foot[1]])
    expected_s = earliest_arrivals_s(lines_of(day), walks, change_s, at(start), leave_s, 4)
    service = Service(day.connections, walks, len(day.trip), change_s)
    labels = own.new_labels(service, 4)
    nowhere_s = np.full(STOPS, NEVER)
    own.scan(service, labels, at(start), nowhere_s, leave_s, 1.0)
    assert (expected_s == labels.arrival_s.T).all()
    door_s = np.array([0, NEVER, 30, NEVER], "i4")
    own.forget(labels)
    best_s = own.scan(service, labels, at(start), door_s, leave_s, patience)
    peer_s = np.minimum(expected_s[:, [0, 2]] + door_s[[0, 2]], NEVER).min(axis=1)
    assert best_s == peer_s[-1]
    found_s = np.minimum(labels.arrival_s[[0, 2]].T + door_s[[0, 2]], NEVER).min(axis=1)
    promised = peer_s <= leave_s + patience * (best_s - leave_s)
    assert (found_s[promised] == peer_s[promised]).all()


def test_doors_of_a_paper_city(tmp_path: Path) -> None:
    nodes = [(0, 0), (1000, 0), (2000, 0), (3000, 0)]
    streets = both_ways(*((f"s{i}", i, i + 1, {}) for i in range(3)))
    folder = write_city(tmp_path, nodes, streets, zones_m=nodes, transit=gtfs())
    scene = load_scene(folder)
    assert scene.timetable is not None
    transit = Transit.of(Network.of(scene), scene.timetable.on(MONDAY))
    doors = journeys.doors_of(transit, scene.zones.xy, 40, seed=1)
    leave_s = doors.leave_s - 4 * 3600  # from 7:30 to 11:00, where the paper's timetable runs
    answers = journeys.answered(transit, doors._replace(leave_s=leave_s))
    reached = answers.raptor_s < NEVER
    assert reached.any()
    assert not reached.all()
    assert (answers.scan_s == answers.raptor_s).all()
    assert not answers.stops_differ.any()
    assert not answers.hasty_differ.any()


def test_data_that_are_absent_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HAPGANG_DATA", str(tmp_path))
    found = journeys.cases()
    assert found == []
    assert str(tmp_path) in capsys.readouterr().err
    assert "the public data are absent" in page([("journeys", found)])


@pytest.mark.slow
def test_porto_alegre(monkeypatch: pytest.MonkeyPatch) -> None:
    if not (shared_data() / "multimodal-porto-alegre").is_dir():
        pytest.skip(f"Porto Alegre is not among the data in {shared_data()}")
    monkeypatch.setattr(journeys, "QUERIES", 300)
    found = journeys.cases()
    assert len(found) == 3 + journeys.RIDES
    assert [case for case in found if not case.passed] == []

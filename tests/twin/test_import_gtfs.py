"""Dirty timetables: every fault is told with its line, and what is left can be read."""

import csv
import datetime as dt
import json
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.twin.gtfs_read import read_timetable
from hapgang.twin.importers import gtfs_open
from hapgang.twin.importers.gtfs_clean import CleanFeed, clean_feed
from hapgang.twin.importers.gtfs_open import Feed
from hapgang.twin.importers.gtfs_write import write_feeds
from hapgang.twin.importers.report import ImportRefused, Journal
from hapgang.twin.importers.stop_times import clock
from hapgang.twin.projection import Projection, utm_epsg
from hapgang.twin.timetable import Timetable
from tests.twin.osm_paper import write_zip
from tests.twin.paper_city import EPSG, gtfs, lonlat, shared_data

TIMES = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
ONE_TRIP = "trip_id,route_id,service_id\na1,A,D\n"
Box = tuple[float, float, float, float]


def box() -> Box:
    lon, lat = lonlat([(-1000, -1000), (4000, 1000)])
    return lon[0], lat[0], lon[1], lat[1]


def cleaned(
    path: Path, near: Box | None = None, city: Path | None = None
) -> tuple[CleanFeed, Journal]:
    with closing(Journal(city or path.parent / "city")) as journal:
        return clean_feed(Feed(path, journal), near), journal


def told(journal: Journal) -> dict[str, tuple[str, int, str]]:
    """What was said: by reason, the file, how often, and where first."""
    return {p.reason: (p.file, p.count, p.first) for p in journal.problems()}


def timetable(feeds: list[CleanFeed], folder: Path) -> Timetable:
    write_feeds(folder, feeds, "Asia/Seoul")
    return read_timetable(folder, Projection(EPSG))


def calls(feed: CleanFeed, trip: str) -> list[tuple[str, str, str]]:
    return [(c.stop, clock(c.arrival_s or 0), clock(c.departure_s or 0)) for c in feed.calls[trip]]


def feed_of(tmp_path: Path, **tables: str) -> tuple[CleanFeed, Journal]:
    return cleaned(write_zip(tmp_path / "feed.zip", gtfs(**tables)), box())


def test_a_clean_feed_passes_without_a_word(tmp_path: Path) -> None:
    feed, journal = feed_of(tmp_path)
    assert not journal.problems()
    assert not (tmp_path / "city").exists()
    assert feed.counts() == {"stops": 4, "routes": 2, "trips": 3, "stop times": 8}
    assert feed.hours() == ("08:00:00", "09:00:00")
    read = timetable([feed], tmp_path / "transit")
    assert read.stops.stop.tolist() == ["s0", "s1", "s2", "s3"]


def test_a_stop_that_nobody_knows(tmp_path: Path) -> None:
    times = gtfs()["stop_times.txt"].replace("08:03:00,s1", "08:03:00,s77")
    feed, journal = feed_of(tmp_path, stop_times=times)
    assert told(journal) == {
        "its stop is not in stops.txt, or was left out": ("feed/stop_times.txt", 1, "line 3")
    }
    assert [stop for stop, _, _ in calls(feed, "a1")] == ["s0", "s2"]
    text = (tmp_path / "city/quarantine/feed-stop_times.txt.csv").read_text("utf-8")
    rows = list(csv.reader(text.splitlines()))
    assert rows[0] == ["line", "reason", "done", "raw"]
    assert rows[1][:3] == ["3", "its stop is not in stops.txt, or was left out", "left out"]
    assert json.loads(rows[1][3])["stop_id"] == "s77"


@pytest.mark.parametrize("bad", ["25:61:00", "08:60:00", "8.02", "-1:00:00", "999:00:00", "soon"])
def test_a_time_that_is_none_is_interpolated(tmp_path: Path, bad: str) -> None:
    times = gtfs()["stop_times.txt"].replace("08:02:00,08:03:00", f"{bad},{bad}")
    feed, journal = feed_of(tmp_path, stop_times=times)
    assert told(journal) == {"its time is no time": ("feed/stop_times.txt", 2, "line 3")}
    assert calls(feed, "a1")[1] == ("s1", "08:02:30", "08:02:30")  # halfway


def test_empty_times_are_interpolated_by_distance_without_a_word(tmp_path: Path) -> None:
    times = TIMES + "a1,08:00:00,08:00:00,s0,1\na1,,,s1,2\na1,,,s2,3\na1,08:30:00,08:30:00,s3,4\n"
    feed, journal = feed_of(tmp_path, trips=ONE_TRIP, stop_times=times)
    assert [at for _, at, _ in calls(feed, "a1")] == [
        "08:00:00", "08:10:00", "08:20:00", "08:30:00",
    ]  # fmt: skip
    assert not journal.problems()


def test_times_that_decrease_are_outvoted(tmp_path: Path) -> None:
    times = TIMES + "".join(
        f"a1,{at},{at},s{i % 4},{i}\n"
        for i, at in enumerate(["08:00:00", "08:50:00", "08:04:00", "08:06:00", "08:08:00"])
    )
    feed, journal = feed_of(tmp_path, trips=ONE_TRIP, stop_times=times)
    assert told(journal) == {
        "its time is before the stop before it": ("feed/stop_times.txt", 1, "line 3")
    }
    assert [at for _, at, _ in calls(feed, "a1")] == [
        "08:00:00", "08:02:00", "08:04:00", "08:06:00", "08:08:00",
    ]  # fmt: skip


def test_midnight_is_passed(tmp_path: Path) -> None:
    times = TIMES + (
        "a1,23:50:00,23:55:00,s0,1\na1,00:05:00,00:06:00,s1,2\na1,00:15:00,00:15:00,s2,3\n"
    )
    feed, journal = feed_of(tmp_path, trips=ONE_TRIP, stop_times=times)
    assert [at for _, at, _ in calls(feed, "a1")] == ["23:50:00", "24:05:00", "24:15:00"]
    assert list(told(journal)) == ["its time begins again after midnight"]


def test_a_departure_before_the_arrival(tmp_path: Path) -> None:
    times = gtfs()["stop_times.txt"].replace("08:02:00,08:03:00", "08:03:00,08:02:00")
    feed, journal = feed_of(tmp_path, stop_times=times)
    assert calls(feed, "a1")[1] == ("s1", "08:03:00", "08:03:00")
    assert list(told(journal)) == ["it leaves before it arrives"]


def test_sequences_out_of_order_and_repeated(tmp_path: Path) -> None:
    times = TIMES + (
        "a1,08:05:00,08:05:00,s2,30\na1,08:00:00,08:00:00,s0,10\na1,08:02:00,08:02:00,s1,20\n"
        "a1,08:03:00,08:03:00,s3,20\na1,08:03:00,08:03:00,s3,x\n"
    )
    feed, journal = feed_of(tmp_path, trips=ONE_TRIP, stop_times=times)
    assert [stop for stop, _, _ in calls(feed, "a1")] == ["s0", "s1", "s2"]
    assert told(journal) == {
        "its stop_sequence is no number": ("feed/stop_times.txt", 1, "line 6"),
        "the stops of its trip are out of order": ("feed/stop_times.txt", 1, "line 3"),
        "its trip has this stop_sequence already": ("feed/stop_times.txt", 1, "line 5"),
    }


def test_stops_without_a_usable_place(tmp_path: Path) -> None:
    stops = gtfs()["stops.txt"] + (
        "far,Far,-36.0,-127.0\nnull,Null,0,0\nodd,Odd,north,east\nbig,Big,95,10\n"
        "s1,Again,36.5,127.3\n,Nameless,36.5,127.3\nnan,NaN,nan,127\n"
    )
    feed, journal = feed_of(tmp_path, stops=stops)
    assert list(feed.stops) == ["s0", "s1", "s2", "s3"]
    assert {reason: where for reason, (_, _, where) in told(journal).items()} == {
        "its place is 0, 0": "line 7",
        "its place is no number": "line 8",
        "its place is not on Earth": "line 9",
        "its stop_id is there already": "line 10",
        "it has no stop_id": "line 11",
        "it lies far from every street": "line 6",
    }


def test_trips_that_cannot_run(tmp_path: Path) -> None:
    trips = gtfs()["trips.txt"] + "t1,Q,D\nt2,A,Q\na1,A,D\nlonely,A,D\n"
    feed, journal = feed_of(tmp_path, trips=trips)
    assert list(feed.trips) == ["a1", "a2", "b1"]
    assert {reason: where for reason, (_, _, where) in told(journal).items()} == {
        "its route is not in routes.txt, or was left out": "line 5",
        "its service is in no calendar": "line 6",
        "its trip_id is there already": "line 7",
        "fewer than two of its stops are usable": "line 8",
    }
    assert len(timetable([feed], tmp_path / "transit").trips) == 3


def test_calendars_that_make_no_sense(tmp_path: Path) -> None:
    calendar = gtfs()["calendar.txt"] + (
        "E,1,1,1,1,1,1,1,20261301,20261231\nF,1,1,1,1,1,1,1,20261231,20260101\n"
        "G,1,1,1,1,1,yes,1,20260101,20261231\n"
    )
    dates = (
        "service_id,date,exception_type\nD,20260230,1\nD,20260228,3\nH,20260228,1\n,20260228,1\n"
    )
    feed, journal = feed_of(tmp_path, calendar=calendar, calendar_dates=dates)
    assert list(feed.calendar) == ["D"]
    assert [row["service_id"] for row in feed.others["calendar_dates.txt"]] == ["H"]
    assert [(p.file, p.reason, p.first) for p in journal.problems()] == [
        ("feed/calendar.txt", "its date is no date", "line 3"),
        ("feed/calendar.txt", "it ends before it begins", "line 4"),
        ("feed/calendar.txt", "a weekday is neither 0 nor 1", "line 5"),
        ("feed/calendar_dates.txt", "its date is no date", "line 2"),
        ("feed/calendar_dates.txt", "its exception_type is not 1 or 2", "line 3"),
        ("feed/calendar_dates.txt", "it has no service_id", "line 5"),
    ]
    timetable([feed], tmp_path / "transit")


def test_frequencies_and_transfers_that_make_no_sense(tmp_path: Path) -> None:
    frequencies = (
        "trip_id,start_time,end_time,headway_secs\na1,06:00:00,07:00:00,600\n"
        "zz,06:00:00,07:00:00,600\na1,07:00:00,06:00:00,600\na1,06:00:00,07:00:00,0\n"
        "a1,6h,07:00:00,600\n"
    )
    transfers = (
        "from_stop_id,to_stop_id,transfer_type,min_transfer_time\ns0,s1,2,60\ns0,s9,2,60\n"
        "s0,s2,2,soon\n"
    )
    feed, journal = feed_of(tmp_path, frequencies=frequencies, transfers=transfers)
    assert len(feed.others["frequencies.txt"]) == 1
    assert len(feed.others["transfers.txt"]) == 1
    assert sum(problem.count for problem in journal.problems()) == 6
    read = timetable([feed], tmp_path / "transit")
    assert len(read.frequencies.trip) == 1
    assert read.transfers.least_s.tolist() == [60]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8-sig", None),
        ("cp1252", "it is not UTF-8"),
        ("utf-16", "it is UTF-16, not UTF-8"),
    ],
)
def test_marks_and_foreign_encodings(tmp_path: Path, encoding: str, said: str | None) -> None:
    files: dict[str, str | bytes] = dict(gtfs())
    stops = gtfs()["stops.txt"].replace("Stop 2", "São João")
    files["stops.txt"] = stops.replace("\n", "\r\n").encode(encoding)
    feed, journal = cleaned(write_zip(tmp_path / "feed.zip", files), box())
    assert feed.stops["s2"]["stop_name"] == "São João"
    assert len(feed.stops) == 4
    assert list(told(journal)) == ([said] if said else [])


def test_headers_with_blanks_and_rows_of_other_lengths(tmp_path: Path) -> None:
    routes = " route_id , Route_Type \nA,3\nB,3,surplus\n\nC\n"
    feed, journal = feed_of(tmp_path, routes=routes)
    assert list(feed.routes) == ["A", "B"]
    assert {reason: where for reason, (_, _, where) in told(journal).items()} == {
        "it has more values than there are columns": "line 3",
        "its route_type is no number": "line 5",
    }


@pytest.mark.parametrize("missing", ["stops", "routes", "trips", "stop_times", "calendar"])
def test_a_feed_without_a_needed_file_is_refused(tmp_path: Path, missing: str) -> None:
    with pytest.raises(ImportRefused, match=rf"feed is no GTFS feed: it lacks {missing}.txt"):
        feed_of(tmp_path, **{missing: ""})


def test_a_table_without_a_needed_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"feed/stops.txt lacks the column.s. stop_lat; it has"):
        feed_of(tmp_path, stops=gtfs()["stops.txt"].replace("stop_lat", "latitude"))


def test_names_that_lead_out_of_the_archive_are_not_read(tmp_path: Path) -> None:
    evil = {
        "../stops.txt": "stop_id\n", "/etc/stops.txt": "stop_id\n", "C:\\stops.txt": "stop_id\n",
        "a/b/routes.txt": "route_id\n", "fares.txt": "x\n",
    }  # fmt: skip
    feed, journal = cleaned(write_zip(tmp_path / "feed.zip", {**evil, **gtfs()}), box())
    assert len(feed.stops) == 4
    assert told(journal)["its name leads out of the archive"][1] == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["city", "feed.zip"]


def test_a_feed_may_lie_in_a_folder_inside_or_outside_an_archive(tmp_path: Path) -> None:
    inside = {f"google_transit/{name}": text for name, text in gtfs().items()}
    feed, _ = cleaned(write_zip(tmp_path / "feed.zip", inside), box())
    assert len(feed.trips) == 3
    folder = tmp_path / "unpacked"
    folder.mkdir()
    for name, text in gtfs().items():
        (folder / name).write_text(text, "utf-8")
    feed, _ = cleaned(folder, box())
    assert len(feed.trips) == 3


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = write_zip(tmp_path / "bomb.zip", {**gtfs(), "shapes.txt": b"0" * 3_000_000})
    assert bomb.stat().st_size < 10_000
    with closing(Journal(tmp_path / "city")) as journal:
        with pytest.raises(ImportRefused, match=r"bomb/shapes.txt unpacks to more than 1,000,000"):
            Feed(bomb, journal, largest=1_000_000)
        monkeypatch.setattr(gtfs_open, "_LARGEST_FEED_BYTES", 2_000_000)
        with pytest.raises(ImportRefused, match=r"unpacks to too much"):
            Feed(bomb, journal)


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "feed.zip"
    whole = write_zip(tmp_path / "whole.zip", gtfs()).read_bytes()
    for content in (b"", b"rubbish", whole[: len(whole) // 2]):
        broken.write_bytes(content)
        with pytest.raises(ImportRefused, match=r"feed.zip cannot be read as a GTFS archive"):
            cleaned(broken)


def test_the_first_of_two_members_of_one_name_counts(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "feed.zip", gtfs())
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("stops.txt", "stop_id\n")
    feed, journal = cleaned(path, box())
    assert len(feed.stops) == 4
    assert list(told(journal)) == ["it is there twice"]


def test_several_feeds_get_their_names_in_front(tmp_path: Path) -> None:
    feeds = [
        cleaned(write_zip(tmp_path / f"{name}.zip", gtfs(feed_info=info)), box())[0]
        for name, info in {
            "bus": "feed_publisher_name,feed_publisher_url,feed_lang,feed_start_date,"
            "feed_end_date\nBus,,ko,20260101,20260630\n",
            "metro": "feed_publisher_name,feed_publisher_url,feed_lang,feed_start_date,"
            "feed_end_date\nMetro,,ko,20251201,20260101\n",
        }.items()
    ]
    read = timetable(feeds, tmp_path / "transit")
    assert len(read.trips) == 6
    assert read.trips.trip[0] == "bus:a1"
    assert read.stops.stop[4] == "metro:s0"
    text = (tmp_path / "transit/feed_info.txt").read_text("utf-8")
    info = list(csv.DictReader(text.splitlines()))
    assert len(info) == 1
    assert info[0]["feed_publisher_name"] == "Bus, Metro"
    assert (info[0]["feed_start_date"], info[0]["feed_end_date"]) == ("20251201", "20260630")


def test_a_feed_from_elsewhere_is_kept_whole_and_marked(tmp_path: Path) -> None:
    feed, journal = cleaned(write_zip(tmp_path / "feed.zip", gtfs()), (10.0, 50.0, 11.0, 51.0))
    assert feed.away
    assert feed.counts()["trips"] == 3
    assert not journal.problems()


_telling = ["", "a1", "s1", "08:00:00", "25:61:00", "-1", "1e9", "A"]
_rubbish = st.one_of(st.text(max_size=12), st.sampled_from(_telling))


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(_rubbish, max_size=7), max_size=12), st.sampled_from(
    ["stops.txt", "routes.txt", "trips.txt", "stop_times.txt", "calendar.txt", "frequencies.txt"]
))  # fmt: skip
def test_whatever_rows_are_added_the_result_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], table: str
) -> None:
    tmp_path = tmp_path_factory.mktemp("rubbish")
    files: dict[str, str | bytes] = dict(gtfs())
    base = files.get(table, "trip_id,start_time,end_time,headway_secs\n")
    text = (tmp_path / "rows.csv").open("w+", newline="", encoding="utf-8")
    with text:
        csv.writer(text).writerows(rows)
        text.seek(0)
        files[table] = (str(base) + text.read()).encode("utf-8")
    feed, _ = cleaned(write_zip(tmp_path / "feed.zip", files), box())
    read = timetable([feed], tmp_path / "transit")
    assert {"a1", "a2", "b1"} <= set(read.trips.trip)
    assert (read.trips.departure_s >= read.trips.arrival_s).all()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "stops", "trips", "times", "weekday"),
    [
        ("busan_metro_gtfs", 114, 3833, 109_140, dt.date(2026, 11, 24)),
        ("cairns_gtfs", 416, 1339, 37_790, dt.date(2014, 6, 17)),
        ("nyc_subway_gtfs", 273, 1990, 86_150, dt.date(2024, 12, 17)),
    ],
)
def test_real_feeds_are_read_whole(
    tmp_path: Path, name: str, stops: int, trips: int, times: int, weekday: dt.date
) -> None:
    feed, journal = cleaned(shared_data() / "gtfs" / f"{name}.zip", city=tmp_path / "city")
    counts = feed.counts()
    assert (counts["stops"], counts["trips"], counts["stop times"]) == (stops, trips, times)
    assert not journal.problems()
    write_feeds(tmp_path / "transit", [feed], "Etc/GMT")
    middle = utm_epsg(*_middle(feed))
    day = read_timetable(tmp_path / "transit", Projection(middle)).on(weekday)
    assert len(day.trip) > 300
    assert (day.connections.arrival_s >= day.connections.departure_s).all()


def _middle(feed: CleanFeed) -> tuple[float, float]:
    row = next(iter(feed.stops.values()))
    return float(row["stop_lon"]), float(row["stop_lat"])

"""Checks a GTFS feed row by row and keeps what can run; what cannot goes to the quarantine."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from hapgang.twin.gtfs_read import parse_day
from hapgang.twin.importers.elevation import Box
from hapgang.twin.importers.gtfs_open import Feed, Row
from hapgang.twin.importers.report import DirtyRow, ImportRefused
from hapgang.twin.importers.stop_times import Call, Place, clean_calls, clock, read_calls, seconds

FAR_DEG = 0.5  # a stop farther than some 50 km from the street map is a mistake
_NEEDED = ("stops.txt", "routes.txt", "trips.txt", "stop_times.txt")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Rows = dict[str, Row]


@dataclass(frozen=True)
class CleanFeed:
    """What is left of a feed: rows by id, the calls of each trip, and rows without ids."""

    name: str
    agencies: Rows
    stops: Rows
    routes: Rows
    trips: Rows
    calls: Mapping[str, Sequence[Call]]
    calendar: Rows
    others: Mapping[str, Sequence[Row]]  # table: rows
    away: bool  # whether none of it lies near the streets

    def hours(self) -> tuple[str, str]:
        """First and last departure of any trip."""
        begins = [calls[0].departure_s or 0 for calls in self.calls.values()]
        return clock(min(begins, default=0)), clock(max(begins, default=0))

    def counts(self) -> dict[str, int]:
        """How much there is."""
        return {
            "stops": len(self.stops),
            "routes": len(self.routes),
            "trips": len(self.trips),
            "stop times": sum(len(calls) for calls in self.calls.values()),
        }


def clean_feed(feed: Feed, box: Box | None = None) -> CleanFeed:
    """Check a feed; with a box (west, south, east, north), also whether its stops lie near it."""
    _check_complete(feed)
    stops, away = _stops(feed, box)
    routes = _kept(feed, "routes.txt", "route_id", ["route_id", "route_type"], _route)
    calendar = _kept(feed, "calendar.txt", "service_id", _CALENDAR, _service)
    dates = _good(feed, "calendar_dates.txt", _special_day)
    services = {*calendar, *(row["service_id"] for row in dates)}

    def check_trip(row: Row) -> None:
        if row["route_id"] not in routes:
            raise DirtyRow("its route is not in routes.txt, or was left out")
        if row["service_id"] not in services:
            raise DirtyRow("its service is in no calendar")

    trips = _kept(feed, "trips.txt", "trip_id", ["trip_id", "route_id", "service_id"], check_trip)
    calls = _calls(feed, trips, stops)
    trips = {trip: row for trip, row in trips.items() if trip in calls}
    return CleanFeed(
        name=feed.name,
        agencies=_kept(feed, "agency.txt", "agency_id", ["agency_name"], _fine, named=False),
        stops=stops,
        routes=routes,
        trips=trips,
        calls=calls,
        calendar=calendar,
        others={
            "calendar_dates.txt": dates,
            "frequencies.txt": _good(feed, "frequencies.txt", partial(_frequency, trips)),
            "transfers.txt": _good(feed, "transfers.txt", partial(_transfer, stops)),
            "shapes.txt": _shapes(feed, trips),
            "feed_info.txt": _good(feed, "feed_info.txt", _fine),
        },
        away=away,
    )


def _check_complete(feed: Feed) -> None:
    missing = [table for table in _NEEDED if table not in feed]
    if "calendar.txt" not in feed and "calendar_dates.txt" not in feed:
        missing.append("calendar.txt or calendar_dates.txt")
    if missing:
        raise ImportRefused(
            f"{feed.name} is no GTFS feed: it lacks {', '.join(missing)}",
            f"{feed.name}에 {', '.join(missing)} 파일이 없습니다",
        )


def _fine(_row: Row) -> None:
    """Nothing to check."""


def _kept(
    feed: Feed,
    table: str,
    key: str,
    needed: Sequence[str],
    check: Callable[[Row], None],
    *,
    named: bool = True,
) -> Rows:
    """Rows of a table by id: those without one, repeated ones and bad ones are left out."""
    kept: Rows = {}
    for row in feed.rows(table, needed):
        try:
            if not row[key] and named:
                raise DirtyRow(f"it has no {key}")
            if row[key] in kept:
                raise DirtyRow(f"its {key} is there already")
            check(row)
        except DirtyRow as dirt:
            feed.journal.row(feed.file(table), row.line, str(dirt), "left out", row.values)
        else:
            kept[row[key]] = row
    return kept


def _place(row: Row) -> Place:
    try:
        lon, lat = float(row["stop_lon"]), float(row["stop_lat"])
    except ValueError as error:
        raise DirtyRow("its place is no number") from error
    if not (math.isfinite(lon) and abs(lon) <= 180 and math.isfinite(lat) and abs(lat) <= 90):
        raise DirtyRow("its place is not on Earth")
    return lon, lat


def _stops(feed: Feed, box: Box | None) -> tuple[Rows, bool]:
    """Stops by id, without strays; and whether all of them lie far from the box."""

    def check(row: Row) -> None:
        lon, lat = _place(row)
        if lon == 0 and lat == 0:
            raise DirtyRow("its place is 0, 0")
        if row["location_type"] not in {"", "0", "1", "2", "3", "4"}:
            raise DirtyRow("its location_type is not known")

    stops = _kept(feed, "stops.txt", "stop_id", ["stop_id", "stop_lat", "stop_lon"], check)
    # Entrances, path nodes and boarding areas are not stops of vehicles.
    stops = {name: row for name, row in stops.items() if row["location_type"] in {"", "0", "1"}}
    far = {name for name, row in stops.items() if box is not None and _far(_place(row), box)}
    if len(far) == len(stops):
        return stops, bool(far)
    for name, row in stops.items():
        if name in far:
            reason = "it lies far from every street"
            feed.journal.row(feed.file("stops.txt"), row.line, reason, "left out", row.values)
    return {name: row for name, row in stops.items() if name not in far}, False


def _far(place: Place, box: Box) -> bool:
    west, south, east, north = box
    across = west - FAR_DEG <= place[0] <= east + FAR_DEG
    return not (across and south - FAR_DEG <= place[1] <= north + FAR_DEG)


def _route(row: Row) -> None:
    if not row["route_type"].isdecimal():
        raise DirtyRow("its route_type is no number")


_CALENDAR = ["service_id", *_DAYS, "start_date", "end_date"]


def _day(text: str) -> int:
    try:
        return parse_day(text).toordinal()
    except ValueError as error:
        raise DirtyRow("its date is no date") from error


def _service(row: Row) -> None:
    if any(row[day] not in {"0", "1"} for day in _DAYS):
        raise DirtyRow("a weekday is neither 0 nor 1")
    if _day(row["end_date"]) < _day(row["start_date"]):
        raise DirtyRow("it ends before it begins")


def _calls(feed: Feed, trips: Rows, stops: Rows) -> dict[str, list[Call]]:
    places = {name: _place(row) for name, row in stops.items()}
    calls: dict[str, list[Call]] = {}
    for trip, raw in read_calls(feed, trips, stops).items():
        clean = clean_calls(feed, raw, places)
        if clean:
            calls[trip] = clean
        else:
            row = trips[trip]
            reason = "fewer than two of its stops are usable"
            feed.journal.row(feed.file("trips.txt"), row.line, reason, "left out", row.values)
    return calls


def _good(feed: Feed, table: str, check: Callable[[Row], None]) -> list[Row]:
    """Rows of a table without ids that pass a check."""
    good: list[Row] = []
    for row in feed.rows(table, []):
        try:
            check(row)
        except DirtyRow as dirt:
            feed.journal.row(feed.file(table), row.line, str(dirt), "left out", row.values)
        else:
            good.append(row)
    return good


def _special_day(row: Row) -> None:
    _day(row["date"])
    if row["exception_type"] not in {"1", "2"}:
        raise DirtyRow("its exception_type is not 1 or 2")
    if not row["service_id"]:
        raise DirtyRow("it has no service_id")


def _frequency(trips: Rows, row: Row) -> None:
    if row["trip_id"] not in trips:
        raise DirtyRow("its trip is not in trips.txt, or was left out")
    start_s, end_s = seconds(row["start_time"]), seconds(row["end_time"])
    if start_s is None or end_s is None or end_s <= start_s:
        raise DirtyRow("it ends before it begins")
    if not row["headway_secs"].isdecimal() or int(row["headway_secs"]) < 1:
        raise DirtyRow("its headway is no number above 0")


def _transfer(stops: Rows, row: Row) -> None:
    if row["from_stop_id"] not in stops or row["to_stop_id"] not in stops:
        raise DirtyRow("a stop is not in stops.txt, or was left out")
    if row["min_transfer_time"] and not row["min_transfer_time"].isdecimal():
        raise DirtyRow("its min_transfer_time is no number")


def _shapes(feed: Feed, trips: Rows) -> list[Row]:
    """Points of the shapes that some trip uses."""
    used = {row["shape_id"] for row in trips.values()}

    def check(row: Row) -> None:
        _place(Row(0, {"stop_lon": row["shape_pt_lon"], "stop_lat": row["shape_pt_lat"]}))
        if not row["shape_pt_sequence"].isdecimal():
            raise DirtyRow("its shape_pt_sequence is no number")

    return [row for row in _good(feed, "shapes.txt", check) if row["shape_id"] in used]


def call_times(call: Call) -> tuple[str, str]:
    """Arrival and departure of a clean call as GTFS writes them."""
    return clock(call.arrival_s or 0), clock(call.departure_s or 0)

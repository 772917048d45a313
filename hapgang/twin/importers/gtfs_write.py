"""Writes clean feeds into a city's folder `transit/`, as one feed."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from hapgang.twin.importers.gtfs_clean import CleanFeed, call_times
from hapgang.twin.importers.gtfs_open import Row

_COLUMNS = {
    "agency.txt": ("agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang"),
    "stops.txt": (
        "stop_id", "stop_name", "stop_lat", "stop_lon", "location_type", "parent_station",
        "wheelchair_boarding",
    ),
    "routes.txt": (
        "route_id", "agency_id", "route_short_name", "route_long_name", "route_type",
        "route_color", "route_text_color",
    ),
    "trips.txt": (
        "trip_id", "route_id", "service_id", "trip_headsign", "direction_id", "shape_id",
        "wheelchair_accessible",
    ),
    "stop_times.txt": (
        "trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence",
    ),
    "calendar.txt": (
        "service_id", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
        "sunday", "start_date", "end_date",
    ),
    "calendar_dates.txt": ("service_id", "date", "exception_type"),
    "frequencies.txt": ("trip_id", "start_time", "end_time", "headway_secs", "exact_times"),
    "transfers.txt": ("from_stop_id", "to_stop_id", "transfer_type", "min_transfer_time"),
    "shapes.txt": ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"),
    "feed_info.txt": (
        "feed_publisher_name", "feed_publisher_url", "feed_lang", "feed_start_date",
        "feed_end_date", "feed_version",
    ),
}  # fmt: skip
# Names of things, which must not meet those of another feed.
_IDS = frozenset({
    "agency_id", "stop_id", "parent_station", "route_id", "trip_id", "service_id", "shape_id",
    "from_stop_id", "to_stop_id",
})  # fmt: skip
_ALWAYS = ("agency.txt", "stops.txt", "routes.txt", "trips.txt", "stop_times.txt", "calendar.txt")


def write_feeds(folder: Path, feeds: Sequence[CleanFeed], time_zone: str) -> None:
    """Write the feeds' tables; with several feeds every id gets its feed's name in front."""
    folder.mkdir(parents=True)
    for table, columns in _COLUMNS.items():
        rows = [row for feed in feeds for row in _rows(feed, table, time_zone, len(feeds) > 1)]
        if table == "feed_info.txt":
            rows = _one_publisher(rows)
        if not rows and table not in _ALWAYS:
            continue
        with (folder / table).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([row.get(column, "") for column in columns] for row in rows)


def _rows(feed: CleanFeed, table: str, time_zone: str, several: bool) -> Iterator[dict[str, str]]:
    prefix = f"{feed.name}:" if several else ""
    for row in _completed(feed, table, time_zone):
        yield {
            column: prefix + value if value and column in _IDS else value
            for column, value in row.items()
        }


def _completed(feed: CleanFeed, table: str, time_zone: str) -> Iterator[dict[str, str]]:
    """Rows with what GTFS wants and the feed may have left to be understood."""
    by_id = {
        "agency.txt": feed.agencies,
        "stops.txt": feed.stops,
        "routes.txt": feed.routes,
        "trips.txt": feed.trips,
        "calendar.txt": feed.calendar,
    }
    agency = next(iter(feed.agencies), "") or feed.name
    if table == "stop_times.txt":
        yield from _stop_times(feed)
        return
    if table == "agency.txt" and not feed.agencies:
        yield {"agency_id": agency, "agency_name": feed.name, "agency_timezone": time_zone}
    rows: Iterable[Row] = by_id[table].values() if table in by_id else feed.others.get(table, ())
    for row in rows:
        values = dict(row.values)
        if table == "agency.txt":
            values["agency_id"] = row["agency_id"] or agency
            values["agency_timezone"] = row["agency_timezone"] or time_zone
        elif table == "routes.txt" and row["agency_id"] not in feed.agencies:
            values["agency_id"] = agency
        elif table == "stops.txt" and row["parent_station"] not in feed.stops:
            values["parent_station"] = ""
        yield values


def _stop_times(feed: CleanFeed) -> Iterator[dict[str, str]]:
    for trip, calls in feed.calls.items():
        for call in calls:
            arrival, departure = call_times(call)
            yield {
                "trip_id": trip,
                "arrival_time": arrival,
                "departure_time": departure,
                "stop_id": call.stop,
                "stop_sequence": str(call.sequence),
            }


def _one_publisher(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """GTFS wants one row: names joined, the widest span of days."""
    if not rows:
        return []
    starts = [row["feed_start_date"] for row in rows if row.get("feed_start_date")]
    ends = [row["feed_end_date"] for row in rows if row.get("feed_end_date")]
    names = [row.get("feed_publisher_name", "") for row in rows]
    one = dict(rows[0])
    one["feed_publisher_name"] = ", ".join(name for name in names if name)
    one["feed_start_date"], one["feed_end_date"] = min(starts, default=""), max(ends, default="")
    return [one]

"""Reads the folder `transit/` of a city: GTFS that was checked on its way in, and is again."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from hapgang.twin.gtfs import Calendar, Frequencies, Ints, Routes, Stops, Texts, Transfers, Trips
from hapgang.twin.projection import Projection
from hapgang.twin.tables import SceneError
from hapgang.twin.timetable import Timetable

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def parse_day(text: str) -> dt.date:
    """Return the date that GTFS writes as 20261121; ValueError for anything else."""
    if len(text) != 8 or not text.isascii() or not text.isdigit():
        raise ValueError(text)
    return dt.date.fromisoformat(text)


class _Sheet:
    """One text file; every column is there, as text, empty where the file lacks it."""

    def __init__(self, folder: Path, name: str, needed: Sequence[str], also: Sequence[str] = ()):
        self.file = f"transit/{name}"
        path = folder / name
        if not path.is_file():
            raise SceneError.at(self.file, "is missing", "파일이 없습니다")
        columns = [*needed, *also]
        try:
            self.table = pacsv.read_csv(
                path,
                parse_options=pacsv.ParseOptions(newlines_in_values=True),
                convert_options=pacsv.ConvertOptions(
                    column_types=dict.fromkeys(columns, pa.string()),
                    include_columns=columns,
                    include_missing_columns=True,
                    strings_can_be_null=False,
                ),
            ).combine_chunks()
        except (pa.ArrowException, OSError) as error:
            raise SceneError.at(
                self.file, f"cannot be read ({error})", f"읽을 수 없습니다 ({error})"
            ) from error
        for column in needed:
            if self.table.num_rows and self.table[column].null_count == self.table.num_rows:
                raise SceneError.at(self.file, "is missing", "열이 없습니다", column=column)

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def text(self, column: str) -> Texts:
        values = pc.fill_null(self.table[column], "")
        return np.asarray(values.to_numpy(zero_copy_only=False), dtype=object)

    def wrong(self, column: str, bad: NDArray[np.bool_], en: str, ko: str) -> None:
        """Raise for the first bad row, which is counted as an editor counts lines."""
        if bad.any():
            row = int(np.argmax(bad))
            value = self.table[column][row].as_py()
            raise SceneError.at(
                self.file, f"“{value}” {en}", f"“{value}” {ko}", column=column, row=row + 2
            )

    def numbers(self, column: str, default: float = np.nan) -> NDArray[np.float64]:
        values = pc.utf8_trim_whitespace(pc.fill_null(self.table[column], ""))
        empty = np.asarray(pc.equal(values, ""))
        try:
            cast = pc.cast(pc.if_else(empty, None, values), pa.float64())
        except pa.ArrowInvalid as error:
            raise SceneError.at(self.file, f"{error}", "숫자가 아닙니다", column=column) from error
        numbers = np.where(empty, default, np.asarray(cast.to_numpy(zero_copy_only=False), "f8"))
        self.wrong(column, ~np.isfinite(numbers), "is not a number", "숫자가 아닙니다")
        return numbers

    def ints(self, column: str, default: int = 0) -> Ints:
        return self.numbers(column, default).astype(np.int32)

    def rows_in(self, column: str, ids: Texts, of: str, *, optional: bool = False) -> Ints:
        """Rows of the names in another file; -1 for empty ones where they may be."""
        rows = pc.index_in(
            pc.fill_null(self.table[column], ""), value_set=pa.array(ids, pa.string())
        )
        found = np.asarray(pc.fill_null(rows, -1), dtype=np.int32)
        unknown = found < 0
        if optional:
            unknown &= self.text(column) != ""
        self.wrong(column, unknown, f"is not in {of}", f"값이 {of}에 없습니다")
        return found

    def seconds(self, column: str) -> Ints:
        values = pc.utf8_trim_whitespace(pc.fill_null(self.table[column], ""))
        fits = np.asarray(pc.match_substring_regex(values, r"^\d{1,3}:[0-5]\d:[0-5]\d$"))
        self.wrong(column, ~fits, "is no time like 25:01:00", "시각 형식(25:01:00)이 아닙니다")
        if not len(self):
            return np.zeros(0, dtype=np.int32)
        parts = pc.list_flatten(pc.split_pattern(values, ":")).cast(pa.int32())
        hms = np.asarray(parts.to_numpy(zero_copy_only=False)).reshape(-1, 3)
        return np.asarray(hms @ np.array([3600, 60, 1]), dtype=np.int32)

    def days(self, column: str) -> Ints:
        """Ordinals of dates like 20261121."""
        ordinals = np.zeros(len(self), dtype=np.int32)
        cache: dict[str, int] = {}
        for row, value in enumerate(self.text(column)):
            if value not in cache:
                try:
                    cache[value] = parse_day(value).toordinal()
                except ValueError:
                    bad = np.arange(len(self)) == row
                    self.wrong(column, bad, "is no date like 20261121", "날짜 형식이 아닙니다")
            ordinals[row] = cache[value]
        return ordinals


def read_timetable(
    folder: Path, projection: Projection, left_out: frozenset[str] = frozenset()
) -> Timetable:
    """Read the GTFS files of a folder; `left_out` are routes that do not run for now."""
    stops = _stops(folder, projection)
    sheet = _Sheet(
        folder, "routes.txt", ["route_id", "route_type"],
        ["route_short_name", "route_long_name", "agency_id"],
    )  # fmt: skip
    routes = Routes(
        route=_unique(sheet, "route_id"),
        short_name=sheet.text("route_short_name"),
        long_name=sheet.text("route_long_name"),
        agency=sheet.text("agency_id"),
        type=sheet.ints("route_type"),
    )
    calendar = _calendar(folder)
    trips = _trips(folder, routes, calendar, stops)
    return Timetable(
        stops=stops,
        routes=routes,
        trips=trips,
        calendar=calendar,
        frequencies=_frequencies(folder, trips),
        transfers=_transfers(folder, stops),
        left_out=left_out & frozenset(routes.row_of),
    )


def _unique(sheet: _Sheet, column: str) -> Texts:
    ids = sheet.text(column)
    _, first = np.unique(ids.astype(str), return_index=True)
    again = np.ones(len(ids), dtype=np.bool_)
    again[first] = False
    sheet.wrong(column, again, "stands there twice", "값이 중복되었습니다")
    sheet.wrong(column, ids == "", "is empty", "값이 비어 있습니다")
    return ids


def _stops(folder: Path, projection: Projection) -> Stops:
    sheet = _Sheet(
        folder, "stops.txt", ["stop_id", "stop_lat", "stop_lon"], ["stop_name", "parent_station"]
    )
    ids = _unique(sheet, "stop_id")
    lon, lat = sheet.numbers("stop_lon"), sheet.numbers("stop_lat")
    sheet.wrong("stop_lon", np.abs(lon) > 180, "is no longitude", "경도가 아닙니다")
    sheet.wrong("stop_lat", np.abs(lat) > 90, "is no latitude", "위도가 아닙니다")
    return Stops(
        stop=ids,
        name=sheet.text("stop_name"),
        lon=lon,
        lat=lat,
        xy=projection.xy(lon, lat) if len(ids) else np.zeros((0, 2)),
        parent=sheet.rows_in("parent_station", ids, "stops.txt", optional=True),
    )


def _trips(folder: Path, routes: Routes, calendar: Calendar, stops: Stops) -> Trips:
    sheet = _Sheet(
        folder,
        "trips.txt",
        ["trip_id", "route_id", "service_id"],
        ["trip_headsign", "direction_id", "shape_id"],
    )
    ids = _unique(sheet, "trip_id")
    times = _Sheet(
        folder,
        "stop_times.txt",
        ["trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"],
    )
    trip = times.rows_in("trip_id", ids, "trips.txt")
    sequence = times.ints("stop_sequence")
    order = np.lexsort((sequence, trip))
    arrival_s, departure_s = times.seconds("arrival_time"), times.seconds("departure_time")
    _check_times(times, order, trip[order], arrival_s[order], departure_s[order])
    calls = np.bincount(trip, minlength=len(ids))
    sheet.wrong("trip_id", calls < 2, "calls at fewer than 2 stops", "정차가 2곳 미만입니다")
    return Trips(
        trip=ids,
        route=sheet.rows_in("route_id", routes.route, "routes.txt"),
        service=sheet.rows_in("service_id", calendar.service, "calendar.txt or calendar_dates.txt"),
        headsign=sheet.text("trip_headsign"),
        direction=sheet.ints("direction_id"),
        shape=sheet.text("shape_id"),
        first=np.concatenate(([0], np.cumsum(calls))).astype("i8"),
        stop=times.rows_in("stop_id", stops.stop, "stops.txt")[order],
        arrival_s=arrival_s[order],
        departure_s=departure_s[order],
        sequence=sequence[order],
    )


def _check_times(sheet: _Sheet, order: Any, trip: Ints, arrival_s: Ints, departure_s: Ints) -> None:
    bad = np.zeros(len(sheet), dtype=np.bool_)
    bad[order[departure_s < arrival_s]] = True
    sheet.wrong("departure_time", bad, "is before the arrival", "출발이 도착보다 빠릅니다")
    same = trip[1:] == trip[:-1]
    bad[order[1:][same & (arrival_s[1:] < departure_s[:-1])]] = True
    sheet.wrong("arrival_time", bad, "is before the stop before it", "앞 정류장 출발보다 빠릅니다")


def _calendar(folder: Path) -> Calendar:
    regular = folder / "calendar.txt"
    special = folder / "calendar_dates.txt"
    names: dict[str, int] = {}
    weekdays = np.zeros((0, 7), dtype=np.bool_)
    first_day = last_day = np.zeros(0, dtype=np.int32)
    if regular.is_file() or not special.is_file():
        sheet = _Sheet(folder, "calendar.txt", ["service_id", *_DAYS, "start_date", "end_date"])
        names = {name: row for row, name in enumerate(_unique(sheet, "service_id"))}
        weekdays = np.column_stack([sheet.ints(day) == 1 for day in _DAYS])
        first_day, last_day = sheet.days("start_date"), sheet.days("end_date")
    changes: tuple[dict[int, list[int]], dict[int, list[int]]] = ({}, {})
    if special.is_file():
        sheet = _Sheet(folder, "calendar_dates.txt", ["service_id", "date", "exception_type"])
        types = sheet.ints("exception_type")
        sheet.wrong(
            "exception_type", (types < 1) | (types > 2), "is not 1 or 2", "1 또는 2여야 합니다"
        )
        for name, day, type_ in zip(
            sheet.text("service_id"), sheet.days("date"), types, strict=True
        ):
            row = names.setdefault(name, len(names))
            changes[type_ - 1].setdefault(int(day), []).append(row)
    more = len(names) - len(weekdays)
    return Calendar(
        service=np.array(list(names), dtype=object),
        weekdays=np.vstack((weekdays, np.zeros((more, 7), dtype=np.bool_))),
        first_day=np.concatenate((first_day, np.zeros(more, dtype=np.int32))),
        last_day=np.concatenate((last_day, np.zeros(more, dtype=np.int32))),
        added=changes[0],
        removed=changes[1],
    )


def _frequencies(folder: Path, trips: Trips) -> Frequencies:
    none = np.zeros(0, dtype=np.int32)
    if not (folder / "frequencies.txt").is_file():
        return Frequencies(trip=none, start_s=none, end_s=none, headway_s=none)
    sheet = _Sheet(folder, "frequencies.txt", ["trip_id", "start_time", "end_time", "headway_secs"])
    headway_s = sheet.ints("headway_secs")
    sheet.wrong("headway_secs", headway_s < 1, "must be at least 1", "1 이상이어야 합니다")
    return Frequencies(
        trip=sheet.rows_in("trip_id", trips.trip, "trips.txt"),
        start_s=sheet.seconds("start_time"),
        end_s=sheet.seconds("end_time"),
        headway_s=headway_s,
    )


def _transfers(folder: Path, stops: Stops) -> Transfers:
    none = np.zeros(0, dtype=np.int32)
    if not (folder / "transfers.txt").is_file():
        return Transfers(from_stop=none, to_stop=none, least_s=none)
    sheet = _Sheet(
        folder,
        "transfers.txt",
        ["from_stop_id", "to_stop_id"],
        ["transfer_type", "min_transfer_time"],
    )
    type_ = sheet.ints("transfer_type")
    return Transfers(
        from_stop=sheet.rows_in("from_stop_id", stops.stop, "stops.txt"),
        to_stop=sheet.rows_in("to_stop_id", stops.stop, "stops.txt"),
        least_s=np.where(type_ == 3, -1, sheet.ints("min_transfer_time")).astype(np.int32),
    )

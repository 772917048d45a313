"""Puts the calls of a trip in order: times that make no sense, holes, and stops nobody knows."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from hapgang.core.geometry import degree_lengths_m
from hapgang.twin.importers.gtfs_open import Feed, Row
from hapgang.twin.importers.report import DirtyRow

_TIME = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)")
_DAY_S, _HALF_DAY_S = 86_400, 43_200
_LONGEST_S = 7 * _DAY_S

Place = tuple[float, float]  # longitude, latitude


class Call(NamedTuple):
    """One call of a trip; times are None where nothing usable is said."""

    sequence: int
    row: Row
    stop: str
    arrival_s: int | None
    departure_s: int | None


def seconds(text: str) -> int | None:
    """Return what a GTFS time says, s; None for an empty one; `DirtyRow` for nonsense."""
    if not text:
        return None
    time = _TIME.fullmatch(text)
    if time is None or int(time[1]) * 3600 > _LONGEST_S:
        raise DirtyRow("its time is no time")
    return int(time[1]) * 3600 + int(time[2]) * 60 + int(time[3])


def clock(at_s: int) -> str:
    """Write seconds as GTFS does."""
    return f"{at_s // 3600:02d}:{at_s // 60 % 60:02d}:{at_s % 60:02d}"


def read_calls(
    feed: Feed, trips: Mapping[str, Row], stops: Mapping[str, Row]
) -> dict[str, list[Call]]:
    """Read `stop_times.txt` into the calls of each trip, in the order of the file."""
    calls: dict[str, list[Call]] = {trip: [] for trip in trips}
    file = feed.file("stop_times.txt")
    for row in feed.rows("stop_times.txt", ["trip_id", "stop_id", "stop_sequence"]):
        reason = ""
        if row["trip_id"] not in trips:
            reason = "its trip is not in trips.txt, or was left out"
        elif row["stop_id"] not in stops:
            reason = "its stop is not in stops.txt, or was left out"
        elif not row["stop_sequence"].isdecimal():
            reason = "its stop_sequence is no number"
        if reason:
            feed.journal.row(file, row.line, reason, "left out", row.values)
            continue
        times: list[int | None] = []
        for column in ("arrival_time", "departure_time"):
            try:
                times.append(seconds(row[column]))
            except DirtyRow as dirt:
                done = "taken as empty, interpolated"
                feed.journal.row(file, row.line, str(dirt), done, row.values)
                times.append(None)
        call = Call(int(row["stop_sequence"]), row, row["stop_id"], times[0], times[1])
        calls[row["trip_id"]].append(call)
    return calls


def clean_calls(feed: Feed, calls: list[Call], stops: Mapping[str, Place]) -> list[Call]:
    """Return a trip's calls in order with all times, never decreasing; empty if nothing is left."""
    calls = _in_order(feed, calls)
    calls = [_filled(feed, call) for call in calls]
    calls = _past_midnight(feed, calls)
    calls = _consistent(feed, calls)
    timed = [i for i, call in enumerate(calls) if call.arrival_s is not None]
    if not timed:
        return []
    for call in (*calls[: timed[0]], *calls[timed[-1] + 1 :]):
        _note(feed, call, "no time is known on one side of it", "left out")
    calls = calls[timed[0] : timed[-1] + 1]
    return _interpolated(calls, stops) if len(calls) > 1 else []


def _note(feed: Feed, call: Call, reason: str, done: str) -> None:
    feed.journal.row(feed.file("stop_times.txt"), call.row.line, reason, done, call.row.values)


def _in_order(feed: Feed, calls: list[Call]) -> list[Call]:
    ordered = sorted(calls, key=lambda call: call.sequence)
    if ordered != calls:
        late = next(b for a, b in pairwise(calls) if b.sequence < a.sequence)
        _note(feed, late, "the stops of its trip are out of order", "the trip sorted")
    kept: list[Call] = []
    for call in ordered:
        if kept and kept[-1].sequence == call.sequence:
            _note(feed, call, "its trip has this stop_sequence already", "left out")
        else:
            kept.append(call)
    return kept


def _filled(feed: Feed, call: Call) -> Call:
    """With one time only, that one is both; a departure before the arrival is put right."""
    arrival_s = call.arrival_s if call.arrival_s is not None else call.departure_s
    departure_s = call.departure_s if call.departure_s is not None else call.arrival_s
    if arrival_s is not None and departure_s is not None and departure_s < arrival_s:
        if arrival_s - departure_s < _HALF_DAY_S:
            _note(feed, call, "it leaves before it arrives", "left at its arrival")
            departure_s = arrival_s
        else:
            departure_s += _DAY_S
    return call._replace(arrival_s=arrival_s, departure_s=departure_s)


def _past_midnight(feed: Feed, calls: list[Call]) -> list[Call]:
    """Times that begin again at 00:00 in the middle of a trip go on past 24:00."""
    times = [call.arrival_s for call in calls if call.arrival_s is not None]
    if not times or times[-1] >= times[0] - _HALF_DAY_S:
        return calls
    shift_s, last_s, out = 0, None, []
    for call in calls:
        if call.arrival_s is None or call.departure_s is None:
            out.append(call)
            continue
        if last_s is not None and call.arrival_s + shift_s < last_s - _HALF_DAY_S:
            _note(feed, call, "its time begins again after midnight", "24 hours added from here on")
            shift_s += _DAY_S
        arrival_s, departure_s = call.arrival_s + shift_s, call.departure_s + shift_s
        last_s = departure_s
        out.append(call._replace(arrival_s=arrival_s, departure_s=departure_s))
    return out


def _consistent(feed: Feed, calls: list[Call]) -> list[Call]:
    """Keep the most times that never decrease; the others become unknown."""
    timed = [i for i, call in enumerate(calls) if call.arrival_s is not None]
    if all(_after(calls[a], calls[b]) for a, b in pairwise(timed)):
        return calls
    best: list[int] = []  # arrivals at which the best chain of each length ends
    ends: list[int] = []  # and the calls where they do
    before: dict[int, int] = {}
    for i in timed:
        at = bisect_right(best, calls[i].arrival_s or 0)
        before[i] = ends[at - 1] if at else -1
        departure_s = calls[i].departure_s or 0
        if at == len(best) or departure_s < best[at]:
            best[at : at + 1], ends[at : at + 1] = [departure_s], [i]
    kept: set[int] = set()
    i = ends[-1]
    while i >= 0:
        kept.add(i)
        i = before[i]
    out = list(calls)
    for i in timed:
        if i not in kept:
            _note(feed, calls[i], "its time is before the stop before it", "interpolated")
            out[i] = calls[i]._replace(arrival_s=None, departure_s=None)
    return out


def _after(one: Call, two: Call) -> bool:
    return (two.arrival_s or 0) >= (one.departure_s or 0)


def _interpolated(calls: list[Call], stops: Mapping[str, Place]) -> list[Call]:
    """Fill unknown times between known ones by the way between stops, as the crow flies."""
    if all(call.arrival_s is not None for call in calls):
        return calls
    along_m = [0.0]
    for one, two in pairwise(calls):
        along_m.append(along_m[-1] + _metres(stops[one.stop], stops[two.stop]))
    known = [i for i, call in enumerate(calls) if call.arrival_s is not None]
    out = list(calls)
    for a, b in pairwise(known):
        way_m = along_m[b] - along_m[a]
        start_s, end_s = calls[a].departure_s or 0, calls[b].arrival_s or 0
        for i in range(a + 1, b):
            share = (along_m[i] - along_m[a]) / way_m if way_m > 0 else (i - a) / (b - a)
            at_s = start_s + round(share * (end_s - start_s))
            out[i] = calls[i]._replace(arrival_s=at_s, departure_s=at_s)
    return out


def _metres(a: Place, b: Place) -> float:
    lon_m, lat_m = degree_lengths_m((a[1] + b[1]) / 2)
    return float(np.hypot((a[0] - b[0]) * lon_m, (a[1] - b[1]) * lat_m))

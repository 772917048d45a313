"""Earliest arrivals by timetable in rounds, one ride a round: RAPTOR, the peer of our own router.

Written from the paper and made from the calls of the timetable, line by line: nothing here knows
the sorted connections that `hapgang.science.journeys` scans. Every change costs `change_s` and at
most one footpath; the first ride needs the walk to its stop only, and staying aboard is free.
Delays, full vehicles and fares are ignored. Times are seconds of the service day, at least 0.

Source: Delling, Pajor, Werneck 2015, "Round-Based Public Transit Routing", Transportation Science
49(3), doi 10.1287/trsc.2014.0534, section 3.1; of the improvements in section 3.2 only the marking
of stops is made. Checked: tests/validation/test_journeys.py, against timetables read by hand.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hapgang.science.compiled import compiled
from hapgang.science.connection_scan import NEVER, Walks
from hapgang.twin.timetable import ServiceDay

Ints = NDArray[np.int32]
Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Lines(NamedTuple):
    """Runs that call at the same stops, of which none overtakes another, line by line.

    Line i has runs[i] runs and calls at stop[first_call[i]:first_call[i + 1]]. Its runs arrive at
    and depart from its jth stop, in order, at the entries from first_time[i] + j * runs[i] on.
    """

    runs: Rows
    first_call: Rows
    stop: Ints
    first_time: Rows
    arrival_s: Ints
    departure_s: Ints


def lines_of(day: ServiceDay) -> Lines:
    """Sort the runs of a day into lines."""
    trips = day.timetable.trips
    alike: dict[bytes, list[Rows]] = {}
    for trip, offset_s in zip(day.trip.tolist(), day.offset_s.tolist(), strict=True):
        calls = trips.calls(trip)
        times = np.stack((trips.arrival_s[calls], trips.departure_s[calls])) + offset_s
        alike.setdefault(trips.stop[calls].tobytes(), []).append(times)
    stops, lines = [np.zeros(0, "i4")], [np.zeros((2, 0, 0), "i8")]
    for pattern, runs in alike.items():
        for line in in_order(runs):
            stops.append(np.frombuffer(pattern, "i4"))
            lines.append(np.stack(line, axis=-1))  # arrival and departure, calls, runs
    arrival_s, departure_s = np.hstack([line.reshape(2, -1) for line in lines]).astype("i4")
    return Lines(
        runs=np.array([line.shape[2] for line in lines[1:]], dtype="i8"),
        first_call=np.cumsum([line.shape[1] for line in lines], dtype="i8"),
        stop=np.concatenate(stops),
        first_time=np.cumsum([line[0].size for line in lines], dtype="i8"),
        arrival_s=arrival_s,
        departure_s=departure_s,
    )


def in_order(runs: list[Rows]) -> list[list[Rows]]:
    """Split runs, each (2, calls) s, into as few lines as come easily, without overtaking."""
    lines: list[list[Rows]] = []
    for run in sorted(runs, key=lambda times: times[::-1].T.ravel().tolist()):
        for line in lines:
            if (line[-1] <= run).all():
                line.append(run)
                break
        else:
            lines.append([run])
    return lines


@compiled
def earliest_arrivals_s(
    lines: Lines, feet: Walks, change_s: int, access: Walks, leave_s: int, rides: int
) -> Ints:
    """Earliest arrival of one traveller at every stop by at least one and at most so many rides.

    feet: walks from stops to stops, not chained. access: walks to stops from where the traveller
    is, row 0. change_s, leave_s: s. rides: the most there may be, n.
    Returns (n + 1, stops), s; NEVER where not reached. Source, check, limits: see the module.
    """
    stops = len(feet.first) - 1
    arrival_s = np.full((rides + 1, stops), NEVER, dtype=np.int32)
    ready_s = np.full(stops, NEVER, dtype=np.int32)
    marked = np.zeros(stops, dtype=np.bool_)
    for a in range(access.first[0], access.first[1]):
        _be_ready(ready_s, marked, access.stop[a], leave_s + access.walk_s[a])
    for n in range(1, rides + 1):
        arrival_s[n] = arrival_s[n - 1]
        for line in range(len(lines.runs)):
            _ride(lines, line, ready_s, marked, arrival_s[n])
        marked[:] = False
        for stop in range(stops):
            if arrival_s[n, stop] < arrival_s[n - 1, stop]:
                _change(feet, change_s, stop, arrival_s[n, stop], ready_s, marked)
    return arrival_s


@compiled
def _be_ready(ready_s: Ints, marked: Flags, stop: int, at_s: int) -> None:
    """Note when boarding at a stop becomes possible, and mark it if that is earlier than before."""
    if at_s < ready_s[stop]:
        ready_s[stop] = at_s
        marked[stop] = True


@compiled
def _change(feet: Walks, change_s: int, stop: int, at_s: int, ready_s: Ints, marked: Flags) -> None:
    """Get off, and be ready to board there or one walk away."""
    _be_ready(ready_s, marked, stop, at_s + change_s)
    for f in range(feet.first[stop], feet.first[stop + 1]):
        _be_ready(ready_s, marked, feet.stop[f], at_s + change_s + feet.walk_s[f])


@compiled
def _ride(lines: Lines, line: int, ready_s: Ints, marked: Flags, arrival_s: Ints) -> None:
    """Ride a line from its first marked stop on, always in the earliest run to be caught."""
    runs = lines.runs[line]
    aboard = runs  # none yet
    calls = lines.stop[lines.first_call[line] : lines.first_call[line + 1]]
    for j, stop in enumerate(calls):
        now = slice(lines.first_time[line] + j * runs, lines.first_time[line] + (j + 1) * runs)
        if aboard < runs:
            arrival_s[stop] = min(arrival_s[stop], lines.arrival_s[now][aboard])
        if marked[stop]:
            aboard = min(aboard, np.searchsorted(lines.departure_s[now], ready_s[stop]))

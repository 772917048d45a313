"""Journeys worth choosing between: for each number of rides the earliest arrival, live delays in.

`hapgang.twin.transit` knows stops and walks; this module asks `hapgang.science.journeys` for more
than one answer, with any way to the first stop and from the last: on foot, by bicycle, by car.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hapgang.science.connection_scan import NEVER, Connections, Walks
from hapgang.science.delays import Told, expected
from hapgang.science.journeys import Labels, forget, new_labels, scan
from hapgang.twin.transit import Journey, Leg, Transit

MOST_RIDES = 4
# How much longer than the quickest a journey with fewer changes may take to be looked for.
PATIENCE = 1.5


class CallDelay(NamedTuple):
    """How late a run comes to and leaves one of its calls, s, or that it passes it by."""

    call: int  # 0 is the first stop of the run
    arrival_s: int = 0
    departure_s: int = 0
    skipped: bool = False


@dataclass(frozen=True, kw_only=True)
class Delay:
    """What is known of one run: seconds late at one of its calls and after, or that it is off.

    `calls`, in order, tells each call by itself; between them delays are carried on.
    """

    run: int
    delay_s: int = 0
    from_call: int = 0  # 0 is the first stop of the run
    cancelled: bool = False
    calls: tuple[CallDelay, ...] = ()

    @property
    def told(self) -> tuple[CallDelay, ...]:
        """All that is told, call by call."""
        return self.calls or (CallDelay(self.from_call, self.delay_s, self.delay_s),)


def delayed(transit: Transit, delays: Iterable[Delay]) -> Transit:
    """Return the public transport of a day as it runs now; the walks stay as they are.

    Of several delays of one run the last counts.
    """
    known = {delay.run: delay for delay in delays}
    late = _hops(transit, [delay for delay in known.values() if not delay.cancelled])
    old, call = transit.service.connections, transit.day.call
    is_other = np.ones(len(transit.day.trip), dtype=np.bool_)
    is_other[list(known)] = False
    others = np.flatnonzero(is_other[old.run])
    place = np.searchsorted(old.departure_s[others], late.connections.departure_s, side="right")
    live = Connections(*(
        np.insert(column[others], place, new)
        for column, new in zip(old, late.connections, strict=True)
    ))  # fmt: skip
    live_call = np.insert(call[others], place, late.call)
    day = replace(transit.day, connections=live, call=live_call)
    return replace(transit, day=day, service=transit.service._replace(connections=live))


class _Hops(NamedTuple):
    connections: Connections
    call: NDArray[np.int64]


def _hops(transit: Transit, delays: list[Delay]) -> _Hops:
    """Return what late runs do from stop to stop, sorted by departure; skipped stops are passed."""
    trips = transit.day.timetable.trips
    runs = np.array([delay.run for delay in delays], dtype="i8")
    rows = transit.day.trip[runs]
    lengths = trips.first[rows + 1] - trips.first[rows]
    first = np.concatenate(([0], np.cumsum(lengths)))
    call = np.repeat(trips.first[rows] - first[:-1], lengths) + np.arange(first[-1])
    offset_s = np.repeat(transit.day.offset_s[runs], lengths)
    arrival_s = (trips.arrival_s[call] + offset_s).astype("i4")
    departure_s = (trips.departure_s[call] + offset_s).astype("i4")
    told, skipped = _told(delays)
    expected(first, arrival_s, departure_s, told)
    calls_at = np.ones(len(call), dtype=np.bool_)
    of = np.repeat(np.arange(len(delays)), np.diff(told.first))
    passed = skipped & (told.call < lengths[of])
    calls_at[first[of[passed]] + told.call[passed]] = False
    run = np.repeat(runs, lengths)
    kept = np.flatnonzero(calls_at)
    a, b = kept[:-1], kept[1:]
    rides = (run[a] == run[b]) & (departure_s[a] >= 0)
    a, b = a[rides], b[rides]
    order = np.argsort(departure_s[a], kind="stable")
    a, b = a[order], b[order]
    hops = Connections(
        trips.stop[call[a]], trips.stop[call[b]], departure_s[a], arrival_s[b],
        run[a].astype("i4"),
    )  # fmt: skip
    return _Hops(hops, call[a])


def _told(delays: list[Delay]) -> tuple[Told, NDArray[np.bool_]]:
    """Return what is told of runs as columns, and where a call is skipped."""
    told = [delay.told for delay in delays]
    first = np.concatenate(([0], np.cumsum([len(calls) for calls in told], dtype="i8")))
    rows = np.array([one for calls in told for one in calls], dtype="i4").reshape(-1, 4)
    call, arrival_s, departure_s, skipped = np.ascontiguousarray(rows.T)
    return Told(first.astype("i8"), call, arrival_s, departure_s), skipped != 0


class Router:
    """Asks one day's public transport for journeys; several threads may ask at a time.

    Working arrays are kept between questions, as many as ever were asked at once.
    """

    def __init__(self, transit: Transit) -> None:
        """Make nothing yet."""
        self.transit = transit
        self._desks: list[tuple[Labels, NDArray[np.int32]]] = []

    def _desk(self) -> tuple[Labels, NDArray[np.int32]]:
        """Return working arrays that nobody uses."""
        try:
            return self._desks.pop()
        except IndexError:
            stops = len(self.transit.service.feet.first) - 1
            egress_s = np.full(stops, NEVER, dtype=np.int32)
            return new_labels(self.transit.service, MOST_RIDES), egress_s

    def options(
        self, access: Walks, egress: Walks, leave_s: int, *, patience: float = PATIENCE
    ) -> list[Journey]:
        """Return journeys by number of rides, each with more rides arriving earlier.

        access, egress: ways from one door to stops and from stops to one door (row 0 of each), s.
        """
        labels, egress_s = desk = self._desk()
        forget(labels)
        egress_s[egress.stop] = egress.walk_s
        try:
            best_s = scan(self.transit.service, labels, access, egress_s, leave_s, patience)
            if best_s >= NEVER:
                return []
            return list(self._journeys(labels, access, egress, leave_s))
        finally:
            egress_s[egress.stop] = NEVER
            self._desks.append(desk)

    def _journeys(
        self, labels: Labels, access: Walks, egress: Walks, leave_s: int
    ) -> Iterable[Journey]:
        arrive_s = labels.arrival_s[egress.stop].astype("i8") + egress.walk_s[:, None]
        earliest_s = int(NEVER)
        for rides in range(1, labels.arrival_s.shape[1]):
            row = int(np.argmin(arrive_s[:, rides]))
            if arrive_s[row, rides] >= earliest_s:
                continue
            earliest_s = int(arrive_s[row, rides])
            legs = self._legs(labels, access, int(egress.stop[row]), rides, leave_s)
            last = Leg(
                kind="walk",
                start_s=legs[-1].end_s,
                end_s=earliest_s,
                from_stop=legs[-1].to_stop,
            )
            yield Journey(leave_s=leave_s, arrive_s=earliest_s, legs=(*legs, last))

    def _legs(
        self, labels: Labels, access: Walks, stop: int, rides: int, leave_s: int
    ) -> list[Leg]:
        """Follow the labels back from the last stop; legs in order of travel, the last walk off."""
        connections = self.transit.service.connections
        names = self.transit.day.timetable.stops.stop
        legs: list[Leg] = []
        while True:
            enter, leave = int(labels.enter[stop, rides]), int(labels.leave[stop, rides])
            legs.append(self.transit.ride(enter, leave))
            board = int(connections.departure_stop[enter])
            rides -= 1
            before = int(labels.came_from[board, rides])
            if before < 0:
                walk_s = int(access.walk_s[access.stop == board][0])
                door = Leg(
                    kind="walk", start_s=leave_s, end_s=leave_s + walk_s, to_stop=names[board]
                )
                return [door, *reversed(legs)]
            if before != board:
                start_s = int(connections.arrival_s[labels.leave[before, rides]])
                legs.append(
                    Leg(
                        kind="walk",
                        start_s=start_s,
                        end_s=start_s + self._foot_s(before, board),
                        from_stop=names[before],
                        to_stop=names[board],
                    )
                )
            stop = before

    def _foot_s(self, start: int, end: int) -> int:
        feet = self.transit.service.feet
        row = slice(feet.first[start], feet.first[start + 1])
        return int(feet.walk_s[row][feet.stop[row] == end][0])


def one_way(stops: NDArray[np.int64], seconds: NDArray[np.float64]) -> Walks:
    """Return ways between one door and stops, from what each takes in seconds."""
    first = np.array([0, len(stops)], dtype=np.int64)
    return Walks(first, stops.astype(np.int32), np.ceil(seconds).astype(np.int32))

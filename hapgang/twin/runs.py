"""The runs of a service day as feeds call them, and what a feed's trip update says of one."""

import datetime as dt
import re
from typing import NamedTuple

from hapgang.twin.gtfs_read import parse_day
from hapgang.twin.options import CallDelay
from hapgang.twin.realtime import Moment, StopTime, TripName
from hapgang.twin.timetable import DAY_S, ServiceDay

# A delay beyond that is taken for a mistake: of the day, of a clock. Assumption.
MOST_EARLY_S, MOST_LATE_S = 3600, 6 * 3600
_TIME = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d)")


class Unfit(Exception):
    """What a feed tells does not fit the timetable; the message says how."""


class Call(NamedTuple):
    """What is known of one call: how late, or that it is skipped, or that nothing is known."""

    delay: CallDelay
    is_known: bool = True


class Runs:
    """The runs of one day, found by trip and time."""

    def __init__(self, day: ServiceDay) -> None:
        """Index them."""
        self.day = day
        pairs = zip(day.trip.tolist(), day.offset_s.tolist(), strict=True)
        self._run_of = {pair: run for run, pair in enumerate(pairs)}
        self._of_trip: dict[int, list[int]] = {}
        for (trip, _), run in self._run_of.items():
            self._of_trip.setdefault(trip, []).append(run)

    def at(self, trip: str, offset_s: int) -> int | None:
        """Return the run of a trip that is so much later than the trip's own times."""
        row = self.day.timetable.trips.row_of.get(trip)
        return None if row is None else self._run_of.get((row, offset_s))

    def find(self, name: TripName) -> int:
        """Return the run that a feed means on this day; `Unfit` where none or several fit."""
        row = self.day.timetable.trips.row_of.get(name.trip)
        if row is None:
            raise Unfit(f"no trip {name.trip[:60]!r} in the timetable")
        if name.start_time:
            begins_s = self.day.timetable.trips.departure_s[self.day.timetable.trips.first[row]]
            run = self._run_of.get((row, seconds_of(name.start_time) - int(begins_s)))
            if run is None:
                raise Unfit(f"no run of trip {name.trip[:60]} begins at {name.start_time[:12]}")
            return run
        plain = self._run_of.get((row, 0))
        if plain is not None:
            return plain
        own = [run for run in self._of_trip.get(row, ()) if 0 <= self.begins_s(run) < DAY_S]
        if not own:
            raise Unfit(f"trip {name.trip[:60]} does not run on {self.day.day}")
        if len(own) > 1:
            raise Unfit(f"trip {name.trip[:60]} is repeated, and start_time does not say when")
        return own[0]

    def first(self, trip: str) -> int:
        """Return the run of a trip that begins first on this day."""
        row = self.day.timetable.trips.row_of.get(trip, -1)
        own = [run for run in self._of_trip.get(row, ()) if self.begins_s(run) >= 0]
        if not own:
            raise Unfit(f"no run of trip {trip[:60]!r}")
        plain = self._run_of.get((row, 0))
        return plain if plain is not None else min(own, key=self.begins_s)

    def begins_s(self, run: int) -> int:
        """Return when a run leaves its first stop, s of the day."""
        trips = self.day.timetable.trips
        return int(trips.departure_s[trips.first[self.day.trip[run]]] + self.day.offset_s[run])

    def calls(self, run: int, stops: tuple[StopTime, ...], midnight: float) -> list[Call]:
        """Return what stop time updates say of a run; midnight: POSIX s of the day's second 0.

        `Unfit` where they contradict themselves or the timetable.
        """
        return _Reader(self.day, run, midnight).read(stops)


class _Reader:
    """Reads the stop time updates of one run in order."""

    def __init__(self, day: ServiceDay, run: int, midnight: float) -> None:
        trips = day.timetable.trips
        own = trips.calls(int(day.trip[run]))
        offset_s, row_of = int(day.offset_s[run]), day.timetable.stops.row_of
        self._row_of = row_of
        self._stops: list[int] = trips.stop[own].tolist()
        self._sequence: list[int] = trips.sequence[own].tolist()
        self._arrival_s: list[int] = (trips.arrival_s[own] + offset_s).tolist()
        self._departure_s: list[int] = (trips.departure_s[own] + offset_s).tolist()
        self._midnight = midnight
        self._next = 0
        self._late_s = 0
        self._last_s = -DAY_S  # the last expected time that was told

    def read(self, stops: tuple[StopTime, ...]) -> list[Call]:
        found = []
        for told in stops:
            at = self._call(told)
            found.append(self._told(at, told))
            self._next = at + 1
        return found

    def _call(self, told: StopTime) -> int:
        """Return which call is meant."""
        row = self._row_of.get(told.stop) if told.stop else None
        if told.stop and row is None:
            raise Unfit(f"no stop {told.stop[:60]!r} in the timetable (E011)")
        if told.sequence is not None:
            try:
                at = self._sequence.index(told.sequence)
            except ValueError:
                raise Unfit(f"the trip has no stop_sequence {told.sequence} (E051)") from None
            if at < self._next:
                raise Unfit(f"stop_sequence {told.sequence} is not in order (E002)")
            if row is not None and self._stops[at] != row:
                raise Unfit(f"stop_sequence {told.sequence} is not {told.stop[:60]} (E045)")
            return at
        if row is None:
            raise Unfit("neither stop_id nor stop_sequence (E040)")
        try:
            return self._stops.index(row, self._next)
        except ValueError:
            raise Unfit(f"the trip does not call at {told.stop[:60]} then (E046)") from None

    def _told(self, at: int, told: StopTime) -> Call:
        if told.state == "unknown":
            self._late_s = 0
            return Call(CallDelay(at), is_known=False)
        if told.state == "unscheduled":
            raise Unfit("a call without a schedule")
        arrives = self._delay_s(told.arrival, self._arrival_s[at])
        leaves = self._delay_s(told.departure, self._departure_s[at])
        if told.state == "skipped":
            late_s = next((s for s in (leaves, arrives) if s is not None), self._late_s)
            self._late_s = checked(late_s)
            return Call(CallDelay(at, late_s, late_s, skipped=True))
        if arrives is None and leaves is None:
            raise Unfit("a stop without arrival and departure (E043)")
        arrives_s = leaves if arrives is None else arrives
        leaves_s = arrives if leaves is None else leaves
        assert arrives_s is not None
        assert leaves_s is not None
        if leaves is None:  # it leaves no earlier than it comes
            leaves_s = max(leaves_s, self._arrival_s[at] + arrives_s - self._departure_s[at])
        self._check(at, arrives_s, leaves_s)
        self._late_s = leaves_s
        return Call(CallDelay(at, arrives_s, leaves_s))

    def _check(self, at: int, arrives_s: int, leaves_s: int) -> None:
        checked(arrives_s)
        checked(leaves_s)
        comes, goes = self._arrival_s[at] + arrives_s, self._departure_s[at] + leaves_s
        if at > 0 and comes < self._last_s:
            raise Unfit("it comes to a stop before it leaves the one before (E022)")
        if goes < comes and at > 0:
            raise Unfit("it leaves before it comes (E025)")
        self._last_s = goes

    def _delay_s(self, moment: Moment, scheduled_s: int) -> int | None:
        """Return how late; an instant counts more than a delay."""
        if moment.at is not None:
            return int(moment.at - self._midnight - scheduled_s)
        return moment.delay_s


def checked(late_s: int) -> int:
    """Return a delay; `Unfit` where it can only be a mistake."""
    if not -MOST_EARLY_S <= late_s <= MOST_LATE_S:
        raise Unfit(f"{late_s:,} s late: a wrong day or a wrong clock")
    return late_s


def all_late(late_s: int) -> CallDelay:
    """Return the delay of a run that is as late at all of its calls."""
    return CallDelay(0, checked(late_s), late_s)


def seconds_of(text: str) -> int:
    """Return the seconds of a time as GTFS writes it, 25:01:00 too."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise Unfit(f"no time: {text[:20]!r} (E020)")
    hours, minutes, seconds = map(int, found.groups())
    return 3600 * hours + 60 * minutes + seconds


def date_of(text: str) -> dt.date:
    """Return the date of a start_date."""
    try:
        return parse_day(text)
    except ValueError:
        raise Unfit(f"no date: {text[:20]!r} (E021)") from None

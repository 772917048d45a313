"""The words of GTFS as columns: stops, routes, trips, calendar, frequencies, transfers.

Times are seconds after noon minus 12 hours of the service day, as GTFS counts them; they run past
24:00 (86,400 s). A change of the clocks in the night is ignored. Pick-up and drop-off rules are
ignored: every stop of a trip takes passengers up and sets them down.
Source: General Transit Feed Specification, reference.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Texts = NDArray[np.object_]
Ints = NDArray[np.int32]


@dataclass(frozen=True, eq=False, kw_only=True)
class Stops:
    """Stops and stations: ids, names, places, and the row of the station or -1."""

    stop: Texts
    name: Texts
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    xy: NDArray[np.float64]
    parent: Ints

    def __len__(self) -> int:
        return len(self.stop)

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """Row by stop id."""
        return {name: row for row, name in enumerate(self.stop)}


@dataclass(frozen=True, eq=False, kw_only=True)
class Routes:
    """Lines: ids, short and long names, and GTFS route types (0 tram, 1 metro, 2 rail, 3 bus)."""

    route: Texts
    short_name: Texts
    long_name: Texts
    agency: Texts  # who runs it; empty where the feed does not say
    type: Ints

    def __len__(self) -> int:
        return len(self.route)

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """Row by route id."""
        return {name: row for row, name in enumerate(self.route)}


@dataclass(frozen=True, eq=False, kw_only=True)
class Trips:
    """Trips: ids, rows of routes and services, head signs, directions, shapes, and their stops.

    The calls of trip i are entries first[i] to first[i + 1] - 1 of stop, arrival_s, departure_s and
    sequence, the feed's own number of a call.
    """

    trip: Texts
    route: Ints
    service: Ints
    headsign: Texts
    direction: Ints
    shape: Texts
    first: NDArray[np.int64]
    stop: Ints
    arrival_s: Ints
    departure_s: Ints
    sequence: Ints

    def __len__(self) -> int:
        return len(self.trip)

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """Row by trip id."""
        return {name: row for row, name in enumerate(self.trip)}

    def calls(self, trip: int) -> slice:
        """Where the calls of a trip stand."""
        return slice(int(self.first[trip]), int(self.first[trip + 1]))


@dataclass(frozen=True, eq=False, kw_only=True)
class Calendar:
    """When services run: weekdays (services, 7) between two days, and days added or removed."""

    service: Texts
    weekdays: NDArray[np.bool_]
    first_day: Ints  # proleptic ordinals of days
    last_day: Ints
    added: Mapping[int, list[int]]  # ordinal of the day: rows of services
    removed: Mapping[int, list[int]]

    def running(self, day: dt.date) -> NDArray[np.bool_]:
        """Tell which services run on a day."""
        ordinal = day.toordinal()
        inside = (self.first_day <= ordinal) & (ordinal <= self.last_day)
        runs: NDArray[np.bool_] = self.weekdays[:, day.weekday()] & inside
        runs[self.added.get(ordinal, [])] = True
        runs[self.removed.get(ordinal, [])] = False
        return runs

    @cached_property
    def span(self) -> tuple[dt.date, dt.date]:
        """First and last day on which the calendar runs anything."""
        regular = self.weekdays.any(axis=1)
        days = [*self.added, *self.first_day[regular].tolist(), *self.last_day[regular].tolist()]
        if not days:
            return dt.date.min, dt.date.min
        return dt.date.fromordinal(min(days)), dt.date.fromordinal(max(days))


@dataclass(frozen=True, eq=False, kw_only=True)
class Frequencies:
    """Repeated trips: row of the trip; first departures from start_s, every headway_s, to end_s."""

    trip: Ints
    start_s: Ints
    end_s: Ints
    headway_s: Ints


@dataclass(frozen=True, eq=False, kw_only=True)
class Transfers:
    """Rules for changing between stops: rows of both, and the least time, s; -1 forbids it."""

    from_stop: Ints
    to_stop: Ints
    least_s: Ints

"""A city's timetable, and its service on one day as connections for the router."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hapgang.core.errors import NotFound
from hapgang.twin.gtfs import Calendar, Frequencies, Routes, Stops, Transfers, Trips

if TYPE_CHECKING:
    from hapgang.science.connection_scan import Connections

DAY_S = 86_400
_HORIZON_S = 30 * 3600  # a traveller of the day has arrived by 06:00 of the next
_SEARCHED_DAYS = 3660  # `like` looks at ten years of a feed at most

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Timetable:
    """All that the folder `transit/` says; `on(day)` gives the connections of one day."""

    stops: Stops
    routes: Routes
    trips: Trips
    calendar: Calendar
    frequencies: Frequencies
    transfers: Transfers
    left_out: frozenset[str] = frozenset()  # routes that only other scenarios run
    headways_s: Mapping[str, float] = field(default_factory=dict)  # by route

    def adding(self, route: str) -> "Timetable":
        """Return the timetable with a route that was left out."""
        return replace(self, left_out=self.left_out - {self._known(route)})

    def every(self, route: str, headway_s: float) -> "Timetable":
        """Return the timetable with a route running at even headways.

        On each day every pattern of stops of the route keeps its first and last departure and its
        share of the trips in its direction; running times are those of the trip scheduled before.
        """
        return replace(self, headways_s={**self.headways_s, self._known(route): headway_s})

    def _known(self, route: str) -> str:
        if route not in self.routes.row_of:
            raise NotFound(
                f"transit/routes.txt has no route “{route}”",
                f"transit/routes.txt에 “{route}” 노선이 없습니다",
            )
        return route

    def trips_on(self, day: dt.date) -> Rows:
        """Rows of the trips that the calendar runs on a day, without the routes left out."""
        runs = self.calendar.running(day)[self.trips.service]
        if self.left_out:
            out = np.array([route in self.left_out for route in self.routes.route], dtype=np.bool_)
            runs &= ~out[self.trips.route]
        return np.flatnonzero(runs)

    def like(self, day: dt.date) -> dt.date:
        """Return the day itself if any trip runs, else the fullest same weekday of the feed.

        For rehearsals of days that the feed does not reach. Of equally full days the first.
        """
        if self.trips_on(day).size:
            return day
        first, last = self.calendar.span
        first += dt.timedelta((day.weekday() - first.weekday()) % 7)
        n_days = min((last - first).days, _SEARCHED_DAYS)
        days = [first + dt.timedelta(ahead) for ahead in range(0, n_days + 1, 7)]
        return max(days, key=lambda one: (self.trips_on(one).size, -one.toordinal()), default=day)

    def on(self, day: dt.date) -> "ServiceDay":
        """Return the service of a day: its trips, and what runs into it from the day before.

        Trips of the next morning are included until 06:00, so that nobody is stranded at midnight.
        """
        trips, offsets = [], []
        for shift in (-1, 0, 1):
            trip, offset_s = self._runs(day + dt.timedelta(shift))
            trips.append(trip)
            offsets.append(offset_s + shift * DAY_S)
        trip, offset_s = np.concatenate(trips), np.concatenate(offsets)
        ends = self.trips.arrival_s[self.trips.first[trip + 1] - 1] + offset_s
        begins = self.trips.departure_s[self.trips.first[trip]] + offset_s
        kept = (ends >= 0) & (begins < _HORIZON_S)
        return _service_day(self, day, trip[kept], offset_s[kept])

    def _runs(self, day: dt.date) -> tuple[Rows, Rows]:
        """Trips of a day with the seconds by which each run is later than its trip."""
        chosen = self.trips_on(day)
        repeated = np.isin(chosen, self.frequencies.trip)
        trips, offsets = [chosen[~repeated]], [np.zeros((~repeated).sum(), dtype="i8")]
        for i in np.flatnonzero(np.isin(self.frequencies.trip, chosen[repeated])):
            f = self.frequencies
            leaves = np.arange(f.start_s[i], f.end_s[i], f.headway_s[i], dtype="i8")
            trips.append(np.full(len(leaves), f.trip[i], dtype="i8"))
            offsets.append(leaves - self.trips.departure_s[self.trips.first[f.trip[i]]])
        trip, offset_s = np.concatenate(trips), np.concatenate(offsets)
        for route, headway_s in self.headways_s.items():
            own = self.trips.route[trip] == self.routes.row_of[route]
            evened = _evened(self.trips, trip[own], offset_s[own], headway_s)
            trip = np.concatenate((trip[~own], evened[0]))
            offset_s = np.concatenate((offset_s[~own], evened[1]))
        return trip, offset_s


def _evened(trips: Trips, trip: Rows, offset_s: Rows, headway_s: float) -> tuple[Rows, Rows]:
    """Even out the runs of one route; see `Timetable.every`."""
    patterns: dict[tuple[int, bytes], list[int]] = {}
    in_direction: dict[int, int] = {}
    for run, row in enumerate(trip.tolist()):
        direction = int(trips.direction[row])
        key = (direction, trips.stop[trips.calls(row)].tobytes())
        patterns.setdefault(key, []).append(run)
        in_direction[direction] = in_direction.get(direction, 0) + 1
    new_trip, new_offset_s = [trip[:0]], [offset_s[:0]]
    for (direction, _), members in patterns.items():
        runs = np.array(members)
        begins = trips.departure_s[trips.first[trip[runs]]]
        leaves = begins + offset_s[runs]
        order = np.argsort(leaves, kind="stable")
        runs, begins, leaves = runs[order], begins[order], leaves[order]
        gap_s = headway_s * in_direction[direction] / len(runs)
        at_s = np.rint(np.arange(leaves[0], leaves[-1] + 1, gap_s)).astype("i8")
        model = np.searchsorted(leaves, at_s, side="right") - 1
        new_trip.append(trip[runs[model]])
        new_offset_s.append(at_s - begins[model])
    return np.concatenate(new_trip), np.concatenate(new_offset_s)


@dataclass(frozen=True, eq=False, kw_only=True)
class ServiceDay:
    """What runs on one day. A run is a trip, offset_s later than its calls in the timetable say.

    trip, offset_s: (runs). connections: hops from call to call, sorted by departure; call: the call
    of each connection's departure in `timetable.trips`.
    """

    timetable: Timetable
    day: dt.date
    trip: Rows
    offset_s: Rows
    connections: "Connections"
    call: Rows


def _service_day(timetable: Timetable, day: dt.date, trip: Rows, offset_s: Rows) -> ServiceDay:
    # Reading a scene should not wait for the compiler that the router needs.
    from hapgang.science.connection_scan import Connections  # noqa: PLC0415

    trips = timetable.trips
    hops = trips.first[trip + 1] - trips.first[trip] - 1
    run = np.repeat(np.arange(len(trip)), hops)
    begin = np.repeat(trips.first[trip] - np.cumsum(hops) + hops, hops)
    call = begin + np.arange(len(run))
    departure_s = trips.departure_s[call] + offset_s[run]
    order = np.argsort(departure_s, kind="stable")
    order = order[departure_s[order] >= 0]
    run, call = run[order], call[order]
    return ServiceDay(
        timetable=timetable,
        day=day,
        trip=trip,
        offset_s=offset_s,
        connections=Connections(
            trips.stop[call],
            trips.stop[call + 1],
            departure_s[order].astype(np.int32),
            (trips.arrival_s[call + 1] + offset_s[run]).astype(np.int32),
            run.astype(np.int32),
        ),
        call=call,
    )

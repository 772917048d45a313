"""Journeys worth choosing between: for each number of rides the earliest arrival, live delays in.

`hapgang.twin.transit` knows stops and walks; this module asks `hapgang.science.journeys` for more
than one answer, with any way to the first stop and from the last: on foot, by bicycle, by car.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hapgang.science.connection_scan import NEVER, Connections, Walks
from hapgang.science.journeys import Labels, forget, new_labels, scan
from hapgang.twin.transit import Journey, Leg, Transit

MOST_RIDES = 4
# How much longer than the quickest a journey with fewer changes may take to be looked for.
PATIENCE = 1.5


@dataclass(frozen=True, kw_only=True)
class Delay:
    """What is known of one run: seconds late at one of its calls and after, or that it is off."""

    run: int
    delay_s: int = 0
    from_call: int = 0  # 0 is the first stop of the run
    cancelled: bool = False


def delayed(transit: Transit, delays: Iterable[Delay]) -> Transit:
    """Return the public transport of a day as it runs now; the walks stay as they are."""
    connections, trips = transit.service.connections, transit.day.timetable.trips
    call = transit.day.call - trips.first[transit.day.trip[connections.run]]
    departure_s, arrival_s = connections.departure_s.copy(), connections.arrival_s.copy()
    kept = np.ones(len(call), dtype=np.bool_)
    for delay in delays:
        own = connections.run == delay.run
        departure_s[own & (call >= delay.from_call)] += delay.delay_s
        arrival_s[own & (call + 1 >= delay.from_call)] += delay.delay_s
        kept &= ~(own & delay.cancelled)
    order = np.flatnonzero(kept)
    order = order[np.argsort(departure_s[order], kind="stable")]
    live = Connections(
        connections.departure_stop[order],
        connections.arrival_stop[order],
        departure_s[order],
        arrival_s[order],
        connections.run[order],
    )
    day = replace(transit.day, connections=live, call=transit.day.call[order])
    return replace(transit, day=day, service=transit.service._replace(connections=live))


class Router:
    """Asks one day's public transport for journeys; keeps its working arrays between questions."""

    def __init__(self, transit: Transit) -> None:
        """Make the arrays."""
        self.transit = transit
        self._labels = new_labels(transit.service, MOST_RIDES)
        self._egress_s = np.full(len(transit.service.feet.first) - 1, NEVER, dtype=np.int32)

    def options(
        self, access: Walks, egress: Walks, leave_s: int, *, patience: float = PATIENCE
    ) -> list[Journey]:
        """Return journeys by number of rides, each with more rides arriving earlier.

        access, egress: ways from one door to stops and from stops to one door (row 0 of each), s.
        """
        labels, egress_s = self._labels, self._egress_s
        forget(labels)
        egress_s[egress.stop] = egress.walk_s
        try:
            best_s = scan(self.transit.service, labels, access, egress_s, leave_s, patience)
            if best_s >= NEVER:
                return []
            return list(self._journeys(labels, access, egress, leave_s))
        finally:
            egress_s[egress.stop] = NEVER

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

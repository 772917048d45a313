"""Earliest arrival by timetable: the Connection Scan Algorithm, one source to all stops.

The traveller is at given stops at given times, rides runs of vehicles, and between two rides
either stays at the stop or walks one footpath; each change costs at least `change_s`. Delays,
full vehicles and fares are ignored. Times are seconds on one axis, at least 0.

Source: Dibbelt, Pajor, Strasser, Wagner 2013, "Intriguingly simple and fast transit routing",
doi 10.1007/978-3-642-38527-8_6, section 3; arrival by ride and readiness to board are kept apart,
so footpaths need not be transitively closed. Checked: tests/science/test_connection_scan.py,
against closed forms and a time-expanded Dijkstra.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hapgang.science.compiled import compiled

NEVER = np.int32(2**30)  # s; later than any time of a timetable


class Connections(NamedTuple):
    """Hops of vehicles from stop to next stop, sorted by departure, each run's hops in order.

    departure_stop, arrival_stop, run: indices; departure_s, arrival_s: s; all (connections) int32.
    """

    departure_stop: NDArray[np.int32]
    arrival_stop: NDArray[np.int32]
    departure_s: NDArray[np.int32]
    arrival_s: NDArray[np.int32]
    run: NDArray[np.int32]


class Walks(NamedTuple):
    """Walks from place i (stop or zone) to stops: entries first[i] to first[i + 1] - 1."""

    first: NDArray[np.int64]
    stop: NDArray[np.int32]
    walk_s: NDArray[np.int32]


class Service(NamedTuple):
    """One day's connections with the walks between its stops.

    feet: from each stop to other stops, without loops, at most one to each. runs: how many.
    change_s: what every change of vehicle costs on top of walking, s, at least 1.
    """

    connections: Connections
    feet: Walks
    runs: int
    change_s: int


class Labels(NamedTuple):
    """What one scan found out about every stop and run; -1 is none, NEVER is not reached.

    ride_s (stops): earliest arrival by a ride. enter, leave (stops): the connections that the ride
    begins and ends with. ready_s (stops): earliest readiness to board. came_from (stops): the stop
    whose ride it follows, or -1 for the walk at the start. boarded (runs): connection of boarding.
    """

    ride_s: NDArray[np.int32]
    enter: NDArray[np.int32]
    leave: NDArray[np.int32]
    ready_s: NDArray[np.int32]
    came_from: NDArray[np.int32]
    boarded: NDArray[np.int32]


@compiled
def new_labels(service: Service) -> Labels:
    """Return labels that know nothing yet."""
    n_stops = len(service.feet.first) - 1
    return Labels(
        np.full(n_stops, NEVER, dtype=np.int32),
        np.full(n_stops, -1, dtype=np.int32),
        np.full(n_stops, -1, dtype=np.int32),
        np.full(n_stops, NEVER, dtype=np.int32),
        np.full(n_stops, -1, dtype=np.int32),
        np.full(service.runs, -1, dtype=np.int32),
    )


@compiled
def _forget(labels: Labels) -> None:
    labels.ride_s[:] = NEVER
    labels.enter[:] = -1
    labels.leave[:] = -1
    labels.ready_s[:] = NEVER
    labels.came_from[:] = -1
    labels.boarded[:] = -1


@compiled
def scan(service: Service, labels: Labels, until_s: int) -> None:
    """Fill the labels of every stop from those whose `ready_s` the caller has set.

    until_s: departures after it are not looked at. Source, check, what is ignored: see the module.
    """
    connections, feet, change_s = service.connections, service.feet, service.change_s
    begin = np.searchsorted(connections.departure_s, np.min(labels.ready_s))
    for c in range(begin, len(connections.run)):
        departure_s = connections.departure_s[c]
        if departure_s > until_s:
            break
        run = connections.run[c]
        if labels.boarded[run] < 0:
            if labels.ready_s[connections.departure_stop[c]] > departure_s:
                continue
            labels.boarded[run] = c
        stop = connections.arrival_stop[c]
        arrival_s = connections.arrival_s[c]
        if arrival_s >= labels.ride_s[stop]:
            continue
        labels.ride_s[stop] = arrival_s
        labels.enter[stop] = labels.boarded[run]
        labels.leave[stop] = c
        if arrival_s + change_s < labels.ready_s[stop]:
            labels.ready_s[stop] = arrival_s + change_s
            labels.came_from[stop] = stop
        for f in range(feet.first[stop], feet.first[stop + 1]):
            ready_s = arrival_s + change_s + feet.walk_s[f]
            if ready_s < labels.ready_s[feet.stop[f]]:
                labels.ready_s[feet.stop[f]] = ready_s
                labels.came_from[feet.stop[f]] = stop


class Skims(NamedTuple):
    """Mean quantities of the quickest rides between places, (origins, destinations) float32.

    total_s = in_vehicle_s + wait_s + walk_s; first_wait_s is the part of wait_s before the first
    ride; transfers is rides - 1. inf where no departure finds a ride.
    """

    total_s: NDArray[np.float32]
    in_vehicle_s: NDArray[np.float32]
    wait_s: NDArray[np.float32]
    first_wait_s: NDArray[np.float32]
    walk_s: NDArray[np.float32]
    transfers: NDArray[np.float32]


class _Trial(NamedTuple):
    """What one departure from one origin works with: access_s (stops), found (destinations)."""

    labels: Labels
    access_s: NDArray[np.int32]
    found: NDArray[np.int32]


@compiled
def _follow(service: Service, trial: _Trial, stop: int) -> tuple[int, int, int, int]:
    """Walk back along the labels from a reached stop: ride, walk, first wait (s), rides."""
    connections, feet, labels = service.connections, service.feet, trial.labels
    ride_s = 0
    walk_s = 0
    rides = 0
    while True:
        enter = labels.enter[stop]
        board = connections.departure_stop[enter]
        ride_s += labels.ride_s[stop] - connections.departure_s[enter]
        rides += 1
        stop = labels.came_from[board]
        if stop < 0:
            first_wait_s = connections.departure_s[enter] - labels.ready_s[board]
            return ride_s, walk_s + trial.access_s[board], first_wait_s, rides
        for f in range(feet.first[stop], feet.first[stop + 1]):
            if feet.stop[f] == board:
                walk_s += feet.walk_s[f]
                break


@compiled
def _best_egress(labels: Labels, egress: Walks, place: int) -> int:
    """Return the walk from a stop to the place that ends first, or -1."""
    best_s = NEVER
    best = -1
    for e in range(egress.first[place], egress.first[place + 1]):
        arrival_s = labels.ride_s[egress.stop[e]] + egress.walk_s[e]
        if arrival_s < best_s:
            best_s = arrival_s
            best = e
    return best


@compiled
def _new_skims(n_origins: int, n_destinations: int) -> Skims:
    shape = (n_origins, n_destinations)
    return Skims(
        np.zeros(shape, dtype=np.float32),
        np.zeros(shape, dtype=np.float32),
        np.zeros(shape, dtype=np.float32),
        np.zeros(shape, dtype=np.float32),
        np.zeros(shape, dtype=np.float32),
        np.zeros(shape, dtype=np.float32),
    )


@compiled
def _row(out: Skims, row: int) -> Skims:
    return Skims(
        out.total_s[row],
        out.in_vehicle_s[row],
        out.wait_s[row],
        out.first_wait_s[row],
        out.walk_s[row],
        out.transfers[row],
    )


@compiled
def _average(out: Skims, found: NDArray[np.int32]) -> None:
    """Turn a row of sums into means; inf where nothing was found."""
    for place in range(len(found)):
        for column in out:
            if found[place] > 0:
                column[place] /= found[place]
            else:
                column[place] = np.inf


@compiled
def _add_departure(
    service: Service, trial: _Trial, egress: Walks, leave_s: int, out: Skims
) -> None:
    """Add the best journey of one departure to each destination to an origin's row of sums."""
    for place in range(len(trial.found)):
        best = _best_egress(trial.labels, egress, place)
        if best < 0:
            continue
        stop = egress.stop[best]
        total_s = trial.labels.ride_s[stop] + egress.walk_s[best] - leave_s
        ride_s, walk_s, first_wait_s, rides = _follow(service, trial, stop)
        walk_s += egress.walk_s[best]
        trial.found[place] += 1
        out.total_s[place] += total_s
        out.in_vehicle_s[place] += ride_s
        out.wait_s[place] += total_s - ride_s - walk_s
        out.first_wait_s[place] += first_wait_s
        out.walk_s[place] += walk_s
        out.transfers[place] += rides - 1


@compiled
def skim(
    service: Service, access: Walks, egress: Walks, leave_s: NDArray[np.int32], longest_s: int
) -> Skims:
    """Quickest rides from every origin to every destination, averaged over departures.

    access, egress: walks between origins or destinations and stops. leave_s: the departures, s.
    longest_s: how long after leaving a vehicle may still be boarded, s.
    The mean is over the departures that find a ride. Source, check, limits: see the module.
    """
    out = _new_skims(len(access.first) - 1, len(egress.first) - 1)
    trial = _Trial(
        new_labels(service),
        np.zeros(len(service.feet.first) - 1, dtype=np.int32),
        np.zeros(len(egress.first) - 1, dtype=np.int32),
    )
    for origin in range(len(access.first) - 1):
        row = _row(out, origin)
        trial.found[:] = 0
        for start_s in leave_s:
            _forget(trial.labels)
            for a in range(access.first[origin], access.first[origin + 1]):
                trial.access_s[access.stop[a]] = access.walk_s[a]
                trial.labels.ready_s[access.stop[a]] = start_s + access.walk_s[a]
            scan(service, trial.labels, start_s + longest_s)
            _add_departure(service, trial, egress, start_s, row)
        _average(row, trial.found)
    return out

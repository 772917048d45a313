"""Earliest arrivals by timetable for each number of rides: all that is worth choosing between.

As `hapgang.science.connection_scan`, with one label for each number of rides: an arrival is kept if
no arrival with as few rides is as early. Of those with equally many rides the earliest is kept.
Delays, full vehicles and fares are ignored.

Source: Dibbelt, Pajor, Strasser, Wagner 2018, "Connection Scan Algorithm", ACM J. Exp. Algorithmics
23, doi 10.1145/3274661, section 4 on numbers of transfers; here a run's label is the least number
of rides with which somebody is on board, which is enough, as whoever boards with more arrives no
earlier. Checked: tests/science/test_journeys.py, against `connection_scan` and all ways of a
time-expanded search; validation/journeys.py, against a round-based router (RAPTOR).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hapgang.science.connection_scan import NEVER, Service, Walks
from hapgang.science.shortest_paths import compiled

Ints = NDArray[np.int32]


class Labels(NamedTuple):
    """What one scan found out; -1 is none, NEVER is not reached. Shape (rides + 1, stops).

    arrival_s: earliest arrival by exactly so many rides, NEVER where fewer do as well. enter,
    leave: the connections that the last of them begins and ends with. ready_s: earliest readiness
    to board after so many rides. came_from: the stop whose ride that follows, or -1 at the start.
    boarded (runs, 2): the least number of rides before this one, and the connection of boarding.
    """

    arrival_s: Ints
    enter: Ints
    leave: Ints
    ready_s: Ints
    came_from: Ints
    boarded: Ints


@compiled
def new_labels(service: Service, most_rides: int) -> Labels:
    """Return labels that know nothing yet, for up to `most_rides` rides."""
    shape = (most_rides + 1, len(service.feet.first) - 1)
    labels = Labels(
        np.empty(shape, dtype=np.int32),
        np.empty(shape, dtype=np.int32),
        np.empty(shape, dtype=np.int32),
        np.empty(shape, dtype=np.int32),
        np.empty(shape, dtype=np.int32),
        np.empty((service.runs, 2), dtype=np.int32),
    )
    forget(labels)
    return labels


@compiled
def forget(labels: Labels) -> None:
    """Make labels know nothing again."""
    labels.arrival_s[:] = NEVER
    labels.enter[:] = -1
    labels.leave[:] = -1
    labels.ready_s[:] = NEVER
    labels.came_from[:] = -1
    labels.boarded[:, 0] = len(labels.arrival_s) - 1
    labels.boarded[:, 1] = -1


@compiled
def _board(service: Service, labels: Labels, c: int) -> int:
    """Return with how few rides before it somebody sits in the run of a connection."""
    connections, boarded = service.connections, labels.boarded[service.connections.run[c]]
    stop, departure_s = connections.departure_stop[c], connections.departure_s[c]
    for before in range(boarded[0]):
        if labels.ready_s[before, stop] <= departure_s:
            boarded[0] = before
            boarded[1] = c
            break
    return boarded[0]


@compiled
def _get_ready(labels: Labels, rides: int, stop: int, ready_s: int, came_from: int) -> None:
    for fewer in range(rides + 1):
        if labels.ready_s[fewer, stop] <= ready_s:
            return
    labels.ready_s[rides, stop] = ready_s
    labels.came_from[rides, stop] = came_from


@compiled
def _arrive(service: Service, labels: Labels, c: int, rides: int) -> bool:
    """Note an arrival with so many rides, and where it lets people board; whether it is news."""
    stop, arrival_s = service.connections.arrival_stop[c], service.connections.arrival_s[c]
    for fewer in range(1, rides + 1):
        if labels.arrival_s[fewer, stop] <= arrival_s:
            return False
    labels.arrival_s[rides, stop] = arrival_s
    labels.enter[rides, stop] = labels.boarded[service.connections.run[c], 1]
    labels.leave[rides, stop] = c
    if rides < len(labels.arrival_s) - 1:
        ready_s = arrival_s + service.change_s
        _get_ready(labels, rides, stop, ready_s, stop)
        feet = service.feet
        for f in range(feet.first[stop], feet.first[stop + 1]):
            _get_ready(labels, rides, feet.stop[f], ready_s + feet.walk_s[f], stop)
    return True


@compiled
def scan(
    service: Service, labels: Labels, access: Walks, egress_s: Ints, leave_s: int, patience: float
) -> int:
    """Fill the labels for one traveller; return the earliest arrival at the door, or NEVER.

    access: walks from one place (row 0) to stops. egress_s (stops): how long it takes from each
    stop to the door, NEVER where nobody would walk. leave_s: s. Departures are looked at until
    `patience` times the quickest journey so far has passed: 1 finds the earliest arrival only,
    more also finds later ones with fewer rides.
    """
    connections = service.connections
    most_rides = len(labels.arrival_s) - 1
    for a in range(access.first[0], access.first[1]):
        stop = access.stop[a]
        labels.ready_s[0, stop] = min(labels.ready_s[0, stop], leave_s + access.walk_s[a])
    best_s = int(NEVER)
    until_s = int(NEVER)
    begin = np.searchsorted(connections.departure_s, np.min(labels.ready_s[0]))
    for c in range(begin, len(connections.run)):
        if connections.departure_s[c] > until_s:
            break
        before = _board(service, labels, c)
        if before == most_rides or not _arrive(service, labels, c, before + 1):
            continue
        door_s = connections.arrival_s[c] + egress_s[connections.arrival_stop[c]]
        if door_s < best_s:
            best_s = door_s
            until_s = leave_s + int(patience * (best_s - leave_s))
    return best_s

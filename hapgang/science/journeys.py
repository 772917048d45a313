"""Earliest arrivals by timetable for each number of rides: all that is worth choosing between.

As `hapgang.science.connection_scan`, with one label for each number of rides. Delays, full vehicles
and fares are ignored.

Source: Dibbelt, Pajor, Strasser, Wagner 2018, "Connection Scan Algorithm", ACM J. Exp. Algorithmics
23, doi 10.1145/3274661, section 4 on numbers of transfers; here a run's label is the least number
of rides with which somebody is on board, which is enough, as whoever boards with more arrives no
earlier. Checked: tests/science/test_journeys.py, against `connection_scan` and all ways of a
time-expanded search; validation/journeys.py, against a round-based router (RAPTOR).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hapgang.science.compiled import compiled
from hapgang.science.connection_scan import NEVER, Service, Walks

Ints = NDArray[np.int32]


class Labels(NamedTuple):
    """What one scan found out, (stops, rides + 1); -1 is none, NEVER is not reached.

    arrival_s: earliest arrival by at least one and at most so many rides. enter, leave: the
    connections that the last of exactly so many begins and ends with; they count where arrival_s is
    earlier than with one ride less. ready_s: earliest readiness to board after at most so many
    rides, while another may follow. came_from: the stop whose ride it follows, or -1 at the start.
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
    shape = (len(service.feet.first) - 1, most_rides + 1)
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
    labels.boarded[:, 0] = labels.arrival_s.shape[1] - 1
    labels.boarded[:, 1] = -1


@compiled
def _lower(at_most: Ints, stop: int, rides: int, value: int) -> None:
    """Lower what is reached with at most so many rides."""
    for more in range(rides, at_most.shape[1]):
        at_most[stop, more] = min(at_most[stop, more], value)


@compiled
def _get_ready(feet: Walks, labels: Labels, stop: int, rides: int, from_s: int) -> None:
    """Let whoever has got off at a stop board there, and where they can walk to."""
    ready_s, came_from = labels.ready_s, labels.came_from
    if ready_s[stop, rides] > from_s:
        _lower(ready_s, stop, rides, from_s)
        came_from[stop, rides] = stop
    for f in range(feet.first[stop], feet.first[stop + 1]):
        near, at_s = feet.stop[f], from_s + feet.walk_s[f]
        if ready_s[near, rides] > at_s:
            _lower(ready_s, near, rides, at_s)
            came_from[near, rides] = stop


@compiled
def _begin(labels: Labels, access: Walks, leave_s: int) -> int:
    """Walk to the first stops; return when the first is reached."""
    first_s = int(NEVER)
    for a in range(access.first[0], access.first[1]):
        ready_s = leave_s + access.walk_s[a]
        _lower(labels.ready_s, access.stop[a], 0, ready_s)
        first_s = min(first_s, ready_s)
    return first_s


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
    tail, head, departure_s, arrival_s, runs = service.connections
    arrived_s, enter, leave, ready_s, _, boarded = labels
    most_rides = arrived_s.shape[1] - 1
    best_s, until_s = int(NEVER), int(NEVER)
    for c in range(np.searchsorted(departure_s, _begin(labels, access, leave_s)), len(runs)):
        if departure_s[c] > until_s:
            break
        run, stop, at_s = runs[c], head[c], arrival_s[c]
        before = boarded[run, 0]
        if before > 0 and ready_s[tail[c], before - 1] <= departure_s[c]:
            before -= 1
            while before > 0 and ready_s[tail[c], before - 1] <= departure_s[c]:
                before -= 1
            boarded[run, 0], boarded[run, 1] = before, c
        rides = before + 1
        if rides > most_rides or arrived_s[stop, rides] <= at_s:
            continue
        _lower(arrived_s, stop, rides, at_s)
        enter[stop, rides], leave[stop, rides] = boarded[run, 1], c
        if at_s + egress_s[stop] < best_s:
            best_s = at_s + egress_s[stop]
            until_s = leave_s + int(patience * (best_s - leave_s))
        if rides < most_rides and at_s + service.change_s <= until_s:
            _get_ready(service.feet, labels, stop, rides, at_s + service.change_s)
    return best_s

"""Vehicles on streets as queues on links, from event to event.

A vehicle that enters a link reaches its end after the link's free time at the earliest. From there
vehicles leave one by one, in the order in which they came, at the link's flow capacity, and only
into a link that has room; who finds it full waits with the whole queue behind, so jams grow
upstream. Those who wait for one link are let in in the order in which they asked. Full links
that wait for one another in a ring would stand still for ever; so the first who waits for a link
that nobody has left for `stuck_s` (and its headway) is let in although it is full. Trips start at
the upstream end of their first link, once it has room, and end at the downstream end of the last,
which they leave without using its flow capacity.

Ignored: overtaking, lanes, turns, signals, differences between vehicles, and the time that a gap
takes to travel back through a queue.
Source: Gawron 1998, "An iterative algorithm to determine the dynamic user equilibrium in a traffic
simulation model", doi 10.1142/S0129183198000303; Cetin, Burri, Nagel 2003, "A large-scale
agent-based traffic microsimulation based on queue model", STRC; from event to event as Charypar,
Axhausen, Nagel 2007, doi 10.3141/2003-05; MATSim pushes all who have waited for its `stuckTime`,
here a queue that moves at all keeps its length. Checked: tests/science/test_queues.py.
"""

import numpy as np
from numpy.typing import NDArray

from hapgang.science.compiled import compiled
from hapgang.science.queue_records import NONE, Floats, Traffic, grown


def add_trips(
    traffic: Traffic,
    vehicle: NDArray[np.int64],
    depart_s: Floats,
    steps: NDArray[np.int64],
    link: NDArray[np.int32],
) -> Traffic:
    """Announce trips; returns the traffic to go on with, its arrays grown where needed.

    vehicle, depart_s, steps (trips): number >= 0, s, how many links. link: theirs, one after
    another. Trips are numbered in the order of announcement; trips that depart at the same time
    go in order of vehicle.
    """
    n_trips, n_steps = int(traffic.used[1]), int(traffic.used[2])
    end_trips, end_steps = n_trips + len(vehicle), n_steps + len(link)
    traffic = traffic._replace(
        trips=grown(traffic.trips, end_trips),
        steps=grown(traffic.steps, end_steps),
        events=grown(traffic.events, 2 * len(traffic.links) + end_trips),
    )
    fresh = traffic.trips[n_trips:end_trips]
    fresh["vehicle"], fresh["depart_s"], fresh["arrive_s"] = vehicle, depart_s, np.inf
    fresh["end"] = n_steps + np.cumsum(steps)
    fresh["start"] = fresh["end"] - steps
    fresh["at"] = fresh["start"] - 1
    fresh["behind"] = fresh["asking_behind"] = NONE
    traffic.steps["link"][n_steps:end_steps] = link
    traffic.steps["after_s"][n_steps:end_steps] = np.nan
    traffic.used[1:3] = end_trips, end_steps
    announce(traffic, n_trips, end_trips)
    return traffic


@compiled
def announce(traffic: Traffic, begin: int, end: int) -> None:
    """Enter the departures of trips `begin` to `end - 1` into the heap."""
    for row in range(begin, end):
        trip = traffic.trips[row]
        _push(traffic, trip.depart_s, len(traffic.links) + trip.vehicle, row)


@compiled
def _push(traffic: Traffic, time_s: float, rank: int, row: int) -> None:
    events = traffic.events
    child = traffic.used[0]
    traffic.used[0] += 1
    while child > 0:
        parent = (child - 1) >> 1
        above = events[parent]
        if above.time_s < time_s or (above.time_s == time_s and above.rank <= rank):
            break
        events[child] = above
        child = parent
    events[child].time_s = time_s
    events[child].rank = rank
    events[child].row = row


@compiled
def _drop_first(traffic: Traffic) -> None:
    events = traffic.events
    traffic.used[0] -= 1
    size = traffic.used[0]
    moved = events[size]
    hole, child = 0, 1
    while child < size:
        if child + 1 < size:
            left, right = events[child], events[child + 1]
            if right.time_s < left.time_s or (
                right.time_s == left.time_s and right.rank < left.rank
            ):
                child += 1
        below = events[child]
        if moved.time_s < below.time_s or (
            moved.time_s == below.time_s and moved.rank <= below.rank
        ):
            break
        events[hole] = below
        hole = child
        child = 2 * hole + 1
    events[hole] = moved


@compiled
def _call_first(traffic: Traffic, row: int, now_s: float) -> None:
    """Say when the first vehicle of a link may leave, if others have room for it."""
    link = traffic.links[row]
    trip = traffic.trips[link.first]
    ready_s = max(now_s, trip.entered_s + link.free_s)
    if trip.at + 1 < trip.end:
        ready_s = max(ready_s, link.due_s - link.tolerance_s)
    _push(traffic, ready_s, row, row)


@compiled
def _enter(traffic: Traffic, mover: int, row: int, now_s: float) -> None:
    link, trip = traffic.links[row], traffic.trips[mover]
    trip.entered_s = now_s
    trip.at += 1
    traffic.steps[trip.at].after_s = now_s - trip.depart_s
    trip.behind = NONE
    link.inside += 1
    if link.first >= 0:
        traffic.trips[link.last].behind = mover
        link.last = mover
    else:
        link.first = mover
        link.last = mover
        _call_first(traffic, row, now_s)


@compiled
def _leave(traffic: Traffic, row: int, now_s: float) -> None:
    """Take the first vehicle off its link and call the next one."""
    link = traffic.links[row]
    trip = traffic.trips[link.first]
    since_s = now_s - link.left_s
    spent_s = now_s - trip.entered_s
    link.recent_s += (spent_s - link.recent_s) * (since_s / (traffic.memory_s + since_s))
    link.left_s = now_s
    if trip.at + 1 < trip.end:
        link.due_s = max(link.due_s, now_s) + link.headway_s
    link.inside -= 1
    link.first = trip.behind
    if link.first >= 0:
        _call_first(traffic, row, now_s)
    else:
        link.last = NONE


@compiled
def _admit(traffic: Traffic, row: int, now_s: float) -> int:
    """Let in the trip that asked first, and return the link it came from (-1: none)."""
    link = traffic.links[row]
    mover = link.asking
    trip = traffic.trips[mover]
    link.asking = trip.asking_behind
    trip.asking_behind = NONE
    came_from = NONE
    if trip.at >= trip.start:
        came_from = int(traffic.steps[trip.at].link)
        _leave(traffic, came_from, now_s)
    _enter(traffic, mover, row, now_s)
    return came_from


@compiled
def _let_in(traffic: Traffic, row: int, now_s: float) -> None:
    """Fill the place that came free on a link, then the place that this frees, and so on."""
    while row >= 0:
        link = traffic.links[row]
        if link.asking < 0 or link.inside >= link.room:
            break
        row = _admit(traffic, row, now_s)


@compiled
def _stuck_s(traffic: Traffic, row: int) -> float:
    """When a full link will have stood still for too long, if nobody leaves it until then."""
    link = traffic.links[row]
    ready_s = traffic.trips[link.first].entered_s + link.free_s
    still_s = max(ready_s, link.asked_s, link.left_s)
    return float(still_s + traffic.stuck_s + link.headway_s)


@compiled
def _watch(traffic: Traffic, row: int) -> None:
    traffic.links[row].watched = 1
    _push(traffic, _stuck_s(traffic, row), -1 - row, row)


@compiled
def _look(traffic: Traffic, row: int, now_s: float) -> None:
    """Let one trip into a full link that stands still."""
    link = traffic.links[row]
    link.watched = 0
    if link.asking < 0:
        return
    if _stuck_s(traffic, row) <= now_s:
        link.asked_s = now_s
        traffic.used[3] += 1
        _let_in(traffic, _admit(traffic, row, now_s), now_s)
    if link.asking >= 0:
        _watch(traffic, row)


@compiled
def _move_on(traffic: Traffic, mover: int, came_from: int, now_s: float) -> None:
    """Enter the next link of a trip, or ask for it if it is full; `came_from` -1: departing."""
    row = traffic.steps[traffic.trips[mover].at + 1].link
    link = traffic.links[row]
    if link.inside < link.room:
        if came_from >= 0:
            _leave(traffic, came_from, now_s)
        _enter(traffic, mover, row, now_s)
        _let_in(traffic, came_from, now_s)
        return
    if link.asking >= 0:
        traffic.trips[link.asking_last].asking_behind = mover
        link.asking_last = mover
        return
    link.asking = mover
    link.asking_last = mover
    link.asked_s = now_s
    if link.watched == 0:
        _watch(traffic, row)


@compiled
def run(traffic: Traffic, until_s: float, arrived: NDArray[np.int64]) -> int:
    """Let everything happen up to and including a time.

    arrived: filled with the trips that ended, in order; needs a place for every trip under way.
    Returns how many ended. Source, check, what is ignored: see the module.
    """
    n_arrived = 0
    while traffic.used[0] > 0 and traffic.events[0].time_s <= until_s:
        event = traffic.events[0]
        now_s, rank, row = event.time_s, event.rank, event.row
        _drop_first(traffic)
        if rank < 0:
            _look(traffic, row, now_s)
            continue
        came_from = NONE
        mover = row
        if rank < len(traffic.links):
            came_from = row
            mover = traffic.links[row].first
        if traffic.trips[mover].at + 1 < traffic.trips[mover].end:
            _move_on(traffic, mover, came_from, now_s)
            continue
        traffic.trips[mover].arrive_s = now_s
        arrived[n_arrived] = mover
        n_arrived += 1
        if came_from >= 0:
            _leave(traffic, came_from, now_s)
            _let_in(traffic, came_from, now_s)
    return n_arrived

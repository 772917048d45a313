"""What is remembered of vehicles in queues: records of links, trips, steps and events.

`hapgang.science.queues` moves them; there stand the model, its source and its check.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hapgang.science.compiled import compiled

Floats = NDArray[np.float64]
Records = NDArray[np.void]

NONE = -1
NEVER_S = -1e18  # s; so long ago that it does not matter
CELL_M = 7.5  # m of a lane per standing vehicle: Nagel, Schreckenberg 1992, doi 10.1051/jp1:1992277

# free_s, headway_s: s; tolerance_s: how much earlier than due a vehicle may leave, s; due_s: when
# the next may leave by flow capacity; recent_s: time it took lately, as of left_s; room, inside:
# vehicles; first, last: trips on the link; asking, asking_last: trips that want to come in, since
# asked_s without anyone let in by force; watched: 1 while an event waits to look after them.
LINK = np.dtype(
    [
        (name, "f8")
        for name in ("free_s", "headway_s", "tolerance_s", "due_s", "recent_s", "left_s", "asked_s")
    ]
    + [(name, "i8") for name in ("room", "inside", "first", "last", "asking", "asking_last")]
    + [("watched", "i8")]
)
# start, end: rows of its steps; at: the step it is on, start - 1 before the first; behind: the next
# trip on the same link; asking_behind: the next that asks for the same link.
TRIP = np.dtype(
    [(name, "f8") for name in ("depart_s", "entered_s", "arrive_s")]
    + [(name, "i8") for name in ("vehicle", "start", "end", "at")]
    + [(name, "i8") for name in ("behind", "asking_behind")]
)
# link, and when it was entered, s after `depart_s`; NaN before.
STEP = np.dtype([("link", "i4"), ("after_s", "f4")])
# Equal times go by rank: looks (below 0), links by row, departures by vehicle. row: link or trip.
EVENT = np.dtype([("time_s", "f8"), ("rank", "i8"), ("row", "i8")])


class Traffic(NamedTuple):
    """Everything on the streets: records of links, trips, their steps, and a heap of events.

    used (4,): how many events, trips and steps are in use (what lies behind them is spare), and how
    often a vehicle was let into a full link. stuck_s: for how long a full link must stand still
    before that happens, s, on top of its headway. memory_s: how long a link's travel time
    is remembered, s.
    """

    links: Records
    trips: Records
    steps: Records
    events: Records
    used: NDArray[np.int64]
    stuck_s: float
    memory_s: float


def make_links(free_s: Floats, headway_s: Floats, tolerance_s: Floats, room: Floats) -> Records:
    """Empty links.

    free_s (links): s, at least 0. headway_s (links): s between vehicles at flow capacity, 0: no
    limit. tolerance_s (links): how far vehicles may run ahead of these headways after a lull, s
    (the generic cell rate algorithm, ITU-T I.371; 0: never closer than the headway). room (links):
    vehicles, rounded up, at least 1. Source, check, what is ignored: see the module.
    """
    links = np.zeros(len(free_s), LINK)
    links["free_s"] = links["recent_s"] = free_s
    links["headway_s"], links["tolerance_s"] = headway_s, tolerance_s
    links["room"] = np.maximum(np.ceil(room - 1e-9), 1)
    links["due_s"] = links["left_s"] = links["asked_s"] = NEVER_S
    for name in ("first", "last", "asking", "asking_last"):
        links[name] = NONE
    return links


def sampled_links(
    length_m: Floats, lanes: Floats, capacity_veh_h: Floats, free_s: Floats, *, share: float
) -> Records:
    """Empty links of a city of whose vehicles only a share is moved, each standing for 1/share.

    length_m, lanes, capacity_veh_h (0: no limit), free_s (inf: closed), each (links); share in
    (0, 1]. Flow and room shrink with the share. In a sample chance clusters weigh more: at a load
    rho the chance of waiting longer than x falls as exp(-theta x / headway) with
    rho (exp(theta) - 1) = theta, so the mean wait of random arrivals grows as 1/share.
    b = ln(1/share) vehicles of tolerance take this growth out, exactly where theta = 1
    (rho = 0.58); the queue of an overload becomes b headways shorter, and b more vehicles find
    room for the same reason. With share 1, b is 0.
    Source: decay rate of M/D/1, Asmussen 2003, "Applied Probability and Queues", ch. XIII; room at
    least what flow capacity needs at free speed: MATSim, QueueWithBuffer. Checked:
    tests/science/test_queues.py, mean wait and spillback by share.
    """
    if not 0 < share <= 1:
        raise ValueError("share must be above 0 and at most 1")
    burst = round(math.log(1 / share), 6)
    limited = capacity_veh_h > 0
    headway_s = np.where(limited, 3600.0 / (np.where(limited, capacity_veh_h, 1.0) * share), 0.0)
    cells = length_m * np.maximum(lanes, 1.0) / CELL_M * share
    flowing = limited & np.isfinite(free_s)
    moving = np.divide(free_s, headway_s, out=np.zeros_like(headway_s), where=flowing)
    return make_links(free_s, headway_s, burst * headway_s, np.maximum(cells, moving) + burst)


def make_traffic(links: Records, *, stuck_s: float, memory_s: float) -> Traffic:
    """Streets without vehicles; the links are used as they are, not copied."""
    events = np.zeros(2 * len(links), EVENT)
    used = np.zeros(4, np.int64)
    return Traffic(
        links, np.zeros(0, TRIP), np.zeros(0, STEP), events, used, float(stuck_s), float(memory_s)
    )


def grown(records: Records, needed: int) -> Records:
    """Records with room for as many as needed; what was there stays in front."""
    if needed <= len(records):
        return records
    larger = np.zeros(max(needed, 2 * len(records)), records.dtype)
    larger[: len(records)] = records
    return larger


def times_lately_s(traffic: Traffic, now_s: float) -> Floats:
    """Seconds that links took lately, (links), at least their free time.

    The average of the vehicles that left, forgotten towards the free time over `memory_s`, or
    what the first vehicle in the queue has already spent, whichever is more.
    """
    return _lately(traffic.links, traffic.trips, float(now_s), traffic.memory_s)


@compiled
def _lately(links: Records, trips: Records, now_s: float, memory_s: float) -> Floats:
    time_s = np.empty(len(links))
    for row in range(len(links)):
        link = links[row]
        slower_s = link.recent_s - link.free_s
        if not slower_s > 0.0:  # closed links, too: their free time is infinite
            slower_s = 0.0
        lately_s = link.free_s + memory_s / (memory_s + (now_s - link.left_s)) * slower_s
        if link.first >= 0:
            lately_s = max(lately_s, now_s - trips[link.first].entered_s)
        time_s[row] = lately_s
    return time_s

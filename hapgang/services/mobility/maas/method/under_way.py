"""Where the runs of a timetable are at an instant."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hapgang.science.connection_scan import Connections


class Between(NamedTuple):
    """Runs on their way: from which stop to which, and how much of the way is behind them."""

    run: NDArray[np.int64]
    from_stop: NDArray[np.int64]
    to_stop: NDArray[np.int64]
    share: NDArray[np.float64]  # 0 at the one stop, 1 at the other, where it may wait


def under_way(hops: Connections, runs: int, now_s: float) -> Between:
    """Return the runs that have left their first stop and not reached their last one.

    hops: sorted by departure, each run's in order; runs: how many there are; now_s: seconds of the
    service day. A run that waits at a stop has done all of the way to it. What lies between the
    calls, such as lights and queues, is not known: the share of the way is the share of the time.
    Checked: every run against its own calls, one by one (Hypothesis).
    """
    begun = int(np.searchsorted(hops.departure_s, now_s, side="right"))
    last = np.full(runs, -1, dtype=np.int64)
    np.maximum.at(last, hops.run[:begun], np.arange(begun))
    goes_on = np.zeros(runs, dtype=np.bool_)
    goes_on[hops.run[begun:]] = True
    run = np.flatnonzero(last >= 0)
    hop = last[run]
    kept = (hops.arrival_s[hop] > now_s) | goes_on[run]
    run, hop = run[kept], hop[kept]
    takes_s = np.maximum(hops.arrival_s[hop] - hops.departure_s[hop], 1)
    share = np.clip((now_s - hops.departure_s[hop]) / takes_s, 0.0, 1.0)
    stops = hops.departure_stop[hop].astype(np.int64), hops.arrival_stop[hop].astype(np.int64)
    return Between(run, *stops, share)

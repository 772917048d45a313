"""How late a run is at each of its calls, from what is known of some of them.

A delay that is told for a call holds for those after it until another is told; no call is later
than the next one. Before the first call that is told of, the run is on time. Making up time and
holding for connections are ignored.

Source: General Transit Feed Specification Realtime, reference, "TripUpdate" and "StopTimeUpdate"
on the propagation of delays. Checked: tests/science/test_delays.py, closed forms and invariants.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hapgang.science.compiled import compiled

Ints = NDArray[np.int32]


class Told(NamedTuple):
    """What is told of runs: run i has the entries first[i] to first[i + 1] - 1, in order of calls.

    call: 0 is the first of the run. arrival_s, departure_s: how late, s; early is negative.
    """

    first: NDArray[np.int64]
    call: Ints
    arrival_s: Ints
    departure_s: Ints


@compiled
def expected(first: NDArray[np.int64], arrival_s: Ints, departure_s: Ints, told: Told) -> None:
    """Turn scheduled times into expected ones, in place.

    first (runs + 1): run i calls at entries first[i] to first[i + 1] - 1 of arrival_s and
    departure_s, s, which do not fall. What comes out does not fall either, as long as the times
    that are told do not. Source, check, what is ignored: see the module.
    """
    for run in range(len(first) - 1):
        begin, end = first[run], first[run + 1]
        late_s = np.int32(0)
        at = told.first[run]
        for call in range(begin, end):
            comes_s = late_s
            if at < told.first[run + 1] and told.call[at] == call - begin:
                comes_s, late_s = told.arrival_s[at], told.departure_s[at]
                at += 1
            arrival_s[call] += comes_s
            departure_s[call] += late_s
        for call in range(end - 2, begin - 1, -1):
            departure_s[call] = min(departure_s[call], arrival_s[call + 1])
            arrival_s[call] = min(arrival_s[call], departure_s[call])

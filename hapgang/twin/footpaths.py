"""Walks between the stops of a timetable, and from places to stops."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hapgang.science.connection_scan import Walks
from hapgang.twin.gtfs import Transfers
from hapgang.twin.modes import Modes
from hapgang.twin.network import Network
from hapgang.twin.speeds import WALK_M_S
from hapgang.twin.timetable import Timetable

# Length on streets over length as the crow flies. Kim, Shin, Lee, Suh 2015, "Calculation of
# Regional Circuity Factors using Road Network Distance in South Korea", J. KSAE 57(4): 1.26.
CIRCUITY = 1.26

Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]  # from, to, s or m


def called(timetable: Timetable) -> NDArray[np.int64]:
    """Rows of the stops that some trip calls at."""
    return np.unique(timetable.trips.stop).astype("i8")


def near(a: NDArray[np.float64], b: NDArray[np.float64], within_m: float) -> Pairs:
    """Pairs of points not farther apart than a distance as the crow flies, with it, m."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 (a city starts without)

    found = cKDTree(a).sparse_distance_matrix(cKDTree(b), within_m, output_type="ndarray")
    return found["i"].astype("i8"), found["j"].astype("i8"), found["v"]


def footpaths(
    network: Network,
    timetable: Timetable,
    nodes: NDArray[np.int64],
    gap_s: NDArray[np.float64],
    footpath_m: float,
) -> Pairs:
    """Walks between stops, s: on streets; else, off the map or inside a station, straight."""
    stops = called(timetable)
    limit_s = footpath_m / WALK_M_S
    i, j, walk_s = network.reach(Modes.WALK, nodes[stops], nodes[stops], limit_s)
    walk = walk_s + gap_s[stops[i]] + gap_s[stops[j]]
    xy, parent = timetable.stops.xy[stops], timetable.stops.parent[stops]
    near_i, near_j, near_m = near(xy, xy, footpath_m / CIRCUITY)
    off = np.isinf(gap_s[stops])
    straight = off[near_i] | off[near_j]
    straight |= (parent[near_i] == parent[near_j]) & (parent[near_i] >= 0)
    i = np.concatenate((i, near_i[straight]))
    j = np.concatenate((j, near_j[straight]))
    walk = np.concatenate((walk, near_m[straight] * CIRCUITY / WALK_M_S))
    kept = (i != j) & (walk <= limit_s)
    return stops[i[kept]], stops[j[kept]], walk[kept]


def with_rules(feet: Pairs, rules: Transfers, parent: NDArray[np.int32], change_s: int) -> Pairs:
    """Let the feed's rules for changing overrule the walks; a station's rule holds for its stops.

    Rules for changing at one and the same stop are ignored.
    """
    if not rules.from_stop.size:
        return feet
    inside: dict[int, list[int]] = {}
    for stop in range(len(parent)):
        for name in {stop, int(parent[stop])} - {-1}:
            inside.setdefault(name, []).append(stop)
    columns = (rules.from_stop.tolist(), rules.to_stop.tolist(), rules.least_s.tolist())
    ruled = {
        (a, b): least_s
        for start, end, least_s in zip(*columns, strict=True)
        for a in inside.get(start, [])
        for b in inside.get(end, [])
        if a != b
    }
    timed = {(int(a), int(b)): float(s) for a, b, s in zip(*feet, strict=True)}
    for pair, least_s in ruled.items():
        if least_s < 0:
            timed.pop(pair, None)
        elif least_s > 0:
            timed[pair] = max(least_s - change_s, 0)
    pairs = np.array(list(timed), dtype="i8").reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1], np.array(list(timed.values()))


def walks_from(
    n: int, start: NDArray[np.int64], stop: NDArray[np.int64], walk_s: ArrayLike
) -> Walks:
    """Sort walks by where they start, keep the shortest of each pair, round up to seconds."""
    seconds = np.ceil(np.asarray(walk_s, "f8")).astype("i4")
    order = np.lexsort((seconds, stop, start))
    start, stop, seconds = start[order], stop[order], seconds[order]
    new = np.ones(len(start), dtype=np.bool_)
    new[1:] = (start[1:] != start[:-1]) | (stop[1:] != stop[:-1])
    first = np.searchsorted(start[new], np.arange(n + 1)).astype("i8")
    return Walks(first, stop[new].astype("i4"), seconds[new])

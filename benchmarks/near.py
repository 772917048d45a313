"""Finding what is near, among 5,000."""

import statistics

import numpy as np
from scipy.spatial import cKDTree

from benchmarks.report import Result, load_average
from benchmarks.town import COUNTERS, NAME, Counter
from benchmarks.writer import RUNS, bench_runtime, median_us
from hapgang.contract import where
from hapgang.core.chance import Stream
from hapgang.core.geometry import Point, degree_lengths_m
from hapgang.hub.desk import Desk

GOAL_US = 50.0
NEAREST = 5
WITHIN_M = 300.0
_CALLS = 4_000


def run() -> list[Result]:
    """Measure the nearest few that are free, beside a tree that SciPy has built beforehand."""
    runtime = bench_runtime()
    unit = runtime.writer.begin(runtime.clock.now(), "bench", "bench")
    desk = Desk(runtime.rights[NAME], runtime.state, unit, "bench", runtime.closed)
    chance = Stream(2)
    spots = [
        Point((127.3 + chance.uniform(0, 0.02), 36.51 + chance.uniform(0, 0.02)))
        for _ in range(_CALLS)
    ]

    def nearest(number: int) -> None:
        free = where.state == "free"
        desk.find(Counter, free, near=spots[number], within_m=WITHIN_M, limit=NEAREST)

    def everything(number: int) -> None:
        desk.find(Counter, near=spots[number], within_m=WITHIN_M)

    lon_m, lat_m = degree_lengths_m(36.51)
    tree = _tree_of([counter.location for counter in desk.find(Counter)], lon_m, lat_m)

    def by_tree(number: int) -> None:
        at = spots[number]
        tree.query((at.lon * lon_m, at.lat * lat_m), NEAREST, distance_upper_bound=WITHIN_M)

    few = [median_us(nearest, _CALLS) for _ in range(RUNS)]
    peer_us = statistics.median(median_us(by_tree, _CALLS) for _ in range(RUNS))
    all_us = statistics.median(median_us(everything, 500) for _ in range(RUNS))
    return [
        Result(
            name="near.five_of_5000_us", value=round(statistics.median(few), 1), unit="µs",
            goal=GOAL_US, peer="SciPy's k-d tree, which cannot change",
            peer_value=round(peer_us, 1),
            note=f"the nearest {NEAREST} free ones; least {min(few):.1f}; {load_average()}",
        ),
        Result(
            name="near.all_within_300_m_us", value=round(all_us, 1), unit="µs",
            note=f"some {COUNTERS * 3.14159 * 0.3**2 / (1.79 * 2.22):.0f} of 5,000, sorted",
        ),
    ]  # fmt: skip


def _tree_of(places: list[Point], lon_m: float, lat_m: float) -> cKDTree:
    return cKDTree(np.array([(at.lon * lon_m, at.lat * lat_m) for at in places]))

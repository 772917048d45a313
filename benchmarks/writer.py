"""What the platform adds to an action's own logic, on the writer."""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec

from benchmarks.report import Result, load_average
from benchmarks.town import COUNTERS, NAME, Counter, bump, counter_id, set_up, town
from hapgang.contract import Caller, Role
from hapgang.core.clock import RealClock, VirtualClock
from hapgang.core.geometry import Point
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform import platform
from hapgang.writer.writer import Writer

RUNS = 5
CALLS = 20_000
GOAL_US = 15.0
SEOUL = ZoneInfo("Asia/Seoul")
_CALLER = Caller("urn:ngsi-ld:Person:bench", Role.RESIDENT)


def run() -> list[Result]:
    """Measure an action as HTTP runs it, beside the same logic on a dictionary."""
    runtime = bench_runtime()
    runtime.clock = RealClock(SEOUL)
    spec = runtime.spec(bump)
    arguments = [spec.arguments(counter=counter_id(n)) for n in range(COUNTERS)]
    here = Point((127.3, 36.5))
    plain = {counter_id(n): Counter(id=counter_id(n), location=here) for n in range(COUNTERS)}

    def act(number: int) -> None:
        runtime.run(spec, _CALLER, arguments[number % COUNTERS])

    def bare(number: int) -> None:
        counter = counter_id(number % COUNTERS)
        found = plain[counter]
        plain[counter] = msgspec.structs.replace(found, count=found.count + 1)

    for function in (act, bare):
        median_us(function)
    pairs = [(median_us(act), median_us(bare)) for _ in range(RUNS)]
    added = [action - logic for action, logic in pairs]
    action_us, logic_us = (statistics.median(values) for values in zip(*pairs, strict=True))
    return [
        Result(
            name="writer.action_adds_us", value=round(statistics.median(added), 2), unit="µs",
            goal=GOAL_US, peer="the logic itself, on a dictionary", peer_value=round(logic_us, 2),
            note=f"whole action {action_us:.1f} µs; least {min(added):.1f}; {load_average()}",
        )
    ]  # fmt: skip


def bench_runtime() -> Runtime:
    """Return a runtime without a disk, with the counters in it."""
    runtime = Runtime(
        {NAME: town, "platform": platform},
        clock=VirtualClock(datetime(2026, 11, 23, tzinfo=UTC), SEOUL),
        writer=Writer(),
        scene=None,  # type: ignore[arg-type]  # no action here looks at the ground
        seed=1,
    )
    runtime.perform(set_up, PLATFORM)
    return runtime


def median_us(function: Callable[[int], object], calls: int = CALLS) -> float:
    """Return the median time of a call, µs."""
    times_ns = []
    for number in range(calls):
        started_ns = time.perf_counter_ns()
        function(number)
        times_ns.append(time.perf_counter_ns() - started_ns)
    return statistics.median(times_ns) / 1e3

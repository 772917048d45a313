"""Plans of journeys on a large timetable: how long one takes, by bus alone and with all feeders.

And what they cost others: how late the city's loop is while people plan, and how soon a plan has
what a feed tells.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.grid_city import LAT, LON, SIDE, STEP_DEG, make_grid_city
from benchmarks.live_plans import CALLERS, STOPS, UPDATES, feed_ms, others_wait_ms
from benchmarks.report import Result, load_average
from hapgang.contract import Caller, Role
from hapgang.core.clock import VirtualClock
from hapgang.runtime.discover import discover
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform import platform
from hapgang.runtime.platform.people import register_person
from hapgang.services.mobility.maas.actions import plan
from hapgang.twin.scene import load_scene
from hapgang.writer.digest import Digest
from hapgang.writer.writer import Writer

STOP_TIMES = 430_000
QUERIES = 600
ALL_WAYS = "walk,bicycle,pm,bus,car"
GOAL_FEED_MS = 1_000.0
GOAL_P50_MS, GOAL_P99_MS, GOAL_FEEDERS_P99_MS = 2.0, 15.0, 50.0
_EIGHT = datetime(2026, 9, 15, 23, 0, tzinfo=UTC)  # Wednesday, 08:00 in Seoul
_ME = Caller("urn:ngsi-ld:Person:bench", Role.RESIDENT)


def run() -> list[Result]:
    """Make the city once, and ask."""
    with tempfile.TemporaryDirectory() as folder:
        runtime, stop_times = _city(Path(folder))
        by_bus = _asked_ms(runtime, "walk,bus")
        feeders = _asked_ms(runtime, ALL_WAYS)
        live = _live(runtime)
    note = f"{stop_times:,} stop times, {SIDE * SIDE:,} junctions; {load_average()}"
    return [
        Result(
            name="mobility.maas.query_p50_ms", value=round(statistics.median(by_bus), 2),
            unit="ms", goal=GOAL_P50_MS, note=f"on foot and by timetable; {note}",
        ),
        Result(
            name="mobility.maas.query_p99_ms", value=round(_p99(by_bus), 2), unit="ms",
            goal=GOAL_P99_MS, note=f"{QUERIES} queries",
        ),
        Result(
            name="mobility.maas.feeders_p50_ms", value=round(statistics.median(feeders), 2),
            unit="ms", note="with bicycle, car, shared vehicles of an operator",
        ),
        Result(
            name="mobility.maas.feeders_p99_ms", value=round(_p99(feeders), 2), unit="ms",
            goal=GOAL_FEEDERS_P99_MS, note="as above",
        ),
        *live,
    ]  # fmt: skip


def _live(runtime: Runtime) -> list[Result]:
    """Measure what plans and feeds cost others."""
    words = partial(_words, ALL_WAYS)
    inside = others_wait_ms(runtime, words, beside=False)
    beside = others_wait_ms(runtime, words, beside=True)
    feed, held = feed_ms(runtime, partial(_words, "walk,bus"))
    crowd = f"{CALLERS} people plan with all feeders without a pause"
    return [
        Result(
            name="mobility.maas.others_wait_in_the_loop_p99_ms", value=round(_p99(inside), 1),
            unit="ms", note=f"if plans were made where actions are: {crowd}",
        ),
        Result(
            name="mobility.maas.others_wait_p99_ms", value=round(_p99(beside), 1), unit="ms",
            note=f"beside the loop, as it is; in the middle {statistics.median(beside):.1f} ms",
        ),
        Result(
            name="mobility.maas.feed_to_plan_ms", value=round(feed), unit="ms", goal=GOAL_FEED_MS,
            note=f"GTFS-RT, {UPDATES:,} trips of {STOPS} stops: from the message to a plan",
        ),
        Result(
            name="mobility.maas.feed_holds_the_writer_ms", value=round(held, 1), unit="ms",
            note="of it; the rest is done beside",
        ),
    ]  # fmt: skip


def _city(folder: Path) -> tuple[Runtime, int]:
    scene = load_scene(make_grid_city(folder, stop_times=STOP_TIMES), "plan")
    assert scene.timetable is not None
    services = {name: discover()[name] for name in ("mobility.maas", "mobility.sharing")}
    runtime = Runtime(
        {**services, "platform": platform},
        clock=VirtualClock(_EIGHT, ZoneInfo(scene.time_zone)),
        writer=Writer(digest=Digest()),
        scene=scene,
        seed=1,
        settings=dict(scene.scenario.settings),
    )
    for service in services.values():
        if service.setup is not None:
            runtime.perform(service.setup, PLATFORM)
    runtime.perform(
        register_person, PLATFORM, person=_ME.id, age_band="30-39", licence=True,
        balance_won=50_000,
    )  # fmt: skip
    return runtime, len(scene.timetable.trips.stop)


def _asked_ms(runtime: Runtime, ways: str) -> list[float]:
    chance = random.Random(1)
    _once(runtime, ways, chance)  # reads the day's timetable, compiles
    return [_timed_ms(lambda: _once(runtime, ways, chance)) for _ in range(QUERIES)]


def _once(runtime: Runtime, ways: str, chance: random.Random) -> None:
    assert runtime.perform(plan, _ME, **_words(ways, chance))


def _words(ways: str, chance: random.Random) -> dict[str, Any]:
    span = SIDE * STEP_DEG
    places = [LON + chance.random() * span, LAT + chance.random() * span]
    places += [LON + chance.random() * span, LAT + chance.random() * span]
    words = dict(zip(("from_lon", "from_lat", "to_lon", "to_lat"), places, strict=True))
    return {**words, "ways": ways}


def _timed_ms(work: Callable[[], None]) -> float:
    started_s = time.perf_counter()
    work()
    return (time.perf_counter() - started_s) * 1e3


def _p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]

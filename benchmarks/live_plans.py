"""A city with a large timetable as it lives: feeds that come in, and others who wait meanwhile."""

import asyncio
import random
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from hapgang.contract import Caller, Role
from hapgang.runtime.beside import Beside
from hapgang.runtime.perform import Runtime
from hapgang.services.mobility.maas.actions import plan, take_gtfs_rt
from hapgang.twin.realtime import Moment, StopTime, TripName, TripUpdate, write

UPDATES = 1_000
STOPS = 20  # of each update
FEEDS = 9
CALLERS, PLANS = 4, 25
_BEAT_S = 0.002
_BUS = Caller("urn:ngsi-ld:Device:bus", Role.DEVICE)
_ME = Caller("urn:ngsi-ld:Person:bench", Role.RESIDENT)
Words = Callable[[random.Random], dict[str, Any]]


def feed_ms(runtime: Runtime, words: Words) -> tuple[float, float]:
    """How long from a feed's message to a plan that has it, ms; and how long others wait for it.

    The second is the longest that an action was kept waiting, as nothing else runs meanwhile.
    """
    chance = random.Random(1)
    took_ms, held_ms = [], []
    for number in range(FEEDS):
        body = _feed(runtime, number)
        started_s = time.perf_counter()
        held_ms.append(asyncio.run(_taken(runtime, body)))
        assert runtime.perform(plan, _ME, **words(chance))
        took_ms.append((time.perf_counter() - started_s) * 1e3)
    return statistics.median(took_ms), statistics.median(held_ms)


async def _taken(runtime: Runtime, body: bytes) -> float:
    """Take a message in; return the longest that the writer was held, ms."""
    spec = runtime.spec(take_gtfs_rt)
    held_ms: list[float] = []
    away = time.perf_counter()

    async def beside(work: Callable[[], Any]) -> Any:
        nonlocal away
        held_ms.append((time.perf_counter() - away) * 1e3)
        found = work()
        away = time.perf_counter()
        return found

    arguments = spec.check_arguments({"body": body, "source": "bench"})
    report = await runtime.run_beside(spec, _BUS, arguments, beside)
    assert report.late_runs == UPDATES
    held_ms.append((time.perf_counter() - away) * 1e3)
    return max(held_ms)


def _feed(runtime: Runtime, seed: int) -> bytes:
    """Return a message of runs of the morning, each late at other stops than the next."""
    timetable = runtime.scene.timetable
    assert timetable is not None
    trips, rng = timetable.trips, np.random.default_rng(seed)
    now = runtime.clock.now()
    begins_s = trips.departure_s[trips.first[:-1]]
    soon = np.flatnonzero((begins_s > 6.5 * 3600) & (begins_s < 9 * 3600))
    updates = []
    for number, row in enumerate(rng.choice(soon, UPDATES, replace=False)):
        calls = trips.sequence[trips.calls(int(row))][::2][:STOPS]
        late_s = np.cumsum(rng.integers(1, 40, len(calls))).tolist()
        stops = tuple(
            StopTime(call, "", Moment(s), Moment(s))
            for call, s in zip(calls.tolist(), late_s, strict=True)
        )
        name = TripName(str(trips.trip[row]), start_date="20260916")
        updates.append(TripUpdate(str(number), name, stops))
    return write(int(now.timestamp()), updates)


def others_wait_ms(runtime: Runtime, words: Words, *, beside: bool) -> list[float]:
    """How late a heartbeat of the city's loop is while some people plan without a pause, ms."""
    return asyncio.run(_waited(runtime, words, beside))


async def _waited(runtime: Runtime, words: Words, is_beside: bool) -> list[float]:
    late_ms: list[float] = []
    heart = asyncio.create_task(_beat(late_ms))
    do = Beside()
    await asyncio.gather(*(_planning(runtime, words, do, who, is_beside) for who in range(CALLERS)))
    heart.cancel()
    await asyncio.gather(heart, return_exceptions=True)
    return late_ms


async def _beat(late_ms: list[float]) -> None:
    while True:
        started_s = time.perf_counter()
        await asyncio.sleep(_BEAT_S)
        late_ms.append((time.perf_counter() - started_s - _BEAT_S) * 1e3)


async def _planning(runtime: Runtime, words: Words, do: Beside, who: int, is_beside: bool) -> None:
    chance, spec = random.Random(who), runtime.spec(plan)
    for _ in range(PLANS):
        arguments = spec.check_arguments(words(chance))
        if is_beside:
            await runtime.run_beside(spec, _ME, arguments, partial(do, who=str(who)))
        else:
            runtime.run(spec, _ME, arguments)
            await asyncio.sleep(0)

"""Coming back from disk with 200,000 entities."""

import asyncio
import gc
import resource
import statistics
import time
from typing import Any

import asyncpg

from benchmarks.database import scratch_server
from benchmarks.report import Result, load_average
from benchmarks.town import Counter, counter_id
from benchmarks.writer import bench_runtime
from hapgang.app.load import load
from hapgang.core.geometry import Point
from hapgang.hub.desk import Desk
from hapgang.hub.privacy import KeyVault
from hapgang.runtime.perform import Runtime
from hapgang.writer.journal import Journal
from hapgang.writer.recall import Recall
from hapgang.writer.recovery import Archive
from hapgang.writer.writer import Writer

ENTITIES = 200_000
GOAL_S = 5.0
RUNS = 3
_IN_A_UNIT = 1_000


def run() -> list[Result]:
    """Measure how long a restart reads."""
    with scratch_server() as server:
        vault = KeyVault(bytes(32))
        asyncio.run(_fill(server.connect_kwargs, vault))
        times_s = [asyncio.run(_reload(server.connect_kwargs, vault)) for _ in range(RUNS)]
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Result(
            name="reload.entities_200000_s", value=round(statistics.median(times_s), 2), unit="s",
            goal=GOAL_S,
            note=f"least {min(times_s):.2f} s; at most {peak_mb:.0f} MB; {load_average()}",
        )
    ]  # fmt: skip


async def _fill(connect: dict[str, Any], vault: KeyVault) -> None:
    journal = await Journal.open(vault, **connect)
    await journal.take_charge(wait=False)
    runtime = _empty()
    runtime.writer.resume(journal, last_seq=0, last_position=0)
    for first in range(0, ENTITIES, _IN_A_UNIT):
        unit = runtime.writer.begin(runtime.clock.now(), "bench", "bench")
        desk = Desk(runtime.rights["bench.town"], runtime.state, unit, "bench", runtime.closed)
        for number in range(first, first + _IN_A_UNIT):
            at = Point((127.3 + number * 1e-7, 36.5))
            desk.save(Counter(id=counter_id(number), location=at, count=number))
        runtime.writer.commit(unit)
        await runtime.writer.flush()
    await journal.close()


async def _reload(connect: dict[str, Any], vault: KeyVault) -> float:
    runtime = _empty()
    recall = Recall(**connect)
    async with asyncpg.create_pool(min_size=1, max_size=2, **connect) as pool:
        gc.collect()
        gc.disable()  # as a starting city does
        started_s = time.perf_counter()
        await load(runtime, Archive(pool), recall, vault)
        took_s = time.perf_counter() - started_s
        gc.enable()
    recall.close()
    last = runtime.state.get(counter_id(ENTITIES - 1))
    assert last is not None
    assert len(runtime.state) == ENTITIES
    assert last.value("value") == ENTITIES - 1
    return took_s


def _empty() -> Runtime:
    made = bench_runtime()
    return Runtime(made.services, clock=made.clock, writer=Writer(), scene=made.scene, seed=1)

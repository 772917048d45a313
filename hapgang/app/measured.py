"""What operators measure of a city process: `/metrics`, and which requests were slow."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from hapgang.app.collect.measured import feed_families
from hapgang.app.context import Context, Reply, Respond, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.app.log.measured import log_families
from hapgang.app.traffic import MOST_SLOW, SLOW_S, SlowRequest, Traffic
from hapgang.app.wiring import LiveCity
from hapgang.contract import ANYONE, Role
from hapgang.runtime.exposition import (
    OPEN_METRICS,
    TEXT,
    Family,
    Sample,
    of_histogram,
    one,
    text_of,
)

_STATM = Path("/proc/self/statm")
_DESCRIPTORS = Path("/proc/self/fd")
_BEGAN_S = time.time()


def families_of(live: LiveCity) -> Iterator[Family]:
    """Yield the numbers of a city; of one that starts or stands by only that it does not serve."""
    is_there = live.in_charge.is_set()
    yield one("hapgang_serving", "gauge", "Whether this process serves the city.", int(is_there))
    if is_there:
        yield from _families_of(live)


def _families_of(live: LiveCity) -> Iterator[Family]:
    runtime = live.runtime
    writer, state = runtime.writer, runtime.state
    yield one("hapgang_entities", "gauge", "Live entities in memory.", len(state))
    yield one("hapgang_waiting_units", "gauge", "Units that wait for the disk.", writer.backlog)
    yield one("hapgang_last_unit", "counter", "Units since the city was made.", writer.last_seq)
    yield Family(
        "hapgang_group_units", "histogram", "Units in a commit.", of_histogram(writer.group_units)
    )
    yield Family(
        "hapgang_commit_seconds", "histogram", "Time of a commit.",
        of_histogram(writer.commit_seconds),
    )  # fmt: skip
    yield Family(
        "hapgang_handler_waiting", "gauge", "Lines of the feed that wait for a handler.",
        [Sample(len(r.lines), {"handler": r.name}) for r in live.handlers.readers],
    )  # fmt: skip
    yield one(
        "hapgang_deliveries_waiting", "gauge", "Notifications that wait or are tried.",
        live.notifier.waiting,
    )  # fmt: skip
    for type_name, name, about in (
        ("Subscription", "hapgang_subscriptions", "Subscriptions."),
        ("DeadLetter", "hapgang_dead_letters", "Lines that a handler could not take."),
        ("QuarantinedRecord", "hapgang_quarantined", "Input that did not fit."),
    ):
        yield one(name, "gauge", about, state.count(type_name))
    yield from feed_families(state)
    yield from log_families(live.log, state)
    yield from runtime.metrics.families()


def process_families() -> Iterator[Family]:
    """Yield what Prometheus' own clients tell of a process, under their names."""
    used = os.times()
    yield one("process_cpu_seconds", "counter", "Processor time.", used.user + used.system)
    yield one("process_start_time_seconds", "gauge", "Since 1970.", _BEGAN_S)
    if _STATM.exists():
        pages = int(_STATM.read_text().split()[1])
        resident = pages * os.sysconf("SC_PAGE_SIZE")
        yield one("process_resident_memory_bytes", "gauge", "Resident memory.", resident)
        n_open = len(list(_DESCRIPTORS.iterdir()))
        yield one("process_open_fds", "gauge", "Open file descriptors.", n_open)


def measured_endpoints(traffic: Traffic) -> list[Endpoint]:
    """Return the endpoints that tell it."""

    async def metrics(context: Context) -> Respond:
        """Tell all numbers, in the form that is asked for."""
        is_open_metrics = "application/openmetrics-text" in (context.header(b"accept") or "")
        families = [*families_of(context.live), *traffic.families(), *process_families()]
        said = text_of(families, is_open_metrics=is_open_metrics).encode()
        return Reply(said, media_type=OPEN_METRICS if is_open_metrics else TEXT)

    async def slow(context: Context) -> Respond:
        """Tell which requests were slow."""
        return json_reply(traffic.slow())

    return [
        Endpoint(
            "GET", "/metrics", frozenset(ANYONE), metrics, media_type="text/plain",
            summary="Counters, for Prometheus; as OpenMetrics where that is accepted.",
        ),
        Endpoint(
            "GET", "/api/operations/slow", frozenset({Role.OPERATOR}), slow,
            summary=f"The last {MOST_SLOW} requests that took {SLOW_S:g} s or failed.",
            returns=list[SlowRequest],
        ),
    ]  # fmt: skip

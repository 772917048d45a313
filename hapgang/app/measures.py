"""What has happened in a living city: an entity's history, and today's KPIs from the lake."""

import asyncio
import datetime as dt
import logging
import math
import time
from typing import Any

import msgspec
from starlette.responses import Response

from hapgang.app.context import JSON, Context
from hapgang.app.endpoints import Endpoint
from hapgang.app.lakes import RUN, write_on
from hapgang.app.load import read_item
from hapgang.contract import ANYONE, Role, Text
from hapgang.core.entity import find_type
from hapgang.core.errors import Invalid
from hapgang.hub.lake import Lake
from hapgang.hub.temporal.evolution import measured

_log = logging.getLogger(__name__)
_SIGNED_IN = frozenset(role for role in Role if role is not Role.ANONYMOUS)
_MOST_LINES = 500
_FRESH_S = 60.0


class HistoryLine(msgspec.Struct):
    """One change of an entity, an event about it, or what was measured of it in bulk."""

    position: int
    at: str
    action: str
    kind: str
    name: str
    body: Any


class LiveKpi(msgspec.Struct):
    """A KPI of the living city, measured today."""

    service: str
    name: str
    title: Text
    unit: str
    better: str
    value: float | None
    target: float | None
    source: str
    source_ko: str


class Today:
    """Writes today's part of the lake for readers, at most once a minute whoever asks."""

    def __init__(self) -> None:
        """Nothing was written yet."""
        self._lock = asyncio.Lock()
        self._written_s = -math.inf

    async def write(self, context: Context) -> None:
        """Bring the lake up to date, if that was long ago."""
        async with self._lock:
            if time.monotonic() - self._written_s >= _FRESH_S:
                await write_on(context.live.reads, context.live.clock, context.live.folder)
                self._written_s = time.monotonic()


def measure_endpoints(today: Today) -> list[Endpoint]:
    """Return the endpoints; `today` brings the lake up to date."""

    async def kpis(context: Context) -> Response:
        return await _kpis(context, today)

    return [
        Endpoint(
            "GET", "/api/history/{entity}", _SIGNED_IN, _history,
            summary="An entity's changes, measurements and events, newest first; personal ones for"
            " the person.",
            returns=list[HistoryLine],
        ),
        Endpoint(
            "GET", "/api/kpis", frozenset(ANYONE), kpis,
            summary="Today's KPIs of the services, from the lake.", returns=list[LiveKpi],
        ),
    ]  # fmt: skip


async def _history(context: Context) -> Response:
    entity, archive = context.path["entity"], context.live.reads
    declared = find_type(await archive.type_in_history(entity) or "")
    lines: list[HistoryLine] = []
    if declared is not None and declared.is_internal and context.caller.role is not Role.OPERATOR:
        return _json(lines)
    for row in await archive.history(entity, _MOST_LINES):
        item = read_item(row, context.live.vault)
        if item is not None and item.person in (None, context.caller.id):
            kind, body = item.kind, item.body
            if kind == "columns":
                kind, body = "measured", dict(measured(declared, body))
            lines.append(
                HistoryLine(row.position, row.at.isoformat(), row.action, kind, row.name, body)
            )
    return _json(lines)


async def _kpis(context: Context, fresh: Today) -> Response:
    live = context.live
    today = live.clock.now().astimezone(live.clock.zone).date()
    lake = Lake(live.folder / "lake", RUN)
    text = context.query("day", today.isoformat())
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"day is a date such as {today}, not “{text[:20]}”", None) from None
    if day == today:
        await fresh.write(context)
    return _json(await asyncio.to_thread(_measured, context, lake, day.isoformat()))


def _measured(context: Context, lake: Lake, day: str) -> list[LiveKpi]:
    found = []
    for name, service in context.live.services.items():
        for kpi in service.kpis:
            try:
                value = kpi.measure(lake.limited_to(kpi.tables, day))
            except Exception as error:  # noqa: BLE001 (the others can still be measured)
                _log.warning("%s.%s of %s: %s", name, kpi.name, day, error)
                value = None
            found.append(
                LiveKpi(
                    name,
                    kpi.name,
                    kpi.title,
                    kpi.unit,
                    kpi.better,
                    value,
                    kpi.target,
                    kpi.source.en,
                    kpi.source.ko,
                )
            )
    return found


def _json(value: Any) -> Response:
    return Response(msgspec.json.encode(value), media_type=JSON)

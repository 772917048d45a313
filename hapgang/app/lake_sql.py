"""SQL over a rehearsal's lake, or over what a living city's lake tells without naming anybody."""

import asyncio
import logging
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from starlette.requests import ClientDisconnect

from hapgang.app.context import JSON, Context, Reply, Respond, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.app.lake_check import MOST_CHARACTERS
from hapgang.app.lake_order import Source
from hapgang.app.lake_query import Column, Head, Query, Room
from hapgang.app.lake_rights import (
    OF_REHEARSALS,
    OF_THE_CITY,
    LakeTable,
    check_size,
    days_of,
    described,
    sources_of_city,
    sources_of_run,
)
from hapgang.app.lakes import RUN
from hapgang.app.measures import Today
from hapgang.app.runs import run_folder
from hapgang.contract import Role
from hapgang.core.entity import type_of
from hapgang.core.errors import Refused
from hapgang.hub.lake import Lake
from hapgang.runtime.perform import Runtime
from hapgang.runtime.platform.people import TREASURY

MOST_SHOWN_ROWS = 1_000
MOST_FILE_ROWS = 200_000
_MEDIA = {
    "json": JSON,
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
_log = logging.getLogger(__name__)


class LakeView(msgspec.Struct):
    """A lake that may be asked: its tables, between which days."""

    run: str
    first_day: str
    last_day: str
    tables: list[LakeTable]


class Asked(msgspec.Struct):
    """A query: of a rehearsal where `run` names one, else of the living city between two days."""

    sql: Annotated[str, Meta(max_length=MOST_CHARACTERS)]
    run: str = ""
    first_day: str = ""
    last_day: str = ""
    format: Literal["json", "csv", "parquet"] = "json"


class LakeAnswer(msgspec.Struct):
    """The rows of an answer; with `more`, there were more than these."""

    columns: list[Column]
    rows: msgspec.Raw
    more: bool
    seconds: float


_ASKED = msgspec.json.Decoder(Asked)


def lake_endpoints(today: Today) -> list[Endpoint]:
    """Return the endpoints; `today` brings the living city's lake up to date."""
    room = Room()

    async def tables(context: Context) -> Respond:
        return await _tables(context, today)

    async def query(context: Context) -> Respond:
        return await _query(context, today, room)

    return [
        Endpoint(
            "GET", "/api/lake", OF_REHEARSALS, tables,
            summary="The tables of a lake: of the rehearsal `run`, else of the living city from"
            " `first_day` to `last_day`.",
            returns=LakeView,
        ),
        Endpoint(
            "POST", "/api/lake/query", OF_REHEARSALS, query,
            summary=f"Run one SELECT over a lake; {MOST_SHOWN_ROWS:,} rows as JSON,"
            f" {MOST_FILE_ROWS:,} as CSV or Parquet.",
            returns=LakeAnswer,
        ),
    ]  # fmt: skip


async def _tables(context: Context, today: Today) -> Respond:
    words = context.words()
    asked = Asked("", words.get("run", ""), words.get("first_day", ""), words.get("last_day", ""))
    sources, days = await _sources(context, asked, today)
    tables = await asyncio.to_thread(described, sources)
    return json_reply(LakeView(asked.run, str(days[0]), str(days[1]), tables))


async def _query(context: Context, today: Today, room: Room) -> Respond:
    asked: Asked = await context.decoded(_ASKED)
    sources, _ = await _sources(context, asked, today)
    await asyncio.to_thread(check_size, sources)
    query = Query(
        asked.sql,
        sources,
        time_zone=str(context.live.clock.zone),
        form=asked.format,
        most_rows=MOST_SHOWN_ROWS if asked.format == "json" else MOST_FILE_ROWS,
    )
    async with room.place(context.caller.id):
        head, body = await _while_wanted(context, query)
    _log.info(
        "%s asked the lake %s: %d rows in %.2f s",
        context.caller.id, asked.run or "of the city", head.rows, head.seconds,
    )  # fmt: skip
    if asked.format == "json":
        return json_reply(LakeAnswer(head.columns, msgspec.Raw(body), head.more, head.seconds))
    return _file(asked, head, body)


def _file(asked: Asked, head: Head, body: bytes) -> Reply:
    name = f"{asked.run or RUN}.{asked.format}"
    return (
        Reply(body, media_type=_MEDIA[asked.format])
        .with_header("Content-Disposition", f'attachment; filename="{name}"')
        .with_header("Hapgang-More-Rows", "true" if head.more else "false")
    )


async def _while_wanted(context: Context, query: Query) -> tuple[Head, bytes]:
    """Run a query, as long as somebody waits for its answer."""
    work = asyncio.ensure_future(asyncio.to_thread(query.run))
    gone = asyncio.ensure_future(context.gone())
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()
        raise ClientDisconnect
    finally:
        gone.cancel()
        query.stop()
        await asyncio.gather(work, gone, return_exceptions=True)


async def _sources(
    context: Context, asked: Asked, today: Today
) -> tuple[dict[str, Source], tuple[date, date]]:
    live = context.live
    if asked.run:
        folder = run_folder(live.folder, asked.run)
        lake = Lake(folder / "lake", asked.run)
        return await asyncio.to_thread(_of_run, lake)
    if context.caller.role not in OF_THE_CITY:
        raise Refused(
            "The living city's lake is for planners, operators and auditors. Choose a rehearsal.",
            "실제 도시의 레이크는 계획가, 운영자, 감사자만 볼 수 있습니다. 예행을 골라 주세요.",
        )
    lake = Lake(live.folder / "lake", RUN)
    day = live.clock.now().astimezone(live.clock.zone).date()
    days = days_of(asked.first_day, asked.last_day, day)
    if days[0] <= day <= days[1]:
        await today.write(context)
    is_operator = context.caller.role is Role.OPERATOR
    sources = _of_city(lake, live.runtime, is_operator, days)
    return sources, days


def _of_run(lake: Lake) -> tuple[dict[str, Source], tuple[date, date]]:
    sources = sources_of_run(lake)
    days = [date.fromisoformat(Path(f).stem[-10:]) for s in sources.values() for f in s["files"]]
    return sources, (min(days, default=date.min), max(days, default=date.min))


def _of_city(
    lake: Lake, runtime: Runtime, is_operator: bool, days: tuple[date, date]
) -> dict[str, Source]:
    services = runtime.services
    views = [view for one in services.values() for view in (*one.owns, *one.contributes)]
    return sources_of_city(
        lake,
        {type_of(view).name: type_of(view) for view in views}.values(),
        [*services, TREASURY],
        is_operator=is_operator,
        days=days,
    )

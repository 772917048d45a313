"""Closed entities: those that left memory, found again on disk by the same query language.

    GET /api/closed?type=Rental&q=state=="ended"&limit=100&after=urn:...

For operators; personal ones lie sealed under their person's key and are not found by what they say.
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hapgang.app.context import Context, Respond, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.app.load import read_record
from hapgang.contract import Role
from hapgang.core.entity import Document, find_type
from hapgang.core.errors import Invalid, NotFound
from hapgang.core.ids import MOST_ID_CHARACTERS
from hapgang.hub.match import compile_match
from hapgang.hub.ngsild.represent import Shape, represent
from hapgang.hub.qlang import parse
from hapgang.hub.record import Record
from hapgang.hub.sql import translate

_MOST_PAGES = 20  # of entities that SQL let through and `match` did not: then the client goes on
_FIRST = 4  # the first parameter of the query


class ClosedPage(msgspec.Struct):
    """Some closed entities, by id; `after` goes into the next request, null at the end."""

    entities: list[Any]
    after: str | None


class _Wanted(msgspec.Struct):
    type: Annotated[str, Meta(min_length=1, max_length=MOST_ID_CHARACTERS)]
    q: str = ""
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100
    after: Annotated[str, Meta(max_length=MOST_ID_CHARACTERS)] = ""


def closed_endpoints() -> list[Endpoint]:
    """Return the endpoint."""
    return [
        Endpoint(
            "GET", "/api/closed", frozenset({Role.OPERATOR}), _closed, returns=ClosedPage,
            summary="Closed entities of a `type` that satisfy `q`; `limit`, `after`.",
        )
    ]  # fmt: skip


async def _closed(context: Context) -> Respond:
    wanted = _wanted(context)
    declared = find_type(wanted.type)
    if declared is not None and declared.is_internal:
        raise NotFound(f"there is no type {wanted.type}", f"{wanted.type} 형식이 없습니다")
    query = parse(wanted.q) if wanted.q else None
    made = None if query is None else translate(query, first=_FIRST)
    test = None if query is None or made is None or made.is_exact else compile_match(query)
    found: list[Document] = []
    after: str | None = wanted.after
    for _ in range(_MOST_PAGES):
        rows = await context.live.reads.closed_entities(
            wanted.type, after or "", wanted.limit,
            *(() if made is None else (made.sql, made.arguments)),
        )  # fmt: skip
        records = [read_record(row, context.live.vault) for row in rows]
        fits = [r for r in records if r is not None and (test is None or test(r))]
        room = wanted.limit - len(found)
        found += [_shown(record) for record in fits[:room]]
        is_over = len(rows) < wanted.limit and len(fits) <= room
        after = None if is_over else (fits[room - 1].id if len(fits) >= room else rows[-1].id)
        if is_over or len(found) == wanted.limit:
            break
    return json_reply(ClosedPage(found, after))


def _shown(record: Record) -> Document:
    return represent(record, Shape(style="simplified", has_times=True))


def _wanted(context: Context) -> _Wanted:
    try:
        return msgspec.convert(context.words(), _Wanted, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid(f"type, q, limit or after: {error}", f"요청 형식 오류: {error}") from None

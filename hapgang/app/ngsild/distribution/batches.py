"""Batches that go to several (clauses 5.6.7 to 5.6.10 and 5.6.20): to each source, all it writes.

A source that knows no batches is sent its entities one by one, where one such operation does it.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

import msgspec
from starlette.responses import Response

from hapgang.app.context import JSON, Context
from hapgang.app.endpoints import Call
from hapgang.app.ngsild.answers import done
from hapgang.app.ngsild.distribution.asking import ask, linkable, relevant, speech_of
from hapgang.app.ngsild.distribution.outcomes import (
    Outcome,
    entity_error,
    multi,
    of_answer,
    of_error,
    of_failure,
)
from hapgang.app.ngsild.distribution.private import is_ours
from hapgang.app.ngsild.distribution.writes import (
    Write,
    cut,
    in_words,
    passed_words,
    read_raw,
    refusal,
)
from hapgang.app.ngsild.linked import Asked, context_of_link
from hapgang.app.ngsild.request import body_list, media_type
from hapgang.app.sources import SourceFailed
from hapgang.core.errors import CityError
from hapgang.hub.jsonld import CORE
from hapgang.hub.registrations.model import Registration
from hapgang.hub.registrations.plan import Piece, WritePlan, write_plan

_MOST_SINGLE = 100  # entities that are sent one by one
_CREATED = 201


class Batch(NamedTuple):
    """A batch as the standard defines it."""

    name: str  # of its path, below /entityOperations
    operation: str
    single: tuple[str, str, str] | None = None  # an operation, method and path of one entity
    makes: bool = False  # whether it may create entities

    @property
    def operations(self) -> tuple[str, ...]:
        """What a source supports that does it."""
        return (self.operation,) if self.single is None else (self.operation, self.single[0])


CREATE = Batch("create", "createBatch", ("createEntity", "POST", "/entities"), makes=True)
UPSERT = Batch("upsert", "upsertBatch", makes=True)
UPDATE = Batch("update", "updateBatch", ("appendAttrs", "POST", "/entities/{entity}/attrs"))
MERGE = Batch("merge", "mergeBatch", ("mergeEntity", "PATCH", "/entities/{entity}"))
DELETE = Batch("delete", "deleteBatch", ("deleteEntity", "DELETE", "/entities/{entity}"))


class Share(msgspec.Struct):
    """What one source writes of a batch."""

    source: Registration
    pieces: list[tuple[Write, Piece]]


async def run(context: Context, call: Call, batch: Batch) -> Any:
    """Do a batch here and there, and return what a client is told."""
    body = await context.body()
    here = context.with_body(body)
    sources = relevant(context)
    kind = media_type(here)
    items = await body_list(here)
    planned = [await _planned(here, batch, item, kind, sources) for item in items]
    if not any(plan.pieces or plan.refused for _, plan in planned):
        return await call(here)
    shares: dict[str, Share] = {}
    local: list[Any] = []
    results: list[tuple[str, Outcome]] = []
    for item, (write, plan) in zip(items, planned, strict=True):
        for piece in plan.pieces:
            share = shares.setdefault(piece.source.id, Share(piece.source, []))
            share.pieces.append((write, piece))
        for piece in plan.refused:
            refused = of_error((), refusal(piece.source), piece.source.id)
            results.append((write.entity, refused))
        if plan.is_local:
            local.append(_rest(item, write, plan))
    if local:
        own = await _here(context, call, local)
        results += own
        _without({entity for entity, one in own if one.is_forbidden}, shares)
    for done_there in await asyncio.gather(
        *(_there(context, batch, share, kind) for share in shares.values() if share.pieces)
    ):
        results += done_there
    return _told(batch, results)


def _without(forbidden: set[str], shares: dict[str, Share]) -> None:
    """Leave out what a client may not write: nobody else does it for them, either."""
    for share in shares.values():
        share.pieces = [one for one in share.pieces if one[0].entity not in forbidden]


async def _planned(
    context: Context, batch: Batch, item: Any, kind: str, sources: Sequence[Registration]
) -> tuple[Write, WritePlan]:
    """Return who writes one of a batch; what makes no sense is left to the city, which says so."""
    write = Write("", (), {}, Asked(CORE, None), batch.operations, "POST", "", None, kind)
    try:
        if isinstance(item, str):
            asked = await context_of_link(context)
            record = context.live.runtime.state.get(item)
            write = write._replace(
                entity=item, asked=asked, types=() if record is None else record.types
            )
        elif isinstance(item, dict):
            entity, types, names, asked = await read_raw(
                context, item, kind, is_new=batch.name == "create"
            )
            write = write._replace(entity=entity, types=types, names=names, asked=asked, raw=item)
        if not write.entity or is_ours(context, write.entity, write.types):
            return write, WritePlan()
    except CityError:
        return write, WritePlan()
    return write, write_plan(
        sources, write.entity, write.known_types, frozenset(write.names), batch.operations
    )


def _rest(item: Any, write: Write, plan: WritePlan) -> Any:
    if write.raw is None or not plan.taken:
        return item
    return cut(write.raw, write.asked, frozenset(write.names) - plan.taken)


async def _here(context: Context, call: Call, items: list[Any]) -> list[tuple[str, Outcome]]:
    """Have the city write what is left for it."""
    ids = [_id_of(item) for item in items]
    try:
        response: Any = await call(context.with_body(msgspec.json.encode(items)))
    except CityError as error:
        return [(entity, of_error((), error)) for entity in ids]
    return _rows(ids, Outcome("", (), response.status_code), bytes(response.body))


async def _there(
    context: Context, batch: Batch, share: Share, kind: str
) -> list[tuple[str, Outcome]]:
    source = share.source
    if batch.operation not in source.supported:
        return await _one_by_one(context, batch, share)
    ids = [write.entity for write, _ in share.pieces]
    try:
        first = share.pieces[0][0]
        speech = await speech_of(context, source, first.asked, kind)
        if batch.name == "delete":
            speech = linkable(speech)
        answer = await ask(
            context, source, "POST", f"/entityOperations/{batch.name}", speech=speech,
            query=passed_words(context),
            body=[
                write.entity
                if write.raw is None
                else in_words(cut(write.raw, write.asked, piece.attributes), first.asked, speech)
                for write, piece in share.pieces
            ],
        )  # fmt: skip
    except SourceFailed as error:
        failed = of_failure(source.id, (), error)
        return [(entity, failed) for entity in ids]
    return _rows(ids, of_answer(source.id, (), answer), answer.body)


async def _one_by_one(context: Context, batch: Batch, share: Share) -> list[tuple[str, Outcome]]:
    assert batch.single is not None
    _, method, path = batch.single
    found: list[tuple[str, Outcome]] = []
    for number, (write, piece) in enumerate(share.pieces):
        source = share.source
        try:
            if number >= _MOST_SINGLE:
                raise SourceFailed(f"it takes no batches, and {_MOST_SINGLE} were sent one by one")
            speech = await speech_of(context, source, write.asked, write.kind)
            body = None
            if write.raw is not None:
                body = in_words(cut(write.raw, write.asked, piece.attributes), write.asked, speech)
            answer = await ask(
                context, source, method, path.format(entity=quote(write.entity, safe=":")),
                speech=speech if body is not None else linkable(speech),
                query=passed_words(context), body=body,
            )  # fmt: skip
        except SourceFailed as error:
            found.append((write.entity, of_failure(source.id, (), error)))
            continue
        found.append((write.entity, of_answer(source.id, (), answer)))
    return found


def _rows(ids: list[str], outcome: Outcome, body: bytes) -> list[tuple[str, Outcome]]:
    """Return what became of each entity, from an answer to a batch of them."""
    if outcome.problem is not None:
        return [(entity, outcome) for entity in ids]
    told = _decoded(body)
    errors = told.get("errors", []) if isinstance(told, dict) else []
    if outcome.status == 207 and not errors:
        return [(entity, outcome) for entity in ids]
    failed = {
        str(one.get("entityId", "")): one.get("error")
        for one in errors
        if isinstance(one, dict) and isinstance(one.get("error"), dict)
    }
    made = set(told) if isinstance(told, list) else set(ids) if outcome.status == _CREATED else ()
    rows = []
    for entity in ids:
        status = _CREATED if entity in made else 204
        problem = failed.get(entity)
        if problem is not None and isinstance(problem.get("status"), int):
            status = problem["status"]
        rows.append((entity, Outcome(outcome.source, (), status, problem)))
    return rows


def _told(batch: Batch, results: list[tuple[str, Outcome]]) -> Response:
    """Return that all was done, or for each entity whether it was (clause 5.2.16)."""
    ids = list(dict.fromkeys(entity for entity, _ in results))
    errors = [entity_error(entity, one) for entity, one in results if not one.is_done]
    if errors:
        gone = {str(one["entityId"]) for one in errors}
        return multi({"success": [one for one in ids if one not in gone], "errors": errors})
    made = {entity for entity, one in results if one.status == _CREATED}
    if not (batch.makes and made):
        return done()
    return Response(
        msgspec.json.encode([one for one in ids if one in made]), _CREATED, media_type=JSON
    )


def _id_of(item: Any) -> str:
    return str(item.get("id", "")) if isinstance(item, dict) else str(item)


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body) if body else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None

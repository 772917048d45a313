"""Writes of one entity, and of its attributes, that go to several (clauses 5.6.1 to 5.6.6 ...)."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

import msgspec
from starlette.responses import Response

from hapgang.app.context import JSON, Context
from hapgang.app.endpoints import Call
from hapgang.app.ngsild.answers import created, done
from hapgang.app.ngsild.distribution.asking import Speech, ask, linkable, relevant, speech_of
from hapgang.app.ngsild.distribution.outcomes import (
    Outcome,
    attributes_told,
    entity_told,
    of_answer,
    of_error,
    of_failure,
    of_response,
    problem_told,
)
from hapgang.app.ngsild.distribution.private import is_ours
from hapgang.app.ngsild.linked import Asked, context_of_body, context_of_link
from hapgang.app.ngsild.request import MERGE_PATCH, body_object, media_type
from hapgang.app.sources import SourceFailed
from hapgang.core.errors import CityError, Conflict, Invalid
from hapgang.core.ids import check_uri
from hapgang.hub.jsonld import inward_document, outward_document
from hapgang.hub.ngsild.fragment import entity_in, fragment_in
from hapgang.hub.ngsild.types import Types, any_of
from hapgang.hub.registrations.model import Registration
from hapgang.hub.registrations.plan import Piece, write_plan
from hapgang.runtime.platform.ngsild import NGSI_LD

_OWN = frozenset(["id", "type", "@id", "@type", "@context", "scope", "expiresAt"])
_PASSED = ("options", "type", "datasetId", "deleteAll", "lang", "observedAt", "format")


class Write(NamedTuple):
    """What a client writes of one entity."""

    entity: str
    types: tuple[str, ...]
    names: dict[str, str]  # of its attributes: the hub's and the client's
    asked: Asked
    operations: tuple[str, ...]
    method: str
    path: str
    raw: dict[str, Any] | None = None  # the body as the client sent it
    kind: str = JSON
    attribute: str = ""  # the one in the path, as the hub names it

    @property
    def known_types(self) -> Types | None:
        """The entity's types; None where nobody knows them."""
        return any_of(self.types)


async def read_write(context: Context, write: "Operation") -> Write:
    """Return what a client writes; `Invalid` where it makes no sense, before anybody hears it."""
    path = context.path
    raw: dict[str, Any] | None = None
    kind, entity = "", path.get("entity", "")
    types: tuple[str, ...] = ()
    names: dict[str, str] = {}
    if write.has_body:
        kind = media_type(context, patches=write.method == "PATCH")
        kind = JSON if kind == MERGE_PATCH else kind
        raw = await body_object(context)
    if raw is not None and "attribute" not in path:
        said, types, names, asked = await read_raw(context, raw, kind, is_new=write.is_new)
        if said and entity and said != entity and "/attrs" not in write.path:
            raise Invalid("the body is about another entity", "본문의 id가 다릅니다")
        entity = entity or said
    elif raw is not None:
        asked = await context_of_body(context, dict(raw), kind)
    else:
        asked = await context_of_link(context)
    attribute = ""
    if "attribute" in path:
        attribute = asked.context.inward(path["attribute"])
        names = {attribute: path["attribute"]}
    check_uri(entity)
    record = context.live.runtime.state.get(entity)
    kept = record.types if record is not None else ()
    return Write(
        entity, tuple(dict.fromkeys([*types, *kept])), names, asked, write.operations,
        write.method, write.path.format(entity=quote(entity, safe=":")), raw, kind, attribute,
    )  # fmt: skip


async def read_raw(
    context: Context, raw: dict[str, Any], kind: str, *, is_new: bool
) -> tuple[str, tuple[str, ...], dict[str, str], Asked]:
    """Return the id, types and attributes of a document, and its context; it is left as it is."""
    rest = dict(raw)
    asked = await context_of_body(context, rest, kind)
    document = inward_document(rest, asked.context)
    fragment = entity_in(document) if is_new else fragment_in(document)
    names = {asked.context.inward(name): name for name in raw if name not in _OWN}
    return fragment.id, fragment.types, names, asked


async def run(context: Context, call: Call, operation: "Operation") -> Any:
    """Do a write here and there, and return what a client is told."""
    body = await context.body() if operation.has_body else b""
    here = context.with_body(body) if operation.has_body else context
    sources = relevant(context)
    if not sources:
        return await call(here)
    write = await read_write(here, operation)
    plan = write_plan(
        sources, write.entity, write.known_types, frozenset(write.names), write.operations
    )
    if not (plan.pieces or plan.refused) or is_ours(context, write.entity, write.types):
        return await call(context.with_body(body) if operation.has_body else context)
    outcomes = [_refused(write, piece) for piece in plan.refused]
    whole = _whole(operation, write)
    if plan.is_local:
        own, response = await _here(context, call, write, plan.taken)
        if own.is_forbidden:  # nobody else does it for this client, either
            return problem_told(own)
        outcomes.insert(0, own)
        whole = response if response is not None and own.is_done else whole
    outcomes += await asyncio.gather(*(_there(context, write, piece) for piece in plan.pieces))
    return operation.told(write.entity, outcomes, whole)


async def _here(
    context: Context, call: Call, write: Write, taken: frozenset[str]
) -> tuple[Outcome, Response | None]:
    """Write what is left for the city itself."""
    names = tuple(said for name, said in write.names.items() if name not in taken)
    own = context
    if write.raw is not None:
        kept = frozenset(write.names) - taken
        own = context.with_body(msgspec.json.encode(cut(write.raw, write.asked, kept)))
    try:
        response: Any = await call(own)
    except CityError as error:
        return of_error(names, error), None
    return of_response(names, response), response


async def _there(context: Context, write: Write, piece: Piece) -> Outcome:
    """Have a source write its piece."""
    source = piece.source
    names = tuple(
        said
        for name, said in write.names.items()
        if piece.attributes is None or name in piece.attributes
    )
    try:
        speech = await speech_of(context, source, write.asked, write.kind)
        if write.raw is None:
            speech = linkable(speech)
        path = write.path
        if write.attribute:
            path += f"/{quote(speech.asked.context.outward(write.attribute), safe=':')}"
        answer = await ask(
            context, source, write.method, path, speech=speech, query=passed_words(context),
            body=None if write.raw is None else said_to(write, piece, speech),
        )  # fmt: skip
    except SourceFailed as error:
        return of_failure(source.id, names, error)
    return of_answer(source.id, names, answer)


def said_to(write: Write, piece: Piece, speech: Speech) -> dict[str, Any]:
    """Return the body for a source."""
    assert write.raw is not None
    if write.attribute:
        return in_words(write.raw, write.asked, speech)
    return in_words(cut(write.raw, write.asked, piece.attributes), write.asked, speech)


def in_words(raw: dict[str, Any], asked: Asked, speech: Speech) -> dict[str, Any]:
    """Return a document in the names in which a source is spoken to."""
    if speech.asked is asked:
        return raw
    rest = {name: value for name, value in raw.items() if name != "@context"}
    return outward_document(inward_document(rest, asked.context), speech.asked.context)


def cut(raw: dict[str, Any], asked: Asked, keep: frozenset[str] | None) -> dict[str, Any]:
    """Return a document with some of its attributes only."""
    if keep is None:
        return raw
    inward = asked.context.inward
    return {name: part for name, part in raw.items() if name in _OWN or inward(name) in keep}


def passed_words(context: Context) -> dict[str, str]:
    """Return the parameters of a write that sources are told, too."""
    words = context.words()
    return {name: words[name] for name in _PASSED if words.get(name)}


def refusal(source: Registration) -> Conflict:
    """Return that a source stands in the city's place for something that it cannot do."""
    return Conflict(
        f"this is written by another system ({source.id}), which does not support it",
        f"다른 시스템({source.id})이 맡은 데이터이고, 그곳에서 지원하지 않는 기능입니다",
    )


def _refused(write: Write, piece: Piece) -> Outcome:
    names = tuple(write.names[name] for name in sorted(piece.attributes or write.names))
    return of_error(names, refusal(piece.source), piece.source.id)


def _whole(operation: "Operation", write: Write) -> Response:
    if operation.is_new and not operation.path.endswith("{entity}"):
        return created(f"{NGSI_LD}/entities/{quote(write.entity, safe=':')}")
    return done()


class Operation(NamedTuple):
    """A write as the standard defines it."""

    operations: tuple[str, ...]
    method: str
    path: str
    told: Callable[[str, Sequence[Outcome], Response], Response]
    is_new: bool = False  # whether the body is a whole entity

    @property
    def has_body(self) -> bool:
        """Whether something is sent."""
        return self.method != "DELETE"


def _attributes(_: str, outcomes: Sequence[Outcome], whole: Response) -> Response:
    return attributes_told(outcomes, whole)


CREATE = Operation(("createEntity",), "POST", "/entities", entity_told, is_new=True)
REPLACE = Operation(("replaceEntity",), "PUT", "/entities/{entity}", entity_told, is_new=True)
MERGE = Operation(("mergeEntity",), "PATCH", "/entities/{entity}", entity_told)
DELETE = Operation(("deleteEntity",), "DELETE", "/entities/{entity}", entity_told)
APPEND = Operation(("appendAttrs",), "POST", "/entities/{entity}/attrs", _attributes)
UPDATE = Operation(("updateEntity",), "PATCH", "/entities/{entity}/attrs", _attributes)
PATCH = Operation(("updateAttrs",), "PATCH", "/entities/{entity}/attrs", _attributes)
REPLACE_ONE = Operation(("replaceAttrs",), "PUT", "/entities/{entity}/attrs", _attributes)
DELETE_ONE = Operation(("deleteAttrs",), "DELETE", "/entities/{entity}/attrs", _attributes)

"""NGSI-LD over HTTP (ETSI GS CIM 009, clause 6): a first cut of `/ngsi-ld/v1/entities`."""

import asyncio
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from msgspec import Meta
from starlette.responses import Response

from hapgang.app.context import JSON, Context
from hapgang.app.contexts import LD, Asked, context_of_body, context_of_link
from hapgang.app.endpoints import Call, Endpoint
from hapgang.app.problems import PROBLEM, headers_of, told
from hapgang.contract import Role
from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.core.geometry import Point
from hapgang.core.vocabulary.platform import HostedContext
from hapgang.hub.documents import simplified
from hapgang.hub.jsonld import (
    NORMALISED,
    SIMPLIFIED,
    LdContextNotAvailable,
    inward_document,
    outward_document,
)
from hapgang.hub.qlang import parse
from hapgang.hub.record import Record
from hapgang.runtime.platform.contexts import (
    HOSTED,
    add_context,
    delete_context,
    get_context,
    list_contexts,
)
from hapgang.runtime.platform.entities import (
    create_entity,
    delete_entity,
    get_entity,
    merge_entity,
    query_entities,
)
from hapgang.runtime.platform.routes import NGSI_LD, ROUTES

_Metres = Annotated[float, Meta(ge=0, le=21_000_000)]  # half around the earth
_DOCUMENT = msgspec.json.Decoder(dict[str, Any])
_ERRORS = "https://uri.etsi.org/ngsi-ld/errors/"


def ngsild_endpoints(*, is_open: bool) -> list[Endpoint]:
    """Return the standard's endpoints; with `is_open` they need no sign-in."""
    calls: dict[Any, Call] = {
        create_entity: _create,
        query_entities: _query,
        get_entity: _get,
        merge_entity: _merge,
        delete_entity: _delete,
        add_context: _add_context,
        list_contexts: _list_contexts,
        get_context: _get_context,
        delete_context: _delete_context,
    }
    return [
        Endpoint(
            route.method,
            route.path,
            frozenset(Role) if is_open else frozenset(route.allow),
            calls[route.action],
            summary=(route.action.__doc__ or "").strip(),
            tag="NGSI-LD",
            media_type=LD,
        )
        for route in ROUTES
        if route.path.startswith(NGSI_LD)
    ]


def ngsild_problem(error: Exception) -> Response:
    """Return the standard's ProblemDetails (clause 6.3.2 and table 6.3.2-1)."""
    error = told(error)
    status, name = type(error).status, "InternalError"
    if isinstance(error, LdContextNotAvailable):
        name = "LdContextNotAvailable"
    elif isinstance(error, NotFound):
        name = "ResourceNotFound"
    elif isinstance(error, Conflict):
        name = "AlreadyExists"
    elif isinstance(error, NoDocument):
        status, name = 400, "InvalidRequest"
    elif isinstance(error, Invalid):
        status, name = (400 if status == 422 else status), "BadRequestData"
    elif isinstance(error, Refused):
        name = "OperationNotSupported"
    body = {
        "type": _ERRORS + name,
        "title": type(error).title.en,
        "detail": error.message.en,
        "status": status,
    }
    return Response(msgspec.json.encode(body), status, headers_of(error), PROBLEM)


async def _create(context: Context) -> Response:
    document = await _document(context)
    await _perform(context, create_entity, document=document)
    entity_id = document["id"]
    return Response(status_code=201, headers={"Location": f"{NGSI_LD}/entities/{quote(entity_id)}"})


async def _merge(context: Context) -> Response:
    fragment = await _document(context)
    await _perform(context, merge_entity, entity=context.path["entity"], fragment=fragment)
    return Response(status_code=204)


async def _delete(context: Context) -> Response:
    await _perform(context, delete_entity, entity=context.path["entity"])
    return Response(status_code=204)


async def _get(context: Context) -> Response:
    asked = await context_of_link(context)
    record = await _perform(
        context, get_entity, entity=context.path["entity"], purpose=_purpose(context)
    )
    return _answer(context, asked, _written(context, asked, record))


async def _query(context: Context) -> Response:
    asked = await context_of_link(context)
    inward, q = asked.context.inward, context.query("q")
    page = await _perform(
        context,
        query_entities,
        types=[inward(name) for name in _words(context, "type")],
        ids=_words(context, "id"),
        query=parse(q, inward) if q else None,
        near=_near(context),
        limit=_number(context, "limit", 20),
        offset=_number(context, "offset", 0),
        purpose=_purpose(context),
    )
    response = _answer(context, asked, [_written(context, asked, r) for r in page.records])
    if context.query("count") == "true":
        response.headers["NGSILD-Results-Count"] = str(page.count)
    return response


async def _add_context(context: Context) -> Response:
    _media_type(context)
    body = (await _object(context)).get("@context")
    if body is None:
        raise Invalid('a context to keep is {"@context": ...}', "보관할 @context를 보내 주세요")
    # What makes no sense, or names what nobody knows, is not kept.
    await asyncio.to_thread(context.live.contexts.of, body)
    kept: HostedContext = await _perform(context, add_context, body=body)
    return Response(status_code=201, headers={"Location": _address(context, kept.id, path=True)})


async def _list_contexts(context: Context) -> Response:
    kept: list[HostedContext] = await _perform(context, list_contexts)
    is_detailed = context.query("details") == "true"
    body = [_detailed(context, one) if is_detailed else _address(context, one.id) for one in kept]
    return Response(msgspec.json.encode(body), media_type=JSON)


async def _get_context(context: Context) -> Response:
    kept: HostedContext = await _perform(context, get_context, context=context.path["context"])
    is_detailed = context.query("details") == "true"
    body = _detailed(context, kept) if is_detailed else {"@context": kept.body}
    return Response(msgspec.json.encode(body), media_type=JSON if is_detailed else LD)


async def _delete_context(context: Context) -> Response:
    name = context.path["context"]
    await _perform(context, delete_context, context=name)
    context.live.contexts.forget(HOSTED + quote(name))
    return Response(status_code=204)


def _detailed(context: Context, kept: HostedContext) -> dict[str, Any]:
    """Return what clause 5.13.4 wants to be told of a context."""
    return {
        "URL": _address(context, kept.id), "localId": kept.id, "kind": "Hosted",
        "createdAt": kept.at,
    }  # fmt: skip


def _address(context: Context, entity: str, *, path: bool = False) -> str:
    """Return where a context is served: what a Link header names."""
    where = HOSTED + quote(entity)
    return where if path else f"{context.origin}{where}"


async def _perform(context: Context, action: Any, /, **arguments: Any) -> Any:
    spec = context.live.runtime.spec(action)
    return await context.perform(spec, spec.check_arguments(arguments))


async def _document(context: Context) -> dict[str, Any]:
    kind = _media_type(context)
    document = await _object(context)
    asked = await context_of_body(context, document, kind)
    return inward_document(document, asked.context)


async def _object(context: Context) -> dict[str, Any]:
    try:
        found: dict[str, Any] = await context.decoded(_DOCUMENT)
    except Invalid as error:
        if type(error) is not Invalid:  # too large, for one
            raise
        raise NoDocument(error.message.en, error.message.ko) from None
    if not found:
        raise NoDocument("the body is empty", "본문이 비어 있습니다")
    return found


def _media_type(context: Context) -> str:
    kind = (context.header(b"content-type") or "").partition(";")[0].strip()
    if kind not in (JSON, LD, "application/merge-patch+json"):
        raise UnsupportedMediaType(f"send {JSON} or {LD}, not “{kind}”", None)
    return kind


class NoDocument(Invalid):
    """The body is no JSON object, or there is nothing in it."""


class UnsupportedMediaType(Invalid):
    """The body is in a form that NGSI-LD does not know."""

    status = 415


def _answer(
    context: Context, asked: Asked, body: dict[str, Any] | list[dict[str, Any]]
) -> Response:
    accepts = context.header(b"accept") or "*/*"
    if LD in accepts:
        for document in body if isinstance(body, list) else [body]:
            document["@context"] = asked.address
        return Response(msgspec.json.encode(body), media_type=LD)
    return Response(msgspec.json.encode(body), media_type=JSON, headers={"Link": asked.link})


def _written(context: Context, asked: Asked, record: Record) -> dict[str, Any]:
    options = context.query("options").split(",")
    is_simple = "keyValues" in options or "simplified" in options
    is_simple = is_simple or context.query("format") in ("keyValues", "simplified")
    document = simplified(record) if is_simple else record.document()
    if "sysAttrs" in options:
        document["createdAt"] = record.created
        document["modifiedAt"] = record.modified
    names = [asked.context.inward(name) for name in _words(context, "attrs")]
    if names:
        document = {k: v for k, v in document.items() if k in ("id", "type", *names)}
    form = SIMPLIFIED if is_simple else NORMALISED
    return outward_document(document, asked.context, form)


def _purpose(context: Context) -> str:
    """Return why personal data is read; consent is given by purpose."""
    return context.header(b"purpose") or ""


def _words(context: Context, name: str) -> list[str]:
    return [word for word in context.query(name).split(",") if word]


def _number(context: Context, name: str, default: int) -> int:
    text = context.query(name)
    if not text:
        return default
    if not text.isdecimal() or len(text) > 9:
        raise Invalid(f"{name} is a whole number, not “{text[:30]}”", None)
    return int(text)


def _near(context: Context) -> tuple[Point, float] | None:
    georel = context.query("georel")
    if not georel:
        return None
    relation, _, modifier = georel.partition(";")
    name, _, metres = modifier.partition("==")
    if relation != "near" or name != "maxDistance" or context.query("geometry") != "Point":
        raise Invalid("georel: near;maxDistance==METRES with geometry=Point is understood", None)
    try:
        lon, lat = msgspec.json.decode(context.query("coordinates"), type=tuple[float, float])
        point = msgspec.convert({"type": "Point", "coordinates": [lon, lat]}, Point)
        return point, msgspec.convert(float(metres), _Metres)
    except (msgspec.DecodeError, ValueError) as error:
        raise Invalid(f"coordinates or distance: {error}", None) from None

"""`/ngsi-ld/v1/jsonldContexts`: contexts that are kept here (clauses 5.13 and 6.29, 6.30)."""

import asyncio
from typing import Any
from urllib.parse import quote

import msgspec
from starlette.responses import Response

from hapgang.app.context import JSON, Context
from hapgang.app.endpoints import Call
from hapgang.app.ngsild.answers import created, done
from hapgang.app.ngsild.linked import LD
from hapgang.app.ngsild.request import body_object, media_type, perform
from hapgang.core.errors import Invalid
from hapgang.core.vocabulary.platform import HostedContext
from hapgang.runtime.platform.contexts import (
    HOSTED,
    add_context,
    delete_context,
    get_context,
    list_contexts,
)


async def _add(context: Context) -> Response:
    media_type(context)
    body = (await body_object(context)).get("@context")
    if body is None:
        raise Invalid('a context to keep is {"@context": ...}', "보관할 @context를 보내 주세요")
    # What makes no sense, or names what nobody knows, is not kept.
    await asyncio.to_thread(context.live.contexts.of, body)
    kept: HostedContext = await perform(context, add_context, body=body)
    return created(_address(context, kept.id, path=True))


async def _list(context: Context) -> Response:
    kept: list[HostedContext] = await perform(context, list_contexts)
    is_detailed = context.query("details") == "true"
    body = [_detailed(context, one) if is_detailed else _address(context, one.id) for one in kept]
    return Response(msgspec.json.encode(body), media_type=JSON)


async def _get(context: Context) -> Response:
    kept: HostedContext = await perform(context, get_context, context=context.path["context"])
    is_detailed = context.query("details") == "true"
    body = _detailed(context, kept) if is_detailed else {"@context": kept.body}
    return Response(msgspec.json.encode(body), media_type=JSON if is_detailed else LD)


async def _delete(context: Context) -> Response:
    name = context.path["context"]
    await perform(context, delete_context, context=name)
    context.live.contexts.forget(HOSTED + quote(name))
    return done()


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


CALLS: dict[Any, Call] = {
    add_context: _add,
    list_contexts: _list,
    get_context: _get,
    delete_context: _delete,
}

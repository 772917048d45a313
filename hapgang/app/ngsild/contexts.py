"""`/ngsi-ld/v1/jsonldContexts`: contexts that are kept here (clauses 5.13 and 6.29, 6.30).

The core context is told as a cached one, which it is for ever: it comes with the city.
"""

import asyncio
from typing import Any, NoReturn
from urllib.parse import quote

import msgspec
from starlette.responses import Response

from hapgang.app.context import JSON, Context
from hapgang.app.endpoints import Call
from hapgang.app.ngsild.answers import accepted, created, done
from hapgang.app.ngsild.request import body_object, check_words, is_true, media_type, perform
from hapgang.core.errors import Invalid
from hapgang.core.vocabulary.platform import HostedContext
from hapgang.hub.jsonld import CORE_URL, Fetched, Implied, core_file, is_core
from hapgang.hub.ngsild.errors import InvalidRequest, OperationNotSupported
from hapgang.runtime.platform.contexts import (
    HOSTED,
    add_context,
    delete_context,
    get_context,
    list_contexts,
    not_known,
)

_KINDS = ("Hosted", "Cached", "ImplicitlyCreated")


async def _add(context: Context) -> Response:
    check_words(context, ())
    media_type(context)
    body = (await body_object(context)).get("@context")
    if body is None:
        raise InvalidRequest('a context to keep is {"@context": ...}', "보관할 @context가 없습니다")
    # What makes no sense, or names what nobody knows, is not kept.
    await asyncio.to_thread(context.live.contexts.of, body)
    kept: HostedContext = await perform(context, add_context, body=body)
    return created(HOSTED + kept.id)


async def _list(context: Context) -> Response:
    check_words(context, ("details", "kind"))
    accepted(context)
    is_detailed, kind = is_true(context, "details"), context.query("kind")
    if kind not in ("", *_KINDS):
        raise Invalid(f"kind is one of {', '.join(_KINDS)}, not “{kind[:40]}”", None)
    found: list[dict[str, Any]] = []
    if kind in ("", "Cached"):
        cached = [_core(context, CORE_URL), *context.live.contexts.shelf.all()]
        found += [_told_cached(context, one) for one in cached]
    if kind != "Cached":
        kept: list[HostedContext] = await perform(context, list_contexts)
        ids = {one.id for one in kept}
        implied = [one for one in context.live.contexts.implied.all() if one.id not in ids]
        told = [*(_told(context, one) for one in kept), *(_told(context, one) for one in implied)]
        found += [one for one in told if kind in ("", one["kind"])]
    body = found if is_detailed else [one["URL"] for one in found]
    return Response(msgspec.json.encode(body), media_type=JSON)


async def _get(context: Context) -> Response:
    check_words(context, ("details",))
    kind, is_detailed = accepted(context), is_true(context, "details")
    cached = _cached(context)
    if cached is not None:
        if not is_detailed:
            _refuse_serving(cached)
        body = _told_cached(context, cached)
    else:
        kept = await _kept(context)
        local = kept.body if isinstance(kept, HostedContext) else kept.local
        body = _told(context, kept) if is_detailed else {"@context": local}
    return Response(msgspec.json.encode(body), media_type=JSON if is_detailed else kind)


async def _delete(context: Context) -> Response:
    check_words(context, ("reload",))
    reloads, contexts = is_true(context, "reload"), context.live.contexts
    cached = _cached(context)
    if cached is None:
        if reloads:
            raise Invalid("only cached contexts can be loaded anew", None)
        name = context.path["context"]
        if context.live.runtime.state.get(name) is not None or not contexts.implied.remove(name):
            await perform(context, delete_context, context=name)
            contexts.implied.remove(name)
        contexts.shelf.remove(name)
        contexts.forget(HOSTED + name)
        contexts.forget(HOSTED + quote(name))
        return done()
    if is_core(cached.url):
        if not reloads:
            raise Invalid("the core context cannot be deleted", "핵심 컨텍스트는 지울 수 없습니다")
        return done()  # it comes with the city
    if not reloads:
        contexts.shelf.remove(cached.url)
    elif await asyncio.to_thread(contexts.shelf.reload, cached.url) is None:
        raise not_known(cached.url)
    contexts.forget(cached.url)
    return done()


async def _kept(context: Context) -> HostedContext | Implied:
    name = context.path["context"]
    implied = context.live.contexts.implied.get(name)
    if implied is not None:
        return implied
    kept: HostedContext = await perform(context, get_context, context=name)
    return kept


def _cached(context: Context) -> Fetched | None:
    """Return the cached context that the path names, by its address or by its id here."""
    name = context.path["context"]
    if is_core(name):
        return _core(context, name)
    cached = context.live.contexts.shelf.all()
    return next((one for one in cached if name in (one.url, one.id)), None)


def _core(context: Context, url: str) -> Fetched:
    return Fetched(url, core_file(url).text, context.live.contexts.shelf.since)


def _refuse_serving(cached: Fetched) -> NoReturn:
    raise OperationNotSupported(
        f"this context is served by {cached.url[:200]}; here are only its details (details=true)",
        f"이 컨텍스트는 {cached.url[:200]}에 있습니다. 여기서는 details=true만 됩니다",
    )


def _told_cached(context: Context, cached: Fetched) -> dict[str, Any]:
    told = {"URL": cached.url, "localId": cached.id, "kind": "Cached", "createdAt": cached.at}
    return {**told, **_uses(context, cached.url)}


def _told(context: Context, kept: HostedContext | Implied) -> dict[str, Any]:
    """Return what clause 5.13.4 wants to be told of a context."""
    url = f"{context.origin}{HOSTED}{kept.id}"
    kind = kept.kind if isinstance(kept, HostedContext) else "ImplicitlyCreated"
    told = {"URL": url, "localId": kept.id, "kind": kind, "createdAt": kept.at}
    return {**told, **_uses(context, kept.id)}


def _uses(context: Context, name: str) -> dict[str, Any]:
    """Return how often a context was used since the city started."""
    use = context.live.contexts.shelf.use_of(name)
    if use.last is None:
        return {"numberOfHits": 0}
    return {"lastUsage": use.last, "numberOfHits": use.times}


CALLS: dict[Any, Call] = {
    add_context: _add,
    list_contexts: _list,
    get_context: _get,
    delete_context: _delete,
}

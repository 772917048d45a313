"""`/subscriptions` (clauses 6.10, 6.11) and `/csourceSubscriptions` (clauses 6.12, 6.13)."""

import asyncio
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from hapgang.app.context import JSON, Context
from hapgang.app.endpoints import Call
from hapgang.app.ngsild.answers import accepted, add_pages, answer, created, done
from hapgang.app.ngsild.linked import Asked, context_of_body, context_of_link
from hapgang.app.ngsild.request import (
    MERGE_PATCH,
    body_object,
    check_words,
    is_true,
    media_type,
    number,
    perform,
    purpose,
    words,
)
from hapgang.app.notify.tally import Tally
from hapgang.core.errors import Invalid
from hapgang.core.ids import check_uri
from hapgang.core.vocabulary.subscriptions import Subscription
from hapgang.hub.ngsild.instants import written
from hapgang.hub.subscriptions.names import query_names, query_outward, renamed
from hapgang.hub.subscriptions.words import DEFAULT_TRIGGERS, with_plain_query, without_told
from hapgang.runtime.platform.contexts import HOSTED, implied_name
from hapgang.runtime.platform.ngsild import NGSI_LD
from hapgang.runtime.platform.ngsild.source_subscriptions import (
    create_source_subscription,
    delete_source_subscription,
    get_source_subscription,
    list_source_subscriptions,
    update_source_subscription,
)
from hapgang.runtime.platform.ngsild.subscriptions import (
    Listed,
    create_subscription,
    delete_subscription,
    get_subscription,
    list_subscriptions,
    listen_to_subscription,
    update_subscription,
)
from hapgang.runtime.subscriptions import rule_of

_STREAM = "text/event-stream"
_WRITE_WORDS = frozenset(["local", "via"])
_READ_WORDS = frozenset(["limit", "offset", "count", "options", "local", "via"])


class Family(NamedTuple):
    """One kind of subscriptions: where they are, and what is done with them."""

    path: str
    create: Any
    list: Any
    get: Any
    update: Any
    delete: Any
    has_triggers: bool


ENTITIES = Family(
    f"{NGSI_LD}/subscriptions", create_subscription, list_subscriptions, get_subscription,
    update_subscription, delete_subscription, has_triggers=True,
)  # fmt: skip
SOURCES = Family(
    f"{NGSI_LD}/csourceSubscriptions", create_source_subscription, list_source_subscriptions,
    get_source_subscription, update_source_subscription, delete_source_subscription,
    has_triggers=False,
)  # fmt: skip


async def _create(family: Family, context: Context) -> Response:
    check_words(context, _WRITE_WORDS)
    document, names, asked = await _said(context)
    body = {name: value for name, value in document.items() if value is not None}
    await _check(context, body)
    subscription: str = await perform(
        context, family.create, document=body, names=names, context=asked.local,
        origin=context.origin, purpose=purpose(context),
    )  # fmt: skip
    if (implied := implied_name(asked.local)) is not None:
        context.live.contexts.shelf.note_use(implied)
    return created(f"{family.path}/{quote(subscription, safe=':')}")


async def _show(family: Family, context: Context) -> Response:
    check_words(context, _READ_WORDS)
    accepted(context)
    asked = await context_of_link(context)
    found: Subscription = await perform(context, family.get, subscription=_id(context))
    return answer(context, asked, _told(family, context, found, asked))


async def _list(family: Family, context: Context) -> Response:
    check_words(context, _READ_WORDS)
    asked = await context_of_link(context)
    limit, offset = number(context, "limit", 20), number(context, "offset", 0)
    counts = is_true(context, "count") or "count" in words(context, "options")
    if limit == 0 and not counts:
        raise Invalid("limit=0 goes with count=true", "limit=0에는 count=true가 필요합니다")
    page: Listed = await perform(context, family.list, limit=limit, offset=offset)
    body = [_told(family, context, one, asked) for one in page.subscriptions]
    response = answer(context, asked, body)
    if counts:
        response.headers["NGSILD-Results-Count"] = str(page.count)
    add_pages(context, response, family.path, page.count, limit, offset)
    return response


async def _update(family: Family, context: Context) -> Response:
    check_words(context, _WRITE_WORDS)
    subscription = _id(context)
    fragment, names, _ = await _said(context, patches=True)
    await _check(context, fragment)
    await perform(context, family.update, subscription=subscription, fragment=fragment, names=names)
    return done()


async def _delete(family: Family, context: Context) -> Response:
    check_words(context, _WRITE_WORDS)
    await perform(context, family.delete, subscription=_id(context))
    return done()


async def _said(
    context: Context, *, patches: bool = False
) -> tuple[dict[str, Any], dict[str, str], Asked]:
    """Return the body with the hub's names, what the words of its `q` mean, and the context."""
    sort = media_type(context, patches=patches)
    document = await body_object(context)
    asked = await context_of_body(context, document, JSON if sort == MERGE_PATCH else sort)
    inward = asked.context.inward
    document = with_plain_query(without_told(document))
    q = document.get("q")
    names = query_names(q, inward) if isinstance(q, str) and q else {}
    return renamed(document, inward), names, asked


async def _check(context: Context, document: dict[str, Any]) -> None:
    """Raise what is wrong with where it goes, or with the context that it asks for."""
    told = document.get("notification")
    endpoint = told.get("endpoint") if isinstance(told, dict) else None
    if isinstance(endpoint, dict) and isinstance(endpoint.get("uri"), str):
        context.live.notifier.places.check(endpoint["uri"])
    wanted = document.get("jsonldContext")
    if isinstance(wanted, str):
        check_uri(wanted)
        await asyncio.to_thread(context.live.contexts.of, wanted)


def _told(family: Family, context: Context, view: Subscription, asked: Asked) -> dict[str, Any]:
    """Return a subscription as it is told (clause 5.2.12), with what became of it."""
    outward = asked.context.outward
    live = context.live
    out = {"id": view.id, **renamed(view.body, outward)}
    if "q" in out:
        out["q"] = query_outward(out["q"], view.names, outward)
    if family.has_triggers:
        out.setdefault("notificationTrigger", list(DEFAULT_TRIGGERS))
    rule = live.runtime.subscriptions.index.rules.get(view.id) or rule_of(view)
    out["status"] = rule.status(live.clock.now())
    if "jsonldContext" not in out and (implied := implied_name(view.context)) is not None:
        out["jsonldContext"] = f"{view.origin}{HOSTED}{implied}"
    tally = live.notifier.tallies.get(view.id, Tally())
    out["notification"] = {**out["notification"], **tally.told()}
    if "sysAttrs" in words(context, "options"):
        record = live.runtime.state.get(view.id)
        if record is not None:
            out["createdAt"] = written(record.created)
            out["modifiedAt"] = written(record.modified)
    return out


def _id(context: Context) -> str:
    return check_uri(context.path["subscription"])


async def _listen(context: Context) -> Response:
    check_words(context, _WRITE_WORDS)
    accepted(context, (_STREAM,))
    found: Subscription = await perform(context, listen_to_subscription, subscription=_id(context))
    notifier = context.live.notifier
    lines = await notifier.events.listen(found.id)
    notifier.hurry(found.id)
    headers = {"Cache-Control": "no-cache"}
    return StreamingResponse(lines, media_type=_STREAM, headers=headers)


def _calls(family: Family) -> dict[Any, Call]:
    return {
        family.create: partial(_create, family),
        family.list: partial(_list, family),
        family.get: partial(_show, family),
        family.update: partial(_update, family),
        family.delete: partial(_delete, family),
    }


CALLS: dict[Any, Call] = {
    **_calls(ENTITIES), **_calls(SOURCES), listen_to_subscription: _listen
}  # fmt: skip

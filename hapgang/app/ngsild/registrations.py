"""`/ngsi-ld/v1/csourceRegistrations` (clauses 6.8 and 6.9) and `/info/sourceIdentity` (6.33)."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from hapgang.app.context import Context
from hapgang.app.endpoints import Call
from hapgang.app.ngsild.answers import accepted, add_pages, answer, created, done
from hapgang.app.ngsild.asked import SELECTION_WORDS, selection_of
from hapgang.app.ngsild.linked import Asked, context_of_link
from hapgang.app.ngsild.request import body_query, check_words, is_true, number, perform, words
from hapgang.core.errors import Invalid
from hapgang.core.vocabulary.sources import ContextSourceRegistration
from hapgang.hub.ngsild.instants import written
from hapgang.hub.qlang import parse
from hapgang.hub.registrations.discovery import TIME_WORDS, Discovery, read_time_query
from hapgang.hub.registrations.matching import Wanted
from hapgang.hub.registrations.model import pattern_of
from hapgang.hub.registrations.names import renamed
from hapgang.runtime.platform.ngsild import NGSI_LD
from hapgang.runtime.platform.ngsild.registrations import (
    Registered,
    create_registration,
    delete_registration,
    get_registration,
    query_registrations,
    source_identity,
    update_registration,
)

_PATH = f"{NGSI_LD}/csourceRegistrations"
_OWN_WORDS = frozenset(["options", "local", "via"])
_QUERY_WORDS = SELECTION_WORDS | TIME_WORDS | _OWN_WORDS | {"attrs", "csf"}


async def _create(context: Context) -> Response:
    check_words(context, _OWN_WORDS)
    document, asked = await body_query(context)
    body = renamed(document, asked.context.inward)
    made: str = await perform(context, create_registration, document=body)
    return created(f"{_PATH}/{quote(made, safe=':')}")


async def _get(context: Context) -> Response:
    check_words(context, _OWN_WORDS)
    accepted(context)
    asked = await context_of_link(context)
    kept: ContextSourceRegistration = await perform(
        context, get_registration, registration=context.path["registration"]
    )
    return answer(context, asked, _shown(context, kept, asked))


async def _query(context: Context) -> Response:
    check_words(context, _QUERY_WORDS)
    accepted(context)
    asked = await context_of_link(context)
    limit, offset = number(context, "limit", 20), number(context, "offset", 0)
    counts = is_true(context, "count") or "count" in words(context, "options")
    if limit == 0 and not counts:
        raise Invalid("limit=0 goes with count=true", "limit=0에는 count=true가 필요합니다")
    found: Registered = await perform(
        context, query_registrations, asked=_discovery(context, asked), limit=limit, offset=offset
    )
    response = answer(context, asked, [_shown(context, one, asked) for one in found.kept])
    if counts:
        response.headers["NGSILD-Results-Count"] = str(found.count)
    add_pages(context, response, _PATH, found.count, limit, offset)
    return response


async def _update(context: Context) -> Response:
    check_words(context, _OWN_WORDS)
    document, asked = await body_query(context)
    fragment = renamed(document, asked.context.inward)
    await perform(
        context, update_registration,
        registration=context.path["registration"], fragment=fragment,
    )  # fmt: skip
    return done()


async def _delete(context: Context) -> Response:
    check_words(context, _OWN_WORDS)
    await perform(context, delete_registration, registration=context.path["registration"])
    return done()


async def _identity(context: Context) -> Response:
    check_words(context, _OWN_WORDS)
    asked = await context_of_link(context)
    now: datetime = await perform(context, source_identity)
    sources = context.live.sources
    body = {
        "id": f"urn:ngsi-ld:ContextSourceIdentity:{sources.alias}",
        "type": "ContextSourceIdentity",
        "contextSourceAlias": sources.alias,
        "contextSourceUptime": f"PT{sources.uptime_s:.0f}S",
        "contextSourceTimeAt": written(now),
    }
    return answer(context, asked, body)


def _discovery(context: Context, asked: Asked) -> Discovery:
    """Return which registrations are asked for; `Invalid` where nothing is said."""
    selection = selection_of(context, asked)
    filters = context.query("csf")
    time = read_time_query(
        *(context.query(name) for name in ("timerel", "timeAt", "endTimeAt", "timeproperty"))
    )
    if not (selection.is_bounded or selection.ids or filters or is_true(context, "local")):
        raise Invalid(
            "say which: one of type, attrs, id, q, csf, georel",
            "어떤 등록인지 지정하세요: type, attrs, id, q, csf, georel",
        )
    if selection.id_pattern:
        pattern_of(selection.id_pattern)
    queries = [selection.query] if selection.query is not None else []
    if filters:
        queries.append(parse(filters, asked.context.inward))
    return Discovery(
        Wanted(selection.types, selection.ids, selection.id_pattern, selection.attrs),
        tuple(queries),
        selection.geo,
        selection.scope,
        time,
    )


def _shown(context: Context, kept: ContextSourceRegistration, asked: Asked) -> dict[str, Any]:
    """Return a registration with the client's names, and how its source has been doing."""
    out = renamed(kept.body, asked.context.outward)
    out.update(context.live.sources.health.told(kept.id))
    if "sysAttrs" in words(context, "options"):
        out["createdAt"], out["modifiedAt"] = written(kept.made_at), written(kept.changed_at)
    return out


CALLS: dict[Any, Call] = {
    create_registration: _create,
    get_registration: _get,
    query_registrations: _query,
    update_registration: _update,
    delete_registration: _delete,
    source_identity: _identity,
}

"""`/ngsi-ld/v1/entityMaps` (clauses 5.14, 6.34), and pages of entities by a map (5.7.2.4)."""

from datetime import datetime
from typing import Any

import msgspec
from starlette.responses import Response

from hapgang.app.context import Context
from hapgang.app.endpoints import Call
from hapgang.app.ngsild.answers import accepted, answer, done
from hapgang.app.ngsild.distribution.reads import Wish, fetch_page
from hapgang.app.ngsild.linked import Asked, context_of_link
from hapgang.app.ngsild.request import (
    body_object,
    check_words,
    is_true,
    media_type,
    perform,
)
from hapgang.core.errors import Invalid, NotFound
from hapgang.hub.ngsild.errors import TooManyResults
from hapgang.hub.ngsild.instants import written
from hapgang.hub.ngsild.kinds import check_instant
from hapgang.hub.ngsild.maps import HERE, MOST_ENTITIES, EntityMap
from hapgang.runtime.platform.ngsild import NGSI_LD
from hapgang.runtime.platform.ngsild.entities import Found
from hapgang.runtime.platform.ngsild.maps import (
    delete_entity_map,
    get_entity_map,
    keep_entity_map,
    make_entity_map,
)

HEADER = "NGSILD-EntityMap"
_AT_ONCE = 1_000
_WORDS = frozenset(["local", "via"])


async def mapped_page(context: Context, asked: Asked, wish: Wish) -> tuple[Found, str]:
    """Return a page, and the address of its entity map; empty where no map is asked for.

    The map that a client names is used while it is there; else one is made.
    """
    named = context.header(HEADER.lower().encode())
    if not (named or is_true(context, "entityMap")):
        return await fetch_page(context, asked, wish), ""
    known = await known_map(context, named) if named else None
    whole = known or await made_map(context, asked, wish)
    page = tuple(whole.entities)[wish.offset : wish.offset + wish.limit]
    found = Found([], 0)
    if page:
        selections = tuple(msgspec.structs.replace(one, ids=page) for one in wish.selections)
        narrowed = msgspec.structs.replace(
            wish, selections=selections, limit=len(page), offset=0, orders=(), counts=False
        )
        found = await fetch_page(context, asked, narrowed)
        places = {name: place for place, name in enumerate(page)}
        found.records.sort(key=lambda record: places.get(record.id, len(page)))
    found.count = len(whole.entities)
    return found, address_of(whole)


async def made_map(context: Context, asked: Asked, wish: Wish) -> EntityMap:
    """Return a new map of all that a query finds."""
    entities: dict[str, list[str]] = {}
    while True:
        page = msgspec.structs.replace(
            wish, limit=_AT_ONCE, offset=len(entities), counts=False, join=None
        )
        found = await fetch_page(context, asked, page)
        entities.update({one.id: found.origins.get(one.id, [HERE]) for one in found.records})
        if len(entities) > MOST_ENTITIES:
            raise TooManyResults(
                f"an entity map has at most {MOST_ENTITIES:,} entities; ask for fewer",
                f"맵에는 엔티티가 {MOST_ENTITIES:,}개까지 들어갑니다. 조건을 좁혀 주세요",
            )
        if len(found.records) < _AT_ONCE:
            made: EntityMap = await perform(context, make_entity_map, entities=entities)
            return made


def address_of(known: EntityMap) -> str:
    """Return where a map is."""
    return f"{NGSI_LD}/entityMaps/{known.id}"


def told(known: EntityMap) -> dict[str, Any]:
    """Return a map as the standard tells it (clause 5.2.39)."""
    return {
        "id": known.id,
        "type": "EntityMap",
        "expiresAt": written(known.expires),
        "entityMap": known.entities,
        "linkedMaps": {},
    }


async def known_map(context: Context, named: str) -> EntityMap | None:
    """Return the map that a client names, if it is there."""
    try:
        found: EntityMap = await perform(
            context, get_entity_map, entity_map=named.strip().rpartition("/")[2]
        )
    except NotFound:
        return None
    return found


async def _get(context: Context) -> Response:
    check_words(context, _WORDS)
    accepted(context)
    asked = await context_of_link(context)
    found: EntityMap = await perform(context, get_entity_map, entity_map=context.path["map"])
    return answer(context, asked, told(found))


async def _update(context: Context) -> Response:
    check_words(context, _WORDS)
    media_type(context, patches=True)
    document = await body_object(context)
    document.pop("@context", None)
    if document.keys() - {"id", "type", "expiresAt"} or "expiresAt" not in document:
        raise Invalid("only expiresAt can be changed", "expiresAt만 바꿀 수 있습니다")
    expires = datetime.fromisoformat(check_instant("expiresAt", document["expiresAt"]))
    await perform(context, keep_entity_map, entity_map=context.path["map"], expires=expires)
    return done()


async def _delete(context: Context) -> Response:
    check_words(context, _WORDS)
    await perform(context, delete_entity_map, entity_map=context.path["map"])
    return done()


CALLS: dict[Any, Call] = {
    get_entity_map: _get,
    keep_entity_map: _update,
    delete_entity_map: _delete,
}

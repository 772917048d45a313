"""Pages of the past by an entity map (clauses 4.22, 5.7.4 and 5.14.5)."""

import msgspec

from hapgang.app.context import Context
from hapgang.app.ngsild.linked import Asked
from hapgang.app.ngsild.maps import HEADER, known_map
from hapgang.app.ngsild.request import is_true, perform, purpose
from hapgang.app.ngsild.temporal.matching import Wanted, matches
from hapgang.app.ngsild.temporal.others import Others, others_among, shown
from hapgang.hub.ngsild.errors import TooManyResults
from hapgang.hub.ngsild.maps import HERE, MOST_ENTITIES, EntityMap
from hapgang.hub.temporal.page import keeps_of
from hapgang.hub.temporal.represent import Told
from hapgang.runtime.platform.ngsild.maps import map_evolutions
from hapgang.runtime.platform.ngsild.temporal import query_evolutions


async def mapped(context: Context, asked: Asked, wanted: Wanted) -> tuple[Wanted, EntityMap | None]:
    """Return the page of a map that is asked for, and the map; all of a query where none is.

    The map that a client names is used while it is there; else one is made.
    """
    named = context.header(HEADER.lower().encode())
    if not (named or is_true(context, "entityMap")):
        return wanted, None
    known = await known_map(context, named) if named else None
    whole = known or await made_map(context, asked, wanted)
    ids = tuple(whole.entities)[wanted.offset : wanted.offset + wanted.limit]
    selections = tuple(msgspec.structs.replace(one, ids=ids) for one in wanted.selections)
    page = msgspec.structs.replace(
        wanted, selections=selections if ids else (), orders=(), limit=len(ids), offset=0,
        counts=False,
    )  # fmt: skip
    return page, whole


async def made_map(context: Context, asked: Asked, wanted: Wanted) -> EntityMap:
    """Return a new map of all that a query finds."""
    ids, others = await _known(context, asked, wanted)
    here = set(ids)
    entities: dict[str, list[str]] = {}
    async with context.live.reads.past.reading() as reading:
        async for told in matches(context, reading, ids, wanted, others):
            there = [one.source for one in others.by_entity.get(told.entity, ())]
            is_ours = told.entity in here or not there
            entities[told.entity] = [*([HERE] if is_ours else []), *dict.fromkeys(there)]
            if len(entities) > MOST_ENTITIES:
                raise TooManyResults(
                    f"an entity map has at most {MOST_ENTITIES:,} entities; ask for fewer",
                    f"맵에는 엔티티가 {MOST_ENTITIES:,}개까지 들어갑니다. 조건을 좁혀 주세요",
                )
    made: EntityMap = await perform(context, map_evolutions, entities=entities)
    return made


async def collect(context: Context, asked: Asked, wanted: Wanted) -> tuple[list[Told], int, Others]:
    """Return a page of what fits, how many there are as far as was looked, and what others said."""
    ids, others = await _known(context, asked, wanted)
    found: list[Told] = []
    count = 0
    if not wanted.selections:
        return found, count, others
    async with context.live.reads.past.reading() as reading:
        async for told in matches(context, reading, ids, wanted, others):
            if wanted.offset <= count < wanted.offset + wanted.limit:
                found.append(told)
            count += 1
            if not wanted.counts and count > wanted.offset + wanted.limit:
                break  # there is a next page
    return found, count, others


async def _known(context: Context, asked: Asked, wanted: Wanted) -> tuple[list[str], Others]:
    ids: list[str] = await perform(
        context, query_evolutions, selections=wanted.selections, orders=wanted.orders,
        purpose=purpose(context),
    )  # fmt: skip
    form = wanted.form
    others = await others_among(
        context, asked, wanted.selections, shown(form.shape), form.when, keeps_of(form.when)
    )
    return ids, others

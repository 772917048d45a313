"""Reads that several answer (clauses 5.7.1 and 5.7.2): what the city and its sources know, as one.

Where no source is registered, or `local` is asked for, the city answers alone. A source that fails
is told in NGSILD-Warning (clause 6.3.17); the others' answers stand.
"""

import asyncio
from typing import Any

import msgspec

from hapgang.app.context import Context
from hapgang.app.ngsild.distribution.asking import check_loop, relevant
from hapgang.app.ngsild.distribution.hearing import Heard, Question, hear, warning_of
from hapgang.app.ngsild.distribution.private import is_personal, public_types
from hapgang.app.ngsild.linked import Asked
from hapgang.app.ngsild.request import is_true, perform, purpose
from hapgang.core.errors import Invalid, NotFound
from hapgang.hub.match import compile_match
from hapgang.hub.ngsild.join import Join
from hapgang.hub.ngsild.maps import HERE
from hapgang.hub.ngsild.order import Order, ordered
from hapgang.hub.ngsild.represent import Shape
from hapgang.hub.ngsild.types import any_of, read_types
from hapgang.hub.qlang import parse
from hapgang.hub.query import fields_of
from hapgang.hub.record import Record
from hapgang.hub.registrations.matching import Wanted, one_entity, parts_for
from hapgang.hub.registrations.merging import Version, merged, version_of, without_taken
from hapgang.hub.registrations.model import TYPE, Registration
from hapgang.hub.registrations.plan import READS_ENTITIES, READS_ENTITY, Part, read_parts
from hapgang.hub.search import Selection, tests_of
from hapgang.runtime.platform.ngsild.entities import Found, get_entity, query_entities

_PAGE = 1_000
_MOST = 10_000  # entities of the city, and of each source, for one answer
_OWN = frozenset(["id", "type", "scope", "createdAt", "modifiedAt", "expiresAt"])


class Wish(msgspec.Struct, frozen=True):
    """A page that a client asks for."""

    selections: tuple[Selection, ...]
    shape: Shape
    limit: int
    offset: int
    join: Join | None = None
    orders: tuple[Order, ...] = ()
    counts: bool = False
    filters: dict[str, str] = {}  # as the client wrote them, as parameters
    is_posted: bool = False
    csf: str = ""  # which sources


def is_shared(context: Context) -> bool:
    """Whether others may be asked; `LoopDetected` where the request has been here."""
    if not context.live.runtime.state.count(TYPE):
        return False
    check_loop(context)
    return not is_true(context, "local")


async def fetch_entity(
    context: Context, asked: Asked, entity: str, shape: Shape, join: Join | None
) -> Found:
    """Return an entity, with those that it is linked with; `NotFound` where nobody knows it."""
    found: Found
    if not is_shared(context) or is_personal(context, entity):
        found = await perform(
            context, get_entity, entity=entity, shape=shape, join=join, purpose=purpose(context)
        )
        return found
    own = await _own_entity(context, entity, shape, join)
    types = read_types(context.query("type"), asked.context.inward)
    if own is not None:
        types = any_of(own.records[0].types)
    sources = relevant(context)
    wanted = one_entity(entity, types, _names(shape, (), ()))
    parts = read_parts(sources, wanted, READS_ENTITY)
    heard = await _all_heard(context, parts, Question(asked, entity))
    kept, linked = (own.records, own.linked) if own is not None else ([], {})
    records = _together(context, kept, sources, heard)
    if not records:
        raise NotFound(f"there is no entity {entity}", f"{entity}이(가) 없습니다")
    return Found(records[:1], 1, linked, _warnings(heard))


async def fetch_page(context: Context, asked: Asked, wish: Wish) -> Found:
    """Return a page of entities."""
    if not is_shared(context):
        return await _own_page(context, wish, wish.limit, wish.offset)
    if wish.limit > _PAGE:
        raise Invalid(f"limit is at most {_PAGE:,}", f"limit은 최대 {_PAGE:,}입니다")
    csf = compile_match(parse(wish.csf, asked.context.inward)) if wish.csf else None
    sources = relevant(context, csf)
    names = _names(wish.shape, wish.selections, wish.orders)
    wanted = [found for one in wish.selections if (found := _wanted(one, names)) is not None]
    parts = [part for one in wanted for part in read_parts(sources, one, READS_ENTITIES)]
    proxies = [one for one in sources if one.is_proxy and _is_about(one, wanted)]
    if not parts and not proxies:
        return await _own_page(context, wish, wish.limit, wish.offset)
    if wish.offset + wish.limit > _MOST:
        raise Invalid(f"of several sources, {_MOST:,} entities can be paged through", None)
    is_after = is_true(context, "splitEntities") or any(_is_split(one.source) for one in parts)
    needs_all = is_after or wish.counts or bool(wish.orders)
    most = _MOST if needs_all else min(_MOST, wish.offset + wish.limit + 1)
    question = Question(
        asked, filters={} if is_after else wish.filters, is_posted=wish.is_posted, most=most
    )
    loose = msgspec.structs.replace(wish, selections=_loosened(wish)) if is_after else wish
    own = await _own_pages(context, loose, most)
    heard = await _all_heard(context, parts, question)
    records = _together(context, own.records, proxies, heard)
    known = {record.id: record for record in records}
    records = [one for one in records if _fits(one, wish, known, is_after=is_after)]
    if wish.orders:
        records = ordered(records, wish.orders)
    page = records[wish.offset : wish.offset + wish.limit]
    warnings = _warnings(heard)
    if len(own.records) >= _MOST:
        warnings.append(warning_of(context, "here", f"only {_MOST:,} entities were looked at"))
    return Found(page, len(records), own.linked, warnings, _origins(own.records, heard))


def _origins(own: list[Record], heard: list[Heard]) -> dict[str, list[str]]:
    """Return by which registrations entities are known; `HERE` first where the city knows one."""
    here = {record.id for record in own}
    out: dict[str, list[str]] = {}
    for one in heard:
        for version in one.versions:
            known = out.setdefault(version.id, [HERE] if version.id in here else [])
            if one.source not in known:
                known.append(one.source)
    return out


async def _own_entity(
    context: Context, entity: str, shape: Shape, join: Join | None
) -> Found | None:
    try:
        found: Found = await perform(
            context, get_entity, entity=entity, shape=shape, join=join, purpose=purpose(context)
        )
    except NotFound:
        return None
    return found


async def _own_page(context: Context, wish: Wish, limit: int, offset: int) -> Found:
    found: Found = await perform(
        context, query_entities, selections=wish.selections, orders=wish.orders, limit=limit,
        offset=offset, counts=wish.counts, shape=wish.shape, join=wish.join,
        purpose=purpose(context),
    )  # fmt: skip
    return found


async def _own_pages(context: Context, wish: Wish, most: int) -> Found:
    """Return the city's own entities, up to so many."""
    plain = msgspec.structs.replace(wish, orders=(), counts=False)
    whole = Found([], 0)
    while len(whole.records) < most:
        limit = min(_PAGE, most - len(whole.records))
        found = await _own_page(context, plain, limit, len(whole.records))
        whole.records.extend(found.records)
        whole.linked = {**whole.linked, **found.linked}
        if len(found.records) < limit:
            break
    return whole


async def _all_heard(context: Context, parts: list[Part], question: Question) -> list[Heard]:
    return list(await asyncio.gather(*(hear(context, part, question) for part in parts)))


def _together(
    context: Context, own: list[Record], sources: list[Registration], heard: list[Heard]
) -> list[Record]:
    """Return what the city and the sources know as one record for each entity."""
    said: dict[str, list[Version]] = {}
    for one in heard:
        for version in one.versions:
            if not is_personal(context, version.id, version.types):
                said.setdefault(version.id, []).append(version)
    out: list[Record] = []
    at = context.live.clock.now()
    for record in own:
        others = said.pop(record.id, [])
        whole = version_of(record)
        left = whole if record.person is not None else without_taken(whole, sources)
        if left is not None and not others and len(left.attributes) == len(whole.attributes):
            out.append(record)
        elif left is not None or others:
            out.append(merged([*([left] if left is not None else []), *others], at))
    return [*out, *(merged(versions, at) for versions in said.values())]


def _wanted(selection: Selection, names: frozenset[str]) -> Wanted | None:
    """Return what sources may be asked for; None where that is nothing."""
    types = public_types(selection.types)
    if types is not None and not types.alternatives:
        return None
    return Wanted(types, selection.ids, selection.id_pattern, names)


def _is_about(source: Registration, wanted: list[Wanted]) -> bool:
    return any(True for one in wanted for _ in parts_for(source, one))


def _names(
    shape: Shape, selections: tuple[Selection, ...], orders: tuple[Order, ...]
) -> frozenset[str]:
    """Return the attributes that are needed; none where all are."""
    shown = shape.attrs or (frozenset(shape.pick.names) - _OWN if shape.pick else frozenset())
    if not shown:
        return frozenset()
    used = {name for one in selections for name in fields_of(one.query)}
    used |= {one.geo.attribute for one in selections if one.geo is not None}
    used |= {one.path.attribute for one in orders}
    return shown | (used - _OWN)


def _is_split(source: Registration) -> bool:
    """Whether a source knows only some attributes of entities that others know, too."""
    return any(info.attributes for info in source.information)


def _loosened(wish: Wish) -> tuple[Selection, ...]:
    """Return the selections without what only whole entities can be tested for."""
    return tuple(
        msgspec.structs.replace(one, query=None, geo=None, scope="", attrs=frozenset())
        for one in wish.selections
    )


def _fits(record: Record, wish: Wish, known: dict[str, Record], *, is_after: bool) -> bool:
    for one in wish.selections:
        tested = one if is_after else Selection(attrs=one.attrs, datasets=one.datasets)
        if all(test(record) for test in tests_of(tested, known.get)):
            return True
    return False


def _warnings(heard: list[Heard]) -> list[str]:
    return list(dict.fromkeys(one.warning for one in heard if one.warning))


def warn(headers: Any, found: Found) -> None:
    """Say which sources failed (clause 6.3.17)."""
    if found.warnings:
        headers["NGSILD-Warning"] = ", ".join(found.warnings)[:4_000]

"""The past as other sources know it (clauses 5.7.3, 5.7.4): asked in full, summed and cut here.

Only sources that registered for it are asked (`retrieveTemporal`, `queryTemporal`), and not for
what is somebody's. A source that fails is told in NGSILD-Warning; the others' answers stand.
"""

import asyncio
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec

from hapgang.app.context import Context
from hapgang.app.ngsild.distribution.asking import (
    Speech,
    ask,
    decoded,
    linkable,
    relevant,
    speech_of,
)
from hapgang.app.ngsild.distribution.hearing import warning_of
from hapgang.app.ngsild.distribution.private import is_personal, public_types
from hapgang.app.ngsild.distribution.reads import is_shared
from hapgang.app.ngsild.distribution.words import entity_words
from hapgang.app.ngsild.linked import Asked
from hapgang.app.ngsild.temporal.reading import MOST_INSTANCES, Past
from hapgang.app.sources import SourceAnswer, SourceFailed
from hapgang.core.errors import CityError
from hapgang.hub.jsonld import inward_document
from hapgang.hub.ngsild.instants import written
from hapgang.hub.ngsild.represent import Shape
from hapgang.hub.ngsild.types import read_types
from hapgang.hub.query import fields_of
from hapgang.hub.registrations.matching import Wanted, one_entity, parts_for
from hapgang.hub.registrations.model import Registration
from hapgang.hub.registrations.plan import Part, read_parts
from hapgang.hub.search import Selection
from hapgang.hub.temporal.foreign import Foreign, foreign_in, together
from hapgang.hub.temporal.instance import Instance
from hapgang.hub.temporal.when import When, instant

_ONE = ("retrieveTemporal", "queryTemporal")
_MANY = ("queryTemporal",)
_OK, _PARTIAL, _NOT_FOUND, _LOOP = 200, 206, 404, 508
_OWN = frozenset(["id", "type", "scope", "createdAt", "modifiedAt", "expiresAt"])
_LIMIT = 100  # entities of a page
_MOST_PAGES = 10
_MOST_TIMES = 100  # parts of the time that one page is told in
_RANGE = re.compile(r"date-time (\S+?(?:Z|[+-]\d\d:\d\d))-(\S+?(?:Z|[+-]\d\d:\d\d))/\S+")


class Others:
    """What sources tell of the past of entities."""

    def __init__(self, sources: list[Registration], keeps: Callable[[Instance], bool]) -> None:
        """Nothing was told yet."""
        self.by_entity: dict[str, list[Foreign]] = {}
        self.warnings: list[str] = []
        self._proxies = [one for one in sources if one.is_proxy]
        self._keeps = keeps

    def take(self, context: Context, told: list[Foreign]) -> None:
        """Take in what a source tells, but of what is somebody's."""
        for one in told:
            if not is_personal(context, one.entity, one.types):
                self.by_entity.setdefault(one.entity, []).append(one)

    @property
    def is_silent(self) -> bool:
        """Whether nobody else has anything to do with it."""
        return not (self.by_entity or self._proxies)

    def joined(self, entity: str, past: Past | None) -> Past | None:
        """Return the past of an entity with what others know; somebody's stays as it is."""
        told = self.by_entity.get(entity, [])
        if past is not None and (past.people or past.is_internal):
            return past
        if not told and (past is None or not self._proxies):
            return past
        own = past.evolution if past is not None else None
        evolution = together(entity, own, told, self._proxies, self._keeps)
        if not evolution.names and not told:
            return None
        return Past(evolution, set(), is_internal=False)

    def warn(self, headers: Any) -> None:
        """Say which sources failed (clause 6.3.17)."""
        if self.warnings:
            headers["NGSILD-Warning"] = ", ".join(dict.fromkeys(self.warnings))[:4_000]


async def others_about(
    context: Context, asked: Asked, entity: str, names: frozenset[str], when: When, keeps: Any
) -> Others:
    """Return what sources tell of one entity."""
    if not is_shared(context) or is_personal(context, entity):
        return Others([], keeps)
    types = read_types(context.query("type"), asked.context.inward)
    wanted = [one_entity(entity, types, names)]
    sources = _about(context, _ONE, wanted)
    parts = [part for one in wanted for part in read_parts(sources, one, _ONE)]
    return await _heard(context, asked, Others(sources, keeps), parts, when, entity)


async def others_among(
    context: Context,
    asked: Asked,
    selections: tuple[Selection, ...],
    names: frozenset[str],
    when: When,
    keeps: Any,
) -> Others:
    """Return what sources tell of entities; which of them fit is seen here, of all together."""
    if not is_shared(context):
        return Others([], keeps)
    wanted: list[Wanted] = []
    for one in selections:
        types = public_types(one.types)
        if types is None or types.alternatives:
            used = frozenset(fields_of(one.query)) | ({one.geo.attribute} if one.geo else set())
            wanted.append(Wanted(types, one.ids, one.id_pattern, names | used if names else names))
    sources = _about(context, _MANY, wanted)
    parts = [part for one in wanted for part in read_parts(sources, one, _MANY)]
    return await _heard(context, asked, Others(sources, keeps), parts, when)


def shown(shape: Shape) -> frozenset[str]:
    """Return the attributes that a form names; none where all are shown."""
    return shape.attrs or (frozenset(shape.pick.names) - _OWN if shape.pick else frozenset())


def _about(
    context: Context, operations: tuple[str, ...], wanted: list[Wanted]
) -> list[Registration]:
    """Return the sources that can be asked for the past of what is wanted."""
    return [
        one
        for one in relevant(context)
        if not one.supported.isdisjoint(operations)
        and any(True for part in wanted for _ in parts_for(one, part))
    ]


async def _heard(
    context: Context, asked: Asked, others: Others, parts: list[Part], when: When, entity: str = ""
) -> Others:
    room = _Room()
    asking = (_hear(context, asked, part, when, entity, room) for part in parts)
    for told, warning in await asyncio.gather(*asking):
        others.take(context, told)
        others.warnings += [warning] if warning else []
    return others


class _Room:
    """How many instances of all sources there is room for."""

    def __init__(self) -> None:
        self._left = MOST_INSTANCES

    def take(self, told: Foreign) -> None:
        self._left -= len(told.instances)
        if self._left < 0:
            raise SourceFailed(f"more than {MOST_INSTANCES:,} instances; ask for less")


async def _hear(
    context: Context, asked: Asked, part: Part, when: When, entity: str, room: _Room
) -> tuple[list[Foreign], str]:
    """Return what a source tells, as far as it does, and what went wrong."""
    found: list[Foreign] = []
    source = part.source
    try:
        speech = linkable(await speech_of(context, source, asked, ""))
        is_one = bool(entity) and "retrieveTemporal" in source.supported
        for page in range(1 if entity else _MOST_PAGES):
            words = _words(part, speech, is_one=is_one)
            if not entity:
                words |= {"limit": str(_LIMIT), "offset": str(page * _LIMIT)}
            path = "/temporal/entities" + (f"/{quote(entity, safe=':')}" if is_one else "")
            count = 0
            async for documents in _told(context, source, path, speech, words, when):
                count = max(count, len(documents))
                for document in documents:
                    rest = {name: said for name, said in document.items() if name != "@context"}
                    told = foreign_in(inward_document(rest, speech.asked.context), source)
                    if told is not None:
                        room.take(told)
                        found.append(told)
            if count < _LIMIT:
                break
        else:
            if not entity:
                raise SourceFailed(f"it knows more than {_MOST_PAGES * _LIMIT:,} entities")
    except (SourceFailed, CityError) as error:
        return found, warning_of(context, source.id, str(error))
    return found, ""


async def _told(
    context: Context, source: Registration, path: str, speech: Speech, words: dict[str, str],
    when: When,
) -> Any:  # fmt: skip
    """Yield the documents of an answer, part after part of the time where it is told in parts."""
    for _ in range(_MOST_TIMES):
        query = {**words, **_time_words(when)}
        answer = await ask(context, source, "GET", path, speech=speech, query=query)
        yield _listed(answer)
        if answer.status != _PARTIAL:
            return
        onward = _onward(when, answer.headers.get("content-range", ""))
        if onward is None:
            break
        when = onward
    raise SourceFailed("it tells only a part of the time")


def _onward(when: When, said: str) -> When | None:
    """Return the rest of the time, where an answer goes up to an instant; None where none is."""
    found = _RANGE.fullmatch(said)
    end = instant(found[2]) if found is not None else None
    if end is None or when.relation is None or when.last or _is_no_later(end, when.begins):
        return None
    if when.ends is None:
        return msgspec.structs.replace(when, relation="after", at=end)
    return msgspec.structs.replace(when, relation="between", at=end, end=when.ends)


def _is_no_later(end: datetime, begins: datetime | None) -> bool:
    return begins is not None and end <= begins


def _time_words(when: When) -> dict[str, str]:
    words: dict[str, str] = {}
    if when.relation is not None and when.at is not None:
        words |= {"timerel": when.relation, "timeAt": written(when.at)}
    if when.end is not None and when.relation == "between":
        words["endTimeAt"] = written(when.end)
    if when.is_named:
        words["timeproperty"] = when.time
    if when.last:
        words["lastN"] = str(when.last)
    return words


def _words(part: Part, speech: Speech, *, is_one: bool) -> dict[str, str]:
    words = {} if is_one else entity_words(part.wanted, speech)
    words["options"] = "sysAttrs"
    if part.wanted.attributes:
        names = sorted(speech.asked.context.outward(name) for name in part.wanted.attributes)
        words["attrs"] = ",".join(names)
    return words


def _listed(answer: SourceAnswer) -> list[dict[str, Any]]:
    if answer.status in (_NOT_FOUND, _LOOP):
        return []
    if answer.status not in (_OK, _PARTIAL):
        raise SourceFailed(f"it answered {answer.status}")
    found = decoded(answer)
    documents = found if isinstance(found, list) else [found]
    if not all(isinstance(one, dict) for one in documents):
        raise SourceFailed("its answer is no past of entities")
    return documents

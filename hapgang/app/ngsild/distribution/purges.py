"""Purges that go to several (clause 5.6.21)."""

import asyncio
from typing import Any

from starlette.responses import Response

from hapgang.app.context import Context
from hapgang.app.endpoints import Call
from hapgang.app.ngsild.asked import selection_of
from hapgang.app.ngsild.distribution.asking import ask, linkable, relevant, speech_of
from hapgang.app.ngsild.distribution.outcomes import (
    Outcome,
    entity_told,
    of_answer,
    of_error,
    of_failure,
    of_response,
)
from hapgang.app.ngsild.distribution.private import public_types
from hapgang.app.ngsild.distribution.words import entity_words
from hapgang.app.ngsild.linked import Asked, context_of_link
from hapgang.app.ngsild.request import words
from hapgang.app.sources import SourceFailed
from hapgang.core.errors import CityError
from hapgang.hub.registrations.matching import Wanted
from hapgang.hub.registrations.plan import Part, read_parts

_FILTERS = ("q", "georel", "geometry", "coordinates", "geoproperty", "scopeQ", "datasetId")


async def run(context: Context, call: Call) -> Any:
    """Purge here and there, and return what a client is told."""
    asked = await context_of_link(context)
    selection = selection_of(context, asked)
    types = public_types(selection.types)
    if types is not None and not types.alternatives:
        return await call(context)
    wanted = Wanted(types, selection.ids, selection.id_pattern, selection.attrs)
    parts = [
        part
        for part in read_parts(relevant(context), wanted, ("purgeEntity",))
        if part.source.mode != "auxiliary"
    ]
    if not parts:
        return await call(context)
    try:
        response: Any = await call(context)
        outcomes = [of_response((), response)]
    except CityError as error:
        response, outcomes = Response(status_code=204), [of_error((), error)]
        if outcomes[0].is_forbidden:  # nobody else does it for this client, either
            raise
    outcomes += await asyncio.gather(*(_there(context, part, asked) for part in parts))
    return entity_told("urn:ngsi-ld:null", outcomes, response)


async def _there(context: Context, part: Part, asked: Asked) -> Outcome:
    """Have a source purge what it registered: no more than that, also where it has more."""
    source = part.source
    try:
        speech = linkable(await speech_of(context, source, asked, ""))
        own = _kept_words(context, part, asked)
        if own is None:
            return Outcome(source.id)
        is_same = speech.asked is asked
        if not is_same and (own or any(context.query(name) for name in _FILTERS)):
            raise SourceFailed("a filter cannot be said in the source's own context")
        filters = {name: context.query(name) for name in _FILTERS if context.query(name)}
        query = {**entity_words(part.wanted, speech), **filters, **own}
        answer = await ask(context, source, "DELETE", "/entities", speech=speech, query=query)
    except SourceFailed as error:
        return of_failure(source.id, (), error)
    return of_answer(source.id, (), answer)


def _kept_words(context: Context, part: Part, asked: Asked) -> dict[str, str] | None:
    """Return which attributes go; None where none of the source's does."""
    keep, drop = words(context, "keep"), words(context, "drop")
    inward, outward = asked.context.inward, asked.context.outward
    own = frozenset(name for info in part.source.information for name in info.attributes)
    if not own or not all(info.attributes for info in part.source.information):
        named = {"keep": context.query("keep"), "drop": context.query("drop")}
        return {name: value for name, value in named.items() if value}
    kept, dropped = {inward(name) for name in keep}, {inward(name) for name in drop}
    gone = own & dropped if drop else own - kept
    return {"drop": ",".join(outward(name) for name in sorted(gone))} if gone else None

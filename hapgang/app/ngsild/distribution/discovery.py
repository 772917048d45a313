"""Types and attributes that several know of (clauses 5.7.5 to 5.7.10): lists, joined by name."""

import asyncio
from typing import Any, NamedTuple
from urllib.parse import quote

import msgspec
from starlette.responses import Response

from hapgang.app.context import Context
from hapgang.app.endpoints import Call
from hapgang.app.ngsild.answers import answer
from hapgang.app.ngsild.distribution.asking import ask, decoded, linkable, relevant, speech_of
from hapgang.app.ngsild.distribution.hearing import warning_of
from hapgang.app.ngsild.linked import Asked, context_of_link
from hapgang.app.ngsild.request import is_true
from hapgang.app.sources import SourceFailed
from hapgang.core.errors import NotFound
from hapgang.hub.registrations.model import Registration

_OK, _NOT_FOUND, _LOOP = 200, 404, 508
_COUNTS = ("entityCount", "attributeCount")
_MOST_NAMES = 100_000


class Kind(NamedTuple):
    """A list, or one thing of it."""

    operation: str
    detailed: str  # the operation with details
    path: str  # with the name of what is in the path, if anything is
    word: str = ""


TYPES = Kind("retrieveEntityTypes", "retrieveEntityTypeDetails", "/types")
ATTRIBUTES = Kind("retrieveAttrTypes", "retrieveAttrTypeDetails", "/attributes")
ONE_TYPE = Kind("retrieveEntityTypeInfo", "retrieveEntityTypeInfo", "/types", "type")
ONE_ATTRIBUTE = Kind("retrieveAttrTypeInfo", "retrieveAttrTypeInfo", "/attributes", "attribute")


async def run(context: Context, call: Call, kind: Kind) -> Any:
    """Return what the city and its sources know of."""
    operation = kind.detailed if is_true(context, "details") else kind.operation
    sources = [one for one in relevant(context) if operation in one.supported]
    if not sources:
        return await call(context)
    asked = await context_of_link(context)
    warnings: list[str] = []
    missing: NotFound | None = None
    bodies: list[Any] = []
    try:
        response: Any = await call(context)
        bodies.append(_plain(msgspec.json.decode(bytes(response.body))))
    except NotFound as error:
        missing = error
    heard = await asyncio.gather(
        *(_heard(context, source, asked, kind, warnings) for source in sources)
    )
    bodies += [one for one in heard if one is not None]
    if not bodies and missing is not None:
        raise missing
    told: Response = answer(context, asked, _joined(bodies))
    if warnings:
        told.headers["NGSILD-Warning"] = ", ".join(warnings)
    return told


async def _heard(
    context: Context, source: Registration, asked: Asked, kind: Kind, warnings: list[str]
) -> Any:
    """Return what a source says, in the client's names; None where it says nothing."""
    try:
        speech = linkable(await speech_of(context, source, asked, ""))
        if speech.asked is not asked:
            raise SourceFailed("lists cannot be said in the source's own context")
        name = f"/{quote(context.path[kind.word], safe=':')}" if kind.word else ""
        details = {"details": "true"} if is_true(context, "details") else {}
        found = await ask(
            context, source, "GET", f"{kind.path}{name}", speech=speech, query=details
        )
        if found.status in (_NOT_FOUND, _LOOP):
            return None
        if found.status != _OK:
            raise SourceFailed(f"it answered {found.status}")
        body = decoded(found)
        if not isinstance(body, list if details else dict):
            raise SourceFailed("its answer is no list")
        return _plain(body)
    except SourceFailed as error:
        warnings.append(warning_of(context, source.id, str(error)))
        return None


def _plain(body: Any) -> Any:
    if isinstance(body, dict):
        return {name: value for name, value in body.items() if name != "@context"}
    return [_plain(one) for one in body if isinstance(one, dict)]


def _joined(bodies: list[Any]) -> Any:
    """Return one answer of several: lists together, counts added."""
    if isinstance(bodies[0], list):
        by_id: dict[str, list[Any]] = {}
        for one in (one for body in bodies if isinstance(body, list) for one in body):
            by_id.setdefault(str(one.get("id")), []).append(one)
        return [_joined(same) for same in by_id.values()]
    out: dict[str, Any] = dict(bodies[0])
    for body in bodies[1:]:
        for name, value in body.items():
            out[name] = _both(name, out[name], value) if name in out else value
    return out


def _both(name: str, a: Any, b: Any) -> Any:
    if name in _COUNTS and isinstance(a, int) and isinstance(b, int):
        return a + b
    if not (isinstance(a, list) and isinstance(b, list)):
        return a
    if all(isinstance(one, dict) for one in [*a, *b]):
        return _joined([a, b])
    return list({str(one): one for one in [*a, *b]}.values())[:_MOST_NAMES]

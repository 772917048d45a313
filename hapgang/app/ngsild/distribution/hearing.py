"""What one source answers to a read, as versions of entities with the hub's names."""

from typing import Any
from urllib.parse import quote

import msgspec

from hapgang.app.context import Context
from hapgang.app.ngsild.distribution.asking import Speech, ask, decoded, linkable, speech_of
from hapgang.app.ngsild.distribution.words import entity_selectors, entity_words
from hapgang.app.ngsild.linked import LD, Asked
from hapgang.app.sources import SourceAnswer, SourceFailed
from hapgang.core.errors import CityError
from hapgang.hub.jsonld import inward_document
from hapgang.hub.registrations.merging import Version, version_in, within
from hapgang.hub.registrations.plan import Part

_OK, _NOT_FOUND, _LOOP = 200, 404, 508
_MOST_PAGES = 10


class Question(msgspec.Struct, frozen=True):
    """What a client asks, as far as every source is asked the same."""

    asked: Asked
    entity: str = ""  # one entity; empty is a query
    filters: dict[str, str] = {}
    is_posted: bool = False
    most: int = 1


class Heard(msgspec.Struct, frozen=True):
    """What a source says; where it fails, why."""

    versions: list[Version] = []
    warning: str = ""
    source: str = ""  # its registration


async def hear(context: Context, part: Part, question: Question) -> Heard:
    """Return what a source says; nobody else's answer is lost where it fails."""
    source = part.source
    try:
        is_inline = not isinstance(question.asked.local, str | None)
        kind = LD if is_inline and question.is_posted else ""
        speech = await speech_of(context, source, question.asked, kind)
        documents = await _documents(context, part, question, speech)
        versions = []
        for document, own in documents:
            rest = {name: value for name, value in document.items() if name != "@context"}
            found = version_in(inward_document(rest, own.asked.context), source.mode)
            if (limited := within(found, source)) is not None:
                versions.append(limited)
    except (SourceFailed, CityError) as error:
        return Heard(warning=warning_of(context, source.id, str(error)))
    return Heard(versions, source=source.id)


def warning_of(context: Context, source: str, why: str) -> str:
    """Return a warning as a header says it (RFC 7234, 5.5): in plain ASCII, on one line."""
    plain = f"{source}: {why}".encode("ascii", "replace").decode()
    quoted = "".join(one for one in plain if one.isprintable()).replace("\\", "/").replace('"', "'")
    return f'199 {context.live.sources.alias} "{quoted[:300]}"'


async def _documents(
    context: Context, part: Part, question: Question, speech: Speech
) -> list[tuple[dict[str, Any], Speech]]:
    supported = part.source.supported
    if question.entity and "retrieveEntity" in supported:
        linked = linkable(speech)
        words = _form(part, linked)
        path = f"/entities/{quote(question.entity, safe=':')}"
        answer = await ask(context, part.source, "GET", path, speech=linked, query=words)
        return [(one, linked) for one in _listed(answer)]
    posts = "queryBatch" in supported and (question.is_posted or "queryEntity" not in supported)
    if not posts:
        speech = linkable(speech)
    if question.filters and speech.asked is not question.asked:
        raise SourceFailed("a filter cannot be said in the source's own context")
    found: list[tuple[dict[str, Any], Speech]] = []
    for _ in range(_MOST_PAGES):
        limit = min(question.most, 1_000)
        words = {} if question.entity else {"limit": str(limit)}
        if found:
            words["offset"] = str(len(found))
        ask_one = _posted if posts else _got
        answer = await ask_one(context, part, question, speech, words)
        page = _listed(answer)
        found += [(one, speech) for one in page]
        if len(page) < limit or len(found) >= question.most:
            break
    return found


async def _got(
    context: Context, part: Part, question: Question, speech: Speech, words: dict[str, str]
) -> SourceAnswer:
    query = {**entity_words(part.wanted, speech), **question.filters, **_form(part, speech)}
    return await ask(
        context, part.source, "GET", "/entities", speech=speech, query={**query, **words}
    )


async def _posted(
    context: Context, part: Part, question: Question, speech: Speech, words: dict[str, str]
) -> SourceAnswer:
    body: dict[str, Any] = {"type": "Query"}
    if selectors := entity_selectors(part.wanted, speech):
        body["entities"] = selectors
    filters = dict(question.filters)
    for name in ("q", "scopeQ"):
        if name in filters:
            body[name] = filters.pop(name)
    if filters:
        body["geoQ"] = {**filters, "coordinates": msgspec.json.decode(filters["coordinates"])}
    form = _form(part, speech)
    if "pick" in form:
        body["pick"] = form.pop("pick").split(",")
    if speech.is_inline:
        body["@context"] = speech.asked.local
    return await ask(
        context, part.source, "POST", "/entityOperations/query", speech=speech,
        query={**form, **words}, body=body,
    )  # fmt: skip


def _form(part: Part, speech: Speech) -> dict[str, str]:
    """Return the parameters of the form: with times, for the newest counts."""
    words = {"options": "sysAttrs"}
    if part.wanted.attributes:
        outward = speech.asked.context.outward
        names = sorted(outward(name) for name in part.wanted.attributes)
        words["pick"] = ",".join(["id", "type", *names])
    return words


def _listed(answer: SourceAnswer) -> list[dict[str, Any]]:
    """Return the documents of an answer; none where the source knows none."""
    if answer.status in (_NOT_FOUND, _LOOP):
        return []
    if answer.status != _OK:
        raise SourceFailed(f"it answered {answer.status}")
    found = decoded(answer)
    documents = found if isinstance(found, list) else [found]
    if not all(isinstance(one, dict) for one in documents):
        raise SourceFailed("its answer is no entity")
    return documents

"""The data map over HTTP: a list to search, one set of data, its schema, and DCAT-AP for others."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta

from hapgang.app.context import JSON, Context, Reply, Respond, json_reply
from hapgang.app.datamap.catalogue import JSON_LD, TURTLE, catalogue_of, wants_turtle, written
from hapgang.app.datamap.map import DataMap, Maps, may_measure
from hapgang.app.datamap.uses import Use, Uses
from hapgang.app.endpoints import Endpoint
from hapgang.contract import ANYONE
from hapgang.core.entity import find_type
from hapgang.core.errors import NotFound
from hapgang.core.text import Text
from hapgang.hub.datamap.dataset import Access, Dataset, Kind, Licence
from hapgang.hub.datamap.lineage import Lineage
from hapgang.hub.datamap.quality import DataQuality
from hapgang.hub.datamap.schema import json_schema
from hapgang.runtime.perform import Runtime
from hapgang.runtime.specs import wrong_words

_LONGEST = 200  # characters of what is looked for
_Then = Callable[[Context, DataMap], Awaitable[Respond]]
_SCHEMA = "application/schema+json"


class SetLine(msgspec.Struct):
    """A data set on the list; `number` where it is cheap to know and the caller may."""

    id: str
    kind: Kind
    domain: str
    title: Text
    about: Text
    owner: Text
    access: Access
    licence: Licence | None
    number: int | None


class DataList(msgspec.Struct):
    """The data sets that fit, and who publishes them."""

    publisher: Text
    contact: str
    sets: list[SetLine]


class Purpose(msgspec.Struct):
    """A service that reads some fields of a type, and what for."""

    service: str
    title: Text
    fields: tuple[str, ...]
    purpose: Text


class SetView(msgspec.Struct):
    """Everything that is told of one data set; `quality` is None where that is not the caller's."""

    set: Dataset
    quality: DataQuality | None
    use: Use
    lineage: Lineage
    read_by: list[Purpose]
    now: datetime


_Word = Annotated[str, Meta(max_length=_LONGEST)]


class _Wanted(msgspec.Struct, forbid_unknown_fields=True):
    q: _Word = ""
    kind: Kind | Literal[""] = ""
    domain: _Word = ""


_TEXT = {"type": "string", "maxLength": _LONGEST}
_LISTED = {
    "parameters": [
        {"name": "q", "in": "query", "schema": _TEXT},
        {"name": "kind", "in": "query", "schema": {"type": "string", "enum": get_args(Kind)}},
        {"name": "domain", "in": "query", "schema": _TEXT},
    ]
}


def datamap_endpoints(maps: Maps, uses: Uses) -> list[Endpoint]:
    """Return the endpoints of a city's data map; `uses` counts how often what is read."""
    anyone = frozenset(ANYONE)

    def get(
        path: str, then: _Then, summary: str, *, returns: Any = None, media_type: str = JSON,
        described: Mapping[str, Any] | None = None,
    ) -> Endpoint:  # fmt: skip
        async def call(context: Context) -> Respond:
            return await then(context, maps.of(context))

        return Endpoint("GET", f"/api/data{path}", anyone, call, summary=summary, returns=returns,
                        media_type=media_type, described=described)  # fmt: skip

    return [
        get("", _list, "The data that the city has, as far as the caller may know; `q` looks for"
            " words, `kind` and `domain` narrow.", returns=DataList, described=_LISTED),
        get("/{dataset}", partial(_one, uses=uses), "One set of data: whose, what is in it, how"
            " good and fresh it is, where it comes from and goes to, how often it is read.",
            returns=SetView),
        get("/{dataset}/schema", _schema, "What an entity of a type looks like, as JSON Schema.",
            media_type=_SCHEMA),
        get("/dcat", _dcat, "The data map by DCAT-AP 3.0.1: JSON-LD, or Turtle where that is"
            " accepted.", media_type=JSON_LD),
        get("/dcat.jsonld", partial(_dcat, is_turtle=False), "The data map by DCAT-AP 3.0.1 as"
            " JSON-LD.", media_type=JSON_LD),
        get("/dcat.ttl", partial(_dcat, is_turtle=True), "The data map by DCAT-AP 3.0.1 as"
            " Turtle.", media_type=TURTLE),
    ]  # fmt: skip


async def _list(context: Context, datamap: DataMap) -> Respond:
    try:
        wanted = msgspec.convert(context.words(), _Wanted, strict=False)
    except msgspec.ValidationError as error:
        raise wrong_words(error) from None
    role, state = context.caller.role, context.live.runtime.state
    lines = [
        SetLine(
            found.id, found.kind, found.domain, found.title, found.about, found.owner,
            found.access, found.licence,
            state.count(found.id.removeprefix("type."))
            if found.kind == "type" and may_measure(found, role)
            else None,
        )
        for found in datamap.known(role)
        if wanted.kind in ("", found.kind)
        and wanted.domain in ("", found.domain)
        and found.fits(wanted.q)
    ]  # fmt: skip
    return json_reply(DataList(datamap.publisher.name, datamap.publisher.contact, lines))


async def _one(context: Context, datamap: DataMap, uses: Uses) -> Respond:
    found = datamap.get(context.path["dataset"], context.caller.role)
    now = context.live.clock.now()
    view = SetView(
        set=found,
        quality=await datamap.quality(context, found),
        use=uses.of(found.id, now),
        lineage=datamap.lineage(found.id, context.caller.role),
        read_by=_read_by(context.live.runtime, found),
        now=now,
    )
    return json_reply(view)


def _read_by(runtime: Runtime, found: Dataset) -> list[Purpose]:
    declared = find_type(found.id.removeprefix("type.")) if found.kind == "type" else None
    return [
        Purpose(name, service.title, read.fields, read.purpose)
        for name, service in runtime.services.items()
        for read in service.reads
        if declared is not None and read.view is declared.view
    ]


async def _schema(context: Context, datamap: DataMap) -> Respond:
    found = datamap.get(context.path["dataset"], context.caller.role)
    declared = find_type(found.id.removeprefix("type.")) if found.kind == "type" else None
    if declared is None:
        raise NotFound(
            f"{found.id} has no schema: nobody declares it",
            f"{found.id}에는 정해진 형식이 없습니다",
        )
    address = f"{context.origin}/api/data/{found.id}/schema"
    return Reply(msgspec.json.encode(json_schema(declared, address)), media_type=_SCHEMA)


async def _dcat(context: Context, datamap: DataMap, *, is_turtle: bool | None = None) -> Respond:
    if is_turtle is None:
        is_turtle = wants_turtle(context.header(b"accept"))
    catalogue = await catalogue_of(context, datamap)
    body = await context.beside(partial(written, catalogue, is_turtle))
    reply = Reply(body, media_type=TURTLE if is_turtle else JSON_LD)
    return reply.with_header("Vary", "Accept, Authorization")

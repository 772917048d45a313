"""OGC API - Features, part 1 core 1.0.1 and part 2 (systems of coordinates), at `/ogc`."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from hapgang.app.context import Context, Reply, Respond
from hapgang.app.datamap.map import DataMap, Maps
from hapgang.app.endpoints import Endpoint
from hapgang.app.ogc.asked import check_form, check_known
from hapgang.app.ogc.collections import (
    GEOJSON,
    HTML,
    JSON,
    collection,
    collections_of,
    described,
    language_of,
    link,
)
from hapgang.app.ogc.crs import EVERYWHERE, crs_list
from hapgang.app.ogc.errors import BadParameter
from hapgang.app.ogc.items import item, items
from hapgang.app.ogc.openapi import OPENAPI, paging
from hapgang.app.ogc.openapi import described as described_api
from hapgang.app.ogc.pages import POLICY, page
from hapgang.contract import ANYONE
from hapgang.core.errors import Invalid
from hapgang.core.text import Text
from hapgang.hub.datamap.dataset import Dataset

_CONFORMS = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
]
_Then = Callable[[Context, DataMap], Awaitable[Respond]]


def ogc_endpoints(maps: Maps) -> list[Endpoint]:
    """Return the endpoints; what a caller may not know of is not there."""

    def get(
        path: str, then: _Then, summary: str, media_type: str = JSON,
        parameters: Sequence[Mapping[str, Any]] = (),
    ) -> Endpoint:  # fmt: skip
        async def call(context: Context) -> Respond:
            try:
                return await then(context, maps.of(context))
            except Invalid as error:  # the standard's word for what makes no sense is 400
                raise BadParameter(error.message.en, error.message.ko) from error

        return Endpoint("GET", f"/ogc{path}", frozenset(ANYONE), call, summary=summary,
                        media_type=media_type, tag="OGC API - Features",
                        described=_described(path, parameters))  # fmt: skip

    return [
        get("", _landing, "Where to begin: open data of the city for maps, such as QGIS."),
        get("/api", _api, "The description of these paths, OpenAPI 3.0.", OPENAPI),
        get("/conformance", _conformance, "Which parts of the standard are kept."),
        get("/collections", _collections, "The layers of the model and the types about nobody."),
        get("/collections/{collection}", _collection, "One collection."),
        get("/collections/{collection}/items", items, "Its features: `bbox`, `datetime`, `limit`,"
            " `offset`, `crs`, `bbox-crs`, and properties by equality; /ogc/api says which.",
            GEOJSON, paging(EVERYWHERE)),
        get("/collections/{collection}/items/{feature}", item, "One feature.", GEOJSON),
    ]  # fmt: skip


def _described(path: str, parameters: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    names = re.findall(r"{(\w+)}", path)
    words = {"schema": {"type": "string"}, "in": "path", "required": True}
    return {"parameters": [*({"name": name, **words} for name in names), *parameters]}


async def _landing(context: Context, datamap: DataMap) -> Respond:
    title = _title(context)
    if _wants_html(context):
        return _page(context, title, collections_of(datamap, context.caller.role))
    at = f"{context.origin}/ogc"
    links = [
        link(at, "self", JSON, "This page"),
        link(f"{at}?f=html", "alternate", HTML, "This page for people"),
        link(f"{at}/api", "service-desc", OPENAPI, "OpenAPI"),
        link(f"{context.origin}/city/data/map", "service-doc", HTML, "The data map"),
        link(f"{at}/conformance", "conformance", JSON, "Conformance"),
        link(f"{at}/collections", "data", JSON, "Collections"),
        link(f"{context.origin}/api/data/dcat", "describedby", "application/ld+json", "DCAT-AP"),
    ]
    language = language_of(context)
    body = {"title": title.in_language(language), "description": title.en, "links": links}
    return _json(body, JSON)


async def _api(context: Context, datamap: DataMap) -> Respond:
    check_known(context.words(), ("f",))
    check_form(context.words(), ("json",))
    sets = collections_of(datamap, context.caller.role)
    body = described_api(sets, _title(context).en, context.origin, context.live.scene.epsg)
    return _json(body, OPENAPI)


async def _conformance(context: Context, datamap: DataMap) -> Respond:
    check_known(context.words(), ("f",))
    check_form(context.words(), ("json",))
    return _json({"conformsTo": _CONFORMS}, JSON)


async def _collections(context: Context, datamap: DataMap) -> Respond:
    sets = list(collections_of(datamap, context.caller.role))
    if _wants_html(context):
        return _page(context, _title(context), sets)
    scene, language = context.live.scene, language_of(context)
    at = f"{context.origin}/ogc/collections"
    body = {
        "links": [link(at, "self", JSON), link(f"{at}?f=html", "alternate", HTML)],
        "crs": crs_list(scene.epsg),
        "collections": [described(one, scene, context.origin, language) for one in sets],
    }
    return _json(body, JSON)


async def _collection(context: Context, datamap: DataMap) -> Respond:
    found = collection(datamap, context.path["collection"], context.caller.role)
    if _wants_html(context):
        return _page(context, found.title, [found])
    language = language_of(context)
    return _json(described(found, context.live.scene, context.origin, language), JSON)


def _title(context: Context) -> Text:
    title = context.live.scene.title
    return Text(f"Open data of {title.en}", f"{title.ko} 열린 자료")


def _wants_html(context: Context) -> bool:
    """Whether a browser asks, or `f=html`."""
    words = context.words()
    check_known(words, ("f",))
    check_form(words, ("json", "html"))
    if "f" in words:
        return words["f"] == "html"
    accept = context.header(b"accept") or ""
    return accept.startswith(HTML)


def _page(context: Context, title: Text, sets: Iterable[Dataset]) -> Reply:
    body = page(title, sets, context.origin, language_of(context))
    reply = Reply(body, media_type=f"{HTML}; charset=utf-8")
    for name, value in (("Content-Security-Policy", POLICY), ("X-Content-Type-Options", "nosniff")):
        reply.with_header(name, value)
    return reply.with_header("Vary", _VARY)


def _json(body: Any, media_type: str) -> Reply:
    return Reply(msgspec.json.encode(body), media_type=media_type).with_header("Vary", _VARY)


_VARY = "Accept, Accept-Language, Authorization"

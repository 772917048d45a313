"""The description of the door for maps, by OpenAPI 3.0 (conformance class oas30)."""

from collections.abc import Iterable, Sequence
from typing import Any

from hapgang import __version__
from hapgang.app.ogc.asked import DEFAULT_LIMIT, MOST_LIMIT
from hapgang.app.ogc.collections import GEOJSON, HTML, JSON, properties_of
from hapgang.app.ogc.crs import CRS84, crs_list
from hapgang.hub.datamap.dataset import Dataset

OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
Parameter = dict[str, Any]


def described(sets: Iterable[Dataset], title: str, origin: str, epsg: int) -> dict[str, Any]:
    """Return the description with a path for each collection."""
    paths = {
        "/": _get("The landing page", "landing", (JSON, HTML)),
        "/api": _get("This description", "api", (OPENAPI,)),
        "/conformance": _get("What is conformed to", "conformance", (JSON,)),
        "/collections": _get("The collections", "collections", (JSON, HTML)),
    }
    for one in sets:
        at = f"/collections/{one.id}"
        name = "".join(letter if letter.isalnum() else "_" for letter in one.id)
        paths[at] = _get(one.title.en, f"describe_{name}", (JSON, HTML))
        paths[f"{at}/items"] = _get(
            one.about.en, f"items_{name}", (GEOJSON,), [*paging(crs_list(epsg)), *_equal(one)]
        )
        feature = {"name": "featureId", "in": "path", "required": True, "schema": _TEXT}
        in_system = [feature, _crs("crs", crs_list(epsg))]
        paths[f"{at}/items/{{featureId}}"] = _get(
            f"One of: {one.title.en}",
            f"item_{name}",
            (GEOJSON,),
            in_system,
        )
    return {
        "openapi": "3.0.3",
        "info": {"title": title, "version": __version__, "description": "OGC API - Features"},
        "servers": [{"url": f"{origin}/ogc"}],
        "paths": paths,
    }


_TEXT = {"type": "string"}
_PLAIN = {"type": "string", "pattern": r"^[^\x00]*$"}
_DAY = r"[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
_AT = rf"{_DAY}(T{_CLOCK}:[0-5]\d(\.\d{{1,6}})?(Z|[+-]{_CLOCK}))?"
_TIME = {"type": "string", "pattern": rf"^({_AT}|({_AT}|\.\.)?/({_AT}|\.\.)?)$"}
_ANSWERS = {
    "400": {"description": "A parameter is unknown or makes no sense"},
    "404": {"description": "Not there, or not for this caller"},
    "500": {"description": "Something failed inside the city"},
}


def _get(
    summary: str, name: str, media: Iterable[str], parameters: Iterable[Parameter] = ()
) -> dict[str, Any]:
    content = {one: {"schema": {"type": "string" if one == HTML else "object"}} for one in media}
    form = {"name": "f", "in": "query", "schema": {"type": "string", "enum": ["json", "html"]}}
    if HTML not in content:
        form = {"name": "f", "in": "query", "schema": {"type": "string", "enum": ["json"]}}
    operation = {
        "summary": summary,
        "operationId": name,
        "parameters": [*parameters, form],
        "responses": {"200": {"description": "Done", "content": content}, **_ANSWERS},
    }
    return {"get": operation}


def paging(systems: Sequence[str]) -> list[Parameter]:
    """Return what every collection takes; `systems` of coordinates, where they are known."""
    sizes = [{"minItems": n, "maxItems": n} for n in (4, 6)]
    box = {"type": "array", "items": {"type": "number"}, "oneOf": sizes}
    limit = {"type": "integer", "minimum": 1, "maximum": MOST_LIMIT, "default": DEFAULT_LIMIT}
    return [
        {"name": "limit", "in": "query", "style": "form", "explode": False, "schema": limit},
        {"name": "offset", "in": "query", "schema": {"type": "integer", "minimum": 0}},
        {"name": "bbox", "in": "query", "style": "form", "explode": False, "schema": box},
        {"name": "datetime", "in": "query", "style": "form", "explode": False, "schema": _TIME},
        _crs("crs", systems),
        _crs("bbox-crs", systems),
    ]


def _crs(name: str, systems: Sequence[str]) -> Parameter:
    schema: dict[str, Any] = {"type": "string", "format": "uri", "default": CRS84}
    if systems:
        schema["enum"] = list(systems)
    return {"name": name, "in": "query", "style": "form", "explode": False, "schema": schema}


def _equal(found: Dataset) -> list[Parameter]:
    return [
        {"name": name, "in": "query", "style": "form", "explode": False,
         "schema": {"type": _KINDS[form]} if form in _KINDS else _PLAIN}
        for name, form in properties_of(found).items()
    ]  # fmt: skip


_KINDS = {"number": "number", "whole": "integer", "yes_no": "boolean"}

"""What `/entities`, their attributes and `/entityOperations` take and answer."""

from typing import Any

from hapgang.app.context import JSON
from hapgang.app.ngsild.asked import SELECTION_WORDS, SHAPE_WORDS
from hapgang.app.ngsild.described.parts import Answer, Body, Call, documents, entity_body, ref
from hapgang.app.ngsild.described.schemas import with_context
from hapgang.app.ngsild.linked import LD

_SHAPE = tuple(sorted(SHAPE_WORDS))
_SELECTION = tuple(sorted(SELECTION_WORDS))
_KEY = ("Idempotency-Key", "Link")
_READ = ("Link", "Purpose", "NGSILD-EntityMap")
_DONE = Answer("Done")
_OBJECT = {"type": "object"}
_ONE = {"anyOf": [ref("EntityTold"), {"type": "array", "items": ref("EntityTold")}]}
_MANY = {"type": "array", "items": ref("EntityTold")}
_FEATURE = {"anyOf": [ref("Feature"), ref("FeatureCollection")]}
_ELSEWHERE = Answer("Registered sources did not do all of it", {JSON: ref("BatchResult")})
_PARTLY = Answer("Some attributes were not written", {JSON: ref("UpdateResult")})
_WRITE = ("local", "via", "options_write", "type", "lang", "observedAt")
_ATTRIBUTE = ("local", "via", "options_attribute", "type", "overwrite")
_ENTITIES = Answer(
    "A page of entities",
    documents(_MANY, geojson=ref("FeatureCollection")),
    ("Link", "NGSILD-Results-Count", "NGSILD-EntityMap"),
)


def _batch(name: str, *words: str) -> Call:
    """Return a call with a list of entities, each with its own context in JSON-LD.

    One that does not fit is refused for itself, so anything that is an object may be sent.
    """
    schema = {"type": "array", "minItems": 1, "maxItems": 10_000}
    forms = {
        JSON: {**schema, "items": {"anyOf": [ref(name), _OBJECT]}},
        LD: {**schema, "items": {"anyOf": [ref(f"{name}Ld"), _OBJECT]}},
    }
    answers = {
        201: Answer(
            "Ids of what was created", {JSON: {"type": "array", "items": {"type": "string"}}}
        ),
        204: _DONE,
        207: Answer("What became of each", {JSON: ref("BatchResult")}),
    }
    return Call(answers, (*words, "local", "via", *_KEY), Body(forms), (504,))


QUERY_BODY: dict[str, Any] = {
    "type": "object",
    "required": ["type"],
    "properties": {
        "type": {"const": "Query"},
        "entities": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"type": {"type": "string"}},
            },
        },
        "attrs": {"type": "array", "items": {"type": "string", "minLength": 1}},
        "q": {"type": "string"},
    },
}
_IDS = {"type": "array", "minItems": 1, "maxItems": 10_000, "items": {"type": "string"}}

MAPPED = Answer("A new map", documents(ref("EntityMap")), ("Link", "Location", "NGSILD-EntityMap"))

CALLS: dict[tuple[str, str], Call] = {
    ("POST", "/entities"): Call(
        {201: Answer("Created", headers=("Location",)), 207: _ELSEWHERE},
        (*_WRITE, *_KEY),
        entity_body("Entity"),
        (422, 502, 504),
    ),
    ("GET", "/entities"): Call(
        {200: _ENTITIES}, (*sorted({*_SHAPE, *_SELECTION}), *_READ), None, (406, 502, 504)
    ),
    ("DELETE", "/entities"): Call(
        {204: _DONE, 207: _ELSEWHERE},
        (
            *sorted(
                {*_SELECTION, "keep", "drop", "local", "via", "attrs", "datasetId", "options_write"}
            ),
            *_KEY,
            "Purpose",
        ),
        None,
        (409, 502, 504),
    ),
    ("GET", "/entities/{entity}"): Call(
        {200: Answer("The entity", documents(_ONE, geojson=_FEATURE), ("Link",))},
        (*_SHAPE, "type", *_READ),
        None,
        (406, 502, 504),
    ),
    ("PATCH", "/entities/{entity}"): Call(
        {204: _DONE, 207: _ELSEWHERE},
        (*_WRITE, *_KEY),
        entity_body("EntityFragment", patches=True),
        (422, 502, 504),
    ),
    ("PUT", "/entities/{entity}"): Call(
        {204: _DONE, 207: _ELSEWHERE},
        (*_WRITE, *_KEY),
        entity_body("EntityFragment"),
        (422, 502, 504),
    ),
    ("DELETE", "/entities/{entity}"): Call(
        {204: _DONE, 207: _ELSEWHERE}, (*_WRITE, *_KEY), None, (409, 502, 504)
    ),
    ("POST", "/entities/{entity}/attrs"): Call(
        {204: _DONE, 207: _PARTLY},
        (*_ATTRIBUTE, *_KEY),
        entity_body("EntityFragment", patches=True),
        (502, 504),
    ),
    ("PATCH", "/entities/{entity}/attrs"): Call(
        {204: _DONE, 207: _PARTLY},
        (*_ATTRIBUTE, *_KEY),
        entity_body("EntityFragment", patches=True),
        (502, 504),
    ),
    ("PATCH", "/entities/{entity}/attrs/{attribute}"): Call(
        {204: _DONE, 207: _PARTLY},
        (*_ATTRIBUTE, *_KEY),
        entity_body("AttributeFragment", patches=True),
        (502, 504),
    ),
    ("PUT", "/entities/{entity}/attrs/{attribute}"): Call(
        {204: _DONE, 207: _PARTLY},
        (*_ATTRIBUTE, *_KEY),
        entity_body("AttributeFragment"),
        (502, 504),
    ),
    ("DELETE", "/entities/{entity}/attrs/{attribute}"): Call(
        {204: _DONE, 207: _PARTLY},
        (*_ATTRIBUTE, "datasetId", "deleteAll", *_KEY),
        None,
        (409, 502, 504),
    ),
    ("GET", "/entityMaps"): Call(
        {201: MAPPED}, (*sorted({*_SHAPE, *_SELECTION}), *_READ), None, (406, 502, 504)
    ),
    ("POST", "/entityMaps"): Call(
        {201: MAPPED},
        (*sorted({*_SHAPE, *_SELECTION}), "Idempotency-Key", *_READ),
        Body({JSON: QUERY_BODY, LD: with_context(QUERY_BODY)}),
        (406, 502, 504),
    ),
    ("GET", "/entityMaps/{map}"): Call(
        {200: Answer("The map", documents(ref("EntityMap")), ("Link",))},
        ("local", "via", "Link"),
        None,
        (406, 504),
    ),
    ("PATCH", "/entityMaps/{map}"): Call(
        {204: _DONE}, ("local", "via", *_KEY), entity_body("EntityMapFragment", patches=True)
    ),
    ("DELETE", "/entityMaps/{map}"): Call({204: _DONE}, ("local", "via", *_KEY)),
    ("POST", "/entityOperations/create"): _batch("Entity", "options_batch"),
    ("POST", "/entityOperations/upsert"): _batch("Entity", "options_batch"),
    ("POST", "/entityOperations/update"): _batch("EntityFragment", "options_batch"),
    ("POST", "/entityOperations/merge"): _batch("EntityFragment", "options_batch"),
    ("POST", "/entityOperations/delete"): Call(
        {204: _DONE, 207: Answer("What became of each", {JSON: ref("BatchResult")})},
        ("options_batch", "local", "via", *_KEY),
        Body({JSON: _IDS, LD: _IDS}),
    ),
    ("POST", "/entityOperations/query"): Call(
        {200: _ENTITIES},
        (*sorted({*_SHAPE, *_SELECTION}), "Idempotency-Key", *_READ),
        Body({JSON: QUERY_BODY, LD: with_context(QUERY_BODY)}),
        (406, 502, 504),
    ),
}

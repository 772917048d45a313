"""Schemas of what is sent and answered (clause 5.2), as far as they are the same for all."""

from typing import Any

from hapgang.app.ngsild.described.parts import Schema, ref
from hapgang.app.ngsild.described.words import URI
from hapgang.hub.ngsild.errors import ERRORS

_URI = {"type": "string", "pattern": URI}
_TIME = {"type": "string", "format": "date-time"}
_NOT_NULL = {"type": ["string", "number", "boolean", "array", "object"]}
_WORD = {"type": "string", "minLength": 1}
_STEP = r"[a-zA-Z0-9_\-]+"
_SCOPE = {"type": "string", "pattern": rf"^/{_STEP}(/{_STEP})*$"}


def _attribute(kind: str, member: str, value: Schema) -> Schema:
    said = {"observedAt": _TIME, "datasetId": _URI, "expiresAt": _TIME}
    return {
        "type": "object", "required": ["type", member],
        "properties": {"type": {"const": kind}, member: value, **said},
        "additionalProperties": False,
    }  # fmt: skip


_POSITION = {
    "type": "array", "minItems": 2, "maxItems": 2,
    "items": {"type": "number", "minimum": -90, "maximum": 90},
}  # fmt: skip
_POINT = {
    "type": "object", "required": ["type", "coordinates"], "additionalProperties": False,
    "properties": {"type": {"const": "Point"}, "coordinates": _POSITION},
}  # fmt: skip
_LANGUAGES = {"type": "object", "additionalProperties": {"type": "string"}}
_ATTRIBUTE = {
    "description": "One instance of an attribute, normalised or concise, or a value alone",
    "anyOf": [
        _attribute("Property", "value", {"type": ["string", "number", "boolean"]}),
        _attribute("Relationship", "object", _URI),
        _attribute("GeoProperty", "value", _POINT),
        _attribute("LanguageProperty", "languageMap", _LANGUAGES),
        _attribute("VocabProperty", "vocab", _WORD),
        _attribute("JsonProperty", "json", _NOT_NULL),
        _attribute("ListProperty", "valueList", {"type": "array", "items": _NOT_NULL}),
        _NOT_NULL,
    ],
}
_TYPES = {"anyOf": [_WORD, {"type": "array", "items": _WORD, "minItems": 1, "maxItems": 50}]}
_SCOPES = {
    "anyOf": [
        _SCOPE, {"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1},
    ]
}  # fmt: skip
_CONTEXT = {
    "description": "An address, an object, or several of them",
    "anyOf": [
        {"type": "string"},
        {"type": "object", "additionalProperties": _URI},
        {"type": ["array", "null", "object"]},
    ],
}
_MEMBERS = {"id": _URI, "type": _TYPES, "scope": _SCOPES, "expiresAt": _TIME}


def _body(required: list[str]) -> Schema:
    return {
        "type": "object", "required": required, "minProperties": 1, "properties": _MEMBERS,
        "additionalProperties": ref("Attribute"),
    }  # fmt: skip


def with_context(schema: Schema) -> Schema:
    """Return the schema of the same in JSON-LD, where the context is in it."""
    return {
        **schema,
        "required": [*schema.get("required", []), "@context"],
        "properties": {**schema.get("properties", {}), "@context": ref("Context")},
    }


def _list(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


_ENTITY = _body(["id", "type"])
_EVOLUTION = {
    **_ENTITY,
    "additionalProperties": {
        "anyOf": [
            {"type": "array", "minItems": 1, "items": _attribute("Property", "value", _NOT_NULL)},
            ref("Attribute"),
        ]
    },
}
_FRAGMENT = _body([])
_ATTRIBUTE_BODY = {"type": "object", "minProperties": 1}
_TOLD = {
    "description": "An entity in the form that was asked for",
    "type": "object",
    "properties": {"id": {"type": "string"}, "type": _TYPES, "@context": ref("Context")},
}
_FEATURE = {
    "type": "object", "required": ["type", "geometry", "properties"],
    "properties": {"type": {"const": "Feature"}, "geometry": {"type": ["object", "null"]}},
}  # fmt: skip
_FEATURES = {
    "type": "object", "required": ["type", "features"],
    "properties": {"type": {"const": "FeatureCollection"}, "features": _list(ref("Feature"))},
}  # fmt: skip
_PROBLEM = {
    "type": "object", "required": ["type", "title", "detail", "status"],
    "properties": {
        "type": {"type": "string", "pattern": f"^{ERRORS}[A-Za-z]+$"},
        "title": {"type": "string"}, "detail": {"type": "string"}, "status": {"type": "integer"},
    },
}  # fmt: skip
_BATCH_RESULT = {
    "type": "object", "required": ["success", "errors"],
    "properties": {
        "success": _list({"type": "string"}),
        "errors": _list({
            "type": "object", "required": ["entityId", "error"],
            "properties": {"entityId": {"type": "string"}, "error": ref("ProblemDetails")},
        }),
    },
}  # fmt: skip
_UPDATE_RESULT = {
    "type": "object", "required": ["updated", "notUpdated"],
    "properties": {
        "updated": _list({"type": "string"}),
        "notUpdated": _list({
            "type": "object", "required": ["attributeName", "reason"],
            "properties": {"attributeName": {"type": "string"}, "reason": {"type": "string"}},
        }),
    },
}  # fmt: skip
_CONTEXT_TOLD = {
    "type": "object", "required": ["URL", "localId", "kind", "createdAt"],
    "properties": {
        "URL": {"type": "string"}, "localId": {"type": "string"},
        "kind": {"enum": ["Hosted", "Cached", "ImplicitlyCreated"]},
        "createdAt": _TIME, "lastUsage": _TIME, "numberOfHits": {"type": "integer"},
    },
}  # fmt: skip


def _named(kind: str, **members: Schema) -> Schema:
    return {
        "type": "object", "required": ["id", "type", *members],
        "properties": {"id": {"type": "string"}, "type": {"const": kind}, **members},
    }  # fmt: skip


_STRINGS = _list({"type": "string"})
_NUMBER = {"type": "integer"}
_EXPIRY = {
    "type": "object", "required": ["expiresAt"],
    "properties": {"id": {"type": "string"}, "type": {"const": "EntityMap"}, "expiresAt": _TIME},
}  # fmt: skip
SCHEMAS: dict[str, Any] = {
    "Attribute": _ATTRIBUTE,
    "Context": _CONTEXT,
    "Entity": _ENTITY,
    "EntityLd": with_context(_ENTITY),
    "Evolution": _EVOLUTION,
    "EvolutionLd": with_context(_EVOLUTION),
    "EntityFragment": _FRAGMENT,
    "EntityFragmentLd": with_context(_FRAGMENT),
    "AttributeFragment": _ATTRIBUTE_BODY,
    "AttributeFragmentLd": with_context(_ATTRIBUTE_BODY),
    "EntityTold": _TOLD,
    "Feature": _FEATURE,
    "FeatureCollection": _FEATURES,
    "ProblemDetails": _PROBLEM,
    "BatchResult": _BATCH_RESULT,
    "UpdateResult": _UPDATE_RESULT,
    "ContextTold": _CONTEXT_TOLD,
    "ContextBody": {
        "type": "object", "required": ["@context"], "properties": {"@context": ref("Context")},
    },
    "EntityMap": _named(
        "EntityMap", expiresAt=_TIME,
        entityMap={"type": "object", "additionalProperties": _STRINGS},
    ),
    "EntityMapFragment": _EXPIRY,
    "EntityMapFragmentLd": with_context(_EXPIRY),
    "TypeList": _named("EntityTypeList", typeList=_STRINGS),
    "TypeTold": _named("EntityType", typeName={"type": "string"}, attributeNames=_STRINGS),
    "AttributeList": _named("AttributeList", attributeList=_STRINGS),
    "AttributeTold": _named("Attribute", attributeName={"type": "string"}),
    "TypeInformation": _named(
        "EntityTypeInfo", typeName={"type": "string"}, entityCount=_NUMBER,
        attributeDetails=_list(ref("AttributeTold")),
    ),
}  # fmt: skip

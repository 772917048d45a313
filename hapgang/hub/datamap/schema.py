"""What a declared type looks like: its columns, and its JSON Schema (draft 2020-12).

The schema is of the simplified form of NGSI-LD (clause 4.5.4), in which an attribute is its value.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from hapgang.core.entity import Attribute, EntityType, Field
from hapgang.hub.datamap.dataset import DataColumn, Form
from hapgang.hub.record import Record

Schema = dict[str, Any]
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_MOST_FREE = 100  # attributes of a free type that are told of
_PLAIN: Mapping[str, Form] = {
    "string": "text", "number": "number", "integer": "whole", "boolean": "yes_no", "array": "list",
}  # fmt: skip
_KINDS: Mapping[str, Form] = {
    "Relationship": "link", "LanguageProperty": "words", "ListProperty": "list",
    "ListRelationship": "list", "JsonProperty": "object", "VocabProperty": "choice",
}  # fmt: skip


def json_schema(declared: EntityType, address: str) -> Schema:
    """Return the JSON Schema of a type, which lies at an address."""
    (*parts,), components = msgspec.json.schema_components(
        [field.decoder.type for field in declared.fields], ref_template="#/$defs/{name}"
    )
    properties = {
        field.wire: _property(field, part)
        for field, part in zip(declared.fields, parts, strict=True)
    }
    return {
        "$schema": _DRAFT,
        "$id": address,
        "title": declared.name,
        "description": (declared.view.__doc__ or "").strip(),
        "type": "object",
        "properties": {
            "id": {"type": "string", "format": "uri"},
            "type": {"const": declared.name},
            **properties,
        },
        "required": ["id", "type", *(f.wire for f in declared.fields if not f.is_optional)],
        "$defs": components,
    }


def _property(field: Field, part: Schema) -> Schema:
    if field.kind == "LanguageProperty":
        part = {"type": "object", "properties": {"languageMap": part}, "required": ["languageMap"]}
    elif field.is_time:
        value = {"type": "string", "format": "date-time"}
        part = {
            "type": "object",
            "properties": {"@type": {"const": "DateTime"}, "@value": value},
            "required": ["@type", "@value"],
        }
    named = {"x-ngsi": {"type": field.kind, **({"unitCode": field.unit} if field.unit else {})}}
    return {**part, **named}


def columns_of(declared: EntityType) -> tuple[DataColumn, ...]:
    """Return the attributes of a type by their names on the wire."""
    return tuple(_column(field) for field in declared.fields)


def _column(field: Field) -> DataColumn:
    schema = msgspec.json.schema(field.decoder.type)
    part = _solid(schema, schema.get("$defs", {}))
    choices = tuple(str(one) for one in part.get("enum", ()) if one is not None)
    return DataColumn(
        name=field.wire,
        form=_form(field, part, choices),
        unit=field.unit,
        required=not field.is_optional,
        choices=choices,
        least=part.get("minimum", part.get("exclusiveMinimum")),
        most=part.get("maximum", part.get("exclusiveMaximum")),
    )


def _solid(schema: Schema, defs: Schema) -> Schema:
    """Return the part of a schema that says what a value is when it is there."""
    for _ in range(8):
        if "$ref" in schema:
            schema = defs[schema["$ref"].rsplit("/", 1)[1]]
        elif "anyOf" in schema:
            schema = next(one for one in schema["anyOf"] if one.get("type") != "null")
        else:
            break
    return schema


def _form(field: Field, part: Schema, choices: tuple[str, ...]) -> Form:
    if field.is_time:
        return "time"
    if field.kind == "GeoProperty":
        is_point = "Point" in part.get("properties", {}).get("type", {}).get("enum", ())
        return "place" if is_point else "shape"
    if field.kind in _KINDS:
        return _KINDS[field.kind]
    return "choice" if choices else _PLAIN.get(part.get("type", ""), "object")


def columns_seen(records: Iterable[Record]) -> tuple[DataColumn, ...]:
    """Return the attributes that entities of a free type have, by what the first of them holds."""
    seen: dict[str, DataColumn] = {}
    for record in records:
        for name, attribute in record.attributes().items():
            if name not in seen and len(seen) < _MOST_FREE:
                seen[name] = _column_seen(name, attribute)
    return tuple(seen.values())


def _column_seen(name: str, attribute: Attribute | list[Attribute]) -> DataColumn:
    one = attribute[0] if isinstance(attribute, list) else attribute
    kind, value = str(one.get("type")), one.get("value")
    form: Form = "object"
    if kind in _KINDS:
        form = _KINDS[kind]
    elif kind == "GeoProperty" and isinstance(value, dict):
        form = "place" if value.get("type") == "Point" else "shape"
    elif isinstance(value, bool):
        form = "yes_no"
    elif isinstance(value, int | float):
        form = "number"
    elif isinstance(value, str):
        form = "text"
    elif isinstance(value, list):
        form = "list"
    elif isinstance(value, dict) and "@value" in value:
        form = "time"
    unit = one.get("unitCode", "")
    return DataColumn(name=name, form=form, unit=unit if isinstance(unit, str) else "")

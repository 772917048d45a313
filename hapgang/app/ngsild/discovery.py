"""`/ngsi-ld/v1/types` and `/ngsi-ld/v1/attributes` (clauses 6.25 to 6.28)."""

import hashlib
from typing import Any

import msgspec
from starlette.responses import Response

from hapgang.app.context import Context
from hapgang.app.endpoints import Call
from hapgang.app.ngsild.answers import accepted, answer
from hapgang.app.ngsild.linked import Asked, context_of_link
from hapgang.app.ngsild.request import check_words, is_true, perform
from hapgang.core.ids import urn
from hapgang.hub.jsonld import meant_by
from hapgang.runtime.platform.ngsild.discovery import (
    KnownAttribute,
    KnownType,
    get_attribute,
    get_type,
    list_attributes,
    list_types,
)

_WORDS = frozenset(["details", "local", "via"])


async def _types(context: Context) -> Response:
    check_words(context, _WORDS)
    accepted(context)
    asked = await context_of_link(context)
    is_detailed = is_true(context, "details")
    known: list[KnownType] = await perform(context, list_types, details=is_detailed)
    outward = asked.context.outward
    if is_detailed:
        return answer(context, asked, [_type(one, asked) for one in known])
    names = [outward(one.name) for one in known]
    body = {"id": _list_id("EntityTypeList", names), "type": "EntityTypeList", "typeList": names}
    return answer(context, asked, body)


async def _get_type(context: Context) -> Response:
    check_words(context, _WORDS)
    accepted(context)
    asked = await context_of_link(context)
    name = asked.context.inward(context.path["type"])
    known: KnownType = await perform(context, get_type, type=name)
    body = {
        "id": meant_by(name),
        "type": "EntityTypeInfo",
        "typeName": asked.context.outward(name),
        "entityCount": known.count,
        "attributeDetails": [
            {
                "id": meant_by(one.name),
                "type": "Attribute",
                "attributeName": asked.context.outward(one.name),
                "attributeTypes": one.kinds,
            }
            for one in known.attributes
        ],
    }
    return answer(context, asked, body)


async def _attributes(context: Context) -> Response:
    check_words(context, _WORDS)
    accepted(context)
    asked = await context_of_link(context)
    known: list[KnownAttribute] = await perform(context, list_attributes)
    outward = asked.context.outward
    if is_true(context, "details"):
        body: Any = [
            {
                "id": meant_by(one.name),
                "type": "Attribute",
                "attributeName": outward(one.name),
                "typeNames": [outward(name) for name in one.types],
            }
            for one in known
        ]
        return answer(context, asked, body)
    names = [outward(one.name) for one in known]
    body = {"id": _list_id("AttributeList", names), "type": "AttributeList", "attributeList": names}
    return answer(context, asked, body)


async def _get_attribute(context: Context) -> Response:
    check_words(context, _WORDS)
    accepted(context)
    asked = await context_of_link(context)
    name = asked.context.inward(context.path["attribute"])
    known: KnownAttribute = await perform(context, get_attribute, attribute=name)
    body = {
        "id": meant_by(name),
        "type": "Attribute",
        "attributeName": asked.context.outward(name),
        "attributeCount": known.count,
        "attributeTypes": known.kinds,
        "typeNames": [asked.context.outward(one) for one in known.types],
    }
    return answer(context, asked, body)


def _type(known: KnownType, asked: Asked) -> dict[str, Any]:
    outward = asked.context.outward
    return {
        "id": meant_by(known.name),
        "type": "EntityType",
        "typeName": outward(known.name),
        "attributeNames": [outward(one.name) for one in known.attributes],
    }


def _list_id(kind: str, names: list[str]) -> str:
    """Return an id that stays the same for as long as the list does."""
    digest = hashlib.blake2b(msgspec.json.encode(names), digest_size=8)
    return urn(kind, digest.hexdigest())


CALLS: dict[Any, Call] = {
    list_types: _types,
    get_type: _get_type,
    list_attributes: _attributes,
    get_attribute: _get_attribute,
}

"""`/ngsi-ld/v1/entities/{id}/attrs` (clauses 6.6 and 6.7)."""

from typing import Any

import msgspec
from starlette.responses import Response

from hapgang.app.context import JSON, Context
from hapgang.app.endpoints import Call
from hapgang.app.ngsild.answers import done
from hapgang.app.ngsild.linked import context_of_link
from hapgang.app.ngsild.request import (
    attribute_fragment,
    check_words,
    fragment,
    is_true,
    perform,
    words,
)
from hapgang.core.errors import Invalid
from hapgang.core.ids import check_uri
from hapgang.hub.jsonld import meant_by
from hapgang.hub.ngsild.fragment import Fragment, fragment_in
from hapgang.runtime.platform.ngsild.attributes import (
    Updated,
    append_attributes,
    delete_attribute,
    patch_attribute,
    replace_attribute,
    update_attributes,
)

_WORDS = frozenset(["options", "local", "via", "type", "overwrite"])
_DELETE_WORDS = _WORDS | {"datasetId", "deleteAll"}


async def _append(context: Context) -> Response:
    check_words(context, _WORDS)
    entity, found = await _fragment(context)
    overwrites = "noOverwrite" not in words(context, "options")
    outcome: Updated = await perform(
        context, append_attributes, entity=entity, fragment=found, overwrites=overwrites
    )
    return _told(outcome)


async def _update(context: Context) -> Response:
    check_words(context, _WORDS)
    entity, found = await _fragment(context)
    outcome: Updated = await perform(context, update_attributes, entity=entity, fragment=found)
    return _told(outcome)


async def _patch(context: Context) -> Response:
    check_words(context, _WORDS)
    entity, attribute, found = await attribute_fragment(context, patches=True)
    await perform(context, patch_attribute, entity=entity, attribute=attribute, fragment=found)
    return done()


async def _replace(context: Context) -> Response:
    check_words(context, _WORDS)
    entity, attribute, found = await attribute_fragment(context)
    if attribute == "scope":
        raise Invalid("a scope is no attribute", "scope는 속성이 아닙니다")
    await perform(context, replace_attribute, entity=entity, attribute=attribute, fragment=found)
    return done()


async def _delete(context: Context) -> Response:
    check_words(context, _DELETE_WORDS)
    asked = await context_of_link(context)
    await perform(
        context, delete_attribute,
        entity=check_uri(context.path["entity"]),
        attribute=asked.context.inward(context.path["attribute"]),
        dataset=context.query("datasetId") or None,
        every=is_true(context, "deleteAll"),
    )  # fmt: skip
    return done()


async def _fragment(context: Context) -> tuple[str, Fragment]:
    entity = check_uri(context.path["entity"])
    document, _ = await fragment(context, patches=True)
    found = fragment_in(document)
    if found.is_empty:
        raise Invalid("the body names no attribute", "본문에 속성이 없습니다")
    return entity, found


def _told(outcome: Updated) -> Response:
    """Return that all was written, or what was and what was not, by IRI (clause 5.2.18)."""
    if not outcome.refused:
        return done()
    body = {
        "updated": [meant_by(name) for name in outcome.written],
        "notUpdated": [
            {"attributeName": meant_by(name), "reason": reason}
            for name, reason in outcome.refused.items()
        ],
    }
    return Response(msgspec.json.encode(body), 207, media_type=JSON)


CALLS: dict[Any, Call] = {
    append_attributes: _append,
    update_attributes: _update,
    patch_attribute: _patch,
    replace_attribute: _replace,
    delete_attribute: _delete,
}

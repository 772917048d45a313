"""`/ngsi-ld/v1/entityOperations` (clauses 6.14 to 6.17 and 6.31): many entities in one request."""

from typing import Any

import msgspec
from starlette.responses import Response

from hapgang.app.context import JSON, Context
from hapgang.app.endpoints import Call
from hapgang.app.ngsild.answers import done
from hapgang.app.ngsild.linked import LD, Asked, context_of_body, context_of_link, linked_address
from hapgang.app.ngsild.request import (
    body_list,
    check_words,
    media_type,
    named_inward,
    perform,
    words,
)
from hapgang.core.entity import Document
from hapgang.core.errors import CityError, Invalid
from hapgang.core.ids import check_uri
from hapgang.runtime.platform.ngsild.batch import (
    Batch,
    Failed,
    create_entities,
    delete_entities,
    failed,
    merge_entities,
    update_entities,
    upsert_entities,
)

_WORDS = frozenset(["options", "format", "local", "via"])


async def _create(context: Context) -> Response:
    documents, refused = await _documents(context)
    batch: Batch = await perform(context, create_entities, documents=documents)
    return _told(batch, refused)


async def _upsert(context: Context) -> Response:
    documents, refused = await _documents(context)
    updates = "update" in words(context, "options")
    batch: Batch = await perform(context, upsert_entities, documents=documents, updates=updates)
    return _told(batch, refused)


async def _update(context: Context) -> Response:
    documents, refused = await _documents(context)
    overwrites = "noOverwrite" not in words(context, "options")
    batch: Batch = await perform(
        context, update_entities, documents=documents, overwrites=overwrites
    )
    return _told(batch, refused)


async def _merge(context: Context) -> Response:
    documents, refused = await _documents(context)
    batch: Batch = await perform(context, merge_entities, documents=documents)
    return _told(batch, refused)


async def _delete(context: Context) -> Response:
    check_words(context, _WORDS)
    media_type(context)
    entities = [_id_of(name) for name in await body_list(context)]
    batch: Batch = await perform(context, delete_entities, entities=entities)
    return _told(batch, [])


async def _documents(context: Context) -> tuple[list[Document], list[Failed]]:
    """Return the entities of a body with the hub's names, and those that could not be read."""
    check_words(context, _WORDS)
    kind = media_type(context)
    if kind == LD and linked_address(context) is not None:
        raise Invalid(
            f"with {LD} each entity has its context; leave the Link header out",
            "컨텍스트는 엔티티마다 있으니 Link 헤더를 빼 주세요",
        )
    documents: list[Document] = []
    refused: list[Failed] = []
    of_all: Asked | None = None
    for raw in await body_list(context):
        if not isinstance(raw, dict):
            raise Invalid("each of a batch is an entity", "목록의 항목은 엔티티여야 합니다")
        try:
            if kind == LD or "@context" in raw:
                asked = await context_of_body(context, raw, kind)
            else:
                asked = of_all = of_all or await context_of_link(context)
            documents.append(named_inward(context, raw, asked))
        except CityError as error:
            refused.append(failed(str(raw.get("id", "")), error))
    return documents, refused


def _id_of(name: Any) -> str:
    if not isinstance(name, str):
        raise Invalid("an id is a text", "id는 문자열이어야 합니다")
    return check_uri(name)


def _told(batch: Batch, refused: list[Failed]) -> Response:
    """Return that all was done, or for each entity whether it was (clause 5.2.16)."""
    errors = [*refused, *batch.failed]
    if not errors:
        if not batch.created:
            return done()
        return Response(msgspec.json.encode(batch.created), 201, media_type=JSON)
    body = {
        "success": [*batch.created, *batch.changed],
        "errors": [{"entityId": one.entity, "error": one.error} for one in errors],
    }
    return Response(msgspec.json.encode(body), 207, media_type=JSON)


CALLS: dict[Any, Call] = {
    create_entities: _create,
    upsert_entities: _upsert,
    update_entities: _update,
    merge_entities: _merge,
    delete_entities: _delete,
}

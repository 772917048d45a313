"""`/ngsi-ld/v1/entities` (clauses 6.4 and 6.5), and queries in a body (6.23)."""

from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from hapgang.app.context import JSON, Context
from hapgang.app.endpoints import Call
from hapgang.app.ngsild.answers import GEOJSON, accepted, add_pages, answer, created, done, place
from hapgang.app.ngsild.asked import (
    FILTER_WORDS,
    SELECTION_WORDS,
    SHAPE_WORDS,
    join_of,
    orders_of,
    selection_of,
    shape_of,
)
from hapgang.app.ngsild.distribution.reads import Wish, fetch_entity, warn
from hapgang.app.ngsild.linked import LD, Asked, context_of_link
from hapgang.app.ngsild.maps import HEADER as MAP_HEADER
from hapgang.app.ngsild.maps import address_of, made_map, mapped_page
from hapgang.app.ngsild.maps import told as map_told
from hapgang.app.ngsild.posted import (
    posted_filters,
    posted_join,
    posted_orders,
    posted_shape,
    read_posted,
    selections_of,
)
from hapgang.app.ngsild.request import (
    body_query,
    check_words,
    fragment,
    is_simplified,
    is_true,
    number,
    perform,
    purpose,
    words,
)
from hapgang.core.errors import Invalid, NotFound
from hapgang.core.ids import check_uri
from hapgang.hub.jsonld import NORMALISED, SIMPLIFIED, outward_document
from hapgang.hub.ngsild.fragment import fragment_in
from hapgang.hub.ngsild.join import Join, joined_documents
from hapgang.hub.ngsild.represent import Shape, feature, has_asked, represent
from hapgang.hub.record import Record
from hapgang.runtime.platform.ngsild import NGSI_LD
from hapgang.runtime.platform.ngsild.entities import (
    Found,
    create_entity,
    delete_entity,
    get_entity,
    merge_entity,
    purge_entities,
    query_entities,
    replace_entity,
)
from hapgang.runtime.platform.ngsild.maps import make_entity_map

_OFFERS = (JSON, LD, GEOJSON)
_RETRIEVE_WORDS = SHAPE_WORDS | {"type"}
_PURGE_WORDS = SELECTION_WORDS | {"keep", "drop", "local", "via", "attrs", "datasetId", "options"}
_WRITE_WORDS = frozenset(["local", "via", "options", "format", "type", "lang", "observedAt"])


async def _create(context: Context) -> Response:
    check_words(context, _WRITE_WORDS)
    document, _ = await fragment(context)
    await perform(context, create_entity, document=document)
    return created(f"{NGSI_LD}/entities/{quote(document['id'], safe=':')}")


async def _merge(context: Context) -> Response:
    check_words(context, _WRITE_WORDS)
    entity = check_uri(context.path["entity"])
    document, _ = await fragment(context, patches=True)
    if document.get("id", entity) != entity:
        raise Invalid("the body is about another entity", "본문의 id가 다릅니다")
    await perform(
        context, merge_entity, entity=entity, fragment=fragment_in(document),
        is_simplified=is_simplified(context), lang=context.query("lang"),
    )  # fmt: skip
    return done()


async def _replace(context: Context) -> Response:
    check_words(context, _WRITE_WORDS)
    entity = check_uri(context.path["entity"])
    document, _ = await fragment(context)
    if document.get("id", entity) != entity:
        raise Invalid("the body is about another entity", "본문의 id가 다릅니다")
    await perform(context, replace_entity, entity=entity, document=document)
    return done()


async def _delete(context: Context) -> Response:
    check_words(context, _WRITE_WORDS)
    await perform(context, delete_entity, entity=check_uri(context.path["entity"]))
    return done()


async def _purge(context: Context) -> Response:
    check_words(context, _PURGE_WORDS)
    asked = await context_of_link(context)
    selection = selection_of(context, asked)
    if not (selection.is_bounded or selection.ids or is_true(context, "local")):
        raise _unbounded()
    names = {
        word: frozenset(asked.context.inward(name) for name in words(context, word)) or None
        for word in ("keep", "drop")
    }
    if names["keep"] and names["drop"]:
        raise Invalid("keep or drop, not both", "keep과 drop 중 하나만 쓸 수 있습니다")
    await perform(
        context, purge_entities, selections=(selection,), **names, purpose=purpose(context)
    )
    return done()


async def _get(context: Context) -> Response:
    check_words(context, _RETRIEVE_WORDS)
    kind = accepted(context, _OFFERS)
    asked = await context_of_link(context)
    shape, join = shape_of(context, asked), join_of(context)
    entity = check_uri(context.path["entity"])
    found = await fetch_entity(context, asked, entity, shape, join)
    if not has_asked(found.records[0], shape):
        raise NotFound(f"{entity} has none of these attributes", f"{entity}에 그 속성이 없습니다")
    documents = written(found, shape, join, asked, kind)
    if not documents or not documents[0]:
        raise NotFound(
            f"nothing of {entity} is left to show", f"{entity}에서 보여 줄 것이 없습니다"
        )
    is_list = join is not None and join.kind == "flat" and len(documents) > 1
    body: Any = documents if is_list else documents[0]
    if is_list and kind == GEOJSON:
        body = {"type": "FeatureCollection", "features": documents}
    response = told(context, asked, body, kind)
    warn(response.headers, found)
    return response


async def _query(context: Context) -> Response:
    check_words(context, SHAPE_WORDS | SELECTION_WORDS)
    kind = accepted(context, _OFFERS)
    return await _page(context, *await _wish(context), kind)


async def _post_query(context: Context) -> Response:
    check_words(context, SHAPE_WORDS | SELECTION_WORDS)
    kind = accepted(context, _OFFERS)
    return await _page(context, *await _posted_wish(context), kind)


async def _map(context: Context) -> Response:
    check_words(context, SHAPE_WORDS | SELECTION_WORDS)
    kind = accepted(context)
    asked, wish = await (_wish(context) if context.is_read else _posted_wish(context))
    made = await made_map(context, asked, wish)
    response = answer(context, asked, map_told(made), kind=kind, status=201)
    response.headers[MAP_HEADER] = address_of(made)
    place(response, address_of(made))
    return response


async def _wish(context: Context) -> tuple[Asked, Wish]:
    asked = await context_of_link(context)
    selection = selection_of(context, asked)
    if not (selection.is_bounded or is_true(context, "local")):
        raise _unbounded()
    filters = {name: context.query(name) for name in FILTER_WORDS if context.query(name)}
    wish = Wish(
        (selection,), shape_of(context, asked), *_place(context), join_of(context),
        orders_of(context, asked), _counts(context), filters, csf=context.query("csf"),
    )  # fmt: skip
    return asked, wish


async def _posted_wish(context: Context) -> tuple[Asked, Wish]:
    document, asked = await body_query(context)
    posted = read_posted(document)
    selections = selections_of(posted, asked)
    if not (all(one.is_bounded for one in selections) or is_true(context, "local")):
        raise _unbounded()
    wish = Wish(
        selections, posted_shape(posted, context, asked), *_place(context),
        posted_join(posted, context), posted_orders(posted, asked), _counts(context),
        posted_filters(posted), is_posted=True, csf=posted.csf,
    )  # fmt: skip
    return asked, wish


async def _page(context: Context, asked: Asked, wish: Wish, kind: str) -> Response:
    if wish.limit == 0 and not wish.counts:
        raise Invalid("limit=0 goes with count=true", "limit=0에는 count=true가 필요합니다")
    found, entity_map = await mapped_page(context, asked, wish)
    documents = [one for one in written(found, wish.shape, wish.join, asked, kind) if one]
    body: Any = documents
    if kind == GEOJSON:
        body = {"type": "FeatureCollection", "features": documents}
    response = told(context, asked, body, kind)
    warn(response.headers, found)
    if entity_map:
        response.headers[MAP_HEADER] = entity_map
    if wish.counts:
        response.headers["NGSILD-Results-Count"] = str(found.count)
    if context.is_read:
        add_pages(context, response, f"{NGSI_LD}/entities", found.count, wish.limit, wish.offset)
    return response


def _place(context: Context) -> tuple[int, int]:
    """Return how many entities are asked for, and after how many."""
    return number(context, "limit", 20), number(context, "offset", 0)


def _counts(context: Context) -> bool:
    return is_true(context, "count") or "count" in words(context, "options")


def written(
    found: Found, shape: Shape, join: Join | None, asked: Asked, kind: str
) -> list[dict[str, Any]]:
    """Return entities in their form, with the client's names."""
    records = [record for record in found.records if has_asked(record, shape)]
    if join is None:
        documents = [represent(record, shape) for record in records]
    else:
        documents = joined_documents(records, shape, join, found.linked)
    form = SIMPLIFIED if shape.style == "simplified" else NORMALISED
    if kind != GEOJSON:
        return [outward_document(document, asked.context, form) for document in documents]
    by_id: dict[str, Record] = {**found.linked, **{one.id: one for one in records}}
    return [
        feature(by_id[document["id"]], shape, outward_document(document, asked.context, form))
        for document in documents
    ]


def told(context: Context, asked: Asked, body: Any, kind: str) -> Response:
    """Return the answer; GeoJSON has its context in it, unless the client prefers not."""
    if kind != GEOJSON:
        return answer(context, asked, body, kind=kind)
    if "body=json" in (context.header(b"prefer") or "").replace(" ", ""):
        return answer(context, asked, body, kind=GEOJSON)
    address: Any = [asked.address] if body["type"] == "Feature" else asked.address
    response = answer(context, asked, {**body, "@context": address}, kind=GEOJSON)
    del response.headers["link"]
    return response


def _unbounded() -> Invalid:
    return Invalid(
        "say which entities: at least one of type, attrs, q, georel; or local=true",
        "어떤 엔티티인지 지정하세요: type, attrs, q, georel 중 하나 또는 local=true",
    )


CALLS: dict[Any, Call] = {
    create_entity: _create,
    get_entity: _get,
    merge_entity: _merge,
    replace_entity: _replace,
    delete_entity: _delete,
    purge_entities: _purge,
}
BY_METHOD: dict[tuple[str, Any], Call] = {
    ("GET", query_entities): _query,
    ("POST", query_entities): _post_query,
    ("GET", make_entity_map): _map,
    ("POST", make_entity_map): _map,
}

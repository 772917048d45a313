"""Reading the past of one entity and of many (clauses 5.7.3, 5.7.4, 6.18.3.2, 6.19.3.1, 6.24)."""

from typing import Any

from starlette.responses import Response

from hapgang.app.context import Context
from hapgang.app.endpoints import Call
from hapgang.app.ngsild.answers import accepted, answer, place
from hapgang.app.ngsild.asked import orders_of, selection_of
from hapgang.app.ngsild.linked import Asked, context_of_link
from hapgang.app.ngsild.maps import HEADER, address_of
from hapgang.app.ngsild.maps import told as map_told
from hapgang.app.ngsild.posted import posted_orders, read_posted, selections_of
from hapgang.app.ngsild.request import (
    body_query,
    check_words,
    is_true,
    number,
    words,
)
from hapgang.app.ngsild.temporal.asked import (
    QUERY_WORDS,
    RETRIEVE_WORDS,
    Form,
    form_of,
    posted_form,
)
from hapgang.app.ngsild.temporal.mapped import collect, made_map, mapped
from hapgang.app.ngsild.temporal.matching import Wanted, may_see
from hapgang.app.ngsild.temporal.numbers import aggregates_of, is_of_arrays
from hapgang.app.ngsild.temporal.others import Others, others_about, shown
from hapgang.app.ngsild.temporal.reading import Budget, past_of, until_safe
from hapgang.app.ngsild.temporal.written import body_of, linked_pages, told_of
from hapgang.core.errors import Invalid, NotFound
from hapgang.core.ids import check_uri
from hapgang.hub.search import Selection
from hapgang.hub.temporal.page import Cut, keeps_of, series_of
from hapgang.hub.temporal.represent import Told, chosen_series
from hapgang.runtime.platform.ngsild.maps import map_evolutions
from hapgang.runtime.platform.ngsild.temporal import get_evolution, query_evolutions
from hapgang.writer.history import Reading


async def _get(context: Context) -> Response:
    check_words(context, RETRIEVE_WORDS)
    kind = accepted(context)
    asked = await context_of_link(context)
    form, entity = form_of(context, asked), check_uri(context.path["entity"])
    keeps = keeps_of(form.when)
    others = await others_about(context, asked, entity, shown(form.shape), form.when, keeps)
    await until_safe(context)
    async with context.live.reads.past.reading() as reading:
        told = await _summed(context, reading, entity, form) if others.is_silent else None
        if told is not None:
            documents, _ = await body_of(context, [told], form, asked)
            return _answer(context, asked, documents[0], kind, None, others)
        past = others.joined(entity, await past_of(context, reading, entity, keeps, Budget()))
    if past is None or not await may_see(context, past, notes=True):
        raise NotFound(f"{entity} has no past", f"{entity}의 이력이 없습니다")
    attrs = form.shape.attrs
    if attrs and attrs.isdisjoint(past.evolution.names):
        raise NotFound(f"{entity} never had these attributes", f"{entity}에 그 속성이 없습니다")
    series = chosen_series(series_of(past.evolution, form.when), form.shape)
    documents, cut = await body_of(context, [told_of(past, series)], form, asked)
    if not documents[0]:
        raise NotFound(
            f"nothing of {entity} is left to show", f"{entity}에서 보여 줄 것이 없습니다"
        )
    return _answer(context, asked, documents[0], kind, cut, others)


async def _summed(context: Context, reading: Reading, entity: str, form: Form) -> Told | None:
    """Return the aggregates of what was measured in bulk; None where it has to be read."""
    record = context.live.runtime.state.get(entity)
    if record is None or not is_of_arrays(record.type, form):
        return None
    sums = await aggregates_of(context, reading, [entity], record.type, form)
    return sums.told.get(entity)


async def _query(context: Context) -> Response:
    check_words(context, QUERY_WORDS)
    kind = accepted(context)
    return await _page(context, *await _got(context), kind)


async def _post_query(context: Context) -> Response:
    check_words(context, QUERY_WORDS)
    kind = accepted(context)
    return await _page(context, *await _posted(context), kind)


async def _got(context: Context) -> tuple[Asked, Wanted]:
    asked = await context_of_link(context)
    form, orders = form_of(context, asked), orders_of(context, asked)
    return asked, _wanted(context, (selection_of(context, asked),), form, orders)


async def _posted(context: Context) -> tuple[Asked, Wanted]:
    document, asked = await body_query(context)
    posted = read_posted(document)
    form, orders = posted_form(posted, document, context, asked), posted_orders(posted, asked)
    return asked, _wanted(context, selections_of(posted, asked), form, orders)


def _wanted(context: Context, selections: tuple[Selection, ...], form: Form, orders: Any) -> Wanted:
    if form.when.relation is None:
        raise Invalid(
            "say which time: timerel and timeAt", "timerel과 timeAt으로 기간을 지정하세요"
        )
    is_narrow = all(one.types or one.attrs or one.query or one.geo for one in selections)
    if not (is_narrow or is_true(context, "local")):
        raise Invalid(
            "say which entities: one of type, attrs, q, georel; or local=true",
            "어떤 엔티티인지 지정하세요: type, attrs, q, georel 또는 local=true",
        )
    limit, offset = number(context, "limit", 20), number(context, "offset", 0)
    counts = is_true(context, "count") or "count" in words(context, "options")
    if limit == 0 and not counts:
        raise Invalid("limit=0 goes with count=true", "limit=0에는 count=true가 필요합니다")
    if limit > _MOST_ENTITIES:
        raise Invalid(f"limit is at most {_MOST_ENTITIES:,}", None)
    return Wanted(selections, form, orders, limit, offset, counts)


_MOST_ENTITIES = 1_000


async def _page(context: Context, asked: Asked, wanted: Wanted, kind: str) -> Response:
    narrowed, known = await mapped(context, asked, wanted)
    found, count, others = await collect(context, asked, narrowed)
    if known is not None:
        places = {name: place for place, name in enumerate(known.entities)}
        found.sort(key=lambda told: places.get(told.entity, len(places)))
        count = len(places)
    documents, cut = await body_of(context, found, wanted.form, asked)
    response = _answer(context, asked, [one for one in documents if one], kind, cut, others)
    if known is not None:
        response.headers[HEADER] = address_of(known)
    if wanted.counts:
        response.headers["NGSILD-Results-Count"] = str(count)
    if context.is_read:
        linked_pages(context, response, count, wanted.limit, wanted.offset)
    return response


async def _map(context: Context) -> Response:
    """Make an entity map of a query (clause 5.14.5)."""
    check_words(context, QUERY_WORDS)
    kind = accepted(context)
    asked, wanted = await (_got(context) if context.is_read else _posted(context))
    made = await made_map(context, asked, wanted)
    response = answer(context, asked, map_told(made), kind=kind, status=201)
    response.headers[HEADER] = address_of(made)
    place(response, address_of(made))
    return response


def _answer(
    context: Context, asked: Asked, body: Any, kind: str, cut: Cut | None, others: Others
) -> Response:
    response = answer(context, asked, body, kind=kind, status=200 if cut is None else 206)
    if cut is not None:
        response.headers["Content-Range"] = cut.content_range
    others.warn(response.headers)
    return response


BY_METHOD: dict[tuple[str, Any], Call] = {
    ("GET", get_evolution): _get,
    ("GET", query_evolutions): _query,
    ("POST", query_evolutions): _post_query,
    ("GET", map_evolutions): _map,
    ("POST", map_evolutions): _map,
}

"""Reading the past of one entity and of many (clauses 5.7.3, 5.7.4, 6.18.3.2, 6.19.3.1, 6.24)."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
from starlette.responses import Response

from hapgang.app.context import Context
from hapgang.app.endpoints import Call
from hapgang.app.ngsild.answers import accepted, answer
from hapgang.app.ngsild.asked import orders_of, selection_of
from hapgang.app.ngsild.linked import Asked, context_of_link
from hapgang.app.ngsild.posted import posted_orders, read_posted, selections_of
from hapgang.app.ngsild.request import (
    body_query,
    check_words,
    is_true,
    number,
    perform,
    purpose,
    words,
)
from hapgang.app.ngsild.temporal.asked import (
    QUERY_WORDS,
    RETRIEVE_WORDS,
    Form,
    form_of,
    posted_form,
)
from hapgang.app.ngsild.temporal.numbers import aggregates_of, is_of_arrays, measured_type
from hapgang.app.ngsild.temporal.others import Others, others_about, others_among, shown
from hapgang.app.ngsild.temporal.reading import Budget, Past, past_of, until_safe
from hapgang.app.ngsild.temporal.written import body_of, linked_pages, told_of
from hapgang.core.errors import Invalid, NotFound
from hapgang.core.ids import check_uri
from hapgang.hub.ngsild.represent import Shape
from hapgang.hub.search import Selection
from hapgang.hub.temporal.candidates import record_in, test_of
from hapgang.hub.temporal.page import Cut, keeps_of, series_of
from hapgang.hub.temporal.represent import Told, chosen_series
from hapgang.runtime.platform.ngsild.temporal import get_evolution, query_evolutions
from hapgang.writer.history import Reading


class Wanted(msgspec.Struct, frozen=True):
    """A query of the past."""

    selections: tuple[Selection, ...]
    form: Form
    orders: Any
    limit: int
    offset: int
    counts: bool


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
    if past is None or not await _may_see(context, past, notes=True):
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
    asked = await context_of_link(context)
    wanted = _wanted(
        context, (selection_of(context, asked),), form_of(context, asked), orders_of(context, asked)
    )
    return await _page(context, asked, wanted, kind)


async def _post_query(context: Context) -> Response:
    check_words(context, QUERY_WORDS)
    kind = accepted(context)
    document, asked = await body_query(context)
    posted = read_posted(document)
    form = posted_form(posted, document, context, asked)
    wanted = _wanted(context, selections_of(posted, asked), form, posted_orders(posted, asked))
    return await _page(context, asked, wanted, kind)


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
_AT_ONCE = 5_000  # entities whose measurements are summed


async def _page(context: Context, asked: Asked, wanted: Wanted, kind: str) -> Response:
    ids = await perform(
        context, query_evolutions, selections=wanted.selections, orders=wanted.orders,
        purpose=purpose(context),
    )  # fmt: skip
    form = wanted.form
    others = await others_among(
        context, asked, wanted.selections, shown(form.shape), form.when, keeps_of(form.when)
    )
    found: list[Told] = []
    count = 0
    async with context.live.reads.past.reading() as reading:
        async for told in _matches(context, reading, ids, wanted, others):
            if wanted.offset <= count < wanted.offset + wanted.limit:
                found.append(told)
            count += 1
            if not wanted.counts and count > wanted.offset + wanted.limit:
                break  # there is a next page
    documents, cut = await body_of(context, found, form, asked)
    response = _answer(context, asked, [one for one in documents if one], kind, cut, others)
    if wanted.counts:
        response.headers["NGSILD-Results-Count"] = str(count)
    if context.is_read:
        linked_pages(context, response, count, wanted.limit, wanted.offset)
    return response


async def _matches(
    context: Context, reading: Reading, ids: list[str], wanted: Wanted, others: Others
) -> AsyncIterator[Told]:
    """Yield the entities that fit, with what is asked for of them."""
    more = dict.fromkeys([*await _gone(reading, wanted), *sorted(others.by_entity)])
    for entity in ids:
        more.pop(entity, None)
    type_name = measured_type(wanted.selections, wanted.form) if others.is_silent else None
    match = _Match(context, reading, wanted, others)
    if type_name is not None:
        for first in range(0, len(ids), _AT_ONCE):
            some = ids[first : first + _AT_ONCE]
            sums = await aggregates_of(context, reading, some, type_name, wanted.form)
            for entity in some:
                told = await match(entity) if entity in sums.left else sums.told.get(entity)
                if told is not None:
                    yield told
        ids = []
    for entity in [*ids, *more]:
        told = await match(entity)
        if told is not None:
            yield told


class _Match:
    """Looks at one entity after another."""

    def __init__(self, context: Context, reading: Reading, wanted: Wanted, others: Others) -> None:
        self._context, self._reading, self._others = context, reading, others
        self._form, self._budget = wanted.form, Budget()
        self._test, self._keeps = test_of(wanted.selections), keeps_of(wanted.form.when)
        shape = wanted.form.shape
        self._asked = Shape(attrs=shape.attrs, datasets=shape.datasets)

    async def __call__(self, entity: str) -> Told | None:
        """Return what is told of an entity; None where it does not fit, or is not shown."""
        context, form = self._context, self._form
        own = await past_of(context, self._reading, entity, self._keeps, self._budget)
        past = self._others.joined(entity, own)
        if past is None or not await _may_see(context, past):
            return None
        series = series_of(past.evolution, form.when)
        if not chosen_series(series, self._asked):
            return None
        if not self._test(record_in(past.evolution, series, form.when)):
            return None
        if past.people:
            await _may_see(context, past, notes=True)
        return told_of(past, chosen_series(series, form.shape))


async def _gone(reading: Reading, wanted: Wanted) -> list[str]:
    """Return what is not there any more, where it is asked for: by its id, or by its end."""
    named = [name for one in wanted.selections for name in one.ids]
    if named or wanted.form.when.time != "deletedAt":
        return named
    types = [name for one in wanted.selections if one.types for name in one.types.places]
    return await reading.gone(types) if types else []


async def _may_see(context: Context, past: Past, *, notes: bool = False) -> bool:
    if past.is_internal:
        return False
    if not past.people:
        return True
    allowed: bool = await perform(
        context, get_evolution, people=past.people, purpose=purpose(context), notes=notes
    )
    return allowed


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
}

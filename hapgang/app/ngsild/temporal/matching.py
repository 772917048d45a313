"""Which entities have the past that is asked for, one after another (clause 5.7.4.4)."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec

from hapgang.app.context import Context
from hapgang.app.ngsild.request import perform, purpose
from hapgang.app.ngsild.temporal.asked import Form
from hapgang.app.ngsild.temporal.numbers import aggregates_of, measured_type
from hapgang.app.ngsild.temporal.others import Others
from hapgang.app.ngsild.temporal.reading import Budget, Past, past_of
from hapgang.app.ngsild.temporal.written import told_of
from hapgang.hub.ngsild.represent import Shape
from hapgang.hub.search import Selection
from hapgang.hub.temporal.candidates import record_in, test_of
from hapgang.hub.temporal.page import keeps_of, series_of
from hapgang.hub.temporal.represent import Told, chosen_series
from hapgang.runtime.platform.ngsild.temporal import get_evolution
from hapgang.writer.history import Reading

_AT_ONCE = 5_000  # entities whose measurements are summed


class Wanted(msgspec.Struct, frozen=True):
    """A query of the past."""

    selections: tuple[Selection, ...]
    form: Form
    orders: Any
    limit: int
    offset: int
    counts: bool


async def matches(
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
        if past is None or not await may_see(context, past):
            return None
        series = series_of(past.evolution, form.when)
        if not chosen_series(series, self._asked):
            return None
        if not self._test(record_in(past.evolution, series, form.when)):
            return None
        if past.people:
            await may_see(context, past, notes=True)
        return told_of(past, chosen_series(series, form.shape))


async def _gone(reading: Reading, wanted: Wanted) -> list[str]:
    """Return what is not there any more, where it is asked for: by its id, or by its end."""
    named = [name for one in wanted.selections for name in one.ids]
    if named or wanted.form.when.time != "deletedAt":
        return named
    types = [name for one in wanted.selections if one.types for name in one.types.places]
    return await reading.gone(types) if types else []


async def may_see(context: Context, past: Past, *, notes: bool = False) -> bool:
    """Whether a past may be shown; `notes` notes that it was, where it is somebody's."""
    if past.is_internal:
        return False
    if not past.people:
        return True
    allowed: bool = await perform(
        context, get_evolution, people=past.people, purpose=purpose(context), notes=notes
    )
    return allowed

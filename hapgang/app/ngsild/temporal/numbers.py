"""Aggregation of what was measured in bulk: arrays from the lake and the feed, never an instance.

For declared types that are nobody's. Entities about whose past something was said afterwards are
read one by one, as all others are.
"""

import sys
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np

from hapgang.app.context import Context
from hapgang.app.lakes import RUN
from hapgang.app.ngsild.temporal.asked import Form
from hapgang.app.ngsild.temporal.reading import Budget, opened
from hapgang.core.entity import EntityType, Field, find_type
from hapgang.hub.lake import Lake
from hapgang.hub.search import Selection
from hapgang.hub.temporal.evolution import Evolution
from hapgang.hub.temporal.overlay import HISTORY, Overlay
from hapgang.hub.temporal.page import keeps_of, newest, series_of
from hapgang.hub.temporal.periods import instant_of
from hapgang.hub.temporal.recorded import NoNumbers, Points, Recorded, files_and_gaps
from hapgang.hub.temporal.represent import Told, aggregates, chosen_series, kinds_of
from hapgang.hub.temporal.series import numbers
from hapgang.writer.history import PastRow, Reading

_FEW = 10  # entities whose lines are looked for by their ids


class Aggregated(msgspec.Struct):
    """Entities with their aggregates; `left` are those that have to be read one by one."""

    told: dict[str, Told]
    left: set[str]


def measured_type(selections: tuple[Selection, ...], form: Form) -> EntityType | None:
    """Return the type whose measurements a query is about, if they can be read as arrays."""
    one = selections[0]
    if len(selections) > 1 or one.types is None or len(one.types.places) != 1:
        return None
    if one.query or one.geo or one.scope:
        return None
    return type_of_arrays(one.types.places[0], form)


def type_of_arrays(name: str, form: Form) -> EntityType | None:
    """Return a declared type that is nobody's, and not the city's own, if sums are asked for."""
    is_plain = form.aggregation is not None and form.when.time == "observedAt"
    if not is_plain or form.when.last or form.shape.datasets:
        return None
    declared = find_type(name)
    if declared is None or declared.person is not None or declared.is_internal:
        return None
    return declared


async def aggregates_of(
    context: Context, reading: Reading, ids: Sequence[str], declared: EntityType, form: Form
) -> Aggregated:
    """Return the aggregates of entities of a type."""
    fields = [field for field in declared.fields if field.kind == "Property" and _asks(form, field)]
    recorded = Recorded(ids, [field.name for field in fields], form.when)
    work = _Work(ids, fields, recorded, form)
    budget = Budget()
    async for rows in reading.said_of(ids):
        budget.read(len(rows))
        await context.beside(partial(work.take, rows, context.live.vault))
    files = Lake(context.live.folder / "lake", RUN).files("measurement")
    used, gaps = await context.beside(partial(files_and_gaps, files))
    for path in used:
        await context.beside(partial(recorded.add_file, path, [declared.name]))
    about = ids if len(ids) <= _FEW else ()
    try:
        for gap in gaps:
            async for lines in reading.columns([declared.name], gap, about):
                budget.read(len(lines))
                await context.beside(partial(_add_lines, recorded, [one.body for one in lines]))
    except NoNumbers:
        return Aggregated({}, set(ids))
    found: Aggregated = await context.beside(work.done)
    return found


def _asks(form: Form, field: Field) -> bool:
    shape = form.shape
    return (
        (not shape.attrs or field.wire in shape.attrs)
        and (shape.pick is None or field.wire in shape.pick.names)
        and (shape.omit is None or field.wire not in shape.omit.names)
    )


def _add_lines(recorded: Recorded, bodies: list[bytes]) -> None:
    for body in bodies:
        recorded.add_line(body)


class _Work:
    """What was said of each entity, and the sums."""

    def __init__(
        self, ids: Sequence[str], fields: list[Field], recorded: Recorded, form: Form
    ) -> None:
        self._numbers = {entity: number for number, entity in enumerate(ids)}
        self._fields = fields
        self._wires = {field.wire: number for number, field in enumerate(fields)}
        self._recorded = recorded
        self._form = form
        keeps = Budget().kept(keeps_of(form.when))
        self._evolutions = {entity: Evolution(entity, Overlay(), keeps) for entity in ids}
        self._left: set[str] = set()

    def take(self, rows: list[tuple[str, PastRow]], vault: Any) -> None:
        """Take in what was said of entities."""
        for entity, row in rows:
            if row.kind == HISTORY:
                self._left.add(entity)
            for line in opened([row], vault):
                self._evolutions[entity].take(line)

    def done(self) -> Aggregated:
        """Return what it comes to."""
        for entity, evolution in self._evolutions.items():
            self._sort_out(entity, evolution)
        by_entity = self._sums(self._recorded.points())
        told: dict[str, Told] = {}
        for entity, evolution in self._evolutions.items():
            if entity in self._left or not evolution.is_known:
                continue
            oldest, sums = by_entity.get(entity, (None, {}))
            one = self._rest(evolution, oldest)
            one.sums = {**sums, **(one.sums or {})}
            if one.sums:
                told[entity] = one
        return Aggregated(told, self._left)

    def _sort_out(self, entity: str, evolution: Evolution) -> None:
        """Put numbers that were said to those that were measured."""
        others = []
        for instance in evolution.instances:
            field = self._wires.get(instance.name)
            value = instance.body.get("value")
            if field is None:
                others.append(instance)
            elif instance.is_deletion:
                continue
            elif isinstance(value, int | float) and instance.dataset is None:
                at = instance.observed
                if at is not None and abs(value) <= sys.float_info.max:
                    self._recorded.add(self._numbers[entity], field, at, value)
            else:
                self._left.add(entity)
        evolution.instances = others

    def _sums(self, points: Points) -> dict[str, tuple[datetime | None, dict[str, Any]]]:
        when, wanted = self._form.when, self._form.aggregation
        assert wanted is not None
        ids = list(self._numbers)
        keys, firsts = np.unique(points.keys, return_index=True)
        edges = list(pairwise([*firsts.tolist(), len(points.keys)]))
        oldest: dict[str, int] = {}
        for key, (first, _) in zip(keys.tolist(), edges, strict=True):
            entity = ids[key // len(self._fields)]
            at = int(points.at[first])
            oldest[entity] = min(at, oldest.get(entity, at))
        found: dict[str, tuple[datetime | None, dict[str, Any]]] = {}
        for key, (a, b) in zip(keys.tolist(), edges, strict=True):
            entity, field = ids[key // len(self._fields)], self._fields[key % len(self._fields)]
            begins = when.begins or instant_of(oldest[entity])
            sums = numbers(points.at[a:b], points.values[a:b], wanted, begins, when.ends)
            place = found.setdefault(entity, (instant_of(oldest[entity]), {}))
            place[1][field.wire] = {"type": field.kind, **sums}
        return found

    def _rest(self, evolution: Evolution, oldest: datetime | None) -> Told:
        """Return an entity with the aggregates of what was not measured in bulk."""
        form = self._form
        assert form.aggregation is not None
        series = newest(chosen_series(series_of(evolution, form.when), form.shape), form.when.last)
        told = Told(
            evolution.entity, evolution.types, series, kinds_of(series), created=evolution.created,
            modified=evolution.modified, deleted=evolution.deleted,
        )  # fmt: skip
        told.sums = aggregates(told, form.aggregation, form.when, frozenset(), oldest)
        return told

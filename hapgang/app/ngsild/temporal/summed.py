"""The sums of many entities: of their numbers as arrays, of what else was said from its lines."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np

from hapgang.app.ngsild.temporal.asked import Form
from hapgang.core.entity import EntityType
from hapgang.hub.record import Record
from hapgang.hub.temporal.evolution import Evolution, Keeps, Line
from hapgang.hub.temporal.instance import Instance
from hapgang.hub.temporal.overlay import Overlay
from hapgang.hub.temporal.page import Series, keeps_of, series_of
from hapgang.hub.temporal.periods import instant_of
from hapgang.hub.temporal.recorded import Points, Recorded
from hapgang.hub.temporal.represent import Told, aggregates, kinds_of
from hapgang.hub.temporal.series import numbers
from hapgang.hub.temporal.singles import Singles


def asks_of(form: Form) -> Callable[[str], bool]:
    """Return the test of an attribute's name."""
    shape = form.shape

    def asks(name: str) -> bool:
        return (
            (not shape.attrs or name in shape.attrs)
            and (shape.pick is None or name in shape.pick.names)
            and (shape.omit is None or name not in shape.omit.names)
        )

    return asks


class Sums:
    """Puts together what was said one by one and what was measured in bulk."""

    def __init__(
        self, records: Sequence[Record], declared: EntityType | None, singles: Singles, form: Form
    ) -> None:
        """Take over the numbers that were said."""
        self._records = {one.id: one for one in records}
        self._places = {one.id: number for number, one in enumerate(records)}
        self._singles, self._form = singles, form
        asks = asks_of(form)
        fields = [
            field for field in (declared.fields if declared is not None else ())
            if field.kind == "Property" and asks(field.wire)
        ]  # fmt: skip
        wires = [field.wire for field in fields]
        said = [name for name in singles.names() if name not in wires]
        self._attributes = [*wires, *said]
        # what no field declares is never in a line of measurements, so it needs no name there
        columns = [*(field.name for field in fields), *(f"\0{name}" for name in said)]
        self.recorded = Recorded(list(self._places), columns, form.when)
        for number, name in enumerate(self._attributes):
            for part in singles.numbers(name) if name in singles.names() else ():
                self.recorded.add(part.entities, number, part.at, part.values)
        self._evolutions: dict[str, Evolution] = {}

    def lines(self, most: int) -> list[int]:
        """Return the positions of the lines to be taken in."""
        return self._singles.lines(most)

    def take(self, entity: str, line: Line, counted: Callable[[Keeps], Keeps]) -> None:
        """Take in a line of what is no number."""
        evolution = self._evolutions.get(entity)
        if evolution is None:
            place, in_time = self._places[entity], keeps_of(self._form.when)

            def keeps(instance: Instance) -> bool:
                return self._singles.is_other(place, instance.name) and in_time(instance)

            evolution = Evolution(entity, Overlay(), counted(keeps))
            self._evolutions[entity] = evolution
        evolution.take(line)

    def told(self) -> dict[str, Told]:
        """Return the entities that have anything to tell."""
        points = self.recorded.points()
        rest = {
            entity: series_of(evolution, self._form.when)
            for entity, evolution in self._evolutions.items()
        }
        oldest = self._oldest(points, rest)
        by_entity = self._sums(points, oldest)
        found: dict[str, Told] = {}
        for entity, record in self._records.items():
            if self._places[entity] in self._singles.left:
                continue
            one = self._rest(record, rest.get(entity, {}), oldest.get(entity))
            one.sums = {**by_entity.get(entity, {}), **(one.sums or {})}
            if one.sums:
                found[entity] = one
        return found

    def _oldest(self, points: Points, rest: Mapping[str, Series]) -> dict[str, datetime]:
        """Return when the oldest value of each entity was, with which its first period begins."""
        ids, width = list(self._places), max(len(self._attributes), 1)
        keys, firsts = np.unique(points.keys, return_index=True)
        found: dict[str, datetime] = {}
        for key, at in zip(keys.tolist(), points.at[firsts].tolist(), strict=True):
            entity, first = ids[key // width], instant_of(at)
            found[entity] = min(first, found.get(entity, first))
        for entity, series in rest.items():
            for timed in series.values():
                found[entity] = min(timed[0].at, found.get(entity, timed[0].at))
        return found

    def _sums(self, points: Points, oldest: Mapping[str, datetime]) -> dict[str, dict[str, Any]]:
        when, wanted = self._form.when, self._form.aggregation
        assert wanted is not None
        ids, width = list(self._places), len(self._attributes)
        keys, firsts = np.unique(points.keys, return_index=True)
        edges = pairwise([*firsts.tolist(), len(points.keys)])
        found: dict[str, dict[str, Any]] = {}
        for key, (a, b) in zip(keys.tolist(), edges, strict=True):
            entity, name = ids[key // width], self._attributes[key % width]
            begins = when.begins or oldest[entity]
            sums = numbers(points.at[a:b], points.values[a:b], wanted, begins, when.ends)
            found.setdefault(entity, {})[name] = {"type": "Property", **sums}
        return found

    def _rest(self, record: Record, series: Series, oldest: datetime | None) -> Told:
        """Return an entity with the aggregates of what is no number."""
        form = self._form
        assert form.aggregation is not None
        told = Told(
            record.id, record.types, series, kinds_of(series), created=record.created,
            modified=record.modified,
        )  # fmt: skip
        asked = form.shape.attrs or (form.shape.pick.names if form.shape.pick else ())
        told.sums = aggregates(told, form.aggregation, form.when, frozenset(asked), oldest)
        return told

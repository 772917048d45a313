"""A desk at the hub: what one service may read and write, inside one unit."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from hapgang.core.entity import Entity, EntityType, Sharing, type_of
from hapgang.core.errors import Conflict, Invalid, NotFound
from hapgang.core.event import Event, check_event
from hapgang.core.geometry import Point
from hapgang.core.ids import check_uri
from hapgang.core.remembered import Remembered
from hapgang.hub.query import Query, Test, compile_query, equalities
from hapgang.hub.record import Record
from hapgang.hub.rights import CREATOR, Restricted, Rights
from hapgang.hub.state import State
from hapgang.writer.unit import Item, Read, Unit

E = TypeVar("E", bound=Entity)


class Desk:
    """The hub as one action of one service sees it."""

    __slots__ = ("_caller", "_closed", "_rights", "_state", "_unit")

    def __init__(
        self,
        rights: Rights,
        state: State,
        unit: Unit,
        caller: str,
        closed: Remembered[Record],
    ) -> None:
        """Open for one unit; `closed` remembers the entities that left memory."""
        self._rights = rights
        self._state = state
        self._unit = unit
        self._caller = caller
        self._closed = closed

    def get(self, view: type[E], entity_id: str) -> E:
        """Return an entity, closed ones too; `NotFound` when there is none of this type."""
        found = self.find_by_id(view, entity_id)
        if found is None:
            name = type_of(view).name
            raise NotFound(f"there is no {name} {entity_id}", f"{name} {entity_id}이(가) 없습니다")
        return found

    def find_by_id(self, view: type[E], entity_id: str) -> E | None:
        """Return an entity of this type, or None."""
        declared = type_of(view)
        self._rights.check_read(declared)
        record = self._state.get(entity_id) or self._closed.find(entity_id)
        if record is None or record.declared is not declared or self._rights.hides(record):
            return None
        return cast(E, self._show(declared, record))

    def find(
        self,
        view: type[E],
        query: Query | None = None,
        *,
        near: Point | None = None,
        within_m: float = 1000.0,
        limit: int | None = None,
    ) -> list[E]:
        """Return the live entities that satisfy the query: nearest first, else oldest first."""
        declared = type_of(view)
        self._rights.check_read(declared)
        self._rights.check_query(declared, query, near)
        test = compile_query(query) if query is not None else None
        if near is not None:
            records = (record for _, record in self._state.near(declared.name, near, within_m))
        else:
            records = self._candidates(declared, query)
        return cast(list[E], self._select(declared, records, test, limit))

    def count(self, view: type[Entity]) -> int:
        """Return how many live entities of a type there are."""
        declared = type_of(view)
        self._rights.check_read(declared)
        return self._state.count(declared.name)

    def save(self, view: Entity) -> None:
        """Create an entity, or write the attributes that differ from what is there."""
        declared = type_of(view)
        old = self._state.get(view.id)
        if old is None:
            self._rights.check_write(declared, None)
            self._create(declared, view)
            return
        if old.view is None or old.declared is not declared:
            raise Conflict(
                f"{view.id} is the id of a {old.type}", f"{view.id}은(는) {old.type}입니다"
            )
        self._rights.check_write(declared, old)
        changes = declared.changes(old.view, view)
        if changes:
            self.store(old.with_view(view, self._unit.at, self._unit.seq), "updated", changes)

    def close(self, view: Entity) -> None:
        """Save an entity for the last time: it leaves memory and can still be read by id."""
        self.save(view)
        declared = type_of(view)
        record = self._state.get(view.id)
        assert record is not None
        self._rights.check_write(declared, record)
        last = record.with_view(view, self._unit.at, self._unit.seq, closed=True)
        self._remember(view.id)
        self._state.remove(view.id)
        self._unit.undo.append(self._closed.put(view.id, last))
        self._unit.entities[view.id] = last
        self._unit.items.append(Item("closed", last.type, last.id, last.person, {}))

    def delete(self, view: type[Entity], entity_id: str) -> None:
        """Remove an entity for good; its history stays."""
        declared = type_of(view)
        record = self._state.get(entity_id)
        if record is None or record.declared is not declared:
            raise NotFound(f"there is no {declared.name} {entity_id}", None)
        self._rights.check_write(declared, record)
        self.remove(record)

    def emit(self, event: Event) -> None:
        """Tell what happened: to whoever hears it, to history and to the lake."""
        check_event(event)
        body = msgspec.structs.asdict(event)
        del body["entity"], body["person"]
        self._unit.items.append(
            Item("event", type(event).__name__, event.entity, event.person, body)
        )

    def record(
        self, view: type[Entity], ids: Sequence[str], at: datetime, **columns: NDArray[Any]
    ) -> None:
        """Write measurements in bulk: history and lake get every value, the entity the newest.

        Each column is named by a field of the view and has one value for each id; where it is not a
        number nothing was measured, and the entity keeps what it had. `Invalid` for personal
        types: the line is about many, so that no person's key could seal it.
        """
        declared = type_of(view)
        if declared.person is not None:
            raise Invalid(f"{declared.name} is personal, and measurements are not sealed", None)
        values = {name: _measured(declared, name, column) for name, column in columns.items()}
        for name, column in values.items():
            if len(column) != len(ids):
                raise Invalid(f"{declared.name}.{name} does not fit {len(ids)} entities", None)
        names = tuple(values)
        for entity_id, row in zip(ids, zip(*values.values(), strict=True), strict=True):
            old = self._state.get(entity_id)
            if old is None or old.view is None or old.declared is not declared:
                raise NotFound(f"there is no {declared.name} {entity_id}", None)
            self._rights.check_write(declared, old)
            known = {n: value for n, value in zip(names, row, strict=True) if value is not None}
            fresh = msgspec.structs.replace(old.view, **known)
            self._remember(entity_id)
            record = old.with_view(fresh, self._unit.at, self._unit.seq)
            self._state.put(record)
            self._unit.entities[entity_id] = record
        body = {"ids": list(ids), "at": at, "columns": values}
        self._unit.items.append(Item("columns", declared.name, "", None, body))

    def store(self, record: Record, kind: str, changes: Mapping[str, Any]) -> None:
        """Put a record that was checked into the state and the unit."""
        self._remember(record.id)
        self._state.put(record)
        self._unit.entities[record.id] = record
        self._unit.items.append(Item(kind, record.type, record.id, record.person, changes))

    def remove(self, record: Record) -> None:
        """Delete a record that was checked."""
        self._remember(record.id)
        self._state.remove(record.id)
        self._unit.entities[record.id] = None
        self._unit.items.append(Item("deleted", record.type, record.id, record.person, {}))

    def log_read(self, person: str, purpose: str, fields: str) -> None:
        """Note that personal fields were seen by somebody else than the person."""
        if person != self._caller:
            read = Read(person, self._caller, self._rights.service, purpose, fields)
            self._unit.reads[read] = None

    def check_new(self, entity_id: str) -> None:
        """Raise `Conflict` when there is, or was, an entity with this id."""
        if self._state.get(entity_id) is not None:
            raise Conflict(f"{entity_id} exists", f"{entity_id}이(가) 이미 있습니다")
        if self._closed.find(entity_id) is not None:
            raise Conflict(
                f"{entity_id} is closed and cannot be opened again",
                f"{entity_id}은(는) 이미 종료되었습니다",
            )

    def _remember(self, entity_id: str) -> None:
        """Keep what an entity was, to put it back, and to say how it changed."""
        if entity_id not in self._unit.before:
            self._unit.before[entity_id] = self._state.get(entity_id)
            self._unit.undo.append(self._state.undo_to(entity_id))

    def _create(self, declared: EntityType, view: Entity) -> None:
        self.check_new(check_uri(view.id))
        declared.check(view)
        attributes = declared.attributes(view)
        extra = {}
        if declared.sharing is Sharing.SHARED:
            extra[CREATOR] = {"type": "Property", "value": self._rights.service}
        at, seq = self._unit.at, self._unit.seq
        record = Record(
            view.id, (declared.name,), declared, view, extra, created=at, modified=at, seq=seq
        )
        self.store(record, "created", {**attributes, **extra})

    def _candidates(self, declared: EntityType, query: Query | None) -> Any:
        for field, value in equalities(query).items():
            records = self._state.with_value(declared.name, field, value)
            if records is not None:
                return records
        return self._state.of_type(declared.name)

    def _select(
        self, declared: EntityType, records: Any, test: Test | None, limit: int | None
    ) -> list[Any]:
        found: list[Any] = []
        if limit == 0:
            return found
        for record in records:
            if (test is None or test(record.view)) and not self._rights.hides(record):
                found.append(self._show(declared, record))
                if limit is not None and len(found) >= limit:
                    break
        return found

    def _show(self, declared: EntityType, record: Record) -> Any:
        view = record.view
        assert view is not None
        person = declared.person_of(view)
        if person is None:
            return view
        if self._rights.sees_all_of(declared.name):
            self.log_read(person, "its own records", "*")
            return view
        fields, purpose = self._rights.reads.get(
            declared.name, (view.__struct_fields__, "what it wrote")
        )
        self.log_read(person, purpose, ",".join(fields))
        return Restricted(view, fields)


def _measured(declared: EntityType, name: str, column: NDArray[Any]) -> list[Any]:
    """Return a column's plain values, None where nothing was measured."""
    field = next((field for field in declared.fields if field.name == name), None)
    if field is None:
        raise Invalid(
            f"{declared.name} has no field {name}", f"{declared.name}.{name}이(가) 없습니다"
        )
    values = np.asarray(column)
    plain: list[Any] = values.tolist()
    if values.dtype.kind == "f":
        plain = [None if math.isnan(value) else value for value in plain]
    for value in plain:
        if value is not None:
            field.check(value)
    return plain

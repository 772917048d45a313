"""What is true now: every live entity in memory, found by id, type, indexed value and place."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from hapgang.core.entity import EntityType, Field, find_type
from hapgang.core.geometry import Point
from hapgang.hub.free_index import FreeIndexes
from hapgang.hub.places import Places
from hapgang.hub.query import Query
from hapgang.hub.record import Record


class _TypeState:
    """The records of one type with their indexes."""

    def __init__(self, declared: EntityType | None) -> None:
        self.records: dict[str, Record] = {}
        self.values: dict[str, dict[Any, dict[str, None]]] = {}
        self.indexed: tuple[Field, ...] = ()
        if declared is not None:
            self.indexed = tuple(field for field in declared.fields if field.indexed)
            self.values = {field.name: {} for field in self.indexed}
        self.places = Places()
        self.extended: dict[str, None] = {}  # at a place that is no point
        self.free = FreeIndexes()

    def add(self, record: Record) -> None:
        self.records[record.id] = record
        for field in self.indexed:
            value = getattr(record.view, field.name)
            self.values[field.name].setdefault(value, {})[record.id] = None
        for index in self.free:
            index.add(record)
        self._move(record.id, None, record.place)
        self._extend(record)

    def replace(self, old: Record, new: Record) -> None:
        self.records[new.id] = new
        for field in self.indexed:
            before, after = getattr(old.view, field.name), getattr(new.view, field.name)
            if before != after:
                self._drop(field.name, before, old.id)
                self.values[field.name].setdefault(after, {})[new.id] = None
        for index in self.free:
            index.replace(old, new)
        if old.location is not new.location:
            self._move(new.id, old.place, new.place)
            self._extend(new)

    def remove(self, record: Record) -> None:
        del self.records[record.id]
        for field in self.indexed:
            self._drop(field.name, getattr(record.view, field.name), record.id)
        for index in self.free:
            index.remove(record)
        self._move(record.id, record.place, None)
        self.extended.pop(record.id, None)

    def _extend(self, record: Record) -> None:
        """Know of an entity whether it is at a place that is no point."""
        if record.location is not None and record.place is None:
            self.extended[record.id] = None
        else:
            self.extended.pop(record.id, None)

    def _drop(self, name: str, value: Any, entity_id: str) -> None:
        members = self.values[name][value]
        del members[entity_id]
        if not members:
            del self.values[name][value]

    def _move(self, entity_id: str, before: Point | None, after: Point | None) -> None:
        if before == after:
            return
        if before is not None:
            self.places.remove(entity_id, before)
        if after is not None:
            self.places.add(entity_id, after)


class State:
    """Every live entity of the city."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._records: dict[str, Record] = {}
        self._types: dict[str, _TypeState] = {}
        self._expiring: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._records)

    def get(self, entity_id: str) -> Record | None:
        """Return an entity by id, or None."""
        return self._records.get(entity_id)

    def put(self, record: Record) -> None:
        """Store a new state of an entity, or a new entity."""
        old = self._records.get(record.id)
        self._records[record.id] = record
        if record.expires is not None:
            self._expiring[record.id] = None
        elif old is not None and old.expires is not None:
            del self._expiring[record.id]
        before = old.types if old is not None else ()
        for name in record.types:
            found = self._types.get(name)
            if found is None:
                found = self._types[name] = _TypeState(find_type(name))
            if old is None or name not in before:
                found.add(record)
            else:
                found.replace(old, record)
        if old is not None and before != record.types:
            for name in before:
                if name not in record.types:
                    self._types[name].remove(old)

    def remove(self, entity_id: str) -> None:
        """Take an entity out of memory."""
        record = self._records.pop(entity_id)
        self._expiring.pop(entity_id, None)
        for name in record.types:
            self._types[name].remove(record)

    def types(self) -> dict[str, int]:
        """Return how many live entities each type has, by name."""
        return {name: len(t.records) for name, t in sorted(self._types.items()) if t.records}

    def expired(self, now: datetime) -> list[Record]:
        """Return the entities whose time is over."""
        found = (self._records[name] for name in self._expiring)
        return [one for one in found if one.expires is not None and one.expires <= now]

    def each(self, type_name: str | None = None) -> Iterator[Record]:
        """Yield the entities of a type, or all; nothing may change until that is over."""
        if type_name is None:
            return iter(self._records.values())
        found = self._types.get(type_name)
        return iter(found.records.values() if found else ())

    def each_with(self, type_name: str, field: str, value: Any) -> Iterator[Record]:
        """Yield the entities whose indexed field has a value; nothing may change meanwhile."""
        found = self._types.get(type_name)
        if found is None:
            return iter(())
        records = found.records
        return (records[entity_id] for entity_id in found.values[field].get(value, ()))

    def of_type(self, type_name: str) -> Iterator[Record]:
        """Yield the entities of a type, oldest first; what a failed unit put back comes last."""
        found = self._types.get(type_name)
        return iter(list(found.records.values()) if found else ())

    def count(self, type_name: str) -> int:
        """Return how many live entities a type has."""
        found = self._types.get(type_name)
        return len(found.records) if found else 0

    def with_value(self, type_name: str, field: str, value: Any) -> Iterator[Record] | None:
        """Yield the entities of a type whose indexed field has a value; None without an index."""
        found = self._types.get(type_name)
        if found is None:
            return iter(())
        index = found.values.get(field)
        if index is None:
            return None
        return iter([found.records[entity_id] for entity_id in index.get(value, ())])

    def near(
        self, type_name: str, centre: Point, within_m: float
    ) -> Iterator[tuple[float, Record]]:
        """Yield (distance in m, entity) of a type within a distance, nearest first."""
        found = self._types.get(type_name)
        if found is None:
            return
        records = found.records
        for far_m, entity_id in found.places.near(centre, within_m):
            yield far_m, records[entity_id]

    def extended(self, type_name: str) -> Iterator[Record]:
        """Yield the entities of a type that are at a place which is no point."""
        found = self._types.get(type_name)
        return iter([found.records[name] for name in found.extended] if found else ())

    def compared(self, type_name: str, query: Query) -> Iterator[Record] | None:
        """Yield the entities of a type for which a query may hold; None where no index helps."""
        found = self._types.get(type_name)
        best = None if found is None else found.free.best(query, found.records)
        if found is None or best is None:
            return None
        index, bounds = best
        records = found.records
        return (records[entity_id] for entity_id in index.ids(bounds))

    def undo_to(self, entity_id: str) -> Callable[[], None]:
        """Return what puts an entity back to its present state, or to not being there."""
        return partial(self._bring_back, entity_id, self._records.get(entity_id))

    def _bring_back(self, entity_id: str, before: Record | None) -> None:
        if before is not None:
            self.put(before)
        elif entity_id in self._records:
            self.remove(entity_id)

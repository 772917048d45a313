"""Indexes of attributes that nobody declared as indexed, made when a query first needs one.

A type with many entities gets an index of an attribute that a query compares with a value; it is
kept up with every change, and given up when others were needed since. What an index cannot order
(several instances, texts in languages, JSON) is always looked at.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from hapgang.hub.query import All, Between, Compare, OneOf, Query
from hapgang.hub.record import Record

MOST_INDEXES = 8  # of one type
FEWEST_ENTITIES = 100  # of a type: looking at fewer is as quick, at some 15 us each
_OWN = ("createdAt", "modifiedAt")  # members of entities, which are no attributes
Key = tuple[int, Any]  # the rank of a kind, and a value of it: truth, number, text


class Bounds(msgspec.Struct):
    """Between what an attribute's value lies, or the values that it may have.

    low, high: a bound, and whether the value may be the bound itself.
    """

    low: tuple[Key, bool] | None = None
    high: tuple[Key, bool] | None = None
    keys: tuple[Key, ...] | None = None


class FreeIndex:
    """The entities of one type by the values of one attribute."""

    def __init__(self, wire: str, records: Iterable[Record]) -> None:
        """Index some entities by an attribute's name on the wire."""
        self.wire = wire
        self._by_key: dict[Key, dict[str, None]] = {}
        self._others: dict[str, None] = {}
        self._sorted: list[Key] | None = None
        for record in records:
            self.add(record)

    def add(self, record: Record) -> None:
        """Take an entity in."""
        key = key_of(record, self.wire)
        if key is None:
            return
        if key is _OTHER:
            self._others[record.id] = None
            return
        members = self._by_key.get(key)
        if members is None:
            members = self._by_key[key] = {}
            self._sorted = None
        members[record.id] = None

    def remove(self, record: Record) -> None:
        """Take an entity out."""
        key = key_of(record, self.wire)
        if key is None:
            return
        if key is _OTHER:
            self._others.pop(record.id, None)
            return
        members = self._by_key[key]
        members.pop(record.id, None)
        if not members:
            del self._by_key[key]
            self._sorted = None

    def replace(self, old: Record, new: Record) -> None:
        """Take an entity's new state for its old one."""
        if key_of(old, self.wire) != key_of(new, self.wire):
            self.remove(old)
            self.add(new)

    def count(self, bounds: Bounds) -> int:
        """Return how many entities are to be looked at."""
        found = sum(len(self._by_key.get(key, ())) for key in self._keys(bounds))
        return found + len(self._others)

    def ids(self, bounds: Bounds) -> Iterator[str]:
        """Yield the entities whose value lies there, and those of which nobody knows."""
        for key in self._keys(bounds):
            yield from self._by_key.get(key, ())
        yield from self._others

    def _keys(self, bounds: Bounds) -> Iterable[Key]:
        if bounds.keys is not None:
            return bounds.keys
        if self._sorted is None:
            self._sorted = sorted(self._by_key)
        low, high = bounds.low, bounds.high
        (rank, _), _ = low or high or ((1, None), True)
        start, end = bisect_left(self._sorted, (rank,)), bisect_left(self._sorted, (rank + 1,))
        if low is not None:
            start = (bisect_left if low[1] else bisect_right)(self._sorted, low[0])
        if high is not None:
            end = (bisect_right if high[1] else bisect_left)(self._sorted, high[0])
        return self._sorted[start:end]


class FreeIndexes:
    """The indexes of one type, the one that was asked last at the end."""

    def __init__(self) -> None:
        """Start without any."""
        self._by_wire: dict[str, FreeIndex] = {}

    def __iter__(self) -> Iterator[FreeIndex]:
        return iter(self._by_wire.values())

    def best(self, query: Query, records: Mapping[str, Record]) -> tuple[FreeIndex, Bounds] | None:
        """Return the index that leaves the fewest entities to look at; None where none helps."""
        if len(records) < FEWEST_ENTITIES:
            return None
        found = [(self._get(wire, records), b) for wire, b in bounds_of(query).items()]
        if not found:
            return None
        return min(found, key=lambda pair: pair[0].count(pair[1]))

    def _get(self, wire: str, records: Mapping[str, Record]) -> FreeIndex:
        index = self._by_wire.pop(wire, None)
        if index is None:
            index = FreeIndex(wire, records.values())
            while len(self._by_wire) >= MOST_INDEXES:
                del self._by_wire[next(iter(self._by_wire))]
        self._by_wire[wire] = index
        return index


_OTHER: Key = (9, None)


def key_of(record: Record, wire: str) -> Key | None:
    """Return what orders an entity by an attribute; None where it has none."""
    declared = record.declared
    if declared is not None and (field := declared.by_wire.get(wire)) is not None:
        value = getattr(record.view, field.name)
        return None if value is None else key_of_value(value) or _OTHER
    found = record.extra.get(wire)
    if found is None:
        return None
    if isinstance(found, list):
        return _OTHER
    return key_of_value(found.get("value", found.get("object"))) or _OTHER


def key_of_value(value: Any) -> Key | None:
    """Return a value with the rank of its kind; None for what has no order."""
    kind = value.__class__
    if kind is bool:
        return 0, value
    if kind is int or kind is float:
        return 1, value
    return (2, value) if kind is str else None


def bounds_of(query: Query) -> dict[str, Bounds]:
    """Return between what attributes have to lie for a query to hold; none where it is open."""
    parts = query.parts if isinstance(query, All) else (query,)
    found: dict[str, Bounds] = {}
    for part in parts:
        if isinstance(part, Compare) and isinstance(part.field, str) and part.field not in _OWN:
            bounds = _bounds(part.sign, part.value)
            if bounds is not None:
                there = found.get(part.field)
                found[part.field] = bounds if there is None else _both(there, bounds)
    return found


def _bounds(sign: str, value: Any) -> Bounds | None:
    if sign == "==" and isinstance(value, OneOf):
        keys = [key_of_value(one) for one in value.values]
        return Bounds(keys=tuple(dict.fromkeys(keys))) if None not in keys else None  # type: ignore[arg-type]
    if sign == "==" and isinstance(value, Between):
        return _interval(key_of_value(value.low), key_of_value(value.high))
    key = key_of_value(value)
    if key is None:
        return None
    if sign == "==":
        return Bounds(keys=(key,))
    if sign in (">", ">="):
        return Bounds(low=(key, sign == ">="))
    return Bounds(high=(key, sign == "<=")) if sign in ("<", "<=") else None


def _interval(low: Key | None, high: Key | None) -> Bounds | None:
    if low is None or high is None or low[0] != high[0]:
        return None
    return Bounds((low, True), (high, True))


def _both(one: Bounds, other: Bounds) -> Bounds:
    """Return bounds that hold where both do, or wider ones."""
    if one.keys is not None:
        return one
    if other.keys is not None:
        return other
    lows = [b.low for b in (one, other) if b.low is not None]
    highs = [b.high for b in (one, other) if b.high is not None]
    if len({key[0] for key, _ in [*lows, *highs]}) > 1:  # of two kinds: nothing is both
        return one
    low = max(lows, key=lambda bound: (bound[0], not bound[1]), default=None)
    return Bounds(low, min(highs, default=None))

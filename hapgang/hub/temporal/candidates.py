"""Which entities may have the past that is asked for, and which do (clause 5.7.4.4)."""

from collections.abc import Iterator

import msgspec

from hapgang.core.entity import Attribute
from hapgang.core.geometry import Point
from hapgang.hub.documents import Documents
from hapgang.hub.ngsild.errors import TooManyResults
from hapgang.hub.ngsild.order import Order, ordered
from hapgang.hub.record import Record
from hapgang.hub.search import Selection, Test, candidates, tests_of
from hapgang.hub.state import State
from hapgang.hub.temporal.evolution import Evolution
from hapgang.hub.temporal.page import Series
from hapgang.hub.temporal.when import When


def ids_of(
    documents: Documents,
    state: State,
    selections: tuple[Selection, ...],
    *,
    orders: tuple[Order, ...] = (),
    most: int,
) -> list[str]:
    """Return the entities of today that fit by what a query says of no time."""
    found: dict[str, Record] = {}
    for selection in selections:
        for record in _timeless(documents, state, selection):
            found[record.id] = record
            if len(found) > most:
                raise TooManyResults(
                    f"more than {most:,} entities; say more exactly which",
                    f"엔티티가 {most:,}개를 넘습니다. 조건을 좁혀 주세요",
                )
    return [record.id for record in ordered(list(found.values()), orders)]


def _timeless(documents: Documents, state: State, selection: Selection) -> Iterator[Record]:
    known = Selection(selection.types, selection.ids, selection.id_pattern)
    tests = tests_of(known, state.get)
    for record in candidates(state, known):
        if all(test(record) for test in tests) and documents.may_see(record):
            yield record


def test_of(selections: tuple[Selection, ...]) -> Test:
    """Return the test of an entity whose attributes are its instances in the time asked for."""
    tests = [tests_of(msgspec.structs.replace(one), lambda _: None) for one in selections]
    return lambda record: any(all(test(record) for test in found) for found in tests)


class _Moments(Record):
    """An entity all of whose instances of a time are there at once, so it is at no one place."""

    __slots__ = ()

    @property
    def place(self) -> Point | None:
        """No place: each of its locations is looked at."""
        return None


def record_in(evolution: Evolution, series: Series, when: When) -> Record:
    """Return an entity all of whose instances of a time are there at once."""
    extra: dict[str, list[Attribute]] = {}
    for name, timed in series.items():
        shown = [one.instance for one in timed]
        if when.time != "deletedAt":
            shown = [one for one in shown if not one.is_deletion]
        if shown:
            extra[name] = [one.body for one in shown]
    assert evolution.created is not None
    assert evolution.modified is not None
    return _Moments(
        evolution.entity, evolution.types, None, None, extra, created=evolution.created,
        modified=evolution.modified, seq=0, scope=evolution.scope,
    )  # fmt: skip

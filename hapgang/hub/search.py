"""Finding entities for NGSI-LD clients: one plan over the indexes, then a test of what is left.

The plan looks, in this order: at the ids that are named; around a point; at an indexed attribute of
a declared type that must equal a value; at any attribute that a value is compared with, by an index
that is made when it is needed (`free_index`); at the entities of the types; at all.
"""

from collections.abc import Callable, Iterator
from itertools import chain

import msgspec

from hapgang.core.entity import find_type
from hapgang.core.errors import Invalid
from hapgang.hub.documents import Documents
from hapgang.hub.match import compile_match
from hapgang.hub.ngsild.geo import GeoQuery
from hapgang.hub.ngsild.order import Order, ordered
from hapgang.hub.ngsild.scope import read_scope_query
from hapgang.hub.ngsild.types import Types
from hapgang.hub.patterns import compile_pattern
from hapgang.hub.query import Query, equalities
from hapgang.hub.record import Record
from hapgang.hub.state import State

_MOST_SORTED = 100_000
Test = Callable[[Record], bool]


class Selection(msgspec.Struct, frozen=True):
    """Which entities are asked for; what is empty or None does not matter."""

    types: Types | None = None
    ids: tuple[str, ...] = ()
    id_pattern: str = ""
    attrs: frozenset[str] = frozenset()  # any of these attributes
    query: Query | None = None
    geo: GeoQuery | None = None
    scope: str = ""  # a scope query
    datasets: frozenset[str] = frozenset()

    @property
    def is_bounded(self) -> bool:
        """Whether it says enough for a query (clause 5.7.2.4): ids alone are not enough."""
        return bool(self.types or self.attrs or self.query or self.geo)


class Page(msgspec.Struct):
    """A page of a query's answer, and how many entities there are in all."""

    records: list[Record]
    count: int


def search(
    documents: Documents,
    state: State,
    selections: tuple[Selection, ...],
    *,
    orders: tuple[Order, ...] = (),
    limit: int,
    offset: int,
    counts: bool = True,
) -> Page:
    """Return a page of the entities of any selection that the caller may see.

    Without `counts` nothing is looked for beyond the page, but for whether there is more: the count
    is at least how many there are then.
    """
    if orders:
        records = ordered(_at_most(_found(documents, state, selections)), orders)
        page = records[offset : offset + limit]
        for record in page:
            documents.log(record)
        return Page(page, len(records))
    found: list[Record] = []
    count = 0
    for record in _found(documents, state, selections):
        if offset <= count < offset + limit:
            documents.log(record)
            found.append(record)
        count += 1
        if count > offset + limit and not counts:
            break
    return Page(found, count)


def _at_most(records: Iterator[Record]) -> list[Record]:
    found = []
    for record in records:
        found.append(record)
        if len(found) > _MOST_SORTED:
            raise Invalid(
                f"more than {_MOST_SORTED:,} entities would be sorted; ask for fewer",
                f"정렬할 엔티티가 {_MOST_SORTED:,}개를 넘습니다. 조건을 좁혀 주세요",
            )
    return found


def _found(
    documents: Documents, state: State, selections: tuple[Selection, ...]
) -> Iterator[Record]:
    if len(selections) == 1:
        yield from _of_one(documents, state, selections[0])
        return
    seen: set[str] = set()
    for selection in selections:
        for record in _of_one(documents, state, selection):
            if record.id not in seen:
                seen.add(record.id)
                yield record


def _of_one(documents: Documents, state: State, selection: Selection) -> Iterator[Record]:
    tests = tests_of(selection, documents.find)
    for record in candidates(state, selection):
        if all(test(record) for test in tests) and documents.may_see(record):
            yield record


def tests_of(selection: Selection, find: Callable[[str], Record | None]) -> list[Test]:
    """Return what an entity of a selection satisfies, the cheap tests first."""
    tests: list[Test] = []
    if selection.types is not None:
        fits = selection.types.fits
        tests.append(lambda record: fits(record.types))
    if selection.ids:
        ids = frozenset(selection.ids)
        tests.append(lambda record: record.id in ids)
    if selection.id_pattern:
        tests.append(_id_test(selection.id_pattern))
    if selection.attrs:
        attrs = selection.attrs
        tests.append(lambda record: any(record.attribute(name) is not None for name in attrs))
    if selection.scope:
        scope = read_scope_query(selection.scope)
        tests.append(lambda record: bool(record.scope) and scope(record.scope))
    if selection.datasets:
        tests.append(_dataset_test(selection.datasets))
    if selection.query is not None:
        tests.append(compile_match(selection.query, find))
    if selection.geo is not None:
        tests.append(selection.geo.test())
    return tests


def candidates(state: State, selection: Selection) -> Iterator[Record]:
    """Yield all entities of a selection, and more."""
    if selection.ids:
        for entity_id in dict.fromkeys(selection.ids):
            record = state.get(entity_id)
            if record is not None:
                yield record
        return
    if selection.types is None:
        yield from state.each()
        return
    places = selection.types.places
    around = selection.geo.around if selection.geo is not None else None
    seen: set[str] = set()
    for name in places:
        if around is not None:
            points = (record for _, record in state.near(name, *around))
            found: Iterator[Record] = chain(points, state.extended(name))
        else:
            found = _compared(state, name, selection.query) or state.each(name)
        for record in found:
            if len(places) == 1:
                yield record
            elif record.id not in seen:
                seen.add(record.id)
                yield record


def _compared(state: State, type_name: str, query: Query | None) -> Iterator[Record] | None:
    """Return the entities that an index leaves to look at; None where none helps."""
    if query is None:
        return None
    declared = find_type(type_name)
    for wire, value in equalities(query).items() if declared is not None else ():
        assert declared is not None
        field = declared.by_wire.get(wire)
        if field is not None and field.indexed and isinstance(value, str | int | float):
            return state.each_with(type_name, field.name, value)
    return state.compared(type_name, query)


def _id_test(pattern: str) -> Test:
    compiled = compile_pattern(pattern, "idPattern")
    return lambda record: compiled.search(record.id) is not None


def _dataset_test(datasets: frozenset[str]) -> Test:
    """Return the test of having an instance of a dataset in any attribute."""

    def test(record: Record) -> bool:
        for instances in record.attributes().values():
            for one in instances if isinstance(instances, list) else (instances,):
                if one.get("datasetId", "@none") in datasets:
                    return True
        return False

    return test

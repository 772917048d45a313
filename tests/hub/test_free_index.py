"""Indexes that queries make: whatever satisfies a query is among what they leave to look at."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hapgang.hub.free_index import MOST_INDEXES, FreeIndex, FreeIndexes, bounds_of
from hapgang.hub.match import compile_match
from hapgang.hub.query import All, Any_, Between, Compare, OneOf, Path, Query
from hapgang.hub.record import Record, record_of

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ONE = "urn:d:1"


def record(number: int, value: Any) -> Record:
    document: dict[str, Any] = {"id": f"urn:a:{number}", "type": "A"}
    if value is not None:
        document["a"] = value
    return record_of(document, created=NOW, modified=NOW, seq=1)


_scalars = st.booleans() | st.integers(-3, 3) | st.sampled_from([0.5, -0.0, 1.0, "", "a", "b", "1"])
_values = (
    st.none()
    | st.builds(lambda v: {"type": "Property", "value": v}, _scalars | st.lists(_scalars))
    | st.builds(lambda v: {"type": "Relationship", "object": v}, st.sampled_from(["a", "b"]))
    | st.builds(lambda v: {"type": "LanguageProperty", "languageMap": {"en": v}}, st.just("a"))
    | st.builds(
        lambda v, w: [{"type": "Property", "value": v},
                      {"type": "Property", "value": w, "datasetId": ONE}],
        _scalars, _scalars,
    )
)  # fmt: skip
_compares = st.builds(
    Compare, st.just("a"), st.sampled_from(["==", "!=", ">", ">=", "<", "<="]), _scalars
) | st.builds(
    Compare, st.just("a"), st.just("=="),
    st.builds(Between, _scalars, _scalars)
    | st.builds(OneOf, st.lists(_scalars, min_size=1).map(tuple)),
)  # fmt: skip
_queries = _compares | st.lists(_compares, min_size=1, max_size=3).map(lambda p: All(tuple(p)))


@given(st.lists(_values, max_size=8), st.lists(_values, max_size=8), _queries)
def test_what_satisfies_a_query_is_left(old: list[Any], new: list[Any], query: Query) -> None:
    records = {f"urn:a:{n}": record(n, value) for n, value in enumerate(old)}
    index = FreeIndex("a", records.values())
    for number, value in enumerate(new):
        fresh = record(number, value)
        before = records.get(fresh.id)
        if before is None:
            index.add(fresh)
        elif value == "b":
            index.remove(before)
        else:
            index.replace(before, fresh)
        records[fresh.id] = fresh
    wanted = {r.id for r in records.values() if compile_match(query)(r)}
    bounds = bounds_of(query).get("a")
    if bounds is not None:
        left = list(index.ids(bounds))
        assert wanted <= set(left)
        assert len(set(left)) == len(left) == index.count(bounds)


def test_what_no_index_helps_with() -> None:
    for query in (
        Compare("a", "!=", 5), Compare("a", "~=", "x"), Compare("a", ">", NOW),
        Compare("a", "==", Between(1, "b")), Compare("a", "==", OneOf((1, NOW))),
        Compare("modifiedAt", ">", "2026"), Compare(Path("a", ("b",)), "==", 1),
        Any_((Compare("a", "==", 1), Compare("b", "==", 2))),
    ):  # fmt: skip
        assert bounds_of(query) == {}, query


def test_the_best_index_is_taken_and_few_are_kept() -> None:
    records = {}
    for number in range(2_000):
        made = record(number, {"type": "Property", "value": number % 4})
        records[made.id] = record_of(
            {**made.document(), "b": {"type": "Property", "value": number}},
            created=NOW, modified=NOW, seq=1,
        )  # fmt: skip
    indexes = FreeIndexes()
    best = indexes.best(All((Compare("a", "==", 1), Compare("b", "<", 5))), records)
    assert best is not None
    assert (best[0].wire, best[0].count(best[1])) == ("b", 5)
    for number in range(MOST_INDEXES):
        indexes.best(Compare(f"x{number}", "==", 1), records)
    assert [index.wire for index in indexes] == [f"x{n}" for n in range(MOST_INDEXES)]
    few = dict(list(records.items())[:10])
    assert indexes.best(Compare("a", "==", 1), few) is None

"""Queries in memory against plain Python, and the standard's `q` against what was printed."""

import operator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.hub.qlang import parse
from hapgang.hub.query import (
    All,
    Any_,
    Compare,
    OneOf,
    Query,
    compile_query,
    equalities,
    fields_of,
    where,
    with_words,
)

SIGNS = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


class Row(msgspec.Struct):
    a: int | None
    b: int | None


rows = st.builds(Row, st.none() | st.integers(0, 3), st.none() | st.integers(0, 3))
compares = st.builds(
    Compare, st.sampled_from("ab"), st.sampled_from(list(SIGNS)), st.integers(0, 3)
)
queries = st.recursive(
    compares,
    lambda inner: (
        st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(Any_, st.lists(inner, min_size=1, max_size=3).map(tuple))
    ),
    max_leaves=8,
)


def holds(query: Query, row: Row) -> bool:
    """Say it plainly: None satisfies no comparison but `!=`."""
    if isinstance(query, All):
        return all(holds(part, row) for part in query.parts)
    if isinstance(query, Any_):
        return any(holds(part, row) for part in query.parts)
    value = getattr(row, query.field)
    if value is None:
        return query.sign == "!="
    return bool(SIGNS[query.sign](value, query.value))


@given(queries, rows)
def test_compiled_queries_say_what_they_mean(query: Query, row: Row) -> None:
    assert compile_query(query)(row) is holds(query, row)
    assert all(getattr(row, f) == v for f, v in equalities(query).items()) or not holds(query, row)


def test_expressions_make_flat_trees() -> None:
    a, b, c = where.a == 1, where.b > 2, where.a != 3
    assert a & b & c == All((a, b, c)) == a & (b & c)
    assert a | b | c == Any_((a, b, c)) == a | (b | c)
    assert (a & b) | c == Any_((All((a, b)), c))
    assert [where.a >= 1, where.a < 1, where.a <= 1] == [
        Compare("a", sign, 1) for sign in (">=", "<", "<=")
    ]
    assert equalities(a & b) == {"a": 1}
    assert equalities(a | b) == {}
    assert fields_of((a & b) | c) == {"a", "b"}
    assert fields_of(None) == set()


names = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = (
    st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
    | st.datetimes(timezones=st.just(UTC))
)
trees = st.recursive(
    st.builds(Compare, names, st.sampled_from(list(SIGNS)), values),
    lambda inner: (
        st.builds(All, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Any_, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=8,
)


def printed(query: Query) -> str:
    if isinstance(query, All):
        return ";".join(bracketed(part, All) for part in query.parts)
    if isinstance(query, Any_):
        return "|".join(bracketed(part, Any_) for part in query.parts)
    return f"{query.field}{query.sign}{word(query.value)}"


def bracketed(part: Query, inside: type[Query]) -> str:
    needs = isinstance(part, All | Any_) and (inside is All or isinstance(part, inside))
    return f"({printed(part)})" if needs else printed(part)


def word(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(value)


@given(trees)
def test_what_is_printed_is_read_back(query: Query) -> None:
    assert parse(printed(query)) == query


@pytest.mark.parametrize(
    ("q", "value"),
    [
        ("a==1", 1), ("a==-1.5e3", -1500.0), ("a==nan", "nan"), ("a==1_000", "1_000"),
        ("a==infinity", "infinity"), ("a==true", True), ('a=="true"', "true"),
        ("a==2026-11-23T00:00:00Z", datetime(2026, 11, 23, tzinfo=UTC)),
        ("a==2026-11-23", datetime(2026, 11, 23, tzinfo=UTC)), ("a==urn:x:1", "urn:x:1"),
        ("a==합강", "합강"), ('a=="x;y|(z)"', "x;y|(z)"),
    ],
)  # fmt: skip
def test_words_have_the_value_that_they_look_like(q: str, value: Any) -> None:
    found = parse(q)
    assert isinstance(found, Compare)
    assert found.value == value
    assert type(found.value) is type(value)


@pytest.mark.parametrize(
    "q",
    ["", ";", "a==", "==1", "a=1", "a==1;", "a==1|", "(a==1", "a==1)", "a==1 b==2", 'a=="x',
     "a<<1", "a==!", "()", "a==(1)", "((" * 30 + "a==1" + "))" * 30, "a==1;" * 1000 + "a==1"],
    ids=lambda q: q[:12] or "nothing",
)  # fmt: skip
def test_nonsense_is_refused_with_its_place(q: str) -> None:
    with pytest.raises(Invalid, match="q"):
        parse(q)


@given(st.text(max_size=40) | st.text('ab=!<>;|()"\\ 1', max_size=40))
def test_any_text_is_read_or_refused(q: str) -> None:
    with suppress(Invalid):
        parse(q)


def test_values_that_are_words_equal_what_they_mean() -> None:
    meant = {"commercial": "https://a.example/commercial"}.get

    def word(value: str) -> str:
        return meant(value, value)

    query = parse('category==commercial;name=="commercial"|category!="x","commercial"')
    assert with_words(query, {"category"}, word) == Any_(
        (
            All(
                (
                    Compare(
                        "category", "==", OneOf(("commercial", "https://a.example/commercial"))
                    ),
                    Compare("name", "==", "commercial"),
                )
            ),
            Compare("category", "!=", OneOf(("x", "commercial", "https://a.example/commercial"))),
        )
    )
    assert with_words(parse("category>5"), {"category"}, word) == parse("category>5")

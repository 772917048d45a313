"""Queries as a small syntax tree: from Python expressions over fields, or from NGSI-LD's `q`.

hub.find(Vehicle, (where.battery_pct > 20) & (where.state == "free"), near=point, within_m=300)
"""

import operator
from collections.abc import Callable, Collection
from typing import Any

import msgspec

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


class Path(msgspec.Struct, frozen=True):
    """Where `q` looks: an attribute, what is inside of it, or what it leads to.

    `a.b` is the sub-attribute b of a, `a[b.c]` a member of a JSON value or a language, and
    `a{T:b}` the attribute b of the entities of type T that the relationship a names.
    """

    attribute: str
    subs: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    linked: "Path | None" = None


class Between(msgspec.Struct, frozen=True):
    """An interval, both ends in it."""

    low: Any
    high: Any


class OneOf(msgspec.Struct, frozen=True):
    """Any of several values."""

    values: tuple[Any, ...]


class Exists(msgspec.Struct, frozen=True):
    """Whether there is something at a path; or nothing, where `absent`."""

    field: str | Path
    absent: bool = False

    def __and__(self, other: "Query") -> "All":
        return All((self, *_parts(other, All)))

    def __or__(self, other: "Query") -> "Any_":
        return Any_((self, *_parts(other, Any_)))


class Compare(msgspec.Struct, frozen=True):
    """One field against one value; `~=` and `!~=` search for a regular expression."""

    field: str | Path
    sign: str
    value: Any

    def __and__(self, other: "Query") -> "All":
        return All((self, *_parts(other, All)))

    def __or__(self, other: "Query") -> "Any_":
        return Any_((self, *_parts(other, Any_)))


class All(msgspec.Struct, frozen=True):
    """Every part holds."""

    parts: tuple["Query", ...]

    def __and__(self, other: "Query") -> "All":
        return All((*self.parts, *_parts(other, All)))

    def __or__(self, other: "Query") -> "Any_":
        return Any_((self, *_parts(other, Any_)))


class Any_(msgspec.Struct, frozen=True):  # noqa: N801 (`Any` is taken)
    """At least one part holds."""

    parts: tuple["Query", ...]

    def __and__(self, other: "Query") -> "All":
        return All((self, *_parts(other, All)))

    def __or__(self, other: "Query") -> "Any_":
        return Any_((*self.parts, *_parts(other, Any_)))


Query = Compare | Exists | All | Any_
Test = Callable[[Any], bool]


def _parts(query: "Query", kind: type[All] | type[Any_]) -> tuple["Query", ...]:
    return query.parts if isinstance(query, All | Any_) and isinstance(query, kind) else (query,)


class _Field:
    """A field's name waiting to be compared."""

    __slots__ = ("_name",)
    __hash__ = None  # type: ignore[assignment]  # comparing makes a query, so it cannot be a key

    def __init__(self, name: str) -> None:
        self._name = name

    def __eq__(self, value: object) -> Compare:  # type: ignore[override]
        return Compare(self._name, "==", value)

    def __ne__(self, value: object) -> Compare:  # type: ignore[override]
        return Compare(self._name, "!=", value)

    def __gt__(self, value: Any) -> Compare:
        return Compare(self._name, ">", value)

    def __ge__(self, value: Any) -> Compare:
        return Compare(self._name, ">=", value)

    def __lt__(self, value: Any) -> Compare:
        return Compare(self._name, "<", value)

    def __le__(self, value: Any) -> Compare:
        return Compare(self._name, "<=", value)


class _Where:
    """`where.field` names a field of the view that is looked for."""

    def __getattr__(self, name: str) -> _Field:
        return _Field(name)


where = _Where()


def compile_query(query: Query, value_of: Callable[[Any, str], Any] = getattr) -> Test:
    """Return a test of one view; a field that is None satisfies no comparison but `!=`.

    For queries over fields; `match` tests documents.
    """
    if isinstance(query, Compare):
        return _compare(query, value_of)
    if isinstance(query, Exists):
        raise TypeError("a view has all its fields")
    tests = tuple(compile_query(part, value_of) for part in query.parts)
    return _all(tests) if isinstance(query, All) else _any(tests)


def _all(tests: tuple[Test, ...]) -> Test:
    def test_all(view: Any) -> bool:
        for test in tests:  # noqa: SIM110 (a generator for each entity takes twice as long)
            if not test(view):
                return False
        return True

    return test_all


def _any(tests: tuple[Test, ...]) -> Test:
    def test_any(view: Any) -> bool:
        for test in tests:  # noqa: SIM110 (as above)
            if test(view):
                return True
        return False

    return test_any


def _compare(query: Compare, value_of: Callable[[Any, str], Any]) -> Test:
    field, wanted, sign = name_of(query.field), query.value, query.sign
    if sign in ("==", "!="):
        compare = _COMPARE[sign]
        return lambda view: compare(value_of(view, field), wanted)
    compare = _COMPARE[sign]

    def test(view: Any) -> bool:
        value = value_of(view, field)
        return value is not None and compare(value, wanted)

    return test


def name_of(field: str | Path) -> str:
    """Return the attribute that a query looks at."""
    return field if isinstance(field, str) else field.attribute


def equalities(query: Query | None) -> dict[str, Any]:
    """Return the fields that must equal a value, for the choice of an index."""
    if isinstance(query, Compare):
        is_plain = query.sign == "==" and isinstance(query.field, str)
        return {name_of(query.field): query.value} if is_plain else {}
    if isinstance(query, All):
        plain = [equalities(part) for part in query.parts if isinstance(part, Compare)]
        return {name: value for found in plain for name, value in found.items()}
    return {}


def with_words(query: Query, fields: Collection[str], word: Callable[[str], str]) -> Query:
    """Return a query in which some fields may also equal what their values mean as words.

    NGSI-LD's `expandValues`: a value that was written short equals one written as an IRI.
    """
    if isinstance(query, All):
        return All(tuple(with_words(part, fields, word) for part in query.parts))
    if isinstance(query, Any_):
        return Any_(tuple(with_words(part, fields, word) for part in query.parts))
    if isinstance(query, Exists) or query.sign not in ("==", "!="):
        return query
    if name_of(query.field) not in fields:
        return query
    values = query.value.values if isinstance(query.value, OneOf) else (query.value,)
    meant = (word(value) if isinstance(value, str) else value for value in values)
    return Compare(query.field, query.sign, OneOf(tuple(dict.fromkeys([*values, *meant]))))


def fields_of(query: Query | None) -> set[str]:
    """Return the names of all fields that a query looks at."""
    if query is None:
        return set()
    if isinstance(query, Compare | Exists):
        return {name_of(query.field)}
    return {name for part in query.parts for name in fields_of(part)}

"""Queries over documents on disk: the syntax tree as a condition on PostgreSQL's table `entity`.

The second interpreter beside `match`, which says what a query means. Names, keys and values that a
client sent are parameters, never text: the text consists of the constants below. What SQL cannot
say alike (regular expressions, instants, other entities, booleans that are ordered) holds of every
entity there; `is_exact` tells then that `match` has to look again at what was found. Numbers are
compared as decimals: an integer above 2^53 may equal a float that `match` tells apart from it.
"""

import re
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from hapgang.hub.match import VALUE_MEMBERS, instant_of
from hapgang.hub.query import All, Between, Compare, Exists, OneOf, Path, Query

_INTEGER = re.compile(r"-?[0-9]+")
_OWN = {"createdAt": "e.created", "modifiedAt": "e.modified"}
_ORDERS = {">": ">", ">=": ">=", "<": "<", "<=": "<="}
_EVERY_LANGUAGE = "*"

_LIST = (
    "CASE WHEN jsonb_typeof({0}) = 'array' THEN {0}"
    " WHEN {0} IS NOT NULL THEN jsonb_build_array({0}) END"
)
_MEMBER = "CASE {} END".format(
    " ".join(f"WHEN x ? '{name}' THEN '{name}'" for name in VALUE_MEMBERS)
)
# ruff: noqa: S608 (made of constants; what clients sent are parameters)
_URIS = """CASE jsonb_typeof(w) WHEN 'array' THEN (
    SELECT coalesce(jsonb_agg(
        CASE jsonb_typeof(u) WHEN 'object' THEN u -> 'object' ELSE u END ORDER BY n), '[]')
    FROM jsonb_array_elements(w) WITH ORDINALITY AS each(u, n)) ELSE w END"""
_PLAIN = "CASE WHEN jsonb_typeof(w) = 'object' AND w ? '@value' THEN w -> '@value' ELSE w END"
_ALL_TEXTS = f"""CASE jsonb_typeof(x -> 'languageMap') WHEN 'object' THEN (
    SELECT jsonb_agg(y) FROM jsonb_each(x -> 'languageMap') AS l(k, t),
    jsonb_array_elements({_LIST.format("t")}) AS y) END"""
_ONE_TEXT = "x -> 'languageMap' -> ({keys}::text[])[1]"
# A row for each target of a path: what it is worth, and whether it is a relationship's.
_TARGETS = """
    SELECT CASE
        WHEN jsonb_typeof(x) <> 'object' THEN {bare}
        WHEN m = 'languageMap' THEN {texts}
        WHEN m IN ('object', 'objectList') THEN {uris}
        WHEN m IS NOT NULL THEN {plain} END AS v,
        m IN ('object', 'objectList') AS is_uri
    FROM {parts},
        LATERAL (SELECT CASE jsonb_typeof(x) WHEN 'object' THEN {member} END AS m) AS named,
        LATERAL (SELECT NULLIF(x -> m #> {keys}::text[], 'null'::jsonb) AS w) AS found
"""


class Filter(NamedTuple):
    """A condition on `entity AS e`, its arguments, and whether it says all that the query does."""

    sql: str
    arguments: list[Any]
    is_exact: bool


def translate(query: Query, *, first: int = 1) -> Filter:
    """Return a query as a condition whose parameters begin at `$first`."""
    builder = _Builder(first)
    sql = builder.query(query)
    return Filter(sql, builder.arguments, builder.is_exact)


class _Builder:
    """Collects arguments while the tree is walked."""

    def __init__(self, first: int) -> None:
        self._first = first
        self.arguments: list[Any] = []
        self.is_exact = True

    def query(self, query: Query) -> str:
        if isinstance(query, Compare | Exists):
            path = Path(query.field) if isinstance(query.field, str) else query.field
            return (
                self._exists(query, path)
                if isinstance(query, Exists)
                else self._compare(query, path)
            )
        joint = " AND " if isinstance(query, All) else " OR "
        return (
            f"({joint.join(self.query(part) for part in query.parts)})"
            if query.parts
            else ("TRUE" if isinstance(query, All) else "FALSE")
        )

    def _exists(self, query: Exists, path: Path) -> str:
        if _own(path):
            return "FALSE" if query.absent else "TRUE"
        before = len(self.arguments)
        targets = self._targets(path)
        if targets is None:
            return self._unsaid(before)
        sign = "NOT " if query.absent else ""
        return f"{sign}EXISTS (SELECT FROM ({targets}) AS t WHERE v IS NOT NULL)"

    def _compare(self, query: Compare, path: Path) -> str:
        if (column := _own(path)) is not None:
            return self._own_time(query, column)
        before = len(self.arguments)
        test = self._test(query.sign, query.value)
        targets = None if test is None else self._targets(path)
        if test is None or targets is None:
            return self._unsaid(before)
        return f"EXISTS (SELECT FROM ({targets}) AS t WHERE v IS NOT NULL AND {test})"

    def _own_time(self, query: Compare, column: str) -> str:
        if not isinstance(query.value, datetime) or query.sign not in ("==", *_ORDERS):
            return self._unsaid(len(self.arguments))
        sign = _ORDERS.get(query.sign, "=")
        return f"{column} {sign} {self._argument(query.value)}::timestamptz"

    def _targets(self, path: Path) -> str | None:
        """Return the rows of what a path leads to; None where SQL cannot tell."""
        is_beyond = path.linked is not None or any(_INTEGER.fullmatch(key) for key in path.keys)
        if is_beyond or any(sub in VALUE_MEMBERS for sub in path.subs):
            return None
        first = self._argument(path.attribute)
        parts = [f"jsonb_array_elements({_LIST.format(f'(e.doc -> {first}::text)')}) AS p0(x0)"]
        for number, sub in enumerate(path.subs):
            inner = f"NULLIF(x{number} -> {self._argument(sub)}::text, 'null'::jsonb)"
            parts.append(
                f"LATERAL jsonb_array_elements({_LIST.format(inner)})"
                f" AS p{number + 1}(x{number + 1})"
            )
        parts.append(f"LATERAL (SELECT x{len(path.subs)} AS x) AS last")
        keys = self._argument(list(path.keys))
        texts = "NULL"
        if path.keys in ((), (_EVERY_LANGUAGE,)):
            texts = _ALL_TEXTS
        elif len(path.keys) == 1:
            texts = _ONE_TEXT.format(keys=keys)
        return _TARGETS.format(
            bare="NULL" if path.keys else "x", texts=texts, uris=_URIS, plain=_PLAIN,
            parts=", ".join(parts), member=_MEMBER, keys=keys,
        )  # fmt: skip

    def _test(self, sign: str, value: Any) -> str | None:
        """Return the test of a target `v`; None where SQL cannot tell."""
        if sign in _ORDERS:
            order = self._ordered("v", _ORDERS[sign], value)
            return None if order is None else f"(NOT is_uri IS TRUE AND {order})"
        if sign not in ("==", "!="):
            return None
        equal = self._equal(value)
        if equal is None:
            return None
        found = (
            f"EXISTS (SELECT FROM jsonb_array_elements({_LIST.format('v')}) AS o(x) WHERE {equal})"
        )
        return found if sign == "==" else f"NOT {found}"

    def _equal(self, value: Any) -> str | None:
        """Return the test of one value `x`."""
        if isinstance(value, OneOf):
            tests = [self._equal(one) for one in value.values]
            return None if None in tests else f"({' OR '.join(str(test) for test in tests)})"
        if isinstance(value, Between):
            above = self._ordered("x", ">=", value.low)
            below = self._ordered("x", "<=", value.high)
            return None if above is None or below is None else f"({above} AND {below})"
        if instant_of(value) is not None:
            return None
        return f"x = {self._argument(msgspec.json.encode(value).decode())}::jsonb"

    def _ordered(self, name: str, sign: str, value: Any) -> str | None:
        if isinstance(value, bool) or instant_of(value) is not None:
            return None
        text = f"({name} #>> '{{}}')"
        if isinstance(value, int | float):
            number = self._argument(repr(value))
            return (
                f"CASE jsonb_typeof({name}) WHEN 'number'"
                f" THEN {text}::numeric {sign} {number}::text::numeric ELSE FALSE END"
            )
        word = self._argument(value)
        return (
            f"CASE jsonb_typeof({name}) WHEN 'string'"
            f' THEN {text} COLLATE "C" {sign} {word}::text ELSE FALSE END'
        )

    def _unsaid(self, before: int) -> str:
        """Let every entity through, and forget the arguments that were collected since."""
        del self.arguments[before:]
        self.is_exact = False
        return "TRUE"

    def _argument(self, value: Any) -> str:
        self.arguments.append(value)
        return f"${self._first + len(self.arguments) - 1}"


def _own(path: Path) -> str | None:
    """Return the column of an entity's own time, which is no attribute."""
    is_alone = not (path.subs or path.keys or path.linked)
    return _OWN.get(path.attribute) if is_alone else None

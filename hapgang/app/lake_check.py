"""Whether a query only reads a lake's tables: default deny, over the syntax tree that DuckDB reads.

The process that runs a query has no way to files either; this says so before anything is run, in
words, and keeps out what a sandbox would only survive: functions that take pointers, read settings
or write logs.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Protocol

MOST_CHARACTERS = 20_000
_QUERIES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
_SOURCES = {"BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY",
            "EMPTY_FROM", "PIVOT", "SHOW_REF"}  # fmt: skip
_ORDERS = {"ORDER_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "DISTINCT_MODIFIER",
           "ORDER_DEFAULT", "ASCENDING", "DESCENDING"}  # fmt: skip
_EXPRESSIONS = {"BETWEEN", "CASE", "CAST", "COLLATE", "COLUMN_REF", "COMPARISON", "CONJUNCTION",
                "CONSTANT", "FUNCTION", "LAMBDA", "LAMBDA_REF", "OPERATOR", "POSITIONAL_REFERENCE",
                "STAR", "SUBQUERY", "TYPE", "WINDOW"}  # fmt: skip
_TABLE_FUNCTIONS = {"generate_series", "json_each", "json_tree", "range", "repeat", "unnest"}
_NO_FUNCTIONS = {
    "cast_to_type", "combine", "combine_aggr", "create_sort_key", "current_query",
    "current_setting", "currval", "finalize", "get_block_size", "getenv", "getvariable", "invoke",
    "json_deserialize_sql", "json_serialize_plan", "nextval", "set_config", "setval", "sleep_ms",
    "to_aggregate_state", "txid_current", "vector_type", "version", "write_log",
}  # fmt: skip
_NO_PREFIXES = ("__internal", "has_", "icu_collate", "inet_", "pg_", "query")
_OWN_NAME = re.compile(r"(?!duckdb_|pg_|pragma_|sqlite_)\w{1,100}", re.IGNORECASE)  # no catalogue's


class Place(NamedTuple):
    """Where in a query, in bytes; None where the parser does not say."""

    start: int | None
    length: int


NOWHERE = Place(None, 0)


class NotAllowed(Exception):
    """A query that does not only read the lake: why, as `refused` names it, what and where."""

    def __init__(self, why: str, what: str = "", place: Place = NOWHERE) -> None:
        """Refuse."""
        super().__init__(f"{why} {what}".strip())
        self.why = why
        self.what = what
        self.place = place


class Parser(Protocol):
    """A DuckDB connection."""

    def execute(self, query: str, parameters: Any = ...) -> Any:
        """Run a statement."""


def tables_of(parser: Parser, sql: str, known: Iterable[str]) -> set[str]:
    """Return the known tables that a query reads; `NotAllowed` where it would do anything else."""
    if len(sql) > MOST_CHARACTERS:
        raise NotAllowed("long", str(MOST_CHARACTERS))
    tree = _parsed(parser, sql)
    if not tree["statements"]:
        raise NotAllowed("empty")
    if len(tree["statements"]) > 1:
        raise NotAllowed("several")
    nodes = list(_nodes(tree["statements"][0]))
    by_name = {name.lower(): name for name in known}
    named_here = {name.lower() for node in nodes for name in _named_in(node)}
    found = set()
    for node in nodes:
        _check(node)
        if node.get("type") == "BASE_TABLE" and "class" not in node:
            name = _table(node)
            if name.lower() in by_name:
                found.add(by_name[name.lower()])
            elif name.lower() not in named_here:
                raise NotAllowed("table", name, _place(node))
    return found


def _parsed(parser: Parser, sql: str) -> dict[str, Any]:
    rows = parser.execute(
        "SELECT json_serialize_sql(?, skip_null := true, skip_empty := true)", [sql]
    ).fetchall()
    try:
        tree: dict[str, Any] = json.loads(rows[0][0])
    except RecursionError:
        raise NotAllowed("deep") from None
    if not tree["error"]:
        return tree
    if tree.get("error_type") != "parser":
        raise NotAllowed("writes")
    if "expression depth" in tree["error_message"]:
        raise NotAllowed("deep")
    position = tree.get("position", "")
    start = int(position) if position.isdecimal() else None
    raise NotAllowed("syntax", tree["error_message"], Place(start, 1))


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of the tree, without recursion: who writes queries decides its depth."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)


def _named_in(node: dict[str, Any]) -> Iterator[str]:
    """Yield the names that a query gives to its own parts by WITH."""
    named = node.get("cte_map")
    for entry in named.get("map", ()) if isinstance(named, dict) else ():
        if not _OWN_NAME.fullmatch(entry["key"]):
            raise NotAllowed("table", entry["key"], _place(node))
        yield entry["key"]


def _check(node: dict[str, Any]) -> None:
    kind = node.get("type")
    if "class" in node:
        _check_expression(node)
    elif isinstance(kind, str) and not _is_known(kind):
        raise NotAllowed("writes" if kind.endswith("_QUERY_NODE") else "form", kind, _place(node))
    elif kind == "SHOW_REF" and "query" not in node:
        raise NotAllowed("form", "SHOW", _place(node))
    elif kind == "TABLE_FUNCTION":
        name = _function(node["function"])
        if name not in _TABLE_FUNCTIONS:
            raise NotAllowed("function", name, _place(node))


def _is_known(kind: str) -> bool:
    return kind in _QUERIES | _SOURCES | _ORDERS or kind.endswith("_TYPE_INFO")


def _check_expression(node: dict[str, Any]) -> None:
    if node["class"] not in _EXPRESSIONS:
        raise NotAllowed("form", str(node["class"]), _place(node))
    if node["class"] in ("FUNCTION", "WINDOW") and "function_name" in node:
        name = _function(node)
        if name in _NO_FUNCTIONS or name.startswith(_NO_PREFIXES):
            raise NotAllowed("function", name, _place(node))


def _function(node: dict[str, Any]) -> str:
    if node.get("schema") or node.get("catalog"):
        raise NotAllowed("function", f"{node['schema']}.{node['function_name']}", _place(node))
    return str(node["function_name"]).lower()


def _table(node: dict[str, Any]) -> str:
    name = str(node.get("table_name", ""))
    if node.get("schema_name") or node.get("catalog_name"):
        raise NotAllowed("table", f"{node.get('schema_name', '')}.{name}", _place(node))
    return name


def _place(node: dict[str, Any]) -> Place:
    start, length = node.get("query_location"), node.get("query_location_length", 1)
    if not isinstance(start, int) or start > 4 * MOST_CHARACTERS:
        return NOWHERE
    return Place(start, length)

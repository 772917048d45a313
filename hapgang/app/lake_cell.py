"""The process that runs one query of a stranger over a lake, and ends.

    python -m hapgang.app.lake_cell     reads an `Order` as JSON, writes a line of JSON and the rows

It gets no environment, may write no file, has bounded memory and processor time, and sees the
tables of one lake only: DuckDB without files, extensions or settings, over columns that PyArrow
reads. Whoever started it kills it when its time is over.
"""

import contextlib
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

from hapgang.app.lake_answer import Rows, bytes_of
from hapgang.app.lake_check import NotAllowed, tables_of
from hapgang.app.lake_order import SOURCE, WRITTEN, Order, Source
from hapgang.hub.lake import SCHEMAS

_MOST_ADDRESSES = 1 << 30  # bytes beyond what the libraries have taken when they are loaded
_NICENESS = 10  # the city comes first
_BATCH = 1_000  # rows
_PLAIN = ("BIGINT", "BOOLEAN", "DATE", "DECIMAL", "DOUBLE", "FLOAT", "HUGEINT", "INTEGER",
          "SMALLINT", "TIMESTAMP", "TINYINT", "UBIGINT", "UINTEGER", "USMALLINT", "UTINYINT",
          "VARCHAR")  # fmt: skip
_PLAN = "EXPLAIN "


class Failed(Exception):
    """A query that DuckDB could not plan, with what it told."""

    def __init__(self, told: dict[str, Any]) -> None:
        """Keep what was told."""
        super().__init__(told)
        self.told = told


def main() -> None:
    """Run the order that stands in the input."""
    began_s = time.monotonic()
    order: Order = json.load(sys.stdin)
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    _confine(order["processor_s"])
    head: dict[str, Any]
    body = b""
    try:
        rows = answer(order)
        body = bytes_of(rows, order["format"], WRITTEN * order["most_bytes"])
        head = {"columns": rows.columns, "rows": rows.count, "more": rows.more}
    except NotAllowed as refusal:
        head = {"refused": refusal.why, "what": refusal.what, "start": refusal.place.start,
                "length": refusal.place.length}  # fmt: skip
    except Failed as failure:
        head = {"failed": failure.told}
    except MemoryError:
        head = {"failed": {"exception_type": "Out of Memory"}}
    except (duckdb.Error, pa.ArrowException) as error:
        head = {"failed": _told(error)}
    head["seconds"] = time.monotonic() - began_s
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)
    sys.stdout.buffer.flush()
    os._exit(0)  # what the libraries would tidy up is gone with the process


def answer(order: Order) -> Rows:
    """Return the first rows of a query."""
    connection = _connection(order)
    wanted = tables_of(connection, order["sql"], order["tables"])
    for name in sorted(wanted):
        _show(connection, name, order["tables"][name])
    connection.execute("SET lock_configuration = true")
    try:
        connection.execute(_PLAN + order["sql"]).fetchall()  # here errors name their place
    except duckdb.Error as error:
        raise Failed(_told(error, skipped=len(_PLAN))) from None
    relation = connection.sql(order["sql"])
    if relation is None:
        raise NotAllowed("writes")
    types = [str(kind) for kind in relation.types]
    names = list(relation.columns)
    if not all(map(_is_plain, types)):
        shown = (f"#{n}" if _is_plain(kind) else f"CAST(#{n} AS VARCHAR)"
                 for n, kind in enumerate(types, 1))  # fmt: skip
        relation = relation.project(", ".join(shown))
    # DuckDB 2 has another name for what gives the rows as they are computed
    read = getattr(relation, "to_arrow_reader", None) or relation.fetch_arrow_reader
    most, most_bytes = order["most_rows"], order["most_bytes"]
    return Rows.first(names, types, read(_BATCH), most=most, most_bytes=most_bytes)


def _connection(order: Order) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": "1",
            "memory_limit": f"{order['memory_mb']}MB",
            "temp_directory": "",
            "autoload_known_extensions": "false",
            "autoinstall_known_extensions": "false",
            "allow_community_extensions": "false",
            "python_enable_replacements": "false",
            "errors_as_json": "true",
        },
    )
    connection.execute("SET TimeZone = ?", [order["time_zone"]])
    connection.execute("SET enable_external_access = false")
    return connection


def _show(connection: duckdb.DuckDBPyConnection, name: str, source: Source) -> None:
    """Let a query see a table; its columns are read from disk when a query wants them."""
    found: ds.Dataset = ds.dataset(source["files"], schema=SCHEMAS[name], format="parquet")
    for column, values in source["only"].items():
        found = found.filter(ds.field(column).isin(values))
    if not source["select"]:
        connection.register(name, found)
        return
    connection.register(SOURCE, found)
    connection.execute(f"CREATE TABLE {name} AS {source['select']}")
    connection.unregister(SOURCE)


def _is_plain(kind: str) -> bool:
    """Whether every format can hold a type; what is nested or rare is written as text."""
    return kind.startswith(_PLAIN) and not kind.endswith("]")


def _confine(processor_s: int) -> None:
    os.chdir("/")
    os.nice(_NICENESS)
    resource.setrlimit(resource.RLIMIT_CPU, (processor_s, processor_s))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with contextlib.suppress(OSError, ValueError):  # where there is no /proc, DuckDB's limit holds
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + _MOST_ADDRESSES,) * 2)


def _told(error: Exception, skipped: int = 0) -> dict[str, Any]:
    """Return what an error says, and where in the query, which began after `skipped` bytes."""
    kind, _, text = str(error).partition(": ")
    try:
        found: dict[str, Any] = json.loads(text)
    except ValueError:
        return {"exception_type": kind.removesuffix(" Error"), "exception_message": text or kind}
    start, _, length = str(found.get("location", "")).strip("[]").partition(",")
    if start.isdecimal() and length.isdecimal():
        found |= {"start": int(start) - skipped, "length": int(length)}
    return found


if __name__ == "__main__":
    main()

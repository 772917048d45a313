"""The rows of an answer, and the forms in which they leave: JSON, CSV, Parquet."""

import datetime as dt
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from hapgang.app.lake_check import NotAllowed

MOST_SHOWN_CHARACTERS = 2_000  # of one value on a page; files have it whole
_AT = "%Y-%m-%dT%H:%M:%S"
_MARK = b"\xef\xbb\xbf"  # with it, spreadsheets read Korean
_EXACT = 2**53  # a larger whole number is not the same in a browser


@dataclass(frozen=True)
class Rows:
    """Columns with their names and types, and whether there is more than was taken."""

    columns: list[dict[str, str]]
    schema: pa.Schema
    data: list[pa.RecordBatch]
    more: bool

    @classmethod
    def first(
        cls,
        names: list[str],
        types: list[str],
        reader: pa.RecordBatchReader,
        *,
        most: int,
        most_bytes: int,
    ) -> "Rows":
        """Take the first rows: at most so many, and so many bytes of columns."""
        columns = [{"name": n, "type": t} for n, t in zip(names, types, strict=True)]
        taken: list[pa.RecordBatch] = []
        rows = size = 0
        for batch in reader:
            if rows + batch.num_rows > most:
                taken.append(batch.slice(0, most - rows))
                return cls(columns, reader.schema, taken, more=True)
            if size + batch.nbytes > most_bytes:
                fitting = batch.num_rows * (most_bytes - size) // batch.nbytes
                if rows + fitting == 0:
                    raise NotAllowed("large")
                taken.append(batch.slice(0, fitting))
                return cls(columns, reader.schema, taken, more=True)
            size += batch.nbytes
            rows += batch.num_rows
            taken.append(batch)
        return cls(columns, reader.schema, taken, more=False)

    @property
    def count(self) -> int:
        """How many rows were taken."""
        return sum(batch.num_rows for batch in self.data)

    def lists(self, plain: Callable[[Any], Any]) -> list[list[Any]]:
        """Return the rows as lists of plain values."""
        found: list[list[Any]] = []
        for batch in self.data:
            columns = [column.to_pylist() for column in batch.columns]
            found += [[plain(value) for value in row] for row in zip(*columns, strict=True)]
        return found


def bytes_of(rows: Rows, form: str, most_bytes: int) -> bytes:
    """Return the rows as "json", "csv" or "parquet"; `NotAllowed` for more bytes than that."""
    if form == "csv":
        body = _csv(rows)
    else:
        body = _parquet(rows) if form == "parquet" else json.dumps(rows.lists(_shown)).encode()
    if len(body) > most_bytes:
        raise NotAllowed("large")
    return body


def _csv(rows: Rows) -> bytes:
    names = [column["name"] for column in rows.columns]
    table = pa.Table.from_batches(rows.data, rows.schema).rename_columns(names)
    for index, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            told = pc.strftime(table.column(index), _AT + "%z" * bool(field.type.tz))
            table = table.set_column(index, field.name, told)
    kept = pa.BufferOutputStream()
    kept.write(_MARK)
    csv.write_csv(table, kept)
    return bytes(kept.getvalue().to_pybytes())


def _parquet(rows: Rows) -> bytes:
    names = _distinct([column["name"] for column in rows.columns])
    table = pa.Table.from_batches(rows.data, rows.schema).rename_columns(names)
    kept = pa.BufferOutputStream()
    pq.write_table(table, kept, compression="zstd")
    return bytes(kept.getvalue().to_pybytes())


def _distinct(names: list[str]) -> list[str]:
    """Return names that no file finds twice: a second `n` is `n_2`."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return found


def _shown(value: Any) -> Any:
    """Return a value as JSON can say it without loss; long text is cut."""
    if isinstance(value, str):
        is_long = len(value) > MOST_SHOWN_CHARACTERS
        return value[:MOST_SHOWN_CHARACTERS] + "…" if is_long else value
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value if -_EXACT <= value <= _EXACT else str(value)
    return value.isoformat() if isinstance(value, dt.date | dt.datetime | dt.time) else value

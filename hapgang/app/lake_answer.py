"""The rows of an answer, and the forms in which they leave: JSON, CSV, Parquet."""

import csv
import datetime as dt
import io
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

MOST_SHOWN_CHARACTERS = 2_000  # of one value on a page; files have it whole
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
        """Take the first rows: at most so many, and so many bytes."""
        columns = [{"name": n, "type": t} for n, t in zip(names, types, strict=True)]
        taken: list[pa.RecordBatch] = []
        rows = size = 0
        for batch in reader:
            if rows + batch.num_rows > most:
                taken.append(batch.slice(0, most - rows))
                return cls(columns, reader.schema, taken, more=True)
            size += batch.nbytes
            if size > most_bytes:
                return cls(columns, reader.schema, taken, more=True)
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


def bytes_of(rows: Rows, form: str) -> bytes:
    """Return the rows as "json", "csv" or "parquet"."""
    if form == "csv":
        return _csv(rows)
    return _parquet(rows) if form == "parquet" else json.dumps(rows.lists(_shown)).encode()


def _csv(rows: Rows) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")  # RFC 4180
    writer.writerow([column["name"] for column in rows.columns])
    writer.writerows(rows.lists(_written))
    return text.getvalue().encode("utf-8-sig")  # with the mark, spreadsheets read Korean


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
    return _written(value) if value is not None and not isinstance(value, bool) else value


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date | dt.datetime | dt.time) else value

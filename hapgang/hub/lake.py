"""The lake: immutable columns for analysis, queried with DuckDB.

One Parquet file for each run, day and table, written beside and renamed into place; of a living
city's day, one for each run of the keeper (`lake_parts`). A rehearsal without a folder keeps the
same tables in memory.
"""

import os
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from hapgang.core.errors import Refused
from hapgang.hub.lake_parts import parts_in, shown

SCHEMAS: dict[str, pa.Schema] = {
    "activity": pa.schema(
        {
            "person": pa.string(),
            "activity": pa.string(),
            "zone": pa.string(),
            "start_s": pa.float64(),
            "end_s": pa.float64(),
        }
    ),
    "trip": pa.schema(
        {
            "trip": pa.string(),
            "person": pa.string(),
            "purpose": pa.string(),
            "mode": pa.string(),
            "origin": pa.string(),
            "destination": pa.string(),
            "depart_s": pa.float64(),  # seconds after midnight, in the city's zone
            "arrive_s": pa.float64(),
            "distance_m": pa.float64(),
            "cost_won": pa.int64(),
            "service": pa.string(),
            "entity": pa.string(),  # what was used, such as a rental
            "transfer": pa.string(),  # what paid for it
        }
    ),
    "leg": pa.schema(
        {
            "trip": pa.string(),
            "leg": pa.int32(),
            "mode": pa.string(),
            "start_s": pa.float64(),
            "end_s": pa.float64(),
            "distance_m": pa.float64(),
            "wait_s": pa.float64(),
            "route": pa.string(),
        }
    ),
    "transfer": pa.schema(
        {
            "transfer": pa.string(),
            "time": pa.timestamp("us", "UTC"),
            "debit": pa.string(),
            "credit": pa.string(),
            "amount_won": pa.int64(),
            "step": pa.string(),
            "of": pa.string(),
            "memo": pa.string(),
        }
    ),
    "measurement": pa.schema(
        {
            "entity": pa.string(),
            "type": pa.string(),
            "field": pa.string(),
            "time": pa.timestamp("us", "UTC"),
            "value": pa.float64(),
        }
    ),
    "event": pa.schema(
        {
            "time": pa.timestamp("us", "UTC"),
            "event": pa.string(),
            "entity": pa.string(),
            "person": pa.string(),
            "action": pa.string(),
            "body": pa.string(),  # JSON
        }
    ),
    "kpi": pa.schema(
        {
            "service": pa.string(),
            "name": pa.string(),
            "unit": pa.string(),
            "value": pa.float64(),
            "target": pa.float64(),
            "source": pa.string(),
        }
    ),
}

LIVING = ("event", "measurement", "transfer")  # what a living city writes for all to ask

# Every change of what is nobody's, attribute by attribute: what sums of the past are made of.
CHANGES = pa.schema(
    {
        "position": pa.int64(),  # of its line in the feed
        "time": pa.timestamp("us", "UTC"),  # when it was written
        "entity": pa.string(),
        "kind": pa.string(),  # created, updated, deleted, history
        "attribute": pa.string(),  # empty where the line names none
        "observed": pa.timestamp("us", "UTC"),
        "value": pa.float64(),  # null for all but plain numbers of no dataset
    }
)


class Lake:
    """The tables of one run or city."""

    def __init__(self, folder: Path | None = None, run: str = "city") -> None:
        """Keep tables under `folder`, or in memory when there is none."""
        self._folder = folder
        self._run = run
        self._memory: dict[str, dict[str, pa.Table]] = {}

    def write(
        self, table: str, day: str, columns: Mapping[str, Any], *, notes: Mapping[str, str] = {}
    ) -> None:
        """Write one day of a table, given as columns; what was there for the day is replaced.

        notes: what is said of the file in the file itself.
        """
        data = pa.table(dict(columns), schema=SCHEMAS[table])
        if notes:
            data = data.replace_schema_metadata(dict(notes))
        if self._folder is None:
            self._memory.setdefault(table, {})[day] = data
            return
        place = self._folder / table
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        final = place / f"{self._run}_{day}.parquet"
        beside = final.with_suffix(f".{os.getpid()}.tmp")
        pq.write_table(data, beside, compression="zstd")
        with beside.open("rb") as written:
            os.fsync(written.fileno())
        beside.replace(final)

    def read(self, table: str, day: str = "*") -> pa.Table:
        """Return a table, of one day or of all; empty when nothing was written."""
        if self._folder is None:
            days = self._memory.get(table, {})
            parts = [days[d] for d in sorted(days) if day in ("*", d)]
        else:
            found = shown(parts_in(self._folder / table, self._run))
            parts = [
                pq.read_table(part.path, schema=SCHEMAS[table])
                for part in found
                if day in ("*", part.day)
            ]
        return pa.concat_tables(parts) if parts else SCHEMAS[table].empty_table()

    def scanned(self, table: str, day: str = "*") -> Any:
        """Return a table as a query reads it: from disk while it goes on, not at once."""
        if self._folder is None:
            return self.read(table, day)
        parts = shown(parts_in(self._folder / table, self._run))
        files = [str(part.path.absolute()) for part in parts if day in ("*", part.day)]
        if not files:
            return SCHEMAS[table].empty_table()
        return ds.dataset(files, schema=SCHEMAS[table], format="parquet")

    def files(self, table: str, first: date = date.min, last: date = date.max) -> list[Path]:
        """Return the files of a table from one day to another, oldest first; none in memory."""
        if self._folder is None:
            return []
        days = f"{first}", f"{last}"  # as text: 0001-01-01 comes before every day
        found = shown(parts_in(self._folder / table, self._run))
        return [part.path for part in found if days[0] <= part.day <= days[1]]

    def limited_to(self, tables: Iterable[str], day: str = "*") -> "LakeView":
        """Return a reader that sees these tables only, of one day or of all."""
        return LakeView(self, frozenset(tables), day)


class LakeView:
    """SQL over some tables of a lake; nothing else can be reached from it."""

    def __init__(self, lake: Lake, tables: frozenset[str], day: str) -> None:
        """Show `tables` of `lake`."""
        import duckdb  # noqa: PLC0415 (a city starts without)

        self._connection = duckdb.connect(":memory:", config={"threads": 1})
        self._connection.execute("SET TimeZone = 'UTC'")
        for name in sorted(tables):
            if name not in SCHEMAS:
                raise Refused(f"the lake has no table {name}", f"레이크에 {name} 표가 없습니다")
            self._connection.register(name, lake.scanned(name, day))
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET python_enable_replacements = false")
        self._connection.execute("SET lock_configuration = true")

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query; `values` fill its `?`."""
        return self._connection.execute(sql, list(values)).fetchall()

    def number(self, sql: str, *values: Any) -> float | None:
        """Return the one number of a query, or None where there is nothing to measure."""
        row = self._connection.execute(sql, list(values)).fetchone()
        return None if row is None or row[0] is None else float(row[0])

"""The parts of a day in a living city's lake: what each run of the keeper found, a file each.

A part is named by its day and by what it is made of, `RUN_DAY.FIRST-LAST.parquet`: positions of the
feed, or numbers of units for transfers. When a day is over its parts become one file; they go a
while later, so that nobody who reads them meets a hole. Whatever lies inside another file of its
day is not looked at, nor is a file of the whole day of an older version where there are parts.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

_MOST_ROWS = 100_000  # of one group, which is held in memory until it is written
_MOST_BYTES = 16_000_000
_BATCH = 50_000
_NAME = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)(?:\.(?P<first>\d{1,19})-(?P<last>\d{1,19}))?")
_WHOLE = (-1, -1)


class Part(NamedTuple):
    """A file of a day; of the whole day as older versions wrote it where the numbers are -1."""

    day: str
    first: int
    last: int
    path: Path

    @property
    def is_numbered(self) -> bool:
        """Whether it says what it is made of."""
        return (self.first, self.last) != _WHOLE


def parts_in(folder: Path, run: str) -> list[Part]:
    """Return the files of a table, day by day, each day's in their order, the longest first."""
    found: list[Part] = []
    for path in folder.glob(f"{run}_*.parquet"):
        named = _NAME.fullmatch(path.stem.removeprefix(f"{run}_"))
        if named is not None:
            span = _WHOLE if named["first"] is None else (int(named["first"]), int(named["last"]))
            found.append(Part(named["day"], *span, path))
    return sorted(found, key=lambda part: (part.day, part.first, -part.last))


def shown(parts: Iterable[Part]) -> list[Part]:
    """Return the files that stand for the days, without those that others hold."""
    found: list[Part] = []
    for part in parts:
        last = found[-1] if found else None
        if last is not None and last.day == part.day:
            if not last.is_numbered:
                found.pop()
            elif part.last <= last.last:
                continue
        found.append(part)
    return found


class PartFile:
    """One file while it is written: beside its place, a group of rows at a time."""

    def __init__(self, folder: Path, run: str, day: str, first: int, schema: pa.Schema) -> None:
        """Begin a file of what comes from `first` on."""
        self.day, self.first = day, first
        self._folder, self._run, self._schema = folder, run, schema
        self._beside = folder / f"{run}_{day}.{first}.{os.getpid()}.tmp"
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []

    def add(self, rows: pa.Table) -> None:
        """Take in rows; they are written when there are many."""
        if rows.num_rows:
            self._waiting.append(rows)
            n_rows = sum(one.num_rows for one in self._waiting)
            if n_rows >= _MOST_ROWS or sum(one.nbytes for one in self._waiting) >= _MOST_BYTES:
                self._write()

    def end(self, last: int, notes: Mapping[str, str]) -> Path | None:
        """Put the file in its place, whole and on disk; None where there was nothing to write.

        notes: what is said of the file in the file itself.
        """
        self._write()
        if self._writer is None:
            return None
        if notes:
            self._writer.add_key_value_metadata(dict(notes))
        self._writer.close()
        with self._beside.open("rb") as file:
            os.fsync(file.fileno())
        final = self._folder / f"{self._run}_{self.day}.{self.first}-{last}.parquet"
        self._beside.replace(final)
        return final

    def give_up(self) -> None:
        """Leave nothing behind."""
        if self._writer is not None:
            self._writer.close()
        self._beside.unlink(missing_ok=True)

    def _write(self) -> None:
        if not self._waiting:
            return
        if self._writer is None:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._writer = pq.ParquetWriter(self._beside, self._schema, compression="zstd")
        self._writer.write_table(pa.concat_tables(self._waiting))
        self._waiting = []


def merge(parts: list[Part], run: str, schema: pa.Schema, notes: Mapping[str, str]) -> None:
    """Make one file of a day's parts, some rows at a time; they stay until `drop_held`."""
    first, last = parts[0], max(part.last for part in parts)
    file = PartFile(first.path.parent, run, first.day, first.first, schema)
    try:
        for part in parts:
            for rows in _tables(part.path, schema):
                file.add(rows)
        file.end(last, notes)
    except BaseException:
        file.give_up()
        raise


def _tables(path: Path, schema: pa.Schema) -> Iterator[pa.Table]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_BATCH):
            yield pa.Table.from_batches([batch]).cast(schema)


def drop_held(parts: list[Part], *, before_s: float) -> None:
    """Take away what other files hold, if those were made before a time (seconds since 1970)."""
    kept = shown(parts)
    for part in parts:
        if part in kept:
            continue
        holders = [one for one in kept if one.day == part.day and one.is_numbered]
        if holders and all(one.path.stat().st_mtime < before_s for one in holders):
            part.path.unlink(missing_ok=True)


def drop_after(parts: Iterable[Part], last: int) -> None:
    """Take away what goes further than what is marked as done: it is written again."""
    for part in parts:
        if part.last > last:
            part.path.unlink(missing_ok=True)


def notes_of(path: Path) -> dict[str, str]:
    """Return what a file says of itself."""
    noted: dict[bytes, bytes] = pq.read_metadata(path).metadata or {}
    return {key.decode(): value.decode() for key, value in noted.items()}


def table_of(columns: Mapping[str, Any], schema: pa.Schema) -> pa.Table:
    """Return columns as a table."""
    return pa.table(dict(columns), schema=schema)

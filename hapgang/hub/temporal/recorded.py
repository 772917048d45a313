"""Measurements in bulk as arrays: from the lake as far as it goes, and from the feed beyond.

A day's file in the lake says which lines of the feed it is made of (`feed_lake.POSITIONS`), so what
it holds is never read twice and nothing between is missed.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from hapgang.hub.feed_lake import POSITIONS
from hapgang.hub.lake_parts import notes_of
from hapgang.hub.ngsild.errors import TooManyResults
from hapgang.hub.temporal.periods import ticks
from hapgang.hub.temporal.when import When, instant

MOST_POINTS = 5_000_000
_END = 2**62
_WORDS = ["entity", "type", "field"]
_COLUMNS = [*_WORDS, "time", "value"]
_decoder = msgspec.json.Decoder(dict[str, Any])
Span = tuple[int, int]  # positions of the feed, both included


class NoNumbers(Exception):
    """Something else than numbers was measured."""


class Points(msgspec.Struct):
    """Values with their times, of many series together: `keys` says of which one each is."""

    keys: NDArray[np.int32]
    at: NDArray[np.int64]  # microseconds since 1970
    values: NDArray[np.float64]


class Recorded:
    """Collects points of some entities and fields, each by its number."""

    def __init__(self, entities: Sequence[str], fields: Sequence[str], when: When) -> None:
        """Collect nothing but what is asked for."""
        self._entities = {entity: number for number, entity in enumerate(entities)}
        self._fields = {field: number for number, field in enumerate(fields)}
        self._begins = None if when.begins is None else ticks(when.begins)
        self._ends = None if when.ends is None else ticks(when.ends)
        self._parts: list[Points] = []
        self._count = 0
        self._line: tuple[list[str], NDArray[np.int32]] | None = None

    def _keys(self, entities: Any, fields: Any) -> NDArray[np.int32]:
        """Return the numbers of series, from those of entities and of fields."""
        found: NDArray[np.int32] = entities * np.int32(len(self._fields)) + fields
        return found

    def add_file(self, path: Path, types: Sequence[str]) -> None:
        """Take in a day's file, some million rows at a time."""
        with pq.ParquetFile(path, read_dictionary=_WORDS) as file:
            for number in range(file.num_row_groups):
                if self._may_hold(file.metadata.row_group(number)):
                    self._add_rows(file.read_row_group(number, columns=_COLUMNS), types)

    def _may_hold(self, group: Any) -> bool:
        """Whether rows of a file may be of the time that is asked for, by what it says of them."""
        for number in range(group.num_columns):
            column = group.column(number)
            if column.path_in_schema == "time" and column.statistics is not None:
                oldest, newest = column.statistics.min, column.statistics.max
                is_late = self._begins is not None and ticks(newest) < self._begins
                return not (is_late or (self._ends is not None and ticks(oldest) >= self._ends))
        return True

    def _add_rows(self, table: pa.Table, types: Sequence[str]) -> None:
        if not len(table):
            return
        entities = self._numbers(table["entity"], self._entities)
        fields = self._numbers(table["field"], self._fields)
        kinds = self._numbers(table["type"], dict.fromkeys(types, 0))
        at = table["time"].cast(pa.int64()).to_numpy()
        values = table["value"].to_numpy()
        self._add(np.where(kinds < 0, kinds, entities), fields, at, values)

    def add_line(self, body: bytes) -> None:
        """Take in a line of the feed; `NoNumbers` where something else was measured."""
        line = _decoder.decode(body)
        at = instant(line["at"])
        assert at is not None
        ids: list[str] = line["ids"]
        if self._line is None or self._line[0] != ids:
            self._line = ids, np.array(self._last_of_each(ids), dtype=np.int32)
        entities = self._line[1]
        moments = np.full(len(ids), ticks(at))
        for name, values in line["columns"].items():
            number = self._fields.get(name)
            if number is not None:
                fields = np.full(len(ids), number, dtype=np.int32)
                self._add(entities, fields, moments, _floats(values))

    def _last_of_each(self, ids: list[str]) -> list[int]:
        """Return the number of each entity; of one that a line names twice, the last counts."""
        last = {entity: place for place, entity in enumerate(ids)}
        return [
            self._entities.get(entity, -1) if last[entity] == place else -1
            for place, entity in enumerate(ids)
        ]

    def add(
        self, entities: NDArray[np.int32], field: int, at: NDArray[np.int64], values: Any
    ) -> None:
        """Take in values of a field, of the time that is asked for."""
        self._count += len(at)
        check_count(self._count)
        self._parts.append(Points(self._keys(entities, np.int32(field)), at, values))

    def points(self) -> Points:
        """Return all, series by series, each in time; those of one time as they came."""
        parts = self._parts or [Points(np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0))]
        keys = _joined([part.keys for part in parts])
        at = _joined([part.at for part in parts])
        values = _joined([part.values for part in parts])
        order = _order(keys, at)
        return Points(keys[order], at[order], values[order])

    def _numbers(self, column: pa.ChunkedArray, known: dict[str, int]) -> NDArray[np.int32]:
        """Return the number of each of a column's words; -1 where it is not asked for."""
        one = column.unify_dictionaries().combine_chunks()
        if isinstance(one, pa.ChunkedArray):
            one = one.chunk(0)
        words = one.dictionary.to_pylist()
        numbers = np.array([known.get(word, -1) for word in words] or [-1], dtype=np.int32)
        found: NDArray[np.int32] = numbers[one.indices.to_numpy(zero_copy_only=False)]
        return found

    def _add(self, entities: Any, fields: Any, at: Any, values: Any) -> None:
        wanted = (entities >= 0) & (fields >= 0) & np.isfinite(values)
        if self._begins is not None:
            wanted &= at >= self._begins
        if self._ends is not None:
            wanted &= at < self._ends
        if not wanted.all():
            entities, fields, at, values = (a[wanted] for a in (entities, fields, at, values))
        self._count += len(at)
        check_count(self._count)
        self._parts.append(Points(self._keys(entities, fields), at, values))


def check_count(count: int, most: int = MOST_POINTS) -> None:
    """Raise `TooManyResults` for more values than are held at once."""
    if count > most:
        raise TooManyResults(
            f"more than {most:,} values; ask for less time, or for fewer entities",
            f"값이 {most:,}개를 넘습니다. 기간이나 엔티티를 줄여 주세요",
        )


def _joined(parts: list[Any]) -> Any:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _order(keys: NDArray[np.int32], at: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the order by series, then by time; quickly where times came in their order."""
    small = keys.astype(np.uint16) if not len(keys) or keys.max() < 65_536 else keys
    order = np.argsort(small, kind="stable")
    sorted_at, sorted_keys = at[order], keys[order]
    late = (np.diff(sorted_at) < 0) & (np.diff(sorted_keys) == 0)
    found: NDArray[np.int64] = np.lexsort((at, keys)) if late.any() else order
    return found


def _floats(values: list[Any]) -> NDArray[np.float64]:
    try:
        return np.array(values, dtype=np.float64)  # None is not a number
    except (TypeError, ValueError):
        raise NoNumbers from None


@lru_cache(4_096)
def notes(path: Path, changed_ns: int) -> dict[str, str]:
    """Return what a file says of itself, which stays as it is for as long as it is not changed."""
    return notes_of(path)


def files_and_gaps(files: Iterable[Path]) -> tuple[list[Path], list[Span]]:
    """Return the files that stand for lines of the feed, and the positions that none stands for."""
    spans: list[tuple[int, int, Path]] = []
    for path in files:
        noted = notes(path, path.stat().st_mtime_ns).get(POSITIONS)
        if noted is not None:
            begins, _, ends = noted.partition("-")
            spans.append((int(begins), int(ends), path))
    gaps: list[Span] = []
    used: list[Path] = []
    next_position = 1
    for first, last, path in sorted(spans):
        if first < next_position:
            continue  # two files of the same lines: one is enough
        if first > next_position:
            gaps.append((next_position, first - 1))
        used.append(path)
        next_position = last + 1
    return used, [*gaps, (next_position, _END)]

"""What was said of entities one by one, as arrays: plain numbers at once, the rest by its lines.

Most of what is said of a device are numbers, one of each attribute at a time. Those are read as
columns, from the lake as far as it goes and from the feed beyond; of other attributes only the
positions of their lines are kept. An attribute that is now one and now the other makes its entity
one that has to be read line by line, as do corrections of the past and what is sealed.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from hapgang.hub.feed_lake import Said, said_columns
from hapgang.hub.lake import CHANGES
from hapgang.hub.lake_parts import table_of
from hapgang.hub.temporal.overlay import HISTORY
from hapgang.hub.temporal.periods import ticks
from hapgang.hub.temporal.recorded import check_count
from hapgang.hub.temporal.when import When
from hapgang.writer.history import SaidRow

_WORDS = ["entity", "kind", "attribute"]
_COLUMNS = [*_WORDS, "position", "time", "observed", "value"]
_NEVER = -(2**62)
Key = tuple[int, str]  # the number of an entity, the name of an attribute
Ints = NDArray[np.int64]


class Numbers(msgspec.Struct):
    """Plain numbers of one attribute, of some entities."""

    entities: NDArray[np.int32]
    at: Ints  # microseconds since 1970
    values: NDArray[np.float64]


class Singles:
    """Collects what was said of some entities."""

    def __init__(self, entities: Sequence[str], asks: Callable[[str], bool], when: When) -> None:
        """Collect the attributes that are asked for, at their times."""
        self._entities = {entity: number for number, entity in enumerate(entities)}
        self._asks, self._when = asks, when
        self._is_by_line = when.time in ("createdAt", "modifiedAt")  # when the line was written
        self._begins = None if when.begins is None else ticks(when.begins)
        self._ends = None if when.ends is None else ticks(when.ends)
        self._numbers: dict[str, list[Numbers]] = {}
        self._numbered: set[Key] = set()
        self._others: dict[Key, list[int]] = {}  # positions of lines of no plain number
        self._frames: dict[int, list[int]] = {}  # of those that an entity begins and ends with
        self._count = 0
        self.left: set[int] = set()  # entities that have to be read line by line

    def add_file(self, path: Path) -> None:
        """Take in a file of changes, a group of rows at a time."""
        with pq.ParquetFile(path, read_dictionary=_WORDS) as file:
            wanted = pa.array(list(self._entities), pa.string())
            for number in range(file.num_row_groups):
                if self._may_hold(file.metadata.row_group(number)):
                    self._add_table(file.read_row_group(number, columns=_COLUMNS), wanted)

    def _may_hold(self, group: Any) -> bool:
        """Whether a group of rows may be about one of few entities, by what the file says."""
        if len(self._entities) > 1:
            return True
        column = next(
            group.column(n) for n in range(group.num_columns)
            if group.column(n).path_in_schema == "entity"
        )  # fmt: skip
        bounds = column.statistics
        if bounds is None or not bounds.has_min_max:
            return True
        return any(bounds.min <= entity <= bounds.max for entity in self._entities)

    def _add_table(self, table: pa.Table, wanted: pa.Array) -> None:
        rows = table.filter(pc.is_in(table["entity"], value_set=wanted))
        if rows.num_rows:
            self._add_about(rows)

    def _add_about(self, rows: pa.Table) -> None:
        """Take in rows that are all about entities that are asked for."""
        entities, ids = _coded(rows["entity"])
        numbers = np.array([self._entities[one] for one in ids], np.int32)[entities]
        kinds, kind_names = _coded(rows["kind"])
        attributes, attribute_names = _coded(rows["attribute"])
        values = rows["value"].to_numpy()
        position = rows["position"].to_numpy()
        at = self._times(_ticks_of(rows["observed"]), _ticks_of(rows["time"]))
        for code, kind in enumerate(kind_names):
            self._frame(kind, kinds == code, numbers, position)
        for code, name in enumerate(attribute_names):
            if name and self._asks(name):
                self._take(name, attributes == code, numbers, at, values, position)

    def _frame(self, kind: str, rows: Any, entities: Any, position: Ints) -> None:
        if kind == HISTORY:
            self.left.update(np.unique(entities[rows]).tolist())
        elif kind in ("created", "deleted"):
            for entity, place in zip(entities[rows].tolist(), position[rows].tolist(), strict=True):
                self._frames.setdefault(entity, []).append(place)

    def _take(
        self, name: str, rows: Any, entities: Any, at: Ints, values: Any, position: Ints
    ) -> None:
        if not rows.all():
            entities, at, values, position = (a[rows] for a in (entities, at, values, position))
        others = np.isnan(values)
        if others.any():
            found = zip(entities[others].tolist(), position[others].tolist(), strict=True)
            for entity, place in found:
                self._other((entity, name), place)
            entities, at, values = (a[~others] for a in (entities, at, values))
        self._numbered.update((entity, name) for entity in np.unique(entities).tolist())
        kept = at != _NEVER
        if not kept.all():
            entities, at, values = (a[kept] for a in (entities, at, values))
        if len(at):
            self._count += len(at)
            check_count(self._count)
            self._numbers.setdefault(name, []).append(Numbers(entities, at, values))

    def add_rows(self, rows: Iterable[SaidRow]) -> None:
        """Take in lines of the feed."""
        plain: list[Said] = []
        for row in rows:
            if row[5] is None:
                plain.append(row[:5])
            else:  # it is somebody's
                self.left.add(self._entities[row[2]])
        if plain:
            self._add_about(table_of(said_columns(plain), CHANGES))

    def _other(self, key: Key, position: int) -> None:
        self._others.setdefault(key, []).append(position)
        self._count += 1
        check_count(self._count)

    def _times(self, observed: Ints, written: Ints) -> Ints:
        """Return the time by which each is asked for; never for those that are not asked for."""
        at = written if self._is_by_line else observed
        if not self._when.is_asked:
            at = np.where(at == _NEVER, written, at)
        wanted = at != _NEVER
        if self._begins is not None:
            wanted &= at >= self._begins
        if self._ends is not None:
            wanted &= at < self._ends
        found: Ints = np.where(wanted, at, _NEVER)
        return found

    def done(self) -> None:
        """Sort out whose attributes are now numbers and now something else."""
        self.left |= {key[0] for key in self._others.keys() & self._numbered}

    def names(self) -> list[str]:
        """Return the attributes that have numbers."""
        return list(self._numbers)

    def numbers(self, name: str) -> list[Numbers]:
        """Return an attribute's numbers, a part at a time, and let go of them."""
        return self._numbers.pop(name)

    def lines(self, most: int) -> list[int]:
        """Return the positions of the lines that make up what is no number, in order."""
        wanted = {
            place for (entity, _), places in self._others.items()
            if entity not in self.left for place in places
        }  # fmt: skip
        for entity in {key[0] for key in self._others} - self.left:
            wanted.update(self._frames.get(entity, ()))
        check_count(len(wanted), most)
        return sorted(wanted)

    def is_other(self, entity: int, name: str) -> bool:
        """Whether an attribute has to be read from its lines."""
        return (entity, name) in self._others


def _coded(column: pa.ChunkedArray) -> tuple[NDArray[np.int64], list[str]]:
    """Return the number of each row's word, and the words."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    one = column.unify_dictionaries().combine_chunks()
    if isinstance(one, pa.ChunkedArray):
        one = one.chunk(0)
    codes = one.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    used, numbers = np.unique(codes, return_inverse=True)
    words = one.dictionary.take(pa.array(used)).to_pylist()
    return numbers, words


def _ticks_of(column: pa.ChunkedArray) -> Ints:
    found: Ints = column.cast(pa.int64()).fill_null(_NEVER).to_numpy()
    return found

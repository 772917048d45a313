"""From bytes to rows, by the words of a mapping's `read`."""

from collections.abc import Callable
from typing import Any, BinaryIO

from hapgang.hub.collect.paths import Around, getter
from hapgang.hub.collect.reading.documents import geojson_rows, json_rows, parquet_rows, xml_rows
from hapgang.hub.collect.reading.lines import csv_rows, json_line_rows
from hapgang.hub.collect.reading.public import public_rows
from hapgang.hub.collect.reading.rows import Row, Rows, Unreadable
from hapgang.hub.collect.reading.transit import realtime_rows
from hapgang.hub.collect.words import Pivot, Reading

__all__ = ["Row", "Rows", "Unreadable", "read_rows"]

_READERS: dict[str, Callable[[BinaryIO, Reading], Rows]] = {
    "csv": csv_rows,
    "json": json_rows,
    "jsonl": json_line_rows,
    "geojson": geojson_rows,
    "xml": xml_rows,
    "parquet": parquet_rows,
    "data-go-kr": public_rows,
    "gtfs-rt": realtime_rows,
}
_MOST_PIVOTED = 1_000_000


def read_rows(source: BinaryIO, words: Reading) -> Rows:
    """Return the rows of a file or a message, one after the other.

    `Unreadable` where it is not of its format; a single row that is broken says so itself.
    """
    rows = _READERS[words.format](source, words)
    return rows if words.pivot is None else _pivoted(rows, words.pivot)


def _pivoted(rows: Rows, words: Pivot) -> Rows:
    """Make long rows wide; they are kept until the end, in the order in which they began."""
    wide: dict[tuple[str, ...], dict[str, Any]] = {}
    nowhere = Around(None, {})
    by = [getter(path) for path in words.by]
    name_of, value_of = getter(words.name), getter(words.value)
    message = None
    for count, row in enumerate(rows, 1):
        if row.broken or not isinstance(row.value, dict):
            yield row
            continue
        if count > _MOST_PIVOTED:
            raise Unreadable(f"more than {_MOST_PIVOTED:,} rows to pivot", "행이 너무 많습니다")
        message = row.message
        key = tuple(str(get(row.value, nowhere)) for get in by)
        into = wide.setdefault(key, {path: row.value.get(path) for path in words.by})
        name = str(name_of(row.value, nowhere))
        value = value_of(row.value, nowhere)
        if into.setdefault(name, value) != value:
            yield Row(row.value, row.message, f"another row says something else of {name[:60]}")
    for value in wide.values():
        yield Row(value, message)

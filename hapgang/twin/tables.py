"""A city's tables on disk: what columns they must have, and reading and writing them so."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from hapgang.core.errors import Invalid

Array = NDArray[Any]
_ARROW = {
    "f8": pa.float64(),
    "f4": pa.float32(),
    "i4": pa.int32(),
    "i2": pa.int16(),
    "str": pa.string(),
    "wkb": pa.binary(),
}


class SceneError(Invalid):
    """A city's folder does not hold what it should; says which file, column and row."""

    @classmethod
    def at(
        cls, file: str, en: str, ko: str, *, column: str | None = None, row: int | None = None
    ) -> "SceneError":
        """Put the place before the reason; rows count from 0, as in the file."""
        where_en = file + (f", column “{column}”" if column else "")
        where_ko = file + (f", “{column}” 열" if column else "")
        if row is not None:
            where_en, where_ko = f"{where_en}, row {row}", f"{where_ko}, {row}행"
        return cls(f"{where_en}: {en}", f"{where_ko}: {ko}", file=file, column=column, row=row)


@dataclass(frozen=True)
class Column:
    """One column: its type on disk, whether it may be empty, and the values it may take."""

    name: str
    type: Literal["f8", "f4", "i4", "i2", "str", "wkb"]
    optional: bool = False
    low: float | None = None
    high: float | None = None
    words: frozenset[str] | None = None


@dataclass(frozen=True)
class Table:
    """One Parquet file: its columns, the column that names a row, and its kind of geometry."""

    file: str
    key: str
    columns: tuple[Column, ...]
    geometry: Literal["LineString", "Polygon"] | None = None


def read_table(folder: Path, table: Table) -> dict[str, Array]:
    """Read and check a table; strings are object arrays, empty ones None."""
    path = folder / table.file
    if not path.is_file():
        raise SceneError.at(
            table.file,
            f"is missing in {folder}; import the city again or copy the file back",
            f"{folder}에 파일이 없습니다. 도시를 다시 가져오십시오",
        )
    try:
        present = pq.read_schema(path).names
        wanted = [column.name for column in table.columns]
        missing = [name for name in wanted if name not in present]
        if missing:
            raise SceneError.at(
                table.file,
                f"lacks the column(s) {', '.join(missing)}; it has {', '.join(present)}",
                f"{', '.join(missing)} 열이 없습니다",
            )
        read = pq.read_table(path, columns=wanted)
    except (pa.ArrowException, OSError) as error:
        raise SceneError.at(
            table.file,
            f"cannot be read as Parquet ({error})",
            f"Parquet 파일로 읽을 수 없습니다 ({error})",
        ) from error
    columns = {c.name: _checked(table.file, c, read.column(c.name)) for c in table.columns}
    _check_unique(table.file, table.key, columns[table.key])
    return columns


def no_rows(table: Table) -> dict[str, Array]:
    """Return a table's columns without a row."""
    kinds = {"str": object, "wkb": object}
    return {c.name: np.zeros(0, dtype=kinds.get(c.type, c.type)) for c in table.columns}


def _checked(file: str, column: Column, values: pa.ChunkedArray) -> Array:
    try:
        values = values.cast(_ARROW[column.type])
    except pa.ArrowInvalid as error:
        raise SceneError.at(
            file,
            f"must be {_ARROW[column.type]} but is {values.type} ({error})",
            f"{_ARROW[column.type]} 형이어야 하지만 {values.type} 형입니다",
            column=column.name,
        ) from error
    if values.null_count and not column.optional:
        row = int(np.argmax(values.is_null().to_numpy()))
        raise SceneError.at(file, "is empty", "값이 비어 있습니다", column=column.name, row=row)
    array = np.asarray(values.to_numpy())
    bad = _bad_rows(column, array)
    if bad.any():
        row = int(np.argmax(bad))
        raise SceneError.at(
            file,
            f"is {array[row]}, but must be {_allowed(column)}",
            f"값이 {array[row]}입니다. 허용: {_allowed(column)}",
            column=column.name,
            row=row,
        )
    array.flags.writeable = False
    return array


def _bad_rows(column: Column, array: Array) -> NDArray[np.bool_]:
    if column.words is not None:
        return np.array([value not in column.words for value in array], dtype=np.bool_)
    bad = np.zeros(len(array), dtype=np.bool_)
    if array.dtype.kind == "f" and not column.optional:
        bad |= ~np.isfinite(array)
    if column.low is not None:
        bad |= array < column.low
    if column.high is not None:
        bad |= array > column.high
    return bad


def _allowed(column: Column) -> str:
    if column.words is not None:
        return "one of " + ", ".join(sorted(column.words))
    low = "" if column.low is None else f"at least {column.low:g}"
    high = "" if column.high is None else f"at most {column.high:g}"
    return " and ".join(part for part in ("finite", low, high) if part)


def _check_unique(file: str, column: str, values: Array) -> None:
    seen: dict[Any, int] = {}
    for row, value in enumerate(values.tolist()):
        if seen.setdefault(value, row) != row:
            raise SceneError.at(
                file,
                f"“{value}” stands in row {seen[value]} already; every row needs its own",
                f"“{value}” 값이 {seen[value]}행에 이미 있습니다",
                column=column,
                row=row,
            )


def write_table(folder: Path, table: Table, columns: Mapping[str, Any]) -> None:
    """Write a table with GeoParquet 1.1 metadata; `geometry` is an array of shapely geometries."""
    arrays: dict[str, pa.Array] = {}
    metadata: dict[str, str] = {}
    for column in table.columns:
        values = columns[column.name]
        if column.type == "wkb":
            metadata["geo"] = json.dumps(_geo(table, values), separators=(",", ":"))
            values = [None if g is None else shapely.to_wkb(g, byte_order=1) for g in values]
        elif column.type != "str":
            values = np.asarray(values, dtype=column.type)
        arrays[column.name] = pa.array(values, type=_ARROW[column.type])
    out = pa.table(arrays).replace_schema_metadata(metadata or None)
    pq.write_table(out, folder / table.file, compression="zstd")


def _geo(table: Table, geometries: Any) -> dict[str, object]:
    column: dict[str, object] = {
        "encoding": "WKB",
        "geometry_types": sorted({g.geom_type for g in geometries if g is not None}),
    }
    if len(geometries):
        column["bbox"] = [float(side) for side in shapely.total_bounds(geometries)]
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}

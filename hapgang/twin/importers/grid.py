"""Reads a grid of people, jobs, schools and health care: a CSV file with one cell in a row."""

import csv
import io
import math
from dataclasses import dataclass, field
from pathlib import Path

from hapgang.twin.importers.elevation import Box
from hapgang.twin.importers.report import DirtyRow, ImportRefused, Journal, extra

_ID = ("id", "id_hex", "h3", "cell", "zone", "h3_address")
_LON, _LAT = ("lon", "lng", "longitude", "x"), ("lat", "latitude", "y")
_NUMBERS = {
    "population": ("population", "pop", "residents"),
    "jobs": ("jobs", "employment"),
    "schools": ("schools", "school"),
    "healthcare": ("healthcare", "health", "hospitals"),
}
_LARGEST_BYTES = 500_000_000
_BEYOND_DEG = 0.25  # a cell farther than some 25 km from every street is not of this city


@dataclass(frozen=True)
class Cell:
    """One cell: its name, an H3 index or not, its middle, and what is there."""

    name: str
    lon: float
    lat: float
    population: float = 0.0
    jobs: float = 0.0
    schools: float = 0.0
    healthcare: float = 0.0


@dataclass
class Grid:
    """Cells, and which quantities the file speaks of."""

    cells: list[Cell] = field(default_factory=list)
    known: frozenset[str] = frozenset()


def text_of(data: bytes, file: str, journal: Journal) -> str:
    """Decode a text file: UTF-8 with or without a mark, else UTF-16 by its mark, else Latin."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        journal.row(file, 1, "it is UTF-16, not UTF-8", "read all the same", [])
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        journal.row(file, line, "it is not UTF-8", "read as Windows-1252", [])
        return data.decode("cp1252", errors="replace")


def read_grid(path: Path, box: Box, journal: Journal) -> Grid:
    """Read the cells; rows that make no sense go to the quarantine."""
    if not path.is_file():
        raise ImportRefused(f"there is no file {path}", f"{path} 파일이 없습니다")
    if path.stat().st_size > _LARGEST_BYTES:
        raise ImportRefused(f"{path.name} is larger than {_LARGEST_BYTES:,} bytes")
    text = text_of(path.read_bytes(), path.name, journal)
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [name.strip().lower() for name in next(reader, [])]
    column = {
        quantity: next((header.index(name) for name in names if name in header), None)
        for quantity, names in {"id": _ID, "lon": _LON, "lat": _LAT, **_NUMBERS}.items()
    }
    if column["id"] is None and (column["lon"] is None or column["lat"] is None):
        raise ImportRefused(
            f"{path.name} needs a column id (H3 cells) or lon and lat; it has {', '.join(header)}",
            f"{path.name}에 id(H3) 또는 lon, lat 열이 필요합니다",
        )
    grid = Grid(known=frozenset(name for name in _NUMBERS if column[name] is not None))
    seen: dict[str, int] = {}
    for row in reader:
        if not any(value.strip() for value in row):
            continue
        try:
            cell = _cell(row, column, box)
            if cell.name in seen:
                raise DirtyRow("its cell is there already")
        except DirtyRow as dirt:
            journal.row(path.name, reader.line_num, str(dirt), "left out", row)
            continue
        seen[cell.name] = reader.line_num
        grid.cells.append(cell)
    if not grid.cells:
        raise ImportRefused(
            f"{path.name} has no cell near the streets; is it of the same city?",
            f"{path.name}에 도로 근처의 셀이 없습니다. 같은 도시의 자료인지 확인하십시오",
        )
    grid.cells.sort(key=lambda cell: cell.name)
    return grid


def _cell(row: list[str], column: dict[str, int | None], box: Box) -> Cell:
    """A row's cell; raises `DirtyRow`."""

    def value(quantity: str) -> str:
        at = column[quantity]
        return row[at].strip() if at is not None and at < len(row) else ""

    try:
        numbers = {key: float(value(key) or 0) for key in _NUMBERS}
        lon, lat = _middle(value("id"), value("lon"), value("lat"))
    except ValueError as error:
        raise DirtyRow("a value is no number") from error
    if not all(math.isfinite(number) for number in (*numbers.values(), lon, lat)):
        raise DirtyRow("a value is no number")
    if min(numbers.values()) < 0:
        raise DirtyRow("a value is negative")
    west, south, east, north = box
    near = west - _BEYOND_DEG <= lon <= east + _BEYOND_DEG
    if not (near and south - _BEYOND_DEG <= lat <= north + _BEYOND_DEG):
        raise DirtyRow("it lies far from every street")
    return Cell(value("id") or f"{lon:.6f}_{lat:.6f}", lon, lat, **numbers)


def _middle(name: str, lon: str, lat: str) -> tuple[float, float]:
    if lon and lat:
        return float(lon), float(lat)
    h3 = extra("h3")
    if not h3.is_valid_cell(name):
        raise DirtyRow("it says neither a place nor an H3 cell")
    cell_lat, cell_lon = h3.cell_to_latlng(name)
    return cell_lon, cell_lat

"""Opens a GTFS feed, an archive or a folder, and reads its tables, trusting neither."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hapgang.twin.importers.grid import text_of
from hapgang.twin.importers.report import ImportRefused, Journal

# Files that a timetable is made of; others (fares, pathways, translations) are not read.
TABLES = (
    "agency.txt", "stops.txt", "routes.txt", "trips.txt", "stop_times.txt", "calendar.txt",
    "calendar_dates.txt", "frequencies.txt", "transfers.txt", "shapes.txt", "feed_info.txt",
)  # fmt: skip
LARGEST_BYTES = 1_000_000_000  # of one table, unpacked
_LARGEST_FEED_BYTES = 2_000_000_000
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Row:
    """A row of a table: its line, counted from 1 as an editor does, and its values by column."""

    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")


class Feed:
    """The tables of one feed as bytes; `rows` reads one."""

    def __init__(self, path: Path, journal: Journal, largest: int = LARGEST_BYTES) -> None:
        self.name = path.stem
        self.journal = journal
        if path.is_dir():
            self.tables = {
                name: (path / name).read_bytes() for name in TABLES if (path / name).is_file()
            }
        else:
            self.tables = _unpacked(path, self.name, journal, largest)

    def __contains__(self, table: str) -> bool:
        return table in self.tables

    def file(self, table: str) -> str:
        """How the journal calls a table."""
        return f"{self.name}/{table}"

    def rows(self, table: str, needed: Sequence[str]) -> Iterator[Row]:
        """Read a table's rows; a table that lacks a needed column is refused."""
        text = text_of(self.tables.get(table, b""), self.file(table), self.journal)
        reader = csv.reader(io.StringIO(text, newline=""))
        header = [name.strip().lower() for name in next(reader, [])]
        missing = [name for name in needed if name not in header]
        if missing and table in self.tables:
            raise ImportRefused(
                f"{self.file(table)} lacks the column(s) {', '.join(missing)}; it has "
                f"{', '.join(header) or 'nothing'}",
                f"{self.file(table)}에 {', '.join(missing)} 열이 없습니다",
            )
        while True:
            try:
                values = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self.journal.row(
                    self.file(table), reader.line_num, f"no CSV ({error})", "left out", []
                )
                continue
            if not any(value.strip() for value in values):
                continue
            if len(values) > len(header):
                self.journal.row(
                    self.file(table),
                    reader.line_num,
                    "it has more values than there are columns",
                    "the surplus left out",
                    values,
                )
            stripped = (value.strip() for value in values)
            yield Row(reader.line_num, dict(zip(header, stripped, strict=False)))


def _unpacked(path: Path, feed: str, journal: Journal, largest: int) -> dict[str, bytes]:
    tables: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                table = _table(member, feed, journal)
                if table is None:
                    continue
                if table in tables:
                    journal.thing(
                        feed, member.filename, "it is there twice", "the first counts", {}
                    )
                    continue
                tables[table] = _read(archive, member, feed, largest)
                if sum(map(len, tables.values())) > _LARGEST_FEED_BYTES:
                    raise ImportRefused(f"{path.name} unpacks to too much; is it a feed?")
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        raise ImportRefused(
            f"{path.name} cannot be read as a GTFS archive: {error}",
            f"{path.name} 파일을 GTFS 압축 파일로 읽을 수 없습니다: {error}",
        ) from error
    return tables


def _table(member: zipfile.ZipInfo, feed: str, journal: Journal) -> str | None:
    """The table that a member of the archive is, or None. Nothing is ever written by its name."""
    parts = member.filename.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0]:
        journal.thing(feed, member.filename, "its name leads out of the archive", "not read", {})
        return None
    # Some feeds lie in one folder inside their archive.
    return parts[-1] if parts[-1] in TABLES and len(parts) <= 2 else None


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, feed: str, largest: int) -> bytes:
    """Unpack one member, no farther than allowed, whatever its header says."""
    data = bytearray()
    with archive.open(member) as file:
        while chunk := file.read(_CHUNK):
            data += chunk
            if len(data) > largest:
                raise ImportRefused(
                    f"{feed}/{member.filename} unpacks to more than {largest:,} bytes from "
                    f"{member.compress_size:,}; not read further",
                    f"{feed}/{member.filename}: 압축을 풀면 너무 큽니다({largest:,}바이트 초과)",
                )
    return bytes(data)

"""The files of a lake while they are written: for each table one, another one for each day."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa

from hapgang.hub.feed_lake import (
    OF_PEOPLE,
    POSITIONS,
    change_columns,
    event_columns,
    holds_texts,
    measurement_columns,
    people_in,
    transfer_columns,
)
from hapgang.hub.lake import CHANGES, SCHEMAS
from hapgang.hub.lake_parts import Part, PartFile, notes_of, table_of
from hapgang.writer.onward import Paid
from hapgang.writer.recovery import FeedRow

CHANGE = "change"
_COLUMNS: Mapping[str, Callable[[Sequence[FeedRow]], dict[str, Any]]] = {
    "event": event_columns,
    "measurement": measurement_columns,
    CHANGE: change_columns,
}
FEED_TABLES = tuple(_COLUMNS)
TABLES: Mapping[str, pa.Schema] = {
    **{name: CHANGES if name == CHANGE else SCHEMAS[name] for name in FEED_TABLES},
    "transfer": SCHEMAS["transfer"],
}


class DayFiles:
    """Writes lines day by day: what comes of one of them is of its day, or of the one before it."""

    def __init__(self, lake: Path, run: str, zone: tzinfo, day: str) -> None:
        """Go on after `day`, in the city's zone."""
        self.day = day
        self._lake, self._run, self._zone = lake, run, zone
        self._tables: Sequence[str] = ()
        self._files: dict[str, PartFile] = {}
        self._first = 0
        self._people: set[str] = set()
        self._has_texts = False

    def begin(self, first: int, tables: Sequence[str], day: str | None = None) -> None:
        """Begin with what has this number."""
        self._first, self._tables = first, tables
        self.day = self.day if day is None else day

    def add_lines(self, rows: Sequence[FeedRow]) -> None:
        """Take in lines of the feed."""
        for day, some in groupby(rows, lambda row: self._day_of(row.at)):
            of_day = list(some)
            self._turn_to(day, of_day[0].position)
            self._people |= people_in(of_day)
            self._has_texts = self._has_texts or holds_texts(of_day)
            for table, columns in _COLUMNS.items():
                self._file(table).add(table_of(columns(of_day), TABLES[table]))

    def add_transfers(self, rows: Sequence[Paid]) -> None:
        """Take in transfers. Those of one unit are of one day, as they are of one instant."""
        for day, some in groupby(rows, lambda row: self._day_of(row[1])):
            of_day = list(some)
            self._turn_to(day, of_day[0][0])
            columns = transfer_columns((at, row) for _, at, row in of_day)
            self._file("transfer").add(table_of(columns, TABLES["transfer"]))

    def end(self, last: int) -> None:
        """Put what was written in its place."""
        for table in self._tables:
            if table in self._files:
                self._files.pop(table).end(last, self._notes(table, last))
        self._people, self._has_texts = set(), False
        self._first = last + 1

    def give_up(self) -> None:
        """Leave nothing half written behind."""
        for file in self._files.values():
            file.give_up()
        self._files = {}

    def _notes(self, table: str, last: int) -> dict[str, str]:
        """Say which lines a file stands for; nothing where it has no room for all they say."""
        if table == "measurement" and not self._has_texts:
            return {POSITIONS: f"{self._first}-{last}"}
        if table == CHANGE:
            return {
                POSITIONS: f"{self._first}-{last}",
                OF_PEOPLE: ",".join(sorted(self._people)),
            }
        return {}

    def _day_of(self, at: datetime) -> str:
        """Return the day of an instant; a clock that goes back stays in its day."""
        return max(self.day, at.astimezone(self._zone).date().isoformat())

    def _turn_to(self, day: str, first: int) -> None:
        if day > self.day:  # else a clock went back
            if self._files:
                self.end(first - 1)
            self.day = day

    def _file(self, table: str) -> PartFile:
        if table not in self._files:
            self._files[table] = PartFile(
                self._lake / table, self._run, self.day, self._first, TABLES[table]
            )
        return self._files[table]


def merged_notes(table: str, parts: Sequence[Part]) -> dict[str, str]:
    """Return what is said of the file that parts are made into."""
    notes = [notes_of(part.path) for part in parts]
    if table not in ("measurement", CHANGE) or not all(POSITIONS in one for one in notes):
        return {}
    found = {POSITIONS: f"{parts[0].first}-{max(part.last for part in parts)}"}
    if table == CHANGE:
        people = {name for one in notes for name in one.get(OF_PEOPLE, "").split(",") if name}
        found[OF_PEOPLE] = ",".join(sorted(people))
    return found

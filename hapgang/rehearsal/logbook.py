"""What happened in a rehearsal, as it happens: units from the feed, trips from the day."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from hapgang.core.vocabulary.mobility import TripMade
from hapgang.hub.lake import SCHEMAS, Lake
from hapgang.ledger.till import account_id
from hapgang.rehearsal.travel import Leg
from hapgang.writer.unit import TransferRow, Unit

Tables = dict[str, list[tuple[Any, ...]]]
_PAID = ("posted", "captured")


class Path:
    """One leg's way for the playback."""

    __slots__ = ("at_s", "lonlat", "mode")

    def __init__(self, leg: Leg) -> None:
        """Keep a leg's way in single precision: some centimetres, some tenths of a second."""
        self.mode = leg.mode
        self.lonlat: NDArray[np.float32] = leg.lonlat.astype(np.float32)
        self.at_s: NDArray[np.float32] = leg.at_s.astype(np.float32)


class Used(NamedTuple):
    """What somebody who is watched has made last, and what they have paid."""

    entity: str
    transfer: str
    paid_won: int


_NOTHING = Used("", "", 0)


class Logbook:
    """Collects a run's rows by day and table; paths and sky are those of its first day."""

    def __init__(self) -> None:
        """Start empty; `begin` opens a day."""
        self._days: dict[str, Tables] = {}
        self._rows: Tables = {}
        self.paths: list[Path] = []
        self.sky: list[dict[str, float]] = []
        self.trips_by_mode: dict[str, int] = defaultdict(int)
        self._watched, self._account = "", ""
        self._used = _NOTHING

    def begin(self, day: date) -> None:
        """Open a day, for whatever comes from now on."""
        self._rows = self._days.setdefault(day.isoformat(), {table: [] for table in SCHEMAS})

    def listen(self, unit: Unit) -> None:
        """Take in a unit of the city's writer."""
        for item in unit.items:
            if item.kind == "event":
                self._event(unit, *item[1:])
            elif item.kind == "columns":
                self._columns(item.name, item.body)
            elif (
                item.kind == "created" and item.person is not None and item.person == self._watched
            ):
                self._used = self._used._replace(entity=item.entity)
        for row in unit.transfers:
            self._transfer(unit, row)

    def watch(self, person: str) -> None:
        """Forget what was used before: what follows may be done by a person on a trip."""
        self._watched, self._account, self._used = person, account_id(person), _NOTHING

    def used(self) -> Used:
        """Return what the person watched has made and paid since, and watch nobody."""
        used, self._watched, self._account = self._used, "", ""
        return used

    def trip(self, trip: str, made: TripMade, cost_won: int, legs: list[Leg]) -> None:
        """Add a trip with its legs."""
        row = (
            trip, made.entity, made.purpose, made.mode.value, made.origin, made.destination,
            made.depart_s, made.arrive_s, made.distance_m, cost_won, made.service, made.used,
            made.paid,
        )  # fmt: skip
        self._rows["trip"].append(row)
        self.trips_by_mode[made.mode.value] += 1
        for number, leg in enumerate(legs):
            self._rows["leg"].append(
                (trip, number, leg.mode.value, leg.start_s, leg.end_s, leg.distance_m,
                 leg.wait_s, leg.route)
            )  # fmt: skip
            if len(self._days) == 1:
                self.paths.append(Path(leg))

    def activity(self, person: str, activity: str, zone: str, start_s: float, end_s: float) -> None:
        """Add what somebody did between trips."""
        self._rows["activity"].append((person, activity, zone, start_s, end_s))

    def kpi(self, *row: Any) -> None:
        """Add a measured number: service, name, unit, value, target, source."""
        self._rows["kpi"].append(row)

    def rows(self, table: str) -> Iterator[tuple[Any, ...]]:
        """Return the rows of a table, of all days."""
        return (row for tables in self._days.values() for row in tables[table])

    def write(self, lake: Lake) -> None:
        """Write every table of every day."""
        for day, tables in self._days.items():
            for table, rows in tables.items():
                names = SCHEMAS[table].names
                columns = {name: [row[i] for row in rows] for i, name in enumerate(names)}
                lake.write(table, day, columns)

    def _event(self, unit: Unit, name: str, entity: str, person: str | None, body: Any) -> None:
        if name == TripMade.__name__:
            return  # the table `trip` has it
        text = msgspec.json.encode(body).decode()
        self._rows["event"].append((unit.at, name, entity, person or "", unit.action, text))

    def _columns(self, name: str, body: Any) -> None:
        at: datetime = body["at"]
        for field, values in body["columns"].items():
            for entity, value in zip(body["ids"], values, strict=True):
                if value is not None:
                    self._rows["measurement"].append((entity, name, field, at, float(value)))

    def _transfer(self, unit: Unit, row: TransferRow) -> None:
        self._rows["transfer"].append((row.id, unit.at, *row[1:]))
        if row.step in _PAID and row.debit == self._account:
            paid_won = self._used.paid_won + row.amount_won
            self._used = self._used._replace(transfer=row.id, paid_won=paid_won)

"""What happened in a rehearsal, as it happens: units from the feed, trips from the day."""

from collections import defaultdict
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from hapgang.core.vocabulary.mobility import TripMade
from hapgang.hub.lake import SCHEMAS, Lake
from hapgang.rehearsal.travel import Leg
from hapgang.writer.unit import Unit

_END_STEPS = ("posted", "captured")


class Path:
    """One leg's way for the playback."""

    __slots__ = ("at_s", "lonlat", "mode")

    def __init__(self, leg: Leg) -> None:
        """Keep a leg's way in single precision: some centimetres, some tenths of a second."""
        self.mode = leg.mode
        self.lonlat: NDArray[np.float32] = leg.lonlat.astype(np.float32)
        self.at_s: NDArray[np.float32] = leg.at_s.astype(np.float32)


class Logbook:
    """Collects a run's rows by table, and says which entities and transfers a trip has used."""

    def __init__(self) -> None:
        """Start empty."""
        self._rows: dict[str, dict[str, list[Any]]] = {
            table: {column: [] for column in schema.names} for table, schema in SCHEMAS.items()
        }
        self.paths: list[Path] = []
        self.sky: list[dict[str, float]] = []
        self.trips_by_mode: dict[str, int] = defaultdict(int)
        self._entity = ""
        self._transfer = ""

    def listen(self, unit: Unit) -> None:
        """Take in a unit of the city's writer."""
        for item in unit.items:
            if item.kind == "event":
                self._event(unit, *item[1:])
            elif item.kind == "columns":
                self._columns(item.name, item.body)
            elif item.kind == "created" and item.person is not None and not self._entity:
                self._entity = item.entity
        for row in unit.transfers:
            self._add("transfer", (row.id, unit.at, *row[1:]))
            if row.step in _END_STEPS:
                self._transfer = row.id

    def begin_trip(self) -> None:
        """Forget what was used before: the next units belong to one trip."""
        self._entity = self._transfer = ""

    def used(self) -> tuple[str, str]:
        """Return the entity that a trip created and the transfer that paid for it, if any."""
        return self._entity, self._transfer

    def trip(self, trip: str, made: TripMade, cost_won: int, legs: list[Leg]) -> None:
        """Add a trip with its legs."""
        row = (
            trip, made.entity, made.purpose, made.mode.value, made.origin, made.destination,
            made.depart_s, made.arrive_s, made.distance_m, cost_won, made.service, made.used,
            made.paid,
        )  # fmt: skip
        self._add("trip", row)
        self.trips_by_mode[made.mode.value] += 1
        for number, leg in enumerate(legs):
            self._add(
                "leg",
                (trip, number, leg.mode.value, leg.start_s, leg.end_s, leg.distance_m,
                 leg.wait_s, leg.route),
            )  # fmt: skip
            self.paths.append(Path(leg))

    def activities(self, rows: list[tuple[Any, ...]]) -> None:
        """Add what people did between trips."""
        for row in rows:
            self._add("activity", row)

    def kpi(self, row: tuple[Any, ...]) -> None:
        """Add a measured number."""
        self._add("kpi", row)

    def write(self, lake: Lake, day: str) -> None:
        """Write every table of the day."""
        for table, columns in self._rows.items():
            lake.write(table, day, columns)

    def _event(self, unit: Unit, name: str, entity: str, person: str | None, body: Any) -> None:
        if name == TripMade.__name__:
            return  # the table `trip` has it
        text = msgspec.json.encode(body).decode()
        self._add("event", (unit.at, name, entity, person or "", unit.action, text))

    def _columns(self, name: str, body: Any) -> None:
        at: datetime = body["at"]
        for field, values in body["columns"].items():
            for entity, value in zip(body["ids"], values, strict=True):
                self._add("measurement", (entity, name, field, at, float(value)))

    def _add(self, table: str, row: tuple[Any, ...]) -> None:
        for column, value in zip(self._rows[table].values(), row, strict=True):
            column.append(value)

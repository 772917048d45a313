"""From the feed to the lake: a living city's day as columns, made anew while the day goes on.

Personal rows stay sealed: such an event shows neither who nor what, only its name and time, and a
body {"sealed": "..."} that opens with the person's key, so that forgetting the person reaches the
lake as well. It is JSON like every other body: who asks it for a field finds none.
"""

import base64
import math
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from hapgang.core.entity import find_type
from hapgang.hub.lake import CHANGES, SCHEMAS
from hapgang.hub.privacy import KeyVault
from hapgang.hub.temporal.when import instant
from hapgang.writer.recovery import FeedRow, decode
from hapgang.writer.unit import TransferRow

SEALED = "sealed"
POSITIONS = "hapgang.positions"  # a note: the first and the last line of the feed
OF_PEOPLE = "hapgang.personal"  # a note: types some of whose lines are sealed, and so not there
_SAID = frozenset(["created", "updated", "deleted", "history"])  # kinds of lines about one entity
_CHANGING = frozenset(["created", "updated"])
_OWN = frozenset(["type", "expiresAt"])  # members of a change that are no attributes
Columns = dict[str, list[Any]]
Said = tuple[int, datetime, str, str, bytes]  # position, time, entity, kind and body of a line


def event_columns(rows: Iterable[FeedRow]) -> Columns:
    """Return the table `event` of some lines of the feed."""
    out = _empty("event")
    for row in rows:
        if row.kind != "event":
            continue
        if row.person is None:
            line = (row.at, row.name, row.entity, "", row.action, row.body.decode())
        else:
            body = msgspec.json.encode({SEALED: base64.b64encode(row.body).decode()}).decode()
            line = (row.at, row.name, "", "", row.action, body)
        _add(out, line)
    return out


def measurement_columns(rows: Iterable[FeedRow]) -> Columns:
    """Return the table `measurement` of some lines of the feed."""
    out = _empty("measurement")
    for row in rows:
        if row.kind != "columns":
            continue
        body = decode(row.body)
        at = datetime.fromisoformat(body["at"])
        for field, values in body["columns"].items():
            for entity, value in zip(body["ids"], values, strict=True):
                if isinstance(value, int | float):  # None where nothing was measured
                    _add(out, (entity, row.name, field, at, float(value)))
    return out


def holds_texts(rows: Iterable[FeedRow]) -> bool:
    """Whether anything was measured that is no number, which the lake has no room for."""
    return any(
        not isinstance(value, int | float | None)
        for row in rows
        if row.kind == "columns"
        for values in decode(row.body)["columns"].values()
        for value in values
    )


def change_columns(rows: Iterable[FeedRow]) -> Columns:
    """Return the table of changes of what is nobody's and not the city's own."""
    return said_columns(
        (row.position, row.at, row.entity, row.kind, row.body)
        for row in rows
        if row.kind in _SAID and row.person is None and not _is_internal(row.name)
    )


def said_columns(lines: Iterable[Said]) -> Columns:
    """Return the table of changes of some lines, each of them at least once.

    A line that names no attribute is there with an empty name.
    """
    out: Columns = {name: [] for name in CHANGES.names}
    names, observed, values = out["attribute"], out["observed"], out["value"]
    own = out["position"], out["time"], out["entity"], out["kind"]
    for position, at, entity, kind, body in lines:
        said = decode(body) if kind in _CHANGING else {}
        before = len(names)
        for name, attribute in said.items():
            if name not in _OWN:
                seen, value = _number(attribute)
                names.append(name)
                observed.append(seen)
                values.append(value)
        if len(names) == before:
            names.append("")
            observed.append(None)
            values.append(None)
        for column, cell in zip(own, (position, at, entity, kind), strict=True):
            column.extend([cell] * (len(names) - before))
    return out


def people_in(rows: Iterable[FeedRow]) -> set[str]:
    """Return the types some of whose lines are sealed."""
    return {row.name for row in rows if row.person is not None and row.kind in _SAID}


def _number(said: Any) -> tuple[datetime | None, float | None]:
    """Return the time and the number of a plain one; nothing for whatever is not as plain."""
    if not isinstance(said, dict) or said.get("type") != "Property" or "datasetId" in said:
        return None, None
    value = said.get("value")
    if type(value) is int:
        try:
            value = float(value)
        except OverflowError:
            return None, None
    if type(value) is not float or not math.isfinite(value):
        return None, None
    observed = said.get("observedAt")
    return (instant(observed) if isinstance(observed, str) else None), value


def _is_internal(type_name: str) -> bool:
    declared = find_type(type_name)
    return declared is not None and declared.is_internal


def transfer_columns(rows: Iterable[tuple[datetime, TransferRow]]) -> Columns:
    """Return the table `transfer`."""
    out = _empty("transfer")
    for at, row in rows:
        said = row.debit, row.credit, row.amount_won, row.step, row.of, row.memo
        _add(out, (row.id, at, *said))
    return out


def open_body(body: str, person: str, vault: KeyVault) -> Any:
    """Return what a sealed body holds; `Forgotten` when the person's key is gone."""
    found = msgspec.json.decode(body)
    if found.keys() != {SEALED}:
        return found
    return msgspec.json.decode(vault.open(person, base64.b64decode(found[SEALED])))


def _empty(table: str) -> Columns:
    return {name: [] for name in SCHEMAS[table].names}


def _add(columns: Columns, row: tuple[Any, ...]) -> None:
    for column, value in zip(columns.values(), row, strict=True):
        column.append(value)

"""From the feed to the lake: a living city's day as columns, made anew while the day goes on.

Personal rows stay sealed: such an event shows neither who nor what, only its name and time, and a
body {"sealed": "..."} that opens with the person's key, so that forgetting the person reaches the
lake as well. It is JSON like every other body: who asks it for a field finds none.
"""

import base64
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from hapgang.hub.lake import SCHEMAS
from hapgang.hub.privacy import KeyVault
from hapgang.writer.recovery import FeedRow, decode
from hapgang.writer.unit import TransferRow

SEALED = "sealed"
POSITIONS = "hapgang.positions"  # a note: the first and the last line of the feed
Columns = dict[str, list[Any]]


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


def spanned(rows: Sequence[FeedRow]) -> dict[str, str]:
    """Return the note that says which lines of the feed a day's file is made of, all of them.

    None where they are not one after another, so that nobody takes the file for the feed.
    """
    if not rows or rows[-1].position - rows[0].position + 1 != len(rows):
        return {}
    return {POSITIONS: f"{rows[0].position}-{rows[-1].position}"}


def holds_texts(rows: Iterable[FeedRow]) -> bool:
    """Whether anything was measured that is no number, which the lake has no room for."""
    return any(
        not isinstance(value, int | float | None)
        for row in rows
        if row.kind == "columns"
        for values in decode(row.body)["columns"].values()
        for value in values
    )


def transfer_columns(rows: Iterable[tuple[datetime, TransferRow]]) -> Columns:
    """Return the table `transfer`."""
    out = _empty("transfer")
    for at, row in rows:
        _add(out, (row.id, at, *row[1:]))
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

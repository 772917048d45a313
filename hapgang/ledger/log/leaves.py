"""Leaves for what a unit did: each transfer gets one, in the unit that it is in."""

import hmac
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec

from hapgang.writer.unit import Leaf, TransferRow, Unit

TRANSFER = "transfer"
# The same bytes as `facts.canonical` gives, in a tenth of its time, of what was checked before.
_canonical = msgspec.json.Encoder(order="deterministic")


def transfer_fact(row: TransferRow, at: datetime) -> dict[str, Any]:
    """Return what the log says of a transfer: all of it."""
    return {
        "kind": TRANSFER,
        "id": row.id,
        "at": instant(at),
        "debit": row.debit,
        "credit": row.credit,
        "amount_won": row.amount_won,
        "step": row.step,
        "of": row.of,
        "memo": row.memo,
        "until": None if row.until is None else instant(row.until),
    }


def instant(at: datetime) -> str:
    """Write an instant as facts do: UTC to the microsecond, always of the same length."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Leaves:
    """Makes leaves, under the log's key."""

    def __init__(self, key: bytes) -> None:
        """Take the key that salts are made with."""
        self._key = key

    def add(self, unit: Unit) -> None:
        """Give each transfer of a unit its leaf."""
        for row in unit.transfers:
            unit.leaves.append(self._leaf(TRANSFER, row.id, transfer_fact(row, unit.at)))

    def _leaf(self, kind: str, name: str, fact: dict[str, Any]) -> Leaf:
        salt = hmac.digest(self._key, f"{kind}\0{name}".encode(), "sha256")
        return Leaf(kind, name, sha256(salt + _canonical.encode(fact)).digest())

"""Leaves for what a unit did: each transfer and each other fact gets one, in its own unit."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec

from hapgang.writer.unit import Fact, Leaf, TransferRow, Unit

TRANSFER = "transfer"
_BLOCK_BYTES = 64  # of SHA-256; the log's key is shorter
# The same bytes as `facts.canonical` gives, in a tenth of its time, of what was checked before.
_canonical = msgspec.json.Encoder(order="deterministic")
_encode = msgspec.json.Encoder().encode


class TransferFact(msgspec.Struct):
    """What the log says of a transfer: all of it, its members in the order of canonical JSON."""

    amount_won: int
    at: str
    credit: str
    debit: str
    id: str
    kind: str
    memo: str
    of: str | None
    step: str
    until: str | None


def transfer_fact(row: TransferRow, at: datetime) -> dict[str, Any]:
    """Return what the log says of a transfer."""
    return msgspec.structs.asdict(_transfer_fact(row, instant(at)))


def _transfer_fact(row: TransferRow, at: str) -> TransferFact:
    name, debit, credit, amount_won, step, of, memo, until = row
    ends = None if until is None else instant(until)
    return TransferFact(amount_won, at, credit, debit, name, TRANSFER, memo, of, step, ends)


def whole_fact(fact: Fact, at: datetime) -> dict[str, Any]:
    """Return a fact as the log has it: with its kind, id and instant."""
    return {**fact.body, "kind": fact.kind, "id": fact.id, "at": instant(at)}


def instant(at: datetime) -> str:
    """Write an instant as facts do: UTC to the microsecond, always of the same length."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Leaves:
    """Makes leaves, under the log's key."""

    def __init__(self, key: bytes) -> None:
        """Take the key that salts are made with."""
        padded = key.ljust(_BLOCK_BYTES, b"\0")
        self._inner = sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = sha256(bytes(byte ^ 0x5C for byte in padded))

    def add(self, unit: Unit) -> None:
        """Give each transfer and each other fact of a unit its leaf."""
        at = instant(unit.at) if unit.transfers else ""  # once, however many they are
        for row in unit.transfers:
            body = _encode(_transfer_fact(row, at))
            unit.leaves.append(Leaf(TRANSFER, row.id, self._commitment(TRANSFER, row.id, body)))
        for fact in unit.facts:
            body = _canonical.encode(whole_fact(fact, unit.at))
            commitment = self._commitment(fact.kind, fact.id, body)
            unit.leaves.append(Leaf(fact.kind, fact.id, commitment, fact.person, body))

    def _commitment(self, kind: str, name: str, body: bytes) -> bytes:
        return sha256(self.salt(kind, name) + body).digest()

    def salt(self, kind: str, name: str) -> bytes:
        """Return the salt of a fact: what only those get to whom it may be shown."""
        inner, outer = self._inner.copy(), self._outer.copy()  # RFC 2104, its key hashed once
        inner.update(f"{kind}\0{name}".encode())
        outer.update(inner.digest())
        return outer.digest()

"""The digest of a run: one SHA-256 over all units in order."""

import hashlib

import msgspec

from hapgang.writer.unit import Unit

_encoder = msgspec.json.Encoder(order="deterministic", decimal_format="number")


class Digest:
    """A running hash, the same for the same run whatever the store or the hash seed."""

    def __init__(self) -> None:
        """Start with no units."""
        self._hash = hashlib.sha256()

    def add(self, unit: Unit) -> None:
        """Take in one unit: virtual time, action, caller, changes and events, transfers."""
        line = (
            unit.at,
            unit.action,
            unit.caller,
            [(item.kind, item.name, item.entity, item.body) for item in unit.items],
            unit.transfers,
        )
        self._hash.update(_encoder.encode(line))
        self._hash.update(b"\n")

    def text(self) -> str:
        """Return the digest so far, in hexadecimal."""
        return self._hash.hexdigest()

"""Proofs in a rehearsal: the same log of the same leaves, and people who check their payments.

The log begins when everybody has moved in. It lies in a folder that is gone after the day, and is
signed once a day by a key of the seed.
"""

import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from hapgang.core.errors import CityError
from hapgang.ledger.log.disk import Disk
from hapgang.ledger.log.facts import canonical, commitment
from hapgang.ledger.log.leaves import TRANSFER, Leaves, transfer_fact
from hapgang.ledger.log.log import Log
from hapgang.ledger.log.merkle import is_included, leaf_hash
from hapgang.ledger.log.note import Signer, VerifierKey, checkpoint_of, parse_note
from hapgang.ledger.log.receipts import Receipt, receipt
from hapgang.rehearsal.votes.door import drawn
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.money.noting import note_proofs
from hapgang.writer.unit import TransferRow, Unit


class _Memory(Disk):
    """Files that need not outlive the machine."""

    def sync(self, handle: int) -> None:
        """Wait for nothing."""


class Proofs:
    """The leaves of a run, and which payments are to be proven."""

    def __init__(self, runtime: Runtime, seed: int) -> None:
        """Keep the leaves of all units from now on."""
        self._runtime, self._salts = runtime, drawn(seed, "salts")
        self._signer = Signer(f"hapgang/rehearsal/{seed}", drawn(seed, "log"))
        self._commitments: list[bytes] = []
        self._place: dict[str, int] = {}
        self._seen: dict[str, tuple[TransferRow, datetime]] = {}
        self._wanted: list[str] = []
        runtime.writer.additions.append(Leaves(self._salts).add)
        runtime.writer.listeners.append(self._listen)

    def want(self, transfer: str) -> None:
        """Have a payment that was made proven in the evening."""
        self._wanted.append(transfer)

    def check(self) -> None:
        """Sign the log as it is, and let everybody check what they wanted proven."""
        wanted, self._wanted = self._wanted, []
        if not wanted:
            return
        with tempfile.TemporaryDirectory(prefix="hapgang-log-") as folder:
            log = Log(Path(folder), self._signer, disk=_Memory())
            try:
                log.append(self._commitments)
                log.publish()
                key = self._signer.key()
                held = sum(self._is_proven(log, key, transfer) for transfer in wanted)
            finally:
                log.close()
        failed = len(wanted) - held
        self._runtime.perform(note_proofs, PLATFORM, checked=held, failed=failed)

    def _is_proven(self, log: Log, key: VerifierKey, transfer: str) -> bool:
        row, at = self._seen[transfer]
        fact = transfer_fact(row, at)
        try:
            got = receipt(log.signed, log.note, self._salts, fact, self._place[transfer])
        except CityError:
            return False
        return holds(got, key)

    def _listen(self, unit: Unit) -> None:
        first = len(self._commitments)
        self._commitments.extend(leaf.commitment for leaf in unit.leaves)
        for place, leaf in enumerate(unit.leaves, first):
            if leaf.kind == TRANSFER:
                self._place[leaf.fact] = place
        for row in unit.transfers:
            self._seen[row.id] = row, unit.at


def holds(got: Receipt, key: VerifierKey) -> bool:
    """Whether a receipt proves its fact to who knows the log's key and nothing else."""
    try:
        signed = checkpoint_of(parse_note(got.checkpoint), key)
        made = commitment(bytes.fromhex(got.salt), canonical(got.fact))
    except CityError:
        return False
    path = _hashes(got.path)
    return got.size == signed.size and is_included(
        leaf_hash(made), got.index, got.size, path, signed.root
    )


def _hashes(path: Iterable[str]) -> list[bytes]:
    return [bytes.fromhex(each) for each in path]

"""Proofs in a rehearsal: the same log of the same leaves, and people who check their payments.

The log begins when everybody has moved in. It lies in a folder that is gone after the day, and is
signed once a day by a key of the seed.
"""

import tempfile
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from hapgang.core.errors import CityError
from hapgang.ledger.log.disk import Disk
from hapgang.ledger.log.facts import canonical, commitment
from hapgang.ledger.log.leaves import Leaves, transfer_fact
from hapgang.ledger.log.log import Log
from hapgang.ledger.log.merkle import HASH_BYTES, is_included, leaf_hash
from hapgang.ledger.log.note import Signer, VerifierKey, checkpoint_of, parse_note
from hapgang.ledger.log.receipts import Receipt, receipt
from hapgang.rehearsal.votes.door import drawn
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.money.noting import note_proofs
from hapgang.writer.unit import TransferRow, Unit

_LATELY = 5_000  # transfers that somebody may still want proven


class _Memory(Disk):
    """Files that need not outlive the machine."""

    def sync(self, handle: int) -> None:
        """Wait for nothing."""


class _Paid(NamedTuple):
    """A transfer, when it was made, and its place in the log."""

    row: TransferRow
    at: datetime
    place: int


class Proofs:
    """The leaves of a run, and which payments are to be proven."""

    def __init__(self, runtime: Runtime, seed: int) -> None:
        """Keep the leaves of all units from now on."""
        self._runtime, self._salts = runtime, drawn(seed, "salts")
        self._signer = Signer(f"hapgang/rehearsal/{seed}", drawn(seed, "log"))
        self._commitments = bytearray()
        self._lately: OrderedDict[str, _Paid] = OrderedDict()
        self._wanted: list[_Paid] = []
        runtime.writer.additions.append(Leaves(self._salts).add)
        runtime.writer.listeners.append(self._listen)

    def want(self, transfer: str) -> None:
        """Have a payment that was just made proven in the evening."""
        self._wanted.append(self._lately[transfer])

    def check(self) -> None:
        """Sign the log as it is, and let everybody check what they wanted proven."""
        wanted, self._wanted = self._wanted, []
        if not wanted:
            return
        with tempfile.TemporaryDirectory(prefix="hapgang-log-") as folder:
            log = Log(Path(folder), self._signer, disk=_Memory())
            try:
                whole = bytes(self._commitments)
                log.append([whole[at : at + HASH_BYTES] for at in range(0, len(whole), HASH_BYTES)])
                log.publish()
                key = self._signer.key()
                held = sum(self._is_proven(log, key, paid) for paid in wanted)
            finally:
                log.close()
        failed = len(wanted) - held
        self._runtime.perform(note_proofs, PLATFORM, checked=held, failed=failed)

    def _is_proven(self, log: Log, key: VerifierKey, paid: _Paid) -> bool:
        fact = transfer_fact(paid.row, paid.at)
        try:
            got = receipt(log.signed, log.note, self._salts, fact, paid.place)
        except CityError:
            return False
        return holds(got, key)

    def _listen(self, unit: Unit) -> None:
        if not unit.leaves:
            return
        first = len(self._commitments) // HASH_BYTES
        self._commitments += b"".join([leaf.commitment for leaf in unit.leaves])
        # The leaves of a unit begin with those of its transfers, in their order.
        for place, row in enumerate(unit.transfers, first):
            self._lately[row.id] = _Paid(row, unit.at, place)
        while len(self._lately) > _LATELY:
            self._lately.popitem(last=False)


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

"""What a witness remembers of one log, and signs of it.

Two signatures say the same thing, that a checkpoint continues all that this witness saw: one that
the contract takes (EIP-712), and C2SP's tlog-cosignature. Both rest on one memory, which is on
disk before either leaves, so that no log can be shown in two forms.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from coincurve import PrivateKey

from hapgang.core.errors import CityError, Invalid
from hapgang.ledger.anchor.chain import Checkpoint
from hapgang.ledger.anchor.files import write_whole
from hapgang.ledger.anchor.witness import Witness
from hapgang.ledger.log.merkle import is_consistent
from hapgang.ledger.log.note import Note, Signer, VerifierKey, checkpoint_of, parse_note

NOWHERE = "0x" + "00" * 20  # the contract of a log that is on no chain: nothing is signed for it
_MOST_KEPT = 64  # of notes of one kind: what strangers bring takes no room from a fork


class NotKnown(CityError):
    """This witness watches no such log."""

    status = 404


class NotTheLogs(CityError):
    """The log's own key did not sign the checkpoint."""

    status = 403


class OtherSize(CityError):
    """The last checkpoint that was signed has another size than the one who asks thinks."""

    status = 409

    def __init__(self, size: int) -> None:
        """Tell the size."""
        super().__init__(f"the log that was signed last has {size} leaves", None, size=size)
        self.size = size


class Forked(CityError):
    """Two checkpoints of one size have different roots: both are signed by the log."""

    status = 409


class NotGrown(CityError):
    """The proof does not lead from the log that was signed last to this one."""

    status = 422


class Watch:
    """One log that is watched; for one thread at a time."""

    def __init__(
        self, folder: Path, key: VerifierKey, private: PrivateKey, signer: Signer,
        *, chain: int = 0, contract: str = NOWHERE,
    ) -> None:  # fmt: skip
        """Remember in a folder what was signed of the log with this key."""
        self.key, self.chain, self.contract = key, chain, contract.lower()
        name = hashlib.sha256(key.name.encode()).hexdigest()[:16]
        self._folder, self._name, self._signer = folder, name, signer
        path, self._newest = folder / f"log-{name}.json", folder / f"log-{name}.note"
        self._witness = Witness(private, path, chain=chain, contract=self.contract)

    @property
    def last(self) -> Checkpoint | None:
        """What was signed last."""
        return self._witness.last

    @property
    def address(self) -> str:
        """Whose signature the contract sees."""
        return self._witness.address

    def cosign(self, old: int, proof: Sequence[bytes], whole: bytes, at_s: int) -> str:
        """Return the line of a cosignature under a checkpoint, for `add-checkpoint`."""
        note, _ = self._seen(old, proof, whole)
        return self._signer.cosign(note.text, at_s).line()

    def sign(self, old: int, proof: Sequence[bytes], whole: bytes) -> bytes:
        """Return the signature that the contract takes for a checkpoint."""
        if self.contract == NOWHERE:
            raise NotKnown("this log is watched for no contract", "계약이 없는 로그입니다")
        _, wanted = self._seen(old, proof, whole)
        return self._witness.sign(wanted, [])

    def _seen(self, old: int, proof: Sequence[bytes], whole: bytes) -> tuple[Note, Checkpoint]:
        """Check a checkpoint in the order of C2SP's tlog-witness, and remember it."""
        note = parse_note(whole)
        try:
            said = checkpoint_of(note, self.key)
        except Invalid as wrong:
            raise NotTheLogs(wrong.message.en, wrong.message.ko) from None
        wanted, last = Checkpoint(said.size, said.root), self.last
        if old > wanted.size:
            raise Invalid(f"a log of {wanted.size} leaves grew out of none of {old}", None)
        size = last.size if last else 0
        if last is not None and wanted.size == size and wanted.root != last.root:
            self._keep(whole, "forked")
            raise Forked(
                f"another log of {size} leaves was signed before: this one is a fork",
                f"잎이 {size}개인 다른 로그에 이미 서명했습니다. 로그가 갈라졌습니다.",
            )
        if old != size:
            raise OtherSize(size)
        if wanted == last:
            return note, wanted
        if last is not None and not is_consistent(old, last.root, wanted.size, wanted.root, proof):
            self._keep(whole, "refused")
            raise NotGrown(
                f"it is not proved that the log of {wanted.size} leaves continues that of {size}",
                f"잎이 {wanted.size}개인 로그가 {size}개인 로그의 연속임이 증명되지 않았습니다.",
            )
        if last is None and (proof or not wanted.size):
            raise NotGrown("the first checkpoint has leaves and needs no proof", None)
        write_whole(self._newest, whole)
        self._witness.see(wanted, proof)
        return note, wanted

    def _keep(self, whole: bytes, how: str) -> None:
        """Keep a refused note and the one before it, both signed by the log.

        Of one size they prove a fork; else they are evidence, or the proof was wrong.
        """
        before = self._newest.read_bytes() if self._newest.exists() else whole
        for note in dict.fromkeys((whole, before)):
            name = hashlib.sha256(note).hexdigest()[:16]
            kept = self._folder / f"{how}-{self._name}-{name}.note"
            if not kept.exists() and sum(1 for _ in self._folder.glob(f"{how}-*")) < _MOST_KEPT:
                write_whole(kept, note)

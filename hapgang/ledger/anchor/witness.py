"""A witness: signs checkpoints of one log that only grows, and remembers what it signed.

Whoever runs one needs a key, a file and the log's proofs, and trusts nobody for them. What is
signed is on disk before the signature leaves, so that a witness which was killed cannot be made to
sign another log.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

import msgspec
from coincurve import PrivateKey

from hapgang.core.errors import Refused, Unavailable
from hapgang.ledger.anchor.chain import Checkpoint
from hapgang.ledger.anchor.files import write_whole
from hapgang.ledger.anchor.message import address_of, checkpoint_digest, signed, signer
from hapgang.ledger.log.merkle import is_consistent

Ask: TypeAlias = Callable[[Checkpoint], bytes]
"""One witness, wherever it is: a checkpoint to its signature; `Refused` or `Unavailable`."""


class Witness:
    """One witness of one contract; for one thread of one process."""

    def __init__(self, key: PrivateKey, path: Path, *, chain: int, contract: str) -> None:
        """Remember what was signed from `path`."""
        self.address = address_of(key.public_key)
        self._key, self._path = key, path
        self._chain, self._contract = chain, contract
        self.last: Checkpoint | None = None
        if path.exists():
            self.last = msgspec.json.decode(path.read_bytes(), type=Checkpoint)

    def sign(self, wanted: Checkpoint, proof: Sequence[bytes]) -> bytes:
        """Sign a checkpoint that the last one's log grew into, or the last one again.

        proof: from `last` (RFC 9162, 2.1.4.1); empty for the first.
        """
        self.see(wanted, proof)
        digest = checkpoint_digest(self._chain, self._contract, wanted.size, wanted.root)
        return signed(self._key, digest)

    def see(self, wanted: Checkpoint, proof: Sequence[bytes]) -> None:
        """Remember a checkpoint as the last one; `Refused` where it is no growth of it."""
        if wanted != self.last:
            self._check(wanted, proof)
            write_whole(self._path, msgspec.json.encode(wanted))
            self.last = wanted

    def _check(self, wanted: Checkpoint, proof: Sequence[bytes]) -> None:
        last = self.last
        is_grown = wanted.size > (last.size if last else 0)
        if not is_grown or (
            last and not is_consistent(last.size, last.root, wanted.size, wanted.root, proof)
        ):
            raise Refused(
                f"A log of {wanted.size} leaves is not what the one signed last grew into",
                f"잎이 {wanted.size}개인 로그는 마지막으로 서명한 로그가 자란 것이 아닙니다.",
            )


def gathered(
    wanted: Checkpoint, witnesses: Iterable[Ask], *, chain: int, contract: str,
    known: Sequence[str], threshold: int,
) -> list[bytes]:  # fmt: skip
    """Ask witnesses until enough of those that the contract knows have signed.

    Who is away, refuses or sends what is nobody's is passed over; `Unavailable` if too few remain.
    """
    digest = checkpoint_digest(chain, contract, wanted.size, wanted.root)
    signatures: dict[str, bytes] = {}
    for ask in witnesses:
        if len(signatures) == threshold:
            break
        try:
            signature = ask(wanted)
        except (Refused, Unavailable, OSError):
            continue
        who = signer(signature, digest)
        if who in known and who is not None:
            signatures[who] = signature
    if len(signatures) < threshold:
        raise Unavailable(
            f"{len(signatures)} of {threshold} witnesses signed the log of {wanted.size} leaves",
            f"증인 {threshold}명 가운데 {len(signatures)}명만 서명했습니다 (잎 {wanted.size}개).",
        )
    return list(signatures.values())

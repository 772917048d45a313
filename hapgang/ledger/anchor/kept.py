"""What anchoring knows when it is started again."""

from pathlib import Path

import msgspec

from hapgang.ledger.anchor.chain import Checkpoint, Prepared
from hapgang.ledger.anchor.files import write_whole

MOST_KEPT = 64
"""Of what is anchored, the newest: with one a minute, an hour that a chain may take back."""


class Anchor(msgspec.Struct, frozen=True):
    """Where a checkpoint is anchored: what a receipt says, and whose signatures brought it."""

    chain: int
    contract: str
    number: int
    size: int
    root: bytes
    at: int
    block: int
    block_hash: str
    transaction: str
    signatures: tuple[bytes, ...] = ()

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint alone."""
        return Checkpoint(self.size, self.root)


class Pending(msgspec.Struct, frozen=True):
    """A checkpoint under way: all its transactions have one nonce, so one of them counts."""

    checkpoint: Checkpoint
    signatures: tuple[bytes, ...]
    sent: tuple[Prepared, ...]
    since_s: float


class Lost(msgspec.Struct, frozen=True):
    """A checkpoint that was anchored, in a block that is no more."""

    checkpoint: Checkpoint
    signatures: tuple[bytes, ...]


class Kept(msgspec.Struct, frozen=True):
    """All of it; oldest first."""

    chain: int = 0
    contract: str = ""
    anchored: tuple[Anchor, ...] = ()
    pending: Pending | None = None
    lost: tuple[Lost, ...] = ()


def load(path: Path) -> Kept:
    """Read it; what was never kept, or by an older version, is empty: the chain knows the rest."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Kept)
    except (FileNotFoundError, msgspec.DecodeError):
        return Kept()


def save(path: Path, kept: Kept) -> None:
    """Keep it, whole, before anything depends on it."""
    write_whole(path, msgspec.json.encode(kept))

"""Receipts: what somebody keeps who wants to prove a fact, or a log's growth, without us.

Their form is in docs/decisions/0019-one-log-for-every-fact.md, how one is checked in
verifier/README.md.
"""

from typing import Any

import msgspec

from hapgang.core.errors import Conflict, NotFound
from hapgang.ledger.log.facts import Fact, canonical, commitment, salt_of
from hapgang.ledger.log.merkle import is_included, leaf_hash
from hapgang.ledger.log.note import Checkpoint, Note, parse_checkpoint
from hapgang.ledger.log.tiles import Tiles


class Anchor(msgspec.Struct, frozen=True):
    """Where on a chain a checkpoint stands."""

    chain: int
    contract: str
    number: int
    block: int
    transaction: str


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fact, and how it hangs together with a signed checkpoint."""

    fact: dict[str, Any]
    salt: str
    index: int
    size: int
    path: tuple[str, ...]
    checkpoint: str
    anchor: Anchor | None = None


class ConsistencyReceipt(msgspec.Struct, frozen=True, rename={"older": "from", "newer": "to"}):
    """Two signed checkpoints, and how the log of the second continues that of the first."""

    older: str
    newer: str
    path: tuple[str, ...]


def receipt(
    log: Tiles, note: Note, key: bytes, fact: Fact, index: int, anchor: Anchor | None = None
) -> Receipt:
    """Return the receipt of a fact that stands at `index`, for a checkpoint of this log.

    `key` is the log's key for salts. `NotFound` where the checkpoint is older than the fact;
    `Conflict` where the log holds another fact there, so that no receipt goes out that proves none.
    """
    signed = _signed(log, note)
    if not 0 <= index < signed.size:
        raise NotFound(
            "this fact is not signed yet; its receipt can be had in a minute",
            "아직 서명되지 않은 기록입니다. 1분쯤 뒤에 증명서를 받을 수 있습니다.",
        )
    salt, path = salt_of(key, fact), log.inclusion(index, signed.size)
    leaf = leaf_hash(commitment(salt, canonical(fact)))
    if not is_included(leaf, index, signed.size, path, signed.root):
        raise Conflict(
            f"the log does not hold this fact at {index}; it was changed since",
            f"원장의 {index}번 기록과 다릅니다. 기록된 뒤에 바뀌었습니다.",
        )
    hashes = tuple(each.hex() for each in path)
    return Receipt(dict(fact), salt.hex(), index, signed.size, hashes, note.whole(), anchor)


def consistency_receipt(log: Tiles, older: Note, newer: Note) -> ConsistencyReceipt:
    """Return the proof that one checkpoint of this log continues another."""
    first, second = _signed(log, older), _signed(log, newer)
    if first.size > second.size:
        raise Conflict("the first checkpoint is the later one", "앞의 체크포인트가 더 새것입니다")
    path = tuple(each.hex() for each in log.consistency(first.size, second.size))
    return ConsistencyReceipt(older.whole(), newer.whole(), path)


def _signed(log: Tiles, note: Note) -> Checkpoint:
    signed = parse_checkpoint(note.text)
    if signed.size > log.size or log.root_at(signed.size) != signed.root:
        raise Conflict(
            f"this is no checkpoint of the log: it differs at {signed.size} leaves",
            f"이 원장의 체크포인트가 아닙니다. {signed.size}번째 기록에서 다릅니다.",
        )
    return signed

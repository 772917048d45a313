"""Another city's log: is a fact in it, and is it still the log that was seen before?"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from hapgang.core.errors import CityError, Conflict, Invalid
from hapgang.ledger.log.facts import canonical, commitment
from hapgang.ledger.log.merkle import is_consistent, is_included, leaf_hash
from hapgang.ledger.log.note import Checkpoint, Note, VerifierKey, checkpoint_of, parse_note
from hapgang.ledger.log.receipts import ConsistencyReceipt, Receipt

MOST_GROWTH = 8  # consistency receipts with one question


class NotProven(Invalid):
    """The receipt does not prove its fact."""


class NotContinued(Conflict):
    """It is not shown that the log is the one that was seen before."""


class ForkedLog(CityError):
    """The other city signed two logs of one size: both notes are the evidence."""

    status = 409

    def __init__(self, size: int, first: str, second: str) -> None:
        """Keep both."""
        super().__init__(
            f"that city signed two different logs of {size:,} facts: nothing of it is taken now",
            f"그 도시가 {size:,}건짜리 서로 다른 기록 두 개에 서명했습니다. 지금은 받지 않습니다.",
            first=first, second=second,
        )  # fmt: skip
        self.size, self.first, self.second = size, first, second


class Proven(msgspec.Struct, frozen=True):
    """A fact that a city wrote, and the checkpoint of its log that holds it."""

    fact: dict[str, Any]
    index: int
    checkpoint: Checkpoint
    note: str


def keys_of(texts: Iterable[str], origin: str) -> tuple[VerifierKey, ...]:
    """Return the keys of a log; `Invalid` where one is of another log."""
    keys = tuple(VerifierKey.parse(text) for text in texts)
    if not keys or any(key.name != origin or key.kind != 1 for key in keys):
        raise Invalid(
            f"each key is one that signs the log {origin}",
            f"{origin} 기록에 서명하는 키만 적으세요",
        )
    return keys


def signed_checkpoint(note: str, keys: Sequence[VerifierKey]) -> Checkpoint:
    """Return what a note says of a log; one of its keys has to have signed it."""
    wrong: Invalid | None = None
    for key in keys:
        try:
            return checkpoint_of(parse_note(note), key)
        except Invalid as error:
            wrong = error
    raise NotProven(
        "that city's log did not sign this", "그 도시의 기록이 서명하지 않았습니다"
    ) from wrong


def proven(receipt: Receipt, keys: Sequence[VerifierKey]) -> Proven:
    """Return the fact of a receipt; `NotProven` unless the signed log holds it there."""
    signed = signed_checkpoint(receipt.checkpoint, keys)
    try:
        salt, path = bytes.fromhex(receipt.salt), [bytes.fromhex(one) for one in receipt.path]
    except ValueError:
        raise _not_held() from None
    leaf = leaf_hash(commitment(salt, canonical(receipt.fact)))
    is_there = is_included(leaf, receipt.index, signed.size, path, signed.root)
    if receipt.size != signed.size or not is_there:
        raise _not_held()
    return Proven(receipt.fact, receipt.index, signed, receipt.checkpoint)


def continued(
    seen: str, shown: str, growth: Sequence[ConsistencyReceipt], keys: Sequence[VerifierKey]
) -> str:
    """Return the newest note that both checkpoints are the beginning of.

    seen, shown: what was seen of the log before, and what is shown now. growth: how checkpoints
    continue one another. `ForkedLog` where two of one size differ; `NotContinued` where nothing
    ties the two together.
    """
    told = dict.fromkeys([seen, shown, *(x for one in growth for x in (one.older, one.newer))])
    signed = {note: signed_checkpoint(note, keys) for note in told}
    notes: dict[int, str] = {}
    for note, checkpoint in signed.items():
        known = notes.setdefault(checkpoint.size, note)
        if signed[known].root != checkpoint.root:
            raise ForkedLog(checkpoint.size, _short(known, keys), _short(note, keys))
    steps = [_step(signed[one.older], signed[one.newer], one.path) for one in growth]
    first, second = signed[seen].size, signed[shown].size
    both = _later(first, steps) & _later(second, steps)
    if not both:
        raise NotContinued(
            f"Of that city's log {first} facts were seen here, and nothing shows yet that the log"
            f" of {second} continues them. Save the file again at home, with the number {first}.",
            f"그 도시의 기록을 여기에서 {first}건까지 보았는데, {second}건짜리 기록이 이어진다는"
            f" 증명이 없습니다. 보낸 도시에서 {first}을(를) 적고 파일을 다시 저장해 오세요.",
            seen=first,
        )
    return _short(notes[max(both)], keys)


def check_same(seen: str, shown: str, keys: Sequence[VerifierKey]) -> bool:
    """Whether two notes are of one checkpoint; `ForkedLog` where they cannot be of one log."""
    first, second = (signed_checkpoint(note, keys) for note in (seen, shown))
    if first.size == second.size and first.root != second.root:
        raise ForkedLog(first.size, _short(seen, keys), _short(shown, keys))
    return first.size == second.size


def _short(whole: str, keys: Sequence[VerifierKey]) -> str:
    """Return a note with the log's own signatures only, so that its size is bounded."""
    note, known = parse_note(whole), {key.id() for key in keys}
    return Note(note.text, tuple(one for one in note.signatures if one.id in known)).whole()


def _step(older: Checkpoint, newer: Checkpoint, hashes: Sequence[str]) -> tuple[int, int]:
    try:
        path = [bytes.fromhex(one) for one in hashes]
    except ValueError:
        path = [b""]
    if not is_consistent(older.size, older.root, newer.size, newer.root, path):
        raise NotProven(
            "the later log does not continue the earlier",
            "나중 기록이 앞의 기록과 이어지지 않습니다",
        )
    return older.size, newer.size


def _later(size: int, steps: Sequence[tuple[int, int]]) -> set[int]:
    """Return the sizes that continue one, itself with them."""
    reached = {size}
    for _ in steps:
        reached |= {newer for older, newer in steps if older in reached}
    return reached


def _not_held() -> NotProven:
    return NotProven(
        "that city's signed log does not hold this fact", "그 도시의 기록에 없는 사실입니다"
    )

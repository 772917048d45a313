"""Bring checkpoints to the chain, one after another, whatever stops in between.

`step` does what can be done without waiting, and is called again: every few seconds while something
is under way. A transaction is kept before it is sent, and the same one is sent again after a crash
or a silence; with higher fees, but the same nonce, if no block takes it. So a checkpoint is never
there twice. What a reorganisation takes away is found again in another block, or submitted again,
oldest first.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from msgspec.structs import replace

from hapgang.core.errors import Conflict, Refused, Unavailable
from hapgang.ledger.anchor import chain as ask
from hapgang.ledger.anchor.chain import Anchored, Chain, Checkpoint, Prepared
from hapgang.ledger.anchor.kept import MOST_KEPT, Anchor, Kept, Lost, Pending, load, save

Newest: TypeAlias = Callable[[], Checkpoint | None]
Proof: TypeAlias = Callable[[int, int], Sequence[bytes]]
"""(smaller size, larger size) to the consistency proof."""
Signatures: TypeAlias = Callable[[Checkpoint], Sequence[bytes]]
"""What witnesses say to a checkpoint; `Unavailable` if too few are there."""

_LATE_S = 60.0
"""After which no block took a transaction and it is made again with higher fees; an assumption."""
_MOST_SENT = 8
_LONGEST_PAUSE_S = 300.0


class Stage(StrEnum):
    """How it stands after a step."""

    IDLE = "idle"
    SENT = "sent"
    WAITING = "waiting"
    ANCHORED = "anchored"
    AWAY = "away"
    REFUSED = "refused"
    FORKED = "forked"


class Anchoring:
    """What submits the log of one city to one contract; for one thread."""

    def __init__(
        self, chain: Chain, path: Path, *, newest: Newest, proof: Proof, signatures: Signatures
    ) -> None:
        """Go on from where `path` says it was."""
        self._chain, self._path = chain, path
        self._newest, self._proof, self._signatures = newest, proof, signatures
        self._kept = load(path)
        here = (chain.id, chain.contract)
        if (self._kept.chain, self._kept.contract) != here:  # another contract: a new beginning
            self._kept = Kept(*here)
        self._failures = 0
        self._again_at_s = 0.0
        self.stage = Stage.IDLE
        self.why = ""

    @property
    def last(self) -> Anchor | None:
        """The newest that is anchored for good."""
        return self._kept.anchored[-1] if self._kept.anchored else None

    def step(self, now_s: float) -> Stage:
        """Do what can be done now. After a failure, nothing for 1 s, 2 s, 4 s ... at most 300 s."""
        if now_s < self._again_at_s:
            return self.stage
        try:
            self.stage, self.why = self._step(now_s), ""
        except (Unavailable, OSError) as error:
            self._pause(Stage.AWAY, error, now_s)
        except Refused as error:
            self._pause(Stage.REFUSED, error, now_s)
        except Conflict as error:
            self._pause(Stage.FORKED, error, now_s)
        else:
            self._failures = 0
        return self.stage

    def is_old(self, size: int) -> bool:
        """Whether older anchors than are kept here could cover it: the chain has to be asked."""
        kept = self._kept.anchored
        return bool(kept) and kept[0].size >= size and kept[0].number > 0

    def covering(self, size: int) -> Anchor | None:
        """Return the oldest anchor of a log of at least `size` leaves, as receipts tell it."""
        kept = self._kept.anchored
        if not kept or kept[-1].size < size:
            return None
        if self.is_old(size):
            older = ask.covering(self._chain, size, known=kept[0].number)
            return kept[0] if older is None else self._anchor(older)
        return next(anchor for anchor in kept if anchor.size >= size)

    def _pause(self, stage: Stage, error: Exception, now_s: float) -> None:
        self.stage, self.why = stage, str(error)
        self._again_at_s = now_s + min(2.0**self._failures, _LONGEST_PAUSE_S)
        self._failures = min(self._failures + 1, 16)

    def _keep(self, kept: Kept) -> None:
        save(self._path, kept)
        self._kept = kept

    def _step(self, now_s: float) -> Stage:
        if self._kept.pending is not None:
            return self._follow(self._kept.pending, now_s)
        self._look_after()
        wanted = self._wanted()
        return Stage.IDLE if wanted is None else self._submit(wanted, now_s)

    def _wanted(self) -> Lost | None:
        """Return what is to be submitted next: what was lost, else the newest."""
        on_chain = ask.last(self._chain)
        size = on_chain.size if on_chain else 0
        if self._kept.lost:
            oldest = self._kept.lost[0]
            return oldest if oldest.checkpoint.size > size else None  # else it is back already
        newest = self._newest()
        known = newest.size if newest else 0
        if known < size:
            raise Conflict(
                f"{size} leaves are anchored, and the city's log has {known}: it is an older copy."
                " Restore the newer one",
                f"잎이 {size}개인 로그가 앵커되어 있는데 도시의 로그는 {known}개입니다."
                " 오래된 사본이니 더 새로운 것을 되돌리세요",
            )
        if newest is None or known == 0:
            return None
        if known > size:
            return Lost(newest, ())
        if on_chain is None or newest.root != on_chain.root:
            raise Conflict(
                f"Another log of {size} leaves is anchored: the city's is not what it was",
                f"잎이 {size}개인 다른 로그가 앵커되어 있습니다. 도시의 로그가 달라졌습니다.",
            )
        is_new = self.last is None or self.last.size < size
        if is_new and self._chain.is_final(on_chain.block):  # somebody else brought it
            self._add(self._anchor(on_chain))
        return None

    def _submit(self, wanted: Lost, now_s: float) -> Stage:
        checkpoint = wanted.checkpoint
        on_chain = ask.last(self._chain)
        proof = self._proof(on_chain.size, checkpoint.size) if on_chain else ()
        try:
            signatures = wanted.signatures or tuple(self._signatures(checkpoint))
        except Unavailable:
            self._give_up(wanted)  # witnesses who saw a longer log sign no shorter one
            raise
        try:
            made = self._chain.prepared(ask.submission(checkpoint, proof, signatures))
        except Refused:
            self._give_up(wanted)
            raise
        self._keep(replace(self._kept, pending=Pending(checkpoint, signatures, (made,), now_s)))
        self._send(made)
        return Stage.SENT

    def _give_up(self, wanted: Lost) -> None:
        """Ask for new signatures to what was lost; if it has such, leave it to the newest."""
        if wanted in self._kept.lost:
            again = (replace(wanted, signatures=()),) if wanted.signatures else ()
            self._keep(replace(self._kept, lost=again + self._kept.lost[1:]))

    def _send(self, made: Prepared) -> None:
        try:
            self._chain.send(made)
        except Refused:
            self._keep(replace(self._kept, pending=None))
            raise

    def _follow(self, pending: Pending, now_s: float) -> Stage:
        outcomes = [self._chain.outcome(made) for made in pending.sent]
        blocks = [outcome for outcome in outcomes if outcome.block is not None]
        if blocks:
            return self._settle(pending) if blocks[0].is_final else Stage.WAITING
        if all(outcome.is_void for outcome in outcomes):
            self._keep(replace(self._kept, pending=None))  # the next step looks at the chain anew
            return Stage.WAITING
        self._send(self._raised(pending, now_s))
        return Stage.WAITING

    def _raised(self, pending: Pending, now_s: float) -> Prepared:
        """Return the transaction to send again: with higher fees, if none was taken for long."""
        newest = pending.sent[-1]
        if now_s - pending.since_s < _LATE_S or len(pending.sent) == _MOST_SENT:
            return newest
        made = self._chain.raised(newest)
        if made != newest:
            sent = (*pending.sent, made)
            self._keep(replace(self._kept, pending=replace(pending, sent=sent, since_s=now_s)))
        return made

    def _settle(self, pending: Pending) -> Stage:
        """A final block has the transaction, which the contract took or not: see what is there."""
        found = ask.anchored_as(self._chain, pending.checkpoint)
        if found is None:
            self._keep(replace(self._kept, pending=None))
            return Stage.WAITING
        self._look_after()
        self._add(self._anchor(found, pending.signatures))
        return Stage.ANCHORED

    def _look_after(self) -> None:
        """See that what is anchored is still there, newest first, and find what was not."""
        steady, moved = list(self._kept.anchored), list(self._kept.lost)
        while steady and not self._is_there(steady[-1]):
            gone = steady.pop()
            moved.insert(0, Lost(gone.checkpoint, gone.signatures))
        if not moved:
            return
        on_chain = ask.last(self._chain)
        lost = []
        for each in moved:
            found = ask.anchored_as(self._chain, each.checkpoint)
            if found is not None and self._chain.is_final(found.block):
                steady.append(self._anchor(found, each.signatures))
            elif found is not None or on_chain is None or each.checkpoint.size > on_chain.size:
                lost.append(each)  # what is neither was overtaken: a longer log stands for it
        kept = replace(self._kept, anchored=tuple(steady[-MOST_KEPT:]), lost=tuple(lost))
        if kept != self._kept:
            self._keep(kept)

    def _is_there(self, anchor: Anchor) -> bool:
        """Whether its block is; then all that was before is, too."""
        return self._chain.block_hash(anchor.block) == anchor.block_hash

    def _anchor(self, found: Anchored, signatures: tuple[bytes, ...] = ()) -> Anchor:
        transaction = self._chain.transaction_of(found)
        if transaction is None:
            raise Unavailable(
                f"The node does not know who brought checkpoint {found.number}",
                f"노드가 체크포인트 {found.number}의 거래를 알지 못합니다.",
            )
        return Anchor(
            self._chain.id, self._chain.contract, found.number, found.size, found.root,
            found.at, found.block, self._chain.block_hash(found.block), transaction, signatures,
        )  # fmt: skip

    def _add(self, anchor: Anchor) -> None:
        """Keep what is anchored for good; nothing is under way then."""
        anchored = (*self._kept.anchored, anchor)[-MOST_KEPT:]
        lost = tuple(each for each in self._kept.lost if each.checkpoint.size > anchor.size)
        self._keep(replace(self._kept, anchored=anchored, pending=None, lost=lost))

"""The bulletin board: everybody's ballots in the order in which they came, and which count.

Each entry is a fact of the city's log (decision 0019). The board's own fingerprint is over its
entries' fingerprints, in order; trustees decrypt for one fingerprint, and say so in their proofs.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Annotated

from msgspec import Meta, Struct

from hapgang.core.errors import Conflict, Invalid
from hapgang.ledger.ballots.ballot import Ballot, Entry, Strike, WrongBallot, check_ballot
from hapgang.ledger.ballots.canonical import fingerprint
from hapgang.ledger.ballots.poll import Poll, limits, ready

_CHUNK = 250
Whole = Annotated[int, Meta(ge=0, le=100_000_000)]


class NotAfter(Conflict):
    """What a pseudonym has on the board does not allow this entry any more."""


class Receipt(Struct, frozen=True):
    """What a voter takes home: the ballot's fingerprint and place. It tells nothing of the vote."""

    poll: str
    pseudonym: str
    revision: int
    ballot: str
    index: int


class Roll(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="roll"):
    """How many had a right, how many took a token, how many voted on paper."""

    id: str
    poll: str
    eligible: Whole
    tokens: Whole
    paper: Whole


class Paper(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="paper"):
    """What the paper ballots' counters counted: for each contest a number for each cell."""

    id: str
    poll: str
    ballots: Whole
    counts: tuple[tuple[Whole, ...], ...]


class Close(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="close"):
    """The board as it stands at the close: nothing is added to it any more."""

    id: str
    poll: str
    entries: Whole
    board: str
    counted: Whole


def check_next(latest: Entry | None, entry: Entry) -> None:
    """Raise `NotAfter` unless an entry may follow its pseudonym's latest one on the board."""
    if isinstance(latest, Strike):
        raise NotAfter("this pseudonym votes on paper", "이 가명은 종이로 투표합니다")
    if latest is not None and entry.revision <= latest.revision:
        raise NotAfter(
            f"revision {entry.revision} is not after {latest.revision}",
            f"{entry.revision}차는 {latest.revision}차보다 나중이 아닙니다",
        )


def latest_of(board: Iterable[Entry]) -> dict[str, Entry]:
    """Return what stands for each pseudonym; raise `WrongBallot` where the order is broken."""
    latest: dict[str, Entry] = {}
    for index, entry in enumerate(board):
        try:
            check_next(latest.get(entry.pseudonym), entry)
        except NotAfter as error:
            raise WrongBallot(
                f"entry {index}: {error.message.en}", f"{index}번 항목: {error.message.ko}"
            ) from None
        latest[entry.pseudonym] = entry
    return latest


def counted(latest: Mapping[str, Entry]) -> list[Ballot]:
    """Return the ballots that count: each pseudonym's last, if it was not struck."""
    return [entry for entry in latest.values() if isinstance(entry, Ballot)]


def faults(poll: Poll, entries: Sequence[Entry]) -> list[str | None]:
    """Check entries one by one; for each, what is wrong with it."""
    return [_fault(poll, entry) for entry in entries]


def _fault(poll: Poll, entry: Entry) -> str | None:
    try:
        check_ballot(poll, entry)
    except WrongBallot as error:
        return error.message.en
    return None


def check_board(
    poll: Poll, board: Sequence[Entry], executor: Executor | None = None
) -> list[Ballot]:
    """Check every entry and the order; return the ballots that count.

    executor: processes to share the work with. Raises `WrongBallot`, naming the first wrong entry.
    """
    chunks = [board[start : start + _CHUNK] for start in range(0, len(board), _CHUNK)]
    share = executor.map if executor else map
    found = share(faults, [poll] * len(chunks), chunks)
    for index, fault in enumerate(fault for chunk in found for fault in chunk):
        if fault is not None:
            raise WrongBallot(f"entry {index}: {fault}", f"{index}번 항목: {fault}")
    return counted(latest_of(board))


def board_fingerprint(board: Sequence[Entry]) -> str:
    """Return the fingerprint of a board."""
    return fingerprint([fingerprint(entry) for entry in board])


def receipt(entry: Entry, index: int) -> Receipt:
    """Return what the voter keeps."""
    return Receipt(entry.poll, entry.pseudonym, entry.revision, fingerprint(entry), index)


def close(poll: Poll, board: Sequence[Entry]) -> Close:
    """Seal a board whose entries were checked when they came."""
    ballots = counted(latest_of(board))
    made = board_fingerprint(board)
    return Close(f"{poll.id}/close", ready(poll).fingerprint, len(board), made, len(ballots))


def check_roll(poll: Poll, roll: Roll, latest: Mapping[str, Entry]) -> None:
    """Raise unless nobody can have voted twice: tokens cover pseudonyms, rights cover votes."""
    struck = sum(isinstance(entry, Strike) for entry in latest.values())
    if (
        (roll.id, roll.poll) != (f"{poll.id}/roll", ready(poll).fingerprint)
        or len(latest) > roll.tokens
        or roll.tokens > roll.eligible
        or roll.tokens - struck + roll.paper > roll.eligible
    ):
        raise Invalid(
            "there are more pseudonyms than tokens, or more votes than rights",
            "가명이 투표권보다 많거나, 표가 유권자보다 많습니다",
        )


def check_paper(poll: Poll, roll: Roll, paper: Paper | None) -> tuple[tuple[int, ...], ...]:
    """Return the paper ballots' counts; raise when so many ballots cannot sum to them.

    They may sum to less: a paper ballot may be blank or void.
    """
    shapes = ready(poll).shapes
    if paper is None:
        paper = Paper(
            f"{poll.id}/paper", roll.poll, 0, tuple((0,) * form.counted for form in shapes)
        )
    right = (paper.id, paper.poll) == (
        f"{poll.id}/paper",
        roll.poll,
    ) and paper.ballots == roll.paper
    right = right and len(paper.counts) == len(shapes)
    for contest, form, counts in zip(poll.contests, shapes, paper.counts, strict=False):
        right = right and len(counts) == form.counted
        right = right and all(0 <= count <= paper.ballots * contest.top for count in counts)
        for limit in limits(contest) if right else []:
            total = sum(weight * counts[cell] for cell, weight in limit.weights)
            right = right and total <= limit.most * paper.ballots
    if not right:
        raise Invalid("so many paper ballots cannot sum to this", "종이 표의 집계가 맞지 않습니다")
    return paper.counts

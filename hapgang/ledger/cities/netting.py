"""What two cities owe each other: statements that each signs, of what it sent and what it took."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hapgang.core.clock import Instant
from hapgang.core.errors import Invalid
from hapgang.ledger.cities.signing import statement_in, statement_text
from hapgang.ledger.cities.terms import Origin
from hapgang.ledger.log.note import Note

HEADING = "hapgang netting statement 1"
MOST_LINES = 20_000
_Won = Annotated[int, Meta(ge=-(2**53), le=2**53)]


class NettingLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A slip that was sent or taken, or a payment by bank."""

    step: Literal["sent", "taken", "returned", "bank out", "bank in"]
    slip: Annotated[str, Meta(max_length=300)]  # its fact in the home city's log, or a reference
    amount_won: _Won
    at: Instant


class NettingSums(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a city says of all that went between it and another in a time: signed."""

    agreement: str
    by: Origin
    since: Instant
    until: Instant
    opening_won: _Won  # what it owed then
    sent_won: _Won
    taken_won: _Won
    by_bank_won: _Won  # received, less what was paid
    owes_won: _Won  # to the other; below zero: the other owes it
    lines: int
    lines_sha256: Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]


class NettingStatement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sums as a signed note, and what they are the sums of."""

    note: str
    lines: Annotated[tuple[NettingLine, ...], Meta(max_length=MOST_LINES)]


def digest(lines: Iterable[NettingLine]) -> str:
    """Return what ties the lines to the signed sums."""
    found = sha256()
    for line in lines:
        found.update(msgspec.json.encode(line, order="deterministic") + b"\n")
    return found.hexdigest()


def sums_of(
    agreement: str, by: str, period: tuple[Instant, Instant], opening_won: int,
    lines: Sequence[NettingLine],
) -> NettingSums:  # fmt: skip
    """Add up what was sent, less what came back, and what was taken."""
    moved = {"sent": 0, "taken": 0, "returned": 0, "bank out": 0, "bank in": 0}
    for line in lines:
        moved[line.step] += line.amount_won
    sent_won = moved["sent"] - moved["returned"]
    by_bank_won = moved["bank in"] - moved["bank out"]
    owes_won = opening_won + sent_won - moved["taken"] + by_bank_won
    return NettingSums(
        agreement, by, *period, opening_won, sent_won, moved["taken"], by_bank_won, owes_won,
        len(lines), digest(lines),
    )  # fmt: skip


def netting_text(sums: NettingSums) -> str:
    """Return what the city signs."""
    return statement_text(HEADING, sums)


def sums_in(note: Note, lines: Sequence[NettingLine]) -> NettingSums:
    """Return the sums of a note; `Invalid` where these are not its lines."""
    sums = statement_in(HEADING, note, NettingSums)
    if sums.lines != len(lines) or sums.lines_sha256 != digest(lines):
        raise Invalid("these are not the lines that were signed", "서명된 내역과 다릅니다")
    return sums

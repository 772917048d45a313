"""The agreement of two cities on each other's currency: a note that both logs' keys sign.

Its first line says what it is, so that neither signature can be taken for one of a checkpoint:
a checkpoint's first line is the name of its log.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.clock import Instant
from hapgang.core.errors import Invalid
from hapgang.ledger.cities.signing import statement_in, statement_text
from hapgang.ledger.log.note import Note, VerifierKey, parse_note, signed_by

HEADING = "hapgang currency agreement 1"
Won = Annotated[int, Meta(ge=1, le=1_000_000_000_000)]
Origin = Annotated[str, Meta(pattern=r"\A[a-z0-9][a-z0-9._/-]{1,80}\Z")]


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What two cities agree on; it holds in both directions."""

    between: tuple[Origin, Origin]  # the two logs, in the order of their names
    day_won: Won  # the most that one person takes across in a day
    outstanding_won: Won  # the most that one city owes the other
    since: Instant
    until: Instant
    fee_won: Annotated[int, Meta(ge=0, le=0)] = 0  # what is paid there is got here, to the won
    unit: Annotated[str, Meta(pattern=r"\AKRW\Z")] = "KRW"

    def other(self, origin: str) -> str:
        """Return the log of the other city."""
        return self.between[1] if self.between[0] == origin else self.between[0]


def text_of(terms: Terms) -> str:
    """Return what both cities sign."""
    return statement_text(HEADING, terms)


def terms_in(note: Note) -> Terms:
    """Return the terms of a note; `Invalid` where they are none."""
    terms = statement_in(HEADING, note, Terms)
    if tuple(sorted(terms.between)) != terms.between or terms.between[0] == terms.between[1]:
        raise _invalid("it is between two cities, in the order of their names")
    if terms.until <= terms.since:
        raise _invalid("it ends before it begins")
    if text_of(terms) != note.text:
        raise _invalid("it is not written as agreements are")
    return terms


def signers(note: Note, keys: tuple[VerifierKey, ...]) -> frozenset[str]:
    """Return whose logs signed, of those whose keys are given."""
    try:
        return frozenset(key.name for key in signed_by(note, keys))
    except Invalid:
        return frozenset()


def read(whole: str) -> tuple[Note, Terms]:
    """Return an agreement as it is handed on; nobody's signature is believed yet."""
    note = parse_note(whole)
    return note, terms_in(note)


def _invalid(why: str) -> Invalid:
    return Invalid(f"this is no agreement: {why}", "협약서 형식이 아닙니다")

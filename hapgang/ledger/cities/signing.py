"""Statements that a log's key signs: a heading, one line of JSON, and signatures as of a note."""

import json
from typing import TypeVar

import msgspec

from hapgang.core.errors import Invalid
from hapgang.ledger.log.note import Note

S = TypeVar("S", bound=msgspec.Struct)


def statement_text(heading: str, said: msgspec.Struct) -> str:
    """Return the text that is signed, the same for the same words."""
    words = msgspec.to_builtins(said)
    line = json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"{heading}\n{line}\n"


def statement_in(heading: str, note: Note, form: type[S]) -> S:
    """Return what a note says under a heading; `Invalid` where it is something else."""
    first, _, rest = note.text.partition("\n")
    try:
        if first != heading or rest.count("\n") != 1:
            raise Invalid(f"it does not begin with “{heading}”", "다른 종류의 문서입니다")
        return msgspec.json.decode(rest, type=form)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise Invalid(f"it is not in order: {wrong}", f"형식이 바르지 않습니다: {wrong}") from None

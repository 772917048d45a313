"""Agreements and netting statements: what is signed is what is read, and nothing else is."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.ledger.cities.netting import NettingLine, netting_text, sums_in, sums_of
from hapgang.ledger.cities.terms import Terms, read, signers, terms_in, text_of
from hapgang.ledger.log.note import Note, Signer, parse_checkpoint, parse_note

HOME, AWAY = Signer("hapgang/home", b"h" * 32), Signer("hapgang/away", b"a" * 32)
KEYS = (HOME.key(), AWAY.key())
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
TERMS = Terms(("hapgang/away", "hapgang/home"), 50_000, 10**6, SINCE, SINCE + timedelta(days=9))


def signed(text: str, *by: Signer) -> str:
    return Note(text, tuple(one.sign(text) for one in by)).whole()


def test_what_both_signed_is_read_back() -> None:
    note, terms = read(signed(text_of(TERMS), HOME, AWAY))
    assert terms == TERMS
    assert signers(note, KEYS) == {"hapgang/home", "hapgang/away"}
    assert signers(parse_note(signed(text_of(TERMS), HOME)), KEYS) == {"hapgang/home"}
    assert signers(note, (Signer("hapgang/home", b"x" * 32).key(),)) == frozenset()


def test_no_agreement_is_a_checkpoint() -> None:
    with pytest.raises(Invalid):
        parse_checkpoint(text_of(TERMS))
    with pytest.raises(Invalid, match="begin with"):
        terms_in(HOME.checkpoint(3, b"r" * 32))


@pytest.mark.parametrize(
    "changed",
    [
        {"between": ("hapgang/home", "hapgang/away")},
        {"between": ("hapgang/home", "hapgang/home")},
        {"until": SINCE},
        {"fee_won": 1},
        {"unit": "EUR"},
        {"day_won": 0},
        {"outstanding_won": -5},
    ],
)
def test_what_cannot_be_agreed_on_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        read(signed(text_of(msgspec.structs.replace(TERMS, **changed)), HOME, AWAY))


def test_an_agreement_is_written_in_one_way_only() -> None:
    text = text_of(TERMS)
    for other in (text.replace(":50000", ": 50000"), text.replace('"unit":"KRW",', "")):
        assert other != text
        with pytest.raises(Invalid):
            read(signed(other, HOME, AWAY))


LINES = st.lists(
    st.builds(
        NettingLine,
        step=st.sampled_from(["sent", "taken", "returned", "bank out", "bank in"]),
        slip=st.text(min_size=1, max_size=20), amount_won=st.integers(1, 10**9),
        at=st.just(SINCE),
    ),
    max_size=12,
)  # fmt: skip


@given(LINES, st.integers(-(10**9), 10**9))
def test_what_is_owed_is_the_balance_of_the_book(lines: list[NettingLine], opening: int) -> None:
    into = {"sent": 1, "bank in": 1, "taken": -1, "returned": -1, "bank out": -1}
    sums = sums_of("urn:a", "hapgang/home", (SINCE, TERMS.until), opening, lines)
    assert sums.owes_won == opening + sum(into[one.step] * one.amount_won for one in lines)
    note = parse_note(signed(netting_text(sums), HOME))
    assert sums_in(note, lines) == sums
    more = [*lines, NettingLine("taken", "x", 1, SINCE)]
    with pytest.raises(Invalid, match="not the lines"):
        sums_in(note, more)
    if lines and lines != lines[::-1]:
        with pytest.raises(Invalid, match="not the lines"):
            sums_in(note, lines[::-1])

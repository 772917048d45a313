"""What a unit tells the log: its transfers, terms of accounts, and what services have recorded."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.ledger.book import Book
from hapgang.ledger.log.facts import committed
from hapgang.ledger.log.leaves import Leaves, transfer_fact, whole_fact
from hapgang.ledger.till import Till
from hapgang.writer.unit import Fact, TransferRow, Unit

NOW = datetime(2026, 11, 23, 7, 0, 0, 120, tzinfo=UTC)
KEY = bytes(range(32))
ANNE = "urn:ngsi-ld:Person:anne"
words = st.text(max_size=40).filter(lambda text: all(not 0xD800 <= ord(c) <= 0xDFFF for c in text))


def unit_of(book: Book, seq: int = 7) -> tuple[Unit, Till]:
    unit = Unit(seq, NOW, "test", ANNE)
    return unit, Till(book, unit, service="platform", caller=ANNE, is_platform=True)


def test_terms_of_accounts_are_facts_and_balances_are_not() -> None:
    book = Book()
    unit, till = unit_of(book)
    till.open_account("treasury", "treasury", floor_won=None)
    till.open_account(ANNE, "resident")
    assert [fact.body["type"] for fact in unit.facts] == ["treasury", "resident"]
    assert [fact.person for fact in unit.facts] == [None, ANNE]
    unit, till = unit_of(book, 8)
    till.pay("t1", "treasury", ANNE, 5, "")
    assert unit.facts == []
    till.set_state(ANNE, "frozen")
    till.set_state(ANNE, "frozen")
    assert [fact.body["state"] for fact in unit.facts] == ["frozen"]
    assert len({fact.id for fact in unit.facts}) == len(unit.facts)


def test_every_fact_gets_its_leaf() -> None:
    book = Book()
    unit, till = unit_of(book)
    till.open_account("treasury", "treasury", floor_won=None)
    till.open_account(ANNE, "resident")
    till.pay("t1", "treasury", ANNE, 5, "")
    till.record("document", "d1", {"sha256": "ab" * 32, "size": 5}, person=ANNE)
    Leaves(KEY).add(unit)
    assert [leaf.kind for leaf in unit.leaves] == ["transfer", "account", "account", "document"]
    (paid, *_, document) = unit.leaves
    assert paid.commitment == committed(KEY, transfer_fact(unit.transfers[0], NOW))
    assert (paid.body, document.person) == (None, ANNE)
    assert document.body is not None
    told = json.loads(document.body)
    assert told["id"] == document.fact == "platform/d1"
    assert document.commitment == committed(KEY, told)


@pytest.mark.parametrize(
    "body",
    [
        {"a": 1.5},
        {"a": object()},
        {"a": 2**60},
        {"a": "x" * 70_000},
        {"a": "\ud800"},
        {"a": "x" * 65_490},  # with its instant it would have no receipt
    ],
)
def test_what_is_no_fact_is_refused(body: dict[str, Any]) -> None:
    unit, till = unit_of(Book())
    with pytest.raises(Invalid):
        till.record("document", "d1", body)
    assert unit.facts == []


@given(name=words.filter(bool), memo=words, amount=st.integers(1, 10**12))
def test_a_transfers_bytes_are_those_of_the_specification(
    name: str, memo: str, amount: int
) -> None:
    row = TransferRow(name, "a", "b", amount, "held", None, memo, NOW)
    unit = Unit(1, NOW, "t", "c")
    unit.transfers.append(row)
    unit.facts.append(Fact("note", "n", {"text": memo, "names": {name: [memo]}}))
    maker = Leaves(KEY)
    maker.add(unit)
    for leaf, fact in zip(
        unit.leaves, (transfer_fact(row, NOW), whole_fact(unit.facts[0], NOW)), strict=True
    ):
        text = json.dumps(fact, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        salt = maker.salt(leaf.kind, leaf.fact)
        assert leaf.commitment == sha256(salt + text.encode()).digest()

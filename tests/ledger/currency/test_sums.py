"""Fees, statements, reconciliation, bank files: sums that agree, and what is found where not."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.ledger.currency.fees import compared, local_share, merchant_fees_saved_won, velocity
from hapgang.ledger.currency.pain import (
    NAMESPACE,
    BankParty,
    BankPayment,
    bank_document,
    faults_in,
)
from hapgang.ledger.currency.reconcile import AccountSum, reconciled
from hapgang.ledger.currency.statement import Moved, csv_of, statement_of

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


def test_the_white_papers_10_000_won() -> None:
    fees = compared(10_000)
    assert (fees.card_fees_won, fees.card_company_won, fees.network_won) == (250, 220, 30)
    assert fees.points_won == 100
    assert merchant_fees_saved_won(40_000) == 1_000


def test_shares_and_velocity() -> None:
    assert local_share(75, 100) == 0.75
    assert local_share(0, 0) is None
    assert velocity(1_000, 500, 365.25) == 2.0
    assert velocity(1_000, 0, 30) is None
    assert velocity(1, 1, 0) is None


def test_a_statement_runs_and_its_csv_holds_no_formula() -> None:
    moved = [Moved(NOW, "t1", "me", "shop", 300, "=1+1"), Moved(NOW, "t2", "her", "me", 50, "a,b")]
    found = statement_of("me", "2026-11", 1_000, moved)
    assert [line.balance_won for line in found.lines] == [700, 750]
    assert (found.lines[0].amount_won, found.closing_won) == (-300, 750)
    rows = list(csv.reader(io.StringIO(csv_of(found, UTC))))
    assert rows[0] == ["at", "transfer", "other", "memo", "amount_won", "balance_won"]
    assert rows[1][3:] == ["'=1+1", "-300", "700"]
    assert rows[2][3] == "a,b"
    for wide in ("＝1+1", "＠x", "\n=1+1"):
        moved[0] = moved[0]._replace(memo=wide)
        text = csv_of(statement_of("me", "2026-11", 1_000, moved), UTC)
        assert next(row for row in csv.reader(io.StringIO(text)) if "-300" in row)[3] == f"'{wide}"


def test_a_sound_book_has_no_differences() -> None:
    accounts = [AccountSum("T", "treasury", -900, 0), AccountSum("a", "resident", 900, 100)]
    found = reconciled(accounts, {"T": -900, "a": 900}, {"a": 100}, 1_000, 100)
    assert (found.sum_won, found.circulating_won, found.differences) == (0, 900, [])


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"a": 901}, {"balance", "sum of all accounts", "circulating"}),
        ({"held": 101}, {"held"}),
        ({"moved": 899}, {"balance"}),
        ({"stranger": 5}, {"transfers without an account"}),
        ({"issued": 1_001}, {"circulating"}),
    ],
)
def test_whatever_is_changed_is_found(change: dict[str, int], what: set[str]) -> None:
    accounts = [
        AccountSum("T", "treasury", -900, 0),
        AccountSum("a", "resident", change.get("a", 900), change.get("held", 100)),
    ]
    moved = {"T": -900, "a": change.get("moved", 900)}
    if "stranger" in change:
        moved["x"] = change["stranger"]
    found = reconciled(accounts, moved, {"a": 100}, change.get("issued", 1_000), 100)
    assert {one.what for one in found.differences} == what


PAYER = BankParty("세종시 <지역화폐>", "NACFKRSE", "301-0000-1111")


def document(*amounts_won: int) -> bytes:
    payments = [
        BankPayment(f"{i:016x}", BankParty("가게 & 빵", "KOEXKRSEXXX", "123-456-789"), won, "cash")
        for i, won in enumerate(amounts_won)
    ]
    return bank_document("f" * 16, PAYER, payments, NOW, date(2026, 11, 24))


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=20))
def test_a_bank_file_is_as_the_message_prescribes(amounts_won: list[int]) -> None:
    made = document(*amounts_won)
    assert faults_in(made) == []
    assert NAMESPACE.encode() in made
    assert f"<CtrlSum>{sum(amounts_won)}</CtrlSum>".encode() in made


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b"<PmtMtd>TRF</PmtMtd>", b"<PmtMtd>CHK</PmtMtd>", "PmtMtd"),
        (b'Ccy="KRW"', b'Ccy="USD"', "KRW"),
        (b">700<", b">700.5<", "InstdAmt"),
        (b">700<", b">-700<", "InstdAmt"),
        (b"KOEXKRSEXXX", b"KOEX", "BICFI"),
        (b"<NbOfTxs>1<", b"<NbOfTxs>2<", "NbOfTxs"),
        (b"<RmtInf>", b"<Purp /><RmtInf>", "instead of"),
        (b"pain.001.001.09", b"pain.001.001.03", "namespace"),
    ],
)
def test_what_is_not_so_is_said(old: bytes, new: bytes, fault: str) -> None:
    spoilt = document(700).replace(old, new)
    assert any(fault in one for one in faults_in(spoilt))


def test_an_empty_bank_file_is_a_fault() -> None:
    assert faults_in(document()) != []

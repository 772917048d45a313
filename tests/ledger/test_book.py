"""The book against a naive one, under every order of transfers, holds, refunds and failures."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hapgang.core.errors import CityError, Conflict, Invalid, NotFound
from hapgang.core.remembered import Remembered
from hapgang.ledger.book import Book, NotEnoughMoney
from hapgang.writer.unit import AccountRow, TransferRow, Unit

ACCOUNTS = {"treasury": None, "anne": 0, "bert": 0, "shop": -500}  # and how low each may go
accounts = st.sampled_from([*ACCOUNTS, "nobody"])
amounts = st.integers(-5, 1000)
ids = st.sampled_from([f"t{i}" for i in range(12)])
NOW = datetime(2026, 11, 23, tzinfo=UTC)


class Naive:
    """What the ledger means, by going through all transfers every time."""

    def __init__(self) -> None:
        self.rows: dict[str, TransferRow] = {}
        self.frozen: set[str] = set()
        self.now = NOW

    def balance(self, account: str) -> int:
        moved = [r for r in self.rows.values() if r.step in ("posted", "captured")]
        return sum(r.amount_won * ((r.credit == account) - (r.debit == account)) for r in moved)

    def held(self, account: str) -> int:
        return sum(r.amount_won for r in self.open_holds() if r.debit == account)

    def open_holds(self) -> list[TransferRow]:
        ended = {r.of for r in self.rows.values() if r.step in ("captured", "released")}
        return [r for r in self.rows.values() if r.step == "held" and r.id not in ended]

    def may(self, row: TransferRow) -> bool:
        """Whether a new row follows the rules."""
        if row.step in ("captured", "released"):
            return self._may_end(row)
        floor = ACCOUNTS.get(row.debit, 0)
        free = self.balance(row.debit) - self.held(row.debit)
        return (
            row.amount_won > 0
            and row.debit != row.credit
            and {row.debit, row.credit} <= set(ACCOUNTS)
            and row.debit not in self.frozen
            and (floor is None or free - row.amount_won >= floor)
            and (row.of is None or self._may_refund(row))
        )

    def _may_end(self, row: TransferRow) -> bool:
        held = next((r for r in self.open_holds() if r.id == row.of), None)
        if held is None or not 0 < row.amount_won <= held.amount_won:
            return False
        is_over = held.until is not None and held.until <= self.now
        return row.step == "released" or not is_over

    def _may_refund(self, row: TransferRow) -> bool:
        paid = self.rows.get(row.of or "")
        if paid is None or paid.step not in ("posted", "captured"):
            return False
        back = sum(r.amount_won for r in self.rows.values() if r.of == paid.id)
        is_way_back = (row.debit, row.credit) == (paid.credit, paid.debit)
        return is_way_back and back + row.amount_won <= paid.amount_won


class BookAgainstNaive(RuleBasedStateMachine):
    """Each rule is one unit; some fail after the fact and are taken back."""

    @initialize()
    def open_accounts(self) -> None:
        self.book, self.naive = Book(), Naive()
        for name, floor_won in ACCOUNTS.items():
            self.book.open(self.unit(), AccountRow(name, "resident", name, floor_won, 0, 0))
        self.do(TransferRow("t0", "treasury", "anne", 900, "posted", None, ""))

    def unit(self) -> Unit:
        return Unit(1, self.naive.now, "test", "anne")

    def do(self, row: TransferRow, *, fail: bool = False) -> None:
        unit = self.unit()
        before = self.naive.rows.get(row.id)
        expected = before == row if before is not None else self.naive.may(row)
        try:
            assert self.action_of(row)(unit) == row
            happened = True
        except CityError:
            happened = False
            unit.take_back()
        assert happened is expected
        if fail:
            unit.take_back()
        elif happened:
            self.naive.rows[row.id] = row
            assert unit.transfers == ([] if before is not None else [row])

    def action_of(self, row: TransferRow) -> Callable[[Unit], TransferRow]:
        book, of = self.book, row.of or ""
        if row.step == "captured":
            return lambda unit: book.capture(unit, of, row.id, row.amount_won, row.memo)
        if row.step == "released":
            return lambda unit: book.release(unit, of, row.id, row.memo)
        do = book.hold if row.step == "held" else book.transfer
        return lambda unit: do(unit, row)

    @rule(name=ids, debit=accounts, credit=accounts, amount=amounts, fail=st.booleans())
    def pay(self, name: str, debit: str, credit: str, amount: int, fail: bool) -> None:
        self.do(TransferRow(name, debit, credit, amount, "posted", None, ""), fail=fail)

    @rule(
        name=ids, debit=accounts, credit=accounts, amount=amounts, fail=st.booleans(),
        lasts_s=st.sampled_from([None, 0, 60]),
    )  # fmt: skip
    def hold(
        self, name: str, debit: str, credit: str, amount: int, fail: bool, lasts_s: int | None
    ) -> None:
        until = None if lasts_s is None else self.naive.now + timedelta(seconds=lasts_s)
        row = TransferRow(name, debit, credit, amount, "held", None, "", until)
        before = self.naive.rows.get(name)
        if before is not None and before._replace(until=until) == row:
            row = before  # asked for again, a while later
        self.do(row, fail=fail)

    @rule(seconds=st.sampled_from([1, 30, 60]))
    def wait(self, seconds: int) -> None:
        self.naive.now += timedelta(seconds=seconds)
        open_holds = self.naive.open_holds()
        over = [held for held in open_holds if held.until and held.until <= self.naive.now]
        assert self.book.expired(self.naive.now) == over

    @rule(account=st.sampled_from([*ACCOUNTS]), fail=st.booleans())
    def freeze_or_thaw(self, account: str, fail: bool) -> None:
        unit, is_frozen = self.unit(), account in self.naive.frozen
        self.book.set_state(unit, account, "open" if is_frozen else "frozen")
        if fail:
            unit.take_back()
        else:
            self.naive.frozen ^= {account}

    @rule(name=ids, of=ids, amount=amounts, fail=st.booleans(), all_of_it=st.booleans())
    def capture(self, name: str, of: str, amount: int, fail: bool, all_of_it: bool) -> None:
        held = self.naive.rows.get(of)
        if held is None or held.step != "held":
            with pytest.raises(NotFound):
                self.book.capture(self.unit(), of, name, amount, "")
            return
        amount = held.amount_won if all_of_it else amount
        self.do(TransferRow(name, held.debit, held.credit, amount, "captured", of, ""), fail=fail)

    @rule(name=ids, of=ids, fail=st.booleans())
    def release(self, name: str, of: str, fail: bool) -> None:
        held = self.naive.rows.get(of)
        if held is None or held.step != "held":
            with pytest.raises(NotFound):
                self.book.release(self.unit(), of, name, "")
            return
        self.do(
            TransferRow(name, held.debit, held.credit, held.amount_won, "released", of, ""),
            fail=fail,
        )

    @rule(name=ids, of=ids, amount=amounts, fail=st.booleans())
    def refund(self, name: str, of: str, amount: int, fail: bool) -> None:
        paid = self.naive.rows.get(of)
        debit, credit = (paid.credit, paid.debit) if paid else ("anne", "bert")
        self.do(TransferRow(name, debit, credit, amount, "posted", of, ""), fail=fail)

    @invariant()
    def nothing_is_lost(self) -> None:
        assert self.book.total_won() == 0
        for account in self.book.accounts():
            assert account.balance_won == self.naive.balance(account.id)
            assert account.held_won == self.naive.held(account.id)
            floor_won = ACCOUNTS[account.id]
            assert floor_won is None or account.balance_won - account.held_won >= floor_won
        for row in self.naive.rows.values():
            assert self.book.find(row.id) == row


TestBookAgainstNaive = BookAgainstNaive.TestCase
TestBookAgainstNaive.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@pytest.fixture
def book() -> Book:
    book = Book()
    for name, floor_won in ACCOUNTS.items():
        book.open(Unit(1, NOW, "t", "c"), AccountRow(name, "resident", name, floor_won, 0, 0))
    return book


def test_what_is_missing_is_said(book: Book) -> None:
    row = TransferRow("t", "anne", "shop", 1200, "posted", None, "")
    with pytest.raises(NotEnoughMoney, match="1,200원 is missing") as error:
        book.transfer(Unit(1, NOW, "t", "c"), row)
    assert error.value.detail == {"missing_won": 1200}
    assert "부족" in error.value.message.ko


def test_an_account_is_opened_once_and_empty(book: Book) -> None:
    unit = Unit(1, NOW, "t", "c")
    with pytest.raises(Conflict):
        book.open(unit, AccountRow("anne", "resident", "anne", 0, 0, 0))
    for row in (
        AccountRow("new", "resident", "new", 0, 5, 0),
        AccountRow("new", "resident", "new", 0, 0, 5),
        AccountRow("new", "resident", "new", 100, 0, 0),
    ):
        with pytest.raises(Invalid):
            book.open(unit, row)
    book.open(unit, AccountRow("new", "resident", "new", 0, 0, 0))
    unit.take_back()
    assert book.find_account("new") is None


@pytest.mark.parametrize("name", ["", "x" * 641])
def test_ids_have_an_end(book: Book, name: str) -> None:
    row = TransferRow(name, "treasury", "anne", 5, "posted", None, "")
    with pytest.raises(Invalid, match="a transfer's id"):
        book.transfer(Unit(1, NOW, "t", "c"), row)


def test_amounts_have_an_end(book: Book) -> None:
    row = TransferRow("t", "treasury", "anne", 10**12 + 1, "posted", None, "")
    with pytest.raises(Invalid, match="an amount is between"):
        book.transfer(Unit(1, NOW, "t", "c"), row)


def test_an_open_hold_is_known_without_the_disk() -> None:
    def asleep(name: str) -> TransferRow | None:
        raise AssertionError(f"the disk was asked for {name}")

    held = TransferRow("h1", "anne", "bert", 5, "held", None, "")
    accounts = [
        AccountRow("anne", "resident", "anne", 0, 10, 5),
        AccountRow("bert", "resident", "bert", 0, 0, 0),
    ]
    book = Book()
    book.load(accounts, [held], {}, Remembered(asleep, ["h1"]))
    unit = Unit(1, NOW, "test", "anne")
    assert book.find("h1") == held
    assert book.capture(unit, "h1", "c1", 3, "").of == "h1"
    assert (book.account("anne").balance_won, book.account("anne").held_won) == (7, 0)

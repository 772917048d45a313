"""A book that does not hold together is found at the end of a rehearsal."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hapgang.core.remembered import Remembered
from hapgang.ledger.book import Book
from hapgang.rehearsal.money.conservation import BookBroken, check_book
from hapgang.writer.unit import AccountRow

AT = datetime(2026, 9, 16, tzinfo=UTC)
TREASURY = AccountRow("t", "treasury", "city", None, -100, 0)
ANNE = AccountRow("a", "resident", "anne", 0, 70, 20)
SHOP = AccountRow("s", "shop", "bread", 0, 30, 0)
ROWS: list[tuple[Any, ...]] = [
    ("1", AT, "t", "a", 100, "posted", None, "top-up", None),
    ("2", AT, "a", "s", 40, "held", None, "", None),
    ("3", AT, "a", "s", 30, "captured", "2", "", None),
    ("4", AT, "a", "s", 20, "held", None, "", None),
    ("5", AT, "a", "s", 9, "held", None, "", None),
    ("6", AT, "a", "s", 9, "released", "5", "", None),
]


def book(*accounts: AccountRow) -> Book:
    made = Book()
    made.load(list(accounts), [], {}, Remembered())
    return made


def test_a_book_that_holds_passes() -> None:
    check_book(book(TREASURY, ANNE, SHOP), ROWS)


@pytest.mark.parametrize(
    ("accounts", "rows", "reason"),
    [
        ((TREASURY, ANNE, SHOP._replace(balance_won=31)), ROWS, "balance s"),
        ((TREASURY, ANNE._replace(balance_won=10), SHOP), ROWS, "a has -10 won, less"),
        ((TREASURY, ANNE._replace(held_won=0), SHOP), ROWS, "held a"),
        ((TREASURY, ANNE, SHOP), ROWS[1:], "balance"),
        ((TREASURY, ANNE, SHOP), ROWS[:5], "held a"),
    ],
)
def test_whatever_is_missing_or_too_much_is_named(
    accounts: tuple[AccountRow, ...], rows: list[tuple[Any, ...]], reason: str
) -> None:
    with pytest.raises(BookBroken, match=reason):
        check_book(book(*accounts), rows)

"""Whether the book still holds together when a rehearsal is over: every won is somewhere."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from hapgang.core.errors import CityError
from hapgang.core.text import Text
from hapgang.ledger.book import Book
from hapgang.ledger.currency.reconcile import AccountSum, reconciled
from hapgang.writer.unit import AccountRow

_MOVED = ("posted", "captured")
_ENDED = ("captured", "released")


class BookBroken(CityError):
    """Money was made or lost, or an account is below its limit: the run is worth nothing."""

    title = Text("The book does not balance", "장부가 맞지 않습니다")


class Moved(NamedTuple):
    """A transfer as the lake has it."""

    id: str
    at: Any
    debit: str
    credit: str
    amount_won: int
    step: str
    of: str | None


def check_book(book: Book, transfers: Iterable[tuple[Any, ...]]) -> None:
    """Raise `BookBroken` unless all accounts sum to zero, are what transfers made, and keep limits.

    transfers: all of the run, as rows of the lake's table.
    """
    accounts = book.accounts()
    low = next((account for account in accounts if _is_low(account)), None)
    if low is not None:
        free_won = low.balance_won - low.held_won
        raise BookBroken(
            f"{low.id} has {free_won:,} won, less than its limit of {low.floor_won:,} won",
            f"{low.id} 계좌가 한도보다 적습니다: {free_won:,}원",
        )
    kinds = {account.id: account.kind for account in accounts}
    moved, held, issued, returned = Counter[str](), dict[str, Moved](), 0, 0
    for row in transfers:
        one = Moved(*row[: len(Moved._fields)])
        if one.step == "held":
            held[one.id] = one
        elif one.step in _ENDED and one.of is not None:
            held.pop(one.of, None)
        if one.step in _MOVED:
            moved[one.debit] -= one.amount_won
            moved[one.credit] += one.amount_won
            sides = kinds.get(one.debit) == "treasury", kinds.get(one.credit) == "treasury"
            issued += one.amount_won if sides == (True, False) else 0
            returned += one.amount_won if sides == (False, True) else 0
    kept = Counter[str]()
    for open_hold in held.values():
        kept[open_hold.debit] += open_hold.amount_won
    sums = (AccountSum(a.id, a.kind, a.balance_won, a.held_won) for a in accounts)
    found = reconciled(sums, moved, kept, issued, returned)
    if found.differences:
        first = found.differences[0]
        raise BookBroken(
            f"{first.what} {first.account or ''}: the book has {first.book_won:,} won, transfers"
            f" make {first.transfers_won:,} won",
            f"{first.what} {first.account or ''}: 장부 {first.book_won:,}원,"
            f" 이체 합계 {first.transfers_won:,}원",
        )


def _is_low(account: AccountRow) -> bool:
    return (
        account.floor_won is not None and account.balance_won - account.held_won < account.floor_won
    )

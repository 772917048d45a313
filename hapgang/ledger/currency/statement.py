"""A statement: what came and went in a month or a day, the balance after each line, and CSV."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple

import msgspec

_COLUMNS = ("at", "transfer", "other", "memo", "amount_won", "balance_won")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Moved(NamedTuple):
    """A transfer that moved money: one that was posted, or captured of a hold."""

    at: datetime
    id: str
    debit: str
    credit: str
    amount_won: int
    memo: str


class StatementLine(msgspec.Struct, frozen=True):
    """A line of a statement; what leaves is negative."""

    at: datetime
    transfer: str
    other: str
    memo: str
    amount_won: int
    balance_won: int  # after it


class AccountStatement(msgspec.Struct, frozen=True):
    """An account's month or day."""

    account: str
    period: str  # 2026-11, or 2026-11-23
    opening_won: int
    lines: list[StatementLine]
    closing_won: int  # after the lines that are here
    is_whole: bool  # whether all lines of the period are here


def statement_of(
    account: str, period: str, opening_won: int, moved: Sequence[Moved], *, is_whole: bool = True
) -> AccountStatement:
    """Return a statement of transfers in the order in which they were made."""
    balance_won = opening_won
    lines = []
    for one in moved:
        is_in = one.credit == account
        amount_won = one.amount_won if is_in else -one.amount_won
        balance_won += amount_won
        other = one.debit if is_in else one.credit
        lines.append(StatementLine(one.at, one.id, other, one.memo, amount_won, balance_won))
    return AccountStatement(account, period, opening_won, lines, balance_won, is_whole)


def csv_of(statement: AccountStatement, zone: tzinfo) -> str:
    """Return a statement as CSV (RFC 4180), times in the city's zone.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(_COLUMNS)
    for line in statement.lines:
        at = line.at.astimezone(zone).isoformat(timespec="seconds")
        texts = (_harmless(text) for text in (line.transfer, line.other, line.memo))
        rows.writerow([at, *texts, line.amount_won, line.balance_won])
    return out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text

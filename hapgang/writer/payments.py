"""Sums and lines of transfers, read from disk for statements, auditors and reports."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg

# ruff: noqa: S608 (made of constants; what callers ask for are parameters)

PATIENCE_S = 30.0
_LINES = """
    SELECT at, id, debit, credit, amount_won, memo FROM transfer
    WHERE (debit = $1 OR credit = $1) AND step IN ('posted', 'captured') AND at >= $2 AND at < $3
    ORDER BY seq, id LIMIT $4
"""
_NEWEST = """
    SELECT at, id, debit, credit, amount_won, memo FROM transfer
    WHERE (debit = $1 OR credit = $1) AND step IN ('posted', 'captured')
    ORDER BY seq DESC, id DESC LIMIT $2
"""
_BEFORE = """
    SELECT (coalesce(sum(amount_won) FILTER (WHERE credit = $1), 0)
        - coalesce(sum(amount_won) FILTER (WHERE debit = $1), 0))::bigint
    FROM transfer WHERE (debit = $1 OR credit = $1) AND step IN ('posted', 'captured') AND at < $2
"""
_NET = """
    SELECT account, sum(won)::bigint FROM (
        SELECT credit AS account, amount_won AS won FROM transfer
        WHERE step IN ('posted', 'captured')
        UNION ALL SELECT debit, -amount_won FROM transfer
        WHERE step IN ('posted', 'captured')) AS sides
    GROUP BY account
"""
_HELD = """
    SELECT debit, sum(amount_won)::bigint FROM transfer AS held
    WHERE step = 'held' AND NOT EXISTS (
        SELECT FROM transfer AS ended
        WHERE ended.of = held.id AND ended.step IN ('captured', 'released'))
    GROUP BY debit
"""
_ISSUED = """
    SELECT coalesce(sum(t.amount_won) FILTER (WHERE d.kind = 'treasury'), 0)::bigint,
        coalesce(sum(t.amount_won) FILTER (WHERE c.kind = 'treasury'), 0)::bigint
    FROM transfer AS t JOIN account AS d ON d.id = t.debit JOIN account AS c ON c.id = t.credit
    WHERE t.step IN ('posted', 'captured') AND t.at < $1
        AND (d.kind = 'treasury') <> (c.kind = 'treasury')
"""
# What was paid to shops, less what they gave back; a refund names the payment that it returns.
_BUYERS = "('resident', 'visitor', 'company', 'budget')"
_AT_SHOPS = f"""
    WITH paid AS (
    SELECT credit AS shop, debit AS payer, amount_won AS won FROM transfer
    JOIN account AS c ON c.id = credit AND c.kind = 'shop'
    JOIN account AS d ON d.id = debit AND d.kind IN {_BUYERS}
    WHERE step IN ('posted', 'captured') AND at >= $1 AND at < $2
    UNION ALL SELECT debit, credit, -amount_won FROM transfer
    JOIN account AS d ON d.id = debit AND d.kind = 'shop'
    JOIN account AS c ON c.id = credit AND c.kind IN {_BUYERS}
    WHERE step = 'posted' AND of IS NOT NULL AND at >= $1 AND at < $2)
"""
_BY_SHOP = _AT_SHOPS + "SELECT shop, sum(won)::bigint FROM paid GROUP BY shop"
# A programme, whose vouchers one person may spend, is nobody of those who paid.
_PAYERS = _AT_SHOPS + (
    "SELECT count(*), count(DISTINCT payer) FILTER (WHERE kind <> 'budget')"
    " FROM paid JOIN account ON id = payer WHERE won > 0"
)
_BY_PAYER = _AT_SHOPS + (
    "SELECT payer, shop, sum(won)::bigint FROM paid WHERE payer = ANY($3) GROUP BY payer, shop"
)
_POINTS = """
    SELECT coalesce(sum(amount_won), 0)::bigint FROM transfer
    WHERE debit LIKE 'urn:ngsi-ld:Account:RewardBudget:%' AND memo = 'buying' AND step = 'posted'
        AND at >= $1 AND at < $2
"""

# Of a shop's own customers; offices buy, too.
_CUSTOMERS = "('resident', 'visitor', 'company', 'budget', 'agency', 'clearing')"
_TAKEN = f"""
    SELECT t.at, t.id, t.amount_won, t.memo, d.kind = 'budget',
        coalesce(back.won, 0)::bigint, coalesce(points.amount_won, 0)::bigint
    FROM transfer AS t JOIN account AS d ON d.id = t.debit
    LEFT JOIN (SELECT of, sum(amount_won) AS won FROM transfer
        WHERE debit = $1 AND step = 'posted' AND of IS NOT NULL GROUP BY of) AS back
        ON back.of = t.id
    LEFT JOIN transfer AS points ON points.id = t.id || ':points'
        AND points.debit LIKE 'urn:ngsi-ld:Account:RewardBudget:%'
    WHERE t.credit = $1 AND t.step IN ('posted', 'captured') AND t.at >= $2 AND t.at < $3
        AND d.kind IN {_CUSTOMERS}
    ORDER BY t.seq DESC, t.id LIMIT $4
"""
_GIVEN_BACK = f"""
    SELECT at, amount_won FROM transfer
    JOIN account AS c ON c.id = credit AND c.kind IN {_CUSTOMERS}
    WHERE debit = $1 AND step = 'posted' AND of IS NOT NULL AND at >= $2 AND at < $3
    ORDER BY seq LIMIT $4
"""


class Taken(NamedTuple):
    """A payment that a shop took."""

    at: datetime
    id: str
    amount_won: int
    memo: str
    is_voucher: bool
    refunded_won: int  # of it, until now
    points_won: int  # that its buyer got


class Line(NamedTuple):
    """A transfer that moved money of an account."""

    at: datetime
    id: str
    debit: str
    credit: str
    amount_won: int
    memo: str


class Book(NamedTuple):
    """All accounts and what transfers say of them, at one instant."""

    accounts: list[tuple[str, str, int, int]]  # id, kind, balance_won, held_won
    net_won: dict[str, int]
    held_won: dict[str, int]
    issued_won: int
    returned_won: int


class Month(NamedTuple):
    """What was paid at shops between two instants, net of refunds."""

    by_shop_won: dict[str, int]  # by account
    payments: int
    payers: int
    points_won: int
    circulating_won: tuple[int, int]  # at the beginning and at the end


async def lines_of(
    pool: "asyncpg.Pool[Any]", account: str, since: datetime, until: datetime, most: int
) -> tuple[int, list[Line]]:
    """Return an account's balance before an instant, and its first lines from there on."""
    async with pool.acquire() as read, read.transaction(isolation="repeatable_read", readonly=True):
        before = await read.fetchval(_BEFORE, account, since, timeout=PATIENCE_S)
        rows = await read.fetch(_LINES, account, since, until, most, timeout=PATIENCE_S)
    return before, [Line(*row) for row in rows]


async def newest_lines_of(
    pool: "asyncpg.Pool[Any]", account: str, most: int
) -> tuple[int, list[Line]]:
    """Return an account's newest lines, the oldest of them first, and its balance before them."""
    async with pool.acquire() as read, read.transaction(isolation="repeatable_read", readonly=True):
        rows = await read.fetch(_NEWEST, account, most, timeout=PATIENCE_S)
        lines = [Line(*row) for row in reversed(rows)]
        balance = "SELECT balance_won FROM account WHERE id = $1"
        now_won = await read.fetchval(balance, account, timeout=PATIENCE_S) or 0
    return now_won - sum(_won(line, account) for line in lines), lines


def _won(line: Line, account: str) -> int:
    return line.amount_won if line.credit == account else -line.amount_won


async def taken_by(
    pool: "asyncpg.Pool[Any]", account: str, since: datetime, until: datetime, most: int
) -> tuple[list[Taken], list[tuple[datetime, int]]]:
    """Return what a shop took between two instants, newest first, and when it gave back what."""
    async with pool.acquire() as read, read.transaction(isolation="repeatable_read", readonly=True):
        taken = await read.fetch(_TAKEN, account, since, until, most, timeout=PATIENCE_S)
        back = await read.fetch(_GIVEN_BACK, account, since, until, most, timeout=PATIENCE_S)
    return [Taken(*row) for row in taken], [(row[0], row[1]) for row in back]


async def whole_book(pool: "asyncpg.Pool[Any]", now: datetime) -> Book:
    """Return what an auditor compares, all of one instant."""
    accounts = "SELECT id, kind, balance_won, held_won FROM account"
    async with pool.acquire() as read, read.transaction(isolation="repeatable_read", readonly=True):
        known = await read.fetch(accounts, timeout=PATIENCE_S)
        net = await read.fetch(_NET, timeout=PATIENCE_S)
        held = await read.fetch(_HELD, timeout=PATIENCE_S)
        issued = await read.fetchrow(_ISSUED, now, timeout=PATIENCE_S)
    assert issued is not None
    return Book(
        [(row[0], row[1], row[2], row[3]) for row in known],
        {row[0]: row[1] for row in net},
        {row[0]: row[1] for row in held},
        *issued,
    )


async def month_at_shops(pool: "asyncpg.Pool[Any]", since: datetime, until: datetime) -> Month:
    """Return what was paid at shops between two instants."""
    async with pool.acquire() as read, read.transaction(isolation="repeatable_read", readonly=True):
        shops = await read.fetch(_BY_SHOP, since, until, timeout=PATIENCE_S)
        counts = await read.fetchrow(_PAYERS, since, until, timeout=PATIENCE_S)
        points = await read.fetchval(_POINTS, since, until, timeout=PATIENCE_S)
        ends = [await read.fetchrow(_ISSUED, at, timeout=PATIENCE_S) for at in (since, until)]
    assert counts is not None
    first, last = (end[0] - end[1] if end is not None else 0 for end in ends)
    by_shop = {row[0]: row[1] for row in shops}
    return Month(by_shop, counts[0], counts[1], points, (first, last))


async def spent_by(
    pool: "asyncpg.Pool[Any]", accounts: Sequence[str], since: datetime, until: datetime
) -> list[tuple[str, str, int]]:
    """Return what each of some accounts spent at each shop, net of refunds."""
    rows = await pool.fetch(_BY_PAYER, since, until, list(accounts), timeout=PATIENCE_S)
    return [(row[0], row[1], row[2]) for row in rows]

"""What was written after something else, read in order and some at a time, however much it is."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import asyncpg

from hapgang.writer.recovery import FeedRow
from hapgang.writer.unit import TransferRow

_LINES = 2_000
_BYTES = 8_000_000
_TRANSFERS = 10_000
# What is read at once ends after so many lines, or so many bytes, and is never nothing.
_FEED = """
    WITH lines AS (
        SELECT position, at, action, caller, kind, name, entity, person, body FROM feed
        WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3),
    sized AS (
        SELECT *, sum(octet_length(body)) OVER (ORDER BY position) - octet_length(body) AS before
        FROM lines)
    SELECT position, at, action, caller, kind, name, entity, person, body FROM sized
    WHERE before < $4 ORDER BY position
"""
_TRANSFER = """
    SELECT seq, at, id, debit, credit, amount_won, step, of, memo FROM transfer
    WHERE at >= $1 AND seq > $2 AND seq <= $3 ORDER BY seq, id
"""
_ENDS = """
    SELECT (SELECT coalesce(max(position), 0) FROM feed),
        (SELECT coalesce(max(seq), 0) FROM transfer WHERE at >= $1)
"""
_BEFORE = """
    SELECT (SELECT coalesce(max(position), 0) FROM feed WHERE at < $1),
        (SELECT coalesce(max(seq), 0) FROM transfer WHERE at < $1)
"""
Paid = tuple[int, datetime, TransferRow]  # with the number of its unit


async def ends(pool: "asyncpg.Pool[Any]", since: datetime) -> tuple[int, int]:
    """Return the last position of the feed and the number of the last unit that paid, as they are.

    since: nothing older is looked for among transfers.
    """
    row = await pool.fetchrow(_ENDS, since)
    assert row is not None
    return row[0], row[1]


async def ends_before(pool: "asyncpg.Pool[Any]", at: datetime) -> tuple[int, int]:
    """Return the last position of the feed and the last unit that paid before an instant."""
    row = await pool.fetchrow(_BEFORE, at)
    assert row is not None
    return row[0], row[1]


async def written_at(pool: "asyncpg.Pool[Any]", position: int) -> datetime | None:
    """Return when a line of the feed was written; None where there is no such."""
    found: datetime | None = await pool.fetchval(
        "SELECT at FROM feed WHERE position = $1", position
    )
    return found


async def feed_onward(
    pool: "asyncpg.Pool[Any]", after: int, last: int
) -> AsyncIterator[list[FeedRow]]:
    """Yield the lines of the feed after a position, up to another one."""
    while after < last:
        found = await pool.fetch(_FEED, after, last, _LINES, _BYTES)
        if not found:
            return
        yield [FeedRow(*row) for row in found]
        after = found[-1][0]


async def transfers_onward(
    pool: "asyncpg.Pool[Any]", since: datetime, after: int, last: int
) -> AsyncIterator[list[Paid]]:
    """Yield the transfers of the units after one, up to another; `since` when the first one was."""
    async with pool.acquire() as connection, connection.transaction(readonly=True):
        cursor = await connection.cursor(_TRANSFER, since, after, last)
        while rows := await cursor.fetch(_TRANSFERS):
            yield [(row[0], row[1], TransferRow(*row[2:])) for row in rows]

"""What became of each notification, written down in batches beside the writer's groups.

What is lost of it when the city dies is sent once more: at least once, never not at all.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg
import msgspec

from hapgang.app.notify.tally import Tally
from hapgang.hub.privacy import Forgotten, KeyVault
from hapgang.hub.subscriptions.notice import Notice, notice_in

_PAUSE_S = 0.1
_MOST_UNWRITTEN = 20_000  # rows; beyond it senders wait for the disk
_KEPT = 100_000  # notices whose deliveries stay in the log after they were sent
_PRUNE_EVERY = 600  # flushes
_WRITE = """
    INSERT INTO delivery
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::int[], $5::timestamptz[],
                         $6::text[])
    ON CONFLICT (notice, subscription) DO UPDATE SET
        state = excluded.state, attempts = excluded.attempts, at = excluded.at,
        reason = excluded.reason
"""
_TALLY = """
    INSERT INTO tally SELECT s, b::jsonb FROM unnest($1::text[], $2::text[]) AS u(s, b)
    ON CONFLICT (subscription) DO UPDATE SET body = excluded.body
"""
_OPEN = """
    SELECT n.id, r.subscription, coalesce(d.attempts, 0)
    FROM notice AS n CROSS JOIN LATERAL jsonb_object_keys(n.recipients) AS r(subscription)
    LEFT JOIN delivery AS d ON d.notice = n.id AND d.subscription = r.subscription
    WHERE d.state IS NULL OR d.state = 'failed'
    ORDER BY n.id
"""
_DONE = """
    DELETE FROM notice AS n WHERE NOT EXISTS (
        SELECT FROM jsonb_object_keys(n.recipients) AS r(subscription)
        LEFT JOIN delivery AS d ON d.notice = n.id AND d.subscription = r.subscription
        WHERE d.state IS NULL OR d.state IN ('failed', 'dead'))
"""
_FORGET_DEAD = """
    UPDATE delivery SET state = 'dropped' WHERE state = 'dead' AND at < now() - interval '30 days'
"""
_PRUNE = """
    DELETE FROM delivery WHERE state IN ('sent', 'dropped') AND notice < (
        SELECT coalesce(max(notice), 0) FROM delivery) - $1
"""


class Row(NamedTuple):
    """A line of the log."""

    notice: int
    subscription: str
    state: str  # sent, failed, dead, dropped
    attempts: int
    at: datetime
    reason: str


class Open(NamedTuple):
    """A delivery that has not come to an end."""

    notice: int
    subscription: str
    attempts: int


class DeliveryLog:
    """The log on disk, and what is to be written next."""

    def __init__(self, pool: "asyncpg.Pool[Any]", vault: KeyVault) -> None:
        """Write and read by `pool`; what is personal is opened by `vault`."""
        self.pool = pool
        self._vault = vault
        self._rows: dict[tuple[int, str], Row] = {}
        self._done: list[int] = []
        self._tallies: dict[str, Tally | None] = {}
        self._writing = asyncio.Lock()
        self._has_room = asyncio.Event()
        self._has_room.set()

    def note(self, row: Row) -> None:
        """Write a line with the next batch, in the place of an older one of the same delivery."""
        self._rows[row.notice, row.subscription] = row
        if len(self._rows) >= _MOST_UNWRITTEN:
            self._has_room.clear()

    def done(self, notice: int) -> None:
        """Forget a notice that everybody was told of."""
        self._done.append(notice)

    def tally(self, subscription: str, tally: Tally | None) -> None:
        """Write a subscription's numbers with the next batch; None forgets them."""
        self._tallies[subscription] = tally

    async def room(self) -> None:
        """Wait while the disk is far behind."""
        await self._has_room.wait()

    async def run(self) -> None:
        """Write until cancelled; raises where the database is lost."""
        count = 0
        while True:
            await asyncio.sleep(_PAUSE_S)
            await self.flush()
            count += 1
            if count % _PRUNE_EVERY == 1:
                await self.pool.execute(_FORGET_DEAD)
                await self.pool.execute(_PRUNE, _KEPT)
                await self.pool.execute(_DONE)

    async def flush(self) -> None:
        """Write what there is, all or nothing; what is being written is written when it returns."""
        async with self._writing:
            await self._flush()

    async def _flush(self) -> None:
        rows, done, tallies = list(self._rows.values()), self._done, self._tallies
        self._rows, self._done, self._tallies = {}, [], {}
        if not (rows or done or tallies):
            return
        async with self.pool.acquire() as connection, connection.transaction():
            if rows:
                await connection.execute(_WRITE, *map(list, zip(*rows, strict=True)))
            if done:
                await connection.execute("DELETE FROM notice WHERE id = ANY ($1)", done)
            if tallies:
                kept = {name: one for name, one in tallies.items() if one is not None}
                bodies = [msgspec.json.encode(one).decode() for one in kept.values()]
                await connection.execute(_TALLY, list(kept), bodies)
                gone = [name for name in tallies if name not in kept]
                await connection.execute("DELETE FROM tally WHERE subscription = ANY ($1)", gone)
        self._has_room.set()

    async def next_id(self) -> int:
        """Return a number that no notice has had."""
        query = """
            SELECT greatest((SELECT max(id) FROM notice), (SELECT max(notice) FROM delivery), 0) + 1
        """
        found: int = await self.pool.fetchval(query)
        return found

    async def tallies(self) -> dict[str, Tally]:
        """Return every subscription's numbers."""
        rows = await self.pool.fetch("SELECT subscription, body::text FROM tally")
        return {row[0]: msgspec.json.decode(row[1], type=Tally) for row in rows}

    async def open(self) -> list[Open]:
        """Return what has not come to an end, oldest first; what has is cleared away."""
        await self.pool.execute(_DONE)
        return [Open(*row) for row in await self.pool.fetch(_OPEN)]

    async def drop(self, subscription: str, notices: list[int]) -> None:
        """Give deliveries up for good."""
        query = """
            UPDATE delivery SET state = 'dropped' WHERE subscription = $1 AND notice = ANY ($2)
        """
        await self.pool.execute(query, subscription, notices)

    async def reopen(self, subscription: str, notices: list[int]) -> None:
        """Take deliveries as not tried yet."""
        query = "DELETE FROM delivery WHERE subscription = $1 AND notice = ANY ($2)"
        await self.pool.execute(query, subscription, notices)

    async def notices(self, numbers: Iterable[int]) -> dict[int, Notice]:
        """Return notices; what lay under a key that is gone is left out."""
        rows = await self.pool.fetch(
            "SELECT id, at, person, body, recipients::text FROM notice WHERE id = ANY ($1)",
            list(numbers),
        )
        found = {}
        for number, at, person, body, recipients in rows:
            try:
                plain = body if person is None else self._vault.open(person, body)
            except Forgotten:
                continue
            found[number] = notice_in(number, at, person, plain, recipients)
        return found

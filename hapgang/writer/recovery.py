"""Reading a city back from disk."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import asyncpg
import msgspec

from hapgang.writer.failures import DATABASE_FAILURES
from hapgang.writer.history import History
from hapgang.writer.unit import AccountRow, Answer, TransferRow

_BATCH = 5_000
_POLITE_S = 2.0


class EntityRow(NamedTuple):
    """An entity as it lies on disk."""

    id: str
    type: str
    version: int
    doc: str | None
    sealed: bytes | None
    person: str | None
    created: datetime
    modified: datetime
    closed: bool


class StoredLeaf(NamedTuple):
    """A leaf of the log as it lies on disk."""

    place: int
    commitment: bytes
    person: str | None
    body: bytes | None


class Last(NamedTuple):
    """How far a city on disk has come."""

    seq: int  # of the last unit
    position: int  # of the last line of the feed
    n_leaves: int  # of the log


class FeedRow(NamedTuple):
    """A line of the feed as it lies on disk."""

    position: int
    at: datetime
    action: str
    caller: str
    kind: str
    name: str
    entity: str
    person: str | None
    body: bytes


_ENTITY = (
    "SELECT id, type, version, doc::text, sealed, person, created, modified, closed FROM entity"
)
_FEED = "SELECT position, at, action, caller, kind, name, entity, person, body FROM feed"
_ACCOUNT = (
    "SELECT id, kind, owner, floor_won, balance_won, held_won, state FROM account ORDER BY id"
)
_HELD = """
    SELECT id, debit, credit, amount_won, step, of, memo, until FROM transfer AS held
    WHERE step = 'held' AND NOT EXISTS (
        SELECT FROM transfer AS ended
        WHERE ended.of = held.id AND ended.step IN ('captured', 'released'))
    ORDER BY seq
"""
_HISTORY = """
    WITH measured AS MATERIALIZED (
        SELECT position FROM feed WHERE kind = 'columns' AND measured_ids(body) @> ARRAY[$1]),
    about AS (
        (SELECT position FROM feed WHERE entity = $1 ORDER BY position DESC LIMIT $2)
        UNION ALL
        (SELECT position FROM measured ORDER BY position DESC LIMIT $2))
    SELECT position, at, action, caller, kind, name, entity, person,
        CASE kind WHEN 'columns' THEN measured_of(body, $1) ELSE body END
    FROM feed WHERE position = ANY (ARRAY(SELECT position FROM about))
    ORDER BY position DESC LIMIT $2
"""
_LAST = """
    SELECT greatest(
        (SELECT coalesce(max(seq), 0) FROM feed), (SELECT coalesce(max(seq), 0) FROM transfer),
        (SELECT coalesce(max(seq), 0) FROM access),
        coalesce((SELECT seq FROM leaf ORDER BY place DESC LIMIT 1), 0),
        (SELECT coalesce(max(seq), 0) FROM entity)),
        (SELECT coalesce(max(position), 0) FROM feed),
        (SELECT coalesce(max(place) + 1, 0) FROM leaf)
"""


class Archive:
    """Reads of what is on disk, over a pool of its own."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        """Read through `pool`."""
        self._pool = pool
        self.past = History(pool)

    @property
    def pool(self) -> "asyncpg.Pool[Any]":
        """The pool, for whoever keeps a log of its own beside the journal."""
        return self._pool

    async def last(self) -> Last:
        """Return how far the city has come."""
        row = await self._pool.fetchrow(_LAST)
        assert row is not None
        return Last(*row)

    async def leaves_from(self, place: int, limit: int) -> list[tuple[int, bytes]]:
        """Return the places and commitments of the leaves from a place on, in their order."""
        query = "SELECT place, commitment FROM leaf WHERE place >= $1 ORDER BY place LIMIT $2"
        return [(row[0], row[1]) for row in await self._pool.fetch(query, place, limit)]

    async def find_leaf(self, kind: str, fact: str) -> StoredLeaf | None:
        """Return the newest leaf of a fact."""
        query = """
            SELECT place, commitment, person, body FROM leaf WHERE fact = $2 AND kind = $1
            ORDER BY place DESC LIMIT 1
        """
        row = await self._pool.fetchrow(query, kind, fact)
        return StoredLeaf(*row) if row else None

    async def last_at(self) -> datetime | None:
        """Return when the last line of the feed was written; None in a new city."""
        query = "SELECT at FROM feed ORDER BY position DESC LIMIT 1"
        found: datetime | None = await self._pool.fetchval(query)
        return found

    async def live_entities(self) -> AsyncIterator[list[EntityRow]]:
        """Yield every entity that is not closed, many at a time, in no order."""
        async with self._pool.acquire() as connection, connection.transaction():
            cursor = await connection.cursor(f"{_ENTITY} WHERE NOT closed")
            while rows := await cursor.fetch(_BATCH):
                yield [EntityRow(*row) for row in rows]

    async def find_entity(self, entity_id: str) -> EntityRow | None:
        """Return one entity, closed or not."""
        row = await self._pool.fetchrow(f"{_ENTITY} WHERE id = $1", entity_id)
        return EntityRow(*row) if row else None

    async def closed_entities(
        self,
        type_name: str,
        after: str,
        limit: int,
        condition: str = "TRUE",
        arguments: Sequence[Any] = (),
    ) -> list[EntityRow]:
        """Return closed entities of a type that are nobody's, by id, from an id on.

        condition: on `entity AS e`, made of constants; its parameters begin at $4.
        """
        rows = await self._pool.fetch(
            f"{_ENTITY} AS e WHERE closed AND doc IS NOT NULL AND type = $1 AND id > $2"
            f" AND ({condition}) ORDER BY id LIMIT $3",
            type_name, after, limit, *arguments,
        )  # fmt: skip
        return [EntityRow(*row) for row in rows]

    async def accounts(self) -> list[AccountRow]:
        """Return every account."""
        return [AccountRow(*row) for row in await self._pool.fetch(_ACCOUNT)]

    async def held_transfers(self) -> list[TransferRow]:
        """Return the transfers that are neither captured nor released."""
        return [TransferRow(*row) for row in await self._pool.fetch(_HELD)]

    async def refunded_won(self) -> dict[str, int]:
        """Return how much of each refunded transfer was given back."""
        query = """
            SELECT of, sum(amount_won)::bigint FROM transfer
            WHERE of IS NOT NULL AND step = 'posted' GROUP BY of
        """
        return {row[0]: row[1] for row in await self._pool.fetch(query)}

    async def transfer_ids(self) -> list[str]:
        """Return the id of every transfer."""
        return [row[0] for row in await self._pool.fetch("SELECT id FROM transfer")]

    async def closed_ids(self) -> list[str]:
        """Return the id of every closed entity."""
        return [row[0] for row in await self._pool.fetch("SELECT id FROM entity WHERE closed")]

    async def transfers_of(
        self, account: str, limit: int, offset: int = 0
    ) -> list[tuple[datetime, TransferRow]]:
        """Return an account's transfers, newest first, from the `offset`th on."""
        query = """
            SELECT at, id, debit, credit, amount_won, step, of, memo, until FROM transfer
            WHERE debit = $1 OR credit = $1 ORDER BY seq DESC, id DESC LIMIT $2 OFFSET $3
        """
        rows = await self._pool.fetch(query, account, limit, offset)
        return [(row[0], TransferRow(*row[1:])) for row in rows]

    async def find_transfer(self, transfer_id: str) -> TransferRow | None:
        """Return one transfer by its id."""
        query = """
            SELECT id, debit, credit, amount_won, step, of, memo, until FROM transfer WHERE id = $1
        """
        row = await self._pool.fetchrow(query, transfer_id)
        return TransferRow(*row) if row else None

    async def dated_transfer(self, transfer_id: str) -> tuple[datetime, TransferRow] | None:
        """Return one transfer by its id, and when it was made."""
        query = """
            SELECT at, id, debit, credit, amount_won, step, of, memo, until FROM transfer
            WHERE id = $1
        """
        row = await self._pool.fetchrow(query, transfer_id)
        return (row[0], TransferRow(*row[1:])) if row else None

    async def answered(self) -> list[tuple[str, str]]:
        """Return the caller and key of every keyed request whose answer is kept."""
        rows = await self._pool.fetch("SELECT caller, key FROM answer")
        return [(row[0], row[1]) for row in rows]

    async def find_answer(self, caller: str, key: str) -> tuple[datetime, Answer] | None:
        """Return the answer to a keyed request, as it lies on disk, and when it was given."""
        query = """
            SELECT at, caller, key, arguments, result, person FROM answer
            WHERE caller = $1 AND key = $2
        """
        row = await self._pool.fetchrow(query, caller, key)
        return (row[0], Answer(*row[1:])) if row else None

    async def drop_answers(self, now: datetime, keep: timedelta) -> None:
        """Delete answers that are too old to be asked for again."""
        await self._pool.execute("DELETE FROM answer WHERE at < $1", now - keep)

    async def cursors(self) -> dict[str, int]:
        """Return how far each reader of the feed has come."""
        return {r[0]: r[1] for r in await self._pool.fetch("SELECT handler, position FROM cursor")}

    async def feed_after(self, position: int, limit: int = _BATCH) -> list[FeedRow]:
        """Return the feed's next lines."""
        query = f"{_FEED} WHERE position > $1 ORDER BY position LIMIT $2"
        return [FeedRow(*row) for row in await self._pool.fetch(query, position, limit)]

    async def history(self, entity_id: str, limit: int) -> list[FeedRow]:
        """Return the newest lines about one entity, newest first.

        The body of a line of measurements (`columns`) is its time and this entity's values only.
        """
        return [FeedRow(*row) for row in await self._pool.fetch(_HISTORY, entity_id, limit)]

    async def type_in_history(self, entity_id: str) -> str | None:
        """Return the type that an entity has or had; None for what was never an entity."""
        query = """
            SELECT name FROM feed WHERE entity = $1 AND kind <> 'event' ORDER BY position LIMIT 1
        """
        found: str | None = await self._pool.fetchval(query, entity_id)
        return found

    async def reads_of(self, person: str, limit: int, offset: int = 0) -> list[dict[str, Any]]:
        """Return who read a person's data, newest first, from the `offset`th look on."""
        query = """
            SELECT at, reader, service, purpose, fields FROM access
            WHERE person = $1 ORDER BY seq DESC, reader, service, purpose, fields LIMIT $2 OFFSET $3
        """
        return [dict(row) for row in await self._pool.fetch(query, person, limit, offset)]

    async def person_keys(self) -> dict[str, bytes]:
        """Return every person's wrapped key."""
        rows = await self._pool.fetch("SELECT person, wrapped FROM person_key")
        return {row[0]: row[1] for row in rows}


async def close_pool(pool: "asyncpg.Pool[Any]") -> None:
    """Let go of a pool's connections, politely where the server still listens."""
    try:
        async with asyncio.timeout(_POLITE_S):  # `wait_for` may swallow that we are cancelled
            await pool.close()
    except DATABASE_FAILURES:
        pool.terminate()
        await asyncio.sleep(0)  # in which the sockets are closed


def decode(body: bytes | str) -> Any:
    """Return what a stored JSON text holds."""
    return msgspec.json.decode(body)

"""The past of entities, read from the feed: in order, a few lines at a time, however long it is."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg

from hapgang.core.errors import Unavailable

_BATCH = 1_000  # lines
_MOST_BYTES = 4_000_000
_BATCH_OF_SMALL = 4_000  # lines that are each about one entity
_BATCH_OF_MANY = 100  # lines that are each about many entities
_AT_ONCE = 2  # of the archive's connections; the others are for short reads
_MOST_WAITING = 64
_MOST_GONE = 100_000


class PastRow(NamedTuple):
    """A line about one entity as it lies on disk."""

    position: int
    at: datetime
    action: str
    kind: str
    name: str
    person: str | None
    body: bytes


class ColumnsRow(NamedTuple):
    """A line of measurements of many entities."""

    position: int
    at: datetime
    body: bytes


SaidRow = tuple[int, datetime, str, str, bytes, str | None]
"""Position, time, entity, kind, body and person of a line."""

# What is read at once ends after so many lines, or so many bytes, and is never nothing.
_SAID = """
    WITH lines AS (
        SELECT position, at, action, kind, name, person, body FROM feed
        WHERE entity = $1 AND position > $2 AND kind <> 'event' ORDER BY position LIMIT $3),
    sized AS (
        SELECT *, count(*) OVER () AS found,
            sum(octet_length(body)) OVER (ORDER BY position) - octet_length(body) AS before
        FROM lines)
    SELECT position, at, action, kind, name, person, body, found FROM sized
    WHERE before < $4 ORDER BY position
"""
_MEASURED = """
    SELECT position, at, action, kind, name, person, measured_of(body, $1)
    FROM (SELECT position AS place FROM feed
          WHERE kind = 'columns' AND measured_ids(body) @> ARRAY[$1] AND position > $2
          ORDER BY position OFFSET 0) AS about
    JOIN feed ON position = place ORDER BY position
"""
_OVERLAID = _SAID.replace("kind <> 'event'", "kind = 'history'")
_IS_MEASURED = "SELECT EXISTS (SELECT FROM feed WHERE kind = 'columns' AND name = $1)"
_AT = """
    SELECT position, at, action, kind, name, person,
        CASE kind WHEN 'columns' THEN measured_of(body, $1) ELSE body END
    FROM feed WHERE position = $2
        AND (entity = $1 OR (kind = 'columns' AND measured_ids(body) @> ARRAY[$1]))
"""
_KNOWN = """
    SELECT last.name, coalesce((
        SELECT action FROM feed WHERE entity = $1 AND kind = 'created'
        ORDER BY position DESC LIMIT 1), '')
    FROM (SELECT name FROM feed WHERE entity = $1 AND position > $2 AND kind <> 'event'
          ORDER BY position LIMIT 1) AS last
"""
_GONE = """
    SELECT entity FROM (
        SELECT entity, max(position) AS last FROM feed
        WHERE kind IN ('deleted', 'closed') AND name = ANY ($1) AND entity <> ''
        GROUP BY entity) AS ended
    ORDER BY last LIMIT $2
"""
_COLUMNS_OF = """
    SELECT position, at, body FROM feed
    WHERE kind = 'columns' AND name = ANY ($1) AND position BETWEEN $2 AND $3 ORDER BY position
"""
_COLUMNS_ABOUT = """
    WITH places AS MATERIALIZED (
        SELECT position FROM feed WHERE kind = 'columns' AND measured_ids(body) && $1::text[])
    SELECT position, at, body FROM places JOIN feed USING (position)
    WHERE position BETWEEN $2 AND $3
"""
_SAID_OF = """
    SELECT position, at, entity, kind, body, person FROM feed
    WHERE entity = ANY ($1) AND position BETWEEN $2 AND $3 AND kind <> 'event'
"""
_COUNT_OF = """
    SELECT count(*) FROM (SELECT FROM feed WHERE entity = ANY ($1) LIMIT $2) AS about
"""
_LINES = """
    SELECT entity, position, at, action, kind, name, person, body FROM feed
    WHERE position = ANY ($1) ORDER BY position
"""


class History:
    """Long reads of the feed, on a connection each, few at a time."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        """Read through `pool`."""
        self._pool = pool
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0
        self.revising = asyncio.Lock()  # what is read and then corrected, one after another

    @asynccontextmanager
    async def reading(self) -> AsyncIterator["Reading"]:
        """Hold a connection, and one state of the feed, for a while."""
        if self._waiting >= _MOST_WAITING:
            raise Unavailable(
                "Too many people read the past at the moment. Please try again shortly.",
                "지금 이력 조회가 많습니다. 잠시 후 다시 시도해 주세요.",
            )
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        try:
            async with (
                self._pool.acquire() as connection,
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                yield Reading(connection)
        finally:
            self._turn.release()


class Reading:
    """One state of the feed."""

    def __init__(self, connection: Any) -> None:
        """Read through a connection in a transaction."""
        self._connection = connection
        self._measured_types: dict[str, bool] = {}

    async def overlaid(self, entity: str) -> AsyncIterator[list[PastRow]]:
        """Yield what was said about an entity's past afterwards, the oldest first."""
        async for rows in self._parts(_OVERLAID, entity, 0):
            yield rows

    async def said(self, entity: str, after: int = 0) -> AsyncIterator[list[PastRow]]:
        """Yield the lines about an entity, the oldest first, some at a time; no events."""
        async for rows in self._parts(_SAID, entity, after):
            yield rows

    async def measured(
        self, entity: str, type_name: str, after: int = 0
    ) -> AsyncIterator[list[PastRow]]:
        """Yield an entity's part of the lines of measurements that name it."""
        is_measured = self._measured_types.get(type_name)
        if is_measured is None:
            is_measured = await self._connection.fetchval(_IS_MEASURED, type_name)
            self._measured_types[type_name] = is_measured
        if is_measured:
            async for rows in self._some(_MEASURED, entity, after):
                yield [PastRow(*row) for row in rows]

    async def at(self, entity: str, position: int) -> list[PastRow]:
        """Return the line at a position, if it is about an entity."""
        return [PastRow(*row) for row in await self._connection.fetch(_AT, entity, position)]

    async def known(self, entity: str, after: int = 0) -> tuple[str, str] | None:
        """Return the type that an entity has or had, and by which action it came to be."""
        row = await self._connection.fetchrow(_KNOWN, entity, after)
        return (row[0], row[1]) if row is not None else None

    async def said_of(
        self, entities: Sequence[str], span: tuple[int, int]
    ) -> AsyncIterator[list[SaidRow]]:
        """Yield the lines about some entities at some positions, in no order."""
        async for rows in self._some(_SAID_OF, list(entities), *span, batch=_BATCH_OF_SMALL):
            yield [tuple(row) for row in rows]

    async def count_of(self, entities: Sequence[str], most: int) -> int:
        """Return how many lines there are about some entities; of more than so many, so many."""
        found: int = await self._connection.fetchval(_COUNT_OF, list(entities), most)
        return found

    async def lines(self, positions: Sequence[int]) -> AsyncIterator[list[tuple[str, PastRow]]]:
        """Yield the lines at some positions, the oldest first."""
        async for rows in self._some(_LINES, list(positions), batch=_BATCH_OF_MANY):
            yield [(row[0], PastRow(*row[1:])) for row in rows]

    async def columns(
        self, types: Sequence[str], span: tuple[int, int], about: Sequence[str] = ()
    ) -> AsyncIterator[list[ColumnsRow]]:
        """Yield the lines of measurements of some types, whole, of some positions.

        about: only lines that name one of these few entities.
        """
        query, names = (_COLUMNS_ABOUT, about) if about else (_COLUMNS_OF, types)
        async for rows in self._some(query, list(names), *span, batch=_BATCH_OF_MANY):
            yield [ColumnsRow(*row) for row in rows]

    async def gone(self, types: Sequence[str]) -> list[str]:
        """Return the entities of some types that were deleted or closed, the last ones last."""
        rows = await self._connection.fetch(_GONE, list(types), _MOST_GONE)
        return [row[0] for row in rows]

    async def _parts(self, query: str, entity: str, after: int) -> AsyncIterator[list[PastRow]]:
        """Yield the lines that an index has in their order, part by part: most have but one."""
        while True:
            rows = await self._connection.fetch(query, entity, after, _BATCH, _MOST_BYTES)
            if rows:
                yield [PastRow(*row[:7]) for row in rows]
            if not rows or rows[0][7] == len(rows) < _BATCH:
                return
            after = rows[-1][0]

    async def _some(
        self, query: str, *arguments: Any, batch: int = _BATCH
    ) -> AsyncIterator[list[Any]]:
        cursor = await self._connection.cursor(query, *arguments)
        while rows := await cursor.fetch(batch):
            yield rows

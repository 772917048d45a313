"""The ledger's tables as they lie on disk, at one instant, for whoever audits them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg

from hapgang.writer.unit import AccountRow, TransferRow

_BATCH = 5_000
_LEAVES = """
    SELECT l.place, l.kind, l.fact, l.commitment, l.person, l.body,
        t.at, t.id, t.debit, t.credit, t.amount_won, t.step, t.of, t.memo, t.until
    FROM leaf l LEFT JOIN transfer t ON l.kind = 'transfer' AND t.id = l.fact
    ORDER BY l.place
"""
_UNLOGGED = """
    SELECT at, id, debit, credit, amount_won, step, of, memo, until FROM transfer
    WHERE NOT EXISTS (SELECT FROM leaf WHERE leaf.fact = transfer.id AND leaf.kind = 'transfer')
    ORDER BY seq, id
"""
_ACCOUNTS = """
    SELECT id, kind, owner, floor_won, balance_won, held_won, state FROM account ORDER BY id
"""


class LeafRow(NamedTuple):
    """A leaf with the fact that it is of; a transfer's stands in its own table."""

    place: int
    kind: str
    fact: str
    commitment: bytes
    person: str | None
    body: bytes | None
    transfer: tuple[datetime, TransferRow] | None


class Books:
    """Reads of one snapshot of the database."""

    def __init__(self, connection: "asyncpg.Connection[Any]") -> None:
        """Read over a connection that is in its transaction; `books_of` is the way in."""
        self._connection = connection

    async def leaves(self) -> AsyncIterator[LeafRow]:
        """Yield every leaf in its order, with its fact where that is there."""
        async for row in self._connection.cursor(_LEAVES, prefetch=_BATCH):
            paid = None if row["id"] is None else (row["at"], TransferRow(*row[7:]))
            place, kind, fact, commitment, person, body = row[:6]
            yield LeafRow(place, kind, fact, commitment, person, body, paid)

    async def unlogged(self) -> AsyncIterator[tuple[datetime, TransferRow]]:
        """Yield every transfer that has no leaf."""
        async for row in self._connection.cursor(_UNLOGGED, prefetch=_BATCH):
            yield row[0], TransferRow(*row[1:])

    async def accounts(self) -> AsyncIterator[AccountRow]:
        """Yield every account."""
        async for row in self._connection.cursor(_ACCOUNTS, prefetch=_BATCH):
            yield AccountRow(*row)

    async def keys(self) -> dict[str, bytes]:
        """Return every person's wrapped key."""
        rows = await self._connection.fetch("SELECT person, wrapped FROM person_key")
        return {row[0]: row[1] for row in rows}


@asynccontextmanager
async def books_of(connect: Mapping[str, Any]) -> AsyncIterator[Books]:
    """Open a database for reading; all that is read is of one instant."""
    connection = await asyncpg.connect(**connect)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            yield Books(connection)
    finally:
        await connection.close()

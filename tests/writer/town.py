"""A runtime over a database, for tests that leave it and come back to what lies on disk."""

import asyncio
from hashlib import sha256
from itertools import count
from typing import Any

import asyncpg

from hapgang.app.load import load
from hapgang.contract import Service
from hapgang.hub.privacy import KeyVault
from hapgang.writer.journal import Journal
from hapgang.writer.recall import Recall
from hapgang.writer.recovery import Archive, Last
from hapgang.writer.unit import Leaf, Unit
from hapgang.writer.writer import Writer
from tests.village import runtime_of


class Town:
    """A runtime on disk that can be left and come back to."""

    def __init__(
        self, database: dict[str, Any], services: dict[str, Service] | None = None
    ) -> None:
        self.database = database
        self.services = services
        self.vault = KeyVault(bytes(32))
        self.loop = asyncio.Runner()
        self.seeds = count()

    def __enter__(self) -> "Town":
        self.enter()
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()
        self.loop.close()

    def enter(self) -> None:
        writer = Writer(tells_at_once=True)
        self.runtime = runtime_of(self.services, writer=writer, seed=next(self.seeds))
        self.journal = self.loop.run(Journal.open(self.vault, **self.database))
        self.loop.run(self.journal.take_charge(wait=True))
        self.recall = Recall(**self.database)
        last = self.loop.run(self.load())
        self.runtime.writer.resume(
            self.journal, last_seq=last.seq, last_position=last.position, n_leaves=last.n_leaves
        )
        self.runtime.writer.additions.append(log_transfers)

    async def load(self) -> Last:
        async with asyncpg.create_pool(min_size=1, max_size=2, **self.database) as pool:
            archive = Archive(pool)
            await load(self.runtime, archive, self.recall, self.vault)
            return await archive.last()

    def flush(self) -> None:
        self.loop.run(self.runtime.writer.flush())

    def leave(self) -> None:
        self.recall.close()
        self.loop.run(self.journal.close())


def log_transfers(unit: Unit) -> None:
    """Let each transfer have a leaf, as in a city that keeps a log."""
    for row in unit.transfers:
        unit.leaves.append(Leaf("transfer", row.id, sha256(row.id.encode()).digest()))


async def write(database: dict[str, Any], sql: str, *values: Any) -> None:
    connection = await asyncpg.connect(**database)
    await connection.execute(sql, *values)
    await connection.close()

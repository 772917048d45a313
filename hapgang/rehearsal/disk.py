"""A disk under a rehearsal: the same journal as under a real city, to show that nothing differs."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Self, TypeVar

import asyncpg

from hapgang.core.errors import Conflict
from hapgang.hub.privacy import KeyVault
from hapgang.writer.journal import Journal
from hapgang.writer.postgres import start
from hapgang.writer.recovery import Archive
from hapgang.writer.writer import Writer

T = TypeVar("T")
_GROUP = 2_000  # units


class Disk:
    """A PostgreSQL in a folder of its own, where no city lies yet. Use as a context."""

    def __init__(self, folder: Path) -> None:
        """Start the database of a folder, or take the one that is there."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._vault = KeyVault.at(folder)
        self._postgres = start(folder)
        self._loop = asyncio.new_event_loop()
        self._journal: Journal | None = None
        self._writer = Writer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if self._journal is not None:
                self._wait(self._journal.close())
        finally:
            self._loop.close()
            self._postgres.close()

    def carry(self, writer: Writer) -> None:
        """Let a writer that has written nothing yet write here; `Conflict` where units lie."""
        self._journal = self._wait(self._open())
        writer.resume(self._journal, last_seq=0, last_position=0)
        self._writer = writer

    def keep_up(self) -> None:
        """Write what waits, once it is worth a group."""
        if self._writer.backlog >= _GROUP:
            self.flush()

    def flush(self) -> None:
        """Write all that waits; whatever the database refuses is raised."""
        self._wait(self._writer.flush())

    async def _open(self) -> Journal:
        connect = self._postgres.connect_kwargs
        journal = await Journal.open(self._vault, **connect)
        try:
            await journal.take_charge(wait=False)
            async with asyncpg.create_pool(min_size=1, max_size=1, **connect) as pool:
                if await Archive(pool).last() != (0, 0, 0):
                    raise Conflict(
                        "There is a city on this disk already; name an empty folder.",
                        "이미 도시가 저장된 폴더입니다. 빈 폴더를 지정하세요.",
                    )
        except BaseException:
            await journal.close()
            raise
        return journal

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

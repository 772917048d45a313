"""The worker's end: the city's live entities in memory, as far as they are on disk."""

import asyncio
import logging
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from hapgang.app.load import load_entities
from hapgang.app.wiring import LiveCity, settled
from hapgang.app.workers.board import Board
from hapgang.app.workers.link import BOARD, LINK, Hello, Saved, Told, read
from hapgang.hub.record import record_of
from hapgang.runtime.perform import Runtime
from hapgang.writer.failures import DATABASE_FAILURES
from hapgang.writer.recovery import Archive, decode
from hapgang.writer.unit import Unit
from hapgang.writer.writer import Writer

_PAUSE_S = 0.1
_LONGEST_WAIT_S = 0.25  # of a read for a unit that is on disk and was not told of yet
_READS_ONLY = {"default_transaction_read_only": "on"}
_hellos = msgspec.msgpack.Decoder(Hello)
_tolds = msgspec.msgpack.Decoder(list[Told])
_log = logging.getLogger(__name__)


class ForTheWriter(Exception):
    """A request would leave a trace, so that it is not for a worker."""


class NoWriter(Writer):
    """Stands where a writer does, and writes nothing."""

    def commit(self, unit: Unit) -> None:
        """Let a unit pass that leaves no trace; `ForTheWriter` for any other."""
        if not unit.is_empty:
            unit.take_back()
            raise ForTheWriter


class FollowingCity(LiveCity):
    """A city whose writer is another process: its live entities only, and nothing of its own."""

    def __init__(self, model: Path, scenario: str, *, state: Path, folder: Path, **known: Any):
        """Follow the writer that is met in a folder."""
        super().__init__(model, scenario, state=state, **known)
        self._link = folder / LINK
        self._board = Board(folder / BOARD)
        self._seq = 0
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self.line: asyncio.StreamWriter | None = None  # to the writer, once it was followed

    async def run(self, *, standby: bool = False) -> None:
        """Follow until cancelled, from the disk anew whenever the writer was lost."""
        while True:
            try:
                await self._follow()
            except (OSError, EOFError, *DATABASE_FAILURES) as error:
                _log.debug("the writer is not there: %s", error)
            except msgspec.DecodeError:
                _log.exception("the writer speaks another language")
            finally:
                self._drop()
            await asyncio.sleep(_PAUSE_S)

    async def caught_up(self) -> bool:
        """Wait until all is here that is on disk now; return False where that takes too long."""
        if self._runtime is None:
            return False
        seq = self._board.seq
        if self._seq >= seq:
            return True
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((seq, future))
        await asyncio.wait([future], timeout=_LONGEST_WAIT_S)
        return future.done() and self._runtime is not None

    async def _follow(self) -> None:
        reader, line = await asyncio.open_unix_connection(self._link)
        pool = None
        try:
            hello = await read(reader, _hellos)
            pool = await asyncpg.create_pool(
                min_size=1, max_size=1, server_settings=_READS_ONLY, **hello.connect
            )
            runtime, last = await self._read_from_disk(Archive(pool))
            self._seq = hello.seq
            while True:
                if self._runtime is None and self._seq >= last:
                    self._runtime, self.line = runtime, line
                    self.in_charge.set()
                for told in await read(reader, _tolds):
                    if told.forgets:
                        return  # nothing of them may stay in memory
                    self._take(runtime, told)
                self._wake()
        finally:
            line.close()
            if pool is not None:
                pool.terminate()  # it only reads

    async def _read_from_disk(self, archive: Archive) -> tuple[Runtime, int]:
        """Return the city as it lies on disk, and a unit from which on it is whole.

        What is told meanwhile waits in the line, and is taken after it in its order.
        """
        runtime = self._new_runtime(NoWriter())
        self.vault.load(await archive.person_keys())
        await settled(load_entities(runtime, archive, self.vault))
        return runtime, (await archive.last()).seq

    def _take(self, runtime: Runtime, told: Told) -> None:
        for saved in told.saved:
            put(runtime, saved, told.seq)
        self._seq = max(self._seq, told.seq)

    def _wake(self) -> None:
        still = []
        for seq, future in self._waiting:
            if seq > self._seq:
                still.append((seq, future))
            elif not future.done():
                future.set_result(None)
        self._waiting = still

    def _drop(self) -> None:
        self._runtime = self.line = None
        self.in_charge.clear()
        for _, future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()


def put(runtime: Runtime, saved: Saved, seq: int) -> None:
    """Bring one entity to the state that the writer told of."""
    if saved.document is not None:
        assert saved.created is not None
        assert saved.modified is not None
        record = record_of(
            decode(saved.document), created=saved.created, modified=saved.modified, seq=seq
        )
        runtime.state.put(record)
    elif runtime.state.get(saved.id) is not None:
        runtime.state.remove(saved.id)

"""The writer's end: each unit that is on disk is told to every worker, in order."""

import asyncio
import logging
from pathlib import Path

import msgspec

from hapgang.app.datamap import Uses
from hapgang.app.traffic import Traffic
from hapgang.app.wiring import LiveCity
from hapgang.app.workers.board import Board
from hapgang.app.workers.link import BOARD, LINK, Hello, Report, Saved, Told, packed, read
from hapgang.core.wire import encoder
from hapgang.runtime.perform import Runtime
from hapgang.writer.unit import Stored, Unit

_MOST_BEHIND_BYTES = 64_000_000  # a worker that is further behind reads the disk anew
_reports = msgspec.msgpack.Decoder(Report)
_log = logging.getLogger(__name__)


class Telling:
    """Tells workers of units, and takes their reports."""

    def __init__(self, live: LiveCity, folder: Path, traffic: Traffic, uses: Uses) -> None:
        """Meet the workers in a folder that is the user's own, while the city is in charge."""
        self._live = live
        self._path = folder / LINK
        self._traffic = traffic
        self._uses = uses
        self._board = Board(folder / BOARD, is_new=True)
        self._lines: set[asyncio.StreamWriter] = set()
        self._open: list[Told] = []
        live.on_start.append(self._begin)
        live.alongside.append(self.run)

    @property
    def following(self) -> int:
        """How many workers are connected."""
        return len(self._lines)

    def _begin(self, runtime: Runtime) -> None:
        self._open.clear()
        self._board.seq = runtime.writer.durable_seq
        runtime.writer.listeners.append(self._tell)

    async def run(self) -> None:
        """Let workers in until cancelled; whoever is cut off reads the disk anew."""
        self._path.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self._serve, self._path)
        try:
            await asyncio.Event().wait()
        finally:
            server.close()
            for line in self._lines:
                line.transport.abort()
            self._lines.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self._send()  # what is older than the greeting is for the others only
            seq = self._live.runtime.writer.durable_seq
            writer.write(packed(Hello(seq, self._live.connect)))
            self._lines.add(writer)
            while True:
                self._take(await read(reader, _reports))
        except (OSError, EOFError, msgspec.DecodeError):
            pass  # the worker is gone
        finally:
            self._lines.discard(writer)
            writer.transport.abort()

    def _take(self, report: Report) -> None:
        self._traffic.add(report.counted)
        now = self._live.clock.now()
        for name, times in report.reads.items():
            self._uses.note([name], now, times)
        for source, times in report.contexts.items():
            self._live.contexts.shelf.note_use(source, times)

    def _tell(self, unit: Unit) -> None:
        """Note a unit; the board comes first, so that nobody reads what is older than an answer."""
        self._board.seq = unit.seq
        if not self._lines:
            return
        if not self._open:
            asyncio.get_running_loop().call_soon(self._send)
        saved = [saved_of(name, stored) for name, stored in unit.entities.items()]
        self._open.append(Told(unit.seq, saved, bool(unit.forgotten)))

    def _send(self) -> None:
        if not self._open:
            return
        message = packed(self._open)
        self._open = []
        for line in list(self._lines):
            if line.transport.get_write_buffer_size() > _MOST_BEHIND_BYTES:
                _log.warning("a worker is too far behind, and reads the city from disk again")
                self._lines.discard(line)
                line.transport.abort()
            else:
                line.write(message)


def saved_of(entity_id: str, stored: Stored | None) -> Saved:
    """Return what workers are told of an entity."""
    if stored is None or stored.closed:
        return Saved(entity_id)
    return Saved(entity_id, encoder.encode(stored.document()), stored.created, stored.modified)

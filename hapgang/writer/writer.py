"""The one writer of a city: it numbers units, groups them, and says when they are safe."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime

from hapgang.core.errors import Unavailable
from hapgang.core.histogram import Histogram
from hapgang.writer.digest import Digest
from hapgang.writer.journal import Journal
from hapgang.writer.unit import Unit

_log = logging.getLogger(__name__)
_MOST_WAITING = 20_000  # units; beyond it callers are told to come back rather than kept in memory
_MOST_IN_A_GROUP = 2_000
_UNITS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)  # bounds of what is counted
_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)

Listener = Callable[[Unit], None]
Addition = Callable[[Unit], None]  # never raises: what the action did is there already


class Writer:
    """Collects units into groups; a unit is safe when its group is on disk.

    Without a journal (a rehearsal) each unit is safe at once. A rehearsal whose disk is on is told
    of its units at once all the same, so that it runs the same, and calls `flush` now and then.
    """

    def __init__(self, *, digest: Digest | None = None, tells_at_once: bool = False) -> None:
        """Start at unit 1 with an empty feed; `resume` continues a city from disk."""
        self._tells_at_once = tells_at_once
        self._journal: Journal | None = None
        self._digest = digest
        self._next_seq = 1
        self._next_position = 1
        self._next_leaf = 0
        self._durable_seq = 0
        self._open: list[Unit] = []
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self._wake: asyncio.Event | None = None
        self._failure: Unavailable | None = None
        self.group_units = Histogram(_UNITS)
        self.commit_seconds = Histogram(_SECONDS)
        self.listeners: list[Listener] = []
        self.additions: list[Addition] = []

    @property
    def last_seq(self) -> int:
        """The number of the newest unit."""
        return self._next_seq - 1

    @property
    def durable_seq(self) -> int:
        """The number of the newest unit that is safe."""
        return self._durable_seq

    @property
    def is_durable(self) -> bool:
        """Whether every unit so far is safe."""
        return self._durable_seq == self._next_seq - 1

    @property
    def backlog(self) -> int:
        """How many units wait for the disk."""
        return len(self._open)

    @property
    def n_leaves(self) -> int:
        """How many leaves the log has, those included that wait for the disk."""
        return self._next_leaf

    @property
    def digest(self) -> str:
        """The digest of the run so far, empty when none is kept."""
        return self._digest.text() if self._digest else ""

    def resume(
        self, journal: Journal, *, last_seq: int, last_position: int, n_leaves: int = 0
    ) -> None:
        """Continue after the last unit, feed line and leaf on disk, writing to `journal`."""
        self._journal = journal
        self._next_seq, self._next_position = last_seq + 1, last_position + 1
        self._next_leaf = n_leaves
        self._durable_seq = last_seq
        self._failure = None

    def begin(self, at: datetime, action: str, caller: str, *, by_person: bool = False) -> Unit:
        """Open the next unit; `Unavailable` while the disk is lost."""
        if self._failure is not None:
            raise self._failure
        return Unit(self._next_seq, at, action, caller, by_person=by_person)

    def check_room(self) -> None:
        """Raise `Unavailable` to callers from outside while the disk is far behind."""
        if len(self._open) >= _MOST_WAITING:
            raise Unavailable(
                "The city is very busy. Please try again in a few seconds.",
                "지금 요청이 많습니다. 몇 초 뒤에 다시 시도해 주세요.",
            )

    def commit(self, unit: Unit) -> None:
        """Give the unit its place in the order; an empty one leaves no trace."""
        if unit.is_empty:
            return
        for add in self.additions:
            add(unit)
        unit.first_position = self._next_position
        self._next_position += len(unit.items)
        unit.first_leaf = self._next_leaf
        self._next_leaf += len(unit.leaves)
        self._next_seq += 1
        unit.undo.clear()
        if self._digest is not None:
            self._digest.add(unit)
        if self._journal is None:
            self._durable_seq = unit.seq
        else:
            self._open.append(unit)
            if self._wake is not None:
                self._wake.set()
        if self._journal is None or self._tells_at_once:
            self._tell(unit)

    async def durable(self) -> None:
        """Return when every unit so far is safe; raise `Unavailable` when the disk is lost."""
        if self._failure is not None:
            raise self._failure
        if self._durable_seq == self._next_seq - 1:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((self._next_seq - 1, future))
        await future

    async def run(self) -> None:
        """Write groups until cancelled; returns when the disk is lost, after telling everyone."""
        self._wake = asyncio.Event()
        if self._open:
            self._wake.set()
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._open:
                    await self._write(self._next_group())
        except asyncio.CancelledError:
            self._fail("stopped")
            raise
        except Exception as error:  # noqa: BLE001 (whatever it was, the disk is behind memory)
            _log.exception("the database refused a group, of %d units that wait", self.backlog)
            self._fail(type(error).__name__)

    async def flush(self) -> None:
        """Write all that waits, where nobody runs `run`."""
        while self._open:
            await self._write(self._next_group())

    async def _write(self, group: list[Unit]) -> None:
        assert self._journal is not None
        began_s = time.perf_counter()
        await self._journal.commit(group)
        self.commit_seconds.add(time.perf_counter() - began_s)
        self.group_units.add(len(group))
        del self._open[: len(group)]
        self._made_durable(group)

    def _next_group(self) -> list[Unit]:
        """Return the oldest open units, up to one that forgets a person.

        What is written about that person afterwards needs a key of its own, in a later group.
        """
        group: list[Unit] = []
        for unit in self._open[:_MOST_IN_A_GROUP]:
            group.append(unit)
            if unit.forgotten:
                break
        return group

    def _made_durable(self, group: list[Unit]) -> None:
        self._durable_seq = group[-1].seq
        still_waiting = []
        for seq, future in self._waiting:
            if seq > self._durable_seq:
                still_waiting.append((seq, future))
            elif not future.done():
                future.set_result(None)
        self._waiting = still_waiting
        if not self._tells_at_once:
            for unit in group:
                self._tell(unit)

    def _tell(self, unit: Unit) -> None:
        for listener in self.listeners:
            listener(unit)

    def _fail(self, cause: str) -> None:
        self._failure = Unavailable(
            "The city's memory was interrupted; this request may or may not have been kept."
            " It is being restored: repeat the request with the same Idempotency-Key.",
            "도시의 저장소가 잠시 끊겨 요청이 저장되었는지 알 수 없습니다."
            " 복구 중이니 같은 Idempotency-Key로 다시 요청해 주세요.",
            cause=cause,
        )
        self._open.clear()
        for _, future in self._waiting:
            if not future.done():
                future.set_exception(self._failure)
        self._waiting.clear()

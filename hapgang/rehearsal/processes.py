"""Runs side by side in processes of this machine."""

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from hapgang.rehearsal.farm import (
    Died,
    Done,
    Failed,
    LastWorld,
    News,
    Order,
    Told,
    tellable,
    world_key,
)
from hapgang.rehearsal.run import rehearse

_PATIENCE_S = 10.0
_spawn = multiprocessing.get_context("spawn")


@dataclass(eq=False)
class _Worker:
    """A process, the line to it, and what it is at."""

    process: SpawnProcess
    line: Connection
    number: int | None = None
    world: object = field(default=None)


class Processes:
    """As many processes as there are processors, or as asked for; each makes a run at a time."""

    def __init__(self, at_once: int | None = None) -> None:
        """Start nothing yet."""
        self._at_once = at_once or processors()
        self._waiting: deque[tuple[int, Order]] = deque()
        self._workers: list[_Worker] = []

    def give(self, number: int, order: Order) -> None:
        """Take on a run."""
        self._waiting.append((number, order))
        self._begin()

    def news(self) -> Iterator[News]:
        """Wait for the processes to tell something, or to die."""
        busy = {worker.line: worker for worker in self._workers if worker.number is not None}
        for line in wait(list(busy)):
            worker = busy[line]  # type: ignore[index] # only lines are waited for
            number = worker.number
            assert number is not None
            try:
                item: News = worker.line.recv()
            except (EOFError, OSError):
                self._workers.remove(worker)
                item = Died(number, _end_of(worker))
            if not isinstance(item, Told):
                worker.number = None
                self._begin()
            yield item

    def pids(self) -> list[int]:
        """Return the processes that are there."""
        return [worker.process.pid for worker in self._workers if worker.process.pid is not None]

    def stop(self) -> None:
        """End all processes: at once those that are at something, the others by themselves."""
        self._waiting.clear()
        for worker in self._workers:
            worker.line.close()
            if worker.number is not None:
                worker.process.terminate()
        for worker in self._workers:
            worker.process.join(_PATIENCE_S)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        self._workers.clear()

    def _begin(self) -> None:
        """Give what waits to whoever is free, first to those who know its world."""
        while self._waiting:
            worker = next((w for w in self._workers if w.number is None), None)
            if worker is None:
                if len(self._workers) >= self._at_once:
                    return
                worker = _started()
                self._workers.append(worker)
            known = [i for i in self._waiting if world_key(i[1].wish) == worker.world]
            number, order = known[0] if known else self._waiting[0]
            self._waiting.remove((number, order))
            worker.number, worker.world = number, world_key(order.wish)
            try:
                worker.line.send((number, order))
            except OSError:
                continue  # it has died meanwhile: its line says so


def processors() -> int:
    """Return how many processors this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1


def _started() -> _Worker:
    ours, theirs = _spawn.Pipe()
    process = _spawn.Process(target=_work, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _end_of(worker: _Worker) -> tuple[str, str]:
    """Say how a process ended."""
    worker.line.close()
    worker.process.join()
    code = worker.process.exitcode or 0
    if code < 0:
        name = signal.Signals(-code).name
        return (f"its process was ended from outside ({name})", f"프로세스 강제 종료 ({name})")
    return (f"its process ended by itself (status {code})", f"프로세스 종료 (상태 {code})")


def _work(line: Connection) -> None:
    """Make runs until nobody wants any more; the process that asked for them may vanish."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever is interrupted stops us
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    last = LastWorld()
    while True:
        try:
            number, order = line.recv()
        except (EOFError, OSError):
            return
        _send(line, _made(line, number, order, last))


def _made(line: Connection, number: int, order: Order, last: LastWorld) -> News:
    def progress(stage: str, share: float) -> None:
        _send(line, Told(number, stage, share))

    try:
        progress("city", 0.0)
        world = last.of(order.wish, order.cache)
        return Done(number, rehearse(order.wish, progress, order.out, world=world))
    except Exception as error:  # noqa: BLE001 (whatever it is, whoever asked has to hear it)
        return Failed(number, tellable(error))


def _send(line: Connection, item: Any) -> None:
    try:
        line.send(item)
    except OSError:
        sys.exit(1)  # nobody listens any more

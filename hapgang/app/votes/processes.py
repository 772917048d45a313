"""A few processes beside the writer's, which end with it; a bound for how much they are asked."""

import asyncio
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from hapgang.core.errors import Unavailable

T = TypeVar("T")
MOST_UNDER_WAY = 64
_NICER = 5


class Busy(Unavailable):
    """So many people vote at this moment that some have to come again."""


class Processes:
    """Work done for votes; nothing is started before somebody votes."""

    def __init__(self, most: int = MOST_UNDER_WAY) -> None:
        """Bound how many pieces of work of strangers are waited for."""
        self._most = most
        self._under_way = 0
        self._pool: ProcessPoolExecutor | None = None

    async def ask(self, work: Callable[..., T], *words: object) -> T:
        """Do somebody's work; `Busy` where too much is under way."""
        if self._under_way >= self._most:
            raise Busy(
                "Many people vote at this moment. Please try again in a few seconds.",
                "지금 투표하는 사람이 많습니다. 몇 초 뒤에 다시 시도해 주세요.",
            )
        self._under_way += 1
        try:
            return await self.do(work, *words)
        finally:
            self._under_way -= 1

    async def do(self, work: Callable[..., T], *words: object) -> T:
        """Do the city's own work."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                os.cpu_count() or 1,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin,
            )
        pool = self._pool
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, work, *words)
        except BrokenProcessPool as error:
            if self._pool is pool:
                self.close()
            raise Unavailable(
                "A process that checks votes died. Please try again.",
                "투표를 확인하는 프로세스가 멈췄습니다. 다시 시도해 주세요.",
            ) from error

    def close(self) -> None:
        """Let the processes end."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _begin() -> None:
    """Let the writer go first wherever both want a core; leave when it is gone, however it went."""
    os.nice(_NICER)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="parent").start()

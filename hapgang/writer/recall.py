"""The only blocking read that an action may make: something closed, by its id."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import asyncpg

from hapgang.core.errors import Unavailable
from hapgang.writer.failures import DATABASE_FAILURES
from hapgang.writer.recovery import Archive, close_pool

T = TypeVar("T")
_PATIENCE_S = 5.0


class Recall:
    """An archive read from plain functions, through a thread with a loop of its own."""

    def __init__(self, **connect: Any) -> None:
        """Connect."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="recall")
        self._thread.start()
        try:
            self._pool = self._wait(_open(connect))
        except BaseException:
            self._end()
            raise
        self._archive = Archive(self._pool)

    def read(self, ask: Callable[[Archive], Coroutine[Any, Any, T]]) -> T:
        """Return what `ask` finds; `Unavailable` when the disk does not answer in time."""
        return self._wait(ask(self._archive))

    def close(self) -> None:
        """Let go of the connection and the thread."""
        asyncio.run_coroutine_threadsafe(close_pool(self._pool), self._loop).result(_PATIENCE_S)
        self._end()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait(self, coroutine: Coroutine[Any, Any, T]) -> T:
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result(_PATIENCE_S)
        except DATABASE_FAILURES as error:
            future.cancel()
            raise Unavailable(
                "The city's archive does not answer; try again shortly.",
                "보관소가 응답하지 않습니다. 잠시 후 다시 시도해 주세요.",
            ) from error


async def _open(connect: dict[str, Any]) -> "asyncpg.Pool[asyncpg.Record]":
    return await asyncpg.create_pool(min_size=1, max_size=2, **connect)

"""Server-sent events from a queue, with a sign of life where nothing is told."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable
from typing import TypeVar

T = TypeVar("T")

_HEARTBEAT_S = 15.0  # keeps the line open through what stands between
WAKE = b":\n\n"  # tells nothing
Queue = asyncio.Queue[bytes | None]  # None: there is no more


async def spoken(greeting: bytes, queue: Queue) -> AsyncIterator[bytes]:
    """Yield a greeting, and what is put into the queue until its end."""
    yield b": %b\n\n" % greeting
    while True:
        try:
            async with asyncio.timeout(_HEARTBEAT_S):
                line = await queue.get()
        except TimeoutError:
            line = WAKE
        if line is None:
            return
        yield line


async def while_true(holds: Callable[[], bool], lines: AsyncIterable[T]) -> AsyncIterator[T]:
    """Yield lines as long as something holds, which is looked at before each: they end with it."""
    try:
        async for line in lines:
            if not holds():
                return
            yield line
    finally:
        if isinstance(lines, AsyncGenerator):
            await lines.aclose()  # at once: whoever listens is counted

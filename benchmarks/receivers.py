"""Receivers of notifications in a process of their own: they take everything, and count.

python -m benchmarks.receivers < COUNTS

It prints its port, and for each count that is wanted when so many were there (monotonic, s).
"""

import asyncio
import sys
import time
from typing import cast

import uvloop

_TAKEN = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Counter:
    """How many came in, on all connections."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.count = 0
        self.wanted = 1 << 62
        self.there = asyncio.Event()

    def add(self, count: int) -> None:
        """Count some more."""
        self.count += count
        if self.count >= self.wanted:
            self.there.set()


class Receiver(asyncio.Protocol):
    """One connection on which notifications come in."""

    def __init__(self, counter: Counter) -> None:
        """Count with the others."""
        self._counter = counter
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Answer on this connection."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Take what is whole."""
        self._buffer += data
        while (head := self._buffer.find(b"\r\n\r\n")) >= 0:
            at = self._buffer.find(b"Content-Length: ", 0, head)
            length = int(self._buffer[at + 16 : self._buffer.find(b"\r", at)])
            if len(self._buffer) < head + 4 + length:
                return
            self._buffer = self._buffer[head + 4 + length :]
            self._counter.add(1)
            self._transport.write(_TAKEN)


async def serve() -> None:
    """Serve until nobody wants a count any more."""
    counter = Counter()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Receiver(counter), "127.0.0.1", 0, backlog=1_000)
    print(server.sockets[0].getsockname()[1], flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        counter.wanted = counter.count + int(line)
        counter.there.clear()
        print("ready", flush=True)
        await counter.there.wait()
        print(time.monotonic(), flush=True)


if __name__ == "__main__":
    uvloop.run(serve())

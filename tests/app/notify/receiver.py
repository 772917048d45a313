"""A receiver of notifications that does as it is told: answers, hangs, refuses, closes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec


class Receiver:
    """What came in, and how the next requests are met."""

    def __init__(self) -> None:
        self.port = 0
        self.got: list[dict[str, Any]] = []
        self.heads: list[str] = []
        self.manner = "200"  # a status, or: hang, close
        self.requests = 0
        self._news = asyncio.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/notify"

    async def wait(self, count: int, limit_s: float = 20.0) -> list[dict[str, Any]]:
        """Return what was taken once it is so much."""
        async with asyncio.timeout(limit_s):
            while len(self.got) < count:
                self._news.clear()
                await self._news.wait()
        return self.got

    async def asked(self, count: int, limit_s: float = 20.0) -> None:
        """Return when so many requests came in, whatever became of them."""
        async with asyncio.timeout(limit_s):
            while self.requests < count:
                self._news.clear()
                await self._news.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            int(line.partition(":")[2])
            for line in head.split("\r\n")
            if line.lower().startswith("content-length")
        )
        body = await reader.readexactly(length)
        self.requests += 1
        manner = self.manner
        if manner.startswith("2"):
            self.heads.append(head)
            self.got.append(msgspec.json.decode(body))
        self._news.set()
        if manner == "hang":
            await asyncio.Event().wait()
        if manner == "close":
            return False
        writer.write(f"HTTP/1.1 {manner} Told\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()
        return True


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()

"""A context source that says what a test tells it, and remembers what it was asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import msgspec


class Asked(NamedTuple):
    """One request."""

    method: str
    path: str
    words: dict[str, str]
    headers: dict[str, str]
    body: Any


class Stub:
    """Answers by method and path; anything else with 404."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: dict[tuple[str, str], tuple[int, Any]] = {}
        self.asked: list[Asked] = []
        self.connections = 0
        self.is_silent = False

    def say(self, method: str, path: str, status: int, body: Any = None) -> None:
        """Answer so from now on; the path is below /ngsi-ld/v1."""
        self.answers[method, f"/ngsi-ld/v1{path}"] = (status, body)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests of one connection until it ends."""
        self.connections += 1
        try:
            while line := await reader.readline():
                await self._answer(line.decode(), reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(
        self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        method, target, _ = line.split()
        headers: dict[str, str] = {}
        while (row := (await reader.readline()).decode().strip()) != "":
            name, _, value = row.partition(":")
            headers[name.lower()] = value.strip()
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        parts = urlsplit(target)
        said = msgspec.json.decode(body) if body else None
        self.asked.append(Asked(method, parts.path, dict(parse_qsl(parts.query)), headers, said))
        if self.is_silent:
            await asyncio.Event().wait()
        status, answer = self.answers.get((method, parts.path), (404, None))
        data = answer if isinstance(answer, bytes) else msgspec.json.encode(answer)
        if answer is None:
            data = b""
        head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(data)}\r\n\r\n"
        writer.write(head.encode() + data)
        await writer.drain()


@asynccontextmanager
async def stub() -> AsyncIterator[Stub]:
    """A source on loopback until the block ends."""
    source = Stub()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        await source.serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    source.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield source
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

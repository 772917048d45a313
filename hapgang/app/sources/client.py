"""HTTP/1.1 to other sources: so many requests at a time, so many bytes, so long; no redirects.

Connections are kept for what may be asked twice; anything else gets one of its own, so that nobody
has to guess whether a request that got no answer was heard.
"""

import asyncio
import ssl
import time
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import httptools

from hapgang.app.outside_http import Place

_CHUNK = 65_536
_MOST_HEAD_BYTES = 65_536
_MOST_AT_ONCE = 32  # at one place, so that a slow one keeps nobody from the others
_MOST_PLACES = 1_000
_MOST_IDLE = 32
_LONGEST_IDLE_S = 4.0  # servers close idle connections after 5 s and more (uvicorn, Node)


class SourceFailed(Exception):
    """A source gave no answer that can be used; the message says why."""

    def __init__(self, why: str, *, is_late: bool = False) -> None:
        """Say why; `is_late` where nothing came in time."""
        super().__init__(why)
        self.is_late = is_late


class SourceAnswer(NamedTuple):
    """What a source said."""

    status: int
    body: bytes
    headers: dict[str, str]  # names in small letters


class Request(NamedTuple):
    """What is asked of a source."""

    method: str
    path: str  # below the place, with its query
    headers: Mapping[str, str]
    body: bytes = b""
    is_safe: bool = False  # whether asking twice does no harm


class _Line(NamedTuple):
    """A connection that nobody uses now."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    since_s: float


class SourceClient:
    """Asks sources, and keeps some connections to them."""

    def __init__(self) -> None:
        """Be ready; nothing is opened yet."""
        self._free: dict[tuple[str, int], asyncio.Semaphore] = {}
        self._idle: dict[tuple[str, int, bool], list[_Line]] = {}

    async def ask(
        self, place: Place, request: Request, *, limit_s: float, most_bytes: int
    ) -> SourceAnswer:
        """Return the whole answer to a request; `SourceFailed` for anything else."""
        free = self._free_at(place)
        try:
            async with asyncio.timeout(limit_s):
                await free.acquire()
        except TimeoutError:
            raise SourceFailed(f"{_MOST_AT_ONCE} requests are under way there") from None
        try:
            async with asyncio.timeout(limit_s):
                return await self._exchange(place, request, most_bytes)
        except TimeoutError:
            raise SourceFailed(f"no answer within {limit_s:g} s", is_late=True) from None
        except (OSError, ssl.SSLError, asyncio.IncompleteReadError) as error:
            raise SourceFailed(f"{type(error).__name__}: {error}"[:200]) from None
        except httptools.HttpParserError as error:
            raise SourceFailed(f"no HTTP: {error}"[:200]) from None
        finally:
            free.release()

    def _free_at(self, place: Place) -> asyncio.Semaphore:
        key = (place.host, place.port)
        if key not in self._free and len(self._free) >= _MOST_PLACES:
            self._free.clear()  # who waits goes on with what they have
        return self._free.setdefault(key, asyncio.Semaphore(_MOST_AT_ONCE))

    def close(self) -> None:
        """Close what is kept."""
        for lines in self._idle.values():
            for line in lines:
                line.writer.close()
        self._idle.clear()

    async def _exchange(self, place: Place, request: Request, most_bytes: int) -> SourceAnswer:
        data = _written(place, request)
        line = self._kept(place) if request.is_safe else None
        if line is not None:
            try:
                return await self._over(place, line.reader, line.writer, data, most_bytes)
            except (OSError, asyncio.IncompleteReadError):
                pass  # closed over there meanwhile: once more, on a fresh one
        tls = _tls() if place.is_secure else None
        reader, writer = await asyncio.open_connection(place.host, place.port, ssl=tls)
        return await self._over(place, reader, writer, data, most_bytes)

    async def _over(
        self, place: Place, reader: asyncio.StreamReader, writer: asyncio.StreamWriter,
        data: bytes, most_bytes: int,
    ) -> SourceAnswer:  # fmt: skip
        is_kept = False
        try:
            writer.write(data)
            await writer.drain()
            answer, may_stay = await _answer(reader, most_bytes)
            is_kept = may_stay and self._keep(place, reader, writer)
            return answer
        finally:
            if not is_kept:
                writer.close()

    def _kept(self, place: Place) -> _Line | None:
        lines = self._idle.get((place.host, place.port, place.is_secure), [])
        while lines:
            line = lines.pop()
            is_young = time.monotonic() - line.since_s < _LONGEST_IDLE_S
            if is_young and not (line.reader.at_eof() or line.writer.is_closing()):
                return line
            line.writer.close()
        return None

    def _keep(
        self, place: Place, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        now_s = time.monotonic()
        for lines in self._idle.values():
            while lines and now_s - lines[0].since_s >= _LONGEST_IDLE_S:
                lines.pop(0).writer.close()
        self._idle = {key: lines for key, lines in self._idle.items() if lines}
        if sum(len(lines) for lines in self._idle.values()) >= _MOST_IDLE:
            return False
        key = (place.host, place.port, place.is_secure)
        self._idle.setdefault(key, []).append(_Line(reader, writer, now_s))
        return True


class _Collected:
    """What the parser has seen of an answer."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.headers: dict[str, str] = {}
        self.has_head = False
        self.is_whole = False
        self.may_stay = False
        self.parser: httptools.HttpResponseParser | None = None

    @property
    def ends_with_connection(self) -> bool:
        return not {"content-length", "transfer-encoding"} & self.headers.keys()

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self.has_head = True

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.is_whole = True
        self.may_stay = self.parser is not None and self.parser.should_keep_alive()


async def _answer(reader: asyncio.StreamReader, most_bytes: int) -> tuple[SourceAnswer, bool]:
    """Return an answer, and whether the connection may be used again."""
    seen = _Collected()
    seen.parser = parser = httptools.HttpResponseParser(seen)
    read = 0
    while not seen.is_whole:
        chunk = await reader.read(_CHUNK)
        if not chunk:
            break
        read += len(chunk)
        if read > most_bytes + _MOST_HEAD_BYTES:
            raise SourceFailed(f"more than {most_bytes:,} bytes")
        parser.feed_data(chunk)
    if not read:
        raise asyncio.IncompleteReadError(b"", None)
    if not seen.has_head or not (seen.is_whole or seen.ends_with_connection):
        raise SourceFailed("the connection was closed in the middle of the answer")
    seen.parser = None  # or each would keep the other alive
    return SourceAnswer(parser.get_status_code(), bytes(seen.body), seen.headers), seen.may_stay


def _written(place: Place, request: Request) -> bytes:
    host = f"[{place.host}]" if ":" in place.host else place.host
    standard = 443 if place.is_secure else 80
    lines = [
        f"{request.method} {place.path}{request.path} HTTP/1.1",
        f"Host: {host}" if place.port == standard else f"Host: {host}:{place.port}",
        *(f"{name}: {value}" for name, value in request.headers.items()),
    ]
    if not request.is_safe:
        lines.append("Connection: close")
    if request.body or request.method in ("POST", "PUT", "PATCH"):
        lines.append(f"Content-Length: {len(request.body)}")
    head = "\r\n".join(lines)
    if head.count("\n") != len(lines) - 1 or head.count("\r") != len(lines) - 1:
        raise SourceFailed("a header has more than one line")
    return head.encode("latin-1", "replace") + b"\r\n\r\n" + request.body


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()

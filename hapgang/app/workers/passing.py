"""A request handed to the writer's process as it came, and its answer handed back as it comes.

HTTP/1.1 over a Unix socket that is the user's own, with the caller's own token: the writer trusts
a worker with nothing but where the caller calls from.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httptools

from hapgang.app.context import MOST_BODY_BYTES, Message, Receive, Respond, Scope, Send
from hapgang.app.ngsild import ngsild_problem
from hapgang.app.ngsild.answers import LOCATION
from hapgang.app.problems import problem
from hapgang.core.errors import Unavailable

CALLER = b"hapgang-caller"  # the address from which a passed request came
_CHUNK = 262_144
_MOST_AT_ONCE = 1_000
_MOST_IDLE = 256
_OF_A_CONNECTION = frozenset(
    b"connection keep-alive te trailer transfer-encoding upgrade content-length expect".split()
)
_NOT_PASSED = _OF_A_CONNECTION | {CALLER}
_NOT_PASSED_BACK = _OF_A_CONNECTION - {b"content-length"} | {b"date"}  # there is one already
_Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Passage:
    """Connections to the writer, kept for the next request."""

    def __init__(self, path: Path) -> None:
        """Reach the writer at a socket."""
        self._path = path
        self._idle: list[_Line] = []
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have one request answered."""
        if self._under_way >= _MOST_AT_ONCE:
            await _failed(scope, _busy())(scope, receive, send)
            return
        self._under_way += 1
        try:
            await self._pass(scope, receive, send)
        finally:
            self._under_way -= 1

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:
            return
        request = _written(scope, body)
        answer = _Answer(send, is_head=scope["method"] == "HEAD")
        is_safe = scope["method"] in ("GET", "HEAD")
        for is_again in (False, True):
            try:
                await self._exchange(request, answer, receive, is_new=is_again)
            except (OSError, EOFError, httptools.HttpParserError):
                if answer.has_begun:
                    raise
                if is_safe and not is_again:
                    continue  # a kept connection may have been closed over there
                await _failed(scope, _interrupted())(scope, receive, send)
            return

    async def _exchange(
        self, request: bytes, answer: "_Answer", receive: Receive, *, is_new: bool
    ) -> None:
        reader, writer = await self._line(is_new=is_new)
        is_kept = False
        try:
            writer.write(request)
            is_whole = await answer.take(await reader.read(_CHUNK))
            if not is_whole:
                async with _closed_when_gone(receive, writer):
                    while not await answer.take(await reader.read(_CHUNK)):
                        pass
            is_kept = answer.may_stay and len(self._idle) < _MOST_IDLE
        finally:
            if is_kept:
                self._idle.append((reader, writer))
            else:
                writer.close()

    async def _line(self, *, is_new: bool) -> _Line:
        while self._idle and not is_new:
            reader, writer = self._idle.pop()
            if not (reader.at_eof() or writer.is_closing()):
                return reader, writer
            writer.close()
        return await asyncio.open_unix_connection(self._path)

    def close(self) -> None:
        """Close what is kept."""
        while self._idle:
            self._idle.pop()[1].close()


class _Answer:
    """An answer on its way to who asked."""

    def __init__(self, send: Send, *, is_head: bool) -> None:
        self._send = send
        self._is_head = is_head  # its answer tells of a body that does not come
        self._parser: httptools.HttpResponseParser | None = httptools.HttpResponseParser(self)
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = bytearray()
        self._has_head = self._is_whole = False
        self.has_begun = self.may_stay = False

    async def take(self, chunk: bytes) -> bool:
        """Hand on what came; return whether that was all. `EOFError` where it ends too early."""
        parser = self._parser
        if not chunk or parser is None:
            raise EOFError("the writer ended in the middle of an answer")
        parser.feed_data(chunk)
        if self._has_head and not self.has_begun:
            self.has_begun = True
            status = parser.get_status_code()
            self._is_whole |= self._is_head
            start = {"type": "http.response.start", "status": status, "headers": self._headers}
            await self._send(start)
        if self.has_begun and (self._body or self._is_whole):
            body, self._body = bytes(self._body), bytearray()
            more = not self._is_whole
            await self._send({"type": "http.response.body", "body": body, "more_body": more})
        if self._is_whole:
            self.may_stay = parser.should_keep_alive()
            self._parser = None  # or each would keep the other alive
        return self._is_whole

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header that is not about the connection."""
        if (small := name.lower()) not in _NOT_PASSED_BACK:
            self._headers.append((LOCATION if small == b"location" else small, value))

    def on_headers_complete(self) -> None:
        """The head is there."""
        self._has_head = True

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body."""
        self._body += body

    def on_message_complete(self) -> None:
        """All is there."""
        self._is_whole = True


@asynccontextmanager
async def _closed_when_gone(receive: Receive, writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Close the line when whoever asked has gone: a stream would go on for ever."""

    async def watch() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        writer.close()

    watching = asyncio.ensure_future(watch())
    try:
        yield
    finally:
        watching.cancel()


async def _body(receive: Receive) -> bytes | None:
    """Return the body, of one that is too large enough to be refused; None where nobody waits."""
    message: Message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body") and len(body) <= MOST_BODY_BYTES:
        message = await receive()
        body += message.get("body", b"")
    return None if message["type"] == "http.disconnect" else body


def _written(scope: Scope, body: bytes) -> bytes:
    query: bytes = scope["query_string"]
    target = scope["raw_path"] + (b"?" + query if query else b"")
    lines = [b"%s %s HTTP/1.1" % (scope["method"].encode("latin-1"), target)]
    lines += [b"%s: %s" % pair for pair in scope["headers"] if pair[0] not in _NOT_PASSED]
    if client := scope.get("client"):
        lines.append(b"%s: %s" % (CALLER, str(client[0]).encode("latin-1", "replace")))
    if body or scope["method"] not in ("GET", "HEAD", "DELETE"):
        lines.append(b"content-length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _failed(scope: Scope, error: Unavailable) -> Respond:
    return ngsild_problem(error) if scope["path"].startswith("/ngsi-ld/") else problem(error)


def _busy() -> Unavailable:
    return Unavailable(
        "The city is very busy. Please try again in a few seconds.",
        "지금 요청이 많습니다. 몇 초 뒤에 다시 시도해 주세요.",
    )


def _interrupted() -> Unavailable:
    return Unavailable(
        "The city was interrupted; this request may or may not have been kept. Repeat it with the"
        " same Idempotency-Key in a few seconds.",
        "도시가 잠시 끊겨 요청이 저장되었는지 알 수 없습니다. 몇 초 뒤에 같은 Idempotency-Key로"
        " 다시 요청해 주세요.",
    )

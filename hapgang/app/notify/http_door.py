"""Notifications by HTTP: POST over a connection that stays open (clause 6.3.8)."""

import asyncio
import ssl

import httptools

from hapgang.app.exchange import NoAnswer, Place, begin, head, tls
from hapgang.app.notify.doors import Message, NotTaken
from hapgang.app.notify.places import Address

_MOST_BYTES = 1_000_000  # of an answer, which nobody reads
_OWN = frozenset(["host", "content-length", "connection", "transfer-encoding", "content-type"])
_LATER = frozenset([408, 425, 429])  # the receiver asks to be told again


class HttpDoor:
    """One receiver by HTTP."""

    def __init__(self, address: Address) -> None:
        """Speak with an address; nothing is opened yet."""
        self._address = address
        place = Place(address.host, address.port, "", address.is_secure)
        self._begins = begin("POST", place, address.target)
        self._line: _Line | None = None

    async def send(self, message: Message) -> None:
        """Post one notification; a status of 2xx means that it was taken."""
        request = self._request(message)
        try:
            status = await self._exchange(request)
        except (OSError, ssl.SSLError, EOFError) as error:
            self.close()
            raise NotTaken(f"{type(error).__name__}: {error}"[:200]) from None
        except BaseException:  # the time is over
            self.close()
            raise
        if not 200 <= status < 300:
            is_final = 400 <= status < 500 and status not in _LATER
            raise NotTaken(f"HTTP {status}", is_final=is_final)

    def close(self) -> None:
        """Let the connection go."""
        if self._line is not None:
            self._line.close()
            self._line = None

    async def _exchange(self, request: bytes) -> int:
        line = self._line
        if line is not None and line.is_open:
            try:
                return await line.ask(request)
            except (OSError, EOFError):  # closed by the receiver, as kept connections may be
                if line.has_answered:
                    raise
        self.close()
        self._line = line = await self._open()
        return await line.ask(request)

    async def _open(self) -> "_Line":
        address = self._address
        _, line = await asyncio.get_running_loop().create_connection(
            _Line, address.host, address.port, ssl=tls() if address.is_secure else None
        )
        return line

    def _request(self, message: Message) -> bytes:
        fields = [
            (name, value)
            for name, value in message.headers.items()
            if name.lower() not in _OWN or name == "Content-Type"
        ]
        fields.append(("Content-Length", str(len(message.body))))
        try:
            return head(self._begins, fields) + message.body
        except NoAnswer as error:
            raise NotTaken(str(error), is_final=True) from None


class _Line(asyncio.Protocol):
    """An open connection: one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._answer: asyncio.Future[int] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._read = 0
        self._is_whole = True  # whether all of the last answer has come
        self.has_answered = False  # whether anything came back to the request that is under way

    @property
    def is_open(self) -> bool:
        """Whether another request may go out."""
        open_ = self._transport is not None and not self._transport.is_closing()
        return open_ and self._is_whole

    async def ask(self, request: bytes) -> int:
        """Send a request; return the answer's status."""
        if not self.is_open:
            raise EOFError("the connection is closed")
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._read, self.has_answered, self._is_whole = 0, False, False
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """End it."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # a socket's is one to write to

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(EOFError("the receiver closed the connection"))

    def data_received(self, data: bytes) -> None:
        self._read += len(data)
        self.has_answered = True
        try:
            if self._read > _MOST_BYTES:
                raise EOFError(f"an answer of more than {_MOST_BYTES:,} bytes")
            self._parser.feed_data(data)
        except (EOFError, httptools.HttpParserError) as error:
            self._fail(EOFError(f"no HTTP: {error}"[:200]))
            self.close()

    def on_headers_complete(self) -> None:
        """Take the status, whatever the body says, and however it ends."""
        status = self._parser.get_status_code()
        if status >= 200 and self._answer is not None and not self._answer.done():
            self._answer.set_result(status)

    def on_message_complete(self) -> None:
        """Keep the connection for the next request, where the receiver does."""
        if self._parser.get_status_code() >= 200:
            self._is_whole = self._parser.should_keep_alive()

    def _fail(self, error: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)

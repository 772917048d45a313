"""One request as an endpoint sees it, and a short answer: no more than ASGI itself asks for."""

from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import ClientDisconnect

from hapgang.app.problems import TooLarge
from hapgang.app.wiring import LiveCity
from hapgang.contract import Caller, Role
from hapgang.core.errors import Invalid
from hapgang.core.wire import has_nul
from hapgang.runtime.specs import ActionSpec, wrong_words

T = TypeVar("T")
_BY_NAME = "hapgang.headers"
MOST_BODY_BYTES = 4_000_000
JSON = "application/json"
Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Respond = Callable[[Scope, Receive, Send], Awaitable[None]]  # Starlette's responses are such, too


class Context:
    """Who calls, and the words of the path, of the query and of the body."""

    __slots__ = ("_receive", "_scope", "_words", "caller", "live", "path")

    def __init__(
        self, scope: Scope, receive: Receive, live: LiveCity, caller: Caller, path: dict[str, str]
    ) -> None:
        """Look at a request whose caller is known."""
        self._scope = scope
        self._receive = receive
        self._words: dict[str, str] | None = None
        self.live = live
        self.caller = caller
        self.path = path

    @property
    def is_read(self) -> bool:
        """Whether nothing is to be changed."""
        return self._scope["method"] in ("GET", "HEAD")

    @property
    def only_asks(self) -> bool:
        """Whether nothing is to be changed, also where the question stands in the body."""
        return self.is_read or self._scope["path"].rstrip("/").endswith("/query")

    @property
    def origin(self) -> str:
        """Scheme and host as the caller knows them."""
        return f"{self._scope.get('scheme', 'http')}://{self.header(b'host') or 'localhost'}"

    def header(self, name: bytes) -> str | None:
        """Return a header by its name in small letters."""
        return header_of(self._scope, name)

    def accepts(self, encoding: str) -> bool:
        """Return whether the caller takes an answer that is packed so."""
        return accepts(self._scope, encoding)

    async def body(self) -> bytes:
        """Return the body, as long as it is not too large."""
        message = await self._receive()
        body = message.get("body", b"")
        while message.get("more_body"):
            message = await self._receive()
            body += message.get("body", b"")
            if len(body) > MOST_BODY_BYTES:
                break
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        if len(body) > MOST_BODY_BYTES:
            raise TooLarge(
                f"A body has at most {MOST_BODY_BYTES:,} bytes; send it in parts.",
                f"요청 본문은 최대 {MOST_BODY_BYTES:,}바이트입니다. 나누어 보내세요.",
            )
        return bytes(body)

    def with_body(self, body: bytes) -> "Context":
        """Return the same request with another body, which is there already."""

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        return Context(self._scope, receive, self.live, self.caller, self.path)

    async def gone(self) -> None:
        """Wait until whoever asked has gone; only once the body was read."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def decoded(self, decoder: "msgspec.json.Decoder[Any]") -> Any:
        """Return what the body says; `Invalid` where it does not fit."""
        body = await self.body() or b"{}"
        if has_nul(body):
            raise nul_refused()
        try:
            return decoder.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise wrong_words(error) from None

    def words(self) -> dict[str, str]:
        """Return the words of the query string; of one that is given twice, the last."""
        if self._words is None:
            query: bytes = self._scope["query_string"]
            if not query:
                self._words = {}
                return self._words
            if b"%00" in query or b"\x00" in query:
                raise nul_refused()
            self._words = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
        return self._words

    def query(self, name: str, default: str = "") -> str:
        """Return a word of the query string."""
        return self.words().get(name, default)

    async def perform(self, spec: ActionSpec, arguments: msgspec.Struct) -> Any:
        """Do an action, once for an Idempotency-Key, and return its result when it is safe."""
        runtime = self.live.runtime
        key = None if self.only_asks else self.header(b"idempotency-key")
        if spec.in_steps:
            result = await runtime.run_beside(
                spec, self.caller, arguments, partial(self.live.beside, who=self._who()), key=key
            )
        elif key is None:
            result = runtime.run(spec, self.caller, arguments)
        else:
            result = runtime.run_once(spec, self.caller, key, arguments)
        if not runtime.writer.is_durable:
            await runtime.writer.durable()
        return result

    async def beside(self, work: Callable[[], T]) -> T:
        """Do long and pure work beside the city, as many at a time as one caller may."""
        done: T = await self.live.beside(work, who=self._who())
        return done

    @property
    def address(self) -> str:
        """From where a request came, to count by."""
        client = self._scope.get("client")
        return f"from {client[0]}" if client else "from somewhere"

    def _who(self) -> str:
        """Return whom a bound for each caller is counted for: strangers by where they call from."""
        return self.address if self.caller.role is Role.ANONYMOUS else self.caller.id


class Reply:
    """An answer whose body is there as a whole."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, body: bytes, *, status: int = 200, media_type: str = JSON) -> None:
        """Answer with a body."""
        self.status = status
        self.body = body
        self.headers = [
            (b"content-type", media_type.encode()),
            (b"content-length", str(len(body)).encode()),
        ]

    def with_header(self, name: str, value: str) -> "Reply":
        """Add a header."""
        self.headers.append((name.lower().encode(), value.encode()))
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


def json_reply(value: Any) -> Reply:
    """Return the answer that says a value in JSON."""
    return Reply(msgspec.json.encode(value))


def header_of(scope: Scope, name: bytes) -> str | None:
    """Return a request's header by its name in small letters."""
    by_name = scope.get(_BY_NAME)
    if by_name is None:
        by_name = scope[_BY_NAME] = dict(reversed(scope["headers"]))  # of two, the first
    value: bytes | None = by_name.get(name)
    return None if value is None else value.decode("latin-1")


def accepts(scope: Scope, encoding: str) -> bool:
    """Return whether a request takes an answer that is packed so (RFC 9110, 12.5.3)."""
    for offer in (header_of(scope, b"accept-encoding") or "").lower().split(","):
        name, _, weight = offer.partition(";")
        if name.strip() == encoding:
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def nul_refused() -> Invalid:
    """Return the error of a NUL character, which the database cannot hold."""
    return Invalid("a NUL character is not allowed", "NUL 문자는 쓸 수 없습니다")

"""One exchange of HTTP/1.1 with somebody outside, bounded in time and bytes.

No redirects, no cookies, and no header that has a second line.
"""

import asyncio
import ipaddress
import ssl
from collections.abc import Awaitable, Iterable, Mapping
from functools import cache
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

import httptools

from hapgang.core.errors import Invalid

_CHUNK = 65_536
_MOST_HEAD_BYTES = 65_536
_T = TypeVar("_T")


class Place(NamedTuple):
    """Where a base URL leads to."""

    host: str
    port: int
    path: str
    is_secure: bool


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: bytes
    headers: Mapping[str, str] = {}  # by names in small letters; of one that came twice the last


class Line(NamedTuple):
    """An open connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class NoAnswer(Exception):
    """Nothing came back that can be used; the message says why."""

    def __init__(self, why: str, *, is_late: bool = False) -> None:
        """Say why; `is_late` where nothing came in time."""
        super().__init__(why)
        self.is_late = is_late


class Unheard(NoAnswer):
    """The connection was closed before anything came back."""


def place_of(url: str) -> Place:
    """Return where a base URL leads to; `Invalid` unless it is https, or plain http on loopback."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        raise Invalid(f"{url[:80]} has no port that can be", None) from None
    host = parts.hostname or ""
    is_secure = parts.scheme == "https"
    is_plain = parts.scheme == "http" and is_loopback(host)
    if not host or parts.username or not (is_secure or is_plain):
        raise Invalid(
            f"{url[:80]} is not an https address; plain http is for this machine only",
            f"{url[:80]}은(는) https 주소가 아닙니다. http는 이 컴퓨터에서만 쓸 수 있습니다.",
        )
    return Place(host, port or (443 if is_secure else 80), parts.path.rstrip("/"), is_secure)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def begin(method: str, place: Place, target: str) -> str:
    """Return the first lines of a request for what is below a place."""
    host = f"[{place.host}]" if ":" in place.host else place.host
    standard = 443 if place.is_secure else 80
    named = host if place.port == standard else f"{host}:{place.port}"
    return f"{method} {place.path}{target} HTTP/1.1\r\nHost: {named}"


def head(beginning: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """Return a request's head; `NoAnswer` where anything would have more lines than its own."""
    lines = [beginning, *(f"{name}: {value}" for name, value in headers)]
    text = "\r\n".join(lines)
    if not text.count("\n") == text.count("\r") == len(lines):  # the beginning has two
        raise NoAnswer("a header has more than one line")
    return text.encode("latin-1", "replace") + b"\r\n\r\n"


@cache
def tls() -> ssl.SSLContext:
    """Return what certificates are checked with: the machine's own authorities."""
    return ssl.create_default_context()


async def connect(place: Place) -> Line:
    """Open a connection."""
    secure = tls() if place.is_secure else None
    return Line(*await asyncio.open_connection(place.host, place.port, ssl=secure))


async def within(limit_s: float, exchange: Awaitable[_T]) -> _T:
    """Await what an exchange brings; `NoAnswer` where it fails, or is not over in time."""
    try:
        async with asyncio.timeout(limit_s):
            return await exchange
    except TimeoutError:
        raise NoAnswer(f"no answer within {limit_s:g} s", is_late=True) from None
    except OSError as error:
        raise NoAnswer(f"{type(error).__name__}: {error}"[:200]) from None
    except httptools.HttpParserError as error:
        raise NoAnswer(f"no HTTP: {error}"[:200]) from None


async def ask(line: Line, request: bytes, most_bytes: int) -> tuple[Answer, bool]:
    """Send a request; return the whole answer, and whether the connection may be used again.

    `NoAnswer` where the answer is cut or too large, `Unheard` where there is none.
    """
    line.writer.write(request)
    await line.writer.drain()
    seen = _Collected()
    seen.parser = parser = httptools.HttpResponseParser(seen)
    read = 0
    while not seen.is_whole and (chunk := await line.reader.read(_CHUNK)):
        read += len(chunk)
        if read > most_bytes + _MOST_HEAD_BYTES:
            raise NoAnswer(f"more than {most_bytes:,} bytes")
        parser.feed_data(chunk)
    seen.parser = None  # or each would keep the other alive
    if not (seen.is_whole or (seen.has_head and seen.ends_with_connection)):
        cut = NoAnswer if read else Unheard
        raise cut("the connection was closed in the middle of the answer")
    return Answer(parser.get_status_code(), bytes(seen.body), seen.headers), seen.may_stay


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

"""One HTTP/1.1 request to somebody outside, bounded in time and bytes. No redirects, no cookies."""

import asyncio
import ipaddress
import ssl
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit

import httptools

from hapgang.app.traces import headers as trace_headers
from hapgang.core.errors import Invalid

_CHUNK = 65_536
_MOST_HEAD = 65_536


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


class NoAnswer(Exception):
    """Nothing came back that can be used; the message says why."""


def place_of(url: str) -> Place:
    """Return where a base URL leads to; `Invalid` unless it is https, or plain http on loopback."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        raise Invalid(f"{url[:80]} has no port that can be", None) from None
    host = parts.hostname or ""
    is_secure = parts.scheme == "https"
    if not host or parts.username or not (is_secure or (parts.scheme == "http" and _here(host))):
        raise Invalid(
            f"{url[:80]} is not an https address; plain http is for this machine only",
            f"{url[:80]}은(는) https 주소가 아닙니다. http는 이 컴퓨터에서만 쓸 수 있습니다.",
        )
    return Place(host, port or (443 if is_secure else 80), parts.path.rstrip("/"), is_secure)


async def send(
    place: Place,
    method: str,
    path: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    limit_s: float,
    most_bytes: int,
) -> Answer:
    """Send one request and return the whole answer; `NoAnswer` for anything else."""
    try:
        async with asyncio.timeout(limit_s):
            return await _exchange(place, _request(place, method, path, body, headers), most_bytes)
    except TimeoutError:
        raise NoAnswer(f"no answer within {limit_s:g} s") from None
    except (OSError, ssl.SSLError, asyncio.IncompleteReadError) as error:
        raise NoAnswer(f"{type(error).__name__}: {error}"[:200]) from None
    except httptools.HttpParserError as error:
        raise NoAnswer(f"no HTTP: {error}"[:200]) from None


async def _exchange(place: Place, request: bytes, most_bytes: int) -> Answer:
    tls = _tls() if place.is_secure else None
    reader, writer = await asyncio.open_connection(place.host, place.port, ssl=tls)
    try:
        writer.write(request)
        await writer.drain()
        return await _answer(reader, most_bytes)
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader, most_bytes: int) -> Answer:
    collected = _Collected()
    parser = httptools.HttpResponseParser(collected)
    read = 0
    while not collected.is_whole:
        chunk = await reader.read(_CHUNK)
        if not chunk:
            break
        read += len(chunk)
        if read > most_bytes + _MOST_HEAD:
            raise NoAnswer(f"more than {most_bytes:,} bytes")
        parser.feed_data(chunk)
    if not collected.has_head or not (collected.is_whole or collected.ends_with_connection):
        raise NoAnswer("the connection was closed in the middle of the answer")
    return Answer(parser.get_status_code(), bytes(collected.body), collected.headers)


class _Collected:
    """What the parser has seen of an answer."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.headers: dict[str, str] = {}
        self.has_head = False
        self.is_whole = False
        self.ends_with_connection = True  # unless a header says how long it is

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")
        if name.lower() in (b"content-length", b"transfer-encoding"):
            self.ends_with_connection = False

    def on_headers_complete(self) -> None:
        self.has_head = True

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.is_whole = True


def _request(
    place: Place, method: str, path: str, body: bytes, headers: Mapping[str, str]
) -> bytes:
    host = f"[{place.host}]" if ":" in place.host else place.host
    standard = 443 if place.is_secure else 80
    lines = [
        f"{method} {place.path}{path} HTTP/1.1",
        f"Host: {host}" if place.port == standard else f"Host: {host}:{place.port}",
        "Accept: application/json",
        "Connection: close",
        *(f"{name}: {value}" for name, value in {**trace_headers(), **headers}.items()),
    ]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    head = "\r\n".join(lines)
    if head.count("\n") != len(lines) - 1:
        raise NoAnswer("a header has more than one line")
    return head.encode("latin-1", "replace") + b"\r\n\r\n" + body


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

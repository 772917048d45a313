"""Asking those whom the operator named: one exchange, bounded in time and bytes, no redirects."""

import time
import urllib.request
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

import msgspec

from hapgang.core.errors import Invalid, Unavailable

_LIMIT_S = 10.0
_MOST_BYTES, _CHUNK_BYTES = 1 << 20, 1 << 16
JSON = "application/json"
T = TypeVar("T")


class Told(NamedTuple):
    """What came back, whatever it was."""

    status: int
    body: bytes
    media_type: str = ""


def checked_url(url: str, setting: str) -> str:
    """Return the address that a setting names; `Invalid` where it is none."""
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole or "@" in parts.netloc:
        raise Invalid(
            f"{setting} begins with http:// or https://", f"{setting} 형식이 잘못되었습니다"
        )
    return url


def sending(url: str, setting: str) -> Callable[[bytes], bytes]:
    """Return what brings a body to an address, and raises `OSError` where the answer is no 200."""
    checked_url(url, setting)

    def send(body: bytes) -> bytes:
        told = exchanged(url, body)
        if told.status != 200:
            raise OSError(f"HTTP {told.status}")
        return told.body

    return send


def exchanged(
    url: str, body: bytes | None, media_type: str = JSON, *, limit_s: float = _LIMIT_S
) -> Told:
    """POST a body, or GET where there is none; return the answer. OSError where none comes."""
    headers = {} if body is None else {"Content-Type": media_type}
    asked = urllib.request.Request(url, body, headers)  # noqa: S310 (the operator's own address)
    until_s = time.monotonic() + limit_s
    try:
        with _opener().open(asked, timeout=limit_s) as answer:
            return _read(answer, until_s)
    except (HTTPException, ValueError) as error:
        raise Unavailable(
            f"{host_of(url)} does not speak HTTP: {error!r}"[:200],
            f"{host_of(url)} 응답이 HTTP가 아닙니다",
        ) from None


def decoded(body: bytes, form: type[T]) -> T:
    """Return what somebody answered; `Unavailable` where it is something else."""
    try:
        return msgspec.json.decode(body, type=form)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise Unavailable(
            f"the answer is not what was asked for: {wrong}"[:200], "응답 형식이 바르지 않습니다"
        ) from None


def host_of(url: str) -> str:
    """Return what may be told of an address: the rest can hold a key."""
    return urlsplit(url).netloc


def _read(answer: HTTPResponse, until_s: float) -> Told:
    said = b""
    while part := answer.read1(_CHUNK_BYTES):
        said += part
        if len(said) > _MOST_BYTES or time.monotonic() > until_s:
            raise Unavailable(
                "the answer is too long, or takes too long", "응답이 너무 길거나 늦습니다"
            )
    return Told(answer.status or 0, said, answer.headers.get("Content-Type", ""))


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_AsItCame())


class _AsItCame(urllib.request.HTTPErrorProcessor):
    """Leaves every answer as it came: whoever is redirected to was not named by the operator."""

    def http_response(self, request: urllib.request.Request, response: HTTPResponse) -> Any:
        """Return it, whatever its status."""
        return response

    https_response = http_response

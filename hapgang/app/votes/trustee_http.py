"""How a trustee's tool speaks with the city: bounded answers, bounded waits, no redirects."""

import http.client
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from hapgang.core.errors import Conflict, Invalid, Unavailable

_LIMIT_S = 60.0
_MOST_BYTES = 32 << 20


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follow nothing: a trustee named the city itself."""


class Door:
    """A city's API at an address."""

    def __init__(self, city: str) -> None:
        """Speak with the city at this address."""
        if urlsplit(city).scheme not in ("http", "https"):
            raise Invalid("--city is http(s)://HOST", "--city는 http(s)://HOST 형식입니다")
        self._api = f"{city.rstrip('/')}/api"
        self._opener = urllib.request.build_opener(_Stay())

    def get(self, path: str) -> Any:
        """Return what is at a path."""
        return self._ask(urllib.request.Request(self._at(path)))  # noqa: S310 (http(s) only)

    def post(self, path: str, body: object) -> Any:
        """Send something; return the answer."""
        data = msgspec.json.encode(body)
        headers = {"Content-Type": "application/json"}
        return self._ask(
            urllib.request.Request(self._at(path), data, headers)  # noqa: S310 (as above)
        )

    def _at(self, path: str) -> str:
        return self._api + quote(path, safe="/?=&")  # whatever was typed as a poll's name

    def _ask(self, request: urllib.request.Request) -> Any:
        try:
            with self._opener.open(request, timeout=_LIMIT_S) as answer:
                body = answer.read(_MOST_BYTES + 1)
        except urllib.error.HTTPError as error:
            raise Conflict(f"the city says {error.code}: {_detail(error)}", None) from None
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable(f"the city does not answer: {error}", None) from None
        if len(body) > _MOST_BYTES:
            raise Unavailable("the city's answer is too long", None)
        try:
            return msgspec.json.decode(body)
        except msgspec.DecodeError:
            raise Invalid(
                "--city is no city's address", "--city가 도시의 주소가 아닙니다"
            ) from None


def _detail(error: urllib.error.HTTPError) -> str:
    try:
        return str(msgspec.json.decode(error.read(65_536))["detail"])
    except (msgspec.DecodeError, KeyError, TypeError, OSError):
        return error.reason

"""The running city's own door, for commands on the same machine: JSON over HTTP, as an operator."""

import http.client
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from hapgang.app.tokens import Tokens
from hapgang.contract import Caller, Role
from hapgang.core.errors import CityError, Invalid, Unavailable
from hapgang.core.ids import urn

_PATIENCE_S = 60.0
_MOST_ANSWER = 16_000_000


class CityRefuses(CityError):
    """The city refused a request; the message is its own."""


class Door:
    """A connection to a running city."""

    def __init__(self, url: str, folder: Path, name: str = "collect") -> None:
        """Speak to the city at a URL as staff of a name, by its own key, which lies in `folder`."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Invalid(f"{url[:80]} is no web address", f"{url[:80]}: 웹 주소가 아닙니다")
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        self._connection = kind(parts.hostname, parts.port, timeout=_PATIENCE_S)
        self._url = url
        caller = Caller(urn("Staff", name), Role.OPERATOR)
        token = Tokens.at(folder).issue(caller, datetime.now(UTC))
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send one request and return what the answer says."""
        text = None if body is None else msgspec.json.encode(body)
        try:
            answer = self._asked(method, path, text)
            found = answer.read(_MOST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise Unavailable(
                f"No city answers at {self._url} ({error}). Start it with `hapgang up`, or say"
                " where it is with --url.",
                f"{self._url}에서 응답하는 도시가 없습니다({error}). `hapgang up`으로 시작하거나"
                " --url로 주소를 지정하세요.",
            ) from None
        said = msgspec.json.decode(found) if found else None
        if answer.status >= 400:
            raise _refusal(answer.status, said)
        return said

    def _asked(self, method: str, path: str, text: bytes | None) -> http.client.HTTPResponse:
        """Send a request; once more where the city had closed a line that was long idle."""
        try:
            self._connection.request(method, path, text, self._headers)
            return self._connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self._connection.close()
            self._connection.request(method, path, text, self._headers)
            return self._connection.getresponse()


def _refusal(status: int, said: Any) -> CityError:
    words = said if isinstance(said, dict) else {}
    detail = str(words.get("detail", words.get("title", f"HTTP {status}")))
    return CityRefuses(detail, str(words.get("detail_ko", detail)))

"""The city's own API, asked from a thread of the city itself: no network, the same doors."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from hapgang.core.errors import Conflict

_LIMIT_S = 60.0
Asgi = Callable[[Any, Any, Any], Awaitable[None]]


class Inside:
    """What a trustee's tool speaks with, where the city plays the trustee."""

    def __init__(self, application: Asgi, loop: asyncio.AbstractEventLoop) -> None:
        """Ask an application that runs in a loop of another thread."""
        self._application = application
        self._loop = loop

    def get(self, path: str) -> Any:
        """Return what is at a path."""
        return self._ask("GET", path, b"")

    def post(self, path: str, body: object) -> Any:
        """Send something; return the answer."""
        return self._ask("POST", path, msgspec.json.encode(body))

    def _ask(self, method: str, path: str, body: bytes) -> Any:
        asking = self._answer(method, f"/api{path}", body)
        status, answer = asyncio.run_coroutine_threadsafe(asking, self._loop).result(_LIMIT_S)
        if status != 200:
            raise Conflict(f"the city says {status}: {answer[:500]!r}", None)
        return msgspec.json.decode(answer)

    async def _answer(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        plain, _, query = path.partition("?")
        scope = {
            "type": "http", "http_version": "1.1", "method": method, "scheme": "http",
            "path": plain, "raw_path": plain.encode(), "query_string": query.encode(),
            "headers": [(b"content-type", b"application/json")], "client": ("127.0.0.1", 0),
            "server": ("127.0.0.1", 80), "root_path": "",
        }  # fmt: skip
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self._application(scope, receive, send)
        return sent[0]["status"], b"".join(part.get("body", b"") for part in sent[1:])

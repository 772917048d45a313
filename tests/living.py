"""A city on disk in this process, and a client that calls its ASGI application."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import msgspec

from hapgang.app.collect.living import Collecting
from hapgang.app.http import Application
from hapgang.app.notify.places import Places
from hapgang.app.tokens import Tokens
from hapgang.app.wiring import DATABASE_URL, LiveCity
from hapgang.contract import Caller, Service
from hapgang.runtime.perform import Runtime
from tests.village import SERVICES

_NOTHING = Collecting()


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


class Town:
    """A living city and ways to call it."""

    def __init__(self, live: LiveCity, application: Application) -> None:
        self.live = live
        self.application = application
        self._tokens = Tokens.at(live.folder)

    @property
    def runtime(self) -> Runtime:
        return self.live.runtime

    def token(self, caller: Caller) -> str:
        return self._tokens.issue(caller, self.live.clock.now())

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        caller: Caller | None = None,
        headers: Mapping[str, str] = {},
    ) -> Answer:
        """Send one request; a body that is not bytes is sent as JSON."""
        if body is not None and not isinstance(body, bytes):
            body = msgspec.json.encode(body)
        sent = {"content-type": "application/json", **headers}
        if caller is not None:
            sent["authorization"] = f"Bearer {self.token(caller)}"
        return await ask(self.application, method, path, body or b"", sent)


async def ask(
    application: Application, method: str, path: str, body: bytes, headers: Mapping[str, str]
) -> Answer:
    """Call an ASGI application once, as a web server does."""
    raw_path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(raw_path),
        "raw_path": quote(raw_path, safe="/%:@!$&'()*+,;=-._~").encode(),
        "query_string": quote(query, safe="/%:@!$&'()*+,;=-._~?<>\"|").encode(),
        "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "root_path": "",
    }
    chunks = [body[i : i + 65_536] for i in range(0, len(body), 65_536)] or [b""]
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        if not chunks:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": chunks.pop(0), "more_body": bool(chunks)}

    async def send(message: Any) -> None:
        sent.append(message)

    await application(scope, receive, send)
    start, *parts = sent
    got = {name.decode().lower(): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(start["status"], got, b"".join(part.get("body", b"") for part in parts))


@asynccontextmanager
async def living(
    model: Path,
    state: Path,
    *,
    services: Mapping[str, Service] = SERVICES,
    is_open: bool = False,
    is_demo: bool = False,
    has_visitors: bool = False,
    collecting: Collecting = _NOTHING,
    sources: Sequence[str] = (),
    notify: Places | None = None,
) -> AsyncIterator[Town]:
    """Bring a city to life until the block ends."""
    state.mkdir(mode=0o700, exist_ok=True)
    live = LiveCity(
        model, "today", state=state, sources=sources, collecting=collecting, notify=notify
    )
    live.services = dict(services)
    application = Application(live, is_open=is_open, is_demo=is_demo, has_visitors=has_visitors)
    running = asyncio.create_task(live.run())
    in_charge = asyncio.create_task(live.in_charge.wait())
    await asyncio.wait({running, in_charge}, return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        in_charge.cancel()
        await running
    try:
        yield Town(live, application)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def run(
    then: Callable[[Town], Awaitable[None]], database: Mapping[str, Any], model: Path, state: Path,
    **options: Any,
) -> None:  # fmt: skip
    """Bring a city to life on a database, and do something in it."""
    os.environ[DATABASE_URL] = url_of(database)

    async def limited() -> None:
        async with asyncio.timeout(120), living(model, state, **options) as town:
            await then(town)

    try:
        asyncio.run(limited())
    finally:
        del os.environ[DATABASE_URL]


def url_of(database: Mapping[str, Any]) -> str:
    """Return the URL of a database."""
    host = quote(str(database["host"]), safe="")
    place = f"host={host}&port={database['port']}"
    return f"postgresql://{database['user']}@/{database['database']}?{place}"

"""Feeds by HTTP: asked again and again, at hosts that the operator allowed and nowhere else.

Bounded in time and bytes, without redirections; what has not changed is not sent again (ETag,
Last-Modified), and who does not answer is asked ever more seldom.
"""

import asyncio
import logging
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import urlencode, urlsplit

from hapgang.app.allowed import Allowed
from hapgang.app.collect.feed_files import ReadFeed, query_of, secrets_of
from hapgang.app.exchange import Answer, NoAnswer, place_of
from hapgang.app.feeds import pause_s
from hapgang.app.outside_http import send
from hapgang.core.errors import CityError, Invalid, Refused
from hapgang.hub.collect.sift import Part, Sieve
from hapgang.hub.ngsild.instants import written
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.collection.feeds import note_failure, note_unchanged
from hapgang.runtime.platform.collection.parts import FeedPart, collect_parts
from hapgang.runtime.platform.collection.rows import compiled

_LIMIT_S = 30.0
_MOST_BYTES = 32_000_000
_OK, _NOT_MODIFIED = 200, 304
_log = logging.getLogger(__name__)


class Poller:
    """Asks for one feed."""

    def __init__(self, runtime: Runtime, feed: ReadFeed, allowed: Sequence[str]) -> None:
        """Ask for a feed, if its address is allowed."""
        self._runtime = runtime
        self._feed = feed
        self._allowed = Allowed(allowed)
        self._known: dict[str, str] = {}  # what makes a request conditional

    async def run(self) -> None:
        """Ask until cancelled."""
        failures = 0
        while True:
            try:
                await self.ask()
                failures = 0
            except (CityError, NoAnswer, OSError) as error:
                failures += 1
                self._note(f"{error}")
            except Exception as error:  # noqa: BLE001 (one feed does not stop the others)
                failures += 1
                _log.exception("feed %s", self._feed.name)
                self._note(f"{type(error).__name__}: {error}")
            await asyncio.sleep(pause_s(self._feed.file.every_s, failures))

    async def ask(self) -> None:
        """Ask once, and take in what came; raises what went wrong."""
        name, runtime = self._feed.name, self._runtime
        now = runtime.clock.now()
        answer = await self._sent(now)
        if answer.status == _NOT_MODIFIED:
            runtime.perform(note_unchanged, PLATFORM, feed=name)
            return
        if answer.status != _OK:
            raise Invalid(f"it answers HTTP {answer.status}")
        parts = await asyncio.to_thread(self._sifted, answer.body, now)
        for part in parts:
            runtime.perform(collect_parts, PLATFORM, parts=[FeedPart.of(name, part)])
            await runtime.writer.durable()
        if not parts:
            runtime.perform(note_unchanged, PLATFORM, feed=name)
        self._known = _conditions(answer)

    async def _sent(self, now: datetime) -> Answer:
        file = self._feed.file
        if not self._allowed(file.url):
            host = urlsplit(file.url).hostname
            raise Refused(f"{host} is not allowed; start the city with --collect-from")
        query = urlencode(query_of(file, now, os.environ))
        given = urlsplit(file.url).query
        path = f"?{'&'.join(part for part in (given, query) if part)}" if given or query else ""
        headers = {**secrets_of(file.headers, os.environ), **self._known}
        return await send(
            place_of(file.url), "GET", path, b"", headers, limit_s=_LIMIT_S, most_bytes=_MOST_BYTES
        )

    def _sifted(self, body: bytes, now: datetime) -> list[Part]:
        """Read an answer, in a thread."""
        address = self._feed.file.url.partition("?")[0]  # what follows may be a key
        known = {"feed": self._feed.name, "received": written(now), "address": address}
        sieve = Sieve(compiled(self._feed.mapping), known, now.astimezone(UTC))
        return list(sieve.parts(BytesIO(body)))

    def _note(self, why: str) -> None:
        _log.warning("feed %s: %s", self._feed.name, why)
        try:
            self._runtime.perform(note_failure, PLATFORM, feed=self._feed.name, error=why)
        except CityError as error:
            _log.warning("feed %s: %s", self._feed.name, error)


def _conditions(answer: Answer) -> dict[str, str]:
    """Return the headers that ask for an answer only if it has changed."""
    if etag := answer.headers.get("etag"):
        return {"If-None-Match": etag}
    if changed := answer.headers.get("last-modified"):
        return {"If-Modified-Since": changed}
    return {}

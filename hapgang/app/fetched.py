"""Contexts from elsewhere: from the addresses that an operator named, and from nowhere else."""

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

from hapgang.app.allowed import Allowed
from hapgang.app.exchange import NoAnswer, place_of
from hapgang.app.outside_http import send
from hapgang.core.errors import Invalid
from hapgang.hub.jsonld import LdContextNotAvailable

_LIMIT_S = 5.0
_MOST_BYTES = 2_000_000
_OK = 200


class ContextFetcher:
    """Fetches contexts from some places: a host, with a port and the beginning of a path or not."""

    def __init__(self, places: Sequence[str]) -> None:
        """Fetch from `places` only; `Invalid` for one that is no https or loopback address."""
        self.allows = Allowed(places)
        self._loop: asyncio.AbstractEventLoop | None = None

    def runs_on(self, loop: asyncio.AbstractEventLoop) -> None:
        """Do the asking on this loop, while threads wait."""
        self._loop = loop

    def __call__(self, url: str) -> bytes | None:
        """Return what is at an address, in a thread; None where fetching it is not allowed."""
        if self._loop is None or not self.allows(url):
            return None
        asked = asyncio.run_coroutine_threadsafe(self._fetch(url), self._loop)
        try:
            return asked.result(2 * _LIMIT_S)
        except TimeoutError:  # the city stops
            raise _failed(url, "nobody has waited for it") from None

    async def _fetch(self, url: str) -> bytes:
        parts = urlsplit(url)
        path = f"?{parts.query}" if parts.query else ""
        try:
            answer = await send(
                place_of(url), "GET", path, b"", {}, limit_s=_LIMIT_S, most_bytes=_MOST_BYTES
            )
        except (NoAnswer, Invalid) as error:
            raise _failed(url, str(error)) from None
        if answer.status != _OK:
            raise _failed(url, f"it answers {answer.status}")
        return answer.body


def _failed(url: str, why: str) -> LdContextNotAvailable:
    return LdContextNotAvailable(
        f"the context {url[:200]} could not be fetched: {why}",
        f"{url[:200]} 컨텍스트를 가져오지 못했습니다: {why}",
    )

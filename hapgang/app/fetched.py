"""Contexts from elsewhere: from the addresses that an operator named, and from nowhere else."""

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

from hapgang.app.outside_http import NoAnswer, place_of, send
from hapgang.core.errors import Invalid
from hapgang.hub.jsonld import LdContextNotAvailable

_LIMIT_S = 5.0
_MOST_BYTES = 2_000_000
_OK = 200


class ContextFetcher:
    """Fetches contexts whose address begins with one of some prefixes."""

    def __init__(self, prefixes: Sequence[str]) -> None:
        """Fetch from `prefixes` only; `Invalid` for one that is no https or loopback address."""
        for prefix in prefixes:
            place_of(prefix)
        self._prefixes = tuple(prefixes)
        self._loop: asyncio.AbstractEventLoop | None = None

    def runs_on(self, loop: asyncio.AbstractEventLoop) -> None:
        """Do the asking on this loop, while threads wait."""
        self._loop = loop

    def __call__(self, url: str) -> bytes | None:
        """Return what is at an address, in a thread; None where fetching it is not allowed."""
        if self._loop is None or not url.startswith(self._prefixes):
            return None
        return asyncio.run_coroutine_threadsafe(self._fetch(url), self._loop).result()

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

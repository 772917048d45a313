"""HTTP/1.1 to other sources: so many requests at a time, so many bytes, so long; no redirects.

Connections are kept for what may be asked twice; anything else gets one of its own, so that nobody
has to guess whether a request that got no answer was heard.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import NamedTuple

from hapgang.app.exchange import Answer as SourceAnswer
from hapgang.app.exchange import Line, Place, Unheard, ask, begin, connect, head, within
from hapgang.app.exchange import NoAnswer as SourceFailed

__all__ = ["Request", "SourceAnswer", "SourceClient", "SourceFailed"]

_MOST_AT_ONCE = 32  # at one place, so that a slow one keeps nobody from the others
_MOST_PLACES = 1_000
_MOST_IDLE = 32
_LONGEST_IDLE_S = 4.0  # servers close idle connections after 5 s and more (uvicorn, Node)


class Request(NamedTuple):
    """What is asked of a source."""

    method: str
    path: str  # below the place, with its query
    headers: Mapping[str, str]
    body: bytes = b""
    is_safe: bool = False  # whether asking twice does no harm


class _Idle(NamedTuple):
    """A connection that nobody uses now."""

    line: Line
    since_s: float


class SourceClient:
    """Asks sources, and keeps some connections to them."""

    def __init__(self) -> None:
        """Be ready; nothing is opened yet."""
        self._free: dict[tuple[str, int], asyncio.Semaphore] = {}
        self._idle: dict[tuple[str, int, bool], list[_Idle]] = {}

    async def ask(
        self, place: Place, request: Request, *, limit_s: float, most_bytes: int
    ) -> SourceAnswer:
        """Return the whole answer to a request; `SourceFailed` for anything else."""
        free = self._free_at(place)
        try:
            async with asyncio.timeout(limit_s):
                await free.acquire()
        except TimeoutError:
            raise SourceFailed(f"{_MOST_AT_ONCE} requests are under way there") from None
        try:
            return await within(limit_s, self._exchange(place, request, most_bytes))
        finally:
            free.release()

    def _free_at(self, place: Place) -> asyncio.Semaphore:
        key = (place.host, place.port)
        if key not in self._free and len(self._free) >= _MOST_PLACES:
            self._free.clear()  # who waits goes on with what they have
        return self._free.setdefault(key, asyncio.Semaphore(_MOST_AT_ONCE))

    def close(self) -> None:
        """Close what is kept."""
        for idle in self._idle.values():
            for line, _ in idle:
                line.writer.close()
        self._idle.clear()

    async def _exchange(self, place: Place, request: Request, most_bytes: int) -> SourceAnswer:
        data = _written(place, request)
        line = self._kept(place) if request.is_safe else None
        if line is not None:
            try:
                return await self._over(place, line, data, most_bytes)
            except (OSError, Unheard):
                pass  # closed over there meanwhile: once more, on a fresh one
        return await self._over(place, await connect(place), data, most_bytes)

    async def _over(self, place: Place, line: Line, data: bytes, most_bytes: int) -> SourceAnswer:
        is_kept = False
        try:
            answer, may_stay = await ask(line, data, most_bytes)
            is_kept = may_stay and self._keep(place, line)
            return answer
        finally:
            if not is_kept:
                line.writer.close()

    def _kept(self, place: Place) -> Line | None:
        idle = self._idle.get((place.host, place.port, place.is_secure), [])
        while idle:
            line, since_s = idle.pop()
            is_young = time.monotonic() - since_s < _LONGEST_IDLE_S
            if is_young and not (line.reader.at_eof() or line.writer.is_closing()):
                return line
            line.writer.close()
        return None

    def _keep(self, place: Place, line: Line) -> bool:
        now_s = time.monotonic()
        for idle in self._idle.values():
            while idle and now_s - idle[0].since_s >= _LONGEST_IDLE_S:
                idle.pop(0).line.writer.close()
        self._idle = {key: idle for key, idle in self._idle.items() if idle}
        if sum(len(idle) for idle in self._idle.values()) >= _MOST_IDLE:
            return False
        key = (place.host, place.port, place.is_secure)
        self._idle.setdefault(key, []).append(_Idle(line, now_s))
        return True


def _written(place: Place, request: Request) -> bytes:
    fields = dict(request.headers)
    if not request.is_safe:
        fields["Connection"] = "close"
    if request.body or request.method in ("POST", "PUT", "PATCH"):
        fields["Content-Length"] = str(len(request.body))
    return head(begin(request.method, place, request.path), fields.items()) + request.body

"""What other cities publish as issuers: their keys and status lists, as they were read lately.

Read only from hosts that two offices entered here (`runtime/platform/cities/entrusting.py`) and the
operator allowed (`HAPGANG_CITIES`), bounded in bytes and seconds, without redirects.
"""

import asyncio
from collections.abc import Callable
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

from hapgang.app.cities.asking import CITIES, may_ask
from hapgang.app.exchange import NoAnswer, place_of
from hapgang.app.identity.site import is_here
from hapgang.app.outside_http import send
from hapgang.core.errors import Invalid, Unavailable
from hapgang.ledger.identity.did import keys_in, web_address
from hapgang.ledger.identity.jose import MOST_JSON, Json, NotProven, parse_object, peek

_LIMIT_S = 5.0
_MOST_DOCUMENT, _MOST_LIST = 100_000, 300_000  # bytes; a list of 131,072 places has 44 kB at most
_LONGEST_S, _SHORTEST_S = 300, 5  # that something is kept: revocations are heard by then
_AGAIN_S = 10  # before a document is read again for a key that it does not have
_REST_S = 5  # before somebody who did not answer is asked again
_MOST_KEPT = 100
_MOST_READS = 12  # for one answer: a document and a list of each credential in it
_T = TypeVar("_T")


class NotRead(Exception):
    """What is at an address has to be read first."""

    def __init__(self, address: str) -> None:
        """Name the address."""
        super().__init__(address)
        self.address = address


class _Kept(NamedTuple):
    body: bytes
    read_s: int
    until_s: int


class Elsewhere:
    """The documents and lists of other issuers, each kept for as long as it says."""

    def __init__(self, now_s: Callable[[], int]) -> None:
        """Keep nothing yet; `now_s` is the city's clock."""
        self._now_s = now_s
        self._kept: dict[str, _Kept] = {}
        self._rests: dict[str, int] = {}
        self._under_way: dict[str, asyncio.Task[None]] = {}

    async def with_all_read(self, attempt: Callable[[], _T]) -> _T:
        """Return what an attempt does once all is read that it asks for."""
        for _ in range(_MOST_READS):
            try:
                return attempt()
            except NotRead as wanted:
                await self._read_once(wanted.address)
        raise Unavailable("it needs too much from elsewhere", "다른 도시의 자료가 너무 많습니다")

    def key_of(self, issuer: str, kid: str | None) -> Json:
        """Return the key of an issuer by which it signed; a new one is looked for at its host."""
        address = f"{host_of(issuer)}{urlsplit(web_address(issuer)).path}"
        kept = self._have(address)
        keys = keys_in(parse_object(kept.body.decode("utf-8", "replace")), issuer)
        did, _, fragment = (kid or "").partition("#")
        if kid is None and len(keys) == 1:
            return next(iter(keys.values()))
        name = f"{issuer}#{fragment}"
        if did not in ("", issuer) or name not in keys:
            if did in ("", issuer) and self._now_s() - kept.read_s >= _AGAIN_S:
                raise NotRead(address)
            raise NotProven(f"{name} is not one of its keys", f"{name}는 그의 열쇠가 아닙니다")
        return keys[name]

    def list_at(self, address: str) -> str:
        """Return the status list at an address of a host that may be read."""
        return self._have(address).body.decode("ascii", "replace")

    def _have(self, address: str) -> _Kept:
        kept = self._kept.get(address)
        if kept is None or kept.until_s <= self._now_s():
            raise NotRead(address)
        return kept

    async def _read_once(self, address: str) -> None:
        """Read an address, once for all who wait for it."""
        if self._rests.get(address, 0) > self._now_s():
            raise _away(address)
        task = self._under_way.get(address)
        if task is None:
            task = asyncio.create_task(self._read(address))
            self._under_way[address] = task
            task.add_done_callback(lambda done: self._is_read(address, done))
        await asyncio.shield(task)

    def _is_read(self, address: str, done: "asyncio.Task[None]") -> None:
        self._under_way.pop(address, None)
        if not done.cancelled():
            done.exception()  # whoever waits is told; nobody may wait any more

    async def _read(self, address: str) -> None:
        host = f"{urlsplit(address).scheme}://{urlsplit(address).netloc}"
        if not may_ask(host):
            raise NotProven(
                f"{host} may not be asked: its operator has to name it in {CITIES}",
                f"{host}에 물을 수 없습니다. 운영자가 {CITIES}에 적어야 합니다.",
            )
        is_list = not address.endswith("/did.json")
        most = _MOST_LIST if is_list else _MOST_DOCUMENT
        headers = {"Accept": "application/statuslist+jwt"} if is_list else {}
        try:
            told = await send(
                place_of(address), "GET", "", b"", headers, limit_s=_LIMIT_S, most_bytes=most
            )
            if told.status != 200:
                raise NoAnswer(f"HTTP {told.status}")
        except (NoAnswer, Invalid):
            _bounded(self._rests)[address] = self._now_s() + _REST_S
            raise _away(address) from None
        now_s = self._now_s()
        until_s = now_s + (_time_of(told.body, now_s) if is_list else _LONGEST_S)
        self._kept.pop(address, None)
        _bounded(self._kept)[address] = _Kept(told.body, now_s, until_s)


def host_of(did: str) -> str:
    """Return where the host of a did:web is: https, or this very machine."""
    parts = urlsplit(web_address(did))
    scheme = "http" if is_here(parts.hostname or "") else "https"
    return f"{scheme}://{parts.netloc}"


def is_at(did: str, address: str) -> bool:
    """Return whether an address is one of a did:web's host, and written plainly."""
    plain = address.isascii() and address.isprintable() and not set(address) & set(" ?#%\\")
    return plain and len(address) <= 2_048 and address.startswith(f"{host_of(did)}/")


def _time_of(token: bytes, now_s: int) -> int:
    """Return how long a list may be kept, by its `ttl` and its end."""
    try:
        claims = peek(token.decode("ascii", "replace"), MOST_JSON).claims
    except (Invalid, NotProven):
        return _SHORTEST_S
    times = [claims.get("ttl"), claims["exp"] - now_s if type(claims.get("exp")) is int else None]
    said = [each for each in times if type(each) is int]
    return max(_SHORTEST_S, min([_LONGEST_S, *said]))


def _bounded(kept: dict[str, _T]) -> dict[str, _T]:
    while len(kept) >= _MOST_KEPT:
        del kept[next(iter(kept))]
    return kept


def _away(address: str) -> Unavailable:
    host = urlsplit(address).netloc
    return Unavailable(
        f"{host} does not answer now, so what it issued cannot be checked. Try again.",
        f"{host}이(가) 응답하지 않아 확인할 수 없습니다. 잠시 뒤에 다시 시도하세요.",
    )

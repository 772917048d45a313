"""Documents of contexts that were fetched, and how often each context was used; bounded."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b
from threading import Lock

import msgspec

from hapgang.core.ids import urn


class Fetched(msgspec.Struct, frozen=True):
    """A document that was fetched from an address."""

    url: str
    body: bytes
    at: datetime

    @property
    def id(self) -> str:
        """Its id here, which says the same whenever it is fetched."""
        digest = blake2b(self.url.encode(), digest_size=8)
        return urn("CachedContext", digest.hexdigest())


class Use(msgspec.Struct, frozen=True):
    """How often a context was used to read or write names since the city started, and when last."""

    times: int = 0
    last: datetime | None = None


class Shelf:
    """Fetched documents by address; the one longest unused goes first. For several threads."""

    def __init__(
        self,
        fetch: Callable[[str], bytes | None],
        now: Callable[[], datetime],
        *,
        most: int = 1_000,
        most_bytes: int = 64_000_000,
    ) -> None:
        """Keep at most so many documents, of so many bytes."""
        self._fetch = fetch
        self._now = now
        self.since = now()
        self._most = most
        self._most_bytes = most_bytes
        self._lock = Lock()
        self._kept: OrderedDict[str, Fetched] = OrderedDict()
        self._uses: OrderedDict[str, Use] = OrderedDict()
        self.bytes = 0

    def load(self, url: str) -> bytes | None:
        """Return what is at an address, fetched once; None where fetching is not allowed."""
        with self._lock:
            found = self._kept.get(url)
            if found is not None:
                self._kept.move_to_end(url)
                return found.body
        return self.reload(url)

    def reload(self, url: str) -> bytes | None:
        """Fetch an address anew; what is here stays where that fails."""
        body = self._fetch(url)
        if body is not None and len(body) <= self._most_bytes:
            with self._lock:
                self._drop(url)
                self._kept[url] = Fetched(url, body, self._now())
                self.bytes += len(body)
                while len(self._kept) > self._most or self.bytes > self._most_bytes:
                    self._drop(next(iter(self._kept)))
        return body

    def remove(self, url: str) -> None:
        """Keep a document no longer."""
        with self._lock:
            self._drop(url)
            self._uses.pop(url, None)

    def all(self) -> list[Fetched]:
        """Return what is here, in the order of addresses."""
        with self._lock:
            return sorted(self._kept.values(), key=lambda one: one.url)

    def note_use(self, name: str, times: int = 1) -> None:
        """Count one use of a context, or several, by its address or its id."""
        with self._lock:
            use = self._uses.pop(name, Use())
            self._uses[name] = Use(use.times + times, self._now())
            while len(self._uses) > 2 * self._most:
                self._uses.popitem(last=False)

    def take_uses(self) -> dict[str, int]:
        """Return how often each was used, and begin at zero."""
        with self._lock:
            taken = {name: use.times for name, use in self._uses.items()}
            self._uses.clear()
        return taken

    def use_of(self, name: str) -> Use:
        """Return how often a context was used."""
        return self._uses.get(name, Use())

    def _drop(self, url: str) -> None:
        gone = self._kept.pop(url, None)
        if gone is not None:
            self.bytes -= len(gone.body)

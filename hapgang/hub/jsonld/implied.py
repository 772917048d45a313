"""Several contexts of a client under one address, for answers that have room for one only.

Whoever was answered so can fetch the context for as long as it is remembered, which is bounded.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b
from threading import Lock
from typing import Any

import msgspec

from hapgang.core.ids import urn


class Implied(msgspec.Struct, frozen=True):
    """A context that stands for what a client named."""

    id: str
    body: bytes
    at: datetime

    @property
    def local(self) -> Any:
        """The context as the client wrote it."""
        return msgspec.json.decode(self.body)


class ImpliedContexts:
    """Contexts by an id that follows from their content; the one longest unused goes first."""

    def __init__(
        self, now: Callable[[], datetime], *, most: int = 1_000, most_bytes: int = 16_000_000
    ) -> None:
        """Remember at most so many, of so many bytes."""
        self._now = now
        self._most = most
        self._most_bytes = most_bytes
        self._lock = Lock()
        self._kept: OrderedDict[str, Implied] = OrderedDict()
        self.bytes = 0

    def add(self, local: Any) -> str:
        """Remember a context; return its id."""
        body = msgspec.json.encode(local, order="deterministic")
        name = implied_id(body)
        with self._lock:
            if name not in self._kept:
                self._kept[name] = Implied(name, body, self._now())
                self.bytes += len(body)
            self._kept.move_to_end(name)
            while len(self._kept) > self._most or self.bytes > self._most_bytes:
                self.bytes -= len(self._kept.popitem(last=False)[1].body)
        return name

    def get(self, name: str) -> Implied | None:
        """Return a context by its id."""
        return self._kept.get(name)

    def remove(self, name: str) -> bool:
        """Forget a context; whether it was there."""
        with self._lock:
            gone = self._kept.pop(name, None)
            if gone is not None:
                self.bytes -= len(gone.body)
        return gone is not None

    def all(self) -> list[Implied]:
        """Return what is here, in the order of ids."""
        with self._lock:
            return sorted(self._kept.values(), key=lambda one: one.id)


def implied_id(body: bytes) -> str:
    """Return the id of a context, by its content."""
    return urn("JsonLdContext", blake2b(body, digest_size=16).hexdigest())

"""Contexts that were read before, bounded in number and bytes."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

import msgspec

from hapgang.hub.jsonld.bundled import is_core
from hapgang.hub.jsonld.context import CORE, Context
from hapgang.hub.jsonld.reading import Limits, Load


class Contexts:
    """Reads contexts by `load` and remembers them; the one longest unused goes first.

    What was fetched may change: `forget` an address and all that was read from it is read anew.
    Refusals are not remembered.
    """

    def __init__(
        self,
        load: Load,
        *,
        most: int = 1_000,
        most_bytes: int = 128_000_000,
        limits: Limits | None = None,
        note_use: Callable[[str], None] | None = None,
    ) -> None:
        """Remember at most so many contexts, of about so many bytes.

        note_use: hears each address that a context which is asked for came from.
        """
        self._note_use = note_use
        self._load = load
        self._most = most
        self._most_bytes = most_bytes
        self._limits = limits or Limits()
        self._lock = Lock()
        self._kept: OrderedDict[str | bytes, Context] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, local: Any) -> Context:
        """Return the context of a document or a `Link` header; `None` is the core's."""
        found = self.known(local)
        if found is not None:
            return found
        key = local if isinstance(local, str) else _key(local)
        read = self._read(local)
        if key is not None and _weight(key, read) <= self._most_bytes:
            with self._lock:
                self._keep(key, read)
        return self._used(read)

    def known(self, local: Any) -> Context | None:
        """Return a context that needs no loading: the core's, or one that is remembered."""
        if local is None or (isinstance(local, str) and is_core(local)):
            return CORE
        key = local if isinstance(local, str) else _key(local)
        if key is None:
            return None
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
        return self._used(found)

    def forget(self, address: str) -> None:
        """Read what came from this address anew the next time; its end is enough."""
        with self._lock:
            stale = [
                key
                for key, context in self._kept.items()
                if any(source.endswith(address) for source in context.sources)
            ]
            for key in stale:
                self.bytes -= _weight(key, self._kept.pop(key))

    def _used(self, context: Context) -> Context:
        if self._note_use is not None:
            for source in context.sources:
                self._note_use(source)
        return context

    def _read(self, local: Any) -> Context:
        return Context.of(local, load=self._load, limits=self._limits)

    def _keep(self, key: str | bytes, context: Context) -> None:
        if key in self._kept:
            self.bytes -= _weight(key, self._kept.pop(key))
        self._kept[key] = context
        self.bytes += _weight(key, context)
        while len(self._kept) > self._most or self.bytes > self._most_bytes:
            self.bytes -= _weight(*self._kept.popitem(last=False))


def _key(local: Any) -> bytes | None:
    """Return a key by content; the order of terms says nothing, that of arrays does."""
    try:
        return msgspec.json.encode(local, order="deterministic")
    except RecursionError:
        return None  # nested beyond reason: read each time, if at all


def _weight(key: str | bytes, context: Context) -> int:
    return len(key) + (0 if context is CORE else context.weight_bytes)

"""Things that are over but can be asked for by id: the newest in memory, the rest on disk."""

from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import numpy as np

T = TypeVar("T")
_MERGE_AT = 100_000
_EIGHT_BYTES = 2**64 - 1
_MOST_RECENT = 100_000  # more than can wait for the disk, so what leaves memory is there


class Remembered(Generic[T]):
    """What has an id for good; without a disk everything stays in memory."""

    def __init__(
        self, recall: Callable[[str], T | None] | None = None, ids: Iterable[str] = ()
    ) -> None:
        """Know the `ids` that are on disk; `recall` reads one, and may block."""
        self._recall = recall
        self._seen = _Seen(ids)
        self._recent: OrderedDict[str, T] = OrderedDict()  # a dict's first is found ever slower

    def find(self, name: str) -> T | None:
        """Return what has this id, or None."""
        found = self._recent.get(name)
        if found is None and self._recall is not None and name in self._seen:
            return self._recall(name)
        return found

    def put(self, name: str, value: T) -> Callable[[], None]:
        """Remember something; return what takes it back."""
        self._recent[name] = value
        if self._recall is not None:
            self._seen.add(name)
            if len(self._recent) > _MOST_RECENT:
                self._recent.popitem(last=False)
        return lambda: self._forget_one(name)

    def forget(self, test: Callable[[T], bool]) -> Callable[[], None]:
        """Let go of what is in memory and passes a test; return what takes that back."""
        gone = {name: value for name, value in self._recent.items() if test(value)}
        for name in gone:
            del self._recent[name]
        return lambda: self._recent.update(gone)

    def _forget_one(self, name: str) -> None:
        self._recent.pop(name, None)


class _Seen:
    """A set of ids, eight bytes each, that answers "certainly not" or "look on disk".

    Python's own hash is what a text carries anyway; nobody outside of the process can foresee it.
    """

    def __init__(self, ids: Iterable[str]) -> None:
        self._old = _sorted(np.fromiter((_hash(i) for i in ids), np.uint64))
        self._new: set[int] = set()

    def __contains__(self, name: str) -> bool:
        hashed = _hash(name)
        if hashed in self._new:
            return True
        place = bisect_left(self._old, hashed)
        return place < len(self._old) and self._old[place] == hashed

    def add(self, name: str) -> None:
        self._new.add(_hash(name))
        if len(self._new) >= _MERGE_AT:
            fresh = np.fromiter(self._new, np.uint64, len(self._new))
            self._old = _sorted(np.concatenate([np.frombuffer(self._old, np.uint64), fresh]))
            self._new.clear()


def _sorted(hashes: "np.ndarray[tuple[int], np.dtype[np.uint64]]") -> "array[int]":
    """Return them in order, in a form in which one is found quicker than by NumPy."""
    found = array("Q")
    found.frombytes(np.sort(hashes).tobytes())
    return found


def _hash(name: str) -> int:
    return hash(name) & _EIGHT_BYTES

"""Which transfer ids were ever used, in eight bytes each."""

import hashlib

import numpy as np

_MERGE_AT = 100_000


class Seen:
    """A set of ids that answers "certainly not" or "look on disk"."""

    def __init__(self, ids: list[str]) -> None:
        """Start with the ids found on disk."""
        self._old = np.sort(np.fromiter((_hash(i) for i in ids), np.uint64, len(ids)))
        self._new: set[int] = set()

    def __contains__(self, name: str) -> bool:
        hashed = _hash(name)
        if hashed in self._new:
            return True
        place = int(np.searchsorted(self._old, np.uint64(hashed)))
        return place < len(self._old) and int(self._old[place]) == hashed

    def add(self, name: str) -> None:
        """Remember an id; one whose unit is undone costs only a look on disk."""
        self._new.add(_hash(name))
        if len(self._new) >= _MERGE_AT:
            fresh = np.fromiter(self._new, np.uint64, len(self._new))
            self._old = np.sort(np.concatenate([self._old, fresh]))
            self._new.clear()


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")

"""A log of any length, of which nothing is kept: its subtrees are drawn, each by its place.

RFC 9162, 2.1, over drawn hashes. Where an accepted size lies within a subtree, the subtree is made
of its two parts, so that roots of all accepted sizes and the proofs between them are of one log.
"""

from functools import cache
from hashlib import sha256


class DrawnLog:
    """One log; another seed is another log."""

    def __init__(self, seed: bytes) -> None:
        """Begin with no size that counts."""
        self._seed = seed
        self.sizes: list[int] = []

    def root(self, size: int) -> bytes:
        """Return the root of the first `size` leaves."""
        return self._hash(0, size, (*self.sizes, size))

    def accept(self, size: int) -> None:
        """Let a size count from now on; sizes come in order."""
        self.sizes.append(size)

    def proof(self, first: int, second: int) -> list[bytes]:
        """Return the consistency proof between two sizes (RFC 9162, 2.1.4.1)."""
        return self._part(first, 0, second, (*self.sizes, second), is_whole=True)

    def _part(
        self, m: int, lowest: int, size: int, cuts: tuple[int, ...], *, is_whole: bool
    ) -> list[bytes]:
        if m == size:
            return [] if is_whole else [self._hash(lowest, size, cuts)]
        k = 1 << ((size - 1).bit_length() - 1)
        if m <= k:
            left = self._part(m, lowest, k, cuts, is_whole=is_whole)
            return [*left, self._hash(lowest + k, size - k, cuts)]
        right = self._part(m - k, lowest + k, size - k, cuts, is_whole=False)
        return [*right, self._hash(lowest, k, cuts)]

    def _hash(self, lowest: int, size: int, cuts: tuple[int, ...]) -> bytes:
        is_perfect = size & (size - 1) == 0 and lowest % size == 0
        if is_perfect and not any(lowest < cut < lowest + size for cut in cuts):
            return _drawn(self._seed, lowest, size)
        k = 1 << ((size - 1).bit_length() - 1)
        left, right = self._hash(lowest, k, cuts), self._hash(lowest + k, size - k, cuts)
        return sha256(b"\1" + left + right).digest()


@cache
def _drawn(seed: bytes, lowest: int, size: int) -> bytes:
    return sha256(b"%s %d %d" % (seed, lowest, size)).digest()

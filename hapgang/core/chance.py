"""Chance that can be repeated: one small independent stream for each (service, caller).

SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators", OOPSLA,
doi:10.1145/2660193.2660195): 64 bits of state, so a hundred thousand residents can each own one.
Not for secrets; those come from `secrets`.
"""

import hashlib
import math
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
_MASK = (1 << 64) - 1


class Stream:
    """A stream of random numbers with its own state."""

    __slots__ = ("_state",)

    def __init__(self, seed: int) -> None:
        """Start from a 64-bit seed."""
        self._state = seed & _MASK

    @classmethod
    def named(cls, seed: int, *names: str) -> "Stream":
        """Return the stream that belongs to these names under a city's seed."""
        digest = hashlib.blake2b("\x00".join((str(seed), *names)).encode(), digest_size=8).digest()
        return cls(int.from_bytes(digest, "little"))

    def bits64(self) -> int:
        """Return 64 random bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        z = self._state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return z ^ (z >> 31)

    def random(self) -> float:
        """Return a float in [0, 1)."""
        return (self.bits64() >> 11) * 2.0**-53

    def uniform(self, low: float, high: float) -> float:
        """Return a float in [low, high)."""
        return low + (high - low) * self.random()

    def below(self, n: int) -> int:
        """Return an integer in [0, n)."""
        return (self.bits64() * n) >> 64

    def choice(self, options: Sequence[T]) -> T:
        """Return one of the options, each as likely."""
        return options[self.below(len(options))]

    def exponential(self, mean: float) -> float:
        """Return a waiting time with this mean."""
        return -mean * math.log1p(-self.random())

    def gumbel(self) -> float:
        """Return a standard Gumbel number: the taste of a logit chooser."""
        return -math.log(-math.log((self.bits64() | 1) * 2.0**-64))

"""Chance for many people at once, a stream for each question, a place in it for each person."""

from datetime import date
from zlib import crc32

import numpy as np

from hapgang.rehearsal.population.columns import Floats


class Chance:
    """Uniform numbers by question and person.

    A person's number depends on the seed, the day, the question and the person's row only, neither
    on how many others there are nor on what else was asked.
    """

    def __init__(self, seed: int, day: date, people: int) -> None:
        """Prepare the streams of a day."""
        self._key = (seed, day.toordinal())
        self._people = people

    def __call__(self, question: str) -> Floats:
        """Return one number within [0, 1) for each person, (people,)."""
        key = np.random.SeedSequence((*self._key, crc32(question.encode())))
        return np.random.Generator(np.random.PCG64(key)).random(self._people)

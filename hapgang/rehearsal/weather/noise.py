"""Chance with a memory: noise within a day, and anomalies that pass from day to day."""

import math
from datetime import date
from itertools import accumulate
from zlib import crc32

import numpy as np

from hapgang.rehearsal.weather.columns import STEP_S, STEPS, Floats

HOUR = np.arange(STEPS) * STEP_S / 3600.0
_MEMORY_DAYS = 14


def stream(seed: int, day: date, what: str) -> np.random.Generator:
    """Return the chance that belongs to one thing on one day."""
    return np.random.default_rng([seed, day.toordinal(), crc32(what.encode())])


def wander(rng: np.random.Generator, hours: float) -> Floats:
    """Return Gaussian noise of unit spread that forgets itself over some hours, (STEPS,)."""
    memory = math.exp(-STEP_S / 3600.0 / hours)
    shocks = rng.standard_normal(STEPS)
    shocks[1:] *= math.sqrt(1 - memory**2)
    return np.array(list(accumulate(shocks.tolist(), lambda before, new: memory * before + new)))


def normal_share(score: Floats) -> Floats:
    """Return the share of a unit Gaussian below each score."""
    return np.array([0.5 * math.erfc(-x / math.sqrt(2.0)) for x in score.tolist()])


def anomaly(seed: int, day: date, what: str, persistence: float) -> Floats:
    """Return a day's anomaly of unit spread, which passes over into its neighbours', (STEPS,)."""
    weights = persistence ** np.arange(_MEMORY_DAYS)
    weights /= np.sqrt((weights**2).sum())
    first = day.toordinal() - _MEMORY_DAYS
    shocks = np.array(
        [
            stream(seed, date.fromordinal(first + d), what).standard_normal()
            for d in range(_MEMORY_DAYS + 2)
        ]
    )
    days = [float(weights @ shocks[d : d + _MEMORY_DAYS][::-1]) for d in range(3)]
    return np.interp(HOUR, [-12.0, 12.0, 36.0], days)

"""Forecasts of counts that repeat, hour by hour of the week, and their skill against naive ones.

Each slot of the season keeps a rate that forgets slowly; one level for everything follows quickly
what the weather and the time of year do. The same few numbers serve a city that runs (learn one
slot an hour) and a back-test over years.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WEEK_H = 168
# How much of a slot's past stays after one more season. Chosen on the first half of a year of
# hourly bicycle hires in Seoul (UCI data set 560) and checked on the second.
SEASON_MEMORY = 0.9
# How much of the level's past stays after one more hour: a time constant of four days. Chosen as
# above.
LEVEL_MEMORY = 0.99


class Slot(NamedTuple):
    """What is known of one slot of the season: discounted sum of counts (n,), and of seasons."""

    counts: Floats
    weight: float

    @property
    def rate(self) -> Floats:
        """Expected count of each series in this slot; zero where nothing was ever seen."""
        return self.counts / self.weight if self.weight > 0 else np.zeros_like(self.counts)


class Level(NamedTuple):
    """How busy the last days were against what the season says: discounted sums over all series."""

    actual: float = 0.0
    expected: float = 0.0

    @property
    def factor(self) -> float:
        """What to multiply rates with; 1 before anything is known."""
        return self.actual / self.expected if self.expected > 0 else 1.0


def learn_slot(slot: Slot, counts: Floats, memory: float = SEASON_MEMORY) -> Slot:
    """Return what is known of a slot after one more season.

    counts (n,): what was observed. memory in (0, 1]: 1 weighs all seasons alike. The rate is the
    mean of a Gamma distribution conjugate to Poisson counts, discounted. Ignored: trend within the
    slot, dependence between series.
    Source: Harvey and Fernandes 1989, "Time series models for count or qualitative observations",
    J. Business & Economic Statistics 7(4), section 2, doi 10.1080/07350015.1989.10509750.
    Checked: tests/insight/test_forecast.py, closed forms and a year of hires.
    """
    return Slot(memory * slot.counts + counts, memory * slot.weight + 1.0)


def learn_level(level: Level, slot: Slot, counts: Floats, memory: float = LEVEL_MEMORY) -> Level:
    """Return the level after an hour in which `counts` (n,) met a slot's expectation.

    `slot` is what was known before the hour; a slot without a past teaches nothing about the level.
    """
    if slot.weight <= 0:
        return level
    return Level(
        memory * level.actual + float(counts.sum()),
        memory * level.expected + float(slot.rate.sum()),
    )


def seasonal_naive(counts: Floats, season: int = WEEK_H) -> Floats:
    """Forecast each hour by the same hour of the last season; NaN in the first one.

    counts (t, n) or (t,). The forecast that anything better has to beat. Source: Hyndman and
    Athanasopoulos 2021, "Forecasting: principles and practice", 3rd edition, section 5.2.
    """
    forecast = np.full(counts.shape, np.nan)
    forecast[season:] = counts[:-season]
    return forecast


def seasonal_forecast(
    counts: Floats,
    *,
    season: int = WEEK_H,
    lead: int = 24,
    memory: float = SEASON_MEMORY,
    level_memory: float = LEVEL_MEMORY,
) -> Floats:
    """Forecast each hour from what was known `lead` hours before; NaN where nothing was.

    counts (t, n): one row an hour. Returns (t, n), expected counts, at least 0. Ignored: weather
    forecasts, holidays. Source and check: `learn_slot`.
    """
    hours, n = counts.shape
    slots = [Slot(np.zeros(n), 0.0) for _ in range(season)]
    level = Level()
    forecast = np.full((hours, n), np.nan)
    for hour in range(hours):
        ahead = hour + lead
        if ahead < hours and slots[ahead % season].weight > 0:
            forecast[ahead] = slots[ahead % season].rate * level.factor
        slot = slots[hour % season]
        level = learn_level(level, slot, counts[hour], level_memory)
        slots[hour % season] = learn_slot(slot, counts[hour], memory)
    return forecast


class Skill(NamedTuple):
    """How good a forecast was on hours it had not seen."""

    hours: int
    mean_error: float  # mean absolute error, in counts
    naive_error: float  # that of the seasonal naive forecast
    bias: float  # mean of forecast minus actual

    @property
    def skill(self) -> float:
        """Share of the naive error that is gone: 1 is perfect, 0 as good as naive, below worse."""
        return 1.0 - self.mean_error / self.naive_error if self.naive_error > 0 else 0.0


def backtest(counts: Floats, forecast: Floats, *, season: int = WEEK_H, skip: int = 0) -> Skill:
    """Compare a forecast with what happened and with the seasonal naive one, on the same hours.

    counts, forecast (t, n). Hours before `skip`, and those that either forecast leaves out, do not
    count. Source: mean absolute error skill score, Hyndman and Koehler 2006, "Another look at
    measures of forecast accuracy", doi 10.1016/j.ijforecast.2006.03.001.
    """
    naive = seasonal_naive(counts, season)
    known = ~np.isnan(forecast + naive).any(axis=1) & (np.arange(len(counts)) >= skip)
    actual, made, plain = counts[known], forecast[known], naive[known]
    if not len(actual):
        raise ValueError("no hour has both forecasts; give more than a season of counts")
    return Skill(
        hours=len(actual),
        mean_error=float(np.abs(made - actual).mean()),
        naive_error=float(np.abs(plain - actual).mean()),
        bias=float((made - actual).mean()),
    )

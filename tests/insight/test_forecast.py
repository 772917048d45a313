import csv
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.insight.forecast import (
    WEEK_H,
    Level,
    Slot,
    backtest,
    learn_level,
    learn_slot,
    seasonal_forecast,
    seasonal_naive,
)

DATA = Path(os.environ.get("HAPGANG_DATA", Path(__file__).parents[3] / "shared/data"))
HIRES = DATA / "korea-air-bike-weather/SeoulBikeData.csv"


def weeks_of_demand(weeks: int, areas: int, seed: int) -> np.ndarray:
    """Poisson counts round a shape of the week that differs by area, with busy and quiet weeks."""
    rng = np.random.default_rng(seed)
    hour = np.arange(weeks * WEEK_H)
    day = 1.0 + np.cos(2 * np.pi * (hour[:, None] / 24 - rng.random(areas)))
    weekend = np.where(hour // 24 % 7 >= 5, 0.5, 1.0)[:, None]
    busy = np.repeat(rng.uniform(0.8, 1.2, weeks), WEEK_H)[:, None]
    return rng.poisson(4.0 * day * weekend * busy).astype(float)


def test_equal_weights_give_the_mean():
    slot = Slot(np.zeros(2), 0.0)
    for counts in ([2.0, 0.0], [4.0, 3.0], [6.0, 0.0]):
        slot = learn_slot(slot, np.array(counts), memory=1.0)
    assert slot.rate.tolist() == [4.0, 1.0]


def test_memory_weighs_the_newest_most():
    slot = Slot(np.zeros(1), 0.0)
    for count in (0.0, 0.0, 10.0):
        slot = learn_slot(slot, np.array([count]), memory=0.5)
    assert slot.rate[0] == pytest.approx(10.0 / (1 + 0.5 + 0.25))


def test_a_slot_without_a_past_expects_nothing_and_teaches_nothing():
    empty = Slot(np.zeros(3), 0.0)
    assert empty.rate.tolist() == [0.0, 0.0, 0.0]
    assert learn_level(Level(), empty, np.ones(3)) == Level()
    assert Level().factor == 1.0


def test_level_follows_a_demand_that_doubles_everywhere():
    slot, level = Slot(np.array([3.0, 5.0]), 1.0), Level()
    for _ in range(2000):
        level = learn_level(level, slot, 2.0 * slot.rate)
    assert level.factor == pytest.approx(2.0)


def test_what_repeats_exactly_is_forecast_exactly():
    week = np.random.default_rng(5).integers(0, 30, (WEEK_H, 2)).astype(float)
    counts = np.tile(week, (5, 1))
    forecast = seasonal_forecast(counts)
    known = ~np.isnan(forecast).any(axis=1)
    assert known.sum() == 4 * WEEK_H  # the first week has no past
    assert np.allclose(forecast[known], counts[known])


def test_forecasts_use_only_what_was_known_so_many_hours_before():
    counts = weeks_of_demand(4, 3, seed=1)
    changed = counts.copy()
    changed[500:] += 50.0
    before, after = seasonal_forecast(counts, lead=24), seasonal_forecast(changed, lead=24)
    assert np.array_equal(before[: 500 + 24], after[: 500 + 24], equal_nan=True)
    assert not np.array_equal(before[500 + 24 :], after[500 + 24 :], equal_nan=True)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_beats_the_naive_forecast_on_seasonal_demand(seed):
    counts = weeks_of_demand(12, 6, seed)
    skill = backtest(counts, seasonal_forecast(counts), skip=4 * WEEK_H)
    assert skill.hours == 8 * WEEK_H
    assert skill.skill > 0.15
    assert abs(skill.bias) < 0.3


def test_naive_against_itself_has_no_skill():
    counts = weeks_of_demand(4, 2, seed=9)
    assert backtest(counts, seasonal_naive(counts)).skill == 0.0


def test_too_short_a_history_is_refused():
    counts = np.ones((WEEK_H, 1))
    with pytest.raises(ValueError, match="more than a season"):
        backtest(counts, seasonal_naive(counts))


@given(st.lists(st.integers(0, 50), min_size=30, max_size=60), st.floats(0.1, 1.0))
def test_forecasts_stay_within_what_was_seen_of_their_slot(counts, memory):
    column = np.array(counts, float)[:, None]
    forecast = seasonal_forecast(column, season=7, lead=7, memory=memory, level_memory=1.0)
    known = ~np.isnan(forecast)
    assert (forecast[known] >= 0).all()
    flat = np.full_like(column, 3.0)
    steady = seasonal_forecast(flat, season=7, lead=7, memory=memory)
    assert np.allclose(steady[~np.isnan(steady)], 3.0)


@pytest.mark.skipif(not HIRES.exists(), reason=f"no {HIRES}")
def test_a_year_of_hires_in_seoul():
    """Day-ahead forecasts of hourly bicycle hires, second half of the year: held out."""
    with HIRES.open(encoding="latin1") as file:
        counts = np.array([[float(row["Rented Bike Count"])] for row in csv.DictReader(file)])
    skill = backtest(counts, seasonal_forecast(counts, lead=24), skip=len(counts) // 2)
    assert skill.hours == 4380
    assert skill.naive_error == pytest.approx(368.3, abs=0.1)
    assert skill.skill == pytest.approx(0.142, abs=0.005)

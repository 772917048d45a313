"""Felt minutes, weather, tastes: the formulas of choice by hand and by closed form."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.core.vocabulary.mobility import Mode
from hapgang.rehearsal.choice import (
    BASE_MODES,
    MODE_COLUMN,
    Sky,
    Taste,
    bicycle_min,
    bus_min,
    car_min,
    offer_min,
    read_taste,
    tastes,
    walk_min,
)
from hapgang.rehearsal.plans import Trips
from tests.rehearsal.one_day import CITY

ONE = np.ones(1)
DAY = date(2026, 9, 16)


def trips(person: list[int], order: list[int]) -> Trips:
    columns = {name: np.zeros(len(person), int) for name in Trips.types}
    return Trips.of({**columns, "person": np.array(person), "order": np.array(order)})


def test_costs_by_hand() -> None:
    assert walk_min(600 * ONE, ONE) == 20.0  # twice ten minutes
    assert walk_min(600 * ONE, 1.5 * ONE) == 30.0
    assert bicycle_min(600 * ONE, ONE, 7 * ONE) == pytest.approx(1 + 7 + 15)
    assert car_min(600 * ONE, 10_000 * ONE, 60 * ONE, ONE) == pytest.approx(2 + 10 + 9 + 2)
    # 10 minutes of riding, 5 of waiting twice, one change, 1,400 won, 3 minutes on foot twice
    assert bus_min(600 * ONE, 300 * ONE, 180 * ONE, ONE, ONE) == pytest.approx(
        10 + 10 + 5 + 8.4 + 6
    )
    assert offer_min(180, 30, 240, 620, walk=1.0, transfers=0) == pytest.approx(6 + 1 + 4 + 3.72)
    assert offer_min(180, 30, 240, 620, walk=1.0, transfers=1) == pytest.approx(14.72 + 5)


def test_weather_is_felt_in_the_open_only() -> None:
    wet = Sky(rain_mm_h=5.0, temperature_c=-3.0)
    assert Sky().weight(Mode.PM) == Sky().weight(Mode.CAR) == wet.weight(Mode.CAR) == 1.0
    assert wet.weight(Mode.BUS) == 1.0
    assert wet.weight(Mode.WALK) == pytest.approx(1.8)
    assert (
        wet.exposed_min(Mode.CAR) == wet.exposed_min(Mode.WALK) == Sky().exposed_min(Mode.PM) == 0.0
    )


@given(st.floats(0, 200), st.floats(0, 50))
def test_more_rain_is_never_nicer(rain: float, more: float) -> None:
    drier, wetter = Sky(rain_mm_h=rain), Sky(rain_mm_h=rain + more)
    for mode in Mode:
        assert 1.0 <= drier.weight(mode) <= wetter.weight(mode) <= 3.3
        assert 0.0 <= drier.exposed_min(mode) <= wetter.exposed_min(mode) <= 30.0


def test_wind_and_dirty_air_are_felt_on_two_wheels() -> None:
    for sky, minutes in (
        (Sky(wind_m_s=3.9, pm25_ug_m3=35.0, pm10_ug_m3=80.0), 0.0),
        (Sky(wind_m_s=9.0), 10.5),
        (Sky(pm25_ug_m3=36.0), 1.1),
        (Sky(pm10_ug_m3=81.0), 1.1),
        (Sky(pm25_ug_m3=20.0, pm10_ug_m3=400.0), 2.0),
        (Sky(pm25_ug_m3=76.0, pm10_ug_m3=90.0, wind_m_s=5.0), 4.1),
    ):
        assert sky.exposed_min(Mode.PM) == sky.exposed_min(Mode.BICYCLE) == pytest.approx(minutes)
        assert sky.exposed_min(Mode.WALK) == sky.exposed_min(Mode.CAR) == 0.0


def test_air_and_sun_are_felt_on_foot() -> None:
    assert Sky(pm25_ug_m3=36.0).weight(Mode.WALK) == pytest.approx(1.05)
    assert Sky(pm10_ug_m3=151.0).weight(Mode.WALK) == pytest.approx(1.10)
    assert Sky(irradiance_w_m2=800.0, temperature_c=28.0).weight(Mode.WALK) == 1.0
    hot = Sky(irradiance_w_m2=800.0, temperature_c=31.0)
    assert hot.weight(Mode.WALK) == pytest.approx(1.08)
    assert hot.weight(Mode.PM) == hot.weight(Mode.BUS) == 1.0


def test_tastes_are_standard_gumbel_numbers() -> None:
    person, order = np.divmod(np.arange(20_000), 10)
    drawn = tastes(3, DAY, 2_000, trips(person.tolist(), order.tolist()))
    assert drawn.shape == (20_000, len(Mode))
    assert drawn.mean() == pytest.approx(0.5772, abs=0.01)  # Euler's constant
    assert drawn.std() == pytest.approx(np.pi / np.sqrt(6), abs=0.01)


def test_shares_follow_the_logit_formula() -> None:
    person, order = np.divmod(np.arange(30_000), 10)
    drawn = tastes(5, DAY, 3_000, trips(person.tolist(), order.tolist()))
    cost_min, taste = np.array([20.0, 30.0, 12.0, 18.0]), Taste(constants={})
    columns = [MODE_COLUMN[mode] for mode in BASE_MODES]
    chosen = (-taste.scale_per_min * cost_min + drawn[:, columns]).argmax(axis=1)
    expected = np.exp(-taste.scale_per_min * cost_min)
    shares = np.bincount(chosen, minlength=4) / len(chosen)
    assert shares == pytest.approx(expected / expected.sum(), abs=0.01)


def test_a_person_s_tastes_depend_on_nobody_else() -> None:
    few = tastes(7, DAY, 10, trips([4, 4], [0, 1]))
    many = tastes(7, DAY, 1_000, trips([0, 1, 4, 4, 4, 900], [0, 0, 0, 1, 2, 0]))
    assert np.array_equal(few, many[2:4])
    assert not np.array_equal(few, tastes(7, date(2026, 9, 17), 10, trips([4, 4], [0, 1])))


@pytest.mark.parametrize("part", [1, 2, 3, 7])
def test_tastes_drawn_part_by_part_are_those_drawn_at_once(
    part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = trips([0, 0, 2, 3, 3, 3, 6], [0, 1, 0, 0, 1, 2, 20])
    at_once = tastes(7, DAY, 7, made)
    monkeypatch.setattr("hapgang.rehearsal.choice._DRAWN_AT_ONCE", part)
    assert np.array_equal(tastes(7, DAY, 7, made), at_once)


def test_a_city_s_tastes_are_read(tmp_path: Path) -> None:
    assert read_taste(CITY).fitted.startswith("today")
    assert "Sejong" in read_taste(tmp_path).fitted
    for text in ("scale_per_min = 0", "colour = 3", "scale_per_min ="):
        (tmp_path / "choice.toml").write_text(text)
        with pytest.raises(Invalid, match=r"choice\.toml"):
            read_taste(tmp_path)


def test_unknown_modes_have_no_constant() -> None:
    assert Taste(constants={"car": 1.0}).constant(Mode.PM) == 0.0
    assert Taste(constants={"car": 1.0}).constant(Mode.CAR) == 1.0

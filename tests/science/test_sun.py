"""The sun: closed forms, invariants and a published example."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.science import sun


def _day(day: datetime) -> np.ndarray:
    return day.timestamp() + np.arange(0, 86_400, 60.0)


@pytest.mark.parametrize("latitude", [36.48, -30.03, 60.17, 5.0])
def test_noon_at_the_equinox_is_ninety_less_latitude(latitude: float) -> None:
    """March equinox of 2024: 20 March 03:06 UTC (the almanac), so noon near 173 degrees east."""
    moment = datetime(2024, 3, 20, 3, 6, tzinfo=UTC).timestamp()
    longitudes = np.arange(-180.0, 180.0, 0.25)
    altitude = [float(sun.position(moment, latitude, x)[1]) for x in longitudes]
    assert max(altitude) == pytest.approx(90 - abs(latitude), abs=0.02)


@pytest.mark.parametrize(("month", "sign"), [(6, 1), (12, -1)])
def test_noon_at_the_solstice_adds_the_obliquity(month: int, sign: int) -> None:
    _, altitude = sun.position(_day(datetime(2025, month, 21, tzinfo=UTC)), 36.48, 127.29)
    assert altitude.max() == pytest.approx(90 - 36.48 + sign * 23.437, abs=0.02)


def test_worked_example_of_reda_and_andreas() -> None:
    """Golden, Colorado, 17 October 2003 12:30:30 (UTC-7): azimuth 194.3402, altitude 39.8720."""
    moment = datetime(2003, 10, 17, 19, 30, 30, tzinfo=UTC).timestamp()
    azimuth, altitude = sun.position(moment, 39.742476, -105.1786)
    assert float(azimuth) == pytest.approx(194.34024, abs=0.02)
    assert float(altitude) == pytest.approx(39.872046, abs=0.02)


def test_noon_in_sejong_is_due_south_and_half_past_twelve() -> None:
    """135 - 127.29 degrees are 31 minutes; the equation of time is -7.5 on 20 March."""
    start = datetime(2026, 3, 20, tzinfo=UTC) - timedelta(hours=9)
    azimuth, altitude = sun.position(_day(start), 36.48, 127.29)
    noon = int(altitude.argmax())
    assert azimuth[noon] == pytest.approx(180, abs=0.5)
    assert noon == pytest.approx(12 * 60 + 38.3, abs=1.5)


@given(st.floats(0, 3e9), st.floats(-89, 89), st.floats(-180, 180))
def test_the_sun_stays_on_the_sphere(unix_s: float, latitude: float, longitude: float) -> None:
    azimuth, altitude = sun.position(unix_s, latitude, longitude)
    assert 0 <= float(azimuth) < 360
    bound = 90 - abs(latitude) + 23.5
    assert -min(bound, 90.0) - 0.05 <= float(altitude) <= min(bound, 90.0) + 0.05


def test_half_of_the_year_is_day() -> None:
    year = datetime(2025, 1, 1, tzinfo=UTC).timestamp() + np.arange(0, 365 * 86_400, 600.0)
    _, altitude = sun.position(year, 36.48, 127.29)
    assert (altitude > 0).mean() == pytest.approx(0.5, abs=0.003)


def test_clear_sky_overhead_is_haurwitz() -> None:
    assert float(sun.clear_sky_w_m2(90.0)) == pytest.approx(1098 * np.exp(-0.057))
    assert float(sun.clear_sky_w_m2(30.0)) == pytest.approx(549 * np.exp(-0.114))
    assert sun.clear_sky_w_m2([-1.0, -90.0, 0.0]).tolist() == [0.0, 0.0, 0.0]


@given(st.lists(st.floats(-90, 90), min_size=2, max_size=9), st.floats(0, 1))
def test_more_sun_and_fewer_clouds_give_more(altitudes: list[float], cloud: float) -> None:
    clear = sun.clear_sky_w_m2(np.sort(altitudes))
    assert (np.diff(clear) >= 0).all()
    cloudy = sun.cloudy_sky_w_m2(clear, cloud)
    assert (cloudy <= clear).all()
    assert (cloudy >= 0.25 * clear - 1e-9).all()

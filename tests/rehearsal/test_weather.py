"""Weather: the normals over many years, the sun, how columns go together, measured files."""

import hashlib
import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.rehearsal.weather import (
    KINDS,
    STEPS,
    Observation,
    Site,
    Weather,
    WeatherKind,
    generate,
    read_climate,
    read_csv,
)
from hapgang.rehearsal.weather.air import SEEN_AT_MOST_M, visibility_m

SEOUL = ZoneInfo("Asia/Seoul")
SEJONG = Site(36.48, 127.29, SEOUL)
CLIMATE = read_climate()
SPRING, SUMMER, WINTER = date(2026, 3, 18), date(2026, 8, 5), date(2026, 1, 14)
SEASON: dict[WeatherKind, date] = {
    "clear": SPRING,
    "cloudy": SPRING,
    "rain": SPRING,
    "snow": WINTER,
    "dust": SPRING,
    "heat": SUMMER,
}


def _month(month: int, years: int = 24) -> list[Weather]:
    days = [date(2001 + y, month, 1) + timedelta(d) for y in range(years) for d in range(2, 27)]
    return [generate(day, 5, CLIMATE, SEJONG) for day in days]


@pytest.mark.slow
@pytest.mark.parametrize("month", [1, 4, 7, 10])
def test_many_years_have_the_normals(month: int) -> None:
    """600 days against the month's normals; tolerances are some three standard errors."""
    days, row = _month(month), month - 1
    mean = {
        name: float(np.mean([getattr(w, name).mean() for w in days]))
        for name in Observation._fields
    }
    t, water, air = CLIMATE.temperature, CLIMATE.water, CLIMATE.air
    assert mean["temperature_c"] == pytest.approx(t.mean_c[row], abs=1.0)
    highest = np.mean([w.temperature_c.max() for w in days])
    lowest = np.mean([w.temperature_c.min() for w in days])
    assert highest - lowest == pytest.approx(t.max_c[row] - t.min_c[row], rel=0.15)
    assert mean["humidity_pct"] == pytest.approx(water.humidity_pct[row], abs=4.0)
    assert mean["cloud"] == pytest.approx(water.cloud[row], abs=0.06)
    wet = np.mean([(w.rain_mm_h + w.snow_mm_h).any() for w in days]) * 30.4
    assert wet == pytest.approx(water.wet_days[row], rel=0.2)
    per_month = (mean["rain_mm_h"] + mean["snow_mm_h"]) * 24 * 30.4
    assert per_month == pytest.approx(water.precipitation_mm[row], rel=0.35)
    assert mean["wind_m_s"] == pytest.approx(CLIMATE.wind.mean_m_s[row], rel=0.07)
    assert mean["pm25_ug_m3"] == pytest.approx(air.pm25_ug_m3[row], rel=0.15)
    assert mean["pm10_ug_m3"] == pytest.approx(air.pm10_ug_m3[row], rel=0.2)


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.integers(0, 2**40))
@settings(max_examples=60, deadline=None)
def test_every_day_is_possible(day: date, seed: int) -> None:
    w = generate(day, seed, CLIMATE, SEJONG)
    for name in Observation._fields:
        values = getattr(w, name)
        assert values.shape == (STEPS,)
        assert np.isfinite(values).all()
    for name in ("wind_m_s", "rain_mm_h", "snow_mm_h", "irradiance_w_m2", "pm25_ug_m3"):
        assert (getattr(w, name) >= 0).all()
    assert (w.pm10_ug_m3 >= w.pm25_ug_m3).all()
    assert ((w.humidity_pct > 10) & (w.humidity_pct <= 100)).all()
    assert ((w.cloud >= 0) & (w.cloud <= 1)).all()
    assert ((w.wind_deg >= 0) & (w.wind_deg < 360)).all()
    assert ((w.visibility_m > 0) & (w.visibility_m <= SEEN_AT_MOST_M)).all()
    assert (w.irradiance_w_m2 <= 1037).all()
    assert (w.cloud[w.rain_mm_h + w.snow_mm_h > 0] >= 0.9).all()
    assert w.start == datetime(day.year, day.month, day.day, tzinfo=SEOUL)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_chosen_kind_is_what_it_says(kind: WeatherKind, seed: int) -> None:
    w = generate(SEASON[kind], seed, CLIMATE, SEJONG, kind)
    assert w.kind == kind
    rain, snow = w.rain_mm_h.sum() / 6, w.snow_mm_h.sum() / 6
    if kind == "rain":
        assert rain >= 5
        assert snow < 0.5
    elif kind == "snow":
        assert snow >= 3.9
        assert rain < 0.3
        assert w.temperature_c.max() <= 1.0
    else:
        assert rain + snow == 0
    assert (w.temperature_c.max() >= 33) == (kind == "heat")
    assert (w.pm10_ug_m3.max() > 110) == (kind == "dust") or kind == "cloudy"
    if kind == "clear":
        assert w.cloud.mean() < 0.35


def test_a_kind_out_of_season_is_refused() -> None:
    with pytest.raises(Invalid, match="no snow"):
        generate(SUMMER, 1, CLIMATE, SEJONG, "snow")
    with pytest.raises(Invalid, match="no heat"):
        generate(WINTER, 1, CLIMATE, SEJONG, "heat")
    with pytest.raises(Invalid, match="no kind"):
        generate(SUMMER, 1, CLIMATE, SEJONG, "frogs")  # type: ignore[arg-type]


def test_the_sun_follows_its_closed_form() -> None:
    """At the equinox it is up for half of the day, and a clear noon has Haurwitz' value."""
    w = generate(date(2026, 3, 20), 3, CLIMATE, SEJONG, "clear")
    assert (w.irradiance_w_m2 > 0).mean() == pytest.approx(0.5, abs=0.02)
    noon = int(w.irradiance_w_m2[60:90].argmax()) + 60
    assert noon * 10 == pytest.approx(12 * 60 + 38, abs=40)
    sine = np.sin(np.radians(90 - 36.48))
    clear = 1098 * sine * np.exp(-0.057 / sine)
    assert 0.9 * clear < w.irradiance_w_m2.max() <= clear + 1
    cloudy = generate(date(2026, 3, 20), 3, CLIMATE, SEJONG, "rain")
    assert cloudy.irradiance_w_m2.sum() < 0.6 * w.irradiance_w_m2.sum()


def test_warmest_in_the_afternoon_coldest_at_dawn() -> None:
    days = _month(5, 4)
    mean = np.mean([w.temperature_c for w in days], axis=0)
    assert 13.5 <= mean.argmax() / 6 <= 16
    assert 4.5 <= mean.argmin() / 6 <= 7


def test_still_air_holds_more_dust_and_dust_hides_the_view() -> None:
    days = _month(2, 12)
    wind = np.log(np.concatenate([w.wind_m_s for w in days]) + 0.1)
    dust = np.log(np.concatenate([w.pm25_ug_m3 for w in days]))
    view = np.concatenate([w.visibility_m for w in days])
    assert np.corrcoef(wind, dust)[0, 1] < -0.15
    assert np.corrcoef(np.exp(dust), view)[0, 1] < -0.4


def test_a_day_resembles_the_day_before() -> None:
    first = date(2026, 2, 1)
    means = [generate(first + timedelta(d), 9, CLIMATE, SEJONG) for d in range(120)]
    expected = [CLIMATE.temperature.mean_c[(first + timedelta(d)).month - 1] for d in range(120)]
    anomaly = np.array([w.temperature_c.mean() for w in means]) - expected
    assert np.corrcoef(anomaly[1:], anomaly[:-1])[0, 1] > 0.4
    jumps = [abs(a.temperature_c[-1] - b.temperature_c[0]) for a, b in pairwise(means)]
    assert np.median(jumps) < 2.5


def test_south_of_the_equator_january_is_summer() -> None:
    south = read_climate(latitude_deg=-30.0)
    place = Site(-30.03, -51.2, ZoneInfo("America/Sao_Paulo"))
    warm = np.mean(
        [generate(date(2026, 1, d), 1, south, place).temperature_c.mean() for d in range(1, 29)]
    )
    cold = np.mean(
        [generate(date(2026, 7, d), 1, south, place).temperature_c.mean() for d in range(1, 29)]
    )
    assert warm - cold > 20
    noon = generate(date(2026, 12, 21), 1, south, place, "clear")
    assert noon.irradiance_w_m2.max() > 950


def test_clean_dry_air_shows_everything_and_heavy_snow_nothing() -> None:
    one = np.ones(1)
    assert visibility_m(2 * one, 2 * one, 30 * one, 0 * one, 0 * one)[0] == SEEN_AT_MOST_M
    assert visibility_m(15 * one, 30 * one, 95 * one, 0 * one, 3 * one)[0] < 1_800


def test_looking_up_a_time() -> None:
    w = generate(SPRING, 1, CLIMATE, SEJONG)
    assert w.at(0).temperature_c == w.temperature_c[0]
    assert w.at(43_199.9).temperature_c == w.temperature_c[71]
    assert w.at(43_200).temperature_c == w.temperature_c[72]
    assert w.at(90_000) == w.at(86_399)
    with pytest.raises(ValueError, match="read-only"):
        w.cloud[0] = 1


def test_one_seed_one_day() -> None:
    first, again = (generate(SPRING, 7, CLIMATE, SEJONG).to_bytes() for _ in range(2))
    assert first == again
    assert first != generate(SPRING, 8, CLIMATE, SEJONG).to_bytes()
    code = (
        "import hashlib; from datetime import date; from zoneinfo import ZoneInfo;"
        "from hapgang.rehearsal.weather import *;"
        "site = Site(36.48, 127.29, ZoneInfo('Asia/Seoul'));"
        "w = generate(date(2026, 3, 18), 7, read_climate(), site);"
        "print(hashlib.sha256(w.to_bytes()).hexdigest())"
    )
    out = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "77"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert out.stdout.strip() == hashlib.sha256(first).hexdigest()


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "weather.csv"
    path.write_text(text, "utf-8")
    return path


def test_a_measured_day_takes_the_place_of_the_drawn_one(tmp_path: Path) -> None:
    like = generate(SPRING, 1, CLIMATE, SEJONG, "clear")
    rows = [f"2026-03-18 {hour:02d}:00,{hour},{3 if hour == 9 else 0}," for hour in range(1, 25)]
    w = read_csv(_file(tmp_path, "time,temperature_c,rain_mm_h,cloud\n" + "\n".join(rows)), like)
    assert w.kind == "measured"
    np.testing.assert_allclose(w.temperature_c[6:], np.arange(6, 144) / 6)
    assert (w.rain_mm_h > 0).nonzero()[0].tolist() == list(range(54, 60))
    assert (w.cloud == like.cloud).all()
    assert (w.pm25_ug_m3 == like.pm25_ug_m3).all()


def test_stamps_of_other_zones_duplicates_and_gaps(tmp_path: Path) -> None:
    like = generate(SPRING, 1, CLIMATE, SEJONG, "clear")
    text = (
        "time,temperature_c\n2026-03-17T21:00:00+00:00,5\n2026-03-18 06:00,9\n"
        "2026-03-18 07:00,\n2026-03-18 08:00,11\n2026-03-19 20:00,30\n"
    )
    w = read_csv(_file(tmp_path, text), like)
    assert w.at(6 * 3600).temperature_c == 9.0
    assert w.at(7 * 3600).temperature_c == pytest.approx(10.0)
    assert w.at(20 * 3600).temperature_c == like.at(20 * 3600).temperature_c


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("time,temperature_c\n2026-03-18 01:00,warm\n", "line 2: temperature_c is “warm”"),
        ("time,humidity_pct\n2026-03-18 01:00,140\n", "within 0 and 100"),
        ("time,temperature_c\nyesterday,4\n", "line 2: “yesterday” is no time"),
        ("time,temperature_c\n2025-03-18 01:00,4\n", "says nothing of 2026-03-18"),
        ("hour,temperature_c\n1,4\n", "no header"),
    ],
)
def test_a_wrong_file_says_where(tmp_path: Path, text: str, reason: str) -> None:
    like = generate(SPRING, 1, CLIMATE, SEJONG)
    with pytest.raises(Invalid, match=reason):
        read_csv(_file(tmp_path, text), like)
    with pytest.raises(Invalid, match="cannot be read"):
        read_csv(tmp_path / "absent.csv", like)


def test_a_wrong_climate_says_what(tmp_path: Path) -> None:
    path = tmp_path / "weather.toml"
    path.write_text("format = 1\ntitle = 'x'\n", "utf-8")
    with pytest.raises(Invalid, match="temperature"):
        read_climate(path)


def _seoul() -> Path:
    root = os.environ.get("HAPGANG_DATA", Path(__file__).parents[3] / "shared" / "data")
    path = Path(root) / "korea-air-bike-weather"
    if not path.is_dir():
        pytest.skip(f"no measured weather of Seoul in {path}")
    return path


def test_a_measured_day_of_seoul() -> None:
    """The warmest day of Seoul's record, 1 August 2018: 39.4 °C at 16:00 in this file."""
    like = generate(date(2018, 8, 1), 1, CLIMATE, Site(37.57, 126.97, SEOUL))
    w = read_csv(
        _seoul() / "SeoulBikeData.csv",
        like,
        time=("Date", "Hour"),
        time_format="%d/%m/%Y %H",
        columns={
            "temperature_c": "Temperature",
            "humidity_pct": "Humidity",
            "wind_m_s": "Wind speed",
            "visibility_m": ("Visibility", 10.0),
            "irradiance_w_m2": ("Solar Radiation", 277.78),
        },
    )
    assert w.temperature_c.max() == pytest.approx(39.4)
    assert w.visibility_m.max() <= 20_000
    clear = generate(date(2018, 8, 1), 1, CLIMATE, Site(37.57, 126.97, SEOUL), "clear")
    assert w.irradiance_w_m2.max() == pytest.approx(clear.irradiance_w_m2.max(), rel=0.15)


def test_visibility_against_a_year_of_seoul() -> None:
    """8,015 hours of 2018: correlation at least 0.88, mean error at most 1.8 of 14.5 km."""
    air: dict[str, tuple[float, float]] = {}
    for line in (
        (_seoul() / "seoul_air_hourly_2018_2022.csv").read_text("utf-8-sig").splitlines()[1:]
    ):
        _, stamp, fine, coarse, *_ = line.split(",")
        if fine and coarse:
            air[stamp[:13]] = (float(fine), float(coarse))
    rows = []
    for line in (_seoul() / "SeoulBikeData.csv").read_text("utf-8-sig").splitlines()[1:]:
        part = line.split(",")
        day, month, year = part[0].split("/")
        key = f"{year}-{month}-{day} {int(part[2]):02d}"
        if key in air:
            rows.append((*air[key], float(part[4]), float(part[9]), 10 * float(part[6])))
    fine, coarse, humidity, rain, seen = np.array(rows).T
    modelled = visibility_m(fine, coarse, humidity, rain, np.zeros_like(rain))
    assert len(rows) > 7_500
    assert np.corrcoef(modelled, seen)[0, 1] > 0.88
    assert np.abs(modelled - seen).mean() < 1_800

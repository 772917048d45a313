"""What wind, dirty air and sun did to a year of bicycle hires, and what choice makes of them."""

import csv
import math
import os
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from hapgang.core.vocabulary.mobility import Mode
from hapgang.rehearsal.choice import HOT_C, Sky, Taste

Floats = NDArray[np.float64]
Hours = NDArray[np.bool_]
DATA = Path(os.environ.get("HAPGANG_DATA", Path(__file__).parents[3] / "shared" / "data"))
SEOUL = DATA / "korea-air-bike-weather"
_STRONG, _WEAK = 2.0 / 3.6, 1.5 / 3.6  # kW/m2, from MJ/m2 in an hour

pytestmark = pytest.mark.skipif(not SEOUL.is_dir(), reason=f"no hires of Seoul in {SEOUL}")


class Year(NamedTuple):
    """Hours in which the system worked and nothing fell, nor in the three before."""

    hires: Floats
    day: Floats
    hour: Floats
    is_work_day: Floats
    temperature_c: Floats
    wind_m_s: Floats
    sun_kw_m2: Floats
    pm25_ug_m3: Floats
    pm10_ug_m3: Floats


def read(name: str) -> list[list[str]]:
    with (SEOUL / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


@cache
def year() -> Year:
    air: dict[datetime, tuple[float, float]] = {}
    for _, stamp, fine, coarse, *_ in read("seoul_air_hourly_2018_2022.csv"):
        at = datetime.fromisoformat(stamp[:10]) + timedelta(hours=int(stamp[11:13]))
        if fine and coarse:
            air.setdefault(at, (float(fine), float(coarse)))
    rows, wet_until = [], 0
    for k, row in enumerate(read("SeoulBikeData.csv")):
        values = [float(value) for value in row[1:11]]
        hires, hour, temperature, _, wind, _, _, sun, rain, snow = values
        if rain or snow:
            wet_until = k + 4 if rain else k + 1
        midnight = datetime.strptime(row[0], "%d/%m/%Y")  # noqa: DTZ007 (Seoul's own)
        known = air.get(midnight + timedelta(hours=hour))
        if known is None or row[13] != "Yes" or k < wet_until:
            continue
        is_work_day = midnight.weekday() < 5 and row[12] == "No Holiday"
        rows.append((hires, midnight.toordinal(), hour, is_work_day, temperature, wind,
                     sun / 3.6, *known))  # fmt: skip
    return Year(*np.array(rows, float).T)


def share_left(of: Hours, against: Hours) -> tuple[float, int]:
    """Hires in some hours as a share of those in like ones; how many hours had three like them."""
    x, found = year(), []
    for k in np.flatnonzero(of):
        like = against & (x.hour == x.hour[k]) & (x.is_work_day == x.is_work_day[k])
        like &= abs(x.day - x.day[k]) <= 30
        like &= abs(x.temperature_c - x.temperature_c[k]) <= 3.0
        if like.sum() >= 3:
            found.append((x.hires[k], x.hires[like].mean()))
    seen, expected = np.array(found).sum(axis=0)
    return float(seen / expected), len(found)


def modelled(of: Hours) -> float:
    """The share that choice leaves on two wheels in the same hours, where few ride at all."""
    x = year()
    skies = [
        Sky(wind_m_s=x.wind_m_s[k], pm25_ug_m3=x.pm25_ug_m3[k], pm10_ug_m3=x.pm10_ug_m3[k])
        for k in np.flatnonzero(of)
    ]
    scale = Taste().scale_per_min
    return float(np.mean([math.exp(-scale * sky.exposed_min(Mode.BICYCLE)) for sky in skies]))


def is_clean(x: Year) -> Hours:
    return np.asarray((x.pm25_ug_m3 <= 35) & (x.pm10_ug_m3 <= 80))


@pytest.mark.parametrize(("low", "high", "hours"), [(3, 4, 300), (4, 5, 50), (5, 9, 15)])
def test_wind(low: float, high: float, hours: int) -> None:
    x = year()
    windy = (x.wind_m_s >= low) & (x.wind_m_s < high)
    seen, counted = share_left(windy, x.wind_m_s < 2)
    assert counted >= hours
    assert modelled(windy) == pytest.approx(seen, abs=0.02)


@pytest.mark.parametrize(("grade", "hours"), [(1, 800), (2, 80)])
def test_dirty_air(grade: int, hours: int) -> None:
    x = year()
    very = (x.pm25_ug_m3 > 75) | (x.pm10_ug_m3 > 150)
    dirty = very if grade == 2 else ~very & ~is_clean(x)
    seen, counted = share_left(dirty, is_clean(x))
    assert counted >= hours
    assert modelled(dirty) == pytest.approx(seen, abs=0.02)


def test_sun_keeps_nobody_off_two_wheels() -> None:
    x = year()
    hot = (x.temperature_c >= HOT_C) & (x.hour >= 9) & (x.hour <= 18)
    seen, counted = share_left(hot & (x.sun_kw_m2 >= _STRONG), x.sun_kw_m2 < _WEAK)
    assert counted > 40
    assert seen > 1.0

"""A city's climate by month: the format of `weather.toml`, every number with its source."""

import math
import tomllib
from datetime import date
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Literal

import msgspec

from hapgang.core.errors import Invalid

Months = tuple[float, float, float, float, float, float, float, float, float, float, float, float]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of the file, with where its numbers are from."""

    source: str


class TemperatureNormals(Part, frozen=True, kw_only=True):
    """Daily mean, maximum and minimum, and how days differ."""

    mean_c: Months
    max_c: Months
    min_c: Months
    spread_c: Months
    persistence: float


class WaterNormals(Part, frozen=True, kw_only=True):
    """Rain and snow, humidity and clouds."""

    precipitation_mm: Months
    wet_days: Months
    humidity_pct: Months
    cloud: Months  # covered share of the sky


class WindNormals(Part, frozen=True, kw_only=True):
    """Mean speed and where it comes from."""

    mean_m_s: Months
    from_deg: Months


class AirNormals(Part, frozen=True, kw_only=True):
    """Particulates, and days with desert dust."""

    pm25_ug_m3: Months
    pm10_ug_m3: Months
    dust_days: Months


class Climate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Monthly normals of one place, January first."""

    format: Literal[1]
    title: str
    temperature: TemperatureNormals
    water: WaterNormals
    wind: WindNormals
    air: AirNormals
    shift_months: int = 0  # 6 where another hemisphere's normals are used


def _peak(months: tuple[float, ...], row: int) -> float:
    """Return the middle of a month such that straight lines between middles keep its mean."""
    before, here, after = (months[(row + step) % 12] for step in (-1, 0, 1))
    return here - (before - 2 * here + after) / 8


class Normals:
    """A climate's numbers for one day, between the middles of its months."""

    def __init__(self, climate: Climate, day: date) -> None:
        start, end = date(day.year, 1, 1), date(day.year + 1, 1, 1)
        place = (day - start).days / (end - start).days * 12.0 - 0.5 + climate.shift_months
        self._low, self._part = math.floor(place), place - math.floor(place)
        self._month = (day.month - 1 + climate.shift_months) % 12

    def __call__(self, months: tuple[float, ...]) -> float:
        """Return the day's value of a normal that changes smoothly."""
        one, other = (_peak(months, self._low + step) for step in (0, 1))
        return one + (other - one) * self._part

    def month(self, months: tuple[float, ...]) -> float:
        """Return the month's own value: what must add up to its total, or cannot be between."""
        return float(months[self._month])


def read_climate(path: Path | None = None, latitude_deg: float = 90.0) -> Climate:
    """Read a city's `weather.toml`; without one Daejeon's normals, shifted south of the equator."""
    if path is None:
        climate = _default()
        return msgspec.structs.replace(climate, shift_months=6) if latitude_deg < 0 else climate
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Climate)
    except (OSError, ValueError) as error:  # TOML and msgspec errors are ValueErrors
        raise Invalid(
            f"{path} is no description of a climate: {error}",
            f"{path}을(를) 기후 설정으로 읽을 수 없습니다: {error}",
        ) from error


@lru_cache(maxsize=1)
def _default() -> Climate:
    text = resources.files(__package__).joinpath("default.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Climate)

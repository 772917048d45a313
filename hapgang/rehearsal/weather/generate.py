"""A day of weather by chance, from a climate's monthly normals."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from hapgang.core.errors import Invalid
from hapgang.rehearsal.weather.air import pm25, visibility_m
from hapgang.rehearsal.weather.climate import Climate, Normals
from hapgang.rehearsal.weather.columns import KINDS, STEP_S, STEPS, Floats, Weather, WeatherKind
from hapgang.rehearsal.weather.noise import HOUR, anomaly, normal_share, stream, wander
from hapgang.science import sun

HEAT_C = 33.0  # Korea Meteorological Administration: heat wave advisory from a maximum of 33 °C
_LONGEST_SHIFT_C = 12.0  # a chosen kind that is further from the month's normals is refused
_CLOUD = {"clear": 0.15, "cloudy": 0.75, "rain": 0.93, "snow": 0.92, "dust": 0.30, "heat": 0.25}
# Daily range relative to a mean day's, by how much sun there is; read from KMA's hourly data.
_RANGE = {"clear": 1.25, "cloudy": 0.90, "rain": 0.60, "snow": 0.55, "dust": 1.1, "heat": 1.1}
_NOISE_RANGE_C = 1.2  # what drift and noise add to the daily range, measured on 600 days
_WET_GAMMA = 0.6  # shape of daily rain, Wilks 2011, Statistical Methods, ch. 4: 0.5 to 0.8
_WEIBULL = 1.8  # shape of ten-minute wind inland, rounded
_WEIBULL_MEAN = 0.88929  # of the unit Weibull of that shape: gamma(1 + 1 / 1.8)
_PM_DAYS, _PM_STEPS, _PM_PERSISTS = 0.52, 0.18, 0.68  # Seoul 2018: log spread and day-to-day memory
_DUST_PM10 = 220.0  # added on a day of Asian dust, KMA's observations (advisory from 400 an hour)
_SNOW_BELOW_C, _RAIN_ABOVE_C = 0.0, 2.5  # both between; Kienzle 2008, doi:10.1002/hyp.7098, rounded


@dataclass(frozen=True)
class Site:
    """Where a city lies and what its clocks show."""

    latitude_deg: float
    longitude_deg: float
    zone: ZoneInfo


def generate(
    day: date, seed: int, climate: Climate, site: Site, kind: WeatherKind | None = None
) -> Weather:
    """Return a day of weather; the kind is drawn by the month's normals where none is chosen.

    The same arguments give the same day; neighbouring days of a seed resemble one another.
    A kind that the season does not have (snow in July) is refused. Ignored: fronts, the lie of the
    land, days of 23 or 25 hours. Source: a weather generator in the manner of Richardson 1981,
    doi:10.1029/WR017i001p00182. Checked: tests/rehearsal/test_weather.py: thirty years against the
    normals, the sun, and how the columns go together.
    """
    of, rng = Normals(climate, day), stream(seed, day, "day")
    chosen = _draw_kind(of, climate, rng) if kind is None else kind
    if chosen not in KINDS:
        raise Invalid(
            f"“{chosen}” is no kind of weather; there are {', '.join(KINDS)}",
            f"“{chosen}” 날씨는 없습니다. {', '.join(KINDS)} 중에서 고르십시오",
        )
    temperature = _temperature(of, climate, seed, day, chosen, forced=kind is not None)
    if kind is None and chosen in ("clear", "cloudy") and temperature.max() >= HEAT_C:
        chosen = "heat"
    fall = _fall(of, climate, rng, chosen, forced=kind is not None)
    frozen = np.clip((_RAIN_ABOVE_C - temperature) / (_RAIN_ABOVE_C - _SNOW_BELOW_C), 0.0, 1.0)
    rain, snow = fall * (1 - frozen), fall * frozen
    if kind is None and chosen == "rain" and snow.sum() > rain.sum():
        chosen = "snow"
    return _assemble(of, climate, site, day, chosen, temperature, rain, snow, seed)


def _draw_kind(of: Normals, climate: Climate, rng: np.random.Generator) -> WeatherKind:
    """Draw clear, cloudy, rain or dust; heat and snow follow from the temperature."""
    wet = of.month(climate.water.wet_days) / 30.4
    dust = of.month(climate.air.dust_days) / 30.4
    dry_cloud = (of(climate.water.cloud) - wet * _CLOUD["rain"]) / max(1 - wet, 0.05)
    span = _CLOUD["cloudy"] - _CLOUD["clear"]
    cloudy = float(np.clip((dry_cloud - _CLOUD["clear"]) / span, 0.0, 1.0))
    draw = rng.random()
    if draw < wet:
        return "rain"
    if draw < wet + dust:
        return "dust"
    return "cloudy" if rng.random() < cloudy else "clear"


def _mean_range(of: Normals, climate: Climate) -> float:
    """Return the mean of the relative daily ranges over wet and dry days."""
    wet = of.month(climate.water.wet_days) / 30.4
    return wet * _RANGE["rain"] + (1 - wet) * 0.5 * (_RANGE["clear"] + _RANGE["cloudy"])


def _temperature(
    of: Normals, climate: Climate, seed: int, day: date, kind: WeatherKind, *, forced: bool
) -> Floats:
    """Return temperatures: lowest at sunrise, highest at three; shifted where a kind needs it."""
    t = climate.temperature
    swing = 0.5 * (of(t.max_c) - of(t.min_c) - _NOISE_RANGE_C)
    swing *= _RANGE[kind] / _mean_range(of, climate)
    season = np.cos(2 * np.pi * (day.timetuple().tm_yday - 172 + 30.4 * climate.shift_months) / 365)
    dawn = 6.3 - 1.2 * season  # within half an hour between 30 and 45 degrees north
    rising = (dawn <= HOUR) & (HOUR < 15.0)
    since = np.where(dawn > HOUR, HOUR + 9.0, HOUR - 15.0)
    shape = np.where(
        rising,
        -np.cos(np.pi * (HOUR - dawn) / (15.0 - dawn)),
        np.cos(np.pi * since / (dawn + 9.0)),
    )
    drift = of(t.spread_c) * anomaly(seed, day, "temperature", t.persistence)
    noise = 0.25 * wander(stream(seed, day, "temperature noise"), 1.0)
    result = of(t.mean_c) + drift + swing * shape + noise
    if forced:
        result = result + _needed_shift(kind, result, of(t.mean_c))
    return np.asarray(result)


def _needed_shift(kind: WeatherKind, temperature: Floats, mean: float) -> float:
    """Return by how much a chosen kind must shift a day's temperatures, °C."""
    shift = 0.0
    if kind == "heat":
        shift = max(HEAT_C + 0.5 - float(temperature.max()), 0.0)
    elif kind == "snow":
        shift = min(_SNOW_BELOW_C - float(temperature.max()), 0.0)
    elif kind == "rain":
        shift = max(_RAIN_ABOVE_C - float(temperature.min()), 0.0)
    if abs(float(temperature.mean()) + shift - mean) > _LONGEST_SHIFT_C and shift:
        raise Invalid(
            f"no {kind} at this time of the year: it would take {shift:+.0f} °C; choose another"
            " day with --date",
            f"이 계절에는 {kind} 날씨가 없습니다. --date로 다른 날을 고르십시오",
        )
    return shift


def _fall(
    of: Normals, climate: Climate, rng: np.random.Generator, kind: WeatherKind, *, forced: bool
) -> Floats:
    """Return precipitation in mm/h of water: one to three spells that hold a gamma total."""
    if kind not in ("rain", "snow"):
        return np.zeros(STEPS)
    mean = of.month(climate.water.precipitation_mm) / max(of.month(climate.water.wet_days), 0.1)
    total = 0.1 + rng.gamma(_WET_GAMMA, (mean - 0.1) / _WET_GAMMA)
    if forced:  # somebody wants to see it: not a drizzle
        total = max(total, 8.0 if kind == "rain" else 4.0)
    spells = rng.integers(1, 4)
    centre = rng.uniform(0.0, 24.0, spells)
    if forced:
        centre[0] = rng.uniform(7.0, 19.0)
    width = rng.uniform(0.4, 1.0, spells) * (1.0 + 0.7 * np.sqrt(total))
    rise = np.exp(-0.5 * ((HOUR[:, None] - centre) / width) ** 2).max(axis=1)
    rise = np.where(rise > 0.2, rise, 0.0) * np.exp(0.6 * wander(rng, 0.7))
    return np.asarray(total * rise / (rise.sum() * STEP_S / 3600.0))


def _assemble(
    of: Normals,
    climate: Climate,
    site: Site,
    day: date,
    kind: WeatherKind,
    temperature: Floats,
    rain: Floats,
    snow: Floats,
    seed: int,
) -> Weather:
    start = datetime.combine(day, time(0), site.zone)
    rng = stream(seed, day, "sky")
    falling = rain + snow > 0
    cloud = np.clip(_CLOUD[kind] + 0.12 * wander(rng, 3.0), 0.0, 1.0)
    cloud = np.where(falling, np.maximum(cloud, 0.9), cloud)
    middle = start.timestamp() + (HOUR * 3600.0 + STEP_S / 2)
    _, altitude = sun.position(middle, site.latitude_deg, site.longitude_deg)
    speed, direction = _wind(of, climate, rng)
    humidity = _humidity(of, climate, rng, kind, temperature, falling)
    fallen = np.cumsum(rain + snow) * STEP_S / 3600.0
    fine, coarse = _particles(of, climate, seed, day, kind, speed, fallen)
    return Weather(
        start=start,
        kind=kind,
        temperature_c=temperature,
        humidity_pct=humidity,
        wind_m_s=speed,
        wind_deg=direction,
        rain_mm_h=rain,
        snow_mm_h=snow,
        cloud=cloud,
        irradiance_w_m2=sun.cloudy_sky_w_m2(sun.clear_sky_w_m2(altitude), cloud),
        pm25_ug_m3=fine,
        pm10_ug_m3=coarse,
        visibility_m=visibility_m(fine, coarse, humidity, rain, snow),
    )


def _wind(of: Normals, climate: Climate, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return speed (Weibull, strongest at four in the afternoon) and wandering direction."""
    cycle = 1.0 + 0.42 * np.cos(2 * np.pi * (HOUR - 16.0) / 24.0)  # Seoul 2018: 1.1 to 2.5 m/s
    score = np.sqrt(0.5) * (wander(rng, 3.0) + rng.standard_normal())
    quantile = np.clip(normal_share(score), 1e-6, 1 - 1e-6)
    weibull = (-np.log(1 - quantile)) ** (1 / _WEIBULL) / _WEIBULL_MEAN
    around = 45.0 * (0.7 * rng.standard_normal() + 0.7 * wander(rng, 4.0))
    turned = 0.0 if rng.random() < 0.75 else 180.0
    direction = of.month(climate.wind.from_deg) + turned + around
    return np.asarray(of(climate.wind.mean_m_s) * cycle * weibull), direction % 360.0


def _vapour(temperature_c: Floats) -> Floats:
    """Return saturation vapour pressure over water, hPa (Magnus; Alduchov and Eskridge 1996)."""
    return np.asarray(6.1094 * np.exp(17.625 * temperature_c / (temperature_c + 243.04)))


def _humidity(
    of: Normals,
    climate: Climate,
    rng: np.random.Generator,
    kind: WeatherKind,
    temperature: Floats,
    falling: NDArray[np.bool_],
) -> Floats:
    """Return relative humidity: a day's vapour stays, so warm hours are dry; rain fills the air."""
    wet = of.month(climate.water.wet_days) / 30.4
    surplus = {"rain": 12.0, "snow": 10.0, "dust": -14.0}.get(kind, -12.0 * wet / (1 - wet))
    mean = np.clip(of(climate.water.humidity_pct) + surplus + 5.0 * rng.standard_normal(), 25, 97)
    saturated = _vapour(temperature)
    humidity = mean * (1 / (1 / saturated).mean()) / saturated + 2.0 * wander(rng, 2.0)
    humidity = np.where(falling, np.maximum(humidity, 88.0 + 4.0 * wander(rng, 1.0)), humidity)
    return np.asarray(np.clip(humidity, 12.0, 100.0))


def _particles(
    of: Normals,
    climate: Climate,
    seed: int,
    day: date,
    kind: WeatherKind,
    speed: Floats,
    fallen: Floats,
) -> tuple[Floats, Floats]:
    """Return PM2.5 and PM10, lognormal around the month's means."""
    a, rng = climate.air, stream(seed, day, "particles")
    noise = _PM_DAYS * anomaly(seed, day, "particles", _PM_PERSISTS)
    noise = noise + _PM_STEPS * wander(rng, 4.0) - 0.5 * (_PM_DAYS**2 + _PM_STEPS**2)
    fine = pm25(of(a.pm25_ug_m3), noise, speed / of(climate.wind.mean_m_s), fallen)
    dusty = of.month(a.dust_days) / 30.4 * _DUST_PM10 * 0.5  # its part of the month's mean
    ratio = max(of(a.pm10_ug_m3) - dusty, 1.0) / of(a.pm25_ug_m3)
    coarse = np.maximum(fine * ratio * np.exp(0.12 * wander(rng, 6.0)), fine)
    if kind == "dust":
        peak = rng.uniform(9.0, 18.0)
        wave = _DUST_PM10 * np.exp(0.4 * rng.standard_normal() - ((HOUR - peak) / 7.0) ** 2)
        fine, coarse = fine + 0.12 * wave, coarse + wave
    return fine, coarse

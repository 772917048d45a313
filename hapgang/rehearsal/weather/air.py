"""Particulates and how far one sees, from wind, rain and humidity."""

import numpy as np

from hapgang.rehearsal.weather.columns import Floats

# Seoul 2018, November to March: log PM2.5 falls by 0.21 for each unit of the log of the wind (3,600
# hours, r = -0.21): slower air holds more, dampened by what the wind brings.
WIND_EXPONENT = 0.21
_WASHED_OUT_PER_MM = 0.04  # Seinfeld and Pandis 2016, ch. 20: 1e-5 to 1e-4 /s in moderate rain
_DRAUGHT_M_S = 0.3  # air is never quite still
_RUSH_HOUR, _AFTERNOON = 0.10, -0.10  # relative diurnal cycle of PM2.5, AirKorea hourly, rounded
KOSCHMIEDER = 3.912  # contrast threshold 2 %: visibility = 3.912 / extinction
_CLEAN_PER_KM = 0.012  # Rayleigh scattering at sea level, Pitchford and Malm 1994
# Per µg/m3 of PM2.5, and its growth with humidity: fitted on 8,015 hours of Seoul 2018 (r = 0.90,
# mean error 1.6 km); IMPROVE has 0.004 for dry sulphate and a like growth.
_DRY_PER_KM, _GROWTH = 0.0060, 0.7
_COARSE_PER_KM = 0.0006  # for each µg/m3 between PM2.5 and PM10: 0.6 m2/g, IMPROVE
_RAIN_PER_KM, _SNOW_PER_KM = 0.25, 1.3  # times intensity (mm/h) to 0.67; Atlas 1953, Mellor 1966
SEEN_AT_MOST_M = 20_000.0  # as the Korean stations report it


def pm25(mean: float, noise: Floats, wind_m_s: Floats, fallen_mm: Floats) -> Floats:
    """PM2.5 of a day.

    mean: the month's, µg/m3. noise (steps,): Gaussian log anomaly with mean zero and known spread
    already taken off. wind_m_s, fallen_mm (steps,): rain since it began. Returns (steps,), µg/m3.
    Ignored: chemistry, long transport by name. Checked: tests/rehearsal/test_weather.py.
    """
    steps = len(wind_m_s)
    hour = np.arange(steps) * 24.0 / steps
    cycle = _RUSH_HOUR * np.exp(-(((hour - 9.0) / 2.0) ** 2))
    cycle += _AFTERNOON * np.exp(-(((hour - 16.0) / 2.5) ** 2))
    calm = -WIND_EXPONENT * np.log(np.maximum(wind_m_s, _DRAUGHT_M_S))
    washed = -np.minimum(_WASHED_OUT_PER_MM * fallen_mm, 1.2)
    return np.asarray(np.clip(mean * np.exp(noise + cycle + calm + washed), 2.0, 500.0))


def visibility_m(
    pm25_ug_m3: Floats, pm10_ug_m3: Floats, humidity_pct: Floats, rain: Floats, snow: Floats
) -> Floats:
    """Daytime visual range.

    All (steps,); rain, snow: mm/h as water. Returns m, within (0, 20,000]. Dry particles swell with
    humidity h by (1 - h) ** -0.7, h at most 98.5 %; above that fog is not told from haze.
    Source: Koschmieder 1924; the IMPROVE equation, Pitchford et al. 2007,
    doi:10.3155/1047-3289.57.11.1326. Checked: tests/rehearsal/test_weather.py, clean air and,
    where present, Seoul's hours of 2018.
    """
    growth = (1.0 - np.minimum(humidity_pct / 100.0, 0.985)) ** -_GROWTH
    extinction = _CLEAN_PER_KM + _DRY_PER_KM * pm25_ug_m3 * growth
    extinction = extinction + _COARSE_PER_KM * np.maximum(pm10_ug_m3 - pm25_ug_m3, 0.0)
    extinction = extinction + _RAIN_PER_KM * rain**0.67 + _SNOW_PER_KM * snow**0.67
    return np.asarray(np.minimum(1000.0 * KOSCHMIEDER / extinction, SEEN_AT_MOST_M))

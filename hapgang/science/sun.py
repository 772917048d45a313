"""Where the sun stands and what it gives."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_J2000_UNIX_S = 946_728_000.0  # 2000-01-01 12:00 UTC, the epoch of the almanac's formulas


def position(unix_s: ArrayLike, latitude_deg: float, longitude_deg: float) -> tuple[Floats, Floats]:
    """Azimuth and altitude of the sun's centre.

    unix_s (n,): instants, seconds since 1970 UTC. Returns azimuth (n,), degrees clockwise from
    north within [0, 360), and altitude (n,), degrees above the horizon within [-90, 90].
    Ignored: refraction (0.5 degrees at the horizon), the observer's height, parallax.
    Source: Michalsky 1988, The Astronomical Almanac's algorithm for approximate solar position,
    Solar Energy 40, doi:10.1016/0038-092X(88)90045-X (0.01 degrees from 1950 to 2050); sidereal
    time by the US Naval Observatory's formula. Checked: tests/science/test_sun.py, equinox and
    solstice in closed form, and the worked example of Reda and Andreas 2004,
    doi:10.1016/j.solener.2003.12.003, table A5.1.
    """
    days = (np.asarray(unix_s, np.float64) - _J2000_UNIX_S) / 86_400.0
    anomaly = np.radians(357.528 + 0.9856003 * days)
    ecliptic = np.radians(
        280.460 + 0.9856474 * days + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly)
    )
    obliquity = np.radians(23.439 - 4.0e-7 * days)
    right_ascension = np.arctan2(np.cos(obliquity) * np.sin(ecliptic), np.cos(ecliptic))
    declination = np.arcsin(np.sin(obliquity) * np.sin(ecliptic))
    sidereal = np.radians(15.0 * (18.697374558 + 24.06570982441908 * days) + longitude_deg)
    return _horizontal(sidereal - right_ascension, declination, float(np.radians(latitude_deg)))


def _horizontal(hour_angle: Floats, declination: Floats, latitude: float) -> tuple[Floats, Floats]:
    """Turn hour angle and declination (radians) into azimuth and altitude (degrees)."""
    sin_lat, cos_lat = np.sin(latitude), np.cos(latitude)
    sin_dec, cos_dec = np.sin(declination), np.cos(declination)
    up = sin_lat * sin_dec + cos_lat * cos_dec * np.cos(hour_angle)
    north = cos_lat * sin_dec - sin_lat * cos_dec * np.cos(hour_angle)
    east = -cos_dec * np.sin(hour_angle)
    azimuth = np.degrees(np.arctan2(east, north)) % 360.0
    return azimuth, np.degrees(np.arcsin(np.clip(up, -1.0, 1.0)))


def clear_sky_w_m2(altitude_deg: ArrayLike) -> Floats:
    """Global irradiance on level ground under a clear sky.

    altitude_deg (n,): of the sun. Returns (n,), W/m2, within [0, 1037]; 0 when the sun is down.
    Ignored: turbidity, water vapour, height above the sea, the earth's distance (3 %).
    Source: Haurwitz 1945, Insolation in relation to cloudiness and cloud density, J. Meteorol. 2,
    doi:10.1175/1520-0469(1945)002<0154:IIRTCA>2.0.CO;2. Checked: tests/science/test_sun.py.
    """
    sine = np.sin(np.radians(np.asarray(altitude_deg, np.float64)))
    up = np.maximum(sine, 1e-3)
    return np.where(sine > 1e-3, 1098.0 * up * np.exp(-0.057 / up), 0.0)


def cloudy_sky_w_m2(clear_w_m2: ArrayLike, cloud: ArrayLike) -> Floats:
    """Global irradiance under clouds.

    clear_w_m2 (n,): under a clear sky. cloud (n,): covered share of the sky within [0, 1]. Returns
    (n,), W/m2, within [0.25, 1] of the clear value. Ignored: what kind of cloud, and its edges.
    Source: Kasten and Czeplak 1980, Solar and terrestrial radiation dependent on the amount and
    type of cloud, Solar Energy 24, doi:10.1016/0038-092X(80)90391-6. Checked:
    tests/science/test_sun.py.
    """
    covered = np.clip(np.asarray(cloud, np.float64), 0.0, 1.0)
    return np.asarray(clear_w_m2, np.float64) * (1.0 - 0.75 * covered**3.4)

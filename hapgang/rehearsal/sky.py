"""The day's weather, as people feel it when they choose and as the city's station reports it."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from hapgang.core.errors import Invalid
from hapgang.core.geometry import Point
from hapgang.core.ids import urn
from hapgang.core.vocabulary.environment import Weather as Station
from hapgang.rehearsal.choice import Sky
from hapgang.rehearsal.weather import KINDS, Site, Weather, generate, read_climate, read_csv
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.mobility import observe_weather
from hapgang.twin.scene import Scene

DRAWN = "drawn"
_STATION = urn("WeatherObserved", "city")


class Skies:
    """One day's weather in a city."""

    def __init__(self, runtime: Runtime, scene: Scene, weather: Weather) -> None:
        """Report to `runtime`."""
        self._runtime = runtime
        self._place = Point(scene.facts.centre)
        self._weather = weather
        self.hours = [self._felt(hour) for hour in range(24)]

    def observe(self, hour: int) -> None:
        """Let the city's weather station report for an hour."""
        seen = self._weather.at(hour * 3600.0)
        names = set(Station.__struct_fields__)
        values = {k: round(v, 3) for k, v in seen._asdict().items() if k in names}
        station = msgspec.convert(
            {"id": _STATION, "location": self._place, **values}, Station, strict=False
        )
        self._runtime.perform(observe_weather, PLATFORM, weather=station)

    def rows(self) -> list[dict[str, float]]:
        """Return the hours for the playback."""
        return [
            {
                "hour": hour,
                "temperature_c": round(seen.temperature_c, 1),
                "rain_mm_h": round(seen.rain_mm_h, 2),
                "snow_mm_h": round(seen.snow_mm_h, 2),
                "pm25_ug_m3": round(seen.pm25_ug_m3, 1),
                "wind_m_s": round(seen.wind_m_s, 1),
                "irradiance_w_m2": round(seen.irradiance_w_m2),
            }
            for hour in range(24)
            for seen in [self._weather.at((hour + 0.5) * 3600.0)]
        ]

    def _felt(self, hour: int) -> Sky:
        seen = self._weather.at((hour + 0.5) * 3600.0)
        return Sky(
            rain_mm_h=seen.rain_mm_h,
            snow_mm_h=seen.snow_mm_h,
            temperature_c=seen.temperature_c,
            wind_m_s=seen.wind_m_s,
            irradiance_w_m2=seen.irradiance_w_m2,
            pm25_ug_m3=seen.pm25_ug_m3,
            pm10_ug_m3=seen.pm10_ug_m3,
        )


def weather_of(folder: Path, scene: Scene, day: dt.date, wish: str, seed: int) -> Weather:
    """Return a day's weather: of a kind, drawn from the climate, or measured in a CSV file."""
    described = folder / "weather.toml"
    lon, lat = scene.facts.centre
    climate = read_climate(described if described.is_file() else None, lat)
    site = Site(latitude_deg=lat, longitude_deg=lon, zone=ZoneInfo(scene.time_zone))
    if wish.endswith(".csv"):
        return read_csv(Path(wish), generate(day, seed, climate, site))
    if wish == DRAWN:
        return generate(day, seed, climate, site)
    kind = next((kind for kind in KINDS if kind == wish), None)
    if kind is None:
        raise Invalid(
            f"“{wish}” is no weather; use {DRAWN}, {', '.join(KINDS)} or a CSV file",
            f"“{wish}” 날씨는 없습니다. {DRAWN}, {', '.join(KINDS)} 또는 CSV 파일을 쓰세요",
        )
    return generate(day, seed, climate, site, kind)

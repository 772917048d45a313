"""Environment: what the city's sky is doing."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from hapgang.core.entity import Entity, Property, Sharing, entity
from hapgang.core.geometry import Point
from hapgang.core.text import Text, Words


@entity(
    "WeatherObserved",
    sharing=Sharing.SHARED,
    words=Words(
        Text("The weather now", "지금 날씨"),
        Text(
            "Temperature, rain, wind and dust where a station measures them.",
            "관측소가 잰 기온, 비, 바람, 먼지예요.",
        ),
        is_open=True,
    ),
)
class Weather(Entity, frozen=True, kw_only=True):
    """The weather now, by the Smart Data Models' WeatherObserved and AirQualityObserved names."""

    location: Point
    temperature_c: Annotated[float, Property("temperature", unit="CEL")]
    humidity_pct: Annotated[float, Property("relativeHumidity", unit="P1"), Meta(ge=0, le=100)]
    wind_m_s: Annotated[float, Property("windSpeed", unit="MTS"), Meta(ge=0)]
    wind_deg: Annotated[float, Property("windDirection", unit="DD"), Meta(ge=0, le=360)] = 0.0
    rain_mm_h: Annotated[float, Property("precipitation", unit="MMT"), Meta(ge=0)] = 0.0
    snow_mm_h: Annotated[float, Property("snowfall", unit="MMT"), Meta(ge=0)] = 0.0
    irradiance_w_m2: Annotated[float, Property("solarRadiation", unit="D54"), Meta(ge=0)] = 0.0
    pm10_ug_m3: Annotated[float, Property("pm10", unit="GQ"), Meta(ge=0)] = 0.0
    pm25_ug_m3: Annotated[float, Property("pm25", unit="GQ"), Meta(ge=0)] = 0.0


@entity(
    "WeatherForecast",
    sharing=Sharing.SHARED,
    words=Words(
        Text("The weather to come", "앞으로의 날씨"),
        Text(
            "Rain and snow expected for the next hours.",
            "앞으로 몇 시간 동안 올 비와 눈이에요.",
        ),
        is_open=True,
    ),
)
class Forecast(Entity, frozen=True, kw_only=True):
    """The weather that is expected for a span of time, by the Smart Data Models' names."""

    location: Point
    valid_from: datetime
    valid_to: datetime
    rain_mm_h: Annotated[float, Property("precipitation", unit="MMT"), Meta(ge=0)] = 0.0
    snow_mm_h: Annotated[float, Property("snowfall", unit="MMT"), Meta(ge=0)] = 0.0

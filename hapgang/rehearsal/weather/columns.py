"""One day's weather as columns on the city's clock."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WeatherKind = Literal["clear", "cloudy", "rain", "snow", "dust", "heat", "measured"]
KINDS: tuple[WeatherKind, ...] = ("clear", "cloudy", "rain", "snow", "dust", "heat")
STEP_S = 600
STEPS = 86_400 // STEP_S


class Observation(NamedTuple):
    """The weather during one step, by the names of the shared entity."""

    temperature_c: float
    humidity_pct: float
    wind_m_s: float
    wind_deg: float
    rain_mm_h: float
    snow_mm_h: float
    cloud: float
    irradiance_w_m2: float
    pm25_ug_m3: float
    pm10_ug_m3: float
    visibility_m: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Weather:
    """A day in steps of ten minutes; each value holds from its step's begin to the next."""

    start: datetime  # midnight, aware, in the city's zone
    kind: WeatherKind
    temperature_c: Floats
    humidity_pct: Floats
    wind_m_s: Floats
    wind_deg: Floats  # where it comes from, clockwise from north
    rain_mm_h: Floats
    snow_mm_h: Floats  # as water
    cloud: Floats  # covered share of the sky
    irradiance_w_m2: Floats  # global, on level ground
    pm25_ug_m3: Floats
    pm10_ug_m3: Floats
    visibility_m: Floats

    def __post_init__(self) -> None:
        for name in Observation._fields:
            getattr(self, name).flags.writeable = False

    def step_of(self, seconds: float) -> int:
        """Return the step that holds at a time since midnight; the last one afterwards."""
        return min(max(int(seconds // STEP_S), 0), STEPS - 1)

    def at(self, seconds: float) -> Observation:
        """Return the weather at a time since midnight, s."""
        step = self.step_of(seconds)
        return Observation(*(float(getattr(self, name)[step]) for name in Observation._fields))

    def to_bytes(self) -> bytes:
        """Return the columns one after another: equal for equal days."""
        names = [field.name for field in fields(self) if field.name in Observation._fields]
        return b"".join(getattr(self, name).tobytes() for name in names)

"""Weather for a rehearsed day: drawn from a climate's normals, or measured."""

from hapgang.rehearsal.weather.climate import Climate, read_climate
from hapgang.rehearsal.weather.columns import (
    KINDS,
    STEP_S,
    STEPS,
    Observation,
    Weather,
    WeatherKind,
)
from hapgang.rehearsal.weather.generate import Site, generate
from hapgang.rehearsal.weather.measured import read_csv

__all__ = [
    "KINDS",
    "STEPS",
    "STEP_S",
    "Climate",
    "Observation",
    "Site",
    "Weather",
    "WeatherKind",
    "generate",
    "read_climate",
    "read_csv",
]

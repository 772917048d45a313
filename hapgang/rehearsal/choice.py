"""How a trip's mode is chosen: once, among all that are open to the traveller, by generalised cost.

Cost is in minutes of riding: every part of a trip is weighed by how it is felt. A chooser takes the
largest of -scale * cost + constant of the mode + taste, with taste a standard Gumbel number of the
person, trip and mode (McFadden 1974, "Conditional logit analysis of qualitative choice behavior").
Constants and the scale of time are fitted on the scenario `today` only (see `calibrate`).
"""

import math
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from hapgang.core.errors import Invalid
from hapgang.core.vocabulary.mobility import Mode
from hapgang.rehearsal.plans import Trips
from hapgang.twin.felt import (
    CAR_WON_KM,
    TRANSFER_MIN,
    VALUE_OF_TIME_WON_H,
    WAIT_WEIGHT,
    WALK_WEIGHT,
)

Floats = NDArray[np.float64]
BASE_MODES = (Mode.WALK, Mode.BICYCLE, Mode.CAR, Mode.BUS)

# Assumption: cycling is felt half again as long as riding, for the effort.
BICYCLE_WEIGHT = 1.5
# Assumption: the card fare of a Sejong city bus.
BUS_WON = 1_400
# Assumption: two minutes to get into a car and to find its place again.
CAR_START_MIN = 2.0
BICYCLE_START_MIN = 1.0
_DRAWN_AT_ONCE = 10_000  # persons; a city's at once would need more memory than its day
MOST_TRIPS = 16  # of a person and day; day plans have room for 15
MOST_WALK_M = 5_000.0
MOST_BICYCLE_M = 15_000.0
# Getting wet on two wheels costs up to 30 felt minutes, two thirds of them at half a millimetre an
# hour: so hires fall as they did in Seoul, to 0.31 of the dry ones up to 0.5 mm/h, 0.14 to 1,
# 0.12 to 2, 0.11 to 4 and 0.07 above. Seoul Bike Sharing Demand (UCI 560, 2017-12 to 2018-11), our
# count: 516 rainy hours against dry ones of the same month, hour and kind of day.
WET_MIN = 30.0
WET_SCALE_MM_H = 0.5
# Wind and dirty air on two wheels, felt minutes. The same hires, our count: dry hours against calm
# (below 2 m/s) or clean ones of the same hour and kind of day, within 30 days and 3 C. They fell
# to 0.98 at 3 to 4 m/s, 0.94 at 4 to 5 and 0.79 above (498 hours); by Seoul's hourly means of
# particulates (cleanair.seoul.go.kr), to 0.92 in air that AirKorea grades as bad (908 hours) and
# to 0.85 in very bad (108). Checked: tests/rehearsal/test_exposure.py.
WIND_FROM_M_S = 4.0
WIND_MIN_PER_M_S = 2.1
BAD_AIR_MIN = (0.0, 1.1, 2.0)  # by grade: bearable, bad, very bad
# AirKorea, forecast grades since 2018-03-27: PM2.5 and PM10 above which air is bad, and very bad.
_BAD_PM25_UG_M3 = (35.0, 75.0)
_BAD_PM10_UG_M3 = (80.0, 150.0)
# Assumptions: how much longer a minute on foot feels in such air, as 1.1 and 2.0 minutes are of a
# ride of some 20; and under a full sun (1 kW/m2) when it is hot. Not on two wheels, where the sun
# keeps nobody away: in Seoul's hours above 29 C hires were 1.05 when it shone (94 hours).
BAD_AIR_ON_FOOT = (0.0, 0.05, 0.10)
SUN_ON_FOOT_PER_KW_M2 = 0.10
HOT_C = 29.0
# Assumptions: how much longer a minute on foot feels for each mm/h of rain or snow (as water), and
# a minute outdoors below freezing or above 33 C, up to a bound. Direction and order after Böcker,
# Dijst and Prillwitz 2013, "Impact of everyday weather on individual daily travel behaviours".
WALK_WET_PER_MM_H = 0.10
MOST_WET = 2.0
EXTREME = 0.3
_TWO_WHEELS = (Mode.BICYCLE, Mode.PM)


class Taste(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What calibration fits: at most one constant for each mode, and one scale of time.

    `outside_time_scale` lengthens driving beyond the city's own streets, where signals, the peak
    and the search for a place to park are not modelled. `scale_per_min` is an assumption: a chooser
    gives up one minute of riding for that much utility.
    """

    scale_per_min: Annotated[float, Meta(gt=0)] = 0.08
    outside_time_scale: Annotated[float, Meta(ge=0.2, le=10)] = 1.0
    constants: dict[str, float] = msgspec.field(
        default_factory=lambda: {"car": 1.67, "bicycle": -3.85}
    )
    fitted: str = "not calibrated here: the constants of the reference city, Sejong 5-1"

    def constant(self, mode: Mode) -> float:
        """The constant of a mode, in units of utility."""
        return self.constants.get(mode.value, 0.0)


def read_taste(folder: Path) -> Taste:
    """Read a city's `choice.toml`; a city without one borrows the constants of Sejong 5-1."""
    path = folder / "choice.toml"
    if not path.is_file():
        return Taste()
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Taste)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Invalid(f"{path}: {error}") from error


@dataclass(frozen=True, kw_only=True)
class Sky:
    """What the weather does to those who travel in the open, in one hour."""

    rain_mm_h: float = 0.0
    snow_mm_h: float = 0.0
    temperature_c: float = 15.0
    wind_m_s: float = 0.0
    irradiance_w_m2: float = 0.0
    pm25_ug_m3: float = 0.0
    pm10_ug_m3: float = 0.0

    def weight(self, mode: Mode) -> float:
        """How much longer a minute of a mode in the open feels, at least 1."""
        extreme = EXTREME if not 0.0 <= self.temperature_c <= 33.0 else 0.0
        if mode is Mode.WALK:
            wet = min(WALK_WET_PER_MM_H * self._falling_mm_h, MOST_WET)
            return 1.0 + extreme + wet + BAD_AIR_ON_FOOT[self._air_grade] + self._sun_on_foot
        return 1.0 + extreme if mode in _TWO_WHEELS else 1.0

    def exposed_min(self, mode: Mode) -> float:
        """What rain, wind and dirty air cost on a trip on two wheels, felt minutes."""
        if mode not in _TWO_WHEELS:
            return 0.0
        wet = WET_MIN * -math.expm1(-self._falling_mm_h / WET_SCALE_MM_H)
        wind = WIND_MIN_PER_M_S * max(0.0, self.wind_m_s - WIND_FROM_M_S)
        return wet + wind + BAD_AIR_MIN[self._air_grade]

    @property
    def _falling_mm_h(self) -> float:
        return self.rain_mm_h + self.snow_mm_h

    @property
    def _air_grade(self) -> int:
        """0 where the air can be borne, 1 where it is bad, 2 where very bad."""
        return max(
            sum(self.pm25_ug_m3 > limit for limit in _BAD_PM25_UG_M3),
            sum(self.pm10_ug_m3 > limit for limit in _BAD_PM10_UG_M3),
        )

    @property
    def _sun_on_foot(self) -> float:
        if self.temperature_c < HOT_C:
            return 0.0
        return SUN_ON_FOOT_PER_KW_M2 * self.irradiance_w_m2 / 1000.0


def walk_min(walk_s: Floats, weight: Floats) -> Floats:
    """Cost of walking: (trips,) s and weather weight to felt minutes."""
    return WALK_WEIGHT * weight * walk_s / 60.0


def bicycle_min(ride_s: Floats, weight: Floats, exposed_min: Floats) -> Floats:
    """Cost of one's own bicycle."""
    return BICYCLE_START_MIN + exposed_min + BICYCLE_WEIGHT * weight * ride_s / 60.0


def car_min(drive_s: Floats, distance_m: Floats, walk_s: Floats, weight: Floats) -> Floats:
    """Cost of driving: riding, money, and the walks to and from where the car may stand."""
    money = CAR_WON_KM * distance_m / 1000.0 * 60.0 / VALUE_OF_TIME_WON_H
    return CAR_START_MIN + drive_s / 60.0 + money + walk_min(walk_s, weight)


def bus_min(
    ride_s: Floats, wait_s: Floats, walk_s: Floats, transfers: Floats, weight: Floats
) -> Floats:
    """Cost of public transport by the timetable."""
    money = BUS_WON * 60.0 / VALUE_OF_TIME_WON_H
    felt = ride_s / 60.0 + WAIT_WEIGHT * wait_s / 60.0 + TRANSFER_MIN * transfers
    return felt + money + walk_min(walk_s, weight)


def offer_min(
    walk_s: float, wait_s: float, ride_s: float, fare_won: int, *, walk: float, transfers: int
) -> float:
    """Cost of an operator's offer; `walk` is the weather's weight, `ride_s` is weighed already."""
    felt = WALK_WEIGHT * walk * walk_s + WAIT_WEIGHT * wait_s + ride_s
    return felt / 60.0 + TRANSFER_MIN * transfers + fare_won * 60.0 / VALUE_OF_TIME_WON_H


def tastes(seed: int, day: date, persons: int, trips: Trips) -> Floats:
    """Standard Gumbel numbers (trips, modes).

    They are of a person's first, second ... trip of the day, whatever others do and whatever the
    scenario is: so scenarios are compared trip by trip.
    """
    rng = np.random.Generator(np.random.PCG64([seed, day.toordinal(), 0x7A57E]))
    order, found = np.minimum(trips.order, MOST_TRIPS - 1), np.empty((len(trips), len(Mode)))
    for first in range(0, persons, _DRAWN_AT_ONCE):  # the same numbers as all at once
        drawn = rng.gumbel(size=(min(_DRAWN_AT_ONCE, persons - first), MOST_TRIPS, len(Mode)))
        rows = slice(*np.searchsorted(trips.person, (first, first + _DRAWN_AT_ONCE)))
        found[rows] = drawn[trips.person[rows] - first, order[rows]]
    return found


MODE_COLUMN = {mode: i for i, mode in enumerate(Mode)}

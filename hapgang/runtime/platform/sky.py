"""The sky as everybody may know it: what it does now, and what it is expected to do soon."""

from datetime import datetime, timedelta

import msgspec

from hapgang.core.vocabulary.environment import Forecast, Weather
from hapgang.hub.collect.newest import observed_at
from hapgang.runtime.city import CityOf

_OLD = timedelta(hours=2)  # what a station said before then is not "now"; an assumption
_SOON = timedelta(hours=3)  # as far ahead as somebody who is about to go out thinks; an assumption


class Wet(msgspec.Struct, frozen=True):
    """Rain or snow that is expected."""

    at: datetime
    rain_mm_h: float
    snow_mm_h: float


class Sky(msgspec.Struct, frozen=True):
    """The weather now, as the stations say, and the first rain or snow of the next hours."""

    observed_at: datetime
    temperature_c: float
    rain_mm_h: float
    snow_mm_h: float
    pm25_ug_m3: float


class Outlook(msgspec.Struct, frozen=True):
    """What is known of the sky; None where no station reports, and where it stays dry."""

    now: Sky | None
    soon: Wet | None


def sky(city: CityOf) -> Outlook:
    """Return the weather now and the next rain or snow, as far as anybody told the city."""
    return Outlook(_now(city), _soon(city))


def _now(city: CityOf) -> Sky | None:
    fresh: list[tuple[datetime, Weather]] = []
    for station in city.hub.find(Weather):
        record = city.runtime.state.get(station.id)
        if record is not None and (at := observed_at(record)) > city.now - _OLD:
            fresh.append((at, station))
    if not fresh:
        return None
    newest_at, newest = max(fresh, key=lambda one: (one[0], one[1].id))
    stations = [station for _, station in fresh]
    return Sky(
        observed_at=newest_at,
        temperature_c=newest.temperature_c,
        rain_mm_h=max(station.rain_mm_h for station in stations),
        snow_mm_h=max(station.snow_mm_h for station in stations),
        pm25_ug_m3=max(station.pm25_ug_m3 for station in stations),
    )


def _soon(city: CityOf) -> Wet | None:
    expected = [
        one
        for one in city.hub.find(Forecast)
        if one.valid_to > city.now
        and one.valid_from <= city.now + _SOON
        and one.rain_mm_h + one.snow_mm_h > 0.0
    ]
    if not expected:
        return None
    first = min(expected, key=lambda one: (one.valid_from, one.id))
    return Wet(max(first.valid_from, city.now), first.rain_mm_h, first.snow_mm_h)

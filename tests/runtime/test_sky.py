"""The sky as everybody may know it: nothing stale, nothing dry, the first rain first."""

from datetime import timedelta

from hapgang.contract import Caller, Role
from hapgang.core.clock import VirtualClock
from hapgang.core.vocabulary.environment import Forecast, Weather
from hapgang.runtime.city import CityOf
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.mobility import observe_weather
from hapgang.runtime.platform.sky import sky
from tests.village import HERE, SEOUL, START, runtime_of

NOBODY = Caller("urn:ngsi-ld:Person:anonymous", Role.ANONYMOUS)


def station(name: str, rain_mm_h: float) -> Weather:
    return Weather(
        id=f"urn:w:{name}",
        location=HERE,
        temperature_c=21.0,
        humidity_pct=60.0,
        wind_m_s=1.0,
        rain_mm_h=rain_mm_h,
    )


def expect(city: CityOf, *, name: str, after_min: int, rain_mm_h: float) -> None:
    begins = city.now + timedelta(minutes=after_min)
    city.hub.save(
        Forecast(
            id=f"urn:f:{name}",
            location=HERE,
            valid_from=begins,
            valid_to=begins + timedelta(hours=1),
            rain_mm_h=rain_mm_h,
        )
    )


expect.__module__ = "hapgang.runtime.platform.tests"  # the platform writes what agencies send


def test_without_stations_nothing_is_known() -> None:
    found = runtime_of().perform(sky, NOBODY)
    assert (found.now, found.soon) == (None, None)


def test_the_wettest_station_counts_and_old_news_do_not() -> None:
    clock = VirtualClock(START, SEOUL)
    town = runtime_of(clock=clock)
    for one in (station("a", 0.0), station("b", 2.5)):
        town.perform(observe_weather, PLATFORM, weather=one)
    assert town.perform(sky, NOBODY).now.rain_mm_h == 2.5
    clock.advance_by(2 * 3600.0)
    assert town.perform(sky, NOBODY).now is None


def test_the_first_rain_of_the_next_hours() -> None:
    clock = VirtualClock(START, SEOUL)
    town = runtime_of(clock=clock)
    for name, after_min, rain_mm_h in (("dry", 0, 0.0), ("far", 600, 9.0), ("late", 120, 4.0)):
        town.perform(expect, PLATFORM, name=name, after_min=after_min, rain_mm_h=rain_mm_h)
    assert town.perform(sky, NOBODY).soon.rain_mm_h == 4.0
    town.perform(expect, PLATFORM, name="soon", after_min=30, rain_mm_h=1.0)
    found = town.perform(sky, NOBODY).soon
    assert (found.at, found.rain_mm_h) == (START + timedelta(minutes=30), 1.0)
    clock.advance_by(95 * 60.0)
    assert town.perform(sky, NOBODY).soon.rain_mm_h == 4.0

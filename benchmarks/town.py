"""A service as small as one can be, so that what is measured is the platform."""

from datetime import datetime, timedelta
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta

from benchmarks import purse
from hapgang.contract import ANYONE, City, Level, Role, Route, Service, Text
from hapgang.core.entity import Entity, Property, Sharing, entity
from hapgang.core.geometry import Point
from hapgang.core.ids import urn

NAME = "bench.town"
COUNTERS = 5_000
_CENTRE = (127.30, 36.51)


@entity("BenchCounter")
class Counter(Entity, frozen=True, kw_only=True):
    """Something at a place that counts."""

    location: Point
    count: Annotated[int, Property("value"), Meta(ge=0)] = 0
    state: Annotated[str, Property(indexed=True)] = "free"


@entity("BenchSite", sharing=Sharing.SHARED)
class Site(Entity, frozen=True, kw_only=True):
    """Something at a place that is found by what it is part of."""

    location: Point
    lot: Annotated[int, Property(indexed=True)]
    block: Annotated[int, Property(indexed=True)]
    ward: Annotated[int, Property(indexed=True)]


@entity("BenchMeter")
class Meter(Entity, frozen=True, kw_only=True):
    """Something that is read every minute."""

    power_kw: Annotated[float, Property("power", unit="KWT")] = 0.0


def counter_id(number: int) -> str:
    """Return the id of a counter."""
    return urn("BenchCounter", number)


def set_up(city: City) -> None:
    """Put counters into the city, over some 2 km by 2 km."""
    for number in range(COUNTERS):
        lon, lat = (_CENTRE[i] + city.rng.uniform(0.0, 0.02) for i in (0, 1))
        city.hub.save(Counter(id=counter_id(number), location=Point((lon, lat))))


def bump(city: City, *, counter: str) -> int:
    """Count one up: an action on one entity."""
    found = city.hub.get(Counter, counter)
    city.hub.save(msgspec.structs.replace(found, count=found.count + 1))
    return found.count + 1


def look(city: City, *, counter: str) -> Counter:
    """Return a counter."""
    return city.hub.get(Counter, counter)


def meter_id(number: int) -> str:
    """Return the id of a meter."""
    return urn("BenchMeter", number)


def read_meters(city: City, *, meters: int, minutes: int, since: datetime) -> int:
    """Record what meters read in each of some minutes: bulk, as collection does."""
    ids = [meter_id(number) for number in range(meters)]
    if city.hub.find_by_id(Meter, ids[-1]) is None:
        for name in ids:
            city.hub.save(Meter(id=name))
    for minute in range(minutes):
        power_kw = np.array([round(city.rng.uniform(0.0, 5.0), 2) for _ in ids])
        city.hub.record(Meter, ids, since + timedelta(minutes=minute), power_kw=power_kw)
    return meters * minutes


town = Service(
    title=Text("Bench", "측정"),
    level=Level.SKETCHED,
    owns=(Counter, Meter),
    contributes=(Site,),
    routes=(
        Route.post("/bump", bump, allow=(Role.RESIDENT, Role.OPERATOR)),
        Route.get("/look", look, allow=ANYONE),
        Route.post("/read_meters", read_meters, allow=(Role.OPERATOR,)),
        *(
            Route.post(f"/purse/{action.__name__}", action, allow=(Role.RESIDENT,))
            for action in (purse.hold, purse.post, purse.void, purse.give_back)
        ),
    ),
    setup=set_up,
)

"""Learning where rides begin and end, and bringing vehicles there before they are missed."""

from datetime import timedelta

import numpy as np
from msgspec.structs import replace

from hapgang.contract import City, where
from hapgang.core.geometry import Point
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.insight.forecast import Level, Slot, learn_level, learn_slot
from hapgang.services.mobility.sharing.actions.checks import ground, parking_near, settings
from hapgang.services.mobility.sharing.actions.crew import add_task
from hapgang.services.mobility.sharing.method.demand import (
    Carry,
    Parked,
    expected,
    first_guess,
    hour_of_week,
    known_of,
    plan_rebalancing,
)
from hapgang.services.mobility.sharing.model import (
    Area,
    Demand,
    DemandLevel,
    Errand,
    Task,
    Vehicle,
)

_LEVEL = urn("PersonalMobilityDemandLevel", "all")
_LOOK_AROUND_M = 400.0  # for parking round an area's middle


def learn_demand(city: City) -> None:
    """Take the hour that has just ended into what is known of its hour of the week."""
    ids = ground(city).area_ids
    areas = {area.id: area for area in city.hub.find(Area)}
    if not areas:
        return
    rows = [areas.get(_area_id(name)) for name in ids]
    departures = np.array([0.0 if a is None else a.departures for a in rows])
    arrivals = np.array([0.0 if a is None else a.arrivals for a in rows])
    hour = hour_of_week(city.now - timedelta(minutes=30), ground(city).time_zone)
    out, back = _learnt(city)
    guess = _guess(city)
    level = _level(city)
    if hour in out:  # only what was learnt before can say how busy this hour was
        level = learn_level(level, out[hour], departures)
    left = learn_slot(known_of(hour, out, guess), departures)
    came = learn_slot(known_of(hour, back, guess), arrivals)
    city.hub.save(
        Demand(
            id=urn("PersonalMobilityDemand", hour),
            hour=hour,
            departures=tuple(left.counts.round(6).tolist()),
            arrivals=tuple(came.counts.round(6).tolist()),
            weeks=left.weight,
        )
    )
    city.hub.save(DemandLevel(id=_LEVEL, actual=level.actual, expected=level.expected))
    for area in areas.values():
        if area.departures or area.arrivals:
            city.hub.save(replace(area, departures=0, arrivals=0))


def rebalance_on_time(city: City) -> None:
    """Start rebalancing when the city's clock strikes one of its hours."""
    if city.now.astimezone(ground(city).time_zone).hour in settings(city).rebalance_hours:
        start_rebalancing(city)


def start_rebalancing(city: City) -> str:
    """Plan, as a job, which vehicles are brought where; return the job's id."""
    area = ground(city)
    free = city.hub.find(Vehicle, where.state == "free")
    parked = [
        Parked(v.id, v.kind, area.area_of(v.location), v.location, v.station is not None)
        for v in free
        if v.location is not None and area.area_ids
    ]
    out, back = _learnt(city)
    guess, factor = _guess(city), _level(city).factor
    first, hours = _period(city)
    return city.start(
        Text("Rebalancing the vehicles", "차량 재배치"),
        plan_rebalancing,
        apply_rebalancing,
        parked=tuple(parked),
        area_lonlat=area.area_lonlat,
        departures=expected(out, guess, first, hours, factor),
        arrivals=expected(back, guess, first, hours, factor),
        detour=area.pace.detour,
    )


def apply_rebalancing(city: City, *, result: tuple[tuple[Carry, ...], ...]) -> int:
    """Turn a plan into crews' tours as far as it still holds; return how many vehicles move.

    Tours of an older plan that nobody has taken are dropped.
    """
    for task in city.hub.find(Task, where.state == "open"):
        if task.work == "move":
            city.hub.close(replace(task, state="dropped"))
    taken: dict[str | None, int] = {}
    moved = 0
    for tour in result:
        errands = [e for carry in tour for e in _errands(city, carry, taken)]
        if errands:
            add_task(city, "move", tuple(errands))
            moved += len(errands)
    return moved


def _errands(city: City, carry: Carry, taken: dict[str | None, int]) -> list[Errand]:
    """Find each vehicle of a carry a place in its new area; `taken` counts what is promised."""
    lon, lat = ground(city).area_lonlat[carry.target]
    middle = Point((float(lon), float(lat)))
    places = parking_near(city, middle, _LOOK_AROUND_M, limit=20)
    most = settings(city).most_at_a_spot
    errands = []
    for name in carry.vehicles:
        vehicle = city.hub.find_by_id(Vehicle, name)
        if vehicle is None or vehicle.state != "free" or vehicle.location is None:
            continue
        for place in places:
            key = place.station or repr(place.location.coordinates)
            if taken.get(key, 0) < most:
                taken[key] = taken.get(key, 0) + 1
                errands.append(Errand(vehicle.id, vehicle.location, place.location))
                break
    return errands


def _learnt(city: City) -> tuple[dict[int, Slot], dict[int, Slot]]:
    """What was counted of departures and arrivals, by hour of the week; no other city's areas."""
    areas = len(ground(city).area_ids)
    found = [d for d in city.hub.find(Demand) if len(d.departures) == len(d.arrivals) == areas]
    return (
        {d.hour: Slot(np.array(d.departures), d.weeks) for d in found},
        {d.hour: Slot(np.array(d.arrivals), d.weeks) for d in found},
    )


def _guess(city: City) -> Slot:
    return first_guess(ground(city).area_weight, city.hub.count(Vehicle))


def _level(city: City) -> Level:
    found = city.hub.find(DemandLevel, limit=1)
    return Level(found[0].actual, found[0].expected) if found else Level()


def _period(city: City) -> tuple[int, int]:
    """Hour of the week from which to plan, and hours until the next rebalancing."""
    first = hour_of_week(city.now, ground(city).time_zone)
    wanted = settings(city).rebalance_hours or (first % 24,)
    ahead = min((hour - first % 24 - 1) % 24 + 1 for hour in wanted)
    return first, ahead


def _area_id(name: str) -> str:
    return urn("PersonalMobilityArea", name)

"""What happens by itself: terms that end, batteries that fill, weather that stops two wheels."""

from datetime import timedelta

import numpy as np
from msgspec.structs import replace

from hapgang.contract import Change, City, new_id, where
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.environment import Weather
from hapgang.services.mobility.sharing.actions.checks import rental_on, settings
from hapgang.services.mobility.sharing.actions.pay import settle
from hapgang.services.mobility.sharing.actions.ride import end_reservation
from hapgang.services.mobility.sharing.method.fares import Bill, fare_won
from hapgang.services.mobility.sharing.method.fleet import READY_PCT, charged_pct, stay
from hapgang.services.mobility.sharing.model import (
    SERVICE,
    Pause,
    PmFleetCounted,
    PmReturned,
    Vehicle,
)

CHARGE_EVERY = timedelta(minutes=15)
_NOT_RETURNED = "the vehicle was not returned in time"


def end_terms(city: City) -> None:
    """End reservations that nobody took up, and rides longer than a ride may be."""
    past = where.ends_at <= city.now
    for vehicle in city.hub.find(Vehicle, (where.state == "reserved") & past):
        _end_reservation(city, vehicle)
    for vehicle in city.hub.find(Vehicle, (where.state == "rented") & past):
        _end_ride(city, vehicle)


def charge_vehicles(city: City) -> None:
    """Fill the batteries of the vehicles that stand at stations."""
    plugged = [
        v
        for v in city.hub.find(Vehicle, where.battery_pct < 100.0)
        if v.station is not None and v.state in ("free", "reserved", "charging")
    ]
    if not plugged:
        return
    hours = CHARGE_EVERY.total_seconds() / 3600.0
    charge = [charged_pct(v.kind, v.battery_pct, hours) for v in plugged]
    city.hub.record(Vehicle, [v.id for v in plugged], city.now, battery_pct=np.array(charge))
    for vehicle, battery_pct in zip(plugged, charge, strict=True):
        if vehicle.state == "charging" and battery_pct >= READY_PCT:
            city.hub.save(stay(replace(vehicle, battery_pct=battery_pct)))


def count_fleet(city: City) -> None:
    """Write down how the fleet is, so that it can be judged afterwards."""
    states = [vehicle.state for vehicle in city.hub.find(Vehicle)]
    if not states:
        return
    count = {state: states.count(state) for state in dict.fromkeys(states)}
    city.hub.emit(
        PmFleetCounted(
            entity=urn("Service", SERVICE),
            vehicles=len(states),
            free=count.get("free", 0),
            in_use=count.get("reserved", 0) + count.get("rented", 0),
            out_of_charge=count.get("empty", 0) + count.get("charging", 0),
            out_of_order=sum(count.get(s, 0) for s in ("with_crew", "out_of_service", "missing")),
        )
    )


def watch_weather(city: City, _: Change) -> None:
    """Stop renting out open vehicles in heavy rain and snow, and start again after it."""
    terms = settings(city)
    weather = city.hub.find(Weather)
    rain = max((w.rain_mm_h for w in weather), default=0.0)
    snow = max((w.snow_mm_h for w in weather), default=0.0)
    heavy = rain > terms.heavy_rain_mm_h or snow > terms.heavy_snow_mm_h
    paused = city.hub.find(Pause)
    if heavy and not paused:
        city.hub.save(_pause(city, is_snow=snow > terms.heavy_snow_mm_h))
    elif not heavy:
        for pause in paused:
            city.hub.delete(Pause, pause.id)


def _pause(city: City, *, is_snow: bool) -> Pause:
    what, which = ("snow", "눈") if is_snow else ("rain", "비")
    reason = Text(
        f"Open vehicles are not rented out in heavy {what}; closed ones keep you dry.",
        f"{which}가 많이 와서 개방형 PM 대여를 멈췄습니다. 폐쇄형 PM을 이용하세요.",
    )
    return Pause(id=new_id(city, Pause), kind="open", reason=reason, since=city.now)


def _end_reservation(city: City, vehicle: Vehicle) -> None:
    rental = rental_on(city, vehicle)
    if rental is None:
        city.hub.save(stay(vehicle))
        return
    over = Text(
        f"{vehicle.plate} is free for others again; nothing was charged.",
        f"{vehicle.plate} 예약 시간이 지나 취소되었습니다. 결제되지 않았습니다.",
    )
    end_reservation(city, rental, "lapsed", failed=over)
    city.tell(rental.renter, Text("Your reservation has ended", "예약이 끝났습니다"), over)


def _end_ride(city: City, vehicle: Vehicle) -> None:
    """End a ride whose vehicle never came back: what a ride costs at most is taken, and doubted."""
    missing = replace(vehicle, state="missing", ends_at=None, wants_visit=True)
    rental = rental_on(city, vehicle)
    if rental is None:
        city.hub.save(missing)
        return
    terms = settings(city)
    limit_s = terms.ride_limit_min * 60.0
    fare = fare_won(terms.tariff, limit_s, 0.0)
    settle(city, rental, Bill(limit_s, 0.0, fare, (_NOT_RETURNED,)), "overdue", None)
    city.hub.save(replace(missing, location=rental.origin))
    city.hub.emit(
        PmReturned(
            entity=vehicle.id,
            kind=vehicle.kind,
            area="",
            ride_s=limit_s,
            distance_m=0.0,
            fare_won=fare,
            parking="unknown",
            doubtful=True,
        )
    )

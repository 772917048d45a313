"""A ride as the resident lives it: reserve, rent, return, pay."""

from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from hapgang.contract import City, Role, new_id
from hapgang.core.errors import Conflict, Refused
from hapgang.core.geometry import Point
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.mobility import RideFailed
from hapgang.services.mobility.sharing.actions.checks import (
    NotHere,
    OneAtATime,
    Parking,
    RideOver,
    check_free,
    check_rider,
    ground,
    new_public_id,
    open_rental,
    parking_at,
    parking_near,
    settings,
    vehicle_named,
)
from hapgang.services.mobility.sharing.actions.pay import cost_of, hold_fare, release_fare, settle
from hapgang.services.mobility.sharing.method.fleet import (
    charge_used_pct,
    held_to_kmh,
    put_down,
    stay,
)
from hapgang.services.mobility.sharing.model import (
    SERVICE,
    Area,
    Metres,
    PmRented,
    PmReturned,
    Rental,
    RentalState,
    Vehicle,
)

_LOOK_AROUND_M = 300.0  # where else to park is looked for within a short walk


def reserve(city: City, *, vehicle: str) -> Rental:
    """Keep a vehicle for the caller for some minutes; a repeat changes nothing."""
    chosen = vehicle_named(city, vehicle)
    mine = open_rental(city, city.caller.id)
    if mine is not None:
        if mine.vehicle == chosen.id and mine.state == "reserved":
            return mine
        raise _one_at_a_time(mine)
    check_free(chosen)
    licence = check_rider(city, chosen.kind)
    return keep_for(city, chosen, city.now, licence=licence)


def keep_for(city: City, vehicle: Vehicle, needed_at: datetime, *, licence: bool) -> Rental:
    """Keep a free vehicle for the caller until some minutes after it is needed."""
    until = needed_at + timedelta(minutes=settings(city).reserve_min)
    city.hub.save(replace(vehicle, state="reserved", ends_at=until))
    rental = _new_rental(city, vehicle, "reserved", licence=licence)
    city.hub.save(rental)
    return rental


def cancel(city: City, *, rental: str) -> None:
    """Give a reservation back; nothing is charged."""
    mine = own(city, rental)
    if mine.state != "reserved":
        raise Conflict(
            "Only a reservation can be cancelled; return the vehicle to end a ride.",
            "예약만 취소할 수 있습니다. 이용을 마치려면 반납하세요.",
        )
    end_reservation(city, mine, "cancelled")


def rent(city: City, *, vehicle: str) -> Rental:
    """Unlock a vehicle and start the ride: the most that it can cost is held.

    A repeat returns the ride that has begun. Nobody else's reservation is broken.
    """
    chosen = vehicle_named(city, vehicle)
    mine = open_rental(city, city.caller.id)
    if mine is not None and mine.vehicle != chosen.id:
        raise _one_at_a_time(mine)
    if mine is not None and mine.state == "riding":
        return mine
    check_free(chosen if mine is None else stay(chosen))
    licence = check_rider(city, chosen.kind)
    before = mine or _new_rental(city, chosen, "riding", licence=licence)
    paid_for = hold_fare(city, before)
    rental = replace(paid_for, state="riding", rented_at=city.now, origin=chosen.location)
    city.hub.save(rental)
    until = city.now + timedelta(minutes=settings(city).ride_limit_min)
    city.hub.save(replace(chosen, state="rented", location=None, station=None, ends_at=until))
    area = _count(city, chosen.location, departures=1)
    city.hub.emit(
        PmRented(entity=chosen.id, kind=chosen.kind, area=area, reserved=mine is not None)
    )
    return rental


def return_vehicle(
    city: City,
    *,
    rental: str,
    location: Point,
    distance_m: Metres | None = None,
    led_m: Annotated[float, Meta(ge=0, le=500)] = 0.0,
) -> Rental:
    """End the ride where the vehicle stands: the fare is paid and the rest of the hold is free.

    `distance_m` is what the vehicle's odometer shows for the ride. Where it may not stand, the
    return is refused, unless the rider follows the way to the nearest place within `led_m`.
    """
    mine = own(city, rental)
    _check_under_way(mine)
    parking = _parking_or_refuse(city, location, led_m)
    vehicle = city.hub.get(Vehicle, mine.vehicle)
    if mine.state == "overdue":
        return _bring_back(city, mine, vehicle, parking)
    cost = cost_of(city, mine, parking.location, distance_m)
    ended = settle(city, mine, cost, "ended", parking.location)
    _park(city, vehicle, parking, cost.distance_m)
    city.hub.emit(
        PmReturned(
            entity=vehicle.id,
            kind=vehicle.kind,
            area=_count(city, parking.location, arrivals=1),
            ride_s=cost.ride_s,
            distance_m=cost.distance_m,
            fare_won=cost.fare_won,
            parking="street" if parking.station is None else "station",
            doubtful=bool(cost.doubts),
        )
    )
    return ended


def current_rental(city: City) -> Rental | None:
    """Return what the caller has reserved or rides now."""
    return open_rental(city, city.caller.id)


def get_rental(city: City, *, rental: str) -> Rental:
    """Return one of the caller's rentals, also one that is over; an operator sees any."""
    if city.caller.role is Role.OPERATOR:
        return city.hub.get(Rental, rental)
    return own(city, rental)


def end_reservation(
    city: City, rental: Rental, state: RentalState, failed: Text | None = None
) -> None:
    """Close a reservation, give back what was held; its vehicle is free again if it is fit.

    `failed` says why the renter will not have the ride, to whoever planned with it.
    """
    release_fare(city, rental)
    city.hub.save(stay(city.hub.get(Vehicle, rental.vehicle)))
    city.hub.close(replace(rental, state=state))
    if failed is not None:
        city.hub.emit(
            RideFailed(entity=rental.id, person=rental.renter, service=SERVICE, reason=failed)
        )


def _new_rental(city: City, vehicle: Vehicle, state: RentalState, *, licence: bool) -> Rental:
    return Rental(
        id=new_id(city, Rental),
        renter=city.caller.id,
        vehicle=vehicle.id,
        kind=vehicle.kind,
        state=state,
        reserved_at=city.now if state == "reserved" else None,
        max_speed_kmh=float(held_to_kmh(vehicle.kind, licence=licence)),
    )


def own(city: City, rental: str) -> Rental:
    """Return one of the caller's rentals; `Refused` for somebody else's."""
    found = city.hub.get(Rental, rental)
    if found.renter != city.caller.id:
        raise Refused("This is somebody else's rental.", "다른 사람의 이용 내역입니다.")
    return found


def _check_under_way(mine: Rental) -> None:
    if mine.state in ("ended", "lapsed", "cancelled"):
        raise RideOver(
            f"This rental is over ({mine.state}) and was paid once: {mine.fare_won:,} won.",
            f"이미 끝난 이용입니다({mine.state}). 결제는 한 번만 되었습니다: {mine.fare_won:,}원.",
        )
    if mine.state == "reserved":
        raise Conflict(
            "This ride has not begun; cancel the reservation instead.",
            "아직 출발하지 않았습니다. 예약을 취소하세요.",
        )


def _one_at_a_time(mine: Rental) -> OneAtATime:
    return OneAtATime(
        "You have a vehicle already; return it or cancel the reservation first.",
        "이미 이용 중인 차량이 있습니다. 먼저 반납하거나 예약을 취소하세요.",
        rental=mine.id,
    )


def _parking_or_refuse(city: City, at: Point, led_m: float) -> Parking:
    parking = parking_at(city, at)
    if isinstance(parking, Parking):
        return parking
    nearest = parking_near(city, at, max(_LOOK_AROUND_M, led_m), limit=1)
    if nearest and nearest[0].distance_m <= led_m:
        return nearest[0]
    en, ko = " The ride goes on.", " 이용은 계속됩니다."
    if nearest:
        away_m = round(nearest[0].distance_m)
        en, ko = f" The nearest place is {away_m} m away.{en}", f" 가까운 곳: {away_m} m.{ko}"
    raise NotHere(parking.en + en, parking.ko + ko, nearest=nearest)


def _park(city: City, vehicle: Vehicle, parking: Parking, ridden_m: float) -> None:
    battery_pct = max(0.0, vehicle.battery_pct - charge_used_pct(vehicle.kind, ridden_m))
    parked = put_down(vehicle, parking.location, parking.station, battery_pct=battery_pct)
    odometer_km = vehicle.odometer_km + ridden_m / 1000.0
    city.hub.save(replace(parked, public_id=new_public_id(city), odometer_km=odometer_km))


def _bring_back(city: City, rental: Rental, vehicle: Vehicle, parking: Parking) -> Rental:
    """Take in a vehicle whose ride was ended without it: it is found, and was paid for."""
    if vehicle.state != "missing":
        raise RideOver(
            "This ride was ended and its vehicle is back; nothing more is to be done.",
            "이미 종료된 이용이며 차량도 돌아왔습니다.",
        )
    parked = put_down(vehicle, parking.location, parking.station)
    city.hub.save(replace(parked, public_id=new_public_id(city), wants_visit=False))
    return rental


def _count(city: City, at: Point | None, *, departures: int = 0, arrivals: int = 0) -> str:
    """Count a ride in the area of a point; return the area's name."""
    area = ground(city).area_name(at) if at is not None else ""
    if area:
        known = city.hub.find_by_id(Area, urn("PersonalMobilityArea", area))
        if known is not None:
            counted = replace(
                known,
                departures=known.departures + departures,
                arrivals=known.arrivals + arrivals,
            )
            city.hub.save(counted)
    return area

"""Rides as a part of somebody's journey: booked ahead or dropped, begun and ended."""

from datetime import timedelta

from hapgang.contract import City, Role
from hapgang.core.errors import Conflict, Refused
from hapgang.core.vocabulary.mobility import (
    BeginRide,
    Booking,
    BookRide,
    DropRide,
    EndRide,
    RideReceipt,
)
from hapgang.services.mobility.sharing.actions.checks import (
    OneAtATime,
    RideOver,
    check_free,
    check_rider,
    open_rental,
    vehicle_named,
)
from hapgang.services.mobility.sharing.actions.pay import hold_fare
from hapgang.services.mobility.sharing.actions.ride import (
    end_reservation,
    keep_for,
    own,
    rent,
    return_vehicle,
)
from hapgang.services.mobility.sharing.model import SERVICE, Rental, Vehicle

# Assumption: a vehicle that waits longer for its rider than a ride across the region takes is
# missed by too many others.
MOST_AHEAD = timedelta(hours=1)


def book_ride(city: City, question: BookRide) -> Booking | None:
    """Keep a vehicle for the caller until they need it, and hold the most that it can cost."""
    if question.service != SERVICE:
        return None
    vehicle = vehicle_named(city, question.item)
    if (mine := open_rental(city, city.caller.id)) is not None:
        raise OneAtATime(
            "You have a vehicle already; return it or cancel its reservation, then book.",
            "이미 이용 중인 차량이 있습니다. 반납하거나 예약을 취소한 뒤 예약하세요.",
            rental=mine.id,
        )
    check_free(vehicle)
    licence = check_rider(city, vehicle.kind)
    if question.needed_at - city.now > MOST_AHEAD:
        raise Conflict(
            "A vehicle is kept for an hour at most; book when you set out.",
            "차량은 최대 한 시간 전부터 예약할 수 있습니다. 출발할 때 예약하세요.",
        )
    rental = hold_fare(
        city, keep_for(city, vehicle, max(question.needed_at, city.now), licence=licence)
    )
    city.hub.save(rental)
    return _told(city, rental)


def drop_ride(city: City, question: DropRide) -> Booking | None:
    """Give a booked vehicle back; one whose ride has begun stays with its rider."""
    if question.service != SERVICE:
        return None
    rental = city.hub.get(Rental, question.booking)
    if city.caller.role is not Role.PLATFORM and rental.renter != city.caller.id:
        raise Refused("This is somebody else's rental.", "다른 사람의 이용 내역입니다.")
    if rental.state == "reserved":
        end_reservation(city, rental, "cancelled")
    return _told(city, rental)


def begin_ride(city: City, question: BeginRide) -> Booking | None:
    """Unlock a vehicle that was booked as a part of a journey."""
    if question.service != SERVICE:
        return None
    rental = own(city, question.booking)
    if rental.state not in ("reserved", "riding"):
        raise RideOver(
            f"This vehicle is not kept for you any more ({rental.state}).",
            f"예약이 끝난 차량입니다({rental.state}).",
        )
    return _told(city, rent(city, vehicle=rental.vehicle))


def end_ride(city: City, question: EndRide) -> RideReceipt | None:
    """Take back a vehicle at the end of its part of a journey."""
    if question.service != SERVICE:
        return None
    ended = return_vehicle(
        city,
        rental=question.booking,
        location=question.place,
        distance_m=question.distance_m,
        led_m=question.led_m,
    )
    return RideReceipt(service=SERVICE, booking=ended.id, paid_won=ended.fare_won)


def _told(city: City, rental: Rental) -> Booking:
    vehicle = city.hub.get(Vehicle, rental.vehicle)
    return Booking(
        service=SERVICE,
        booking=rental.id,
        held_won=rental.held_won,
        until=vehicle.ends_at or city.now,
    )

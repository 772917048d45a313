"""Guests: rides with operators of this city that providers of journeys from elsewhere book.

A provider is a company that an operator of the city has registered with credit. Its travellers have
no names here: each booking is a guest of its own, with a purse filled from the provider's credit
and emptied into it again. What a guest does runs as that guest, so every operator's rules hold.
"""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from hapgang.contract import City, Steps, where
from hapgang.core.errors import CityError, Conflict, Invalid, NotFound, Refused
from hapgang.core.ids import urn
from hapgang.core.vocabulary.mobility import (
    BeginRide,
    BookRide,
    DropRide,
    EndRide,
    RideFailed,
)
from hapgang.services.mobility.maas.actions.live import replan_failed
from hapgang.services.mobility.maas.method.outside import hold_won, price_won, ride
from hapgang.services.mobility.maas.model import SERVICE
from hapgang.services.mobility.maas.model.outside import GuestBooking, Operator
from hapgang.services.mobility.maas.speaks import serving
from hapgang.services.mobility.maas.speaks.words import BookingRequest, LegEvent

Document = dict[str, Any]
_PENDING = timedelta(minutes=2)  # until it has to be confirmed (assumption)
_MEMO = "guest's ride"
_ENDING = ("finished", "cancelled", "expired")


def guest_of(booking: str) -> str:
    """Return who rides with a booking."""
    return urn("Person", f"guest-{booking}")


def serve_bookings(city: City, *, document: Any) -> Document:
    """Set aside the provider's money for an offer that is taken; then its guest books (TOMP)."""
    provider = provider_of(city)
    mine = _own(city, serving.read(document, BookingRequest).id, city.caller.id)
    if mine.state == "offered":
        if mine.expires_at <= city.now:
            raise Conflict("This offer has expired.", "만료된 제안입니다.")
        ride_s, way_m = ride(mine.mode, mine.origin, mine.destination)
        most_won = hold_won(mine.pricing, price_won(mine.pricing, ride_s, way_m))
        city.ledger.open_account(SERVICE, "service")
        hold = None
        if most_won:
            hold = city.ledger.hold(_transfer(mine, "hold"), provider.id, SERVICE, most_won, _MEMO)
        mine = replace(
            mine, state="asked", credit_won=most_won, hold=hold, expires_at=city.now + _PENDING
        )
        city.hub.save(mine)
    return serving.booking(mine)


def keep_guest(city: City, *, booking: str) -> Document:
    """Fill the guest's purse and keep the ride, both or neither; for the platform, as the guest."""
    mine = city.hub.get(GuestBooking, booking_id(booking))
    if mine.state != "asked":
        return serving.booking(mine)
    payment = None
    if mine.hold is not None:
        payment = city.ledger.capture(mine.hold, _transfer(mine, "credit"), mine.credit_won, _MEMO)
        purse = _transfer(mine, "purse")
        city.ledger.pay(purse, SERVICE, city.caller.id, mine.credit_won, _MEMO)
    question = BookRide(service=mine.service, item=mine.item, needed_at=mine.leave_at)
    kept = city.ask(question)
    if len(kept) != 1:
        raise Conflict(f"{mine.service} takes no bookings.", f"{mine.service} 예약 불가")
    mine = replace(mine, state="pending", payment=payment, ride=kept[0].booking)
    city.hub.save(mine)
    return serving.booking(mine)


def turn_guest_away(city: City, *, booking: str, reason: str) -> None:
    """End a booking that its operator refused; the provider's money is free again."""
    mine = city.hub.get(GuestBooking, booking_id(booking))
    if mine.state == "asked":
        if mine.hold is not None:
            city.ledger.release(mine.hold, _transfer(mine, "back"), _MEMO)
        city.hub.close(replace(mine, state="cancelled", reason=reason[:200]))


def serve_booking(city: City, *, booking: str) -> Document:
    """Tell how a provider's booking is (TOMP)."""
    return serving.booking(_own(city, booking, city.caller.id))


def commit_guest(city: City, *, booking: str, provider: str) -> Document:
    """Confirm what is pending; a repeat changes nothing. For the platform, as the guest."""
    mine = _own(city, booking, provider)
    if mine.state == "pending":
        mine = replace(mine, state="confirmed")
        city.hub.save(mine)
    elif mine.state != "confirmed":
        raise Refused(f"This booking is {mine.state}.", f"예약 상태: {mine.state}")
    return serving.booking(mine)


def cancel_guest(city: City, *, booking: str, provider: str) -> Document:
    """Give a ride back that has not begun, and its money; for the platform, as the guest."""
    mine = _own(city, booking, provider)
    if mine.state in ("started", "finished"):
        raise Refused("This ride has begun.", "이미 시작한 이용입니다.")
    if mine.state not in _ENDING:
        mine = _over(city, replace(mine, state="cancelled"))
    return serving.booking(mine)


def move_guest(city: City, *, leg: str, provider: str, document: Any) -> Document:
    """Begin or end a ride, as the guest (TOMP's events of a leg); for the platform."""
    event = serving.read(document, LegEvent)
    mine = _own(city, leg.removesuffix("-1"), provider)
    if event.event == "SET_IN_USE":
        if mine.state == "confirmed" and mine.ride is not None:
            city.ask(BeginRide(service=mine.service, booking=mine.ride))
            mine = replace(mine, state="started")
            city.hub.save(mine)
        elif mine.state != "started":
            raise Refused(f"This booking is {mine.state}.", f"예약 상태: {mine.state}")
    elif event.event == "FINISH":
        if mine.state == "started" and mine.ride is not None:
            told = event.user_location
            at = mine.destination if told is None else told.coordinates.point
            receipts = city.ask(EndRide(service=mine.service, booking=mine.ride, place=at))
            paid_won = sum(receipt.paid_won for receipt in receipts)
            mine = _over(city, replace(mine, state="finished", paid_won=paid_won))
        elif mine.state != "finished":
            raise Refused(f"This booking is {mine.state}.", f"예약 상태: {mine.state}")
    else:
        raise Invalid(f"{event.event} is not done here.", f"{event.event}은(는) 지원하지 않습니다.")
    return serving.leg(mine)


def clear_guest(city: City, *, booking: str) -> None:
    """End what ended without its provider: give back ride and money; as the guest."""
    mine = city.hub.get(GuestBooking, booking_id(booking))
    if mine.state in _ENDING:
        _over(city, mine)


def guests_to_clear(city: City) -> list[str]:
    """Return the bookings that are over and still keep something."""
    return [one.id for one in city.hub.find(GuestBooking) if one.state in _ENDING]


def expire_guests(city: City) -> None:
    """End offers that nobody took, and bookings that nobody confirmed in time."""
    for mine in city.hub.find(GuestBooking):
        if mine.expires_at > city.now:
            continue
        if mine.state == "offered":
            city.hub.delete(GuestBooking, mine.id)
        elif mine.state == "asked":
            turn_guest_away(city, booking=mine.id.rsplit(":", 1)[-1], reason="not kept in time")
        elif mine.state == "pending":
            city.hub.save(replace(mine, state="expired", reason="not confirmed in time"))


def hear_failed(city: City, event: RideFailed) -> Steps[None]:
    """Hear that a ride will not be had: of somebody's journey, or of a guest."""
    yield from replan_failed(city, event)
    for mine in city.hub.find(GuestBooking, where.ride == event.entity):
        if mine.state not in _ENDING:
            city.hub.save(replace(mine, state="cancelled", reason=event.reason.en[:200]))


def booking_id(name: str) -> str:
    """Return the entity of a booking by its name, or by its id."""
    return name if name.startswith("urn:") else urn("MobilityGuestBooking", name)


def _over(city: City, mine: GuestBooking) -> GuestBooking:
    """Give back what a booking keeps, and close it: the ride, then what is left in the purse."""
    if mine.state != "finished" and mine.ride is not None:
        city.ask(DropRide(service=mine.service, booking=mine.ride))
    if mine.payment is None and mine.hold is not None:
        city.ledger.release(mine.hold, _transfer(mine, "back"), _MEMO)
    if mine.payment is not None:
        left_won = min(mine.credit_won, city.ledger.free_won(city.caller.id))
        if left_won > 0:
            city.ledger.pay(_transfer(mine, "left"), city.caller.id, SERVICE, left_won, _MEMO)
            city.ledger.refund(mine.payment, _transfer(mine, "refund"), left_won, _MEMO)
    city.hub.close(mine)
    return mine


def provider_of(city: City) -> Operator:
    """Return the company that calls; it has to be registered, active and have credit."""
    found = city.hub.find_by_id(Operator, city.caller.id)
    if found is None or not found.active or found.credit_won == 0:
        raise Refused(
            "This company may not book here; an operator of the city registers it with credit.",
            "예약할 수 없는 회사입니다. 도시 운영자가 신용 한도와 함께 등록해야 합니다.",
        )
    return found


def _own(city: City, booking: str, provider: str) -> GuestBooking:
    """Return a provider's own booking; another's does not exist for it."""
    try:
        found = city.hub.find_by_id(GuestBooking, booking_id(booking))
    except CityError:
        found = None
    if found is None or found.provider != provider:
        raise NotFound("There is no such booking.", "그런 예약이 없습니다.")
    return found


def _transfer(mine: GuestBooking, step: str) -> str:
    return urn("Transfer", f"{mine.id.rsplit(':', 1)[-1]}-{step}")

"""What we, as a MaaS provider, ask of a transport operator, and what its answers say. Pure."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec

from hapgang.core.errors import Invalid
from hapgang.core.geometry import Point
from hapgang.core.vocabulary.mobility import Traveller
from hapgang.core.wire import encoder
from hapgang.services.mobility.maas.method.outside import price_won
from hapgang.services.mobility.maas.method.saga import Ask, Told, Word
from hapgang.services.mobility.maas.model.outside import (
    Order,
    OutsideRide,
)
from hapgang.services.mobility.maas.speaks.fares import pricing_of
from hapgang.services.mobility.maas.speaks.words import Booking, Fare, Leg, Planning, State

_STATES: dict[State, Told] = {
    "NEW": "offered", "PENDING": "pending", "CONDITIONAL_CONFIRMED": "conditional",
    "CONFIRMED": "confirmed", "STARTED": "started", "FINISHED": "finished",
    "REJECTED": "ended", "RELEASED": "ended", "EXPIRED": "ended", "CANCELLED": "ended",
}  # fmt: skip
_LEG_STATES: dict[str, Told] = {"IN_USE": "started", "FINISHED": "finished"}
# These say that the operator cannot answer now, not what it thinks of the booking.
_NOT_NOW = frozenset({401, 407, 408, 425, 429})
_MOST_REASON = 200


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One request to an operator, relative to its base URL."""

    ask: Ask
    method: str
    path: str
    body: bytes = b""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What came back; no status where nothing did."""

    status: int | None = None
    body: bytes = b""
    error: str = ""


def call_of(ask: Ask, order: Order, now: datetime, place: Point | None = None) -> Call:
    """Return the request that asks something about a booking; `place` is where a ride ended."""
    theirs, leg = (quote(name, safe="") for name in (order.theirs, order.leg or order.theirs))
    match ask:
        case "offer":
            raise TypeError("an offer is asked for by its wish")
        case "book":
            return _post(ask, "/bookings", {"id": order.theirs})
        case "look":
            return Call(ask=ask, method="GET", path=f"/bookings/{theirs}")
        case "commit" | "cancel":
            operation = {"operation": ask.upper(), "origin": "MP"}
            return _post(ask, f"/bookings/{theirs}/events", operation)
        case "begin":
            return _post(ask, f"/legs/{leg}/events", {"time": now, "event": "SET_IN_USE"})
        case "end":
            event: dict[str, Any] = {"time": now, "event": "FINISH"}
            if place is not None:
                event["userLocation"] = _place(place)
            return _post(ask, f"/legs/{leg}/events", event)


def wish_of(ride: OutsideRide, traveller: Traveller) -> Call:
    """Return the request for a bookable offer. The operator learns no name, and a rough age."""
    leg = ride.leg
    wish: dict[str, Any] = {
        "from": _place(leg.origin),
        "to": _place(leg.destination),
        "departureTime": leg.start_at,
        "arrivalTime": leg.end_at,
        "nrOfTravelers": 1,
        "useAssetTypes": [ride.kind],
    }
    if ride.asset:
        wish["useAssets"] = [ride.asset]
    licences = [{"assetClass": "CAR", "issuingCountry": "KR"}] if traveller.licence else []
    age = int(traveller.age_band.value.split("-")[0].rstrip("+"))  # the youngest of the band
    wish["travelers"] = [{"isValidated": True, "age": age, "licenseTypes": licences}]
    return _post("offer", "/planning/offers", wish)


def word_of(ask: Ask, reply: Reply, theirs: str, *, ride_s: float, way_m: float) -> Word:
    """Return what a reply says; rubbish says as little as silence.

    ride_s, way_m: how long and far the ride is, for fares that depend on it.
    """
    status = reply.status
    if status is None:
        return Word(told="silent", reason=reply.error[:_MOST_REASON] or "no answer")
    if status >= 500 or status < 200 or 300 <= status < 400 or status in _NOT_NOW:
        return Word(told="silent", reason=f"HTTP {status}")
    if status >= 400:
        return _refusal(ask, status, reply.body)
    try:
        return _yes(ask, reply.body, theirs, (ride_s, way_m))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, Invalid) as error:
        return Word(told="silent", reason=f"rubbish: {error}"[:_MOST_REASON])


def _refusal(ask: Ask, status: int, body: bytes) -> Word:
    if status in (404, 410) and ask not in ("offer", "book"):
        return Word(told="absent", reason=f"HTTP {status}")
    if ask == "look":
        return Word(told="silent", reason=f"HTTP {status}")
    return Word(told="no", reason=_reason(body) or f"HTTP {status}")


def _yes(ask: Ask, body: bytes, theirs: str, ridden: tuple[float, float]) -> Word:
    if ask == "offer":
        return _offered(msgspec.json.decode(body, type=Planning), ridden)
    if not body.strip():
        return Word(told="ok")
    if ask in ("begin", "end"):
        leg = msgspec.json.decode(body, type=Leg)
        told = _LEG_STATES.get(leg.state or "", "ok")
        return Word(told=told, price_won=_price(leg.pricing, ridden))
    booking = msgspec.json.decode(body, type=Booking)
    if booking.id != theirs:
        raise Invalid(f"it is about {booking.id[:60]!r}, not {theirs!r}", None)
    if booking.state is None:
        raise Invalid("the booking has no state", None)
    leg_id = booking.legs[0].id if booking.legs else ""
    return Word(
        told=_STATES[booking.state], leg=leg_id or theirs, price_won=_total(booking, ridden)
    )


def _offered(planning: Planning, ridden: tuple[float, float]) -> Word:
    """Take the first offer that can be booked by its id."""
    for option in planning.options:
        if option.id and option.state in (None, "NEW"):
            price = _total(option, ridden)
            if price is None:
                raise Invalid("an offer has no price", None)
            return Word(told="offered", theirs=option.id, price_won=price)
    return Word(told="no", reason="nothing is offered any more")


def _total(booking: Booking, ridden: tuple[float, float]) -> int | None:
    """Return what a booking costs: as a whole, or leg by leg; a booking has one leg of ours."""
    if booking.pricing is not None:
        return _price(booking.pricing, ridden)
    prices = [_price(leg.pricing, ridden) for leg in booking.legs]
    known = [price for price in prices if price is not None]
    return sum(known) if known else None


def _price(fare: Fare | None, ridden: tuple[float, float]) -> int | None:
    return None if fare is None else price_won(pricing_of(fare), *ridden)


def _place(at: Point) -> dict[str, Any]:
    return {"coordinates": {"lng": at.lon, "lat": at.lat}}


def _post(ask: Ask, path: str, document: dict[str, Any]) -> Call:
    return Call(ask=ask, method="POST", path=path, body=encoder.encode(document))


def _reason(body: bytes) -> str:
    """Return what an error document says, as a line."""
    try:
        error = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
    for name in ("detail", "title"):
        if isinstance(text := error.get(name), str) and text.strip():
            return " ".join(text.replace("\x00", "").split())[:_MOST_REASON]
    return ""

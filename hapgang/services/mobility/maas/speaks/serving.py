"""What we answer as a transport operator: our records in, TOMP-API 1.6 documents out. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from hapgang.core.errors import Invalid
from hapgang.core.geometry import Point
from hapgang.core.text import Text
from hapgang.core.vocabulary.mobility import FreeRide, Mode
from hapgang.services.mobility.maas.method.outside import price_won, ride
from hapgang.services.mobility.maas.model.outside import GuestBooking, GuestState
from hapgang.services.mobility.maas.speaks import VERSION
from hapgang.services.mobility.maas.speaks.fares import fare_of, paid

D = TypeVar("D", bound=msgspec.Struct)
Document = dict[str, Any]
_CLASSES: Mapping[Mode, str] = {
    Mode.BICYCLE: "BICYCLE", Mode.PM: "MOPED", Mode.CAR: "CAR", Mode.SHUTTLE: "SHUTTLE",
    Mode.BUS: "BUS", Mode.WALK: "FOOT",
}  # fmt: skip
_STATES: Mapping[GuestState, str] = {
    "offered": "NEW", "asked": "PENDING", "pending": "PENDING", "confirmed": "CONFIRMED",
    "started": "STARTED", "finished": "FINISHED", "cancelled": "CANCELLED", "expired": "EXPIRED",
}  # fmt: skip
_LEG_STATES: Mapping[GuestState, str] = {
    "started": "IN_USE", "finished": "FINISHED", "cancelled": "CANCELLED", "expired": "CANCELLED",
}  # fmt: skip
_ENDPOINTS: tuple[tuple[str, str, str], ...] = (
    ("GET", "/operator/ping", ""),
    ("GET", "/operator/meta", ""),
    ("GET", "/operator/information", ""),
    ("GET", "/operator/available-assets", ""),
    ("POST", "/planning/inquiries", ""),
    ("POST", "/planning/offers", ""),
    ("POST", "/bookings", ""),
    ("GET", "/bookings/{id}", ""),
    ("POST", "/bookings/{id}/events", "COMMIT"),
    ("POST", "/bookings/{id}/events", "CANCEL"),
    ("POST", "/legs/{id}/events", "SET_IN_USE"),
    ("POST", "/legs/{id}/events", "FINISH"),
)


def read(document: Any, form: type[D]) -> D:
    """Return what a document says; `Invalid` where it is not what the standard asks for."""
    try:
        return msgspec.convert(document, form)
    except msgspec.ValidationError as error:
        raise Invalid(
            f"The document does not fit: {error}", f"문서 형식이 맞지 않습니다: {error}"
        ) from None


def meta(base_url: str) -> list[Document]:
    """Return /operator/meta: what of the standard is here."""
    endpoints = [
        {"method": method, "path": path, "status": "IMPLEMENTED"}
        | ({"eventType": event} if event else {})
        for method, path, event in _ENDPOINTS
    ]
    identifiers: dict[str, list[str]] = {
        name: []
        for name in (
            "operatorInformation", "planning", "booking", "tripExecution", "support", "payment",
            "general",
        )
    }  # fmt: skip
    one = {
        "version": VERSION, "baseUrl": base_url, "endpoints": endpoints,
        "scenarios": ["PAY_WHEN_FINISHED"], "processIdentifiers": identifiers,
    }  # fmt: skip
    return [one]


def information(name: str, title: Text, time_zone: str) -> Document:
    """Return /operator/information: who we are."""
    return {
        "systemId": f"hapgang_{name}",
        "language": ["ko", "en"],
        "name": f"{title.ko} · {title.en}",
        "timezone": time_zone,
        "typeOfSystem": "FREE_FLOATING",
        "productType": "SHARING",
    }


def available_assets(free: Sequence[FreeRide]) -> list[Document]:
    """Return /operator/available-assets, by kind; names of vehicles change after every ride."""
    kinds: dict[tuple[str, str], list[FreeRide]] = {}
    for one in free:
        kinds.setdefault((one.service, one.kind), []).append(one)
    return [_kind(rides) for rides in kinds.values()]


def planning(options: Sequence[Document], valid_until: datetime) -> Document:
    """Return the answer to a planning request."""
    return {"validUntil": _time(valid_until), "options": list(options)}


def inquiry(free: FreeRide, start: Point, end: Point, leave_at: datetime) -> Document:
    """Return an option that cannot be booked: it has no name."""
    ride_s, way_m = ride(free.mode, free.location, end)
    arrive_at = leave_at.timestamp() + ride_s
    leg = {
        "from": _place(free.location), "to": _place(end), "departureTime": _time(leave_at),
        "arrivalTime": _time(datetime.fromtimestamp(arrive_at, UTC)), "distance": round(way_m),
        "assetType": _type(free.service, free.kind, free.mode),
    }  # fmt: skip
    won = price_won(free.pricing, ride_s, way_m)
    return {"from": _place(start), "legs": [leg], "pricing": {**paid(won), "estimated": True}}


def booking(one: GuestBooking) -> Document:
    """Return a booking, from its offer on."""
    _, way_m = ride(one.mode, one.origin, one.destination)
    name = one.id.rsplit(":", 1)[-1]
    pricing = paid(one.paid_won) if one.state == "finished" else fare_of(one.pricing)
    leg = {
        "id": leg_name(name), "from": _place(one.origin), "to": _place(one.destination),
        "departureTime": _time(one.leave_at), "arrivalTime": _time(one.arrive_at),
        "distance": round(way_m), "assetType": _type(one.service, one.kind, one.mode),
        "asset": {"id": one.item}, "state": _LEG_STATES.get(one.state, "NOT_STARTED"),
        "pricing": pricing,
    }  # fmt: skip
    told = {
        "id": name, "state": _STATES[one.state], "legs": [leg], "pricing": pricing,
        "departureTime": _time(one.leave_at), "arrivalTime": _time(one.arrive_at),
        "mainAssetType": _type(one.service, one.kind, one.mode),
    }  # fmt: skip
    return {**told, "memo": one.reason} if one.reason else told


def leg(one: GuestBooking) -> Document:
    """Return the one leg of a booking."""
    document: Document = booking(one)["legs"][0]
    return document


def leg_name(booking_name: str) -> str:
    """Return the name of the one leg of a booking."""
    return f"{booking_name}-1"


def _kind(rides: Sequence[FreeRide]) -> Document:
    one = rides[0]
    plan = {
        "planId": f"{one.service}:{one.kind}", "name": one.kind, "isTaxable": False,
        "description": f"{one.service} {one.kind}", "fare": fare_of(one.pricing),
    }  # fmt: skip
    assets = [
        {"id": ride.item, "overriddenProperties": {"location": _place(ride.location)}}
        for ride in rides
    ]
    return {
        **_type(one.service, one.kind, one.mode), "nrAvailable": len(rides), "assets": assets,
        "defaultPricingPlan": plan,
    }  # fmt: skip


def _type(service: str, kind: str, mode: Mode) -> Document:
    return {"id": f"{service}:{kind}", "assetClass": _CLASSES[mode], "assetSubClass": kind}


def _place(at: Point) -> Document:
    return {"coordinates": {"lng": at.lon, "lat": at.lat}}


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

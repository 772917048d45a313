"""What providers of journeys from elsewhere are told: who we are, what is free, what it costs."""

from datetime import timedelta
from typing import Any

from hapgang.contract import City, new_id, where
from hapgang.core.errors import Conflict, Invalid
from hapgang.core.geometry import Point, distance_m
from hapgang.core.vocabulary.mobility import FreeRide, ListFree
from hapgang.services.mobility.maas.actions.guests import provider_of
from hapgang.services.mobility.maas.method.outside import ride
from hapgang.services.mobility.maas.model.outside import GuestBooking
from hapgang.services.mobility.maas.speaks import serving
from hapgang.services.mobility.maas.speaks.words import PlanningRequest

Document = dict[str, Any]
_OFFERED = timedelta(minutes=5)  # how long an offer stands (assumption)
_MOST_OPTIONS, _MOST_OFFERS = 5, 500  # options for one request; open offers of one provider


def serve_ping(_: City) -> None:
    """Answer that we are here (TOMP)."""


def serve_meta(city: City) -> list[Document]:
    """Tell which parts of TOMP-API are here."""
    return serving.meta("/api/mobility/maas/tomp")


def serve_information(city: City) -> Document:
    """Tell who we are, as a TOMP document."""
    scene = city.twin
    return serving.information(scene.name, scene.title, scene.time_zone)


def serve_assets(city: City) -> list[Document]:
    """Tell what is free in the city now, as TOMP's available assets."""
    return serving.available_assets(_free(city))


def serve_inquiries(city: City, *, document: Any) -> Document:
    """Tell what could be had for a way, without a name to book it by (TOMP)."""
    wish = serving.read(document, PlanningRequest)
    end = _end(wish)
    leave_at = max(wish.departure_time or city.now, city.now)
    start = wish.start.coordinates.point
    options = [serving.inquiry(one, start, end, leave_at) for one in _fitting(city, wish)]
    return serving.planning(options, city.now + _OFFERED)


def serve_offers(city: City, *, document: Any) -> Document:
    """Offer rides for a way, each with a name to book it by for some minutes (TOMP)."""
    provider_of(city)
    wish = serving.read(document, PlanningRequest)
    end = _end(wish)
    open_ = city.hub.find(GuestBooking, where.provider == city.caller.id)
    if sum(one.state == "offered" for one in open_) >= _MOST_OFFERS:
        raise Conflict(
            "Too many offers are open; book some, or wait.", "열린 제안이 너무 많습니다."
        )
    leave_at = max(wish.departure_time or city.now, city.now)
    who = wish.travelers[0] if wish.travelers else None
    offers = []
    for one in _fitting(city, wish):
        ride_s, _ = ride(one.mode, one.location, end)
        offer = GuestBooking(
            id=new_id(city, GuestBooking), provider=city.caller.id, state="offered",
            expires_at=city.now + _OFFERED, service=one.service, item=one.item, kind=one.kind,
            mode=one.mode, origin=one.location, destination=end, leave_at=leave_at,
            arrive_at=leave_at + timedelta(seconds=ride_s), pricing=one.pricing,
            age=None if who is None else who.age,
            licence=bool(who is not None and who.is_validated and who.license_types),
        )  # fmt: skip
        city.hub.save(offer)
        offers.append(serving.booking(offer))
    return serving.planning(offers, city.now + _OFFERED)


def _free(city: City) -> list[FreeRide]:
    return [one for answer in city.ask(ListFree()) for one in answer]


def _fitting(city: City, wish: PlanningRequest) -> list[FreeRide]:
    """Return the free vehicles that a request means, nearest first, one of a kind if it is open."""
    start = wish.start.coordinates.point
    near = []
    for one in _free(city):
        away_m = distance_m(start, one.location)
        kinds = wish.use_asset_types
        if away_m <= wish.radius and (not kinds or f"{one.service}:{one.kind}" in kinds):
            near.append((away_m, one.item, one))
    near.sort(key=lambda row: row[:2])
    if wish.use_assets:
        return [one for _, item, one in near if item in wish.use_assets][:_MOST_OPTIONS]
    first = {(one.service, one.kind): one for _, _, one in reversed(near)}
    return sorted(first.values(), key=lambda one: distance_m(start, one.location))[:_MOST_OPTIONS]


def _end(wish: PlanningRequest) -> Point:
    if wish.end is None:
        raise Invalid("Say where to; rides are priced by the way.", "목적지를 알려 주세요.")
    return wish.end.coordinates.point

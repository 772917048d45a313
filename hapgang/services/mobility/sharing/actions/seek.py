"""What a traveller asks before riding: what is near, where to park, what could bring me there."""

from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.contract import City, where
from hapgang.core.geometry import Latitude, Longitude, Point, distance_m
from hapgang.core.vocabulary.mobility import Mode, Offer, OfferRide, Stage, Traveller
from hapgang.services.mobility.sharing.actions.checks import (
    Parking,
    ground,
    parking_near,
    room_at,
    settings,
)
from hapgang.services.mobility.sharing.method.fares import fare_won
from hapgang.services.mobility.sharing.method.fleet import (
    EMPTY_PCT,
    MODELS,
    charge_used_pct,
    held_to_kmh,
    why_not_ride,
)
from hapgang.services.mobility.sharing.method.ground import Ground
from hapgang.services.mobility.sharing.method.pace import UNLOCK_S, walk, walking_reach_m
from hapgang.services.mobility.sharing.model import (
    SERVICE,
    Kind,
    Pause,
    Settings,
    Station,
    Tariff,
    Vehicle,
)

_KINDS: tuple[Kind, ...] = ("closed", "open", "accessible")
_MOST_OFFERS = 2
_FIRST_LOOK = 6
# m. Nobody unlocks a vehicle for less: a two minutes' walk. Assumption, for speed.
_TOO_NEAR_M = 120.0
_TO_STATION_M = 150.0  # where the destination takes no vehicle, a station so near will do
WithinM = Annotated[float, Meta(gt=0, le=2000)]


class Nearby(msgspec.Struct, frozen=True):
    """A free vehicle as people see it: by an id that changes after every ride."""

    vehicle: str
    kind: Kind
    location: Point
    distance_m: float
    battery_pct: float
    range_m: float
    station: str | None


def find_vehicles(
    city: City,
    *,
    lon: Longitude,
    lat: Latitude,
    within_m: WithinM = 400.0,
    kind: Kind | None = None,
    limit: Annotated[int, Meta(ge=1, le=100)] = 20,
) -> list[Nearby]:
    """Return the free vehicles near a place, nearest first."""
    here = Point((lon, lat))
    query = where.state == "free"
    wanted = query if kind is None else query & (where.kind == kind)
    found = city.hub.find(Vehicle, wanted, near=here, within_m=within_m, limit=limit)
    return [_nearby(here, vehicle) for vehicle in found]


def find_parking(
    city: City,
    *,
    lon: Longitude,
    lat: Latitude,
    within_m: WithinM = 300.0,
    limit: Annotated[int, Meta(ge=1, le=20)] = 5,
) -> list[Parking]:
    """Return where a vehicle may be left near a place, nearest first."""
    return parking_near(city, Point((lon, lat)), within_m, limit)


def get_tariff(city: City) -> Tariff:
    """Return what a ride costs."""
    return settings(city).tariff


def offer_ride(city: City, question: OfferRide) -> tuple[Offer, ...] | None:
    """Answer what could bring a traveller there now: the nearest vehicle of each fitting kind."""
    area = ground(city)
    origin, destination = question.origin, question.destination
    straight_m = distance_m(origin, destination)
    if straight_m < _TOO_NEAR_M or not area.pace.rideable:
        return None
    if not (area.serves(origin) and area.serves(destination)):
        return None
    end = _where_to_stop(city, area, destination)
    if end is None:
        return None
    terms = settings(city)
    nearest = _nearest_of_each(city, question, terms, straight_m)
    return tuple(_offer(area, terms, vehicle, question, end) for vehicle in nearest) or None


def _nearby(here: Point, vehicle: Vehicle) -> Nearby:
    assert vehicle.location is not None
    return Nearby(
        vehicle=vehicle.public_id,
        kind=vehicle.kind,
        location=vehicle.location,
        distance_m=distance_m(here, vehicle.location),
        battery_pct=vehicle.battery_pct,
        range_m=MODELS[vehicle.kind].range_m * vehicle.battery_pct / 100.0,
        station=vehicle.station,
    )


def _kinds_for(city: City, who: Traveller) -> list[Kind]:
    paused = {pause.kind for pause in city.hub.find(Pause)}
    return [
        kind
        for kind in _KINDS
        if kind not in paused
        and why_not_ride(kind, who.age_band, who.walking, licence=who.licence) is None
    ]


def _nearest_of_each(
    city: City, question: OfferRide, terms: Settings, straight_m: float
) -> list[Vehicle]:
    """Return the nearest vehicle of each kind that fits, at most two.

    A look at the nearest few finds them nearly always; only for a kind that is not among these is
    the whole reach searched.
    """
    kinds = _kinds_for(city, question.traveller)
    need_pct = max(EMPTY_PCT, *(2.0 * charge_used_pct(kind, straight_m) for kind in _KINDS))
    usable = (where.state == "free") & (where.battery_pct >= need_pct)
    reach_m = walking_reach_m(terms.walk_reach_min, question.traveller.walking)
    around = city.hub.find(
        Vehicle, usable, near=question.origin, within_m=reach_m, limit=_FIRST_LOOK
    )
    found: list[Vehicle] = []
    for kind in kinds:
        here = [v for v in around if v.kind == kind]
        if not here and len(around) == _FIRST_LOOK:
            here = city.hub.find(
                Vehicle,
                usable & (where.kind == kind),
                near=question.origin,
                within_m=reach_m,
                limit=1,
            )
        found += here[:1]
    return found[:_MOST_OFFERS]


def _where_to_stop(city: City, area: Ground, destination: Point) -> Point | None:
    """Return where the ride would end: at the destination or as near as vehicles may stand."""
    if area.why_not_park(destination) is None:
        return destination
    for station in city.hub.find(Station, near=destination, within_m=_TO_STATION_M):
        if room_at(city, station) > 0:
            return station.location
    return next(area.spots_around(destination), None)


def _offer(
    area: Ground, terms: Settings, vehicle: Vehicle, question: OfferRide, end: Point
) -> Offer:
    start, who = vehicle.location, question.traveller
    assert start is not None
    held_to = held_to_kmh(vehicle.kind, licence=who.licence)
    ride_s, ride_m = area.pace.ride(distance_m(start, end), held_to)
    stages = [
        Stage(
            Mode.WALK,
            question.origin,
            start,
            *walk(distance_m(question.origin, start), who.walking),
        ),
        Stage(
            Mode.PM, start, end, ride_s, ride_m,
            wait_s=UNLOCK_S, sheltered=MODELS[vehicle.kind].sheltered,
        ),
    ]  # fmt: skip
    if end is not question.destination:
        last = walk(distance_m(end, question.destination), who.walking)
        stages.append(Stage(Mode.WALK, end, question.destination, *last))
    return Offer(
        service=SERVICE,
        mode=Mode.PM,
        item=vehicle.id,
        stages=tuple(stages),
        fare_won=fare_won(terms.tariff, ride_s, ride_m),
    )

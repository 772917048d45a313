"""What several actions look up or refuse, with words that say what to do instead."""

import hashlib

import msgspec

from hapgang.contract import City, where
from hapgang.core.errors import Conflict, NotFound, Refused
from hapgang.core.geometry import Point, distance_m
from hapgang.core.text import Text
from hapgang.core.vocabulary.people import Person
from hapgang.services.mobility.sharing.method.fleet import why_not_ride
from hapgang.services.mobility.sharing.method.ground import (
    SPOT_M,
    STATION_REACH_M,
    Ground,
    ground_of,
)
from hapgang.services.mobility.sharing.model import (
    Kind,
    Pause,
    Rental,
    Settings,
    Station,
    Vehicle,
)


class VehicleTaken(Conflict):
    """Somebody else has it, or it is not in service."""


class BatteryEmpty(Conflict):
    """It has too little charge for a ride."""


class MayNotRide(Refused):
    """This person may not ride this kind of vehicle."""


class Paused(Conflict):
    """This kind of vehicle is not rented out for now."""


class OneAtATime(Conflict):
    """A person has one vehicle at a time."""


class NotHere(Conflict):
    """A vehicle may not be left here; the detail names the nearest place where it may."""


class RideOver(Conflict):
    """This rental has ended, and was paid once."""


class Parking(msgspec.Struct, frozen=True):
    """A place where a vehicle may be left now."""

    location: Point
    distance_m: float
    station: str | None = None
    title: Text | None = None


def ground(city: City) -> Ground:
    """Return the ground of the city's scene."""
    return ground_of(city.twin)


def settings(city: City) -> Settings:
    """Return what the scenario sets."""
    return city.settings(Settings)


def vehicle_named(city: City, name: str) -> Vehicle:
    """Return a vehicle by its id, by the number printed on it, or by its present id on maps."""
    if name.startswith("urn:"):
        return city.hub.get(Vehicle, name)
    found = city.hub.find(Vehicle, where.public_id == name, limit=1) or city.hub.find(
        Vehicle, where.plate == name, limit=1
    )
    if not found:
        raise NotFound(
            f"There is no vehicle {name[:40]} now; look at the map again.",
            f"{name[:40]} 차량이 없습니다. 지도를 새로 고쳐 주세요.",
        )
    return found[0]


def open_rental(city: City, person: str) -> Rental | None:
    """Return what somebody has reserved or rides, or None."""
    found = city.hub.find(Rental, where.renter == person, limit=1)
    return found[0] if found else None


def rental_on(city: City, vehicle: Vehicle) -> Rental | None:
    """Return the open rental of a vehicle; none also where its renter has been forgotten."""
    found = city.hub.find(Rental, where.vehicle == vehicle.id, limit=1)
    return found[0] if found else None


def check_free(vehicle: Vehicle) -> None:
    """Raise where nobody may take the vehicle now."""
    if vehicle.state in ("empty", "charging"):
        raise BatteryEmpty(
            f"This vehicle has too little charge ({vehicle.battery_pct:.0f} %); take another.",
            f"배터리가 부족한 차량입니다({vehicle.battery_pct:.0f} %). 다른 차량을 이용하세요.",
        )
    if vehicle.state != "free":
        raise VehicleTaken(
            "This vehicle is taken or not in service; nothing was charged. Take another.",
            "이용 중이거나 운행하지 않는 차량입니다. 결제되지 않았습니다. 다른 차량을 이용하세요.",
        )


def check_rider(city: City, kind: Kind) -> bool:
    """Raise where the caller may not ride this kind now; return whether they have a licence."""
    for pause in city.hub.find(Pause):
        if pause.kind == kind:
            raise Paused(pause.reason.en, pause.reason.ko)
    person = city.hub.find_by_id(Person, city.caller.id)
    if person is None:
        raise MayNotRide(
            "Register as a resident or a visitor first.", "주민 또는 방문자로 먼저 등록하세요."
        )
    why_not = why_not_ride(kind, person.age_band, person.walking, licence=person.licence)
    if why_not is not None:
        raise MayNotRide(why_not.en, why_not.ko)
    return person.licence


def parking_at(city: City, at: Point) -> Parking | Text:
    """Return the parking place at a point, or why a vehicle may not be left there."""
    for station in city.hub.find(Station, near=at, within_m=STATION_REACH_M):
        if room_at(city, station) > 0:
            return Parking(station.location, 0.0, station.id, station.title)
    why_not = ground(city).why_not_park(at)
    if why_not is not None:
        return why_not
    most = settings(city).most_at_a_spot
    if len(city.hub.find(Vehicle, near=at, within_m=SPOT_M, limit=most)) >= most:
        return Text(
            "Too many vehicles stand here already and would block the way.",
            "이미 차량이 많아 통행을 막습니다.",
        )
    return Parking(at, 0.0)


def room_at(city: City, station: Station) -> int:
    """Return how many more vehicles a station takes."""
    return station.capacity - len(city.hub.find(Vehicle, where.station == station.id))


def parking_near(city: City, at: Point, within_m: float, limit: int) -> list[Parking]:
    """Return where a vehicle may be left, nearest first: here, stations, the nearest street."""
    here = parking_at(city, at)
    found = [here] if isinstance(here, Parking) else []
    known = {parking.station for parking in found}
    for station in city.hub.find(Station, near=at, within_m=within_m):
        if len(found) >= limit:
            break
        if station.id not in known and room_at(city, station) > 0:
            away_m = distance_m(at, station.location)
            found.append(Parking(station.location, away_m, station.id, station.title))
    if not isinstance(here, Parking):
        spot = _street_near(city, at)
        if spot is not None and spot.distance_m <= within_m:
            found.append(spot)
    return sorted(found, key=lambda parking: parking.distance_m)[:limit]


def _street_near(city: City, at: Point) -> Parking | None:
    for spot in ground(city).spots_around(at):
        found = parking_at(city, spot)
        if isinstance(found, Parking) and found.station is None:
            return Parking(spot, distance_m(at, spot))
    return None


def new_public_id(city: City) -> str:
    """Return a fresh id for maps, from which neither the next one nor the last one follows."""
    drawn = city.rng.bits64().to_bytes(8, "little")
    return hashlib.blake2b(drawn, digest_size=9, person=b"pm-public").hexdigest()

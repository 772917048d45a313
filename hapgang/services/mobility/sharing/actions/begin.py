"""Putting the service into a city that has none of it."""

from hapgang.contract import City
from hapgang.core.geometry import Point
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.services.mobility.sharing.actions.checks import ground, new_public_id, settings
from hapgang.services.mobility.sharing.method.fleet import EMPTY_PCT, FULL_PCT, fleet_size
from hapgang.services.mobility.sharing.method.placing import place_fleet
from hapgang.services.mobility.sharing.model import SERVICE, Area, Kind, Station, Vehicle

_LETTER: dict[Kind, str] = {"closed": "C", "open": "M", "accessible": "A"}


def setup(city: City, *, scale: float = 1.0) -> None:
    """Open the account, the stations and the areas, and put the fleet out; once.

    scale in (0, 1]: the share of the city's residents that a rehearsal holds. Batteries are charged
    as in a fleet that has been at work for long: where each is used evenly and changed for a full
    one at the threshold, every charge between the two is as likely (assumption).
    """
    if city.hub.count(Vehicle) > 0:
        return
    city.ledger.open_account(SERVICE, "service")
    area = ground(city)
    for name in area.area_ids:
        city.hub.save(Area(id=urn("PersonalMobilityArea", name)))
    stations = _open_stations(city)
    terms = settings(city)
    wanted: dict[Kind, int | None] = {
        "closed": terms.closed_vehicles,
        "open": terms.open_vehicles,
        "accessible": terms.accessible_vehicles,
    }
    counts = {k: fleet_size(k, area.residents, n, scale) for k, n in wanted.items()}
    for number, placed in enumerate(place_fleet(counts, area, stations), 1):
        plate = f"{_LETTER[placed.kind]}{number:04d}"
        vehicle = Vehicle(
            id=urn("PersonalMobilityVehicle", plate),
            kind=placed.kind,
            plate=plate,
            public_id=new_public_id(city),
            state="free",
            location=placed.at,
            battery_pct=city.rng.uniform(EMPTY_PCT, FULL_PCT),
            station=placed.station,
        )
        city.hub.save(vehicle)


def _open_stations(city: City) -> list[Station]:
    scene = city.twin
    stations = []
    for row, kind in enumerate(scene.places.kind):
        if kind == "pm_station":
            places = scene.places
            station = Station(
                id=urn("PersonalMobilityStation", str(places.place[row])),
                title=Text(str(places.title_en[row]), str(places.title_ko[row])),
                location=Point((float(places.lon[row]), float(places.lat[row]))),
                capacity=int(places.capacity[row]),
            )
            city.hub.save(station)
            stations.append(station)
    return stations

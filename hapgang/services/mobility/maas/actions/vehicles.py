"""Where public transport is now: as it was seen, else as the timetable says with what is late."""

from datetime import datetime
from functools import partial

import msgspec

from hapgang.contract import Aside, City, Steps
from hapgang.core.geometry import Point, distance_m
from hapgang.core.vocabulary.transit import TransitVehicle
from hapgang.services.mobility.maas.actions.late import late_now
from hapgang.services.mobility.maas.method.ground import Ground, Late, ground_of
from hapgang.services.mobility.maas.method.under_way import under_way


class VehicleNow(msgspec.Struct, frozen=True, kw_only=True):
    """A vehicle of public transport, and how it is known where that is."""

    location: Point
    line: str  # as it stands on the vehicle
    towards: str
    trip: str
    seen_at: datetime | None  # None: nobody saw it, the timetable says so


def list_under_way(city: City) -> Steps[list[VehicleNow]]:
    """Return where public transport is now: as seen, else by the timetable and what is late."""
    ground, seen = ground_of(city.twin), city.hub.find(TransitVehicle)
    found: list[VehicleNow] = yield Aside(partial(_all, ground, late_now(city), city.now, seen))
    return found


def _all(ground: Ground, late: Late, now: datetime, seen: list[TransitVehicle]) -> list[VehicleNow]:
    unseen = _unseen(_planned(ground, late, now), seen)
    return [*(_seen(ground, one) for one in seen), *unseen]


def _planned(ground: Ground, late: Late, now: datetime) -> list[VehicleNow]:
    """Return the runs of the timetable between their stops, along straight lines."""
    day = now.astimezone(ground.time_zone).date()
    transit = ground.live(day, late)
    if transit is None:
        return []
    now_s = (now - ground.midnight(day)).total_seconds()
    found = under_way(transit.service.connections, len(transit.day.trip), now_s)
    table = transit.day.timetable
    stops, trips = table.stops, table.trips
    done = found.share
    lon = stops.lon[found.from_stop] * (1 - done) + stops.lon[found.to_stop] * done
    lat = stops.lat[found.from_stop] * (1 - done) + stops.lat[found.to_stop] * done
    rows = transit.day.trip[found.run]
    return [
        VehicleNow(
            location=Point((round(east, 6), round(north, 6))), line=_line(ground, trips.route[row]),
            towards=str(trips.headsign[row]), trip=str(trips.trip[row]), seen_at=None,
        )
        for east, north, row in zip(lon.tolist(), lat.tolist(), rows.tolist(), strict=True)
    ]  # fmt: skip


def _line(ground: Ground, route: int) -> str:
    timetable = ground.scene.timetable
    assert timetable is not None
    routes = timetable.routes
    return str(routes.short_name[route]) or str(routes.route[route])


def _seen(ground: Ground, vehicle: TransitVehicle) -> VehicleNow:
    timetable = ground.scene.timetable
    trip = None if timetable is None else timetable.trips.row_of.get(vehicle.trip)
    route = None if timetable is None else timetable.routes.row_of.get(vehicle.route)
    if timetable is not None and trip is not None:
        route = int(timetable.trips.route[trip])
    return VehicleNow(
        location=vehicle.location,
        line=vehicle.route if route is None else _line(ground, route),
        towards="" if timetable is None or trip is None else str(timetable.trips.headsign[trip]),
        trip=vehicle.trip,
        seen_at=vehicle.seen_at,
    )


def _unseen(planned: list[VehicleNow], seen: list[TransitVehicle]) -> list[VehicleNow]:
    """Return the runs that nobody saw: of a trip that is repeated, the one near it was seen."""
    of_trip: dict[str, list[int]] = {}
    for index, one in enumerate(planned):
        of_trip.setdefault(one.trip, []).append(index)
    gone: set[int] = set()
    for vehicle in seen:
        own = [index for index in of_trip.get(vehicle.trip, ()) if index not in gone]
        if own:
            at = vehicle.location
            gone.add(min(own, key=lambda index: (distance_m(planned[index].location, at), index)))
    return [one for index, one in enumerate(planned) if index not in gone]

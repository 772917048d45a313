"""Legs as people read them: what was found, told with places, times and fares."""

import datetime as dt
from dataclasses import dataclass
from datetime import datetime, timedelta

from hapgang.core.geometry import Point, distance_m
from hapgang.core.text import Text
from hapgang.core.vocabulary.mobility import Mode, Offer
from hapgang.core.vocabulary.people import Walking
from hapgang.services.mobility.maas.method.ground import Ground
from hapgang.services.mobility.maas.model import Leg, Run, Way
from hapgang.twin import transit as by_timetable
from hapgang.twin.felt import CAR_WON_KM
from hapgang.twin.options import Router

Chain = tuple[Leg, ...]

# Assumptions: until one sits in the car and has found a place for it again; unlocks the bicycle.
CAR_START_S, BICYCLE_START_S = 120.0, 60.0
START_S = {Mode.CAR: CAR_START_S, Mode.BICYCLE: BICYCLE_START_S}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Who wants to go where, when, and how."""

    origin: Point
    destination: Point
    leave_at: datetime
    ways: frozenset[Way]
    walking: Walking = "well"
    transit_fare_won: int = 0
    asks: bool = True  # whether operators can be asked: nobody knows today of tomorrow's vehicles


class Teller:
    """Tells one traveller's ways."""

    def __init__(self, ground: Ground, wish: Wish) -> None:
        """Tell the ways that this wish found."""
        self._ground, self._wish = ground, wish
        self._day: dt.date = wish.leave_at.astimezone(ground.time_zone).date()
        self._midnight = ground.midnight(self._day)

    def stop_point(self, stop: str) -> Point:
        """Return where a stop is."""
        timetable = self._ground.scene.timetable
        assert timetable is not None
        row = timetable.stops.row_of[stop]
        return Point((float(timetable.stops.lon[row]), float(timetable.stops.lat[row])))

    def told(self, router: Router, journey: by_timetable.Journey, first: Mode = Mode.WALK) -> Chain:
        """Return a journey's legs as people read them; the fare is on the first ride."""
        legs, fare_won = [], self._wish.transit_fare_won
        place = self._wish.origin
        for number, leg in enumerate(journey.legs):
            on_foot = first if number == 0 else Mode.WALK
            told = self._leg(router, leg, place, on_foot, fare_won)
            place = told.destination
            fare_won = 0 if leg.kind == "ride" else fare_won
            legs.append(told)
        return tuple(leg for leg in legs if leg.ride is not None or leg.end_at > leg.start_at)

    def _leg(
        self, router: Router, leg: by_timetable.Leg, place: Point, on_foot: Mode, fare_won: int
    ) -> Leg:
        stops = router.transit.day.timetable.stops
        end = self.stop_point(leg.to_stop) if leg.to_stop else self._wish.destination
        names = [
            str(stops.name[stops.row_of[s]]) if s else "" for s in (leg.from_stop, leg.to_stop)
        ]
        titles = [Text(name, name) for name in names]
        straight_m = distance_m(place, end)
        start_at = self._midnight + timedelta(seconds=leg.start_s)
        run = None
        if leg.kind == "ride" and leg.run is not None:
            run = Run(
                day=self._day.isoformat(), run=leg.run, trip=str(leg.trip),
                route=str(leg.route), from_stop=str(leg.from_stop), to_stop=str(leg.to_stop),
            )  # fmt: skip
        return Leg(
            mode=Mode.BUS if run is not None else on_foot,
            start_at=start_at,
            end_at=self._midnight + timedelta(seconds=leg.end_s),
            origin=place, destination=end, from_title=titles[0], to_title=titles[1],
            distance_m=straight_m * by_timetable.CIRCUITY, fare_won=fare_won if run else 0,
            ride=run,
        )  # fmt: skip

    def parked(
        self, router: Router, journey: by_timetable.Journey, row: int, drive: tuple[float, float]
    ) -> Chain:
        """Split the first leg of a journey into the drive (s, m) and the walk from the car park."""
        walk, *rest = self.told(router, journey)
        drive_s, drive_m = drive
        place = self._ground.car_parks[row]
        places = self._ground.scene.places
        at = self._ground.point(places.xy[place])
        title = Text(str(places.title_en[place]), str(places.title_ko[place]))
        parked_at = walk.start_at + timedelta(seconds=drive_s + CAR_START_S)
        driven = Leg(
            mode=Mode.CAR, start_at=walk.start_at, end_at=parked_at, origin=walk.origin,
            destination=at, to_title=title, distance_m=drive_m,
            fare_won=round(CAR_WON_KM * drive_m / 1000.0),
        )  # fmt: skip
        left = Leg(
            mode=Mode.WALK, start_at=parked_at, end_at=walk.end_at, origin=at,
            destination=walk.destination, from_title=title, to_title=walk.to_title,
        )  # fmt: skip
        return (driven, left, *rest)


def offered(offer: Offer, leave_at: datetime) -> Chain:
    """Return an operator's offer as legs; the vehicle's leg carries what books it, and its wait."""
    legs, at = [], leave_at
    for stage in offer.stages:
        is_theirs = stage.mode is not Mode.WALK
        start_at = at + timedelta(seconds=stage.wait_s)
        at = start_at + timedelta(seconds=stage.duration_s)
        legs.append(
            Leg(
                mode=stage.mode, start_at=start_at, end_at=at, origin=stage.origin,
                destination=stage.destination, distance_m=stage.distance_m,
                fare_won=offer.fare_won if is_theirs else 0,
                service=offer.service if is_theirs else "", item=offer.item if is_theirs else "",
            )
        )  # fmt: skip
    return tuple(legs)

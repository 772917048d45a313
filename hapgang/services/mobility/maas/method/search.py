"""Finding ways: straight there by each mode, and by timetable with any way to and from the stops.

Ways to stops that an operator would give are first estimated on the network, to find the stops
that are worth it; for these operators are asked, and the timetable is searched again with what they
really offer. At most one leg of a journey is an operator's: nobody waits at two ends for vehicles.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from hapgang.core.geometry import Point, distance_m
from hapgang.core.text import Text
from hapgang.core.vocabulary.mobility import Mode, Offer
from hapgang.core.vocabulary.people import Walking
from hapgang.science.connection_scan import Walks
from hapgang.services.mobility.maas.method.feeders import OPERATOR_START_S, feeder
from hapgang.services.mobility.maas.method.ground import Ground, pace
from hapgang.services.mobility.maas.model import Leg, Run, Way
from hapgang.twin import transit as by_timetable
from hapgang.twin.modes import Modes
from hapgang.twin.options import Router, one_way
from hapgang.twin.speeds import WALK_M_S

Offers = Callable[[Point, Point], list[Offer]]
Chain = tuple[Leg, ...]

# Assumptions: nobody walks or cycles longer to where they go.
_MOST_WALK_S = 3600.0
_MOST_BICYCLE_S = 3600.0
_FASTEST_WALK_M_S = 1.19 * WALK_M_S  # downhill, see `walking_speed_kmh`
# Assumptions: until one sits in the car and has found a place for it again; unlocks the bicycle.
_CAR_START_S, _BICYCLE_START_S = 120.0, 60.0
_START_S = {Mode.CAR: _CAR_START_S, Mode.BICYCLE: _BICYCLE_START_S}
_PARK_TO_STOP_S = 400.0  # who parks and rides walks no longer than that to the stop
_STOPS_ASKED = 3
# Assumption: won for each kilometre by one's own car, fuel only; as in the rehearsal's choice.
CAR_WON_KM = 150.0


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Who wants to go where, when, and how."""

    origin: Point
    destination: Point
    leave_at: datetime
    ways: frozenset[Way]
    walking: Walking = "well"
    transit_fare_won: int = 0


class Search:
    """One traveller's search for ways."""

    def __init__(self, ground: Ground, router: Router | None, offers: Offers, wish: Wish) -> None:
        """Prepare; nothing is searched before it is asked for."""
        self._ground, self._router, self._offers, self._wish = ground, router, offers, wish
        self._from, self._to = ground.xy(wish.origin), ground.xy(wish.destination)
        self._local = wish.leave_at.astimezone(ground.time_zone)
        self._midnight = ground.midnight(self._local.date())
        self._leave_s = int((self._local - self._midnight).total_seconds())

    def chains(self) -> Iterator[Chain]:
        """Yield all ways that were found, good and bad."""
        yield from self._direct()
        if self._router is not None and "bus" in self._wish.ways:
            yield from self._rides(self._router)

    def _direct(self) -> Iterator[Chain]:
        wish = self._wish
        walk_s = _MOST_WALK_S * pace(wish.walking)
        limits = {"walk": walk_s, "bicycle": _MOST_BICYCLE_S, "car": np.inf}
        for way, limit_s in limits.items():
            if way in wish.ways or way == "walk":
                leg = self._straight(Mode(way), limit_s)
                if leg is not None:
                    yield (leg,)
        if "pm" in wish.ways:
            for offer in self._offers(wish.origin, wish.destination):
                yield offered(offer, wish.leave_at)

    def _straight(self, mode: Mode, limit_s: float) -> Leg | None:
        """Return a leg by one mode from door to door, leaving now; None where it takes too long."""
        network, kind = self._ground.network, Modes.of((mode.value,))
        straight_m = float(np.hypot(*(self._to - self._from)))
        if mode is Mode.WALK and straight_m > limit_s * _FASTEST_WALK_M_S:
            return None
        if not (network.link_modes & int(kind)).any():
            return None
        start, end = network.nearest_node(np.stack([self._from, self._to]), kind)
        start_s = _START_S.get(mode, 0.0)
        time_s, way_m = network.way(kind, start, end, limit_s - start_s)
        if not np.isfinite(time_s):
            return None
        if mode is Mode.WALK:
            time_s /= pace(self._wish.walking)
        time_s += start_s
        fare_won = round(CAR_WON_KM * way_m / 1000.0) if mode is Mode.CAR else 0
        leave_at = self._wish.leave_at
        return Leg(
            mode=mode, start_at=leave_at, end_at=leave_at + timedelta(seconds=time_s),
            origin=self._wish.origin, destination=self._wish.destination, distance_m=way_m,
            fare_won=fare_won,
        )  # fmt: skip

    def _rides(self, router: Router) -> Iterator[Chain]:
        wish, transit = self._wish, router.transit
        slower = 1.0 / pace(wish.walking)
        access = slowed(transit.doors(self._from, backwards=False), slower)
        egress = slowed(transit.doors(self._to, backwards=True), slower)
        for journey in router.options(access, egress, self._leave_s):
            yield self._told(journey)
        if "bicycle" in wish.ways:
            ways = self._feeder(Modes.BICYCLE, _BICYCLE_START_S)
            for journey in router.options(ways, egress, self._leave_s):
                yield self._told(journey, first=Mode.BICYCLE)
        if "car" in wish.ways and self._ground.car_parks.size:
            yield from self._park_and_ride(router, egress)
        if "pm" in wish.ways:
            yield from self._with_offers(router, access, egress)

    def _feeder(self, kind: Modes, start_s: float, *, backwards: bool = False) -> Walks:
        place = self._to if backwards else self._from
        return feeder(
            self._ground.network, self._ground_transit, place, kind, start_s, backwards=backwards
        )

    @property
    def _ground_transit(self) -> by_timetable.Transit:
        assert self._router is not None
        return self._router.transit

    def _park_and_ride(self, router: Router, egress: Walks) -> Iterator[Chain]:
        """Drive to a car park from which a stop is near, and ride on."""
        ground, transit = self._ground, router.transit
        parks = ground.scene.places.xy[ground.car_parks]
        nodes = ground.network.nearest_node(np.vstack([self._from, parks]), Modes.CAR)
        drive_s, drive_m = ground.network.skim(Modes.CAR, nodes[:1], nodes[1:])
        best: dict[int, tuple[float, int]] = {}
        for row in np.flatnonzero(np.isfinite(drive_s[0])):
            walks = slowed(transit.doors(parks[row], backwards=False), 1 / pace(self._wish.walking))
            for stop, walk_s in zip(walks.stop.tolist(), walks.walk_s.tolist(), strict=True):
                total_s = float(drive_s[0, row]) + _CAR_START_S + walk_s
                if walk_s <= _PARK_TO_STOP_S and total_s < best.get(stop, (np.inf, 0))[0]:
                    best[stop] = (total_s, int(row))
        stops = np.array(sorted(best), dtype=np.int64)
        ways = one_way(stops, np.array([best[int(stop)][0] for stop in stops]))
        for journey in router.options(ways, egress, self._leave_s):
            park = best[_row(transit, journey.legs[0].to_stop)][1]
            yield self._parked(journey, park, float(drive_s[0, park]), float(drive_m[0, park]))

    def _parked(
        self, journey: by_timetable.Journey, row: int, drive_s: float, drive_m: float
    ) -> Chain:
        """Split the first leg of a journey into the drive and the walk from the car park."""
        walk, *rest = self._told(journey)
        place = self._ground.car_parks[row]
        places = self._ground.scene.places
        at = self._ground.point(places.xy[place])
        title = Text(str(places.title_en[place]), str(places.title_ko[place]))
        parked_at = walk.start_at + timedelta(seconds=drive_s + _CAR_START_S)
        drive = Leg(
            mode=Mode.CAR, start_at=walk.start_at, end_at=parked_at, origin=walk.origin,
            destination=at, to_title=title, distance_m=drive_m,
            fare_won=round(CAR_WON_KM * drive_m / 1000.0),
        )  # fmt: skip
        left = Leg(
            mode=Mode.WALK, start_at=parked_at, end_at=walk.end_at, origin=at,
            destination=walk.destination, from_title=title, to_title=walk.to_title,
        )  # fmt: skip
        return (drive, left, *rest)

    def _with_offers(self, router: Router, access: Walks, egress: Walks) -> Iterator[Chain]:
        """Let operators bring the traveller to the first stop, or fetch them at the last."""
        if not (self._ground.network.link_modes & int(Modes.PM)).any():
            return
        wish, transit = self._wish, router.transit
        near = self._feeder(Modes.PM, OPERATOR_START_S)
        found = router.options(near, egress, self._leave_s)
        for stop in _distinct([j.legs[0].to_stop for j in found]):
            at = self._stop_point(transit, stop)
            for offer in self._offers(wish.origin, at)[:1]:
                way = one_way(np.array([_row(transit, stop)]), np.array([offer.duration_s]))
                for journey in router.options(way, egress, self._leave_s):
                    yield (*offered(offer, wish.leave_at), *self._told(journey)[1:])
        near = self._feeder(Modes.PM, OPERATOR_START_S, backwards=True)
        found = router.options(access, near, self._leave_s)
        for stop in _distinct([j.legs[-1].from_stop for j in found]):
            at = self._stop_point(transit, stop)
            for offer in self._offers(at, wish.destination)[:1]:
                way = one_way(np.array([_row(transit, stop)]), np.array([offer.duration_s]))
                for journey in router.options(access, way, self._leave_s):
                    legs = self._told(journey)[:-1]
                    yield (*legs, *offered(offer, legs[-1].end_at))

    def _stop_point(self, transit: by_timetable.Transit, stop: str) -> Point:
        stops = transit.day.timetable.stops
        row = stops.row_of[stop]
        return Point((float(stops.lon[row]), float(stops.lat[row])))

    def _told(self, journey: by_timetable.Journey, first: Mode = Mode.WALK) -> Chain:
        """Return a journey's legs as people read them; the fare is on the first ride."""
        legs, fare_won = [], self._wish.transit_fare_won
        place = self._wish.origin
        for number, leg in enumerate(journey.legs):
            told = self._leg(leg, place, first if number == 0 else Mode.WALK, fare_won)
            place = told.destination
            fare_won = 0 if leg.kind == "ride" else fare_won
            legs.append(told)
        return tuple(leg for leg in legs if leg.ride is not None or leg.end_at > leg.start_at)

    def _leg(self, leg: by_timetable.Leg, place: Point, on_foot: Mode, fare_won: int) -> Leg:
        transit = self._ground_transit
        stops = transit.day.timetable.stops
        end = self._stop_point(transit, leg.to_stop) if leg.to_stop else self._wish.destination
        names = [
            str(stops.name[stops.row_of[s]]) if s else "" for s in (leg.from_stop, leg.to_stop)
        ]
        titles = [Text(name, name) for name in names]
        straight_m = distance_m(place, end)
        start_at = self._midnight + timedelta(seconds=leg.start_s)
        run = None
        if leg.kind == "ride" and leg.run is not None:
            run = Run(
                day=self._local.date().isoformat(), run=leg.run, trip=str(leg.trip),
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


def slowed(walks: Walks, factor: float) -> Walks:
    """Return walks that take longer by a factor."""
    if factor == 1.0:
        return walks
    seconds: NDArray[np.int32] = np.ceil(walks.walk_s * factor).astype(np.int32)
    return walks._replace(walk_s=seconds)


def _row(transit: by_timetable.Transit, stop: str | None) -> int:
    assert stop is not None
    return int(transit.day.timetable.stops.row_of[stop])


def _distinct(stops: list[str | None]) -> list[str]:
    return [stop for stop in dict.fromkeys(stops) if stop is not None][:_STOPS_ASKED]

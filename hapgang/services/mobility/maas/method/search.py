"""Finding ways: straight there by each mode, and by timetable with any way to and from the stops.

Ways to stops that an operator would give are first estimated on the network, to find the stops
that are worth it; for these operators are asked, and the timetable is searched again with what they
really offer. At most one leg of a journey is an operator's: nobody waits at two ends for vehicles.

Nothing here looks at what changes: between the two searches somebody else asks the operators.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hapgang.core.geometry import Point
from hapgang.core.vocabulary.mobility import Mode, Offer
from hapgang.science.connection_scan import Walks
from hapgang.services.mobility.maas.method.feeders import OPERATOR_START_S, feeder
from hapgang.services.mobility.maas.method.ground import Ground, Late, pace
from hapgang.services.mobility.maas.method.legs import (
    BICYCLE_START_S,
    CAR_START_S,
    START_S,
    Chain,
    Teller,
    Wish,
    offered,
)
from hapgang.services.mobility.maas.model import Leg
from hapgang.twin.felt import CAR_WON_KM
from hapgang.twin.modes import Modes
from hapgang.twin.options import Router, one_way
from hapgang.twin.speeds import WALK_M_S

# Assumptions: nobody walks or cycles longer to where they go.
_MOST_WALK_S = 3600.0
_MOST_BICYCLE_S = 3600.0
_FASTEST_WALK_M_S = 1.19 * WALK_M_S  # downhill, see `walking_speed_kmh`
_PARK_TO_STOP_S = 400.0  # who parks and rides walks no longer than that to the stop
_STOPS_ASKED = 3


class Found(NamedTuple):
    """What the first search found: ways, and the stops to and from which a vehicle is worth it."""

    chains: list[Chain]
    first_stops: list[str]
    last_stops: list[str]


class Search:
    """One traveller's search for ways, in two parts: before and after operators are asked."""

    def __init__(self, ground: Ground, late: Late, wish: Wish) -> None:
        """Prepare; nothing is searched before it is asked for."""
        self._ground, self._late, self._wish = ground, late, wish
        self._from, self._to = ground.xy(wish.origin), ground.xy(wish.destination)
        self._local = wish.leave_at.astimezone(ground.time_zone)
        midnight = ground.midnight(self._local.date())
        self._leave_s = int((self._local - midnight).total_seconds())
        self._teller = Teller(ground, wish)

    def found(self) -> Found:
        """Find all ways that need no operator, good and bad, and the stops worth asking for."""
        chains, router = list(self._direct()), self._router()
        if router is None:
            return Found(chains, [], [])
        access, egress = self._doors(router)
        chains += self._rides(router, access, egress)
        if not self._may_ask():
            return Found(chains, [], [])
        near = self._feeder(router, Modes.PM, OPERATOR_START_S)
        to_first = router.options(near, egress, self._leave_s)
        near = self._feeder(router, Modes.PM, OPERATOR_START_S, backwards=True)
        from_last = router.options(access, near, self._leave_s)
        return Found(
            chains,
            _distinct([journey.legs[0].to_stop for journey in to_first]),
            _distinct([journey.legs[-1].from_stop for journey in from_last]),
        )

    def questions(self, found: Found) -> list[tuple[Point, Point]]:
        """Return between which places operators are to be asked: all the way first."""
        if "pm" not in self._wish.ways:
            return []
        start, end = self._wish.origin, self._wish.destination
        return [
            (start, end),
            *((start, self._teller.stop_point(stop)) for stop in found.first_stops),
            *((self._teller.stop_point(stop), end) for stop in found.last_stops),
        ]

    def with_offers(self, found: Found, answers: list[list[Offer]]) -> list[Chain]:
        """Return all ways, those with operators too; answers: one list for each question."""
        if not answers:
            return found.chains
        direct, *others = answers
        chains = found.chains + [offered(offer, self._wish.leave_at) for offer in direct]
        router = self._router()
        if router is None or not others:
            return chains
        access, egress = self._doors(router)
        cut = len(found.first_stops)
        for stop, offers in zip(found.first_stops, others[:cut], strict=True):
            for offer in offers[:1]:
                way = one_way(np.array([_row(router, stop)]), np.array([offer.duration_s]))
                for journey in router.options(way, egress, self._leave_s):
                    ridden = self._teller.told(router, journey)[1:]
                    chains.append((*offered(offer, self._wish.leave_at), *ridden))
        for stop, offers in zip(found.last_stops, others[cut:], strict=True):
            for offer in offers[:1]:
                way = one_way(np.array([_row(router, stop)]), np.array([offer.duration_s]))
                for journey in router.options(access, way, self._leave_s):
                    legs = self._teller.told(router, journey)[:-1]
                    chains.append((*legs, *offered(offer, legs[-1].end_at)))
        return chains

    def _router(self) -> Router | None:
        if "bus" not in self._wish.ways:
            return None
        return self._ground.router(self._local.date(), self._late, self._wish.walking)

    def _may_ask(self) -> bool:
        is_open = bool((self._ground.network.link_modes & int(Modes.PM)).any())
        return is_open and self._wish.asks and "pm" in self._wish.ways

    def _doors(self, router: Router) -> tuple[Walks, Walks]:
        slower = 1.0 / pace(self._wish.walking)
        return (
            slowed(router.transit.doors(self._from, backwards=False), slower),
            slowed(router.transit.doors(self._to, backwards=True), slower),
        )

    def _direct(self) -> Iterator[Chain]:
        wish = self._wish
        walk_s = _MOST_WALK_S * pace(wish.walking)
        limits = {"walk": walk_s, "bicycle": _MOST_BICYCLE_S, "car": np.inf}
        for way, limit_s in limits.items():
            if way in wish.ways or way == "walk":
                leg = self._straight(Mode(way), limit_s)
                if leg is not None:
                    yield (leg,)

    def _straight(self, mode: Mode, limit_s: float) -> Leg | None:
        """Return a leg by one mode from door to door, leaving now; None where it takes too long."""
        network, kind = self._ground.network, Modes.of((mode.value,))
        straight_m = float(np.hypot(*(self._to - self._from)))
        if mode is Mode.WALK and straight_m > limit_s * _FASTEST_WALK_M_S:
            return None
        if not (network.link_modes & int(kind)).any():
            return None
        start, end = network.nearest_node(np.stack([self._from, self._to]), kind)
        start_s = START_S.get(mode, 0.0)
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

    def _rides(self, router: Router, access: Walks, egress: Walks) -> Iterator[Chain]:
        wish = self._wish
        for journey in router.options(access, egress, self._leave_s):
            yield self._teller.told(router, journey)
        if "bicycle" in wish.ways:
            ways = self._feeder(router, Modes.BICYCLE, BICYCLE_START_S)
            for journey in router.options(ways, egress, self._leave_s):
                yield self._teller.told(router, journey, first=Mode.BICYCLE)
        if "car" in wish.ways and self._ground.car_parks.size:
            yield from self._park_and_ride(router, egress)

    def _feeder(
        self, router: Router, kind: Modes, start_s: float, *, backwards: bool = False
    ) -> Walks:
        place = self._to if backwards else self._from
        network = self._ground.network
        return feeder(network, router.transit, place, kind, start_s, backwards=backwards)

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
                total_s = float(drive_s[0, row]) + CAR_START_S + walk_s
                if walk_s <= _PARK_TO_STOP_S and total_s < best.get(stop, (np.inf, 0))[0]:
                    best[stop] = (total_s, int(row))
        stops = np.array(sorted(best), dtype=np.int64)
        ways = one_way(stops, np.array([best[int(stop)][0] for stop in stops]))
        for journey in router.options(ways, egress, self._leave_s):
            park = best[_row(router, journey.legs[0].to_stop)][1]
            drive = float(drive_s[0, park]), float(drive_m[0, park])
            yield self._teller.parked(router, journey, park, drive)


def slowed(walks: Walks, factor: float) -> Walks:
    """Return walks that take longer by a factor."""
    if factor == 1.0:
        return walks
    seconds: NDArray[np.int32] = np.ceil(walks.walk_s * factor).astype(np.int32)
    return walks._replace(walk_s=seconds)


def _row(router: Router, stop: str | None) -> int:
    assert stop is not None
    return int(router.transit.day.timetable.stops.row_of[stop])


def _distinct(stops: list[str | None]) -> list[str]:
    return [stop for stop in dict.fromkeys(stops) if stop is not None][:_STOPS_ASKED]

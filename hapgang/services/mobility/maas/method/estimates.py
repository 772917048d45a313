"""What a shared vehicle to or from a stop would be worth, roughly, before anybody is asked.

A full plan costs milliseconds. Whether to look for one is known beforehand for a whole block and
two hours: how a journey goes by timetable with a vehicle to its first stop, or from its last, and
whether that can beat walking there at all.
"""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from hapgang.core.geometry import Point
from hapgang.core.vocabulary.people import Walking
from hapgang.science.connection_scan import Walks
from hapgang.services.mobility.maas.method.feeders import OPERATOR_START_S, feeder
from hapgang.services.mobility.maas.method.ground import Ground, ground_of, pace
from hapgang.services.mobility.maas.method.search import slowed
from hapgang.twin.felt import TRANSFER_MIN, WAIT_WEIGHT, WALK_WEIGHT
from hapgang.twin.modes import Modes
from hapgang.twin.options import Router
from hapgang.twin.scene import Scene
from hapgang.twin.transit import Journey

_BLOCK_M = 250.0  # estimates are for the middle of a square of that side
_EVERY_S = 7200
# Two departures of each two hours, so that one bus that has just gone does not decide alone.
_DEPARTURES_S = (1500, 5100)
_MOST_KEPT = 200_000
Block = tuple[int, int]


class Part(NamedTuple):
    """What is ridden by timetable between two stops, and the wait before it."""

    first: Point
    last: Point
    wait_s: float
    ride_s: float


class Estimate(NamedTuple):
    """The rides worth fetching a vehicle for; None where walking to the stop does as well."""

    to_stop: Part | None  # a vehicle brings the traveller to the first stop
    from_stop: Part | None  # a vehicle waits at the last one


class _Found(NamedTuple):
    felt_min: float
    part: Part


class Estimates:
    """The estimates of one day and one way of walking, made as they are asked for."""

    def __init__(self, ground: Ground, router: Router, walking: Walking) -> None:
        """Prepare; nothing is computed yet."""
        self._ground, self._router = ground, router
        self._slower = 1.0 / pace(walking)
        self.of_blocks = lru_cache(_MOST_KEPT)(self._of_blocks)
        self._walks = lru_cache(_MOST_KEPT)(self._walks_at)
        self._feeders = lru_cache(_MOST_KEPT)(self._feeder_at)

    def of(self, origin: Point, destination: Point, leave_s: float) -> Estimate:
        """Return the estimate for a trip that sets out at some seconds of the service day."""
        start, end = self._block(origin), self._block(destination)
        return self.of_blocks(start, end, int(leave_s) // _EVERY_S)

    def _of_blocks(self, start: Block, end: Block, part_of_day: int) -> Estimate:
        access, egress = self._walks(start, backwards=False), self._walks(end, backwards=True)
        walked = self._mean(access, egress, part_of_day)
        limit_min = walked.felt_min - TRANSFER_MIN if walked is not None else np.inf
        to_stop = self._mean(self._feeders(start, backwards=False), egress, part_of_day, first=1.0)
        from_stop = self._mean(access, self._feeders(end, backwards=True), part_of_day, last=1.0)
        return Estimate(*(
            found.part if found is not None and found.felt_min < limit_min else None
            for found in (to_stop, from_stop)
        ))  # fmt: skip

    def _mean(
        self,
        access: Walks,
        egress: Walks,
        part_of_day: int,
        *,
        first: float = WALK_WEIGHT,
        last: float = WALK_WEIGHT,
    ) -> _Found | None:
        """Return the best way of two hours: the first departure's, with the mean of what is felt.

        `first` and `last` weigh a second on the way to the first stop and from the last.
        """
        if not access.stop.size or not egress.stop.size:
            return None
        best = [
            min(
                (self._felt(journey, first, last) for journey in found),
                key=lambda one: one.felt_min,
                default=None,
            )
            for found in self._departures(access, egress, part_of_day)
        ]
        known = [one for one in best if one is not None]
        if not known:
            return None
        wait_s = sum(one.part.wait_s for one in known) / len(known)
        felt_min = sum(one.felt_min for one in known) / len(known)
        return _Found(felt_min, known[0].part._replace(wait_s=wait_s))

    def _departures(
        self, access: Walks, egress: Walks, part_of_day: int
    ) -> Iterable[list[Journey]]:
        for after_s in _DEPARTURES_S:
            yield self._router.options(access, egress, part_of_day * _EVERY_S + after_s)

    def _felt(self, journey: Journey, first: float, last: float) -> _Found:
        begin, *middle, end = journey.legs
        ride_s = sum(leg.end_s - leg.start_s for leg in middle if leg.kind == "ride")
        walk_s = sum(leg.end_s - leg.start_s for leg in middle if leg.kind == "walk")
        to_s, from_s = (leg.end_s - leg.start_s for leg in (begin, end))
        wait_s = journey.arrive_s - journey.leave_s - ride_s - walk_s - to_s - from_s
        felt_s = first * to_s + last * from_s + ride_s + WALK_WEIGHT * walk_s + WAIT_WEIGHT * wait_s
        part = Part(
            first=self._stop(begin.to_stop),
            last=self._stop(end.from_stop),
            wait_s=float(middle[0].start_s - begin.end_s),
            ride_s=float(middle[-1].end_s - middle[0].start_s),
        )
        return _Found(felt_s / 60.0 + TRANSFER_MIN * journey.transfers, part)

    def _stop(self, stop: str | None) -> Point:
        assert stop is not None
        stops = self._router.transit.day.timetable.stops
        row = stops.row_of[stop]
        return Point((float(stops.lon[row]), float(stops.lat[row])))

    def _walks_at(self, block: Block, *, backwards: bool) -> Walks:
        doors = self._router.transit.doors(_middle(block), backwards=backwards)
        return slowed(doors, self._slower)

    def _feeder_at(self, block: Block, *, backwards: bool) -> Walks:
        place, network = np.array(_middle(block)), self._ground.network
        if not (network.link_modes & int(Modes.PM)).any():
            return self._walks(block, backwards=backwards)
        return feeder(
            network, self._router.transit, place, Modes.PM, OPERATOR_START_S, backwards=backwards
        )

    def _block(self, point: Point) -> Block:
        x_m, y_m = self._ground.xy(point).tolist()
        return int(x_m // _BLOCK_M), int(y_m // _BLOCK_M)


@lru_cache(maxsize=6)
def estimates_of(scene: Scene, day: dt.date, walking: Walking) -> Estimates | None:
    """Return the estimates of a day as it is planned; None where nothing runs by a timetable."""
    ground = ground_of(scene)
    router = ground.router(day, walking=walking)
    return None if router is None else Estimates(ground, router, walking)


def _middle(block: Block) -> tuple[float, float]:
    return (block[0] + 0.5) * _BLOCK_M, (block[1] + 0.5) * _BLOCK_M

"""The city as a planner of journeys sees it: streets, timetables of a day, what runs late now."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from hapgang.core.geometry import Point
from hapgang.core.vocabulary.people import Walking
from hapgang.services.mobility.maas.model import RunDelay
from hapgang.twin.modes import Modes
from hapgang.twin.network import Network
from hapgang.twin.options import Delay, Router, delayed
from hapgang.twin.scene import Scene
from hapgang.twin.speeds import SLOW_WALK_M_S, WALK_M_S
from hapgang.twin.transit import Transit

Floats = NDArray[np.float64]
_MOST_DAYS = 3  # yesterday's journeys, today's, and plans for tomorrow


@dataclass(frozen=True, eq=False)
class Ground:
    """Everything that a planner needs of a scene, made once for each."""

    scene: Scene
    network: Network
    time_zone: ZoneInfo
    car_parks: NDArray[np.int64]  # rows of places
    _days: dict[dt.date, Transit] = field(default_factory=dict)
    _routers: dict[tuple[dt.date, Walking], tuple[tuple[RunDelay, ...], Router]] = field(
        default_factory=dict
    )

    def xy(self, point: Point) -> Floats:
        """Return a point in the city's metres."""
        xy: Floats = self.scene.projection.xy(point.lon, point.lat)[0]
        return xy

    def point(self, xy: Floats) -> Point:
        """Return a place in the city's metres as longitude and latitude."""
        lon, lat = self.scene.projection.to_lonlat(xy[0], xy[1])
        return Point((round(float(lon), 6), round(float(lat), 6)))

    def midnight(self, day: dt.date) -> dt.datetime:
        """Return when the seconds of a service day begin to count."""
        return dt.datetime.combine(day, dt.time(), self.time_zone)

    def transit(self, day: dt.date) -> Transit | None:
        """Return the public transport of a day as planned; None where there is none.

        A day that the timetable does not reach is taken to be like the fullest same weekday.
        """
        timetable = self.scene.timetable
        if timetable is None:
            return None
        if day not in self._days:
            while len(self._days) >= _MOST_DAYS:
                del self._days[next(iter(self._days))]
            self._days[day] = Transit.of(self.network, timetable.on(timetable.like(day)))
        return self._days[day]

    def router(
        self, day: dt.date, delays: Iterable[RunDelay], walking: Walking = "well"
    ) -> Router | None:
        """Return who finds journeys of a day for people who walk so, with what is late now."""
        known = tuple(delay for delay in delays if delay.day == day.isoformat())
        found = self._routers.get((day, walking))
        if found is not None and found[0] == known:
            return found[1]
        transit = self.transit(day)
        if transit is None:
            return None
        if known:
            transit = delayed(transit, [_delay(delay) for delay in known])
        router = Router(transit if walking == "well" else transit.walking(1.0 / pace(walking)))
        while len(self._routers) >= 3 * _MOST_DAYS:
            del self._routers[next(iter(self._routers))]
        self._routers[day, walking] = (known, router)
        return router


def pace(walking: Walking) -> float:
    """Return how fast somebody walks, as a share of an adult who walks well."""
    return 1.0 if walking == "well" else SLOW_WALK_M_S / WALK_M_S


@lru_cache(maxsize=4)
def ground_of(scene: Scene) -> Ground:
    """Return the ground of a scene."""
    is_open = bool((scene.links.modes & int(Modes.CAR)).any())
    parks = np.flatnonzero(scene.places.kind == "car_park") if is_open else np.zeros(0, np.int64)
    return Ground(scene, Network.of(scene), ZoneInfo(scene.time_zone), parks)


def _delay(delay: RunDelay) -> Delay:
    return Delay(
        run=delay.run, delay_s=delay.delay_s, from_call=delay.from_call, cancelled=delay.cancelled
    )

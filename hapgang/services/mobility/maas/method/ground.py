"""The city as a planner of journeys sees it: streets, timetables of a day, what runs late now."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from threading import RLock
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from hapgang.core.geometry import Point
from hapgang.core.vocabulary.people import Walking
from hapgang.services.mobility.maas.model import RunDelay
from hapgang.twin import options
from hapgang.twin.modes import Modes
from hapgang.twin.network import Network
from hapgang.twin.options import Delay, Router, delayed
from hapgang.twin.runs import Runs
from hapgang.twin.scene import Scene
from hapgang.twin.speeds import SLOW_WALK_M_S, WALK_M_S
from hapgang.twin.timetable import DAY_S
from hapgang.twin.transit import Transit

Floats = NDArray[np.float64]
_MOST_DAYS = 6  # yesterday, today and tomorrow, which stay, and others that somebody asks for
_MOST_STATES = 2  # of what is late: the newest, and the one before that somebody still asks
_ONE_DAY = dt.timedelta(1)


class Late(NamedTuple):
    """All that is known to run late: a name of that state, and the delays."""

    state: str = ""
    delays: tuple[RunDelay, ...] = ()


ON_TIME = Late()


@dataclass(frozen=True, eq=False)
class Ground:
    """Everything that a planner needs of a scene, made once for each; threads may share it.

    What takes long is made by one of them at a time, while whoever finds it ready goes on.
    """

    scene: Scene
    network: Network
    time_zone: ZoneInfo
    car_parks: NDArray[np.int64]  # rows of places
    _days: dict[dt.date, Transit] = field(default_factory=dict)
    _runs: dict[dt.date, Runs] = field(default_factory=dict)
    _live: dict[tuple[dt.date, str], Transit] = field(default_factory=dict)
    _routers: dict[tuple[dt.date, str, Walking], Router] = field(default_factory=dict)
    _stay: set[dt.date] = field(default_factory=set)
    _lock: RLock = field(default_factory=RLock)

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

    def compute_ahead(self, now: dt.datetime) -> None:
        """Make ready yesterday, today and tomorrow, which then stay."""
        today = now.astimezone(self.time_zone).date()
        stay = {today - _ONE_DAY, today, today + _ONE_DAY}
        self._stay.update(stay)
        for day in (today, today + _ONE_DAY, today - _ONE_DAY):
            if self.transit(day) is not None:
                self.runs(day)
        self._stay.intersection_update(stay)

    def is_ready(self, day: dt.date, late: Late = ON_TIME) -> bool:
        """Whether a day can be asked about at once."""
        if self.scene.timetable is None:
            return True
        return day in self._days and (not late.delays or (day, late.state) in self._live)

    def transit(self, day: dt.date) -> Transit | None:
        """Return the public transport of a day as planned; None where there is none.

        A day that the timetable does not reach is taken to be like the fullest same weekday.
        """
        timetable = self.scene.timetable
        found = self._days.get(day)
        if timetable is None or found is not None:
            return found
        with self._lock:
            if day not in self._days:
                served = timetable.on(timetable.like(day))
                known = next(iter(self._days.values()), None)
                made = known.on(served) if known else Transit.of(self.network, served)
                self._make_room()
                self._days[day] = made
            return self._days[day]

    def _make_room(self) -> None:
        for day in [one for one in self._days if one not in self._stay]:
            if len(self._days) >= _MOST_DAYS:
                del self._days[day]
                self._runs.pop(day, None)
                for key in [key for key in self._live if key[0] == day]:
                    del self._live[key]
                for router in [key for key in self._routers if key[0] == day]:
                    del self._routers[router]

    def runs(self, day: dt.date) -> Runs | None:
        """Return the runs of a day as feeds call them."""
        transit = self.transit(day)
        if transit is None:
            return None
        found = self._runs.get(day)
        if found is None:
            found = self._runs[day] = Runs(transit.day)
        return found

    def live(self, day: dt.date, late: Late = ON_TIME) -> Transit | None:
        """Return the public transport of a day as it runs now."""
        planned = self.transit(day)
        if planned is None or not late.delays:
            return planned
        found = self._live.get((day, late.state))
        if found is not None:
            return found
        with self._lock:
            found = self._live.get((day, late.state))
            if found is None:
                found = delayed(planned, self._delays(day, late.delays))
                self._live[day, late.state] = found
                self._forget_before(day)
        return found

    def _forget_before(self, day: dt.date) -> None:
        """Keep the newest states of a day only."""
        states = [state for other, state in self._live if other == day]
        for old in states[:-_MOST_STATES]:
            del self._live[day, old]
            for key in [key for key in self._routers if key[:2] == (day, old)]:
                del self._routers[key]

    def router(
        self, day: dt.date, late: Late = ON_TIME, walking: Walking = "well"
    ) -> Router | None:
        """Return who finds journeys of a day for people who walk so, with what is late now."""
        found = self._routers.get((day, late.state, walking))
        if found is not None:
            return found
        transit = self.live(day, late)
        if transit is None:
            return None
        with self._lock:
            found = Router(transit if walking == "well" else transit.walking(1.0 / pace(walking)))
            self._routers[day, late.state, walking] = found
        return found

    def _delays(self, day: dt.date, delays: Iterable[RunDelay]) -> list[Delay]:
        """Return the delays of a day, those of runs of the days beside it too."""
        runs = self.runs(day)
        assert runs is not None
        found = []
        for delay in delays:
            shift = (dt.date.fromisoformat(delay.day) - day).days
            run = runs.at(delay.trip, delay.offset_s + shift * DAY_S) if abs(shift) <= 1 else None
            if run is not None:
                found.append(_delay(delay, run))
        return found


def pace(walking: Walking) -> float:
    """Return how fast somebody walks, as a share of an adult who walks well."""
    return 1.0 if walking == "well" else SLOW_WALK_M_S / WALK_M_S


@lru_cache(maxsize=4)
def ground_of(scene: Scene) -> Ground:
    """Return the ground of a scene."""
    is_open = bool((scene.links.modes & int(Modes.CAR)).any())
    parks = np.flatnonzero(scene.places.kind == "car_park") if is_open else np.zeros(0, np.int64)
    return Ground(scene, Network.of(scene), ZoneInfo(scene.time_zone), parks)


def compute_ahead(scene: Scene, now: dt.datetime) -> None:
    """Read the timetables of today and the days beside it, and compile what looks for journeys."""
    ground = ground_of(scene)
    ground.compute_ahead(now)
    router = ground.router(now.astimezone(ground.time_zone).date())
    if router is not None:
        stop = router.transit.called[:1]
        way = options.one_way(stop, np.zeros(len(stop)))
        router.options(way, way, 12 * 3600)


def _delay(delay: RunDelay, run: int) -> Delay:
    calls = tuple(
        options.CallDelay(one.call, one.arrival_s, one.departure_s, one.state == "skipped")
        for one in delay.calls
    )
    return Delay(
        run=run, delay_s=delay.delay_s, from_call=delay.from_call, cancelled=delay.cancelled,
        calls=calls,
    )  # fmt: skip

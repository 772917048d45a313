"""A day of the virtual city: one heap of events on the virtual clock, through the one door.

Everybody sets out as planned, or when they have arrived from before; chooses once among what is
open; goes; and arrives. Cars queue on the streets, operators' vehicles are reserved, rented and
returned by the same actions as in a real city, schedules and crews run on the same clock.
"""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hapgang.contract import Moment
from hapgang.core.clock import VirtualClock
from hapgang.core.geometry import Point
from hapgang.core.vocabulary.mobility import Mode, Offer, TripMade
from hapgang.rehearsal.chooser import Chooser
from hapgang.rehearsal.demand import Demand
from hapgang.rehearsal.logbook import Logbook
from hapgang.rehearsal.plans import Kind
from hapgang.rehearsal.rides import Ride, RideFailed, Riders, Under, board_and_alight
from hapgang.rehearsal.spots import Spots
from hapgang.rehearsal.staff import Staff, Worker
from hapgang.rehearsal.travel import Spot, Travel
from hapgang.rehearsal.travellers import Travellers
from hapgang.runtime.handlers import Handlers
from hapgang.runtime.jobs import Jobs
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.mobility import note_trip
from hapgang.runtime.schedules import Schedules

_STREETS_EVERY_S = 20.0  # how often arrivals of cars are looked for
_SHORTEST_STAY_S = 120.0  # whoever is late still does what they came for
_END_S = 28 * 3600.0  # who is not home by four in the morning is not waited for
_HOUR_S = 3600.0

_DEPART, _BOARD, _ALIGHT, _ARRIVE, _WORK, _STREETS, _HOUR = range(7)


class Day:
    """One day, from midnight until everybody is home."""

    def __init__(
        self,
        runtime: Runtime,
        *,
        clock: VirtualClock,
        midnight: datetime,
        demand: Demand,
        travel: Travel,
        spots: Spots,
        travellers: Travellers,
        staff: Staff,
        chooser: Chooser,
        logbook: Logbook,
        on_hour: Callable[[int], None],
    ) -> None:
        """Put a day together; `on_hour` is told each hour of the city's clock."""
        self._runtime, self._clock, self._midnight = runtime, clock, midnight
        self._demand, self._travel, self._spots = demand, travel, spots
        self._travellers, self._staff, self._riders = travellers, staff, Riders(runtime)
        self._chooser = chooser
        self._logbook, self._on_hour = logbook, on_hour
        self._handlers, self._jobs = Handlers(runtime), Jobs(runtime)
        self._schedules = Schedules(runtime)
        self._heap: list[tuple[float, int, int, Any]] = []
        self._order = 0
        self._under: dict[int, Under] = {}
        self._person = demand.trips.person.tolist()
        self._depart_s = demand.trips.depart_s.tolist()
        self._zones = runtime.scene.zones.ids.tolist()
        self.not_made = 0
        self.refusals = 0

    def run(self, progress: Callable[[float], None]) -> None:
        """Live through the day; `progress` is told the share of it that is over."""
        for person in range(len(self._demand.first) - 1):
            self._plan_next(int(self._demand.first[person]) - 1, person, 0.0)
        for worker in self._staff.workers:
            self._push(5 * _HOUR_S, _WORK, worker)
        for hour in range(24):
            self._push(hour * _HOUR_S, _HOUR, (hour, progress))
        while self._heap and self._heap[0][0] <= _END_S:
            at_s, _, kind, what = heapq.heappop(self._heap)
            self._advance(at_s)
            self._happen(kind, what, at_s)
        self._settle()

    def _happen(self, kind: int, what: Any, at_s: float) -> None:
        if kind == _DEPART:
            self._set_out(what, at_s)
        elif kind == _STREETS:
            self._look_at_streets(at_s)
        elif kind == _ARRIVE:
            self._arrive(what, at_s)
        elif kind == _BOARD:
            self._board(what, at_s)
        elif kind == _ALIGHT:
            self._alight(what, at_s)
        elif kind == _WORK:
            self._work(what, at_s)
        else:
            self._strike(*what)

    def _strike(self, hour: int, progress: Callable[[float], None]) -> None:
        self._on_hour(hour)
        progress(hour / 24)
        self._settle()

    def _push(self, at_s: float, kind: int, what: Any) -> None:
        self._order += 1
        heapq.heappush(self._heap, (at_s, self._order, kind, what))

    def _advance(self, at_s: float) -> None:
        """Move the clock, and let schedules run that are due on the way."""
        instant = self._midnight + timedelta(seconds=at_s)
        while (due := self._schedules.next_at) is not None and due <= instant:
            self._clock.advance_to(max(due, self._clock.now()))
            self._schedules.run_due()
            self._settle()
        if instant > self._clock.now():
            self._clock.advance_to(instant)

    def _settle(self) -> None:
        """Let handlers and jobs follow up on what has happened."""
        self._handlers.drain()
        if self._runtime.started:
            self._jobs.run_started()
            self._handlers.drain()

    def _plan_next(self, trip: int, person: int, now_s: float) -> None:
        following = trip + 1
        if following < self._demand.first[person + 1]:
            at_s = max(float(self._depart_s[following]), now_s + _SHORTEST_STAY_S)
            self._push(at_s, _DEPART, following)

    def _ends(self, trip: int) -> tuple[Spot, Spot]:
        demand = self._demand
        origin, destination = int(demand.origin[trip]), int(demand.destination[trip])
        return (
            self._spots.spot(origin, int(demand.trips.from_zone[trip])),
            self._spots.spot(destination, int(demand.trips.to_zone[trip])),
        )

    def _set_out(self, trip: int, at_s: float, *, ask: bool = True) -> None:
        """Choose a mode, once, and go."""
        chosen, offer = self._chooser.choose(trip, self._ends(trip), at_s, ask=ask)
        if chosen is None:
            self._stay(trip)
        elif offer is not None:
            self._take_offer(trip, offer, at_s)
        else:
            self._go(trip, chosen, at_s)

    def _stay(self, trip: int) -> None:
        """Nothing leads there: the rest of the person's day falls through."""
        person = self._person[trip]
        self.not_made += int(self._demand.first[person + 1]) - trip

    def _go(self, trip: int, mode: Mode, at_s: float) -> None:
        origin, destination = self._ends(trip)
        under = self._under[trip] = Under(trip, mode, at_s)
        pace = float(self._demand.pace[self._person[trip]])
        if mode is Mode.BUS:
            legs = self._travel.ride(origin, destination, at_s)
            if legs is None:
                del self._under[trip]
                self._stay(trip)
                return
            under.legs = legs
            self._push(legs[-1].end_s, _ARRIVE, trip)
        elif mode is Mode.CAR:
            self._drive(trip, origin, destination, at_s, pace)
        else:
            leg = self._travel.on_streets(mode, origin, destination, at_s, pace=pace)
            under.legs = [leg]
            self._push(leg.end_s, _ARRIVE, trip)
        self._travellers.sets_out(trip, mode)

    def _drive(self, trip: int, origin: Spot, destination: Spot, at_s: float, pace: float) -> None:
        if self._travellers.is_passenger(trip):
            leg = self._travel.driven_along(origin, destination, at_s)
            self._under[trip].legs = [leg]
            self._push(leg.end_s + destination.car_walk_s / pace, _ARRIVE, trip)
            return
        self._travel.drive(trip, origin, destination, at_s + origin.car_walk_s / pace)
        if self._travel.streets.under_way == 1:
            self._push(at_s + _STREETS_EVERY_S, _STREETS, None)

    def _look_at_streets(self, at_s: float) -> None:
        for trip, arrive_s in self._travel.streets.advance(at_s):
            origin, destination = self._ends(trip)
            under = self._under[trip]
            under.legs = [self._travel.driven(trip, origin, arrive_s)]
            pace = float(self._demand.pace[self._person[trip]])
            walked_s = arrive_s + destination.car_walk_s / pace
            self._push(max(at_s, walked_s), _ARRIVE, trip)
        if self._travel.streets.under_way:
            self._push(at_s + _STREETS_EVERY_S, _STREETS, None)

    def _take_offer(self, trip: int, offer: Offer, at_s: float) -> None:
        person = self._person[trip]
        ride = Ride(
            offer.service,
            offer,
            self._travellers.traveller(person),
            self._travellers.caller(person),
        )
        under = self._under[trip] = Under(trip, offer.mode, at_s, ride=ride)
        origin, _ = self._ends(trip)
        if self._act(under, Moment.SETS_OUT, origin.point) is None:
            del self._under[trip]
            self._set_out(trip, at_s, ask=False)
            return
        first, _ = board_and_alight(offer.stages)
        ready_s = self._walk_stages(under, 0, first, at_s) + offer.wait_s
        self._push(ready_s, _BOARD, trip)

    def _board(self, trip: int, at_s: float) -> None:
        under = self._under[trip]
        assert under.ride is not None
        stages = under.ride.offer.stages
        first, last = board_and_alight(stages)
        if self._act(under, Moment.BOARDS, stages[first].origin) is None:
            self._walk_instead(under, stages[first].origin, at_s)
            return
        end_s = self._walk_stages(under, first, last + 1, at_s)
        self._push(end_s, _ALIGHT, trip)

    def _alight(self, trip: int, at_s: float) -> None:
        under = self._under[trip]
        assert under.ride is not None
        stages = under.ride.offer.stages
        _, last = board_and_alight(stages)
        longer_s = self._act(under, Moment.ALIGHTS, stages[last].destination) or 0.0
        under.cost_won = under.ride.offer.fare_won
        end_s = self._walk_stages(under, last + 1, len(stages), at_s + longer_s)
        self._push(end_s, _ARRIVE, trip)

    def _act(self, under: Under, moment: Moment, place: Point) -> float | None:
        """Act by the service's habit; return how much longer it took (s), None when refused."""
        assert under.ride is not None
        self._logbook.begin_trip()
        try:
            return self._riders.act(under.ride, moment, place)
        except RideFailed:
            self.refusals += 1
            return None
        finally:
            entity, transfer = self._logbook.used()
            under.entity = under.entity or entity
            under.transfer = transfer or under.transfer
            self._settle()

    def _walk_stages(self, under: Under, start: int, end: int, at_s: float) -> float:
        """Add the legs of some stages of the offer; return when they are over."""
        assert under.ride is not None
        for stage in under.ride.offer.stages[start:end]:
            ends = self._spots.at(stage.origin), self._spots.at(stage.destination)
            leg = self._travel.offered(stage.mode, *ends, at_s, stage.duration_s)
            under.legs.append(leg)
            at_s = leg.end_s
        return at_s

    def _walk_instead(self, under: Under, place: Point, at_s: float) -> None:
        """Finish a trip on foot from where the operator refused."""
        _, destination = self._ends(under.trip)
        pace = float(self._demand.pace[self._person[under.trip]])
        here = self._spots.at(place)
        leg = self._travel.on_streets(Mode.WALK, here, destination, at_s, pace=pace)
        under.legs.append(leg)
        under.mode, under.ride = Mode.WALK, None
        self._push(leg.end_s, _ARRIVE, under.trip)

    def _work(self, worker: Worker, at_s: float) -> None:
        self._push(at_s + self._staff.act(worker), _WORK, worker)
        self._settle()

    def _arrive(self, trip: int, at_s: float) -> None:
        under = self._under.pop(trip)
        person = self._person[trip]
        self._travellers.arrives(trip)
        self._log(under, at_s)
        self._plan_next(trip, person, at_s)

    def _log(self, under: Under, at_s: float) -> None:
        ride = under.ride
        made = TripMade(
            entity=self._travellers.caller(self._person[under.trip]).id,
            person=self._travellers.caller(self._person[under.trip]).id,
            purpose=Kind(int(self._demand.trips.purpose[under.trip])).name.lower(),
            mode=under.mode,
            origin=self._zones[int(self._demand.trips.from_zone[under.trip])],
            destination=self._zones[int(self._demand.trips.to_zone[under.trip])],
            depart_s=under.depart_s,
            arrive_s=at_s,
            distance_m=sum(leg.distance_m for leg in under.legs),
            service=ride.service if ride is not None else "",
            used=under.entity if ride is not None else "",
            paid=under.transfer if ride is not None else "",
        )
        self._runtime.perform(note_trip, PLATFORM, trip=made)
        self._logbook.trip(f"t{under.trip}", made, under.cost_won, under.legs)

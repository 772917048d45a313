"""Trips with an operator: virtual residents act by the service's habits, through the same door."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hapgang.contract import Caller, Habit, Moment, Service, Situation
from hapgang.core.errors import CityError
from hapgang.core.geometry import Point
from hapgang.core.vocabulary.mobility import Mode, Offer, Stage, Traveller
from hapgang.rehearsal.acting import act
from hapgang.rehearsal.clockwork import Clockwork
from hapgang.rehearsal.logbook import Logbook
from hapgang.rehearsal.spots import Spots
from hapgang.rehearsal.travel import Leg, Travel
from hapgang.runtime.perform import Runtime


@dataclass
class Ride:
    """One resident's use of one offer, moment by moment."""

    offer: Offer
    traveller: Traveller
    caller: Caller
    pace: float = 1.0  # on foot, as a share of others'
    stage: int = 0  # of the offer: which one is boarded or left
    has_begun: bool = False  # whether anything was ridden
    results: list[Any] = field(default_factory=list)


@dataclass
class Under:
    """A trip under way."""

    trip: int
    mode: Mode
    depart_s: float
    legs: list[Leg] = field(default_factory=list)
    ride: Ride | None = None
    lift: str = ""  # whose car it is, where it is not the traveller's own: TAXI, PASSENGER
    entity: str = ""  # what the ride has made, such as a rental
    transfer: str = ""  # what has paid for it
    cost_won: int = 0


class RideFailed(Exception):
    """The operator refused, and the habit knew nothing else: the traveller has to choose anew."""

    def __init__(self, error: CityError) -> None:
        """Wrap the refusal."""
        super().__init__(str(error))
        self.error = error


class Riders:
    """Lets residents do what the habits of services say."""

    def __init__(self, runtime: Runtime) -> None:
        """Find every service's habits by moment."""
        self._runtime = runtime
        self._habits: dict[tuple[str, Moment], Habit] = {
            (name, habit.moment): habit
            for name, service in runtime.services.items()
            for habit in service.habits
            if habit.moment not in (Moment.ARRIVES, Moment.WORKS)
        }

    def act(self, ride: Ride, moment: Moment, place: Point) -> float:
        """Do what the ride's service expects at a moment; return how many s longer it took.

        Raises RideFailed when it is refused and the habit knows nothing else.
        """
        habit = self._habits.get((ride.offer.service, moment))
        if habit is None:
            return 0.0
        situation = Situation(
            person=ride.caller.id,
            place=place,
            offer=ride.offer,
            stage=ride.stage,
            traveller=ride.traveller,
            results=ride.results,
        )
        acted = act(self._runtime, ride.caller, habit, situation)
        assert situation.offer is not None
        ride.offer = situation.offer
        if acted.gave_up:
            raise RideFailed(acted.refusals[-1])
        return acted.longer_s


class Rides:
    """Trips on offers, from setting out to arriving."""

    def __init__(
        self,
        runtime: Runtime,
        *,
        clockwork: Clockwork,
        travel: Travel,
        spots: Spots,
        logbook: Logbook,
        arrive: Callable[[Under, float], None],
        go_without: Callable[[Under, Point, float], None],
    ) -> None:
        """Tell `arrive` who is there, and `go_without` from where somebody was not let on."""
        self._riders, self._clockwork = Riders(runtime), clockwork
        self._travel, self._spots, self._logbook = travel, spots, logbook
        self._arrive, self._go_without = arrive, go_without
        self.refusals = 0

    def set_out(self, under: Under, place: Point, at_s: float) -> bool:
        """Take the offer that was chosen; False when the operator refuses."""
        if self._act(under, Moment.SETS_OUT, place) is None:
            return False
        self._go_on(under, at_s)
        return True

    def _go_on(self, under: Under, at_s: float) -> None:
        """Walk to the next ride, or to the end."""
        ride = _ride(under)
        stages = ride.offer.stages
        while ride.stage < len(stages) and stages[ride.stage].mode is Mode.WALK:
            at_s = self._add_leg(under, stages[ride.stage], at_s)
            ride.stage += 1
        if ride.stage == len(stages):
            self._clockwork.at(at_s, self._arrive, under)
        else:
            self._clockwork.at(at_s + _unlocking_s(stages[ride.stage]), self._board, under)

    def _board(self, under: Under, at_s: float) -> None:
        ride = _ride(under)
        stage = ride.offer.stages[ride.stage]
        if self._act(under, Moment.BOARDS, stage.origin) is None:
            self._give_up(under, stage, at_s)
            return
        if stage.mode is Mode.BUS:
            self._take_the_bus(under, stage, at_s)
            return
        end_s = self._add_leg(under, stage, at_s)
        under.legs[-1] = under.legs[-1]._replace(wait_s=stage.wait_s)
        self._clockwork.at(end_s, self._alight, under)

    def _take_the_bus(self, under: Under, stage: Stage, at_s: float) -> None:
        """Ride what comes next by the timetable; walk on when nothing comes any more."""
        ends = self._spots.at(stage.origin), self._spots.at(stage.destination)
        legs = self._travel.ride(*ends, math.ceil(at_s))  # timetables know whole seconds
        if legs is None:
            self._give_up(under, stage, at_s)
            return
        under.legs += [leg for leg in legs if leg.end_s > leg.start_s]
        self._clockwork.at(legs[-1].end_s, self._alight, under)

    def _give_up(self, under: Under, stage: Stage, at_s: float) -> None:
        if not _ride(under).has_begun:
            under.ride = None
        self._go_without(under, stage.origin, at_s)

    def _alight(self, under: Under, at_s: float) -> None:
        ride = _ride(under)
        ride.has_begun = True
        place = ride.offer.stages[ride.stage].destination
        longer_s = self._act(under, Moment.ALIGHTS, place) or 0.0
        ride.stage += 1
        self._go_on(under, at_s + longer_s)

    def _act(self, under: Under, moment: Moment, place: Point) -> float | None:
        """Act by the service's habit; return how much longer it took (s), None when refused."""
        ride = _ride(under)
        self._logbook.watch(ride.caller.id)
        try:
            return self._riders.act(ride, moment, place)
        except RideFailed:
            self.refusals += 1
            return None
        finally:
            self._note(under, moment)
            self._clockwork.settle()

    def _note(self, under: Under, moment: Moment) -> None:
        """Keep what the ride is: what was made last before it began, and what paid for it."""
        used = self._logbook.used()
        if used.entity and (moment is not Moment.ALIGHTS or not under.entity):
            under.entity = used.entity
        if used.transfer:
            under.transfer, under.cost_won = used.transfer, under.cost_won + used.paid_won

    def _add_leg(self, under: Under, stage: Stage, at_s: float) -> float:
        """Add the leg of a stage of the offer; return when it is over.

        Walks are at the traveller's pace; operators know ways roughly, streets are as they are.
        """
        ends = self._spots.at(stage.origin), self._spots.at(stage.destination)
        if stage.mode is Mode.WALK:
            leg = self._travel.on_streets(Mode.WALK, *ends, at_s, pace=_ride(under).pace)
        else:
            leg = self._travel.offered(stage.mode, *ends, at_s, stage.duration_s)
        under.legs.append(leg)
        return leg.end_s


def _ride(under: Under) -> Ride:
    assert under.ride is not None
    return under.ride


def _unlocking_s(stage: Stage) -> float:
    """Return the wait before a ride; for a bus the timetable says it when one stands there."""
    return 0.0 if stage.mode is Mode.BUS else stage.wait_s


def staff_habits(services: dict[str, Service]) -> list[tuple[str, Any]]:
    """Return each service's habits of its staff."""
    return [
        (name, habit)
        for name, service in services.items()
        for habit in service.habits
        if habit.moment is Moment.WORKS
    ]

"""Trips with an operator: virtual residents act by the service's habits, through the same door."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hapgang.contract import Caller, Do, Habit, Moment, Service, Situation
from hapgang.core.errors import CityError
from hapgang.core.geometry import Point
from hapgang.core.vocabulary.mobility import Mode, Offer, Stage, Traveller
from hapgang.rehearsal.clockwork import Clockwork
from hapgang.rehearsal.logbook import Logbook
from hapgang.rehearsal.spots import Spots
from hapgang.rehearsal.travel import Leg, Travel
from hapgang.runtime.perform import Runtime

_MOST_TRIES = 3


@dataclass
class Ride:
    """One resident's use of one offer, moment by moment."""

    offer: Offer
    traveller: Traveller
    caller: Caller
    pace: float = 1.0  # on foot, as a share of others'
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
            if habit.moment is not Moment.WORKS
        }

    def act(self, ride: Ride, moment: Moment, place: Point) -> float:
        """Do what the ride's service expects at a moment; return how many s longer it took.

        Raises RideFailed when it is refused and the habit knows nothing else.
        """
        habit = self._habits.get((ride.offer.service, moment))
        if habit is None:
            return 0.0
        failed, last, longer_s = False, CityError(""), 0.0
        for _ in range(_MOST_TRIES):
            situation = Situation(
                person=ride.caller.id,
                place=place,
                offer=ride.offer,
                traveller=ride.traveller,
                results=ride.results,
                failed=failed,
            )
            wish = habit.do(situation)
            if wish is None:
                break
            longer_s += wish.after_s
            try:
                ride.results.append(self._do(wish, ride.caller))
            except CityError as error:
                failed, last = True, error
            else:
                return longer_s
        if failed:
            raise RideFailed(last)
        return longer_s

    def _do(self, wish: Do, caller: Caller) -> Any:
        return self._runtime.perform(wish.action, caller, **wish.arguments)


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
        go_on_foot: Callable[[Under, Point, float], None],
    ) -> None:
        """Tell `arrive` who is there, and `go_on_foot` from where somebody was not let on."""
        self._riders, self._clockwork = Riders(runtime), clockwork
        self._travel, self._spots, self._logbook = travel, spots, logbook
        self._arrive, self._go_on_foot = arrive, go_on_foot
        self.refusals = 0

    def set_out(self, under: Under, place: Point, at_s: float) -> bool:
        """Take the offer that was chosen; False when the operator refuses."""
        offer = _ride(under).offer
        if self._act(under, Moment.SETS_OUT, place) is None:
            return False
        first, _ = board_and_alight(offer.stages)
        ready_s = self._add_legs(under, 0, first, at_s, offer.wait_s)
        self._clockwork.at(ready_s, self._board, under)
        return True

    def _board(self, under: Under, at_s: float) -> None:
        offer = _ride(under).offer
        first, last = board_and_alight(offer.stages)
        place = offer.stages[first].origin
        if self._act(under, Moment.BOARDS, place) is None:
            under.ride = None
            self._go_on_foot(under, place, at_s)
            return
        end_s = self._add_legs(under, first, last + 1, at_s)
        under.legs[first] = under.legs[first]._replace(wait_s=offer.wait_s)
        self._clockwork.at(end_s, self._alight, under)

    def _alight(self, under: Under, at_s: float) -> None:
        stages = _ride(under).offer.stages
        _, last = board_and_alight(stages)
        longer_s = self._act(under, Moment.ALIGHTS, stages[last].destination) or 0.0
        end_s = self._add_legs(under, last + 1, len(stages), at_s + longer_s)
        self._clockwork.at(end_s, self._arrive, under)

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

    def _add_legs(
        self, under: Under, start: int, end: int, at_s: float, wait_s: float = 0.0
    ) -> float:
        """Add the legs of some stages of the offer; return when they, and a wait, are over.

        Walks are at the traveller's pace; operators know ways roughly, streets are as they are.
        """
        ride = _ride(under)
        for stage in ride.offer.stages[start:end]:
            ends = self._spots.at(stage.origin), self._spots.at(stage.destination)
            if stage.mode is Mode.WALK:
                leg = self._travel.on_streets(Mode.WALK, *ends, at_s, pace=ride.pace)
            else:
                leg = self._travel.offered(stage.mode, *ends, at_s, stage.duration_s)
            under.legs.append(leg)
            at_s = leg.end_s
        return at_s + wait_s


def _ride(under: Under) -> Ride:
    assert under.ride is not None
    return under.ride


def board_and_alight(stages: tuple[Stage, ...]) -> tuple[int, int]:
    """Return which stage is the first that is not walked, and which is the last."""
    ridden = [i for i, stage in enumerate(stages) if stage.mode is not Mode.WALK]
    return ridden[0], ridden[-1]


def staff_habits(services: dict[str, Service]) -> list[tuple[str, Any]]:
    """Return each service's habits of its staff."""
    return [
        (name, habit)
        for name, service in services.items()
        for habit in service.habits
        if habit.moment is Moment.WORKS
    ]

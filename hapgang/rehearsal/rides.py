"""Trips with an operator: virtual residents act by the service's habits, through the same door."""

from dataclasses import dataclass, field
from typing import Any

from hapgang.contract import Caller, Do, Habit, Moment, Service, Situation
from hapgang.core.errors import CityError
from hapgang.core.geometry import Point
from hapgang.core.vocabulary.mobility import Mode, Offer, Stage, Traveller
from hapgang.rehearsal.travel import Leg
from hapgang.runtime.perform import Runtime

_MOST_TRIES = 3


@dataclass
class Ride:
    """One resident's use of one offer, moment by moment."""

    service: str
    offer: Offer
    traveller: Traveller
    caller: Caller
    stage: int = 0
    results: list[Any] = field(default_factory=list)


@dataclass
class Under:
    """A trip under way."""

    trip: int
    mode: Mode
    depart_s: float
    legs: list[Leg] = field(default_factory=list)
    ride: Ride | None = None
    cost_won: int = 0
    entity: str = ""
    transfer: str = ""


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
        habit = self._habits.get((ride.service, moment))
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


def board_and_alight(stages: tuple[Stage, ...]) -> tuple[int, int]:
    """Return which stage is the first that is not walked, and which is the last."""
    ridden = [i for i, stage in enumerate(stages) if stage.mode.value != "walk"]
    return ridden[0], ridden[-1]


def staff_habits(services: dict[str, Service]) -> list[tuple[str, Any]]:
    """Return each service's habits of its staff."""
    return [
        (name, habit)
        for name, service in services.items()
        for habit in service.habits
        if habit.moment is Moment.WORKS
    ]

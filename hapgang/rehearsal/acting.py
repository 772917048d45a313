"""Somebody acts by a service's habit: does what it says, again and again, until it says nothing."""

from typing import Any, NamedTuple

from hapgang.contract import Caller, Do, Habit, Situation
from hapgang.core.errors import CityError
from hapgang.runtime.perform import Runtime

_MOST_WISHES = 6  # of one habit at one moment


class Acted(NamedTuple):
    """What became of an occasion."""

    done: list[tuple[Do, Any]]  # and what each action returned
    refusals: list[CityError]
    gave_up: bool  # whether the last thing was refused, and the habit knew nothing else
    longer_s: float  # how long it took


def act(runtime: Runtime, caller: Caller, habit: Habit, situation: Situation) -> Acted:
    """Act in a situation, which is kept up to date; refusals are told to the habit."""
    done: list[tuple[Do, Any]] = []
    refusals: list[CityError] = []
    longer_s = 0.0
    for _ in range(_MOST_WISHES):
        try:
            wish = habit.do(situation)
            if wish is None:
                break
            longer_s += wish.after_s
            result = runtime.perform(wish.action, caller, **wish.arguments)
        except CityError as error:
            refusals.append(error)
            situation.failed, situation.refusal = True, error
            continue
        done.append((wish, result))
        situation.results.append(result)
        situation.failed, situation.refusal = False, None
        if wish.becomes is not None:
            situation.offer = wish.becomes(result)
    return Acted(done, refusals, situation.failed, longer_s)

"""The staff of services: crews that look for work, do it, and look again."""

from dataclasses import dataclass, field
from typing import Any

from hapgang.contract import Caller, Do, Habit, Role, Situation
from hapgang.core.errors import CityError
from hapgang.core.ids import urn
from hapgang.rehearsal.clockwork import Clockwork
from hapgang.rehearsal.rides import staff_habits
from hapgang.runtime.perform import Runtime

_FROM_S = 5 * 3600.0  # of the first day; crews relieve one another from then on
_IDLE_S = 600.0  # how long a crew waits before it looks for work again


def hire(runtime: Runtime, clockwork: Clockwork, *, share: float) -> None:
    """Set crews to work, as many as each service's settings say, in the share of the residents."""
    for name, habit in staff_habits(runtime.services):
        form = runtime.services[name].settings
        settings = runtime.settings_of(name, form) if form is not None else None
        for number in range(crews(getattr(settings, habit.staff, 1), share)):
            who = urn("Staff", f"{name}-{habit.staff}-{number + 1}")
            worker = Worker(runtime, clockwork, Caller(who, Role.OPERATOR), habit)
            clockwork.at(_FROM_S, worker.go_on, None)


def crews(wanted: int, share: float) -> int:
    """Crews for a share of the city's residents: at least one, unless none are wanted."""
    return max(1, round(wanted * share)) if wanted > 0 else 0


@dataclass
class Worker:
    """One crew, and what it wants to do next."""

    runtime: Runtime
    clockwork: Clockwork
    caller: Caller
    habit: Habit
    wish: Do | None = None
    results: list[Any] = field(default_factory=list)

    def go_on(self, _: None, at_s: float) -> None:
        """Do what was wanted, and think of the next thing, for as long as the city is rehearsed."""
        has_failed = self.wish is not None and not self._does(self.wish)
        situation = Situation(
            person=self.caller.id, place=None, results=self.results, failed=has_failed
        )
        self.wish = self.habit.do(situation)
        if self.wish is None:
            self.results.clear()
        wait_s = max(1.0, self.wish.after_s) if self.wish is not None else _IDLE_S
        self.clockwork.at(at_s + wait_s, self.go_on, None)
        self.clockwork.settle()

    def _does(self, wish: Do) -> bool:
        try:
            self.results.append(self.runtime.perform(wish.action, self.caller, **wish.arguments))
        except CityError:
            return False
        return True

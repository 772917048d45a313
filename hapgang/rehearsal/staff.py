"""The staff of services: crews that look for work, do it, and look again."""

from dataclasses import dataclass, field
from typing import Any

from hapgang.contract import Caller, Do, Habit, Role, Situation
from hapgang.core.errors import CityError
from hapgang.core.ids import urn
from hapgang.rehearsal.rides import staff_habits
from hapgang.runtime.perform import Runtime

_IDLE_S = 600.0  # how long a crew waits before it looks for work again


@dataclass
class Worker:
    """One crew, and what it wants to do next."""

    caller: Caller
    habit: Habit
    wish: Do | None = None
    results: list[Any] = field(default_factory=list)
    failed: bool = False


class Staff:
    """All crews of a rehearsed city."""

    def __init__(self, runtime: Runtime, *, share: float) -> None:
        """Hire as many as each service's settings say, in the share of the city's residents."""
        self._runtime = runtime
        self.workers: list[Worker] = []
        for name, habit in staff_habits(runtime.services):
            form = runtime.services[name].settings
            settings = runtime.settings_of(name, form) if form is not None else None
            hired = max(1, round(getattr(settings, habit.staff, 1) * share))
            for number in range(hired):
                who = urn("Staff", f"{name}-{habit.staff}-{number + 1}")
                self.workers.append(Worker(Caller(who, Role.OPERATOR), habit))

    def act(self, worker: Worker) -> float:
        """Let a worker do what it wanted and think of the next thing; return in how many s."""
        if worker.wish is not None:
            try:
                result = self._runtime.perform(
                    worker.wish.action, worker.caller, **worker.wish.arguments
                )
            except CityError:
                worker.failed = True
            else:
                worker.failed = False
                worker.results.append(result)
        situation = Situation(
            person=worker.caller.id, place=None, results=worker.results, failed=worker.failed
        )
        worker.wish = worker.habit.do(situation)
        if worker.wish is None:
            worker.results.clear()
            worker.failed = False
            return _IDLE_S
        return max(1.0, worker.wish.after_s)

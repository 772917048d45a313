"""Actions that hand out their long work (`contract.Aside`), and are done in parts."""

import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from hapgang.contract import Caller, Steps
from hapgang.runtime.city import CityOf
from hapgang.writer.unit import Unit

if TYPE_CHECKING:
    from hapgang.runtime.perform import Runtime

T = TypeVar("T")
DoBeside = Callable[[Callable[[], Any]], Awaitable[Any]]


def done_at_once(steps: Steps[T]) -> T:
    """Do an action in one go, long work and all: in rehearsals, and inside of other actions."""
    found = None
    while True:
        try:
            aside = steps.send(found)
        except StopIteration as end:
            result: T = end.value
            return result
        found = aside.work()


class Course:
    """One action under way; what lies between its long works is a unit of its own."""

    def __init__(
        self,
        runtime: "Runtime",
        service: str,
        name: str,
        caller: Caller,
        begin: Callable[[CityOf], Steps[Any]],
        finish: Callable[[Unit, Any], None],
    ) -> None:
        """Prepare; `finish` may add to the last unit once the result is there."""
        self._runtime = runtime
        self._service, self._name, self._caller = service, name, caller
        self._begin, self._finish = begin, finish
        self._city: CityOf | None = None
        self._steps: Steps[Any] | None = None
        self._result: Any = None
        self.took_s = 0.0  # in the writer's time

    async def run(self, beside: DoBeside) -> Any:
        """Run to the end, with what is long done by `beside`."""
        found = None
        while (work := self._part(found)) is not None:
            try:
                found = await beside(work)
            except BaseException:
                assert self._steps is not None
                self._steps.close()
                raise
        return self._result

    def _part(self, found: Any) -> Callable[[], Any] | None:
        """Go on to the next long work and return it; None when the action is over."""
        started_s = time.perf_counter()
        unit = self._runtime.open(self._name, self._caller)
        work = None
        try:
            city, steps = self._entered(unit)
            try:
                work = steps.send(found).work
            except StopIteration as end:
                self._result = end.value
                self._finish(unit, end.value)
            else:
                _check_unwritten(unit, city, self._name)
        except BaseException:
            unit.take_back()
            raise
        self._runtime.started.extend(city.started)
        self._runtime.writer.commit(unit)
        self.took_s += time.perf_counter() - started_s
        return work

    def _entered(self, unit: Unit) -> tuple[CityOf, Steps[Any]]:
        if self._city is None or self._steps is None:
            self._city = CityOf(self._runtime, self._service, unit, self._caller)
            self._steps = self._begin(self._city)
        else:
            self._city.enter(unit)
        return self._city, self._steps


def _check_unwritten(unit: Unit, city: CityOf, name: str) -> None:
    """Raise where half of an action would be kept."""
    if unit.undo or unit.items or unit.transfers or city.started:
        raise TypeError(f"{name} has written something before it hands out work")

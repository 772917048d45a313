"""The virtual city's time: one heap of what will happen, and what happens by itself on the way."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hapgang.core.clock import VirtualClock
from hapgang.runtime.handlers import Handlers
from hapgang.runtime.jobs import Jobs
from hapgang.runtime.perform import Runtime
from hapgang.runtime.schedules import Schedules

Happening = Callable[[Any, float], None]


class Clockwork:
    """Moves the clock from one happening to the next; schedules, handlers and jobs run with it.

    Times are seconds after the midnight of the present day. What falls on one instant happens in
    the order in which it was put in.
    """

    def __init__(
        self, runtime: Runtime, clock: VirtualClock, keep_up: Callable[[], None] | None = None
    ) -> None:
        """Start now; a disk is given the chance to `keep_up` again and again."""
        self._runtime, self._clock, self._keep_up = runtime, clock, keep_up
        self._handlers, self._jobs = Handlers(runtime), Jobs(runtime)
        self._schedules = Schedules(runtime)
        self._midnight = clock.now()
        self._heap: list[tuple[float, int, Happening, Any]] = []
        self._order = 0

    def begin(self, midnight: datetime) -> None:
        """Count the seconds from another midnight; what is still to happen happens as it would."""
        later_s = (midnight - self._midnight).total_seconds()
        self._heap = [(at_s - later_s, *rest) for at_s, *rest in self._heap]
        self._midnight = midnight

    @property
    def now_s(self) -> float:
        """Seconds after midnight."""
        return (self._clock.now() - self._midnight).total_seconds()

    def at(self, at_s: float, happen: Happening, what: Any) -> None:
        """Let something happen at a time; it is told what, and when."""
        self._order += 1
        heapq.heappush(self._heap, (at_s, self._order, happen, what))

    def run(self, until_s: float, is_busy: Callable[[], bool]) -> None:
        """Let things happen until a time, and for as long after it as somebody is busy."""
        while self._heap and (self._heap[0][0] <= until_s or is_busy()):
            at_s, _, happen, what = heapq.heappop(self._heap)
            self._advance(at_s)
            happen(what, at_s)
        self._advance(until_s)
        self.settle()

    def settle(self) -> None:
        """Let handlers and jobs follow up on what has happened."""
        self._handlers.drain()
        while self._runtime.started:
            self._jobs.run_started()
            self._handlers.drain()
        if self._keep_up is not None:
            self._keep_up()

    def _advance(self, at_s: float) -> None:
        """Move the clock, and let schedules run that are due on the way."""
        instant = self._midnight + timedelta(seconds=at_s)
        now = self._clock.now()
        while (due := self._schedules.next_at) is not None and due <= instant:
            now = max(due, now)
            self._clock.advance_to(now)
            self._schedules.run_due()
            self.settle()
        if instant > now:
            self._clock.advance_to(instant)

"""What happens by itself: actions that run again and again on the city's clock."""

import heapq
import logging
from datetime import UTC, datetime, timedelta

import msgspec

from hapgang.contract import Schedule
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.specs import ActionSpec

_log = logging.getLogger(__name__)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Schedules:
    """All schedules of a city, with when each is due next.

    Runs lie on the clock's grid ("every 15 min" is at :00, :15, :30 and :45), so a rehearsal and a
    restart meet the same instants. Runs that were missed while the city was down happen once. A
    cursor ahead of the clock, left by a clock that was wrong, counts as now.
    """

    def __init__(self, runtime: Runtime, cursors: dict[str, int] | None = None) -> None:
        """Plan every service's schedules from now on, or from their cursors (seconds, UTC)."""
        self._runtime = runtime
        self._due: list[tuple[datetime, str, timedelta, ActionSpec]] = []
        known = cursors or {}
        now = runtime.clock.now()
        for service in runtime.services.values():
            for schedule in service.every:
                self._plan(schedule, known, now)

    @property
    def next_at(self) -> datetime | None:
        """When something is due next."""
        return self._due[0][0] if self._due else None

    def run_due(self) -> None:
        """Run what is due now, in the order of times and names."""
        now = self._runtime.clock.now()
        while self._due and self._due[0][0] <= now:
            at, name, every, spec = self._due[0]
            later = at + every * (1 + (now - at) // every)
            heapq.heapreplace(self._due, (later, name, every, spec))
            cursor = (name, round((now - _EPOCH).total_seconds()))
            try:
                self._runtime.run(
                    spec, PLATFORM, msgspec.convert({}, spec.arguments), cursor=cursor
                )
            except Exception as error:  # noqa: BLE001 (the next run may succeed; the city goes on)
                _log.warning("%s: %s", spec.name, error)

    def _plan(self, schedule: Schedule, known: dict[str, int], now: datetime) -> None:
        spec = self._runtime.spec(schedule.action)
        name = f"every:{spec.name}"
        last = min(_EPOCH + timedelta(seconds=known[name]), now) if name in known else now
        first = _EPOCH + schedule.every * (1 + (last - _EPOCH) // schedule.every)
        heapq.heappush(self._due, (first, name, schedule.every, spec))

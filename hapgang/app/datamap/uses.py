"""How often each set of data is read: counted by day, for thirty days, nobody's name kept."""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

import msgspec

_DAYS = 30
_MOST_SETS = 2_000  # free types are named by clients: of more, those read longest ago are forgotten


class Use(msgspec.Struct, frozen=True):
    """Reads since the city began to run, at most of the last thirty days."""

    since: datetime
    reads: int
    reads_today: int


class Uses:
    """The counters of one process."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._since: datetime | None = None
        self._days: OrderedDict[str, dict[date, int]] = OrderedDict()

    def note(self, names: Iterable[str], at: datetime, times: int = 1) -> None:
        """Count one read of each, or several."""
        self._since = self._since or at
        day = at.date()
        for name in names:
            days = self._days.setdefault(name, {})
            self._days.move_to_end(name)
            days[day] = days.get(day, 0) + times
            if len(days) > _DAYS:
                del days[min(days)]
        while len(self._days) > _MOST_SETS:
            self._days.popitem(last=False)

    def take(self) -> dict[str, int]:
        """Return how often each was read, and begin at zero."""
        taken = {name: sum(days.values()) for name, days in self._days.items()}
        self._days.clear()
        return taken

    def of(self, name: str, at: datetime) -> Use:
        """Return how often a set was read."""
        first = at.date() - timedelta(days=_DAYS - 1)
        days = {day: n for day, n in self._days.get(name, {}).items() if day >= first}
        return Use(self._since or at, sum(days.values()), days.get(at.date(), 0))

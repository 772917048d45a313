"""How the city is doing, as counts and times: what `/metrics` shows."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from hapgang.core.errors import CityError
from hapgang.core.histogram import Histogram
from hapgang.runtime.exposition import Family, Sample, of_histogram

_BOUNDS_S = (0.000_05, 0.000_1, 0.000_2, 0.000_5, 0.001, 0.005, 0.02, 0.1)


class Timing(NamedTuple):
    """How often an action ran and how long it took, all together and at the most."""

    runs: int
    total_s: float
    longest_s: float


class Fault(NamedTuple):
    """How often an action failed that refused nobody, and when and how it did last."""

    times: int
    name: str
    at: datetime


class Metrics:
    """Counters of one city process."""

    def __init__(self) -> None:
        """Start at zero."""
        self._timings: dict[str, Timing] = {}
        self._seconds: dict[str, Histogram] = {}
        self._failures: dict[tuple[str, str], int] = defaultdict(int)
        self._faults: dict[str, Fault] = {}

    def done(self, action: str, took_s: float) -> None:
        """Count an action that succeeded."""
        runs, total_s, longest_s = self._timings.get(action, (0, 0.0, 0.0))
        self._timings[action] = Timing(runs + 1, total_s + took_s, max(longest_s, took_s))
        seconds = self._seconds.get(action)
        if seconds is None:
            seconds = self._seconds[action] = Histogram(_BOUNDS_S)
        seconds.add(took_s)

    def failed(self, action: str, error: BaseException, at: datetime) -> None:
        """Count an action that did not: refused, or at fault."""
        name = type(error).__name__
        self._failures[action, name] += 1
        if isinstance(error, Exception) and not isinstance(error, CityError):
            known = self._faults.get(action)
            self._faults[action] = Fault(1 if known is None else known.times + 1, name, at)

    def faults(self) -> dict[str, Fault]:
        """Return the faults of every action that had any."""
        return dict(self._faults)

    def timings(self) -> dict[str, Timing]:
        """Return every action's timing."""
        return dict(self._timings)

    def families(self) -> Iterator[Family]:
        """Yield the counters."""
        yield Family(
            "hapgang_action_seconds", "histogram", "Time that an action took.",
            [
                sample
                for action, found in sorted(self._seconds.items())
                for sample in of_histogram(found, {"action": action})
            ],
        )  # fmt: skip
        yield Family(
            "hapgang_action_longest_seconds", "gauge", "The longest that an action took.",
            [Sample(t.longest_s, {"action": a}) for a, t in sorted(self._timings.items())],
        )  # fmt: skip
        yield Family(
            "hapgang_action_failures", "counter", "Refusals and faults by action and error.",
            [
                Sample(count, {"action": action, "error": error})
                for (action, error), count in sorted(self._failures.items())
            ],
        )  # fmt: skip

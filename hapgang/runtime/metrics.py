"""How the city is doing, as counts and times: what `/metrics` shows."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from hapgang.core.errors import CityError

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
        self._buckets: dict[str, list[int]] = {}
        self._failures: dict[tuple[str, str], int] = defaultdict(int)
        self._faults: dict[str, Fault] = {}

    def done(self, action: str, took_s: float) -> None:
        """Count an action that succeeded."""
        runs, total_s, longest_s = self._timings.get(action, (0, 0.0, 0.0))
        self._timings[action] = Timing(runs + 1, total_s + took_s, max(longest_s, took_s))
        buckets = self._buckets.get(action)
        if buckets is None:
            buckets = self._buckets[action] = [0] * len(_BOUNDS_S)
        for i, bound_s in enumerate(_BOUNDS_S):
            if took_s <= bound_s:
                buckets[i] += 1
                break

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

    def lines(self) -> list[str]:
        """Return the counters in the OpenMetrics text format."""
        out = ["# TYPE hapgang_action_seconds histogram"]
        for action, timing in sorted(self._timings.items()):
            running = 0
            for bound_s, count in zip(_BOUNDS_S, self._buckets[action], strict=True):
                running += count
                label = f'action="{action}",le="{bound_s:g}"'
                out.append(f"hapgang_action_seconds_bucket{{{label}}} {running}")
            label = f'action="{action}"'
            out.append(f'hapgang_action_seconds_bucket{{{label},le="+Inf"}} {timing.runs}')
            out.append(f"hapgang_action_seconds_sum{{{label}}} {timing.total_s:.9f}")
            out.append(f"hapgang_action_seconds_count{{{label}}} {timing.runs}")
        out.append("# TYPE hapgang_action_longest_seconds gauge")
        for action, timing in sorted(self._timings.items()):
            label = f'action="{action}"'
            out.append(f"hapgang_action_longest_seconds{{{label}}} {timing.longest_s:.9f}")
        out.append("# TYPE hapgang_action_failures counter")
        for (action, error), count in sorted(self._failures.items()):
            label = f'action="{action}",error="{error}"'
            out.append(f"hapgang_action_failures_total{{{label}}} {count}")
        return out

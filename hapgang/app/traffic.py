"""What is asked of a city process: how often, how long it takes, and which requests were slow."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

import msgspec

from hapgang.app.traces import current
from hapgang.core.histogram import Histogram
from hapgang.runtime.exposition import Family, Sample, of_histogram, one

BOUNDS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
SLOW_S = 0.25
MOST_SLOW = 256
OTHER = "other"  # the portal's files, and what is nowhere


class SlowRequest(msgspec.Struct, frozen=True):
    """A request that took long or failed; of which route, not of whom or about whom."""

    at: datetime
    method: str
    route: str
    status: int
    seconds: float
    role: str
    trace: str | None


class Counted(msgspec.Struct, frozen=True):
    """What was counted in one process, for another to add."""

    seconds: list[tuple[str, str, list[int], float]]  # method, route, counts, their sum
    statuses: list[tuple[str, str, str, int]]
    slow: list[SlowRequest]


class Traffic:
    """Counters of the requests of one process; as many as there are routes, whatever is asked."""

    def __init__(self) -> None:
        """Start at zero."""
        self._seconds: dict[tuple[str, str], Histogram] = {}
        self._statuses: dict[tuple[str, str, str], int] = {}
        self._slow: deque[SlowRequest] = deque(maxlen=MOST_SLOW)
        self.under_way = 0
        self.connections: Callable[[], int] = lambda: self.under_way
        self.besides: Callable[[], Iterable[Family]] = tuple  # what else is told here

    def done(
        self,
        method: str,
        route: str,
        status: int,
        took_s: float,
        role: str,
        now: Callable[[], datetime],
    ) -> None:
        """Count a request whose answer is there."""
        if route == OTHER and method not in ("GET", "HEAD", "POST"):
            method = OTHER
        self._histogram(method, route).add(took_s)
        key = (method, route, f"{status // 100}xx")
        self._statuses[key] = self._statuses.get(key, 0) + 1
        if took_s >= SLOW_S or status >= 500:
            trace = current()
            self._slow.append(
                SlowRequest(
                    now(), method, route, status, round(took_s, 6), role,
                    None if trace is None else trace.trace,
                )
            )  # fmt: skip

    def take(self) -> Counted:
        """Return what was counted, and begin at zero."""
        counted = Counted(
            [(*key, found.counts, found.total) for key, found in self._seconds.items()],
            [(*key, times) for key, times in self._statuses.items()],
            list(self._slow),
        )
        self._seconds, self._statuses = {}, {}
        self._slow.clear()
        return counted

    def add(self, counted: Counted) -> None:
        """Count what another process answered."""
        for method, route, counts, total in counted.seconds:
            self._histogram(method, route).add_counts(counts, total)
        for method, route, status, times in counted.statuses:
            key = (method, route, status)
            self._statuses[key] = self._statuses.get(key, 0) + times
        self._slow.extend(counted.slow)

    def _histogram(self, method: str, route: str) -> Histogram:
        found = self._seconds.get((method, route))
        if found is None:
            found = self._seconds[method, route] = Histogram(BOUNDS_S)
        return found

    def slow(self) -> list[SlowRequest]:
        """Return the requests that took long or failed, the newest first."""
        return list(reversed(self._slow))

    def families(self) -> Iterator[Family]:
        """Yield the counters."""
        yield from self.besides()
        yield one("hapgang_open_requests", "gauge", "Requests and streams.", self.under_way)
        yield one("hapgang_open_connections", "gauge", "Connections.", self.connections())
        yield Family(
            "hapgang_http_requests", "counter", "Requests by route and status.",
            [
                Sample(count, {"method": method, "route": route, "status": status})
                for (method, route, status), count in sorted(self._statuses.items())
            ],
        )  # fmt: skip
        yield Family(
            "hapgang_http_request_seconds", "histogram", "Time until the answer was there.",
            [
                sample
                for (method, route), found in sorted(self._seconds.items())
                for sample in of_histogram(found, {"method": method, "route": route})
            ],
        )  # fmt: skip

"""City time: the only source of "now" that a service may use.

Times are aware and in UTC inside; the city's zone is for people.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """What tells the time, in a real city and in a rehearsed one."""

    zone: ZoneInfo

    def now(self) -> datetime:
        """Return the present instant, UTC; never earlier than what it returned before."""


class RealClock:
    """The machine's clock, kept from running backwards when somebody sets it."""

    def __init__(self, zone: ZoneInfo) -> None:
        """Tell the time for a city in `zone`."""
        self.zone = zone
        self._latest_s = 0.0

    def now(self) -> datetime:
        """Return the present instant; a clock set back stands still until it catches up."""
        self._latest_s = max(self._latest_s, time.time())
        return datetime.fromtimestamp(self._latest_s, UTC)


class VirtualClock:
    """A clock that a rehearsal moves by hand."""

    def __init__(self, start: datetime, zone: ZoneInfo) -> None:
        """Start at an aware instant."""
        self.zone = zone
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant last moved to."""
        return self._now

    def advance_to(self, instant: datetime) -> None:
        """Move forward to an aware instant; going back is a `ValueError`."""
        if instant < self._now:
            raise ValueError(f"a city's clock cannot go back from {self._now} to {instant}")
        self._now = instant

    def advance_by(self, seconds: float) -> None:
        """Move forward by a number of seconds."""
        self.advance_to(self._now + timedelta(seconds=seconds))

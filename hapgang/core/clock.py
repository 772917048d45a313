"""City time: the only source of "now" that a service may use.

Times are aware and in UTC inside; the city's zone is for people.
"""

import logging
import time
from datetime import UTC, datetime, timedelta
from typing import Annotated, Protocol
from zoneinfo import ZoneInfo

from msgspec import Meta

LONGEST_STAND_S = 60.0  # assumption: what people bear at a restart, if a clock was set back
Instant = Annotated[datetime, Meta(tz=True)]  # with a time zone, or it is none
_log = logging.getLogger(__name__)


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

    def go_on_from(self, last: datetime) -> None:
        """Go on after what a city did last, unless the machine's clock was far ahead by then."""
        now_s, last_s = time.time(), last.timestamp()
        if last_s - now_s > LONGEST_STAND_S:
            _log.warning(
                "the city's last change is dated %s, ahead of this machine's clock; that clock was"
                " wrong then or is now, and the city goes on from it: %s",
                last.isoformat(), datetime.fromtimestamp(now_s, UTC).isoformat(),
            )  # fmt: skip
            last_s = now_s
        self._latest_s = last_s

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

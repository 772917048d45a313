"""What became of a subscription's notifications, in numbers (clause 5.2.14)."""

from datetime import datetime
from typing import Any

import msgspec

from hapgang.hub.ngsild.instants import written


class Tally(msgspec.Struct):
    """Counted by notification, however often each was tried."""

    sent: int = 0  # notifications that were tried at all
    failed: int = 0  # attempts that were not taken
    last: datetime | None = None
    last_success: datetime | None = None
    last_failure: datetime | None = None
    reason: str = ""  # of the last failure
    is_failing: bool = False

    def note(
        self, state: str, reason: str, now: datetime, is_first: bool, is_attempt: bool
    ) -> None:
        """Count an attempt."""
        if is_first and is_attempt:
            self.sent += 1
        if is_attempt:
            self.last = now
        if state == "sent":
            self.last_success, self.is_failing = now, False
        elif state in ("failed", "dead"):
            self.failed += is_attempt
            self.last_failure, self.reason, self.is_failing = now, reason, True

    def told(self) -> dict[str, Any]:
        """Return what a subscription says of its notifications; nothing before the first."""
        if self.last is None:
            return {}
        out: dict[str, Any] = {
            "status": "failed" if self.is_failing else "ok",
            "timesSent": self.sent,
            "lastNotification": written(self.last),
        }
        if self.failed:
            out["timesFailed"] = self.failed
        if self.last_success is not None:
            out["lastSuccess"] = written(self.last_success)
        if self.last_failure is not None:
            out["lastFailure"] = written(self.last_failure)
            out["lastFailureReason"] = self.reason
        return out

"""How sources have been doing, since this process started (clause 5.2.9): counts and cool-downs."""

from datetime import datetime
from typing import Any

import msgspec

from hapgang.hub.ngsild.instants import written

_MOST = 2_000


class _State(msgspec.Struct):
    sent: int = 0
    failed: int = 0
    last_success: datetime | None = None
    last_failure: datetime | None = None
    is_well: bool = True
    rests_until_s: float = 0.0


class Health:
    """What is known of each registration's source."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._known: dict[str, _State] = {}

    def rests(self, registration: str, now_s: float) -> bool:
        """Whether a source that failed is left alone for a while."""
        state = self._known.get(registration)
        return state is not None and now_s < state.rests_until_s

    def answered(self, registration: str, at: datetime) -> None:
        """Note an answer."""
        state = self._of(registration)
        state.sent += 1
        state.last_success, state.is_well, state.rests_until_s = at, True, 0.0

    def failed(self, registration: str, at: datetime, *, rests_until_s: float) -> None:
        """Note that no answer came."""
        state = self._of(registration)
        state.sent += 1
        state.failed += 1
        state.last_failure, state.is_well, state.rests_until_s = at, False, rests_until_s

    def told(self, registration: str) -> dict[str, Any]:
        """Return what a client is told of it; nothing where it was never asked."""
        state = self._known.get(registration)
        if state is None:
            return {}
        out: dict[str, Any] = {"status": "ok" if state.is_well else "failed"}
        out["timesSent"], out["timesFailed"] = state.sent, state.failed
        if state.last_success is not None:
            out["lastSuccess"] = written(state.last_success)
        if state.last_failure is not None:
            out["lastFailure"] = written(state.last_failure)
        return out

    def _of(self, registration: str) -> _State:
        state = self._known.get(registration)
        if state is None:
            if len(self._known) >= _MOST:
                self._known.pop(next(iter(self._known)))
            state = self._known[registration] = _State()
        return state

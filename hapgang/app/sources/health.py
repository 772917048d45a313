"""How sources have been doing, since this process started (clause 5.2.9): counts and cool-downs."""

from datetime import datetime
from typing import Any

import msgspec

from hapgang.hub.ngsild.instants import written

_MOST = 2_000
_PATIENCE = 2  # silences in a row that nothing follows from
_REST_S = 2.0
_MOST_REST_S = 30.0


class _State(msgspec.Struct):
    sent: int = 0
    failed: int = 0
    last_success: datetime | None = None
    last_failure: datetime | None = None
    is_well: bool = True
    silences: int = 0  # in a row
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
        state.silences = 0

    def failed(
        self, registration: str, at: datetime, *, is_late: bool, now_s: float, cooldown_s: float
    ) -> None:
        """Note that no answer came: the source rests for a while.

        As long as its registration says; else not at all, but who is silent several times in a row
        for longer and longer.
        """
        state = self._of(registration)
        state.sent += 1
        state.failed += 1
        state.silences = state.silences + 1 if is_late else 0
        rest_s = cooldown_s or min(_REST_S * max(state.silences - _PATIENCE, 0), _MOST_REST_S)
        state.last_failure, state.is_well, state.rests_until_s = at, False, now_s + rest_s

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

"""How fast a device may speak: so many messages a second, and a minute's worth at once.

Who was cut off for a while may say what it kept; who never stops is passed over beyond its pace,
and one message a minute says so. Counted by the times at which messages came in, so what is read
again after a fall is judged as it was.
"""

from datetime import datetime

import msgspec

USUAL_PER_S = 20.0
_BURST_S = 60.0
_TELL_S = 60.0
_MOST_DEVICES = 50_000  # as many as may be connected at once; the silent ones are forgotten first


class _Account(msgspec.Struct):
    at_s: float
    left: float  # messages that it may say at once
    told_s: float = -_TELL_S
    over: int = 0  # messages passed over since that was told


class Surplus(msgspec.Struct, frozen=True):
    """A message too many; `over` messages are passed over since that was told, 0 tells nothing."""

    over: int = 0


class Pace:
    """Counts the messages of devices."""

    def __init__(self, per_s: float = USUAL_PER_S) -> None:
        """Let each device say so many messages a second."""
        self.per_s = per_s
        self._most = max(per_s * _BURST_S, 1.0)
        self._accounts: dict[str, _Account] = {}

    def surplus(self, device: str, at: datetime) -> Surplus | None:
        """Count a message; say whether it is one too many."""
        now_s = at.timestamp()
        account = self._accounts.pop(device, None) or _Account(now_s, self._most)
        self._accounts[device] = account  # now the last to be forgotten
        if len(self._accounts) > _MOST_DEVICES:
            del self._accounts[next(iter(self._accounts))]
        passed_s = max(now_s - account.at_s, 0.0)
        account.at_s = max(now_s, account.at_s)
        account.left = min(account.left + passed_s * self.per_s, self._most)
        if account.left >= 1.0:
            account.left -= 1.0
            return None
        account.over += 1
        if account.at_s - account.told_s < _TELL_S:
            return Surplus()
        over, account.over, account.told_s = account.over, 0, account.at_s
        return Surplus(over)

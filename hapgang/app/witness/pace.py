"""How often somebody may ask: a bucket of so many requests for each address, that fills again."""

from collections import OrderedDict

_MOST_KNOWN = 1_024  # addresses


class Pace:
    """So many requests at once, and then so many a second; by address."""

    def __init__(self, most: float, each_s: float) -> None:
        """Let `most` come at once, and one more each `each_s` seconds."""
        self._most, self._each_s = most, each_s
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def takes(self, who: str, now_s: float) -> bool:
        """Whether one more from an address is taken now."""
        left, at_s = self._left.pop(who, (self._most, now_s))
        left = min(self._most, left + max(0.0, now_s - at_s) / self._each_s)
        is_taken = left >= 1.0
        self._left[who] = (left - is_taken, now_s)
        if len(self._left) > _MOST_KNOWN:  # who has not asked for longest would be full by now
            self._left.popitem(last=False)
        return is_taken

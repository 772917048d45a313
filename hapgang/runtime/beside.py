"""Work beside the city: long and pure, in a few threads, while the one writer goes on."""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hapgang.core.errors import Unavailable

_MOST_AT_ONCE = 64
_MOST_OF_ONE = 4
# s after which a thread that computes lets the writer's go on: a tenth of what Python would take.
_TURN_S = 0.0005


class TooManyAtOnce(Unavailable):
    """One caller asks for more at a time than anybody may."""

    status = 429


class Beside:
    """A few threads, a queue with an end, and a bound for each caller.

    A thread holds the interpreter only while it runs Python; compiled searches let it go.
    """

    def __init__(self, *, threads: int | None = None, most: int = _MOST_AT_ONCE) -> None:
        """Leave one processor to the writer."""
        self.threads = threads or max(1, (os.cpu_count() or 2) - 1)
        self._most = most
        self._pool: ThreadPoolExecutor | None = None
        self._of: Counter[str] = Counter()

    @property
    def under_way(self) -> int:
        """How many pieces of work are waited for."""
        return self._of.total()

    async def __call__(self, work: Callable[[], Any], who: str = "") -> Any:
        """Do work for a caller and return what it returns; the city's own has no name, no bound."""
        if who:
            self._check_room(who)
        if self._pool is None:
            sys.setswitchinterval(min(sys.getswitchinterval(), _TURN_S))
            self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="beside")
        self._of[who] += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._of[who] -= 1
            if not self._of[who]:
                del self._of[who]

    def _check_room(self, who: str) -> None:
        if self._of[who] >= _MOST_OF_ONE:
            raise TooManyAtOnce(
                f"You have asked {_MOST_OF_ONE} times and are not answered yet; wait for that.",
                f"아직 처리 중인 요청이 {_MOST_OF_ONE}건 있습니다. 응답을 받은 뒤 다시 요청하세요.",
            )
        if self.under_way >= self._most:
            raise Unavailable(
                "Too many people ask at the moment. Please try again in a few seconds.",
                "지금 요청이 많습니다. 몇 초 뒤에 다시 시도해 주세요.",
            )

"""The queue of one subscription: in order, one at a time, and in nobody else's way."""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from hapgang.app.notify.doors import Door, Message, NotTaken
from hapgang.hub.subscriptions.notice import Notice
from hapgang.hub.subscriptions.rules import Rule

MOST_WAITING = 2_000  # deliveries of one subscription in memory; the oldest becomes a dead letter
MOST_ATTEMPTS = 8
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 300.0
_STANDARD_LIMIT_S, _LONGEST_LIMIT_S = 5.0, 30.0
_UNHEARD_S = 30.0  # until it is looked again whether anybody listens
_LINGER_S = 15.0  # how long a connection is kept that nobody uses


class Delivery(NamedTuple):
    """A notice on its way to one subscription."""

    notice: Notice
    attempts: int = 0  # that failed


class Outcome(NamedTuple):
    """What became of an attempt."""

    deliveries: list[Delivery]
    state: str  # sent, failed, dead, dropped
    reason: str = ""
    is_first: bool = False  # whether it was the first attempt
    is_attempt: bool = True


_log = logging.getLogger(__name__)
Make = Callable[[Rule, list[Delivery]], Awaitable[Message]]
Tell = Callable[[str, Outcome], None]


class Lane:
    """What waits for one subscription."""

    def __init__(
        self, subscription: str, *, rule: Callable[[], Rule | None], door: Callable[[Rule], Door],
        make: Make, tell: Tell, jitter: Callable[[], float], doubtful: asyncio.Semaphore,
    ) -> None:  # fmt: skip
        """Deliver by what `rule`, `door` and `make` give; `tell` hears what became of it.

        doubtful: how many receivers that failed before are tried at once, so that they are in
        nobody's way but their own.
        """
        self.subscription = subscription
        self.waiting: deque[Delivery] = deque()
        self._rule = rule
        self._make_door = door
        self._make = make
        self._tell = tell
        self._jitter = jitter
        self._doubtful = doubtful
        self._door: Door | None = None
        self._door_rule: Rule | None = None
        self._wake = asyncio.Event()
        self._is_over = False
        self._is_trying = False
        self._failures = 0  # in a row
        self._not_before_s = 0.0
        self._last_s = -1e9  # when something was sent last

    def put(self, delivery: Delivery) -> None:
        """Add a delivery; where too many wait, the oldest is given up for now."""
        self.waiting.append(delivery)
        self._is_over = False
        if len(self.waiting) > MOST_WAITING:
            self.give_up_oldest(f"more than {MOST_WAITING:,} notifications waited")
        self._wake.set()

    def give_up_oldest(self, reason: str) -> None:
        """Make the oldest a dead letter, which an operator can send again."""
        at = 1 if self._is_trying and len(self.waiting) > 1 else 0
        oldest = self.waiting[at]
        del self.waiting[at]
        gone = Outcome([oldest], "dead", reason, is_first=not oldest.attempts, is_attempt=False)
        self._tell(self.subscription, gone)

    def hurry(self) -> None:
        """Look again: the subscription has changed, or is to be tried at once."""
        self._not_before_s, self._failures = 0.0, 0
        self._wake.set()

    def end_if_idle(self) -> None:
        """End, with the connection, where nothing has come for a while."""
        if not self.waiting and time.monotonic() - self._last_s > _LINGER_S:
            self._is_over = True
            self._wake.set()

    def close(self) -> None:
        """Let go of the connection."""
        if self._door is not None:
            self._door.close()
            self._door = None

    async def run(self) -> None:
        """Deliver until nothing has come for a while."""
        try:
            while True:
                self._wake.clear()
                if not self.waiting:
                    if self._is_over:
                        return
                    await self._wake.wait()
                    continue
                rule = self._rule()
                if rule is None:
                    self._end("the subscription was deleted")
                    return
                pause_s = self._pause_s(rule)
                if pause_s > 0:
                    await self._woken(pause_s)
                else:
                    await self._deliver(rule)
        finally:
            self.close()

    async def _woken(self, limit_s: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await self._wake.wait()

    def _pause_s(self, rule: Rule) -> float:
        """Return how long nothing may be sent, s."""
        if not rule.words.isActive:
            return 3600.0
        until = self._not_before_s
        if rule.words.throttling is not None:
            until = max(until, self._last_s + rule.words.throttling)
        return until - time.monotonic()

    async def _deliver(self, rule: Rule) -> None:
        """Try once: the oldest that waits, or where it is throttled all that wait together."""
        count = len(self.waiting) if rule.words.throttling is not None else 1
        batch = [self.waiting[place] for place in range(count)]
        self._is_trying = True
        try:
            outcome = await self._attempt(rule, batch)
        finally:
            self._is_trying = False
        if outcome is None:
            return
        is_first = not any(one.attempts for one in batch)
        done = self._taken(batch, outcome.deliveries)
        if outcome.state == "failed":
            self.waiting.extendleft(reversed(done))
        self._tell(self.subscription, outcome._replace(deliveries=done, is_first=is_first))

    def _taken(self, batch: list[Delivery], tried: list[Delivery]) -> list[Delivery]:
        """Take from the queue what was tried; what was given up meanwhile has had its end."""
        waiting = self.waiting
        done = []
        for old, new in zip(batch, tried, strict=True):
            if waiting and waiting[0] is old:
                waiting.popleft()
                done.append(new)
        return done

    async def _attempt(self, rule: Rule, batch: list[Delivery]) -> Outcome | None:
        limit_s = (rule.words.notification.endpoint.timeout or 1000 * _STANDARD_LIMIT_S) / 1000
        try:
            if self._failures:
                async with self._doubtful:
                    await self._send(rule, batch, min(limit_s, _LONGEST_LIMIT_S))
            else:
                await self._send(rule, batch, min(limit_s, _LONGEST_LIMIT_S))
        except NotTaken as error:
            if not error.counts:
                self._not_before_s = time.monotonic() + _UNHEARD_S
                return None
            return self._failed(rule, batch, error)
        except Exception as error:  # noqa: BLE001 (told of the notification; the others go on)
            _log.exception("%s could not be told", self.subscription)
            return self._failed(rule, batch, NotTaken(f"{type(error).__name__}: {error}"[:200]))
        self._failures, self._last_s = 0, time.monotonic()
        return Outcome(batch, "sent")

    async def _send(self, rule: Rule, batch: list[Delivery], limit_s: float) -> None:
        try:
            async with asyncio.timeout(limit_s):
                message = await self._make(rule, batch)
                await self._door_of(rule).send(message)
        except TimeoutError:
            raise NotTaken(f"no answer within {limit_s:g} s") from None

    def _failed(self, rule: Rule, batch: list[Delivery], error: NotTaken) -> Outcome:
        self._failures += 1
        pause_s = min(_FIRST_PAUSE_S * 2 ** (self._failures - 1), _LONGEST_PAUSE_S)
        pause_s *= 0.75 + 0.5 * self._jitter()
        cooldown_s = (rule.words.notification.endpoint.cooldown or 0) / 1000
        self._not_before_s = time.monotonic() + max(pause_s, cooldown_s)
        tried = [one._replace(attempts=one.attempts + 1) for one in batch]
        is_over = error.is_final or max(one.attempts for one in tried) >= MOST_ATTEMPTS
        return Outcome(tried, "dead" if is_over else "failed", error.reason)

    def _door_of(self, rule: Rule) -> Door:
        if self._door is None or self._door_rule is not rule:
            self.close()
            self._door, self._door_rule = self._make_door(rule), rule
        return self._door

    def drop(self, gone: list[Delivery], reason: str) -> None:
        """Deliver some of what waits to nobody."""
        places = {id(one) for one in gone}
        self.waiting = deque(one for one in self.waiting if id(one) not in places)
        self._tell(self.subscription, Outcome(gone, "dropped", reason, is_attempt=False))

    def _end(self, reason: str) -> None:
        if self.waiting:
            gone = list(self.waiting)
            self.waiting.clear()
            self._tell(self.subscription, Outcome(gone, "dropped", reason, is_attempt=False))

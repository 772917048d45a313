"""Subscriptions with a time interval (clause 5.8.6): told again and again on the city's clock."""

import asyncio
import logging
from datetime import datetime, timedelta

from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.ngsild.subscriptions import tell_periodically

_PAUSE_S = 0.25
_log = logging.getLogger(__name__)


class Timers:
    """When each of them is due."""

    def __init__(self, runtime: Runtime) -> None:
        """Count from now on."""
        self._runtime = runtime
        self._due: dict[str, datetime] = {}

    async def run(self) -> None:
        """Tell what is due until cancelled."""
        while True:
            self.tell_due()
            await asyncio.sleep(_PAUSE_S)

    def tell_due(self) -> None:
        """Tell what is due now; what was missed meanwhile is told once."""
        now = self._runtime.clock.now()
        rules = self._runtime.subscriptions.index.rules
        intervals = {
            rule.id: rule.words.timeInterval
            for rule in rules.values()
            if rule.words.timeInterval is not None
        }
        self._due = {name: at for name, at in self._due.items() if name in intervals}
        for name, interval_s in intervals.items():
            step = timedelta(seconds=interval_s)
            due = self._due.setdefault(name, now + step)
            if now < due:
                continue
            self._due[name] = max(due + step, now)
            try:
                self._runtime.perform(tell_periodically, PLATFORM, subscription=name)
            except Exception as error:  # noqa: BLE001 (the others are told all the same)
                _log.warning("%s could not be told: %s", name, error)

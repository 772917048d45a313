"""How each service is doing in this process: what its directory shows beside its level."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from hapgang.core.vocabulary.platform import DeadLetter
from hapgang.runtime.handlers import Handlers
from hapgang.runtime.perform import Runtime

# Assumption: what went wrong an hour ago and not since needs nobody's eyes any more.
_RECENT = timedelta(hours=1)
_MOST_WAITING = 1_000


class Condition(msgspec.Struct, frozen=True):
    """One service, since this process began.

    `strained`: something failed that should not within the last hour, or lines of the feed wait.
    `ill`: its handlers could not take something; an operator has to look.
    """

    service: str
    state: Literal["well", "strained", "ill"]
    runs: int
    longest_ms: float
    faults: int  # failures that are nobody's refusal
    last_fault: str | None
    last_fault_at: datetime | None
    waiting: int  # lines of the feed; at least, where a handler reads them from disk
    dead_letters: int


def condition_of(runtime: Runtime, handlers: Handlers, service: str) -> Condition:
    """Return how a service is doing."""
    mine = f"{service}."
    timings = [t for action, t in runtime.metrics.timings().items() if action.startswith(mine)]
    faults = [f for action, f in runtime.metrics.faults().items() if action.startswith(mine)]
    last = max(faults, key=lambda fault: fault.at, default=None)
    readers = [reader for reader in handlers.readers if reader.service == service]
    waiting = sum(len(reader.lines) for reader in readers)
    letters = sum(_is_from(record.view, mine) for record in runtime.state.of_type("DeadLetter"))
    is_late = waiting > _MOST_WAITING or any(reader.behind for reader in readers)
    has_failed = last is not None and runtime.clock.now() - last.at < _RECENT
    return Condition(
        service=service,
        state="ill" if letters else "strained" if is_late or has_failed else "well",
        runs=sum(timing.runs for timing in timings),
        longest_ms=max((1000.0 * timing.longest_s for timing in timings), default=0.0),
        faults=sum(fault.times for fault in faults),
        last_fault=None if last is None else last.name,
        last_fault_at=None if last is None else last.at,
        waiting=waiting,
        dead_letters=letters,
    )


def _is_from(letter: object, mine: str) -> bool:
    return isinstance(letter, DeadLetter) and letter.handler.startswith(mine)

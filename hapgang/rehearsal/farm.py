"""Several runs at once: who computes them, what is heard of them, and what if one is lost.

Runs do not know of one another, so where they are computed changes nothing in them. `compute` hands
them to workers: processes of this machine (`processes`), or the nodes of a Ray cluster (`nodes`).
"""

import pickle
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from hapgang.core.errors import CityError, Unavailable
from hapgang.rehearsal.build import World, world_of
from hapgang.rehearsal.run import Report
from hapgang.rehearsal.wish import Wish

_MOST_TRIES = 2


class Order(NamedTuple):
    """A run that is wanted: what, where it is kept, where what takes long is found again."""

    wish: Wish
    out: Path | None = None
    cache: Path | None = None


class Told(NamedTuple):
    """How far a run has come."""

    number: int
    stage: str
    share: float


class Done(NamedTuple):
    """A run is over, and kept where it should be."""

    number: int
    report: Report


class Failed(NamedTuple):
    """A run cannot be made: what is asked for is wrong, or the program is."""

    number: int
    error: Exception


class Died(NamedTuple):
    """Whoever computed a run is gone; `why` is (en, ko)."""

    number: int
    why: tuple[str, str]


News = Told | Done | Failed | Died


class Workers(Protocol):
    """Whoever computes runs."""

    def give(self, number: int, order: Order) -> None:
        """Take on a run under a number; it begins when somebody is free."""

    def news(self) -> Iterable[News]:
        """Wait until there is something to tell."""

    def stop(self) -> None:
        """End whatever is under way, and leave nothing behind."""


class Watch(Protocol):
    """Whoever looks on."""

    def told(self, number: int, stage: str, share: float) -> None:
        """Hear how far a run has come."""

    def lost(self, number: int, why: str) -> None:
        """Hear that a run has to begin anew."""


class WorkerLost(Unavailable):
    """Whoever computed a run was ended again and again."""


def compute(orders: Sequence[Order], workers: Workers, watch: Watch) -> list[Report]:
    """Return the report of each order; the workers are stopped in any case.

    A run whose worker dies begins anew, once. The first run that fails ends all.
    """
    reports: dict[int, Report] = {}
    tries = [1] * len(orders)
    try:
        for number, order in enumerate(orders):
            workers.give(number, order)
        while len(reports) < len(orders):
            for item in workers.news():
                match item:
                    case Told():
                        watch.told(*item)
                    case Done():
                        reports[item.number] = item.report
                        watch.told(item.number, "report", 1.0)
                    case Failed():
                        raise item.error
                    case Died(number, why):
                        if tries[number] == _MOST_TRIES:
                            raise _lost(why)
                        tries[number] += 1
                        watch.lost(number, why[0])
                        workers.give(number, orders[number])
    finally:
        workers.stop()
    return [reports[number] for number in range(len(orders))]


def _lost(why: tuple[str, str]) -> WorkerLost:
    return WorkerLost(
        f"A run was given up: {why[0]}, for the second time. Where memory is short, rehearse fewer"
        " residents or fewer runs at once (--workers 1).",
        f"실행을 포기했습니다: {why[1]} (두 번째). 메모리가 부족하면 주민 수나 동시 실행 수를"
        " 줄이세요 (--workers 1).",
    )


def tellable(error: Exception) -> Exception:
    """Return an error that can go to another process; a mistake of ours with where it happened."""
    if not isinstance(error, CityError):
        error.add_note("".join(traceback.format_exception(error)))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 (our own)
    except Exception:  # noqa: BLE001 (an error may refuse in any way)
        return RuntimeError("".join(traceback.format_exception(error)))
    return error


class LastWorld:
    """The world of the run before, which the next one may well share."""

    def __init__(self) -> None:
        """Know none yet."""
        self._known: tuple[object, World] | None = None

    def of(self, wish: Wish, cache: Path | None) -> World:
        """Return the world of a wish."""
        key = world_key(wish)
        if self._known is None or self._known[0] != key:
            self._known = None  # let go of it before the next one is read
            self._known = key, world_of(wish, cache=cache)
        return self._known[1]


def world_key(wish: Wish) -> object:
    """Return what two wishes have in common that share a world."""
    return wish.model, wish.scenario, wish.draft, wish.day

"""Which instances an answer has room for (clauses 5.7.3.4 and 6.3.10)."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import msgspec

from hapgang.hub.ngsild.instants import written
from hapgang.hub.temporal.evolution import Evolution
from hapgang.hub.temporal.instance import Instance
from hapgang.hub.temporal.when import When


class Timed(NamedTuple):
    """An instance at the time by which it was asked for."""

    at: datetime
    instance: Instance


Series = dict[str, list[Timed]]  # by attribute, the oldest first


def keeps_of(when: When) -> Callable[[Instance], bool]:
    """Return the test of an instance of the time that is asked for."""
    if not when.is_asked:
        return lambda _: True

    def keeps(instance: Instance) -> bool:
        at = instance.time(when.time)
        return at is not None and when.holds(at)

    return keeps


class Cut(msgspec.Struct, frozen=True):
    """What part of the time that was asked for an answer tells."""

    start: datetime
    end: datetime
    size: int  # lastN; 0 where all were asked for

    @property
    def content_range(self) -> str:
        """The header's value."""
        size = self.size or "*"
        return f"date-time {written(self.start)}-{written(self.end)}/{size}"


def series_of(evolution: Evolution, when: When) -> Series:
    """Return an entity's instances by attribute, in time; those of one time as they came."""
    found: Series = {}
    for instance in evolution.instances:
        at = instance.time(when.time) if when.is_asked else instance.usual_time
        if at is not None:
            found.setdefault(instance.name, []).append(Timed(at, instance))
    return {name: sorted(timed, key=_order) for name, timed in found.items()}


def newest(series: Series, last: int) -> Series:
    """Return the instances of the newest so many instants of each attribute; all for none."""
    return {name: _last(timed, last) for name, timed in series.items()} if last else series


def _last(timed: list[Timed], last: int) -> list[Timed]:
    known: set[datetime] = set()
    for number in range(len(timed) - 1, -1, -1):
        known.add(timed[number].at)
        if len(known) > last:
            return timed[number + 1 :]
    return timed


def cut(entities: list[Series], when: When, most: int) -> tuple[list[Series], Cut | None]:
    """Return what fits into an answer: all up to one instant, of every attribute alike.

    From the oldest on; with lastN from the newest back. What is of one instant is never torn
    apart, so that who goes on from the end misses nothing. Attributes that come later are there,
    and empty.
    """
    times = [one.at for series in entities for timed in series.values() for one in timed]
    if len(times) <= most:
        return entities, None
    times.sort(reverse=bool(when.last))
    end = times[most - 1]
    if when.last:
        kept = [_filtered(series, lambda at: at >= end) for series in entities]
        start = when.ends or times[0]
    else:
        kept = [_filtered(series, lambda at: at <= end) for series in entities]
        start = when.begins or times[0]
    return kept, Cut(start, end, when.last)


def _filtered(series: Series, fits: Callable[[datetime], bool]) -> Series:
    return {name: [one for one in timed if fits(one.at)] for name, timed in series.items()}


def _order(timed: Timed) -> tuple[datetime, int, int]:
    return timed.at, timed.instance.position, timed.instance.number

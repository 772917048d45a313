"""The periods over which values are aggregated (clause 4.5.19)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from hapgang.core.errors import Invalid
from hapgang.hub.ngsild.instants import written
from hapgang.hub.temporal.durations import Duration

_MOST_PERIODS = 10_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


class Periods(msgspec.Struct, frozen=True):
    """Where periods begin that hold values, ends, and up to which value each goes."""

    starts: list[datetime]
    ends: list[datetime]
    firsts: list[int]  # the first value of each, and how many there are in all

    @property
    def texts(self) -> Iterator[tuple[str, str]]:
        """Start and end of each, written."""
        return zip(map(_written, self.starts), map(_written, self.ends), strict=True)


_written = lru_cache(maxsize=10_000)(written)  # many series have the same periods


def periods_of(
    at: NDArray[np.int64], period: Duration, begins: datetime | None, ends: datetime | None
) -> Periods:
    """Return the periods that hold any of some times in order; `Invalid` where they are too many.

    A period of no length is the whole time that is asked for, or that there are values of.
    """
    start = begins or instant_of(int(at[0]))
    if period.is_zero:
        return Periods([start], [ends or instant_of(int(at[-1]))], [0, len(at)])
    starts: list[datetime] = []
    stops: list[datetime] = []
    firsts: list[int] = []
    first = 0
    while first < len(at):
        if len(starts) >= _MOST_PERIODS:
            raise Invalid(
                f"more than {_MOST_PERIODS:,} periods; ask for longer ones, or for less time",
                f"구간이 {_MOST_PERIODS:,}개를 넘습니다. 더 긴 구간이나 더 짧은 기간을 요청하세요",
            )
        number = _number_of(instant_of(int(at[first])), start, period)
        stops.append(period.after(start, number + 1))
        starts.append(period.after(start, number))
        firsts.append(first)
        first = int(np.searchsorted(at, ticks(stops[-1])))
    return Periods(starts, stops, [*firsts, len(at)])


def _number_of(at: datetime, start: datetime, period: Duration) -> int:
    """Return which period an instant lies in."""
    if not period.months:
        return (at - start) // period.rest
    # a month has at least 28 days and at most 31, so this is near, and then stepped to
    about = timedelta(days=30.44 * period.months) + period.rest
    number = max((at - start) // about - 1, 0)
    while number > 0 and period.after(start, number) > at:
        number -= 1
    while period.after(start, number + 1) <= at:
        number += 1
    return number


def ticks(at: datetime) -> int:
    """Return an instant as microseconds since 1970."""
    return (at - _EPOCH) // _TICK


def instant_of(at: int) -> datetime:
    """Return the instant of microseconds since 1970."""
    return _EPOCH + at * _TICK


def rows(found: Sequence[Any], periods: Periods) -> list[list[Any]]:
    """Return values with the periods that they are of."""
    return [
        [value, start, end]
        for value, (start, end) in zip(found, periods.texts, strict=True)
        if value is not None
    ]

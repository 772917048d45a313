"""Aggregation of a series of values over periods (clause 4.5.19).

Periods in which nothing was said are left out. Checked: tests/hub/temporal.
"""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from hapgang.core.errors import Invalid
from hapgang.hub.temporal.durations import Duration, read_duration
from hapgang.hub.temporal.methods import METHODS, SUITS, Kind, plain
from hapgang.hub.temporal.periods import periods_of, rows, ticks

Floats = NDArray[np.float64]


class Aggregation(msgspec.Struct, frozen=True):
    """By which methods, over which period."""

    methods: tuple[str, ...]
    period: Duration = Duration()


def read_aggregation(methods: Sequence[str], period: str) -> Aggregation:
    """Return what is asked for; `Invalid` where it names no method, or an unknown one."""
    if not methods:
        raise Invalid(
            "aggregatedValues needs aggrMethods", "aggregatedValues에는 aggrMethods가 필요합니다"
        )
    for method in methods:
        if method not in SUITS:
            raise Invalid(f"aggrMethods knows {', '.join(SUITS)}, not “{method[:30]}”", None)
    found = read_duration(period) if period else Duration()
    return Aggregation(tuple(dict.fromkeys(methods)), found)


def aggregated(
    times: Sequence[datetime], values: Sequence[Any], kind: Kind, wanted: Aggregation,
    begins: datetime | None = None, ends: datetime | None = None,
) -> dict[str, list[list[Any]]]:  # fmt: skip
    """Return for each method that suits the values [what it gives, start, end] of each period.

    times: of the values, in order. begins, ends: of the time that is asked for; the first period
    begins with it, or with the oldest value.
    """
    methods = [method for method in wanted.methods if kind in SUITS[method]]
    if not len(times) or not methods:
        return {}
    periods = periods_of(np.array([ticks(at) for at in times]), wanted.period, begins, ends)
    edges = list(zip(periods.firsts, periods.firsts[1:], strict=False))
    known = [plain(value, kind) for value in values]
    out: dict[str, list[list[Any]]] = {}
    for method in methods:
        found = [METHODS[method](known[a:b], kind) for a, b in edges]
        out[method] = rows(found, periods)
    return out


def numbers(
    at: NDArray[np.int64], values: Floats, wanted: Aggregation,
    begins: datetime | None = None, ends: datetime | None = None,
) -> dict[str, list[list[Any]]]:  # fmt: skip
    """As `aggregated`, of many numbers at once.

    at (n,): microseconds since 1970, in order. values (n,): finite.
    """
    if not len(at):
        return {}
    periods = periods_of(at, wanted.period, begins, ends)
    firsts = np.array(periods.firsts[:-1])
    counts = np.diff(periods.firsts)
    return {
        method: rows(_whole(_reduced(method, values, firsts, counts)), periods)
        for method in wanted.methods
    }


def _reduced(method: str, values: Floats, firsts: NDArray[np.int64], counts: Any) -> Any:
    sums = np.add.reduceat(values, firsts)
    if method == "distinctCount":
        ends = firsts + counts
        return np.array([len(np.unique(values[a:b])) for a, b in zip(firsts, ends, strict=True)])
    if method in ("max", "min"):
        return (np.maximum if method == "max" else np.minimum).reduceat(values, firsts)
    if method == "sumsq":
        return np.add.reduceat(values * values, firsts)
    if method == "stddev":
        away = values - np.repeat(sums / counts, counts)
        return np.sqrt(np.add.reduceat(away * away, firsts) / counts)
    return {"totalCount": counts, "sum": sums, "avg": sums / counts}[method]


def _whole(found: Any) -> list[Any]:
    """Return plain numbers; None where they are beyond what JSON says."""
    return [value if math.isfinite(value) else None for value in found.tolist()]

"""Aggregation: against the plain reading of its definition."""

import statistics
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.hub.temporal.durations import Duration
from hapgang.hub.temporal.methods import SUITS, kind_of
from hapgang.hub.temporal.periods import ticks
from hapgang.hub.temporal.series import Aggregation, aggregated, numbers, read_aggregation

START = datetime(2026, 1, 1, tzinfo=UTC)
ALL = tuple(SUITS)
POINTS = st.lists(
    st.tuples(st.integers(0, 10_000_000), st.integers(-1_000, 1_000).map(float)),
    min_size=1, max_size=60,
)  # fmt: skip
PERIODS = st.one_of(
    st.builds(Duration, st.just(0), st.timedeltas(timedelta(minutes=90), timedelta(days=40))),
    st.builds(Duration, st.integers(1, 3)),
    st.just(Duration()),
)
PLAIN: dict[str, Any] = {
    "avg": statistics.fmean,
    "max": max,
    "min": min,
    "sum": sum,
    "sumsq": lambda values: sum(value * value for value in values),
    "stddev": statistics.pstdev,
    "totalCount": len,
    "distinctCount": lambda values: len(set(values)),
}


@given(POINTS, PERIODS)
def test_every_value_counts_in_its_own_period(
    points: list[tuple[int, float]], period: Duration
) -> None:
    points.sort()
    times = [START + timedelta(seconds=s) for s, _ in points]
    values = [value for _, value in points]
    found = aggregated(times, values, "number", Aggregation(ALL, period), begins=START)
    quick = numbers(
        np.array([ticks(at) for at in times]), np.array(values), Aggregation(ALL, period), START
    )
    assert sum(row[0] for row in found["totalCount"]) == len(values)
    for method in ALL:
        assert len(found[method]) == len(quick[method])
        for (value, start, end), (other, *where) in zip(found[method], quick[method], strict=True):
            assert [start, end] == where
            inside = [
                v for at, v in zip(times, values, strict=True)
                if period.is_zero
                or datetime.fromisoformat(start) <= at < datetime.fromisoformat(end)
            ]  # fmt: skip
            assert value == pytest.approx(PLAIN[method](inside), abs=1e-6)
            assert other == pytest.approx(value, abs=1e-6)


def test_the_whole_time_is_one_period() -> None:
    times = [START, START + timedelta(hours=5)]
    end = START + timedelta(days=1)
    found = aggregated(times, [1, 3], "number", Aggregation(("avg",)), START, end)
    assert found == {"avg": [[2.0, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]]}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([True, False, True], {"sum": 2.0, "avg": 2 / 3, "max": 1.0, "distinctCount": 2}),
        ([[1, 2], [3], []], {"sum": 3.0, "max": 2.0, "min": 0.0, "totalCount": 3}),
        (["b", "a", "b"], {"max": "b", "min": "a", "distinctCount": 2}),
        ([{"a": 1}, {"a": 1}], {"distinctCount": 1, "totalCount": 2}),
        ([1, "odd", 3], {"avg": 2.0, "totalCount": 3, "distinctCount": 3}),
        (
            [{"@type": "Time", "@value": "10:00:00"}, {"@type": "Time", "@value": "12:00:00"}],
            {"avg": {"@type": "Time", "@value": "11:00:00Z"}},
        ),
        (
            [{"@type": "Date", "@value": "2026-02-01"}, {"@type": "Date", "@value": "2026-01-01"}],
            {"min": {"@type": "Date", "@value": "2026-01-01"}, "distinctCount": 2},
        ),
        ([1e308, 1e308], {"totalCount": 2}),
    ],
)
def test_each_kind_of_value_has_its_methods(values: list[Any], expected: dict[str, Any]) -> None:
    kind = kind_of(values)
    times = [START] * len(values)
    found = aggregated(times, values, kind, Aggregation(ALL))
    assert set(found) == {method for method in ALL if kind in SUITS[method]}
    for method, value in expected.items():
        wanted = pytest.approx(value) if isinstance(value, float) else value
        assert [row[0] for row in found[method]] == [wanted]


def test_too_many_periods_are_refused() -> None:
    times = [START + timedelta(seconds=s) for s in range(20_000)]
    with pytest.raises(Invalid, match="periods"):
        aggregated(
            times, [1] * 20_000, "number", Aggregation(("avg",), Duration(0, timedelta(seconds=1)))
        )


def test_unknown_methods_are_refused() -> None:
    for methods in ([], ["median"]):
        with pytest.raises(Invalid):
            read_aggregation(methods, "")

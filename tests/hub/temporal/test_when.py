"""Durations and spans of time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.hub.temporal.durations import Duration, read_duration
from hapgang.hub.temporal.when import When, read_when

INSTANTS = st.integers(0, 60 * 24 * 365 * 50).map(
    lambda minutes: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@pytest.mark.parametrize(
    ("text", "months", "rest"),
    [
        ("PT0S", 0, timedelta()),
        ("P0D", 0, timedelta()),
        ("PT1H", 0, timedelta(hours=1)),
        ("P2W", 0, timedelta(weeks=2)),
        ("P1Y2M", 14, timedelta()),
        ("P3Y6M4DT12H30M5S", 42, timedelta(days=4, hours=12, minutes=30, seconds=5)),
        ("PT0.5S", 0, timedelta(milliseconds=500)),
    ],
)
def test_durations_of_the_standard(text: str, months: int, rest: timedelta) -> None:
    assert read_duration(text) == Duration(months, rest)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "1H", "P1H", "PT1D", "P1W2D", "-P1D", "P1DT", "P999999999Y", "PT1H "]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_duration(text)


def test_a_month_ends_where_the_calendar_says() -> None:
    start = datetime(2024, 1, 31, 9, tzinfo=UTC)
    ends = [Duration(1).after(start, times) for times in (1, 2, 3)]
    assert [(at.month, at.day) for at in ends] == [(2, 29), (3, 31), (4, 30)]


@given(INSTANTS, st.integers(0, 200), st.integers(1, 40))
def test_periods_follow_one_another(start: datetime, times: int, months: int) -> None:
    period = Duration(months, timedelta(hours=1))
    assert start <= period.after(start, times) < period.after(start, times + 1)


@given(INSTANTS, INSTANTS, INSTANTS)
def test_after_and_before_part_all_of_time(at: datetime, one: datetime, other: datetime) -> None:
    begin, end = min(one, other), max(one, other)
    before, after = When("before", begin), When("after", begin)
    assert before.holds(at) != after.holds(at)
    if begin < end:
        between = When("between", begin, end)
        assert between.holds(at) == (after.holds(at) and When("before", end).holds(at))
        assert between.holds(begin)
        assert not between.holds(end)


@pytest.mark.parametrize(
    "words",
    [
        {"relation": "after"},
        {"relation": "during", "at": "2026-01-01T00:00:00Z"},
        {"relation": "between", "at": "2026-01-01T00:00:00Z"},
        {"relation": "after", "at": "2026-01-01T00:00:00Z", "end": "2026-01-02T00:00:00Z"},
        {"at": "2026-01-01T00:00:00Z"},
        {"relation": "after", "at": "2026-01-01"},
        {"relation": "after", "at": "2026-01-01T00:00:00"},
        {"time": "testedAt"},
        {"last": "0"},
        {"last": "-1"},
        {"last": "99999999999999999999"},
    ],
)
def test_what_makes_no_sense_is_refused(words: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        read_when(**words)

"""How delays go along a run: closed forms, and what never happens."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hapgang.science.delays import Told, expected


def ints(values: list[int]) -> np.ndarray:
    return np.array(values, dtype="i4")


def late(
    arrival_s: list[int], departure_s: list[int], told: list[tuple[int, int, int]]
) -> tuple[list[int], list[int]]:
    """One run with what is told of it: (call, arrival, departure)."""
    came, left = ints(arrival_s), ints(departure_s)
    columns = [ints([one[i] for one in told]) for i in range(3)]
    expected(
        np.array([0, len(came)], dtype="i8"), came, left,
        Told(np.array([0, len(told)], dtype="i8"), *columns),
    )  # fmt: skip
    return came.tolist(), left.tolist()


STOPS = [0, 100, 200, 300], [10, 110, 210, 310]


def test_nothing_told_is_on_time() -> None:
    assert late(*STOPS, []) == STOPS


def test_a_delay_holds_until_another_is_told() -> None:
    came, left = late(*STOPS, [(1, 30, 40), (3, 5, 5)])
    assert came == [0, 130, 240, 305]
    assert left == [10, 150, 250, 315]


def test_nobody_leaves_later_than_they_come_to_the_next_stop() -> None:
    came, left = late(*STOPS, [(1, 60, 190), (2, 95, 95)])
    assert (came[1], left[1]) == (160, 295)
    assert came[2] == 295


def test_before_an_early_call_the_run_is_early_too() -> None:
    came, left = late(*STOPS, [(2, -150, -150)])
    assert came == [0, 50, 50, 150]
    assert left == [10, 50, 60, 160]


def test_runs_do_not_touch_each_other() -> None:
    came, left = ints([0, 100, 0, 100]), ints([0, 100, 0, 100])
    told = Told(np.array([0, 0, 1]), ints([0]), ints([7]), ints([7]))
    expected(np.array([0, 2, 4]), came, left, told)
    assert came.tolist() == [0, 100, 7, 107]


gaps = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), min_size=2, max_size=12)


@given(gaps, st.data())
def test_times_that_are_told_come_out_and_none_falls(
    drawn: list[tuple[int, int]], data: st.DataObject
) -> None:
    arrival_s, departure_s, at = [], [], 0
    for ride_s, stop_s in drawn:
        arrival_s.append(at + ride_s)
        departure_s.append(at + ride_s + stop_s)
        at = departure_s[-1]
    calls = sorted(data.draw(st.sets(st.integers(0, len(drawn) - 1))))
    told, last_s = [], -10_000
    for call in calls:
        comes_s = max(last_s, arrival_s[call] + data.draw(st.integers(-100, 100)))
        last_s = comes_s + data.draw(st.integers(0, 50))
        told.append((call, comes_s - arrival_s[call], last_s - departure_s[call]))
    came, left = late(arrival_s, departure_s, told)
    for call, comes_s, leaves_s in told:
        assert came[call] == arrival_s[call] + comes_s
        assert left[call] == departure_s[call] + leaves_s
    times = [time for pair in zip(came, left, strict=True) for time in pair]
    assert times == sorted(times)

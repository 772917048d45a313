"""What happens by itself lies on the clock's grid and outlives its own mistakes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hapgang.contract import Schedule, Service
from hapgang.core.clock import VirtualClock
from hapgang.core.errors import Conflict
from hapgang.runtime.perform import Runtime
from hapgang.runtime.platform import platform
from hapgang.runtime.schedules import Schedules
from hapgang.writer.unit import Unit
from tests.village import NAME, SEOUL, START, runtime_of, village

ran: list[tuple[str, datetime]] = []
errors: list[Exception] = []


def quarterly(city: Any) -> None:
    ran.append(("quarterly", city.now))


def hourly(city: Any) -> None:
    ran.append(("hourly", city.now))
    if errors:
        raise errors.pop()


@pytest.fixture
def runtime() -> Runtime:
    ran.clear()
    errors.clear()
    every = (
        Schedule(every=timedelta(minutes=15), action=quarterly),
        Schedule(every=timedelta(hours=1), action=hourly),
    )
    timed = Service(title=village.title, level=village.level, every=every)
    clock = VirtualClock(START + timedelta(minutes=7), SEOUL)
    return runtime_of({NAME: timed, "platform": platform}, clock=clock)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=UTC)


def go_to(runtime: Runtime, schedules: Schedules, instant: datetime) -> None:
    assert isinstance(runtime.clock, VirtualClock)
    runtime.clock.advance_to(instant)
    schedules.run_due()


def test_runs_lie_on_the_grid_in_the_order_of_times_and_names(runtime: Runtime) -> None:
    schedules = Schedules(runtime)
    go_to(runtime, schedules, at(7, 14))
    assert ran == []
    assert schedules.next_at == at(7, 15)
    while schedules.next_at is not None and schedules.next_at <= at(8):
        go_to(runtime, schedules, schedules.next_at)
    assert ran == [
        ("quarterly", at(7, 15)), ("quarterly", at(7, 30)), ("quarterly", at(7, 45)),
        ("hourly", at(8)), ("quarterly", at(8)),
    ]  # fmt: skip


def test_missed_runs_happen_once(runtime: Runtime) -> None:
    schedules = Schedules(runtime)
    go_to(runtime, schedules, at(10, 20))
    assert ran == [("quarterly", at(10, 20)), ("hourly", at(10, 20))]
    assert schedules.next_at == at(10, 21)  # the platform's own, each minute


def test_a_restart_goes_on_where_it_was(runtime: Runtime) -> None:
    units: list[Unit] = []
    runtime.writer.listeners.append(units.append)
    schedules = Schedules(runtime)
    go_to(runtime, schedules, at(7, 15))
    cursors = {name: place for unit in units for name, place in unit.cursors.items()}
    own = {name: place for name, place in cursors.items() if "village" in name}
    assert own == {"every:test.village.quarterly": int(at(7, 15).timestamp())}
    again = Schedules(runtime, cursors)
    again.run_due()
    assert again.next_at == at(7, 16)  # the platform's own; the quarterly one comes after it
    go_to(runtime, again, at(7, 50))
    assert ran == [("quarterly", at(7, 15)), ("quarterly", at(7, 50))]


def test_a_cursor_that_a_wrong_clock_left_ahead_holds_nothing_up(runtime: Runtime) -> None:
    ahead = int((at(7, 15) + timedelta(days=365)).timestamp())
    schedules = Schedules(runtime, {"every:test.village.quarterly": ahead})
    go_to(runtime, schedules, at(7, 15))
    assert ran == [("quarterly", at(7, 15))]


@pytest.mark.parametrize("error", [Conflict("not now", None), ZeroDivisionError()], ids=str)
def test_a_run_that_fails_does_not_stop_the_others(runtime: Runtime, error: Exception) -> None:
    errors.append(error)
    schedules = Schedules(runtime)
    go_to(runtime, schedules, at(8))
    go_to(runtime, schedules, at(9))
    assert [name for name, _ in ran] == ["quarterly", "hourly"] * 2

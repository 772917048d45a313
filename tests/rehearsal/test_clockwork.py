"""What happens happens in order, schedules on the way, and nothing is lost between days."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from hapgang.contract import Level, Schedule, Service, Text
from hapgang.core.clock import VirtualClock
from hapgang.rehearsal.clockwork import Clockwork
from hapgang.runtime.perform import Runtime
from hapgang.runtime.platform import platform
from hapgang.writer.writer import Writer

MIDNIGHT = datetime(2026, 9, 15, 15, 0, tzinfo=UTC)  # in Seoul
told: list[tuple[str, float]] = []


def look(city: Any) -> None:
    told.append(("look", (city.now - MIDNIGHT).total_seconds()))


def clockwork() -> tuple[Clockwork, VirtualClock]:
    told.clear()
    clock = VirtualClock(MIDNIGHT, MIDNIGHT.tzinfo)  # type: ignore[arg-type]  # any zone will do
    service = Service(
        title=Text("Looks", "봄"), level=Level.SKETCHED,
        every=(Schedule(every=timedelta(minutes=15), action=look),),
    )  # fmt: skip
    scene: Any = SimpleNamespace()
    services = {"city.looks": service, "platform": platform}
    runtime = Runtime(services, clock=clock, writer=Writer(), scene=scene, seed=1)
    return Clockwork(runtime, clock), clock


def note(what: str, at_s: float) -> None:
    told.append((what, at_s))


def test_happenings_run_in_order_of_time_then_of_asking() -> None:
    work, clock = clockwork()
    for at_s, what in ((30.0, "c"), (10.0, "a"), (30.0, "d"), (20.0, "b")):
        work.at(at_s, note, what)
    work.run(40.0, lambda: False)
    assert told == [("a", 10.0), ("b", 20.0), ("c", 30.0), ("d", 30.0)]
    assert clock.now() == MIDNIGHT + timedelta(seconds=40)


def test_schedules_run_on_the_way_at_their_own_time() -> None:
    work, _ = clockwork()
    work.at(1_000.0, note, "late")
    work.run(2_700.0, lambda: False)
    assert told == [("look", 900.0), ("late", 1_000.0), ("look", 1_800.0), ("look", 2_700.0)]


def test_who_is_busy_is_waited_for_and_what_is_left_happens_the_next_day() -> None:
    work, clock = clockwork()
    busy = [True]
    work.at(100.0, note, "before the end")
    work.at(120.0, lambda what, at_s: (note(what, at_s), busy.clear()), "after the end")
    work.at(90_000.0, note, "tomorrow")
    work.run(110.0, lambda: bool(busy))
    assert [what for what, _ in told] == ["before the end", "after the end"]
    assert clock.now() == MIDNIGHT + timedelta(seconds=120)
    work.begin(MIDNIGHT + timedelta(days=1))
    assert work.now_s == 120.0 - 86_400.0
    told.clear()
    work.run(3_700.0, lambda: False)
    assert [line for line in told if line[0] != "look"] == [("tomorrow", 3_600.0)]


def test_what_is_due_in_the_past_happens_now() -> None:
    work, clock = clockwork()
    work.run(500.0, lambda: False)
    work.at(100.0, note, "overslept")
    work.run(600.0, lambda: False)
    assert told == [("overslept", 100.0)]
    assert clock.now() == MIDNIGHT + timedelta(seconds=600)


def test_a_happening_may_ask_for_more() -> None:
    work, _ = clockwork()

    def again(left: int, at_s: float) -> None:
        note(str(left), at_s)
        if left:
            work.at(at_s + 10.0, again, left - 1)

    work.at(0.0, again, 3)
    work.run(100.0, lambda: False)
    assert told == [("3", 0.0), ("2", 10.0), ("1", 20.0), ("0", 30.0)]

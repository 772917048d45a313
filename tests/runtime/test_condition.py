"""How services are doing: refusals are no faults, faults are forgotten, letters are not."""

from datetime import timedelta
from typing import Any

import pytest

from hapgang.contract import City, Role, Route, Service
from hapgang.core.clock import VirtualClock
from hapgang.core.errors import CityError
from hapgang.runtime.condition import Condition, condition_of
from hapgang.runtime.handlers import Handlers, Line
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform import platform
from hapgang.writer.unit import Item
from tests.village import (
    NAME,
    SEOUL,
    START,
    Diary,
    Drawn,
    Well,
    buy,
    dig,
    draw,
    move_in,
    person,
    runtime_of,
    village,
)


def stumble(city: City) -> None:
    """Fail in a way that nobody meant."""
    assert city is None, "nobody meant this"


def hear(city: City, event: Drawn) -> None:
    """Take it."""


def city_of(**more: Any) -> tuple[Runtime, VirtualClock]:
    clock = VirtualClock(START, SEOUL)
    clumsy = Service(
        title=village.title, level=village.level, owns=(Well, Diary),
        routes=(*village.routes, Route.post("/stumble", stumble, allow=(Role.RESIDENT,))),
        **more,
    )  # fmt: skip
    runtime = runtime_of({NAME: clumsy, "platform": platform}, clock=clock)
    runtime.perform(dig, PLATFORM, well="a")
    return runtime, clock


def look(runtime: Runtime, handlers: Handlers | None = None) -> Condition:
    return condition_of(runtime, handlers or Handlers(runtime), NAME)


def test_what_is_done_and_refused_is_well() -> None:
    runtime, _ = city_of()
    anne = person("anne")
    move_in(runtime, anne, balance_won=1)
    runtime.perform(draw, anne, well="a")
    with pytest.raises(CityError):
        runtime.perform(buy, anne, well="a", price_won=500)
    found = look(runtime)
    assert (found.state, found.runs, found.faults) == ("well", 2, 0)
    assert found.longest_ms > 0.0
    assert found.last_fault is None


def test_a_fault_strains_for_an_hour() -> None:
    runtime, clock = city_of()
    for _ in range(2):
        with pytest.raises(AssertionError):
            runtime.perform(stumble, person("anne"))
    found = look(runtime)
    assert (found.state, found.faults, found.last_fault) == ("strained", 2, "AssertionError")
    assert found.last_fault_at == clock.now()
    clock.advance_to(clock.now() + timedelta(hours=1))
    assert (look(runtime).state, look(runtime).faults) == ("well", 2)


def test_what_was_not_taken_needs_a_hand() -> None:
    runtime, _ = city_of(hears={Drawn: hear})
    handlers = Handlers(runtime)
    reader = handlers.readers[0]
    line = Line(1, Item("event", "Drawn", "urn:x:well", None, {"count": 1}))
    reader.lines.append(line)
    assert (look(runtime, handlers).state, look(runtime, handlers).waiting) == ("well", 1)
    reader.bury(line, ValueError("no"), attempts=3)
    assert (look(runtime, handlers).state, look(runtime, handlers).dead_letters) == ("ill", 1)


def test_a_reader_far_behind_strains() -> None:
    runtime, _ = city_of(hears={Drawn: hear})
    handlers = Handlers(runtime)
    handlers.readers[0].behind = True
    assert look(runtime, handlers).state == "strained"

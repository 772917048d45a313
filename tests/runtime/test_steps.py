"""Long work that actions hand out: beside the city, with an end to the queue, and never halfway."""

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from hapgang.contract import ANYONE, Aside, City, Level, Route, Service, Steps, Text
from hapgang.core.errors import Conflict, Unavailable
from hapgang.runtime.beside import Beside, TooManyAtOnce
from hapgang.runtime.handlers import Handlers
from hapgang.runtime.perform import Runtime
from tests.village import (
    HERE,
    NAME,
    SERVICES,
    Drawn,
    Well,
    dig,
    draw,
    person,
    runtime_of,
    trace_of,
    well_id,
)

ANNE = person("anne")


def survey(city: City, *, well: str, doubled: bool = False, fail: str = "") -> Steps[int]:
    """Look at a well, think for long, and mark it."""
    seen = city.hub.get(Well, well_id(well))
    if fail == "early":
        city.hub.save(Well(id=well_id("too-early"), location=HERE))
    if fail == "aside":
        yield Aside(lambda: 1 // 0)
    depth_m = yield Aside(lambda: seen.depth_m * 2)
    if doubled:
        depth_m = yield Aside(lambda: depth_m * 2)
    well_now = city.hub.get(Well, well_id(well))
    city.hub.save(Well(id=well_id("found"), location=HERE, depth_m=depth_m, count=well_now.count))
    if fail == "late":
        raise Conflict("no", "아니요")
    return int(depth_m)


def hear_slowly(city: City, event: Drawn) -> Steps[None]:
    """Hear of a draw, and think about it."""
    yield Aside(lambda: None)
    city.hub.save(Well(id=well_id(f"heard-{event.count}"), location=HERE))


surveyors = Service(
    title=Text("Surveyors", "측량사"), level=Level.SKETCHED, owns=(Well,),
    hears={Drawn: hear_slowly}, routes=(
        Route.post("/wells", dig, allow=ANYONE), Route.post("/draw", draw, allow=ANYONE),
        Route.get("/survey", survey, allow=ANYONE),
    ),
)  # fmt: skip


@pytest.fixture
def runtime() -> Runtime:
    made = runtime_of({NAME: surveyors, "platform": SERVICES["platform"]})
    made.perform(dig, ANNE, well="a")
    return made


async def beside(runtime: Runtime, do: Any, **words: Any) -> Any:
    key = words.pop("key", None)
    spec = runtime.spec(survey)
    return await runtime.run_beside(spec, ANNE, spec.check_arguments(words), do, key=key)


def test_at_once_and_beside_it_comes_to_the_same(runtime: Runtime) -> None:
    assert runtime.perform(survey, ANNE, well="a") == 2
    assert asyncio.run(beside(runtime, Beside(), well="a", doubled=True)) == 4
    assert runtime.state.get(well_id("found")).view.depth_m == 4.0
    assert runtime.spec(survey).returns is int


def test_the_city_goes_on_while_somebody_thinks(runtime: Runtime) -> None:
    async def think(work: Callable[[], Any]) -> Any:
        runtime.perform(draw, ANNE, well="a")
        return work()

    asyncio.run(beside(runtime, think, well="a"))
    assert runtime.state.get(well_id("found")).view.count == 1


@pytest.mark.parametrize(
    ("fail", "error"), [("late", Conflict), ("early", TypeError), ("aside", ZeroDivisionError)]
)
def test_what_fails_leaves_nothing(runtime: Runtime, fail: str, error: type[Exception]) -> None:
    before = trace_of(runtime)
    with pytest.raises(error):
        asyncio.run(beside(runtime, Beside(), well="a", fail=fail))
    assert trace_of(runtime) == before
    if fail != "early":  # where nobody waits, nothing is kept halfway either
        with pytest.raises(error):
            runtime.perform(survey, ANNE, well="a", fail=fail)
        assert trace_of(runtime) == before


def test_a_key_is_answered_once(runtime: Runtime) -> None:
    first = asyncio.run(beside(runtime, Beside(), well="a", key="k"))
    again = asyncio.run(beside(runtime, Beside(), well="a", key="k"))
    assert (first, bytes(again)) == (2, b"2")

    async def both(work: Callable[[], Any]) -> Any:
        found = work()
        spec = runtime.spec(survey)
        runtime.run_once(spec, ANNE, "other", spec.check_arguments({"well": "a"}))
        return found

    with pytest.raises(Conflict, match="meanwhile"):
        asyncio.run(beside(runtime, both, well="a", key="other"))


def test_a_handler_may_think_too(runtime: Runtime) -> None:
    handlers = Handlers(runtime)
    runtime.perform(draw, ANNE, well="a")
    (reader,) = handlers.readers
    line = reader.lines.popleft()
    asyncio.run(reader.take_beside(line, Beside()))
    assert runtime.state.get(well_id("heard-1")) is not None
    assert reader.position == line.position
    runtime.perform(draw, ANNE, well="a")
    handlers.drain()
    assert runtime.state.get(well_id("heard-2")) is not None


def test_the_queue_has_an_end_and_nobody_has_it_alone() -> None:
    gate = threading.Event()

    async def crowd() -> None:
        do = Beside(threads=1, most=6)
        waiting = [asyncio.create_task(do(gate.wait, who=who)) for who in "aaaabb"]
        await asyncio.sleep(0)
        with pytest.raises(TooManyAtOnce) as mine:
            await do(gate.wait, who="a")
        assert mine.value.status == 429
        with pytest.raises(Unavailable) as everybody:
            await do(gate.wait, who="c")
        assert everybody.value.status == 503
        own = asyncio.create_task(do(partial(int, "1")))  # the city's own is never refused
        gate.set()
        await asyncio.gather(*waiting)
        assert await own == 1
        assert do.under_way == 0
        assert await do(gate.wait, who="a")

    asyncio.run(crowd())

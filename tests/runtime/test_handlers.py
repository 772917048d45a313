"""What services hear: in order, again after a failure, and in the end as a dead letter."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from hapgang.contract import Service
from hapgang.core.errors import Conflict, NotFound, Unavailable
from hapgang.core.event import Change, Changed
from hapgang.core.vocabulary.platform import DeadLetter
from hapgang.runtime import handlers as handlers_module
from hapgang.runtime.handlers import Handlers
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform import platform
from hapgang.writer.unit import Item, Unit
from tests.village import (
    NAME,
    Diary,
    Drawn,
    Well,
    dig,
    draw,
    person,
    runtime_of,
    village,
    well_id,
)


class Feed:
    """The feed as the disk would give it back."""

    def __init__(self, runtime: Runtime) -> None:
        self.lines: list[tuple[int, Item]] = []
        self.cursors: dict[str, int] = {}
        runtime.writer.listeners.insert(0, self.write)

    def write(self, unit: Unit) -> None:
        self.lines += enumerate(unit.items, unit.first_position)
        self.cursors.update(unit.cursors)

    async def after(self, position: int) -> list[tuple[int, Item]]:
        await asyncio.sleep(0)
        return [line for line in self.lines if line[0] > position][:2]


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers_module, "_PAUSES_S", (0.0, 0.0, 0.0))


def city_of(service: Service) -> Runtime:
    runtime = runtime_of({NAME: service, "platform": platform})
    runtime.perform(dig, PLATFORM, well="a")
    return runtime


def village_that_hears(handler: Callable[[Any, Any], None], heard: Any = Drawn) -> Service:
    return Service(
        title=village.title, level=village.level, owns=(Well, Diary), hears={heard: handler},
        routes=village.routes,
    )  # fmt: skip


def well(runtime: Runtime) -> Well:
    record = runtime.state.get(well_id("a"))
    assert record is not None
    assert isinstance(record.view, Well)
    return record.view


def letters(runtime: Runtime) -> list[DeadLetter]:
    found = [record.view for record in runtime.state.of_type("DeadLetter")]
    return [letter for letter in found if isinstance(letter, DeadLetter)]


async def until(test: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not test():
            await asyncio.sleep(0)


def live(handlers: Handlers, feed: Feed, then: Callable[[], Awaitable[None]]) -> None:
    """Let the readers run until `then` is done."""

    async def both() -> None:
        running = asyncio.create_task(handlers.run(feed.after))
        try:
            await then()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(both())


def test_lines_are_taken_in_order_with_their_cursor() -> None:
    runtime = city_of(village)
    handlers = Handlers(runtime)
    feed = Feed(runtime)

    async def then() -> None:
        for _ in range(5):
            runtime.perform(draw, person("anne"), well="a")
        await until(lambda: len(well(runtime).marks) == 5)

    live(handlers, feed, then)
    assert well(runtime).marks == tuple(f"drawn {n}" for n in range(1, 6))
    last = max(position for position, item in feed.lines if item.name == "Drawn")
    assert feed.cursors == {"test.village.heard(Drawn)": last}


def test_a_reader_that_was_away_catches_up_and_misses_nothing() -> None:
    runtime = city_of(village)
    feed = Feed(runtime)
    for _ in range(7):
        runtime.perform(draw, person("anne"), well="a")
    handlers = Handlers(runtime)
    handlers.resume({"test.village.heard(Drawn)": feed.lines[2][0]}, feed.lines[-1][0])

    async def then() -> None:
        for _ in range(7):  # while it is catching up
            await asyncio.sleep(0)
            runtime.perform(draw, person("anne"), well="a")
        await until(lambda: "drawn 14" in well(runtime).marks)

    live(handlers, feed, then)
    assert well(runtime).marks == tuple(f"drawn {n}" for n in range(2, 15))


def test_a_line_said_while_the_last_fetch_runs_is_heard() -> None:
    runtime = city_of(village)
    handlers = Handlers(runtime)
    feed = Feed(runtime)
    runtime.perform(draw, person("anne"), well="a")
    handlers.resume({"test.village.heard(Drawn)": 0}, feed.lines[-1][0])
    fetched = feed.after

    async def slow(position: int) -> list[tuple[int, Item]]:
        found = await fetched(position)
        if not found and well(runtime).count == 1:
            runtime.perform(draw, person("anne"), well="a")  # after the disk was read
        return found

    feed.after = slow  # type: ignore[method-assign]

    async def then() -> None:
        await until(lambda: well(runtime).marks == ("drawn 1", "drawn 2"))

    live(handlers, feed, then)


def test_a_new_reader_starts_at_the_end() -> None:
    runtime = city_of(village)
    feed = Feed(runtime)
    runtime.perform(draw, person("anne"), well="a")
    handlers = Handlers(runtime)
    handlers.resume({}, feed.lines[-1][0])

    async def then() -> None:
        runtime.perform(draw, person("anne"), well="a")
        await until(lambda: bool(well(runtime).marks))

    live(handlers, feed, then)
    assert well(runtime).marks == ("drawn 2",)


def test_a_reader_that_falls_behind_goes_on_from_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers_module, "_MOST_IN_MEMORY", 3)
    runtime = city_of(village)
    handlers = Handlers(runtime)
    feed = Feed(runtime)

    async def then() -> None:
        for _ in range(10):
            runtime.perform(draw, person("anne"), well="a")
        await until(lambda: len(well(runtime).marks) == 10)

    live(handlers, feed, then)
    assert well(runtime).marks == tuple(f"drawn {n}" for n in range(1, 11))


def test_changes_are_heard_as_plain_values() -> None:
    seen: list[Change] = []
    listener = village_that_hears(lambda _, change: seen.append(change), Changed(Well))
    runtime = city_of(listener)
    handlers = Handlers(runtime)
    runtime.perform(draw, person("anne"), well="a")
    runtime.perform(dig, PLATFORM, well="b")
    handlers.drain()
    assert [change.action for change in seen] == ["updated", "created"]
    for change in seen:
        plain = msgspec.json.decode(msgspec.json.encode(change.attributes))
        assert plain == change.attributes


@pytest.mark.parametrize("failures", [1, 3])
def test_a_failing_line_is_tried_again(failures: int) -> None:
    tries: list[int] = []

    def shaky(city: Any, event: Drawn) -> None:
        city.hub.save(msgspec.structs.replace(city.hub.get(Well, event.entity), state="touched"))
        tries.append(event.count)
        if len(tries) <= failures:
            raise RuntimeError("not yet")

    runtime = city_of(village_that_hears(shaky))
    handlers, feed = Handlers(runtime), Feed(runtime)

    async def then() -> None:
        runtime.perform(draw, person("anne"), well="a")
        await until(lambda: well(runtime).state == "touched")

    live(handlers, feed, then)
    assert tries == [1] * (failures + 1)
    assert letters(runtime) == []
    assert sum(item.kind == "updated" for _, item in feed.lines) == 2, "failed tries left nothing"


@pytest.mark.parametrize(
    ("error", "attempts"),
    [(RuntimeError("broken"), 4), (Conflict("no", None), 1), (Unavailable("later", None), 4)],
    ids=str,
)
def test_a_line_that_cannot_be_taken_becomes_a_dead_letter(error: Exception, attempts: int) -> None:
    is_mended = False

    def stubborn(city: Any, event: Drawn) -> None:
        if event.count == 1 and not is_mended:
            raise error
        found = city.hub.get(Well, event.entity)
        city.hub.save(msgspec.structs.replace(found, marks=(*found.marks, str(event.count))))

    runtime = city_of(village_that_hears(stubborn))
    handlers, feed = Handlers(runtime), Feed(runtime)

    async def then() -> None:
        runtime.perform(draw, person("anne"), well="a")
        runtime.perform(draw, person("anne"), well="a")
        await until(lambda: well(runtime).marks == ("2",))

    live(handlers, feed, then)
    (letter,) = letters(runtime)
    assert letter.attempts == attempts
    assert str(error) in letter.reason
    item = dict(feed.lines)[letter.position]
    assert item.body == {"count": 1}
    with pytest.raises(type(error)):
        handlers.replay(letter, item)
    is_mended = True
    handlers.replay(letter, item)
    assert well(runtime).marks == ("2", "1")
    with pytest.raises(NotFound, match="no installed service"):
        handlers.replay(msgspec.structs.replace(letter, handler="gone"), item)


def test_rehearsals_drain_in_the_order_of_the_feed() -> None:
    heard: list[tuple[str, int]] = []

    def first(city: Any, event: Drawn) -> None:
        heard.append(("first", event.count))
        if event.count < 3:
            draw(city, well="a")

    def second(city: Any, event: Drawn) -> None:
        heard.append(("second", event.count))
        if event.count == 2:
            raise RuntimeError("no")

    services = {
        NAME: village_that_hears(first),
        "test.z": Service(title=village.title, level=village.level, hears={Drawn: second}),
        "platform": platform,
    }
    runtime = runtime_of(services)
    handlers = Handlers(runtime)
    runtime.perform(dig, PLATFORM, well="a")
    runtime.perform(draw, person("anne"), well="a")
    handlers.drain()
    assert heard == [(who, n) for n in (1, 2, 3) for who in ("first", "second")]
    assert [letter.attempts for letter in letters(runtime)] == [1]

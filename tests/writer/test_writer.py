"""Units become groups, groups become safe, and callers are told the truth about it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from hapgang.core.errors import Unavailable
from hapgang.writer.unit import Item, Unit
from hapgang.writer.writer import Writer

NOW = datetime(2026, 11, 23, tzinfo=UTC)


class Paper:
    """A journal that writes when it is allowed to, or fails."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.error: Exception | None = None
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def commit(self, units: list[Unit]) -> None:
        await self.go_on.wait()
        if self.error is not None:
            raise self.error
        self.groups.append([unit.seq for unit in units])


class Desk:
    """A writer that runs, with its paper."""

    def __init__(self, *, tells_at_once: bool = False) -> None:
        self.paper = Paper()
        self.writer = Writer(tells_at_once=tells_at_once)
        self.writer.resume(self.paper, last_seq=10, last_position=100)  # type: ignore[arg-type]
        self.told: list[int] = []
        self.writer.listeners.append(lambda unit: self.told.append(unit.seq))

    def write(self, *, items: int = 1, forgets: bool = False) -> Unit:
        unit = self.writer.begin(NOW, "test", "anne")
        unit.items += [Item("event", "E", "urn:x:1", None, {})] * items
        unit.forgotten += ["urn:p:1"] if forgets else []
        self.writer.commit(unit)
        return unit


def run(then: Callable[[Desk], Awaitable[None]]) -> None:
    async def both() -> None:
        desk = Desk()
        running = asyncio.create_task(desk.writer.run())
        await asyncio.sleep(0)
        try:
            async with asyncio.timeout(20):
                await then(desk)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(both())


def test_units_are_numbered_after_what_is_on_disk() -> None:
    async def then(desk: Desk) -> None:
        first, empty, second = desk.write(items=3), desk.write(items=0), desk.write()
        assert (first.seq, first.first_position) == (11, 101)
        assert empty.seq == second.seq == 12, "an empty unit leaves no trace"
        assert second.first_position == 104
        assert desk.writer.last_seq == 12
        await desk.writer.durable()
        assert desk.paper.groups == [[11, 12]]
        assert desk.told == [11, 12]
        assert desk.writer.is_durable

    run(then)


def test_what_comes_while_the_disk_is_busy_is_the_next_group() -> None:
    async def then(desk: Desk) -> None:
        desk.paper.go_on.clear()
        desk.write()
        first = asyncio.create_task(desk.writer.durable())
        await asyncio.sleep(0)
        for _ in range(5):
            desk.write()
        last = asyncio.create_task(desk.writer.durable())
        await asyncio.sleep(0)
        assert not first.done()
        assert desk.told == []
        assert desk.writer.backlog == 6
        desk.paper.go_on.set()
        await first
        assert desk.told[:1] == [11]
        await last
        assert desk.paper.groups == [[11], [12, 13, 14, 15, 16]]

    run(then)


def test_a_caller_who_left_disturbs_nobody() -> None:
    async def then(desk: Desk) -> None:
        desk.paper.go_on.clear()
        desk.write()
        leaving = asyncio.create_task(desk.writer.durable())
        staying = asyncio.create_task(desk.writer.durable())
        await asyncio.sleep(0)
        leaving.cancel()
        desk.paper.go_on.set()
        await staying
        assert leaving.cancelled()

    run(then)


def test_groups_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hapgang.writer.writer._MOST_IN_A_GROUP", 2)

    async def then(desk: Desk) -> None:
        for _ in range(5):
            desk.write()
        await desk.writer.durable()
        assert desk.paper.groups == [[11, 12], [13, 14], [15]]

    run(then)


def test_forgetting_ends_a_group() -> None:
    async def then(desk: Desk) -> None:
        desk.write()
        desk.write(forgets=True)
        desk.write()
        await desk.writer.durable()
        assert desk.paper.groups == [[11, 12], [13]]

    run(then)


def test_a_lost_disk_is_told_to_everybody() -> None:
    async def then(desk: Desk) -> None:
        desk.paper.go_on.clear()
        desk.write()
        waiting = [asyncio.create_task(desk.writer.durable()) for _ in range(3)]
        await asyncio.sleep(0)
        desk.write()
        desk.paper.error = OSError("the disk is gone")
        desk.paper.go_on.set()
        for task in waiting:
            with pytest.raises(Unavailable, match="same Idempotency-Key") as error:
                await task
            assert error.value.detail == {"cause": "OSError"}
        with pytest.raises(Unavailable):
            desk.write()
        with pytest.raises(Unavailable):
            await desk.writer.durable()
        assert not desk.writer.is_durable
        assert desk.told == []
        assert desk.writer.backlog == 0

    run(then)


def test_a_writer_that_is_stopped_leaves_nobody_waiting() -> None:
    async def stop() -> None:
        desk = Desk()
        running = asyncio.create_task(desk.writer.run())
        desk.paper.go_on.clear()
        desk.write()
        waiting = asyncio.create_task(desk.writer.durable())
        await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(Unavailable):
            await asyncio.wait_for(waiting, 20)

    asyncio.run(stop())


def test_a_city_that_is_far_behind_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hapgang.writer.writer._MOST_WAITING", 3)

    async def then(desk: Desk) -> None:
        desk.paper.go_on.clear()
        for _ in range(3):
            desk.writer.check_room()
            desk.write()
        with pytest.raises(Unavailable, match="very busy"):
            desk.writer.check_room()
        desk.write()  # what runs by itself is not turned away
        desk.paper.go_on.set()
        await desk.writer.durable()
        desk.writer.check_room()

    run(then)


def test_without_a_disk_everything_is_safe_at_once() -> None:
    writer = Writer()
    told: list[int] = []
    writer.listeners.append(lambda unit: told.append(unit.seq))
    unit = writer.begin(NOW, "test", "anne")
    unit.items.append(Item("event", "E", "urn:x:1", None, {}))
    writer.commit(unit)
    assert writer.is_durable
    assert told == [1]
    assert writer.digest == ""


def test_a_rehearsal_with_its_disk_on_is_told_at_once_and_flushes() -> None:
    async def flush() -> None:
        desk = Desk(tells_at_once=True)
        desk.write()
        desk.write()
        assert desk.told == [11, 12]
        assert desk.writer.backlog == 2
        await desk.writer.flush()
        assert desk.told == [11, 12]
        assert desk.paper.groups == [[11, 12]]
        assert desk.writer.is_durable

    asyncio.run(flush())


def test_undoing_goes_backwards() -> None:
    done: list[int] = []
    unit = Unit(1, NOW, "test", "anne")
    for number in range(3):
        unit.undo.append(lambda number=number: done.append(number))  # type: ignore[misc]
    unit.take_back()
    assert done == [2, 1, 0]
    assert unit.undo == []

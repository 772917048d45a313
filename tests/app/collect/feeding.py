"""Feeds for tests: a mapping, and a file through a city's own door."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from hapgang.app.collect.files import Summary, collect_file
from hapgang.contract import Caller, Role
from tests.living import Answer, Town, run
from tests.village import person

DEVICE, OPERATOR = person("gateway", Role.DEVICE), person("op", Role.OPERATOR)
Live = Callable[..., None]
Then = Callable[[Town], Awaitable[None]]

AIR: dict[str, Any] = {
    "format": 1,
    "title": {"en": "Air", "ko": "공기"},
    "read": {"format": "csv"},
    "entity": [
        {
            "type": "AirQualityObserved",
            "id": "urn:ngsi-ld:AirQualityObserved:{station}",
            "observed": {"from": "at"},
            "attributes": {"pm10": {"from": "pm10", "is": "number", "range": [0, 1000]}},
        }
    ],
}


class TownDoor:
    """The door of a city in this process, called from a thread."""

    def __init__(self, town: Town, loop: asyncio.AbstractEventLoop, caller: Caller) -> None:
        self._town = town
        self._loop = loop
        self._caller = caller
        self.refuse_after: int | None = None  # calls

    def call(self, method: str, path: str, body: Any = None) -> Any:
        if self.refuse_after is not None:
            self.refuse_after -= 1
            if self.refuse_after < 0:
                raise OSError("the line is cut")
        asked = self._town.call(method, path, body, caller=self._caller)
        answer: Answer = asyncio.run_coroutine_threadsafe(asked, self._loop).result(60)
        assert answer.status < 400, answer
        return answer.json()


async def fed(
    town: Town, path: Path, mapping: Any = AIR, feed: str = "air", refuse_after: int | None = None
) -> Summary:
    """Take a file in, as the command does."""
    door = TownDoor(town, asyncio.get_running_loop(), OPERATOR)
    door.refuse_after = refuse_after
    quiet: Any = lambda *_: None  # noqa: E731
    return await asyncio.to_thread(collect_file, cast(Any, door), path, mapping, feed, quiet)


async def feed_of(town: Town, name: str = "air") -> Any:
    """Return how a feed is doing, as an operator sees it; None where there is none."""
    found = (await town.call("GET", "/api/feeds", caller=OPERATOR)).json()
    return next((feed for feed in found if feed["name"] == name), None)


async def entity(town: Town, name: str) -> Any:
    """Return an entity, None where there is none."""
    path = f"/ngsi-ld/v1/entities/urn:ngsi-ld:{name}"
    answer = await town.call("GET", path, caller=DEVICE)
    return answer.json() if answer.status == 200 else None


async def lines(town: Town) -> list[Any]:
    """Return what history was made of so far: the feed's lines of observed entities."""
    await town.runtime.writer.durable()
    rows = await town.live.reads.feed_after(0)
    return [
        (row.kind, row.entity.rpartition(":")[2], msgspec.json.decode(row.body))
        for row in rows
        if row.name == "AirQualityObserved"
    ]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    def do(then: Then, **options: Any) -> None:
        run(then, database, small_city, tmp_path / "state", **options)

    return do

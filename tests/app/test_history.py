"""An entity's history holds every attribute: what was saved, what happened, what was measured."""

import math
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import asyncpg
import numpy as np
import pytest

from hapgang.contract import ANYONE, City, Level, Role, Route, Service, Text
from hapgang.core.entity import Entity, entity
from hapgang.runtime.perform import PLATFORM
from hapgang.writer.recovery import _HISTORY
from tests.living import Town, run, url_of
from tests.village import SERVICES, Drawn, measure, person, well_id

ANNE, OPERATOR = person("anne"), person("op", Role.OPERATOR)
Then = Callable[[Town], Awaitable[None]]
Live = Callable[..., None]


@entity("TestGauge", is_internal=True)
class Gauge(Entity, frozen=True, kw_only=True):
    """What operators alone look at."""

    level_m: float = 0.0


def read_gauge(city: City) -> None:
    """Make the gauge, and measure it twice in one line: the last value counts."""
    city.hub.save(Gauge(id="urn:g:1"))
    city.hub.record(Gauge, ["urn:g:1", "urn:g:1"], city.now, level_m=np.array([1.0, 2.0]))


def sound(city: City) -> None:
    """Tell something of the gauge."""
    city.hub.emit(Drawn(entity="urn:g:1", count=1))


gauges = Service(
    title=Text("Gauges", "계기"),
    level=Level.SKETCHED,
    owns=(Gauge,),
    routes=tuple(Route.post(f"/{do.__name__}", do, allow=ANYONE) for do in (read_gauge, sound)),
)


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    def do(then: Then, **options: Any) -> None:
        run(then, database, small_city, tmp_path / "state", **options)

    return do


async def history(town: Town, entity_id: str, caller: Any = ANNE) -> list[dict[str, Any]]:
    answer = await town.call("GET", f"/api/history/{entity_id}", caller=caller)
    assert answer.status == 200, answer
    found: list[dict[str, Any]] = answer.json()
    return found


def test_what_was_measured_is_there_in_its_order(live: Live) -> None:
    async def then(town: Town) -> None:
        do = "/api/test/village"
        for name in ("a", "b"):
            await town.call("POST", f"{do}/wells", {"well": name}, caller=OPERATOR)
        await town.call("POST", f"{do}/measure", {"depths_m": {"a": 3, "b": 4.5}}, caller=OPERATOR)
        await town.call("POST", f"{do}/wells/b/draw")
        town.runtime.perform(measure, PLATFORM, depths_m={"b": math.nan, "a": 5.0})
        await town.call("POST", f"{do}/measure", {"depths_m": {"b": 6}}, caller=OPERATOR)
        lines = await history(town, well_id("b"))
        kinds = ["measured", "measured", "event", "updated", "measured", "created"]
        assert [line["kind"] for line in lines if line["action"] != "test.village.hears"] == kinds
        positions = [line["position"] for line in lines]
        assert positions == sorted(positions, reverse=True)
        found = [line for line in lines if line["kind"] == "measured"]
        assert [line["body"].get("depth", {}).get("value") for line in found] == [6, None, 4.5]
        assert {line["name"] for line in found} == {"TestWell"}
        newest = found[0]["body"]["depth"]
        seen_at = newest.pop("observedAt").replace("Z", "+00:00")
        assert newest == {"type": "Property", "value": 6, "unitCode": "MTR"}
        assert seen_at == found[0]["at"]

    live(then)


def test_what_is_internal_is_the_operators_to_see(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hapgang.app.measures._MOST_LINES", 3)

    async def then(town: Town) -> None:
        assert (await town.call("POST", "/api/test/gauges/read_gauge", {})).status == 200
        assert await history(town, "urn:g:1", ANNE) == []
        (line, _) = await history(town, "urn:g:1", OPERATOR)
        assert line["body"]["levelM"]["value"] == 2
        for _ in range(3):  # so that nothing but events is in the newest lines
            await town.call("POST", "/api/test/gauges/sound", {})
        assert await history(town, "urn:g:1", ANNE) == []
        kinds = [line["kind"] for line in await history(town, "urn:g:1", OPERATOR)]
        assert kinds == ["event"] * 3

    live(then, services={**SERVICES, "test.gauges": gauges})


def test_no_table_is_read_as_a_whole(live: Live, database: Mapping[str, Any]) -> None:
    fill = """
        INSERT INTO feed SELECT n, n, now(), 'a', '', 'columns', 'T', '', NULL, convert_to(
            '{"ids": ["urn:t:' || n || '"], "at": "2026-11-23", "columns": {"x": [1]}}', 'UTF8')
        FROM generate_series(1000, 6000) AS n
    """

    async def then(_: Town) -> None:
        connection = await asyncpg.connect(url_of(database))
        await connection.execute(fill)
        await connection.execute("ANALYZE feed")
        plan = await connection.fetch(f"EXPLAIN {_HISTORY}", "urn:t:1500", 500)
        await connection.close()
        text = "\n".join(row[0] for row in plan)
        assert "feed_measured" in text
        assert "Seq Scan on feed" not in text

    live(then)

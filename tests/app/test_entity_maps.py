"""Entity maps: pages that stay the same while entities come and go."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hapgang.contract import Role
from hapgang.hub.ngsild.maps import EntityMap, EntityMaps
from tests.living import Answer, Town, run
from tests.village import person

ANNE, BOB = person("anne"), person("bob")
OPERATOR = person("op", Role.OPERATOR)
ENTITIES, MAPS = "/ngsi-ld/v1/entities", "/ngsi-ld/v1/entityMaps"
Live = Callable[[Callable[[Town], Awaitable[None]]], None]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    return lambda then: run(then, database, small_city, tmp_path / "state")


async def lamps(town: Town, *numbers: int) -> None:
    some = [{"id": f"urn:ngsi-ld:Lamp:{n}", "type": "Lamp", "power": n} for n in numbers]
    path = "/ngsi-ld/v1/entityOperations/create"
    assert (await town.call("POST", path, some, caller=OPERATOR)).status == 201


def numbers(answer: Answer) -> list[int]:
    return [one["power"]["value"] for one in answer.json()]


def test_pages_of_a_map_stay_the_same(live: Live) -> None:
    async def then(town: Town) -> None:
        await lamps(town, 5, 3, 1, 4, 2)
        query = f"{ENTITIES}?type=Lamp&orderBy=power&count=true&limit=2"
        first = await town.call("GET", f"{query}&entityMap=true", caller=ANNE)
        assert (first.status, numbers(first)) == (200, [1, 2])
        place = first.headers["ngsild-entitymap"]
        assert place.startswith(f"{MAPS}/urn:ngsi-ld:EntityMap:")
        await lamps(town, 0)
        await town.call("DELETE", f"{ENTITIES}/urn:ngsi-ld:Lamp:3", caller=OPERATOR)
        by_map = {"ngsild-entitymap": place}
        second = await town.call("GET", f"{query}&offset=2", caller=ANNE, headers=by_map)
        assert numbers(second) == [4]  # 3 is gone, and nobody slides into its page
        last = await town.call("GET", f"{query}&offset=4", caller=ANNE, headers=by_map)
        assert (numbers(last), last.headers["ngsild-results-count"]) == ([5], "5")
        assert last.headers["ngsild-entitymap"] == place
        none = await town.call("GET", f"{query}&offset=6", caller=ANNE, headers=by_map)
        assert numbers(none) == []
        others = await town.call("GET", query, caller=BOB, headers=by_map)
        assert numbers(others) == [0, 1]  # a map is its maker's; others get one of their own
        assert others.headers["ngsild-entitymap"] != place

    live(then)


def test_maps_are_made_told_kept_and_given_up(live: Live) -> None:
    async def then(town: Town) -> None:
        await lamps(town, 1, 2)
        query = {"type": "Query", "entities": [{"type": "Lamp"}]}
        for made in (
            await town.call("GET", f"{MAPS}?type=Lamp", caller=ANNE),
            await town.call("POST", MAPS, query, caller=ANNE),
        ):
            assert made.status == 201, made
            place = made.headers["ngsild-entitymap"]
            told = (await town.call("GET", place, caller=ANNE)).json()
            assert told == made.json()
            here = {f"urn:ngsi-ld:Lamp:{number}": ["@none"] for number in (1, 2)}
            assert (told["type"], told["entityMap"]) == ("EntityMap", here)
            assert (await town.call("GET", place, caller=BOB)).status == 404
        soon = datetime.now(UTC) + timedelta(minutes=5)
        later = {"expiresAt": soon.isoformat()}
        assert (await town.call("PATCH", place, later, caller=BOB)).status == 404
        assert (await town.call("PATCH", place, later, caller=ANNE)).status == 204
        told = (await town.call("GET", place, caller=ANNE)).json()
        assert datetime.fromisoformat(told["expiresAt"]) == soon
        for wrong in (
            {"expiresAt": "2020-01-01T00:00:00Z"},
            {"expiresAt": "2999-01-01T00:00:00Z"},
            {"entityMap": {}},
        ):
            assert (await town.call("PATCH", place, wrong, caller=ANNE)).status == 400, wrong
        assert (await town.call("DELETE", place, caller=ANNE)).status == 204
        assert (await town.call("GET", place, caller=ANNE)).status == 404
        assert (await town.call("GET", MAPS, caller=ANNE)).status == 400

    live(then)


def test_maps_are_few_and_end() -> None:
    maps, now = EntityMaps(), datetime(2026, 11, 22, tzinfo=UTC)
    for number in range(1_200):
        maps.add(EntityMap(f"urn:x:{number}", "anne", {}, now + timedelta(hours=1)))
    assert maps.get("urn:x:199", "anne", now) is None
    assert maps.get("urn:x:200", "anne", now) is not None
    assert maps.get("urn:x:200", "bob", now) is None
    assert maps.get("urn:x:200", "anne", now + timedelta(hours=1)) is None
    assert maps.get("urn:x:200", "anne", now) is None
    many = {f"urn:y:{number}": ["@none"] for number in range(10_000)}
    for number in range(101):
        maps.add(EntityMap(f"urn:z:{number}", "anne", many, now + timedelta(hours=1)))
    assert maps.get("urn:z:0", "anne", now) is None
    assert maps.get("urn:z:100", "anne", now) is not None

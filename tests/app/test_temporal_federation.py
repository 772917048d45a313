"""The past of what two cities know, over real HTTP: both tell all of it to whoever asks one."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.app import test_federation as federation
from tests.app.test_federation import REGISTRATIONS, City, two_cities

TEMPORAL = "/ngsi-ld/v1/temporal/entities"
AFTER = "timerel=after&timeAt=2026-01-01T00:00:00Z"
TRAMS = [f"urn:ngsi-ld:Tram:{number}" for number in range(4)]
databases = federation.databases
Both = Callable[[City, City], Awaitable[None]]


def prop(value: Any, minute: int) -> dict[str, Any]:
    return {"type": "Property", "value": value, "observedAt": f"2026-03-01T09:{minute:02}:00Z"}


async def told(city: City, entity: str, **attributes: Any) -> None:
    body = {"id": entity, "type": "Tram", **attributes}
    made = await city.call("POST", f"{TEMPORAL}?local=true", body)
    assert made.status in (201, 204), made


async def register(city: City, other: City, mode: str = "inclusive", **info: Any) -> None:
    body = {
        "type": "ContextSourceRegistration", "mode": mode, "endpoint": other.url,
        "information": [{"entities": [{"type": "Tram"}], **info}],
        "operations": ["queryTemporal", "retrieveTemporal"],
    }  # fmt: skip
    made = await city.call("POST", REGISTRATIONS, body)
    assert made.status == 201, made


async def asked(city: City, path: str) -> Any:
    found = await city.call("GET", f"{TEMPORAL}{path}")
    assert found.status == 200, found
    assert "ngsild-warning" not in found.headers, found
    return found.json()


def values(entity: Any, name: str = "speed") -> list[Any]:
    return [value for value, _ in entity[name]["values"]]


@pytest.fixture
def between(
    databases: Any, small_city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Both], None]:
    def do(both: Both) -> None:
        async def run() -> None:
            async with (
                asyncio.timeout(120),
                two_cities(databases, small_city, tmp_path, monkeypatch) as (here, there),
            ):
                await both(here, there)

        asyncio.run(run())

    return do


def test_two_cities_tell_one_past(between: Callable[[Both], None]) -> None:
    async def both(here: City, there: City) -> None:
        await register(here, there)
        await register(there, here)
        await told(here, TRAMS[0], speed=[prop(1, 1), prop(3, 3)])
        await told(there, TRAMS[0], speed=[prop(2, 2), prop(3, 3)], doors=prop(4, 9))
        await told(here, TRAMS[1], speed=prop(7, 7))
        await told(there, TRAMS[2], speed=[prop(8, 8), prop(9, 9)])
        for city in (here, there):
            one = await asked(city, f"/{TRAMS[0]}?options=temporalValues")
            assert (values(one), values(one, "doors")) == ([1, 2, 3], [4])
            assert values(await asked(city, f"/{TRAMS[0]}?options=temporalValues&lastN=2")) == [
                2,
                3,
            ]
            page = await asked(city, f"?type=Tram&{AFTER}&options=temporalValues&attrs=speed")
            assert {e["id"]: values(e) for e in page} == {
                TRAMS[0]: [1, 2, 3], TRAMS[1]: [7], TRAMS[2]: [8, 9],
            }  # fmt: skip
            fast = await asked(city, f"?type=Tram&{AFTER}&q=speed>7&options=temporalValues")
            assert [one["id"] for one in fast] == [TRAMS[2]]
            sums = await asked(
                city, f"?type=Tram&{AFTER}&format=aggregatedValues&aggrMethods=sum,totalCount"
            )
            assert {e["id"]: e["speed"]["sum"][0][0] for e in sums} == {
                TRAMS[0]: 6, TRAMS[1]: 7, TRAMS[2]: 17,
            }  # fmt: skip
            alone = await asked(city, f"?type=Tram&{AFTER}&local=true")
            assert len(alone) == 2
        assert (await here.call("GET", f"{TEMPORAL}/{TRAMS[3]}")).status == 404
        named = {one["instanceId"] for one in (await asked(here, f"/{TRAMS[2]}"))["speed"]}
        assert named == {one["instanceId"] for one in (await asked(there, f"/{TRAMS[2]}"))["speed"]}

    between(both)


def test_what_comes_in_parts_is_told_whole(
    between: Callable[[Both], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def both(here: City, there: City) -> None:
        await register(here, there)
        await told(there, TRAMS[0], speed=[prop(n, n) for n in range(20)])
        sums = f"?type=Tram&{AFTER}&format=aggregatedValues&aggrMethods=sum,totalCount"
        (one,) = await asked(here, sums)
        assert one["speed"]["totalCount"][0][0] == 20
        whole = await here.call("GET", f"{TEMPORAL}/{TRAMS[0]}?options=temporalValues")
        # nobody said a time to go on from
        assert (whole.status, values(whole.json())) == (200, list(range(6)))
        assert "only a part of the time" in whole.headers["ngsild-warning"]

    monkeypatch.setenv("HAPGANG_TEMPORAL_PAGE", "6")
    between(both)


def test_a_source_in_the_citys_place_and_one_that_fails(between: Callable[[Both], None]) -> None:
    async def both(here: City, there: City) -> None:
        await told(here, TRAMS[0], speed=prop(1, 1), line=prop("A", 1))
        await told(there, TRAMS[0], speed=prop(2, 2), line=prop("B", 2))
        await register(here, there, "redirect", propertyNames=["speed"])
        one = await asked(here, f"/{TRAMS[0]}?options=temporalValues")
        assert (values(one), values(one, "line")) == ([2], ["A"])
        gone = {
            "type": "ContextSourceRegistration", "endpoint": "http://127.0.0.1:9",
            "information": [{"entities": [{"type": "Tram"}]}], "operations": ["queryTemporal"],
        }  # fmt: skip
        assert (await here.call("POST", REGISTRATIONS, gone)).status == 201
        for path in (f"/{TRAMS[0]}?options=temporalValues", f"?type=Tram&{AFTER}"):
            found = await here.call("GET", f"{TEMPORAL}{path}")
            assert found.status == 200
            assert "ngsild-warning" in found.headers

    between(both)


def test_a_map_keeps_the_pages_of_a_query(between: Callable[[Both], None]) -> None:
    async def both(here: City, there: City) -> None:
        await register(here, there)
        await told(here, TRAMS[0], speed=prop(1, 1))
        await told(there, TRAMS[0], speed=prop(2, 2))
        await told(here, TRAMS[1], speed=prop(3, 3))
        await told(there, TRAMS[2], speed=prop(4, 4))
        query = f"type=Tram&{AFTER}&options=temporalValues"
        made = await here.call("GET", f"/ngsi-ld/v1/temporal/entityMaps?{query}")
        assert made.status == 201, made
        known = made.json()["entityMap"]
        assert {name: len(origins) for name, origins in known.items()} == dict(
            zip(TRAMS, (2, 1, 1), strict=False)
        )
        address = made.headers["ngsild-entitymap"]
        assert (await here.call("GET", address)).json()["entityMap"] == known
        first = await here.call("GET", f"{TEMPORAL}?{query}&entityMap=true&limit=2&count=true")
        assert first.headers["ngsild-results-count"] == "3"
        address = first.headers["ngsild-entitymap"]
        await told(here, "urn:ngsi-ld:Tram:0a", speed=prop(9, 9))  # the pages stay as they were
        found = [*first.json()]
        for offset in (2, 4):
            page = await here.town.call(
                "GET", f"{TEMPORAL}?{query}&limit=2&offset={offset}", caller=federation.OPERATOR,
                headers={"NGSILD-EntityMap": address},
            )  # fmt: skip
            assert page.headers["ngsild-entitymap"] == address
            found += page.json()
        assert [(one["id"], values(one)) for one in found] == [
            (name, {TRAMS[0]: [1, 2], TRAMS[1]: [3], TRAMS[2]: [4]}[name]) for name in known
        ]
        body = {"type": "Query", "entities": [{"type": "Tram"}], "temporalQ": {
            "timerel": "after", "timeAt": "2026-01-01T00:00:00Z"}}  # fmt: skip
        again = await here.call("POST", "/ngsi-ld/v1/temporal/entityMaps", body)
        assert (again.status, len(again.json()["entityMap"])) == (201, 4)

    between(both)

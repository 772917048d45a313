"""Two cities over real HTTP, each registered with the other: both answer whoever asks one."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hapgang.app.settings import DATABASE_URL
from hapgang.contract import Role
from tests.app.serving import served
from tests.conftest import command
from tests.living import Answer, Town, living, url_of
from tests.village import person

ENTITIES, BATCH = "/ngsi-ld/v1/entities", "/ngsi-ld/v1/entityOperations"
REGISTRATIONS, TYPES = "/ngsi-ld/v1/csourceRegistrations", "/ngsi-ld/v1/types"
OPERATOR = person("op", Role.OPERATOR)
GROUPS = ["redirectionOps", "federationOps", "createBatch", "deleteBatch"]


class City(NamedTuple):
    """A city, and where it is."""

    town: Town
    url: str

    async def call(self, method: str, path: str, body: Any = None) -> Answer:
        return await self.town.call(method, path, body, caller=OPERATOR)

    async def make(self, entity: str, kind: str, **values: Any) -> None:
        body = {"id": entity, "type": kind, **values}
        made = await self.call("POST", f"{ENTITIES}?local=true", body)
        assert made.status == 201, made

    async def register(self, other: "City", mode: str, **info: Any) -> None:
        body = {
            "type": "ContextSourceRegistration", "mode": mode, "endpoint": other.url,
            "information": [info], "operations": GROUPS,
        }  # fmt: skip
        made = await self.call("POST", REGISTRATIONS, body)
        assert made.status == 201, made

    async def ids(self, words: str) -> list[str]:
        found = await self.call("GET", f"{ENTITIES}?{words}")
        assert found.status == 200, found
        assert "ngsild-warning" not in found.headers, found
        return sorted(one["id"].removeprefix("urn:ngsi-ld:") for one in found.json())


@pytest.fixture
def databases(server: Any) -> Iterator[list[dict[str, Any]]]:
    names = ["federated_here", "federated_there"]
    for name in names:
        command(server, f"CREATE DATABASE {name}")
    yield [{**server.connect_kwargs, "database": name} for name in names]
    for name in names:
        command(server, f"DROP DATABASE {name} WITH (FORCE)")


@asynccontextmanager
async def two_cities(
    databases: list[dict[str, Any]], model: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[City, City]]:
    """Two open cities that may ask each other."""
    places = ["http://127.0.0.1"]
    monkeypatch.setenv(DATABASE_URL, url_of(databases[0]))
    async with living(model, folder / "here", is_open=True, sources=places) as here:
        monkeypatch.setenv(DATABASE_URL, url_of(databases[1]))
        async with (
            living(model, folder / "there", is_open=True, sources=places) as there,
            served(here) as here_url,
            served(there) as there_url,
        ):
            yield City(here, here_url), City(there, there_url)


def test_two_cities_are_one_to_whoever_asks(
    databases: list[dict[str, Any]], small_city: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async def both() -> None:
        async with (
            asyncio.timeout(120),
            two_cities(databases, small_city, tmp_path, monkeypatch) as (here, there),
        ):
            for one, other in ((here, there), (there, here)):
                await one.register(other, "inclusive", entities=[{"type": "Tram"}])
            await read_together(here, there)
            await write_together(here, there)
            await move_house(here, there)

    asyncio.run(both())


async def read_together(here: City, there: City) -> None:
    """Each city knows half of the trams, and both know one of them."""
    old, new = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"
    await here.make("urn:ngsi-ld:Tram:1", "Tram", speed=10)
    await there.make("urn:ngsi-ld:Tram:2", "Tram", speed=20)
    shared = "urn:ngsi-ld:Tram:3"
    await here.make(shared, "Tram", speed={"value": 1, "observedAt": old}, line="A")
    await there.make(shared, "Tram", speed={"value": 2, "observedAt": new}, doors=4)
    for city in (here, there):
        assert await city.ids("type=Tram") == ["Tram:1", "Tram:2", "Tram:3"]
        assert await city.ids("type=Tram&q=speed>5") == ["Tram:1", "Tram:2"]
        whole = (await city.call("GET", f"{ENTITIES}/{shared}?format=simplified")).json()
        assert (whole["speed"], whole["line"], whole["doors"]) == (2, "A", 4)
    assert await here.ids("type=Tram&local=true") == ["Tram:1", "Tram:3"]
    await there.make("urn:ngsi-ld:Tram:5", "Tram", pantograph=1)
    assert "Tram" in (await here.call("GET", TYPES)).json()["typeList"]
    told = (await here.call("GET", f"{TYPES}/Tram")).json()
    assert "pantograph" in [one["attributeName"] for one in told["attributeDetails"]]
    assert (await there.call("DELETE", f"{ENTITIES}/urn:ngsi-ld:Tram:5?local=true")).status == 204


async def write_together(here: City, there: City) -> None:
    """What is written in one city is written in both, once."""
    tram = "urn:ngsi-ld:Tram:4"
    body = {"id": tram, "type": "Tram", "speed": 5}
    assert (await here.call("POST", ENTITIES, body)).status == 201
    for city in (here, there):
        assert (await city.call("GET", f"{ENTITIES}/{tram}?local=true")).status == 200
    assert (await there.call("PATCH", f"{ENTITIES}/{tram}", {"speed": 6})).status == 204
    told = await here.call("GET", f"{ENTITIES}/{tram}?format=simplified&local=true")
    assert told.json()["speed"] == 6
    again = await here.call("POST", ENTITIES, body)
    assert (again.status, len(again.json()["errors"])) == (207, 2)
    assert (await here.call("DELETE", f"{ENTITIES}/{tram}")).status == 204
    for city in (here, there):
        assert (await city.call("GET", f"{ENTITIES}/{tram}?local=true")).status == 404


async def move_house(here: City, there: City) -> None:
    """What another city keeps in this one's place is written and read there only."""
    await here.register(there, "redirect", entities=[{"type": "Bridge"}])
    ids = [f"urn:ngsi-ld:Bridge:{number}" for number in range(3)]
    made = await here.call("POST", f"{BATCH}/create", [{"id": i, "type": "Bridge"} for i in ids])
    assert (made.status, made.json()) == (201, ids)
    assert await here.ids("type=Bridge&local=true") == []
    assert await here.ids("type=Bridge") == [f"Bridge:{number}" for number in range(3)]
    assert await there.ids("type=Bridge&local=true") == [f"Bridge:{n}" for n in range(3)]
    gone = await here.call("POST", f"{BATCH}/delete", ids[:1])
    assert gone.status == 204
    assert (await here.call("DELETE", f"{ENTITIES}?type=Bridge")).status == 204
    assert await there.ids("type=Bridge&local=true") == []

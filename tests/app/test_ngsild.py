"""The standard's face: documents in and out, errors in its form, and the same rows as an action."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from hapgang.contract import Role
from tests.living import Town, run
from tests.village import person

ANNE, DEVICE = person("anne"), person("device", Role.DEVICE)
OPERATOR = person("op", Role.OPERATOR)
ENTITIES = "/ngsi-ld/v1/entities"
LAMP = {
    "id": "urn:ngsi-ld:Lamp:1",
    "type": "Lamp",
    "power": {"type": "Property", "value": 5, "unitCode": "KWT"},
    "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [127.3, 36.5]}},
    "colour": "warm",
}
Then = Callable[[Town], Awaitable[None]]
Live = Callable[..., None]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    def do(then: Then, **options: Any) -> None:
        run(then, database, small_city, tmp_path / "state", **options)

    return do


def test_an_entity_is_created_read_patched_and_deleted(live: Live) -> None:
    async def then(town: Town) -> None:
        made = await town.call("POST", ENTITIES, LAMP, caller=OPERATOR)
        assert made.status == 201
        place = made.headers["location"]
        assert place == f"{ENTITIES}/urn:ngsi-ld:Lamp:1"
        found = await town.call("GET", place, caller=ANNE)
        assert found.headers["content-type"] == "application/json"
        assert 'rel="http://www.w3.org/ns/json-ld#context"' in found.headers["link"]
        assert found.json() == {**LAMP, "colour": {"type": "Property", "value": "warm"}}
        ld = await town.call("GET", place, caller=ANNE, headers={"accept": "application/ld+json"})
        assert ld.json()["@context"].startswith("https://uri.etsi.org/")
        again = await town.call("POST", ENTITIES, LAMP, caller=DEVICE)
        assert (again.status, again.json()["type"]) == (
            409, "https://uri.etsi.org/ngsi-ld/errors/AlreadyExists"
        )  # fmt: skip
        patch = {"power": {"value": 7}, "colour": "urn:ngsi-ld:null"}
        assert (await town.call("PATCH", place, patch, caller=DEVICE)).status == 204
        simple = await town.call("GET", f"{place}?options=keyValues,sysAttrs", caller=ANNE)
        assert simple.json()["power"] == 7
        assert "colour" not in simple.json()
        assert simple.json()["createdAt"] < simple.json()["modifiedAt"]
        few = await town.call("GET", f"{place}?attrs=power&format=simplified", caller=ANNE)
        assert few.json() == {"id": LAMP["id"], "type": "Lamp", "power": 7}
        assert (await town.call("DELETE", place, caller=OPERATOR)).status == 204
        gone = await town.call("GET", place, caller=ANNE)
        assert (gone.status, gone.json()["type"]) == (
            404, "https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound"
        )  # fmt: skip

    live(then)


def test_queries_page_filter_and_look_around(live: Live) -> None:
    async def then(town: Town) -> None:
        for number in range(5):
            at = [127.3 + number * 1e-3, 36.5]
            lamp = {**LAMP, "id": f"urn:ngsi-ld:Lamp:{number}", "power": number,
                    "location": {"type": "Point", "coordinates": at}}  # fmt: skip
            assert (await town.call("POST", ENTITIES, lamp, caller=OPERATOR)).status == 201

        async def ids(query: str) -> list[str]:
            answer = await town.call("GET", f"{ENTITIES}?type=Lamp&{query}", caller=ANNE)
            assert answer.status == 200, answer
            return [found["id"][-1] for found in answer.json()]

        assert await ids("") == ["0", "1", "2", "3", "4"]
        assert await ids("q=power>1;power<4") == ["2", "3"]
        assert await ids('q=power==0|colour!="warm"') == ["0"]
        assert await ids("q=colour>5") == []
        assert await ids("limit=2&offset=1") == ["1", "2"]
        assert await ids("id=urn:ngsi-ld:Lamp:4,urn:ngsi-ld:Lamp:9") == ["4"]
        near = "georel=near;maxDistance==100&geometry=Point&coordinates=[127.3022,36.5]"
        assert await ids(near) == ["2", "3"]
        counted = await town.call("GET", f"{ENTITIES}?type=Lamp&limit=0&count=true", caller=ANNE)
        assert (counted.json(), counted.headers["ngsild-results-count"]) == ([], "5")

    live(then)


NONSENSE = [
    "", "type=Lamp&q=power=1", "type=Lamp&limit=1001", "type=Lamp&limit=-1", "type=Lamp&limit=x",
    "type=Lamp&georel=within",
    *(f"type=Lamp&georel=near;maxDistance=={metres}&geometry=Point&coordinates=[1,2]"
      for metres in ("x", "inf", "nan", "-5", "1e9")),
    *(f"type=Lamp&georel=near;maxDistance==5&geometry=Point&coordinates={place}"
      for place in ("[1,200]", "[1]", "[1,2,3,4]", "[[1,2]]", "x")),
    "type=Lamp&georel=near;maxDistance==5&geometry=Polygon&coordinates=[1,2]",
]  # fmt: skip


def test_queries_that_make_no_sense(live: Live) -> None:
    async def then(town: Town) -> None:
        for query in NONSENSE:
            answer = await town.call("GET", f"{ENTITIES}?{query}", caller=ANNE)
            assert answer.status == 400, (query, answer)
            assert answer.json()["type"] == "https://uri.etsi.org/ngsi-ld/errors/BadRequestData"

    live(then)


def test_documents_that_are_refused(live: Live) -> None:
    async def then(town: Town) -> None:
        xml = {"content-type": "text/xml"}
        answer = await town.call("POST", ENTITIES, b"<a/>", caller=OPERATOR, headers=xml)
        assert answer.status == 415
        for body in (
            b"[]",
            b"{",
            b"",
            b"{}",
            b'{"id": "urn:x:1"}',
            b"[" * 50_000,
            b'{"id":"\xff"}',
        ):
            answer = await town.call("POST", ENTITIES, body, caller=OPERATOR)
            assert answer.status == 400, body[:10]
            name = "BadRequestData" if body in (b"{}", b"") or b"1" in body else "InvalidRequest"
            assert answer.json()["type"].endswith(f"/{name}"), body[:10]
        owned = {"id": "urn:ngsi-ld:TestWell:1", "type": "TestWell"}
        assert (await town.call("POST", ENTITIES, owned, caller=OPERATOR)).status == 403
        assert (await town.call("POST", ENTITIES, LAMP, caller=ANNE)).status == 403
        assert (await town.call("POST", ENTITIES, LAMP)).status == 401
        assert town.runtime.state.count("Lamp") == 0

    live(then)


def test_an_open_city_takes_free_types_from_anybody(live: Live) -> None:
    async def then(town: Town) -> None:
        assert (await town.call("POST", ENTITIES, LAMP)).status == 201
        assert (await town.call("GET", f"{ENTITIES}?type=Lamp")).json()
        owned = {"id": "urn:ngsi-ld:TestWell:1", "type": "TestWell"}
        assert (await town.call("POST", ENTITIES, owned)).status == 403
        assert (await town.call("GET", "/api/me/wallet")).status == 401

    live(then, is_open=True)


def test_a_key_writes_once(live: Live) -> None:
    async def then(town: Town) -> None:
        headers = {"idempotency-key": "k"}
        for _ in range(3):
            made = await town.call("POST", ENTITIES, LAMP, caller=DEVICE, headers=headers)
            assert made.status == 201
            assert made.headers["location"].endswith("Lamp:1")
        other = {**LAMP, "colour": "cold"}
        answer = await town.call("POST", ENTITIES, other, caller=DEVICE, headers=headers)
        assert answer.status == 409
        assert town.runtime.state.count("Lamp") == 1

    live(then)

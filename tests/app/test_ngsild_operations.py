"""What clients do with attributes, with several entities at once, and how they find them."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from hapgang.contract import Role
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.ngsild.entities import remove_expired
from tests.living import Town, run
from tests.village import person

ANNE, DEVICE = person("anne"), person("device", Role.DEVICE)
V1 = "/ngsi-ld/v1"
ROOM = f"{V1}/entities/urn:a:room"
ONE = "urn:d:1"
Then = Callable[[Town], Awaitable[None]]
Live = Callable[..., None]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    def do(then: Then, **options: Any) -> None:
        run(then, database, small_city, tmp_path / "state", **options)

    return do


async def put(town: Town, *documents: dict[str, Any]) -> None:
    for document in documents:
        made = await town.call("POST", f"{V1}/entities", document, caller=DEVICE)
        assert made.status == 201, made


async def shown(town: Town, query: str = "format=simplified", path: str = ROOM) -> Any:
    answer = await town.call("GET", f"{path}?{query}", caller=ANNE)
    assert answer.status == 200, answer
    return answer.json()


def room(**attributes: Any) -> dict[str, Any]:
    return {"id": "urn:a:room", "type": "Room", **attributes}


def test_attributes_one_by_one(live: Live) -> None:
    async def then(town: Town) -> None:
        await put(town, room(size=5, heat=[{"value": 20}, {"value": 21, "datasetId": ONE}]))

        async def do(method: str, path: str, body: Any = None, query: str = "") -> int:
            answer = await town.call(method, f"{ROOM}{path}{query}", body, caller=DEVICE)
            return answer.status

        assert await do("POST", "/attrs", {"colour": "red", "size": 6}) == 204
        told = await town.call(
            "POST", f"{ROOM}/attrs?options=noOverwrite", {"size": 7, "floor": 1}, caller=DEVICE
        )
        assert told.status == 207
        assert told.json()["updated"] == ["https://uri.etsi.org/ngsi-ld/default-context/floor"]
        assert told.json()["notUpdated"][0]["attributeName"].endswith("/size")
        assert await do("PATCH", "/attrs", {"colour": "urn:ngsi-ld:null"}) == 204
        assert await do("PATCH", "/attrs/heat", {"value": 22, "datasetId": ONE}) == 204
        assert await do("PATCH", "/attrs/heat", {"value": 22, "datasetId": "urn:d:9"}) == 404
        assert await do("PATCH", "/attrs/heat", {"object": "urn:x:1"}) == 400
        assert await do("PUT", "/attrs/size", {"value": 9, "unitCode": "MTK"}) == 204
        assert await do("PUT", "/attrs/none", {"value": 9}) == 404
        assert await shown(town) == room(size=9, floor=1, heat={"dataset": {"@none": 20, ONE: 22}})
        assert await do("DELETE", "/attrs/heat", query=f"?datasetId={ONE}") == 204
        assert await do("DELETE", "/attrs/heat", query=f"?datasetId={ONE}") == 404
        assert await do("DELETE", "/attrs/heat", query="?deleteAll=true") == 204
        assert await do("DELETE", "/attrs/scope") == 404
        assert (await shown(town)).keys() == {"id", "type", "size", "floor"}

    live(then)


def test_an_entity_is_put_in_the_place_of_another(live: Live) -> None:
    async def then(town: Town) -> None:
        await put(town, room(size=5, scope="/North"))
        answer = await town.call("PUT", ROOM, room(colour="red"), caller=DEVICE)
        assert answer.status == 204
        found = await shown(town, "options=sysAttrs")
        assert found.keys() == {"id", "type", "createdAt", "modifiedAt", "colour"}
        assert found["createdAt"] < found["colour"]["createdAt"]
        other = await town.call("PUT", ROOM, {**room(), "id": "urn:a:other"}, caller=DEVICE)
        assert other.status == 400
        assert (await town.call("PUT", ROOM + "x", room(), caller=DEVICE)).status == 400

    live(then)


def test_types_and_scopes_grow(live: Live) -> None:
    async def then(town: Town) -> None:
        await put(town, room(scope="/North"))
        more = {"type": "Studio", "scope": ["/South"]}
        answer = await town.call("POST", f"{ROOM}/attrs?options=noOverwrite", more, caller=DEVICE)
        assert answer.status == 204
        found = await shown(town)
        assert (found["type"], found["scope"]) == (["Room", "Studio"], ["/North", "/South"])
        for query, count in {
            "type=Studio": 1, "type=Room;Studio": 1, "type=Room;Hall": 0,
            "type=Room&scopeQ=/South": 1, "type=Room&scopeQ=/East": 0,
        }.items():  # fmt: skip
            assert len(await shown(town, query, f"{V1}/entities")) == count, query
        both = {"id": "urn:a:2", "type": ["Consent", "Person"]}
        assert (await town.call("POST", f"{V1}/entities", both, caller=DEVICE)).status == 409

    live(then)


def test_what_has_expired_is_gone_and_its_id_free(live: Live) -> None:
    async def then(town: Town) -> None:
        await put(town, room(expiresAt="2020-01-01T00:00:00Z"))
        assert (await town.call("GET", ROOM, caller=ANNE)).status == 404
        assert await shown(town, "type=Room", f"{V1}/entities") == []
        assert town.runtime.perform(remove_expired, PLATFORM) == 1
        assert town.runtime.state.types() == {}
        await put(town, room(expiresAt="2020-01-01T00:00:00Z"))
        await put(town, room(expiresAt="2099-01-01T00:00:00Z"))
        assert town.runtime.perform(remove_expired, PLATFORM) == 0
        assert (await shown(town))["expiresAt"] == "2099-01-01T00:00:00Z"

    live(then)


def test_batches_tell_of_each(live: Live) -> None:
    async def then(town: Town) -> None:
        async def do(name: str, body: Any, query: str = "") -> tuple[int, Any]:
            path = f"{V1}/entityOperations/{name}{query}"
            answer = await town.call("POST", path, body, caller=DEVICE)
            return answer.status, answer.json() if answer.body else None

        one, two = room(size=1), {"id": "urn:a:hall", "type": "Hall", "size": 2}
        assert await do("create", [one, two]) == (201, ["urn:a:room", "urn:a:hall"])
        status, told = await do("create", [one, {"id": "urn:a:3", "type": "A"}, {"id": "x"}])
        assert (status, told["success"]) == (207, ["urn:a:3"])
        assert [error["entityId"] for error in told["errors"]] == ["urn:a:room", "x"]
        assert told["errors"][0]["error"]["type"].endswith("/AlreadyExists")
        assert await do("upsert", [{**one, "size": 5}]) == (204, None)
        assert await do("upsert", [{**one, "colour": "red"}], "?options=update") == (204, None)
        assert (await shown(town))["size"] == 1
        assert await do("upsert", [{"id": "urn:a:4", "type": "A"}, two]) == (201, ["urn:a:4"])
        assert await do("merge", [{"id": "urn:a:room", "size": 8}]) == (204, None)
        status, told = await do("merge", [{"id": "urn:a:room", "size": {"x": 1}}])
        assert (status, told["success"], (await shown(town))["size"]) == (207, [], 8)
        status, told = await do("update", [{"id": "urn:a:none", "size": 3}, {**two, "size": 3}])
        assert (status, told["success"]) == (207, ["urn:a:hall"])
        status, told = await do("delete", ["urn:a:hall", "urn:a:none"])
        assert (status, told["success"]) == (207, ["urn:a:hall"])
        wrong: list[Any] = [[], {}, [5], "x"]
        for nonsense in wrong:
            assert (await do("create", nonsense))[0] == 400, nonsense
        owned = {"id": "urn:x:1", "type": "TestWell"}
        assert (await do("create", [owned]))[1]["errors"][0]["error"]["status"] == 403

    live(then)


def test_purging_is_for_what_one_may_delete(live: Live) -> None:
    async def then(town: Town) -> None:
        await put(town, room(size=1, colour="red"), {"id": "urn:a:2", "type": "Hall"})
        entities = f"{V1}/entities"
        assert (await town.call("DELETE", entities, caller=DEVICE)).status == 400
        assert (await town.call("DELETE", f"{entities}?type=Room", caller=ANNE)).status == 403
        kept = await town.call("DELETE", f"{entities}?type=Room&keep=size", caller=DEVICE)
        assert (kept.status, await shown(town)) == (204, room(size=1))
        await town.call("DELETE", f"{entities}?type=Room&drop=size", caller=DEVICE)
        assert await shown(town) == room()
        assert (await town.call("DELETE", f"{entities}?type=Room", caller=DEVICE)).status == 204
        assert town.runtime.state.types() == {"Hall": 1}

    live(then)


def test_queries_in_a_body_and_in_all_forms(live: Live) -> None:
    async def then(town: Town) -> None:
        house = {"id": "urn:a:house", "type": "House", "name": {"languageMap": {"ko": "집"}},
                 "location": {"type": "Point", "coordinates": [127.3, 36.5]}}  # fmt: skip
        await put(town, house, room(size=2, inside={"object": "urn:a:house"}))
        await put(town, {"id": "urn:a:room2", "type": "Room", "size": 1})
        posted = {
            "type": "Query", "entities": [{"type": "Room"}, {"idPattern": ".*house", "type": "*"}],
            "ordering": {"orderBy": "id;desc"}, "attrs": ["size", "location"],
        }  # fmt: skip
        answer = await town.call(
            "POST", f"{V1}/entityOperations/query?local=true&count=true", posted, caller=ANNE
        )
        assert [one["id"] for one in answer.json()] == ["urn:a:room2", "urn:a:room", "urn:a:house"]
        assert answer.headers["ngsild-results-count"] == "3"
        entities = f"{V1}/entities"
        (found,) = await shown(
            town, "type=Room&q=size>1&join=inline&joinLevel=1&options=keyValues", entities
        )
        assert found["inside"]["id"] == "urn:a:house"
        (found,) = await shown(town, "type=House&lang=ko,en;q=0.5&pick=name", entities)
        assert found == {"name": {"type": "Property", "value": "집", "lang": "ko"}}
        geo = {"accept": "application/geo+json"}
        answer = await town.call("GET", f"{entities}?type=House", caller=ANNE, headers=geo)
        assert answer.headers["content-type"] == "application/geo+json"
        (feature,) = answer.json()["features"]
        assert feature["geometry"] == house["location"]
        page = await town.call("GET", f"{entities}?type=Room&limit=1", caller=ANNE)
        assert 'offset=1>;rel="next";type="application/json"' in page.headers["link"]
        wrong = await town.call(
            "GET", f"{entities}?type=Room", caller=ANNE, headers={"accept": "text/html"}
        )
        assert wrong.status == 406

    live(then)


def test_types_and_attributes_are_found(live: Live) -> None:
    async def then(town: Town) -> None:
        await put(town, room(size=1), {"id": "urn:a:2", "type": "Hall", "size": 5, "a": [1]})
        assert (await shown(town, "", f"{V1}/types"))["typeList"] == ["Hall", "Room"]
        detailed = await shown(town, "details=true", f"{V1}/types")
        assert detailed[0]["attributeNames"] == ["a", "size"]
        one = await shown(town, "", f"{V1}/types/Room")
        assert (one["entityCount"], one["attributeDetails"][0]["attributeTypes"]) == (
            1, ["Property"]
        )  # fmt: skip
        assert (await shown(town, "", f"{V1}/attributes"))["attributeList"] == ["a", "size"]
        size = await shown(town, "", f"{V1}/attributes/size")
        assert (size["attributeCount"], size["typeNames"]) == (2, ["Hall", "Room"])
        for path in ("types/None", "attributes/none"):
            assert (await town.call("GET", f"{V1}/{path}", caller=ANNE)).status == 404

    live(then)

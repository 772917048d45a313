"""A city and sources that are registered with it: who is asked what, and what clients are told."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from hapgang.app.ngsild.distribution.asking import _ENVIRONMENT
from hapgang.contract import Role
from tests.app.stub_source import Stub, stub
from tests.living import Answer, Town, run
from tests.village import person

ENTITIES, BATCH = "/ngsi-ld/v1/entities", "/ngsi-ld/v1/entityOperations"
REGISTRATIONS = "/ngsi-ld/v1/csourceRegistrations"
OPERATOR, AGENCY = person("op", Role.OPERATOR), person("agency", Role.AGENCY)
COMPANY = person("company", Role.COMPANY)
LAMP = "urn:ngsi-ld:Lamp:1"
Then = Callable[[Town, Stub], Awaitable[None]]
Live = Callable[[Then], None]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    def start(then: Then) -> None:
        async def both(town: Town) -> None:
            async with stub() as source:
                await then(town, source)

        run(both, database, small_city, tmp_path / "state", sources=["http://127.0.0.1"])

    return start


def prop(value: Any, **more: Any) -> dict[str, Any]:
    return {"type": "Property", "value": value, **more}


async def register(town: Town, url: str, mode: str = "inclusive", **more: Any) -> str:
    body = {
        "type": "ContextSourceRegistration", "endpoint": url, "mode": mode,
        "information": [{"entities": [{"type": "Lamp"}]}],
        "operations": ["redirectionOps", "federationOps", "createBatch"], **more,
    }  # fmt: skip
    made = await town.call("POST", REGISTRATIONS, body, caller=OPERATOR)
    assert made.status == 201, made
    return made.headers["location"].rpartition("/")[2]


async def call(town: Town, method: str, path: str, body: Any = None, **headers: str) -> Answer:
    return await town.call(method, path, body, caller=OPERATOR, headers=headers)


async def make(town: Town, entity: str = LAMP, **attributes: Any) -> Answer:
    body = {"id": entity, "type": "Lamp", **attributes}
    return await call(town, "POST", f"{ENTITIES}?local=true", body)


def test_an_entity_is_what_all_know_of_it(live: Live) -> None:
    async def then(town: Town, source: Stub) -> None:
        await make(town, power=prop(1, observedAt="2026-01-01T00:00:00Z"), colour=prop("red"))
        newer = prop(2, observedAt="2026-02-01T00:00:00Z")
        theirs = {"id": LAMP, "type": "Lamp", "power": newer, "height": prop(9)}
        source.say("GET", f"/entities/{LAMP}", 200, theirs)
        source.say("GET", "/entities", 200, [theirs, {**theirs, "id": "urn:ngsi-ld:Lamp:2"}])
        await register(town, source.url)

        whole = (await call(town, "GET", f"{ENTITIES}/{LAMP}")).json()
        assert (whole["power"]["value"], whole["colour"]["value"]) == (2, "red")
        assert whole["height"]["value"] == 9
        simple = (await call(town, "GET", f"{ENTITIES}/{LAMP}?format=simplified&pick=power")).json()
        assert simple == {"power": 2}
        assert source.asked[-1].words["pick"] == "id,type,power"
        alone = (await call(town, "GET", f"{ENTITIES}/{LAMP}?local=true")).json()
        assert (alone["power"]["value"], "height" in alone) == (1, False)

        found = await call(town, "GET", f"{ENTITIES}?type=Lamp&count=true&limit=1")
        assert [one["id"] for one in found.json()] == [LAMP]
        assert found.headers["ngsild-results-count"] == "2"
        posted = {"type": "Query", "entities": [{"type": "Lamp"}], "q": "power>1"}
        source.say("POST", "/entityOperations/query", 200, [theirs])
        both = await call(town, "POST", f"{BATCH}/query", posted)
        assert source.asked[-1].body["q"] == "power>1"
        assert [one["id"] for one in both.json()] == [LAMP]

    live(then)


def test_a_filter_sees_whole_entities_where_they_are_split(live: Live) -> None:
    async def then(town: Town, source: Stub) -> None:
        await make(town, colour=prop("red"))
        await make(town, "urn:ngsi-ld:Lamp:2", colour=prop("blue"))
        said = [{"id": f"urn:ngsi-ld:Lamp:{n}", "type": "Lamp", "power": prop(n)} for n in (1, 2)]
        source.say("GET", "/entities", 200, said)
        info = [{"entities": [{"type": "Lamp"}], "propertyNames": ["power"]}]
        await register(town, source.url, information=info)
        found = await call(town, "GET", f"{ENTITIES}?type=Lamp&q=power>1;colour==%22blue%22")
        assert [one["id"] for one in found.json()] == ["urn:ngsi-ld:Lamp:2"]
        assert "q" not in source.asked[-1].words

    live(then)


def test_a_source_that_fails_is_told_and_loses_nothing(live: Live) -> None:
    async def then(town: Town, source: Stub) -> None:
        await make(town, power=prop(1))
        name = await register(town, source.url, management={"timeout": 50, "cooldown": 60_000})
        for status, body in ((500, None), (200, b"rubbish"), (200, 5), (200, [{"id": "no uri"}])):
            source.say("GET", f"/entities/{LAMP}", status, body)
            answer = await call(town, "GET", f"{ENTITIES}/{LAMP}")
            assert (answer.status, answer.json()["power"]["value"]) == (200, 1)
            assert name in answer.headers["ngsild-warning"]
            assert answer.headers["ngsild-warning"].startswith("199 ")
        source.is_silent = True
        late = await call(town, "GET", f"{ENTITIES}/{LAMP}")
        assert "no answer within 0.05 s" in late.headers["ngsild-warning"]
        asked = len(source.asked)
        resting = await call(town, "GET", f"{ENTITIES}/{LAMP}")
        assert "left alone" in resting.headers["ngsild-warning"]
        assert len(source.asked) == asked
        told = (await call(town, "GET", f"{REGISTRATIONS}/{name}")).json()
        assert (told["status"], told["timesFailed"]) == ("failed", 1)

    live(then)


def test_writes_are_shared_and_told_part_by_part(live: Live) -> None:
    async def then(town: Town, source: Stub) -> None:
        info = [{"entities": [{"id": LAMP, "type": "Lamp"}], "propertyNames": ["power"]}]
        name = await register(town, source.url, "exclusive", information=info)
        source.say("POST", "/entities", 201)
        body = {"id": LAMP, "type": "Lamp", "power": prop(1), "colour": prop("red")}
        assert (await call(town, "POST", ENTITIES, body)).status == 201
        assert source.asked[-1].body == {"id": LAMP, "type": "Lamp", "power": prop(1)}
        here = (await call(town, "GET", f"{ENTITIES}/{LAMP}?local=true")).json()
        assert "power" not in here
        source.say("PATCH", f"/entities/{LAMP}/attrs", 400, {"title": "no", "detail": "too bright"})
        change = {"power": prop(2), "colour": prop("blue")}
        parts = await call(town, "PATCH", f"{ENTITIES}/{LAMP}/attrs", change)
        assert (parts.status, parts.json()) == (
            207,
            {
                "updated": ["colour"],
                "notUpdated": [
                    {"attributeName": "power", "reason": "too bright", "registrationId": name}
                ],
            },
        )
        alone = await call(town, "PATCH", f"{ENTITIES}/{LAMP}/attrs", {"power": prop(2)})
        assert (alone.status, alone.json()["detail"]) == (400, "too bright")

    live(then)


def test_batches_go_as_batches_or_one_by_one(live: Live) -> None:
    async def then(town: Town, source: Stub) -> None:
        name = await register(town, source.url, "redirect")
        ids = [f"urn:ngsi-ld:Lamp:{number}" for number in (1, 2)]
        bodies = [{"id": one, "type": "Lamp", "power": prop(1)} for one in ids]
        post = {"id": "urn:ngsi-ld:Post:1", "type": "Post"}
        source.say("POST", "/entityOperations/create", 201, ids)
        made = await call(town, "POST", f"{BATCH}/create", [*bodies, post])
        assert (made.status, sorted(made.json())) == (201, [*ids, post["id"]])
        assert source.asked[-1].body == bodies
        source.say("DELETE", f"/entities/{ids[0]}", 204)
        gone = await call(town, "POST", f"{BATCH}/delete", [*ids, post["id"]])
        assert gone.status == 207
        assert sorted(gone.json()["success"]) == [ids[0], post["id"]]
        (error,) = gone.json()["errors"]
        assert (error["entityId"], error["registrationId"]) == (ids[1], name)
        assert error["error"]["status"] == 404

    live(then)


def test_purges_reach_no_more_than_was_registered(live: Live) -> None:
    async def then(town: Town, source: Stub) -> None:
        await make(town, power=prop(1))
        source.say("DELETE", "/entities", 204)
        info = [{"entities": [{"id": LAMP, "type": "Lamp"}], "propertyNames": ["power"]}]
        await register(town, source.url, "exclusive", information=info)
        assert (await call(town, "DELETE", f"{ENTITIES}?type=Lamp")).status == 204
        assert source.asked[-1].words == {"type": "Lamp", "id": LAMP, "drop": "power"}
        assert (await call(town, "GET", f"{ENTITIES}/{LAMP}?local=true")).status == 404

    live(then)


def test_a_source_is_spoken_to_in_its_own_words_without_our_secrets(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def then(town: Town, source: Stub) -> None:
        monkeypatch.setenv(f"{_ENVIRONMENT}KEY", "s3cret")
        monkeypatch.setenv("OTHER", "not for them")
        wanted = {
            "X-Key": "env:KEY", "X-Other": "env:OTHER", "X-Asked": "urn:ngsi-ld:request",
            "Authorization": "urn:ngsi-ld:request", "Host": "elsewhere.example",
        }  # fmt: skip
        pairs = [{"key": key, "value": value} for key, value in wanted.items()]
        await register(
            town, source.url, tenant="theirs", contextSourceInfo=pairs,
            management={"localOnly": True},
        )  # fmt: skip
        await call(town, "GET", f"{ENTITIES}/{LAMP}", **{"x-asked": "yes", "via": "1.1 somebody"})
        (asked,) = source.asked
        assert (asked.headers["x-key"], asked.headers["x-asked"]) == ("s3cret", "yes")
        assert asked.headers["ngsild-tenant"] == "theirs"
        assert "authorization" not in asked.headers
        assert "x-other" not in asked.headers
        assert asked.headers["host"].startswith("127.0.0.1")
        assert asked.words["local"] == "true"
        alias = (await call(town, "GET", "/ngsi-ld/v1/info/sourceIdentity")).json()
        assert asked.headers["via"] == f"1.1 somebody, 1.1 {alias['contextSourceAlias']}"
        again = await call(town, "GET", f"{ENTITIES}/{LAMP}", via=asked.headers["via"])
        assert (again.status, len(source.asked)) == (508, 1)

    live(then)


def test_who_was_on_the_way_is_not_asked_again(live: Live) -> None:
    async def then(town: Town, source: Stub) -> None:
        await register(town, source.url, contextSourceAlias="them")
        await call(town, "GET", f"{ENTITIES}/{LAMP}", via="1.1 them")
        assert source.asked == []
        await call(town, "GET", f"{ENTITIES}/{LAMP}", via="1.1 others")
        assert len(source.asked) == 1

    live(then)


def test_nobody_is_asked_where_no_operator_allowed_it(live: Live) -> None:
    async def then(town: Town, source: Stub) -> None:
        await register(town, source.url.replace("127.0.0.1", "localhost"), "redirect")
        assert (await make(town, power=prop(1))).status == 201
        answer = await call(town, "GET", f"{ENTITIES}/{LAMP}")
        assert (answer.json()["power"]["value"], source.asked) == (1, [])

    live(then)


def test_data_about_people_and_services_own_stay(live: Live) -> None:
    async def then(town: Town, source: Stub) -> None:
        everything = [{"entities": [{"idPattern": ".*"}]}]
        await register(town, source.url, "redirect", information=everything)
        await call(town, "GET", f"{ENTITIES}?type=TestDiary")
        diary = {"id": "urn:ngsi-ld:TestDiary:1", "type": "TestDiary", "text": prop("dear")}
        await call(town, "POST", ENTITIES, diary)
        await call(town, "POST", f"{BATCH}/upsert", [diary])
        well = {"id": "urn:ngsi-ld:TestWell:1", "type": "TestWell", "power": prop(1)}
        assert (await call(town, "POST", ENTITIES, well)).status == 403  # a service's own
        assert (await call(town, "POST", f"{BATCH}/create", [well])).status == 207
        assert source.asked == []

    live(then)


def test_who_may_register(live: Live) -> None:
    async def then(town: Town, source: Stub) -> None:
        body = {
            "id": "urn:r:1", "type": "ContextSourceRegistration", "endpoint": source.url,
            "information": [{"entities": [{"type": "Lamp"}]}],
        }  # fmt: skip
        assert (await town.call("POST", REGISTRATIONS, body, caller=COMPANY)).status == 403
        assert (await town.call("POST", REGISTRATIONS, body)).status == 401
        assert (await town.call("POST", REGISTRATIONS, body, caller=OPERATOR)).status == 201
        path = f"{REGISTRATIONS}/urn:r:1"
        assert (await town.call("DELETE", path, caller=AGENCY)).status == 403
        assert (await town.call("PATCH", path, {"mode": "redirect"}, caller=AGENCY)).status == 403
        assert (await town.call("GET", path, caller=COMPANY)).json() == body
        assert (await town.call("PATCH", path, {"mode": "redirect"}, caller=OPERATOR)).status == 204
        assert (await town.call("GET", path, caller=COMPANY)).json()["mode"] == "redirect"
        assert (await town.call("DELETE", path, caller=OPERATOR)).status == 204

    live(then)


def test_a_client_says_which_sources_are_meant(live: Live) -> None:
    async def then(town: Town, source: Stub) -> None:
        source.say("GET", "/entities", 200, [{"id": LAMP, "type": "Lamp"}])
        await register(town, source.url, area="north")
        for area, count in (("north", 1), ("south", 0)):
            found = await call(town, "GET", f"{ENTITIES}?type=Lamp&csf=area==%22{area}%22")
            assert len(found.json()) == count
        listed = await call(town, "GET", f"{REGISTRATIONS}?type=Lamp&csf=area==%22south%22")
        assert listed.json() == []

    live(then)


def test_connections_are_kept_for_reads(live: Live) -> None:
    async def then(town: Town, source: Stub) -> None:
        await register(town, source.url)
        for _ in range(5):
            await call(town, "GET", f"{ENTITIES}/{LAMP}")
        assert (len(source.asked), source.connections) == (5, 1)

    live(then)

"""Tenants: names of their own for everything; made by the first write, there after a restart."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from hapgang.contract import Role
from hapgang.core.entity import find_type
from tests.living import Answer, Town, run
from tests.village import person

ANNE, DEVICE = person("anne"), person("device", Role.DEVICE)
OPERATOR = person("op", Role.OPERATOR)
ENTITIES = "/ngsi-ld/v1/entities"
ERRORS = "https://uri.etsi.org/ngsi-ld/errors/"
LAMP = {"id": "urn:ngsi-ld:Lamp:1", "type": "Lamp", "power": 5}
Live = Callable[[Callable[[Town], Awaitable[None]]], None]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    return lambda then: run(then, database, small_city, tmp_path / "state")


async def of(town: Town, tenant: str, method: str, path: str, body: Any = None,
             caller: Any = OPERATOR) -> Answer:  # fmt: skip
    headers = {"ngsild-tenant": tenant}
    return await town.call(method, path, body, caller=caller, headers=headers)


def test_a_tenant_is_a_namespace_of_its_own(live: Live) -> None:
    async def first(town: Town) -> None:
        lamp = f"{ENTITIES}/{LAMP['id']}"
        for method, path in (("GET", lamp), ("DELETE", lamp), ("GET", f"{ENTITIES}?type=Lamp")):
            none = await of(town, "north", method, path)
            assert (none.status, none.json()["type"]) == (404, f"{ERRORS}NonexistentTenant")
        assert (await of(town, "north", "POST", ENTITIES, LAMP, DEVICE)).status == 404
        made = await of(town, "north", "POST", ENTITIES, LAMP)
        assert (made.status, made.headers["ngsild-tenant"]) == (201, "north"), made
        assert (await town.call("GET", lamp, caller=ANNE)).status == 404
        assert (await town.call("GET", f"{ENTITIES}?local=true", caller=ANNE)).json() == []
        here = await town.call("POST", ENTITIES, {**LAMP, "power": 7}, caller=OPERATOR)
        assert (here.status, "ngsild-tenant" in here.headers) == (201, False)
        changed = await of(town, "north", "PATCH", f"{lamp}/attrs", {"power": 6}, DEVICE)
        assert changed.status == 204, changed
        for tenant, power in (("north", 6), ("", 7)):
            answer = (
                await of(town, tenant, "GET", lamp, caller=ANNE)
                if tenant
                else await town.call("GET", lamp, caller=ANNE)
            )
            assert answer.json()["power"]["value"] == power, (tenant, answer)
        wish = {
            "type": "Subscription", "entities": [{"type": "Lamp"}],
            "notification": {"endpoint": {"uri": "urn:hapgang:events"}},
        }  # fmt: skip
        await of(town, "north", "POST", "/ngsi-ld/v1/subscriptions", wish)
        other = await town.call("GET", "/ngsi-ld/v1/subscriptions", caller=OPERATOR)
        assert other.json() == []
        types = await of(town, "north", "GET", "/ngsi-ld/v1/types")
        assert types.json()["typeList"] == ["Lamp"]

    async def after(town: Town) -> None:
        found = await of(town, "north", "GET", f"{ENTITIES}?type=Lamp", caller=ANNE)
        assert [one["power"]["value"] for one in found.json()] == [6]
        assert (await of(town, "south", "GET", f"{ENTITIES}?type=Lamp")).status == 404

    live(first)
    live(after)


def test_rights_hold_in_a_tenant_and_tenants_are_few(live: Live) -> None:
    async def then(town: Town) -> None:
        assert find_type("Person") is not None
        own = {"id": "urn:ngsi-ld:Person:1", "type": "Person"}
        assert (await of(town, "north", "POST", ENTITIES, LAMP, ANNE)).status == 403
        assert (await of(town, "north", "POST", ENTITIES, LAMP)).status == 201
        assert (await of(town, "north", "POST", ENTITIES, own)).status in (400, 403)
        for name in ("", "../north", "a b", "x" * 49, "북"):
            answer = await of(town, name.encode().decode("latin-1"), "POST", ENTITIES, LAMP)
            assert answer.status == 400, (name, answer)
            assert "ngsild-tenant" not in answer.headers
        for number in range(5):
            made = await of(town, f"more{number}", "POST", ENTITIES, LAMP)
            assert made.status == 201, (number, made)
        assert (await of(town, "seventh", "POST", ENTITIES, LAMP)).status == 409
        assert not (town.live.folder / "tenants" / "seventh").exists()
        query = {"type": "Query", "entities": [{"type": "Lamp"}]}
        path = "/ngsi-ld/v1/entityOperations/query"
        assert (await of(town, "eighth", "POST", path, query)).status == 404
        assert (await of(town, "north", "POST", path, query)).status == 200

    live(then)

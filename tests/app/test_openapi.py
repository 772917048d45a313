"""The API's description covers every door and contradicts nothing."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hapgang.app.context import JSON, Context
from hapgang.app.endpoints import Endpoint, Table
from hapgang.app.identities import identity_endpoints
from hapgang.app.identity.bounds import Bounds
from hapgang.app.identity.own_doors import OwnDoors
from hapgang.app.identity.signing_in import SigningIn
from hapgang.app.ngsild import ngsild_endpoints
from hapgang.app.openapi import describe
from hapgang.app.operations import operations_endpoints
from hapgang.app.tokens import Tokens
from hapgang.app.traffic import Traffic
from hapgang.app.views import view_endpoints
from hapgang.app.visits import visit_endpoint
from hapgang.contract import ANYONE, Role, Route
from hapgang.ledger.identity.passkeys import Site
from hapgang.runtime.discover import discover
from hapgang.runtime.platform import platform
from hapgang.runtime.specs import specs_of
from tests.living import Town, run
from tests.village import SERVICES

SITE = Site("localhost", ("http://localhost:8000",))


async def _nothing(_: Context) -> Any: ...


def endpoints() -> list[Endpoint]:
    """Every endpoint of a city with all that is installed, and the village."""
    tokens = Tokens(bytes(32))
    found = [
        *view_endpoints(),
        *operations_endpoints(Traffic()),
        *identity_endpoints(tokens, is_demo=True),
        visit_endpoint(tokens, is_demo=True, has_visitors=False),
        *SigningIn(tokens, SITE, Bounds()).endpoints(),
        *OwnDoors(tokens, SITE, Bounds()).endpoints(),
        *ngsild_endpoints(is_open=False),
    ]
    for name, service in {**discover(), **SERVICES, "platform": platform}.items():
        specs = specs_of(name, service)
        for route in service.routes:
            if not route.path.startswith("/ngsi-ld/"):
                found.append(
                    Endpoint(
                        route.method, f"/api/{name.replace('.', '/')}{route.path}",
                        frozenset(route.allow), _nothing, spec=specs[route.action],
                        returns=specs[route.action].returns,
                    )
                )  # fmt: skip
    return found


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    described: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(describe(endpoints())))
    return described


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for child in part.values():
            yield from references(child)
    elif isinstance(part, list):
        for child in part:
            yield from references(child)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = list(references(document))
    assert found
    for reference in found:
        part: Any = document
        for step in reference.removeprefix("#/").split("/"):
            assert step in part, reference
            part = part[step]


def test_every_door_is_described(document: dict[str, Any]) -> None:
    assert re.fullmatch(r"3\.1\.\d", document["openapi"])
    assert {"title", "version", "license"} <= set(document["info"])
    for endpoint in endpoints():
        operation = document["paths"][endpoint.path][endpoint.method.lower()]
        told, form = "default", "application/problem+json"
        if endpoint.described is not None:  # NGSI-LD's own: clause 5.5.3
            told, form = "400", "application/json"
        assert operation["responses"][told]["content"][form]
        is_locked = Role.ANONYMOUS not in endpoint.allow
        assert operation.get("security", []) == ([{"bearer": []}] if is_locked else [])
        assert operation["x-roles"] == sorted(role.value for role in endpoint.allow)


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    ids = [o["operationId"] for methods in document["paths"].values() for o in methods.values()]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z0-9_]+", name) for name in ids)


def test_words_of_paths_and_bodies_are_those_of_the_action(document: dict[str, Any]) -> None:
    for endpoint in endpoints():
        operation = document["paths"][endpoint.path][endpoint.method.lower()]
        parameters = operation["parameters"]
        placed = {(p["name"], p["in"]) for p in parameters}
        assert len(placed) == len(parameters)
        assert {n for n, place in placed if place == "path"} == set(endpoint.names)
        assert all(p["required"] for p in parameters if p["in"] == "path")
        if endpoint.spec is None:
            continue
        words = set(endpoint.spec.arguments.__struct_fields__)
        body = operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema", {})
        described = {n for n, place in placed if place in ("path", "query")}
        assert described | set(body.get("properties", {})) == words, endpoint.path
        assert endpoint.method not in ("GET", "DELETE") or not body


def test_namesakes_have_schemas_of_their_own() -> None:
    def one(city: Any, *, a: int) -> int:
        """Do one thing."""
        return a

    def other(city: Any, *, b: str) -> int:
        """Do another."""
        return len(b)

    other.__name__ = "one"
    service = SERVICES["test.village"]
    made = []
    for name, action in (("x.first", one), ("y.second", other)):
        routed = replace(service, routes=(Route.post("/one", action, allow=ANYONE),))
        spec = specs_of(name, routed)[action]
        made.append(Endpoint("POST", f"/{name}", frozenset(ANYONE), _nothing, spec=spec))
    paths = describe(made)["paths"]
    bodies = [
        paths[path]["post"]["requestBody"]["content"][JSON]["schema"]["properties"]
        for path in ("/x.first", "/y.second")
    ]
    assert [sorted(body) for body in bodies] == [["a"], ["b"]]


def test_no_two_structs_share_a_name(
    database: dict[str, Any], small_city: Path, tmp_path: Path
) -> None:
    """Whoever makes a client of the description has one form for each name.

    msgspec writes the module before the names of namesakes; arguments of routes, which nobody sees
    by their own name, may be namesakes.
    """

    async def then(town: Town) -> None:
        schemas = (await town.call("GET", "/openapi.json")).json()["components"]["schemas"]
        namesakes = {n for n in schemas if "." in n and not n.endswith("Arguments")}
        assert namesakes == set()
        assert {"Receipt", "RideReceipt"} <= schemas.keys()  # of the log, and of rides

    run(then, database, small_city, tmp_path / "state", services={**discover(), **SERVICES})


def test_paths_are_found_by_their_words() -> None:
    def at(method: str, path: str) -> Endpoint:
        return Endpoint(method, path, frozenset(), _nothing)

    table = Table(
        [at("GET", "/a/b"), at("GET", "/a/{x}"), at("POST", "/a/{y}"), at("GET", "/a/{x}/c/{z}"),
         at("GET", "/a/b/c/d")]
    )  # fmt: skip

    def found(method: str, path: str) -> tuple[str, dict[str, str]] | None:
        hit = table.find(method, path)
        return (hit[0].path, hit[1]) if hit else None

    assert found("GET", "/a/b") == ("/a/b", {})
    assert found("GET", "/a/q") == ("/a/{x}", {"x": "q"})
    assert found("POST", "/a/q%2Fr") == ("/a/{y}", {"y": "q/r"})
    assert found("GET", "/a/b/c/e") == ("/a/{x}/c/{z}", {"x": "b", "z": "e"})
    assert found("GET", "/a/b/c/d") == ("/a/b/c/d", {})
    assert found("GET", "/a/%EC%82%AC") == ("/a/{x}", {"x": "사"})
    assert found("GET", "/a/b/") == ("/a/b", {})  # a slash at the end says nothing
    for method, path in (
        ("GET", "/a/"),
        ("GET", "/a/b//"),
        ("GET", "/a"),
        ("GET", "//b"),
        ("DELETE", "/a/b"),
    ):
        assert found(method, path) is None
    assert table.methods_of("/a/q") == ["GET", "POST"]
    assert table.methods_of("/nothing") == []

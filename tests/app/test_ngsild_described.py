"""NGSI-LD answers as it is described, whatever is asked: requests made from the description."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema
import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hapgang.app.ngsild.described import components, described
from hapgang.contract import Role
from hapgang.runtime.platform.ngsild import NGSI_LD_ROUTES
from tests.app.schema_values import values
from tests.living import Answer, Town, run
from tests.village import person

OPERATOR = person("op", Role.OPERATOR)
SCHEMAS = components()
Live = Callable[[Callable[[Town], Awaitable[None]]], None]
Request = tuple[str, str, dict[str, str], bytes | None]
OPERATIONS: dict[tuple[str, str], dict[str, Any]] = {
    (route.method, route.path): described(route) or {"parameters": [], "responses": {}}
    for route in NGSI_LD_ROUTES
}
_EACH = 12  # requests of each operation


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    return lambda then: run(then, database, small_city, tmp_path / "state")


def test_every_route_is_described() -> None:
    for (method, path), operation in OPERATIONS.items():
        assert operation["responses"], (method, path)
        assert {str(status) for status in operation["responses"]} >= {"400", "401", "403", "503"}
    for name, schema in SCHEMAS.items():
        jsonschema.Draft202012Validator.check_schema({**schema, "title": name})


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(_written(part) for part in value) if isinstance(value, list) else str(value)


def requests(method: str, path: str) -> st.SearchStrategy[Request]:
    """Return requests of one operation, as the description has them."""
    operation = OPERATIONS[method, path]
    places: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}}
    for one in operation["parameters"]:
        if one["name"] not in ("Idempotency-Key", "Link", "NGSILD-Tenant"):
            places[one["in"]][one["name"]] = values(one["schema"], SCHEMAS)
    body: Any = st.just((None, None))
    content = operation.get("requestBody", {}).get("content", {})
    if content:
        body = st.one_of(
            [st.tuples(st.just(k), values(c["schema"], SCHEMAS)) for k, c in content.items()]
        )
    few = st.lists(st.sampled_from(sorted(places["query"]) or [""]), max_size=3, unique=True)

    @st.composite
    def request(draw: st.DrawFn) -> Request:
        where = path
        for name, some in places["path"].items():
            where = where.replace(f"{{{name}}}", quote(_written(draw(some)), safe=""))
        words = [(n, _written(draw(places["query"][n]))) for n in draw(few) if n]
        if words:
            where += "?" + "&".join(f"{name}={quote(word, safe='')}" for name, word in words)
        kind, document = draw(body)
        headers = {} if kind is None else {"content-type": kind}
        return method, where, headers, None if kind is None else msgspec.json.encode(document)

    return request()


def check(path: str, request: Request, answer: Answer) -> None:
    """Raise where an answer is none that is described."""
    operation = OPERATIONS[request[0], path]
    assert str(answer.status) in operation["responses"], (request, answer)
    content = operation["responses"][str(answer.status)].get("content", {})
    if not answer.body:
        return
    kind = answer.headers["content-type"].partition(";")[0]
    assert kind in content, (request, answer)
    schema = {**content[kind]["schema"], "components": {"schemas": SCHEMAS}}
    jsonschema.validate(answer.json(), schema)


def _made(method: str, path: str) -> list[Request]:
    """Return a few requests, the same ones each time."""
    found: list[Request] = []

    @settings(
        max_examples=_EACH, derandomize=True, database=None, deadline=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(requests(method, path))
    def collect(request: Request) -> None:
        found.append(request)

    collect()
    return found


def test_answers_are_those_that_are_described(live: Live) -> None:
    made = {one: _made(*one) for one in OPERATIONS if not one[1].endswith("/events")}  # a stream

    async def then(town: Town) -> None:
        seen: set[int] = set()
        for (_, path), some in made.items():
            for request in some:
                method, where, headers, body = request
                answer = await town.call(method, where, body, caller=OPERATOR, headers=headers)
                check(path, request, answer)
                seen.add(answer.status)
        assert {200, 201, 204, 400, 404} <= seen

    live(then)


def test_every_resource_refuses_what_it_does_not_know(live: Live) -> None:
    """An unknown parameter, before anything else (6.3.1); and a media type that nobody offers."""

    async def then(town: Town) -> None:
        for method, path in OPERATIONS:
            where = re.sub(r"\{\w+\}", "urn:ngsi-ld:Thing:1", path)
            headers = {"accept": "text/html"} if method == "GET" else {}
            asked = {"caller": OPERATOR, "headers": headers}
            body = {"id": "urn:ngsi-ld:Thing:1"} if method in ("POST", "PATCH", "PUT") else None
            answer = await town.call(method, f"{where}?nobody=1", body, **asked)
            told = answer.json()
            assert (answer.status, told["type"].rpartition("/")[2]) == (400, "InvalidRequest"), path
            if method == "GET":
                refused = await town.call(method, where, **asked)
                assert refused.status in (400, 406), (path, refused)
            elif body is not None:
                typed = {"caller": OPERATOR, "headers": {"content-type": "text/html"}}
                refused = await town.call(method, where, body, **typed)
                assert refused.status == 415, (path, refused)

    live(then)

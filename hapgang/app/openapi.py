"""The API's own description, OpenAPI 3.1, made from the endpoint table."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec
from starlette.responses import Response

from hapgang import __version__
from hapgang.app.context import JSON, Context
from hapgang.app.endpoints import Endpoint
from hapgang.app.ngsild.described import components as ngsild_components
from hapgang.app.problems import PROBLEM
from hapgang.contract import ANYONE, Role
from hapgang.ledger.identity.delegation import EVERYTHING
from hapgang.runtime.specs import ActionSpec

_REF = "#/components/schemas/{name}"


class Problem(msgspec.Struct):
    """An error, after RFC 9457."""

    type: str
    title: str
    title_ko: str
    status: int
    detail: str
    detail_ko: str


def openapi_endpoints(endpoints: Iterable[Endpoint]) -> list[Endpoint]:
    """Return the endpoint that describes all the others, from when it is asked first."""
    described = list(endpoints)

    @cache
    def description() -> bytes:
        return msgspec.json.encode(describe(described))

    async def openapi(_: Context) -> Response:
        return Response(description(), media_type=JSON)

    return [Endpoint("GET", "/openapi.json", frozenset(ANYONE), openapi)]


def describe(endpoints: list[Endpoint]) -> dict[str, Any]:
    """Return the OpenAPI document of some endpoints."""
    forms = [Problem, *(e.returns for e in endpoints if _has_schema(e.returns))]
    forms += [e.spec.arguments for e in endpoints if e.spec is not None]
    forms += [e.body for e in endpoints if e.body is not None]
    schemas, components = msgspec.json.schema_components(forms, ref_template=_REF)
    if any(endpoint.described is not None for endpoint in endpoints):
        components.update(ngsild_components())
    by_form = {id(form): schema for form, schema in zip(forms, schemas, strict=True)}
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(
            endpoint, by_form, components
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hapgang",
            "version": __version__,
            "description": "A city operating system. Times are UTC, money is integer won.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _has_schema(form: Any) -> bool:
    if form is None or form is Any:
        return False
    try:
        msgspec.json.schema(form)
    except TypeError:
        return False
    return True


def _operation(
    endpoint: Endpoint, by_form: dict[int, Any], components: dict[str, Any]
) -> dict[str, Any]:
    operation_id = re.sub(r"\W+", "_", f"{endpoint.method.lower()}{endpoint.path}").strip("_")
    names = re.findall(r"\{(\w+)\}", endpoint.path)
    fields = _fields(endpoint, by_form, components)
    answer = by_form.get(id(endpoint.returns), {})
    operation: dict[str, Any] = {
        "operationId": operation_id,
        "summary": endpoint.summary,
        "tags": [endpoint.tag],
        "x-roles": sorted(role.value for role in endpoint.allow),
        "parameters": [
            _parameter(n, "path", fields.get(n, {"type": "string"}), True) for n in names
        ],
        "responses": _responses(endpoint.media_type, answer),
    }
    operation |= _rights(endpoint.spec)
    if Role.ANONYMOUS not in endpoint.allow:
        operation["security"] = [{"bearer": []}]
    if endpoint.described is not None:
        return {**operation, **endpoint.described}
    if endpoint.body is not None:
        content = {JSON: {"schema": by_form[id(endpoint.body)]}}
        return {**operation, "requestBody": {"required": True, "content": content}}
    rest = {field: schema for field, schema in fields.items() if field not in names}
    required = [f for f in _required(endpoint, by_form, components) if f in rest]
    if endpoint.method in ("GET", "DELETE"):
        operation["parameters"] += [
            _parameter(field, "query", schema, field in required) for field, schema in rest.items()
        ]
    elif endpoint.spec is not None:
        operation["parameters"] += _beside_the_body(endpoint, rest, required)
        body = {"type": "object", "properties": rest, "required": required}
        if endpoint.takes != JSON:
            body = {"type": "string", "format": "binary"}
        operation["requestBody"] = {
            "required": bool(required), "content": {endpoint.takes: {"schema": body}},
        }  # fmt: skip
    return operation


def _rights(spec: ActionSpec | None) -> dict[str, Any]:
    """Return what a caller needs beside a role, and as what the action can be delegated."""
    if spec is None:
        return {}
    needs = {"x-needs": sorted(spec.needs)} if spec.needs else {}
    is_delegated = spec.is_covered((EVERYTHING,))
    return {**needs, "x-delegated-as": spec.delegated_as} if is_delegated else needs


def _responses(media_type: str, answer: dict[str, Any]) -> dict[str, Any]:
    return {
        "200": {"description": "Done", "content": {media_type: {"schema": answer}}},
        "default": {
            "description": "What went wrong, and what to do",
            "content": {PROBLEM: {"schema": {"$ref": _REF.format(name="Problem")}}},
        },
    }


def _beside_the_body(
    endpoint: Endpoint, fields: dict[str, Any], required: list[str]
) -> list[dict[str, Any]]:
    key = {"type": "string", "maxLength": 200}
    found = [_parameter("Idempotency-Key", "header", key, False)]
    if endpoint.takes != JSON:
        words = {field: schema for field, schema in fields.items() if field != "body"}
        found += [_parameter(f, "query", schema, f in required) for f, schema in words.items()]
    return found


def _resolved(
    endpoint: Endpoint, by_form: dict[int, Any], components: dict[str, Any]
) -> dict[str, Any]:
    if endpoint.spec is None:
        return {}
    schema: dict[str, Any] = by_form[id(endpoint.spec.arguments)]
    reference = schema.get("$ref")
    return components[reference.rsplit("/", 1)[1]] if reference else schema


def _fields(
    endpoint: Endpoint, by_form: dict[int, Any], components: dict[str, Any]
) -> dict[str, Any]:
    found: dict[str, Any] = _resolved(endpoint, by_form, components).get("properties", {})
    return found


def _required(endpoint: Endpoint, by_form: dict[int, Any], components: dict[str, Any]) -> list[str]:
    found: list[str] = _resolved(endpoint, by_form, components).get("required", [])
    return found


def _parameter(name: str, place: str, schema: Any, required: bool) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required, "schema": schema}

"""What is said of a call of the standard's API, as data, and how it becomes OpenAPI 3.1."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from hapgang.app.context import JSON
from hapgang.app.ngsild.linked import LD

PREFIX = "NgsiLd"  # of the schemas' names, which they share with the city's own API
MERGE_PATCH = "application/merge-patch+json"
GEOJSON = "application/geo+json"
Schema = dict[str, Any]


class Parameter(msgspec.Struct, frozen=True):
    """A word of the address, or a header."""

    about: str
    schema: Schema
    place: Literal["query", "path", "header"] = "query"
    is_list: bool = False  # its values are joined by commas
    name: str = ""  # where several calls mean different things by one word


class Body(msgspec.Struct, frozen=True):
    """What is sent: a schema for each media type."""

    forms: Mapping[str, Schema]


class Answer(msgspec.Struct, frozen=True):
    """What comes back under one status."""

    about: str
    forms: Mapping[str, Schema] = {}
    headers: tuple[str, ...] = ()


class Call(msgspec.Struct, frozen=True):
    """One method of one path."""

    answers: Mapping[int, Answer]
    words: tuple[str, ...] = ()  # names of `Parameter`s
    takes: Body | None = None
    problems: tuple[int, ...] = ()  # beside those that any call may meet


def ref(name: str) -> Schema:
    """Return the reference to a schema of the standard's API."""
    return {"$ref": f"#/components/schemas/{PREFIX}{name}"}


def entity_body(name: str, *, patches: bool = False) -> Body:
    """Return a body in JSON-LD, or in JSON without its context, as clause 6.3.5 has it."""
    forms = {JSON: ref(name), LD: ref(f"{name}Ld")}
    return Body({**forms, MERGE_PATCH: ref(name)} if patches else forms)


def documents(schema: Schema, *, geojson: Schema | None = None) -> dict[str, Schema]:
    """Return the forms of an answer of documents."""
    forms = {JSON: schema, LD: schema}
    return forms if geojson is None else {**forms, GEOJSON: geojson}


def operation_of(
    call: Call, parameters: Mapping[str, Parameter], headers: Mapping[str, Parameter], path: str
) -> dict[str, Any]:
    """Return parameters, body and answers of a call in OpenAPI's words."""
    named = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    names = [*(f"/{name}" for name in named), *call.words, "NGSILD-Tenant"]
    operation: dict[str, Any] = {
        "parameters": [_parameter(name, parameters[name]) for name in names],
        "responses": {
            **{str(status): _answer(a, headers) for status, a in call.answers.items()},
            **{str(status): _PROBLEMS[status] for status in _problems(call)},
        },
    }
    if call.takes is not None:
        content = {kind: {"schema": schema} for kind, schema in call.takes.forms.items()}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _parameter(name: str, said: Parameter) -> dict[str, Any]:
    found = {
        "name": said.name or name.removeprefix("/"),
        "in": said.place,
        "required": said.place == "path",
        "description": said.about,
        "schema": said.schema,
    }
    return {**found, "style": "form", "explode": False} if said.is_list else found


def _answer(answer: Answer, headers: Mapping[str, Parameter]) -> dict[str, Any]:
    told: dict[str, Any] = {"description": answer.about}
    told["headers"] = {
        name: {"description": headers[name].about, "schema": headers[name].schema}
        for name in (*answer.headers, "NGSILD-Tenant")
    }
    if answer.forms:
        told["content"] = {kind: {"schema": schema} for kind, schema in answer.forms.items()}
    return told


def _problems(call: Call) -> list[int]:
    found = {400, 401, 403, 404, 503, *call.problems}
    if "Idempotency-Key" in call.words:
        found.add(409)
    if call.takes is not None:
        found |= {409, 413, 415}
    return sorted(found)


def _problem(about: str) -> dict[str, Any]:
    return {"description": about, "content": {JSON: {"schema": ref("ProblemDetails")}}}


def _bad_request() -> dict[str, Any]:
    """What is no HTTP request at all, such as an endless address, is answered in plain text."""
    found = _problem("The request makes no sense (InvalidRequest), or its data do (BadRequestData)")
    found["content"]["text/plain"] = {"schema": {"type": "string"}}
    return found


_PROBLEMS = {
    400: _bad_request(),
    401: _problem("Sign in first"),
    403: _problem("Not for this caller, or not for this data"),
    404: _problem("There is no such thing (ResourceNotFound), or no such tenant"),
    406: _problem("None of the media types that the client takes"),
    409: _problem("It is there already (AlreadyExists), or its state does not allow it"),
    413: _problem("The body is too large"),
    415: _problem("The body has another media type"),
    422: _problem("The operation is not supported (OperationNotSupported)"),
    502: _problem("A registered source did not answer, and nobody else could"),
    503: _problem("The city is starting, or has lost its memory for a moment"),
    504: _problem("A context could not be fetched (LdContextNotAvailable)"),
}

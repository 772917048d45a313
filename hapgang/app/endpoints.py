"""Route tables as HTTP endpoints: words in, rights checked, action done, answer safe on disk."""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from hapgang.app.problems import TooLarge
from hapgang.app.tokens import ANONYMOUS, Tokens
from hapgang.app.wiring import LiveCity
from hapgang.contract import Caller, Role, Route
from hapgang.core.errors import Invalid
from hapgang.runtime.specs import ActionSpec, specs_of, wrong_words

MOST_BODY_BYTES = 4_000_000
JSON = "application/json"
Call = Callable[["Context"], Awaitable[Response]]


@dataclass(slots=True)
class Context:
    """One request: who calls, and the words of the path."""

    request: Request
    live: LiveCity
    caller: Caller
    path: dict[str, str]

    async def body(self) -> bytes:
        """Return the body, as long as it is not too large."""
        parts, size = [], 0
        async for part in self.request.stream():
            size += len(part)
            if size > MOST_BODY_BYTES:
                raise TooLarge(
                    f"A body has at most {MOST_BODY_BYTES:,} bytes; send it in parts.",
                    f"요청 본문은 최대 {MOST_BODY_BYTES:,}바이트입니다. 나누어 보내세요.",
                )
            parts.append(part)
        return b"".join(parts)

    async def perform(self, spec: ActionSpec, arguments: msgspec.Struct, *, is_read: bool) -> Any:
        """Do an action, once for an Idempotency-Key, and return its result when it is safe."""
        runtime = self.live.runtime
        key = None if is_read else self.request.headers.get("idempotency-key")
        if key is None:
            result = runtime.run(spec, self.caller, arguments)
        else:
            result = runtime.run_once(spec, self.caller, key, arguments)
        if not runtime.writer.is_durable:
            await runtime.writer.durable()
        return result

    def query(self, name: str, default: str = "") -> str:
        """Return a word of the query string."""
        value = self.request.query_params.get(name, default)
        if "\x00" in value:
            raise Invalid("a NUL character is not allowed", None)
        return value


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path."""

    method: str
    path: str  # with {names}
    allow: frozenset[Role]
    call: Call
    spec: ActionSpec | None = None
    summary: str = ""
    returns: Any = None
    tag: str = "city"
    media_type: str = JSON


class Table:
    """All endpoints of a city, found by method and path."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        """Index the endpoints; a path without names is found at once."""
        self.endpoints = list(endpoints)
        self._exact: dict[tuple[str, str], Endpoint] = {}
        self._templates: list[tuple[str, re.Pattern[str], Endpoint]] = []
        for endpoint in self.endpoints:
            if "{" in endpoint.path:
                pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", endpoint.path)
                self._templates.append((endpoint.method, re.compile(pattern), endpoint))
            else:
                self._exact[endpoint.method, endpoint.path] = endpoint

    def find(self, method: str, path: str) -> tuple[Endpoint, dict[str, str]] | None:
        """Return the endpoint of a request and the words of its path."""
        exact = self._exact.get((method, path))
        if exact is not None:
            return exact, {}
        for wanted, pattern, endpoint in self._templates:
            if wanted == method and (match := pattern.fullmatch(path)) is not None:
                return endpoint, match.groupdict()
        return None

    def methods_of(self, path: str) -> list[str]:
        """Return the methods that a path knows."""
        found = {method for method, known in self._exact if known == path}
        found.update(m for m, pattern, _ in self._templates if pattern.fullmatch(path))
        return sorted(found)


def caller_of(request: Request, tokens: Tokens, live: LiveCity) -> Caller:
    """Return who calls, by the bearer token; without one nobody in particular."""
    header = request.headers.get("authorization")
    if header is None:
        return ANONYMOUS
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        raise Invalid("use Authorization: Bearer TOKEN", "Authorization: Bearer 토큰 형식입니다")
    return tokens.read(token.strip(), live.clock.now())


def endpoints_of_services(live: LiveCity) -> list[Endpoint]:
    """Return an endpoint for each route of each service, and of the platform."""
    found = []
    for name, service in live.services.items():
        specs = specs_of(name, service)
        prefix = "/api" if name == "platform" else f"/api/{name.replace('.', '/')}"
        for route in service.routes:
            if not route.path.startswith("/ngsi-ld/"):
                found.append(_endpoint(route, specs[route.action], prefix, name))
    return found


def _endpoint(route: Route, spec: ActionSpec, prefix: str, tag: str) -> Endpoint:
    return Endpoint(
        method=route.method,
        path=prefix + route.path,
        allow=frozenset(route.allow),
        call=_perform(spec, has_body=route.method in ("POST", "PUT", "PATCH"), route=route),
        spec=spec,
        summary=(spec.action.__doc__ or "").strip().splitlines()[0],
        returns=spec.returns,
        tag=tag,
        media_type=route.media_type,
    )


def _perform(spec: ActionSpec, *, has_body: bool, route: Route) -> Call:
    is_whole_body = has_body and "{" not in route.path
    decoder = msgspec.json.Decoder(spec.arguments)

    async def call(context: Context) -> Response:
        spec.check_caller(context.caller)
        if is_whole_body:
            arguments = _decode(decoder, await context.body())
        else:
            words = await _words(context, has_body=has_body)
            arguments = _convert(words, spec, is_text=not has_body)
        result = await context.perform(spec, arguments, is_read=route.method == "GET")
        return Response(msgspec.json.encode(result), media_type=route.media_type)

    return call


def _decode(decoder: "msgspec.json.Decoder[msgspec.Struct]", body: bytes) -> msgspec.Struct:
    try:
        return decoder.decode(body or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise wrong_words(error) from None


async def _words(context: Context, *, has_body: bool) -> dict[str, Any]:
    if not has_body:
        return {**dict(context.request.query_params), **context.path}
    try:
        body = msgspec.json.decode(await context.body() or b"{}", type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise wrong_words(error) from None
    return {**body, **context.path}


def _convert(words: dict[str, Any], spec: ActionSpec, *, is_text: bool) -> msgspec.Struct:
    try:
        return msgspec.convert(words, spec.arguments, strict=not is_text)
    except msgspec.ValidationError as error:
        raise wrong_words(error) from None

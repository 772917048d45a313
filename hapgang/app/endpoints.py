"""Route tables as HTTP endpoints: words in, rights checked, action done, answer safe on disk."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints
from urllib.parse import unquote

import msgspec

from hapgang.app.context import JSON, Context, Reply, Respond, nul_refused
from hapgang.app.wiring import LiveCity
from hapgang.contract import Role, Route
from hapgang.runtime.specs import ActionSpec, specs_of, wrong_words

Call = Callable[[Context], Awaitable[Respond]]
_OBJECT = msgspec.json.Decoder(dict[str, Any])
_STANDARDS = ("/ngsi-ld/", "/tomp/")  # these have a form of their own


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
    takes: str = JSON
    described: Mapping[str, Any] | None = None  # in OpenAPI's words, where no action's schema does
    reads_token: bool = True  # else a bearer token there is for the door itself, and nobody calls
    body: Any = None  # the form of what is sent, where no action has it
    for_actors: bool = False  # whoever acts for somebody may, though it is no action of theirs

    @property
    def names(self) -> list[str]:
        """The names in the path, in order."""
        return re.findall(r"\{(\w+)\}", self.path)

    def is_delegated(self, only: tuple[str, ...]) -> bool:
        """Return whether whoever may do only some actions for somebody may do this."""
        return self.for_actors or (self.spec is not None and self.spec.is_covered(only))


class _Node:
    """What is known of the paths that begin alike."""

    __slots__ = ("endpoints", "named", "parts")

    def __init__(self) -> None:
        self.endpoints: dict[str, tuple[Endpoint, list[str]]] = {}
        self.parts: dict[str, _Node] = {}
        self.named: _Node | None = None

    def add(self, endpoint: Endpoint) -> None:
        node = self
        for part in endpoint.path.split("/"):
            if part.startswith("{"):
                node.named = node.named or _Node()
                node = node.named
            else:
                node = node.parts.setdefault(part, _Node())
        node.endpoints[endpoint.method] = (endpoint, endpoint.names)

    def find(self, parts: list[str], at: int, words: list[str]) -> "_Node | None":
        if at == len(parts):
            return self if self.endpoints else None
        known = self.parts.get(parts[at])
        if known is not None and (found := known.find(parts, at + 1, words)) is not None:
            return found
        if not parts[at]:  # a slash at the end says nothing
            return self if at == len(parts) - 1 and self.endpoints else None
        if self.named is None:
            return None
        words.append(parts[at])
        found = self.named.find(parts, at + 1, words)
        if found is None:
            words.pop()
        return found


class Table:
    """All endpoints of a city, found by method and path."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        """Index the endpoints."""
        self.endpoints = list(endpoints)
        self._root = _Node()
        for endpoint in self.endpoints:
            self._root.add(endpoint)

    def find(self, method: str, raw_path: str) -> tuple[Endpoint, dict[str, str]] | None:
        """Return the endpoint of a request and the words of its path, given as it was sent.

        An encoded slash is part of a word, as in an entity's id that is a web address.
        """
        words: list[str] = []
        node = self._root.find(_parts(raw_path), 0, words)
        found = node.endpoints.get(method) if node is not None else None
        if found is None:
            return None
        endpoint, names = found
        return endpoint, dict(zip(names, words, strict=True))

    def methods_of(self, raw_path: str) -> list[str]:
        """Return the methods that a path knows."""
        node = self._root.find(_parts(raw_path), 0, [])
        return sorted(node.endpoints) if node is not None else []


def _parts(raw_path: str) -> list[str]:
    parts = raw_path.split("/")
    if "%" not in raw_path:
        return parts
    if "%00" in raw_path:
        raise nul_refused()
    return [unquote(part) for part in parts]


def endpoints_of_services(live: LiveCity) -> list[Endpoint]:
    """Return an endpoint for each route of each service, and of the platform."""
    found = []
    for name, service in live.services.items():
        specs = specs_of(name, service)
        prefix = "/api" if name == "platform" else f"/api/{name.replace('.', '/')}"
        for route in service.routes:
            if not route.path.startswith(_STANDARDS):
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
        takes=route.takes,
    )


def _perform(spec: ActionSpec, *, has_body: bool, route: Route) -> Call:
    is_whole_body = has_body and "{" not in route.path
    decoder = msgspec.json.Decoder(spec.arguments)
    spoken = _spoken(spec, route)

    async def call(context: Context) -> Respond:
        spec.check_caller(context.caller, context.live.runtime.held)
        if route.takes != JSON:
            body = await context.body()
            arguments = _convert(
                {**context.words(), **context.path, "body": body}, spec, is_text=True
            )
        elif is_whole_body:
            arguments = await context.decoded(decoder)
        else:
            words = await context.decoded(_OBJECT) if has_body else context.words()
            path = spoken(context.path) if has_body else context.path
            arguments = _convert({**words, **path}, spec, is_text=not has_body)
        result = await context.perform(spec, arguments)
        is_ready = route.media_type != JSON
        answer = bytes(result) if is_ready else msgspec.json.encode(result)
        return Reply(answer, media_type=route.media_type)

    return call


def _spoken(spec: ActionSpec, route: Route) -> Callable[[dict[str, str]], dict[str, Any]]:
    """Return what gives the words of a path their types, where a body beside them has its own."""
    names = re.findall(r"\{(\w+)\}", route.path)
    plain, hints = (get_type_hints(spec.arguments, include_extras=each) for each in (False, True))
    typed = [(name, hints[name]) for name in names if plain[name] is not str]

    def spoken(path: dict[str, str]) -> dict[str, Any]:
        try:
            return path | {
                name: msgspec.convert(path[name], hint, strict=False) for name, hint in typed
            }
        except msgspec.ValidationError as error:
            raise wrong_words(error) from None

    return spoken


def _convert(words: dict[str, Any], spec: ActionSpec, *, is_text: bool) -> msgspec.Struct:
    try:
        return msgspec.convert(words, spec.arguments, strict=not is_text)
    except msgspec.ValidationError as error:
        raise wrong_words(error) from None

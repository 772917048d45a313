"""One request to one source: in whose names, with which headers, and what comes back.

A caller's token goes nowhere. What a registration wants to be told is in its `contextSourceInfo`: a
header and its value; `urn:ngsi-ld:request` stands for the client's own header of that name, `env:X`
for the operator's variable called so after HAPGANG_SOURCE_, so that no secret is kept with data.
"""

import asyncio
import os
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import msgspec

from hapgang.app.context import JSON, Context
from hapgang.app.ngsild.linked import LD, Asked
from hapgang.app.sources import SourceAnswer, SourceFailed
from hapgang.app.sources.client import Request
from hapgang.app.traces import headers as trace_headers
from hapgang.core.errors import CityError
from hapgang.hub.jsonld import CORE
from hapgang.hub.match import Test
from hapgang.hub.ngsild.errors import LoopDetected
from hapgang.hub.registrations.model import Registration
from hapgang.runtime.platform.ngsild import NGSI_LD

_REL = "http://www.w3.org/ns/json-ld#context"
_CONTEXT_KEY = "jsonldContext"
_FROM_REQUEST = "urn:ngsi-ld:request"
_ENVIRONMENT = "HAPGANG_SOURCE_"
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_ENV_NAME = re.compile(r"env:([A-Z0-9_]{1,100})")
_OURS = frozenset(
    [
        "host", "connection", "content-length", "content-type", "transfer-encoding", "upgrade",
        "via", "accept", "link", "te", "trailer", "expect", "keep-alive", "proxy-authorization",
    ]
)  # fmt: skip
_SECRETS = frozenset(["authorization", "cookie", "proxy-authorization", "idempotency-key"])
_MOST_HOPS = 20
_SAFE = ":/,;@!*'()[]~"


class Speech(NamedTuple):
    """In which context a source is spoken to, and whether bodies carry it with them."""

    asked: Asked
    is_inline: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """The headers that say so."""
        local = self.asked.local
        if self.is_inline or not isinstance(local, str):
            return {}
        return {"Link": f'<{local}>; rel="{_REL}"; type="{LD}"'}


def relevant(context: Context, test: Test | None = None) -> list[Registration]:
    """Return the sources that may be asked, but those that the request has been at.

    test: what a client wants of the registrations (`csf`).
    """
    live = context.live
    been = set(_via(context))
    found = live.sources.allowed(live.runtime.state, live.clock.now(), test)
    return [one for one in found if not one.alias or one.alias not in been]


def check_loop(context: Context) -> None:
    """Raise `LoopDetected` where the request has been here (clause 6.3.18)."""
    if context.header(b"via") is None:
        return
    been = _via(context)
    if context.live.sources.alias in been or len(been) > _MOST_HOPS:
        raise LoopDetected("this request has been here", "이미 이 도시를 거친 요청입니다")


async def speech_of(context: Context, source: Registration, asked: Asked, kind: str) -> Speech:
    """Return how a source is spoken to: in its own context, or in the client's."""
    own = next((one.value for one in source.contextSourceInfo if one.key == _CONTEXT_KEY), None)
    if own is None:
        return Speech(asked, kind == LD)
    contexts = context.live.contexts
    try:
        known = contexts.known(own)
        read = known if known is not None else await asyncio.to_thread(contexts.of, own)
    except CityError as error:
        raise SourceFailed(f"its context cannot be read: {error}") from None
    return Speech(Asked(read, own))


def linkable(speech: Speech) -> Speech:
    """Return how to say it without a body: by link, else in full names."""
    is_linked = speech.asked.local is None or isinstance(speech.asked.local, str)
    return Speech(speech.asked if is_linked else Asked(CORE, None))


async def ask(
    context: Context,
    source: Registration,
    method: str,
    path: str,
    *,
    speech: Speech,
    query: Mapping[str, str] | None = None,
    body: Any = None,
) -> SourceAnswer:
    """Send a request to a source; path is below /ngsi-ld/v1."""
    words = dict(query or {})
    if source.management.localOnly:
        words["local"] = "true"
    is_whole = urlsplit(source.endpoint).path.rstrip("/").endswith(NGSI_LD)
    address = ("" if is_whole else NGSI_LD) + path
    if words:
        address += "?" + "&".join(f"{name}={quote(word, _SAFE)}" for name, word in words.items())
    headers = {"Accept": JSON, "Via": _passed_on(context), **trace_headers(), **speech.headers}
    data = b""
    if body is not None:
        data = msgspec.json.encode(body)
        headers["Content-Type"] = LD if speech.is_inline else JSON
    headers.update(_wanted_headers(context, source))
    is_safe = method == "GET" or path.endswith("/query")
    request = Request(method, address, headers, data, is_safe)
    return await context.live.sources.ask(source, request, context.live.clock.now())


def decoded(answer: SourceAnswer) -> Any:
    """Return what an answer says; `SourceFailed` where it is no JSON."""
    try:
        return msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise SourceFailed("its answer is no JSON") from None


def _via(context: Context) -> list[str]:
    parts = (context.header(b"via") or "").split(",")
    return [words[1] for part in parts if len(words := part.split()) > 1]


def _passed_on(context: Context) -> str:
    before = context.header(b"via")
    own = f"1.1 {context.live.sources.alias}"
    return f"{before}, {own}" if before else own


def _wanted_headers(context: Context, source: Registration) -> dict[str, str]:
    out: dict[str, str] = {"NGSILD-Tenant": source.tenant} if source.tenant else {}
    for one in source.contextSourceInfo:
        name = one.key.lower()
        if name == _CONTEXT_KEY.lower() or name in _OURS or not _TOKEN.fullmatch(one.key):
            continue
        value = _value(context, name, one.value)
        if value is not None:
            out[one.key] = value
    return out


def _value(context: Context, name: str, said: str) -> str | None:
    if said == _FROM_REQUEST:
        return None if name in _SECRETS else context.header(name.encode())
    named = _ENV_NAME.fullmatch(said)
    return said if named is None else os.environ.get(_ENVIRONMENT + named[1])

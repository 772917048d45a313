"""What a client is told: in which form, and where the context stands (clauses 6.3.4, 6.3.5)."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.responses import Response

from hapgang.app.context import JSON, Context
from hapgang.app.ngsild.linked import LD, Asked
from hapgang.hub.ngsild.errors import NotAcceptable

GEOJSON = "application/geo+json"


class _Written(bytes):
    """A header's name as it is written: the web server would put it into small letters."""

    def lower(self) -> "_Written":
        """Return the same."""
        return self


LOCATION = _Written(b"Location")


def accepted(context: Context, offers: tuple[str, ...] = (JSON, LD)) -> str:
    """Return the media type that a client likes best of the offers (RFC 9110, 12.5.1).

    The first offer where the client says nothing, or takes anything; `NotAcceptable` else.
    """
    header = context.header(b"accept")
    if header is None or not header.strip():
        return offers[0]
    best, best_weight = "", 0.0
    for part in header.split(","):
        name, _, parameters = part.partition(";")
        weight = _weight(parameters)
        found = _offered(name.strip().lower(), offers)
        if found and weight > best_weight:
            best, best_weight = found, weight
    if not best:
        raise NotAcceptable(
            f"there is {', '.join(offers)} here, not {header[:100]}",
            f"가능한 형식: {', '.join(offers)}",
        )
    return best


class Told(Response):
    """A response whose body is there as bytes: Starlette's, without what it finds out for any."""

    def __init__(self, content: bytes, status: int, kind: str = "", link: str = "") -> None:
        """Answer with a body in a form, or without any; with the Link header of its context."""
        self.status_code = status
        self.body = content
        self.background = None
        length = (b"content-length", b"%d" % len(content))
        self.raw_headers = [] if status == 204 else [length]
        if kind:
            self.raw_headers.append((b"content-type", kind.encode("latin-1")))
        if link:
            self.raw_headers.append((b"link", link.encode("latin-1")))


def answer(
    context: Context, asked: Asked, body: Any, *, kind: str | None = None, status: int = 200
) -> Response:
    """Return documents as the client takes them, with their context in them or in a Link."""
    kind = kind or accepted(context)
    if kind == LD:
        documents = body if isinstance(body, list) else [body]
        told = [{**document, "@context": asked.told} for document in documents]
        content = msgspec.json.encode(told if isinstance(body, list) else told[0])
        return Told(content, status, LD)
    return Told(msgspec.json.encode(body), status, kind, asked.link(context))


def created(address: str) -> Response:
    """Return that something was made, and where it is."""
    response = Told(b"", 201)
    place(response, address)
    return response


def place(response: Response, address: str) -> None:
    """Say where something is, in a header written as everybody writes it.

    Small letters mean the same to whoever keeps to RFC 9110 (5.1); some clients do not.
    """
    response.raw_headers.append((LOCATION, address.encode("latin-1")))


def add_pages(
    context: Context, response: Response, path: str, count: int, limit: int, offset: int
) -> None:
    """Say where the pages before and after are, and in which form (clause 6.3.10, RFC 8288)."""
    kind = response.headers["content-type"]
    links = [response.headers["link"]] if "link" in response.headers else []
    for rel, start in (("prev", offset - limit), ("next", offset + limit)):
        is_there = offset > 0 if rel == "prev" else start < count
        if limit and is_there:
            query = urlencode({**context.words(), "limit": limit, "offset": max(start, 0)})
            links.append(f'<{path}?{query}>;rel="{rel}";type="{kind}"')
    if links:
        response.headers["link"] = ", ".join(links)


def done() -> Response:
    """Return that it is done, and that there is nothing to tell."""
    return Told(b"", 204)


def _offered(name: str, offers: tuple[str, ...]) -> str:
    if name in offers:
        return name
    if name in ("*/*", "application/*"):
        return offers[0]
    return ""


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0

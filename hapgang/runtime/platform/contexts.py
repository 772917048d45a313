"""JSON-LD contexts that clients keep here (ETSI GS CIM 009, clause 5.13)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from hapgang.contract import City, Role, new_id
from hapgang.core.errors import Conflict, Refused
from hapgang.core.vocabulary.platform import HostedContext
from hapgang.hub.jsonld import Contexts, LdContextNotAvailable
from hapgang.hub.record import Record

HOSTED = "/ngsi-ld/v1/jsonldContexts/"  # and then the id
_MOST = 1_000


def contexts_of(
    find: Callable[[str], Record | None], fetch: Callable[[str], bytes | None] = lambda _: None
) -> Contexts:
    """Return the contexts of a city.

    find: gives an entity by its id.
    fetch: gets a context from elsewhere, in a thread; None where that is not allowed.
    """

    def load(url: str) -> Any:
        kept = find(unquote(url.rpartition("/")[2])) if HOSTED in url else None
        if kept is not None and isinstance(kept.view, HostedContext):
            return {"@context": kept.view.body}
        fetched = fetch(url)
        if fetched is not None:
            return fetched
        raise LdContextNotAvailable(
            f"the context {url[:200]} is not known here, and none is fetched from there; send it in"
            f" the body, or keep it here by POST {HOSTED[:-1]}",
            f"{url[:200]} 컨텍스트를 알지 못하고, 그곳에서 가져오지도 않습니다. 본문에 넣거나"
            f" {HOSTED[:-1]}에 등록해 주세요",
        )

    return Contexts(load)


def add_context(city: City, *, body: Any) -> HostedContext:
    """Keep a context; whoever knows its address can write and read by it."""
    if city.hub.count(HostedContext) >= _MOST:
        raise Conflict(
            f"{_MOST:,} contexts are kept here already; delete one first.",
            f"컨텍스트는 {_MOST:,}개까지 보관합니다. 먼저 하나를 지워 주세요.",
        )
    kept = HostedContext(
        id=new_id(city, HostedContext), body=body, author=city.caller.id, at=city.now
    )
    city.hub.save(kept)
    return kept


def list_contexts(city: City) -> list[HostedContext]:
    """Return the contexts that are kept here, oldest first."""
    return city.hub.find(HostedContext)


def get_context(city: City, *, context: str) -> HostedContext:
    """Return a context that is kept here."""
    return city.hub.get(HostedContext, context)


def delete_context(city: City, *, context: str) -> None:
    """Keep a context no longer; what was written by it stays. For its author, or an operator."""
    kept = city.hub.get(HostedContext, context)
    if city.caller.id != kept.author and city.caller.role is not Role.OPERATOR:
        raise Refused("This is somebody else's context.", "다른 사람의 컨텍스트입니다.")
    city.hub.delete(HostedContext, context)

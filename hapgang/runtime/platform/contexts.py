"""JSON-LD contexts that are kept here (ETSI GS CIM 009, clause 5.13).

Hosted ones a client gave us; implicitly created ones stand for several contexts of a client where
one address is needed; cached ones were fetched. The first two are entities, the last are memory.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import msgspec

from hapgang.contract import City, Role, new_id
from hapgang.core.errors import Conflict, Invalid, Refused
from hapgang.core.vocabulary.platform import HostedContext
from hapgang.hub.jsonld import (
    Contexts,
    ImpliedContexts,
    LdContextNotAvailable,
    Shelf,
    implied_id,
    is_core,
)
from hapgang.hub.record import Record

HOSTED = "/ngsi-ld/v1/jsonldContexts/"  # and then the id
_MOST = 1_000  # of each kind
_FULL = ("http://", "https://")


class CityContexts(Contexts):
    """A city's contexts, and the shelf of those that were fetched."""

    def __init__(
        self,
        find: Callable[[str], Record | None],
        fetch: Callable[[str], bytes | None],
        now: Callable[[], datetime],
    ) -> None:
        """Read contexts of the hub, which `find` finds by id, and those that `fetch` may get."""
        self.shelf = Shelf(fetch, now)
        self.implied = ImpliedContexts(now)
        self._find = find
        super().__init__(self._load, note_use=self._note)

    def _load(self, url: str) -> Any:
        kept = self._find(id_in(url)) if HOSTED in url else None
        if kept is not None and isinstance(kept.view, HostedContext):
            return {"@context": kept.view.body}
        implied = self.implied.get(id_in(url)) if HOSTED in url else None
        if implied is not None:
            return {"@context": implied.local}
        if not url.startswith(_FULL):
            raise Invalid(
                f"“{url[:60]}” is no full address of a context; it begins with http:// or https://",
                f"“{url[:60]}”은(는) 컨텍스트의 전체 주소가 아닙니다. http:// 또는 https://로"
                " 시작해야 합니다",
            )
        fetched = self.shelf.load(url)
        if fetched is None:
            raise not_known(url)
        return fetched

    def _note(self, source: str) -> None:
        self.shelf.note_use(id_in(source) if HOSTED in source else source)


def contexts_of(
    find: Callable[[str], Record | None],
    fetch: Callable[[str], bytes | None],
    now: Callable[[], datetime],
) -> CityContexts:
    """Return the contexts of a city.

    find: gives an entity by its id.
    fetch: gets a context from elsewhere, in a thread; None where that is not allowed.
    """
    return CityContexts(find, fetch, now)


def not_known(url: str) -> LdContextNotAvailable:
    """Return the error of a context that is neither here nor may be fetched."""
    return LdContextNotAvailable(
        f"the context {url[:200]} is not known here, and none is fetched from there; send it in"
        f" the body, or keep it here by POST {HOSTED[:-1]}",
        f"{url[:200]} 컨텍스트를 알지 못하고, 그곳에서 가져오지도 않습니다. 본문에 넣거나"
        f" {HOSTED[:-1]}에 등록해 주세요",
    )


def id_in(address: str) -> str:
    """Return the id at the end of the address of a context that is kept here."""
    return unquote(address.rpartition("/")[2])


def one_address(local: Any) -> str | None:
    """Return the one address that a context consists of, beside the core's; None else."""
    if isinstance(local, str):
        return local
    if not isinstance(local, list):
        return None
    others = [one for one in local if not (isinstance(one, str) and is_core(one))]
    return others[0] if len(others) == 1 and isinstance(others[0], str) else None


def add_context(city: City, *, body: Any) -> HostedContext:
    """Keep a context; whoever knows its address can write and read by it."""
    if _count(city, "Hosted") >= _MOST:
        raise Conflict(
            f"{_MOST:,} contexts are kept here already; delete one first.",
            f"컨텍스트는 {_MOST:,}개까지 보관합니다. 먼저 하나를 지워 주세요.",
        )
    kept = HostedContext(
        id=new_id(city, HostedContext), body=body, author=city.caller.id, at=city.now
    )
    city.hub.save(kept)
    return kept


def implied_name(local: Any) -> str | None:
    """Return the id that several contexts of a client get where one address is needed."""
    if local is None or one_address(local) is not None:
        return None
    return implied_id(msgspec.json.encode(local, order="deterministic"))


def keep_implied(city: City, local: Any) -> None:
    """Keep several contexts of a client under one address, as long as there is room."""
    name = implied_name(local)
    if name is None or city.hub.find_by_id(HostedContext, name) is not None:
        return
    if _count(city, "ImplicitlyCreated") < _MOST:
        city.hub.save(
            HostedContext(
                id=name, body=local, author=city.caller.id, at=city.now, kind="ImplicitlyCreated"
            )
        )


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


def _count(city: City, kind: str) -> int:
    return sum(one.kind == kind for one in city.hub.find(HostedContext))

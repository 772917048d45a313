"""Registrations of other context sources (clauses 5.9 and 5.10)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hapgang.contract import City, Role, new_id
from hapgang.core.entity import Document
from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.core.ids import check_uri
from hapgang.core.vocabulary.sources import ContextSourceRegistration
from hapgang.hub.ngsild.kinds import NULL
from hapgang.hub.registrations.conflicts import check_conflicts
from hapgang.hub.registrations.discovery import Discovery, found
from hapgang.hub.registrations.model import (
    READ_ONLY,
    TYPE,
    Registration,
    kept_registration,
    read_registration,
)

_MOST = 1_000


class Registered(msgspec.Struct):
    """Registrations that were asked for, and how many there are in all."""

    kept: list[ContextSourceRegistration]
    count: int


def create_registration(city: City, *, document: Document) -> str:
    """Register another context source; return the registration's id."""
    if city.hub.count(ContextSourceRegistration) >= _MOST:
        _drop_old(city)
    if city.hub.count(ContextSourceRegistration) >= _MOST:
        raise Conflict(
            f"{_MOST:,} sources are registered already; delete one first",
            f"등록은 {_MOST:,}개까지입니다. 먼저 하나를 지워 주세요",
        )
    body = _plain({**document, "id": document.get("id") or new_id(city, ContextSourceRegistration)})
    registration = _checked(city, body)
    there = city.hub.find_by_id(ContextSourceRegistration, registration.id)
    if there is not None:
        if not _is_over(city, there):
            raise Conflict(f"{there.id} exists", f"{there.id}이(가) 이미 있습니다")
        city.hub.delete(ContextSourceRegistration, there.id)
    city.hub.save(
        ContextSourceRegistration(
            id=registration.id, body=body, author=city.caller.id,
            made_at=city.now, changed_at=city.now,
        )
    )  # fmt: skip
    return registration.id


def get_registration(city: City, *, registration: str) -> ContextSourceRegistration:
    """Return a registration."""
    check_uri(registration)
    kept = city.hub.find_by_id(ContextSourceRegistration, registration)
    if kept is None or _is_over(city, kept):
        raise NotFound(
            f"there is no registration {registration}", f"{registration} 등록이 없습니다"
        )
    return kept


def query_registrations(
    city: City,
    *,
    asked: Any,
    limit: Annotated[int, Meta(ge=0, le=1000)] = 20,
    offset: Annotated[int, Meta(ge=0)] = 0,
) -> Any:
    """Return a page of the registrations that are asked for, oldest first."""
    wanted: Discovery = asked
    fits = [kept for kept in _live(city) if found(kept_registration(kept.body), kept.body, wanted)]
    return Registered(fits[offset : offset + limit], len(fits))


def update_registration(city: City, *, registration: str, fragment: Document) -> None:
    """Replace some members of a registration; null takes one away."""
    kept = get_registration(city, registration=registration)
    _check_owner(city, kept)
    if fragment.get("id", kept.id) != kept.id:
        raise Invalid("the body is about another registration", "본문의 id가 다릅니다")
    changed = {**kept.body, **_plain(fragment)}
    body = {name: value for name, value in changed.items() if value not in (None, NULL)}
    _checked(city, body)
    city.hub.save(msgspec.structs.replace(kept, body=body, changed_at=city.now))


def delete_registration(city: City, *, registration: str) -> None:
    """Forget a registration. For its author, or an operator."""
    kept = get_registration(city, registration=registration)
    _check_owner(city, kept)
    city.hub.delete(ContextSourceRegistration, kept.id)


def source_identity(city: City) -> datetime:
    """Return what time it is for whoever asks who the city is (clause 5.15.1)."""
    return city.now


def _checked(city: City, body: Document) -> Registration:
    registration = read_registration(body)
    if registration.is_over(city.now):
        raise Invalid("expiresAt has passed", "expiresAt이 이미 지났습니다")
    check_conflicts(registration, [kept_registration(one.body) for one in _live(city)])
    return registration


def _live(city: City) -> Iterator[ContextSourceRegistration]:
    for kept in city.hub.find(ContextSourceRegistration):
        if not _is_over(city, kept):
            yield kept


def _drop_old(city: City) -> None:
    for kept in city.hub.find(ContextSourceRegistration):
        if _is_over(city, kept):
            city.hub.delete(ContextSourceRegistration, kept.id)


def _is_over(city: City, kept: ContextSourceRegistration) -> bool:
    return kept_registration(kept.body).is_over(city.now)


def _check_owner(city: City, kept: ContextSourceRegistration) -> None:
    if city.caller.id != kept.author and city.caller.role is not Role.OPERATOR:
        raise Refused("This is somebody else's registration.", "다른 사람의 등록입니다.")


def _plain(document: Document) -> Document:
    """Return what a client says, without what only the hub says."""
    out = {name: value for name, value in document.items() if name not in READ_ONLY}
    if out.get("type", TYPE) != TYPE:
        raise Invalid(f"a registration's type is {TYPE}", f"등록의 type은 {TYPE}입니다")
    return out

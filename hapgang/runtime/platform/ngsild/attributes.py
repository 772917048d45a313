"""Attributes of an entity (clauses 5.6.2 to 5.6.5 and 5.6.19)."""

from typing import Any

import msgspec

from hapgang.core.entity import Attribute
from hapgang.core.errors import Invalid, NotFound
from hapgang.hub.documents import Documents
from hapgang.hub.ngsild.changes import (
    Attributes,
    Outcome,
    append,
    joined,
    listed,
    patched,
    without,
)
from hapgang.hub.ngsild.fragment import Fragment
from hapgang.hub.ngsild.kinds import MEMBER_OF, NULL, attribute_in, said_of
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.ngsild.door import documents_of

_SCOPE = "scope"


class Updated(msgspec.Struct, frozen=True):
    """Which attributes were written, and which were not, with the reason."""

    written: list[str]
    refused: dict[str, str]


def append_attributes(
    city: CityOf, *, entity: str, fragment: Any, overwrites: bool = True
) -> Updated:
    """Add attributes to an entity; what is there is replaced, or stays."""
    return appended(documents_of(city), entity, fragment, overwrites=overwrites)


def appended(documents: Documents, entity: str, fragment: Fragment, *, overwrites: bool) -> Updated:
    """Add attributes; where nothing is overwritten, scopes are added to those that are there."""
    if fragment.scope is not None and not overwrites:
        old = documents.get(entity).scope
        fragment = msgspec.structs.replace(
            fragment, scope=tuple(dict.fromkeys([*old, *fragment.scope]))
        )
    _, outcome = documents.change(
        entity, fragment, lambda old, new: append(old, new, overwrites=overwrites)
    )
    return _told(fragment, outcome)


def update_attributes(city: CityOf, *, entity: str, fragment: Any) -> Updated:
    """Replace attributes of an entity, or add them; its scopes only where it has some."""
    return updated(documents_of(city), entity, fragment)


def updated(documents: Documents, entity: str, fragment: Fragment) -> Updated:
    """Replace attributes, or add them; scopes only where there are some."""
    refused = {}
    wanted = fragment
    if fragment.scope is not None and not documents.get(entity).scope:
        refused[_SCOPE] = "the entity has no scope"
        wanted = msgspec.structs.replace(fragment, scope=None)
    _, outcome = documents.change(entity, wanted, append)
    return _told(wanted, Outcome(outcome.changes, {**outcome.refused, **refused}))


def patch_attribute(city: CityOf, *, entity: str, attribute: str, fragment: Attribute) -> None:
    """Replace some members of one instance of an attribute; the null deletes."""

    def change(old: Attributes, _: Attributes) -> Outcome:
        found = listed(old.get(attribute))
        there = _instance(found, attribute, fragment.get("datasetId"))
        fresh = _part_of(attribute, fragment, there)
        new = patched(there, fresh)
        kept = [new if one is there else one for one in found]
        return Outcome({attribute: joined([one for one in kept if one is not None])}, {})

    documents_of(city).change(entity, Fragment({}), change)


def replace_attribute(city: CityOf, *, entity: str, attribute: str, fragment: Attribute) -> None:
    """Put an instance of an attribute in the place of the one that is there."""

    def change(old: Attributes, _: Attributes) -> Outcome:
        found = listed(old.get(attribute))
        fresh = attribute_in(attribute, fragment)
        there = _instance(found, attribute, fresh.get("datasetId"))
        return Outcome({attribute: joined([fresh if o is there else o for o in found])}, {})

    documents_of(city).change(entity, Fragment({}), change)


def delete_attribute(
    city: CityOf,
    *,
    entity: str,
    attribute: str,
    dataset: str | None = None,
    every: bool = False,
) -> None:
    """Delete an instance of an attribute, or all of them; an entity's scopes by the name scope."""
    documents = documents_of(city)
    if attribute == _SCOPE:
        documents.unscoped(entity)
        return

    def change(old: Attributes, _: Attributes) -> Outcome:
        found = old.get(attribute)
        if found is None:
            raise _absent(attribute)
        if not every:
            _instance(listed(found), attribute, dataset)
        return Outcome({attribute: without(found, dataset, every=every)}, {})

    documents.change(entity, Fragment({}), change)


def _told(fragment: Fragment, outcome: Outcome) -> Updated:
    own = ["scope"] if fragment.scope is not None else []
    return Updated([*outcome.changes, *own], outcome.refused)


def _instance(found: list[Attribute], name: str, dataset: str | None) -> Attribute:
    for one in found:
        if one.get("datasetId") == dataset:
            return one
    raise (
        _absent(name)
        if not found
        else NotFound(
            f"{name} has no instance {'with ' + dataset if dataset else 'without a datasetId'}",
            f"{name}에 그 datasetId의 값이 없습니다",
        )
    )


def _part_of(name: str, fragment: Attribute, there: Attribute) -> Attribute:
    """Return a part of an attribute in full; its kind is the one of what is there."""
    kind = fragment.get("type", there["type"])
    if kind != there["type"]:
        raise Invalid(
            f"{name} is a {there['type']}, not a {kind!r:.40}",
            f"{name}은(는) {there['type']}입니다",
        )
    member = MEMBER_OF[there["type"]]
    if member in fragment:
        full = attribute_in(name, {**fragment, "type": kind}, nulls=True)
        return full if "type" in fragment else {k: v for k, v in full.items() if k != "type"}
    if any(fragment.get(one) == NULL for one in MEMBER_OF.values()):
        return {member: NULL}
    out: Attribute = {}
    for key, value in fragment.items():
        if key in MEMBER_OF.values():
            raise Invalid(f"{name} is a {kind} and has no “{key}”", None)
        if key not in ("type", "createdAt", "modifiedAt", "instanceId"):
            out[key] = said_of(name, key, value, nulls=True)
    if not out:
        raise Invalid(f"nothing is said of {name}", f"{name}에 대해 아무 내용도 없습니다")
    return out


def _absent(name: str) -> NotFound:
    return NotFound(f"the entity has no attribute {name}", f"속성 {name}이(가) 없습니다")

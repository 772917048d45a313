"""What clients say of the past, checked and written out in full (clauses 4.5.6 and 5.2.20)."""

from typing import Any

import msgspec

from hapgang.core.entity import Attribute, Document
from hapgang.core.errors import Invalid
from hapgang.hub.ngsild.fragment import check_plain, fragment_in
from hapgang.hub.ngsild.kinds import SYSTEM, attribute_in
from hapgang.hub.temporal.instance import SCOPE

_OWN = frozenset(["id", "type", SCOPE, "expiresAt", "@context", *SYSTEM])
_MOST_ATTRIBUTES = 2_000
_MOST_INSTANCES = 100_000
Past = dict[str, list[Attribute]]  # instances by attribute


class Evolved(msgspec.Struct, frozen=True):
    """A temporal representation of an entity, or a part of one."""

    id: str
    types: tuple[str, ...]
    attributes: Past
    scope: tuple[str, ...] | None = None


def evolved_in(document: Document, *, is_part: bool = False) -> Evolved:
    """Return what a document says of the past; `Invalid` says what is wrong with it."""
    check_plain(document)
    for member in () if is_part else ("id", "type"):
        if not document.get(member):
            raise Invalid(f"an entity needs its {member}", f"엔티티에는 {member}이(가) 필요합니다")
    own: Document = {name: document[name] for name in ("id", "type") if name in document}
    if SCOPE in document:
        own[SCOPE] = _scope(document[SCOPE])
    head = fragment_in(own, nulls=False)
    attributes = {name: _instances(name, raw) for name, raw in document.items() if name not in _OWN}
    if len(attributes) > _MOST_ATTRIBUTES:
        raise Invalid(f"an entity has at most {_MOST_ATTRIBUTES:,} attributes", None)
    if sum(len(found) for found in attributes.values()) > _MOST_INSTANCES:
        raise Invalid(f"at most {_MOST_INSTANCES:,} instances at once", None)
    return Evolved(head.id, head.types, attributes, head.scope)


def corrected(name: str, old: Attribute, said: Attribute) -> Attribute:
    """Return what an instance is replaced by (clause 5.6.14): an instance, or a list of one.

    It stays of its dataset.
    """
    parts = said.get(name, said)
    one = parts[0] if isinstance(parts, list) and len(parts) == 1 else parts
    fresh = {k: v for k, v in attribute_in(name, one).items() if k != "datasetId"}
    return {**fresh, "datasetId": old["datasetId"]} if "datasetId" in old else fresh


def _instances(name: str, raw: Any) -> list[Attribute]:
    parts = raw if isinstance(raw, list) else [raw]
    if not parts or not all(isinstance(part, dict) for part in parts):
        raise Invalid(
            f"attribute {name} is a list of instances, such as Properties",
            f"속성 {name}은(는) 인스턴스의 목록이어야 합니다",
            attribute=name,
        )
    return [attribute_in(name, part) for part in parts]


def _scope(said: Any) -> Any:
    """Return the newest scopes of those that are said, as texts or as instances."""
    if isinstance(said, dict):
        return said.get("value")
    if isinstance(said, list) and said and isinstance(said[-1], dict):
        return said[-1].get("value")
    return said

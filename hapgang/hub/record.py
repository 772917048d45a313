"""One entity in memory: the typed view and whatever else its document holds."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from hapgang.core.entity import Attribute, Document, Entity, EntityType, find_type
from hapgang.core.errors import Conflict, Invalid
from hapgang.core.geometry import Point
from hapgang.hub.jsonld.members import KINDS
from hapgang.hub.ngsild.instants import written

Instances = Attribute | list[Attribute]  # one for each datasetId
_KINDS = {kind: kind for kind in KINDS}
REPLACED_AT = "@replacedAt"  # in what is stored; no attribute can have that name


class Record:
    """An entity's present state; never changed in place, so that undoing is putting the old back.

    `view` is None for free types; `extra` holds the attributes that no view declares. An entity
    of several types has the declared one first; at most one of them is declared.
    """

    __slots__ = (
        "_place",
        "closed",
        "created",
        "declared",
        "expires",
        "extra",
        "id",
        "modified",
        "scope",
        "seq",
        "since",
        "type",
        "types",
        "view",
    )

    def __init__(
        self,
        entity_id: str,
        types: tuple[str, ...],
        declared: EntityType | None,
        view: Entity | None,
        extra: Mapping[str, Instances],
        *,
        created: datetime,
        modified: datetime,
        seq: int,
        closed: bool = False,
        scope: tuple[str, ...] = (),
        expires: datetime | None = None,
        since: datetime | None = None,
    ) -> None:
        """Hold one state of an entity; `since` is when it was replaced as a whole, if it was."""
        self.id = entity_id
        self.types = types
        self.type = types[0]
        self.scope = scope
        self.expires = expires
        self.since = since
        self._place: Point | bool | None = False  # place, once it was asked for
        self.declared = declared
        self.view = view
        self.extra = extra
        self.created = created
        self.modified = modified
        self.seq = seq
        self.closed = closed

    @property
    def version(self) -> int:
        """Version of the document's form."""
        return self.declared.version if self.declared else 1

    @property
    def person(self) -> str | None:
        """Whose personal data this is, if anyone's."""
        if self.declared is None or self.view is None:
            return None
        return self.declared.person_of(self.view)

    @property
    def type_member(self) -> str | list[str]:
        """The type as a document says it."""
        return self.type if len(self.types) == 1 else list(self.types)

    @property
    def location(self) -> Any:
        """What it says of its place, in whichever form; the same object while that is the same."""
        if self.declared is not None and (field := self.declared.geo_field) is not None:
            return getattr(self.view, field.name)
        return self.extra.get("location")

    @property
    def place(self) -> Point | None:
        """Where it is, if its location is one point."""
        if isinstance(self._place, bool):
            found = self.location
            self._place = found if isinstance(found, Point) else _point_in(found)
        return self._place

    def attributes(self) -> Mapping[str, Instances]:
        """Return every attribute, declared ones first."""
        if self.declared is None or self.view is None:
            return self.extra
        return {**self.declared.attributes(self.view), **self.extra}

    def document(self) -> Document:
        """Return the NGSI-LD document as it is stored, without a context."""
        out: Document = {"id": self.id, "type": self.type_member, **self.attributes()}
        if self.scope:
            out["scope"] = list(self.scope)
        if self.expires is not None:
            out["expiresAt"] = written(self.expires)
        if self.since is not None:
            out[REPLACED_AT] = written(self.since)
        return out

    def attribute(self, wire: str) -> Instances | None:
        """Return one attribute by its name on the wire, or None."""
        if self.declared is not None and (field := self.declared.by_wire.get(wire)) is not None:
            value = getattr(self.view, field.name)
            return None if value is None else field.encode(value)
        return self.extra.get(wire)

    def value(self, wire: str) -> Any:
        """Return an attribute's plain value by its name on the wire, or None."""
        if self.declared is not None and (field := self.declared.by_wire.get(wire)) is not None:
            return getattr(self.view, field.name)
        found = self.extra.get(wire)
        attribute = found[0] if isinstance(found, list) else found
        return None if attribute is None else attribute.get("value", attribute.get("object"))

    def with_view(self, view: Entity, at: datetime, seq: int, *, closed: bool = False) -> "Record":
        """Return the state after a typed save."""
        return Record(
            self.id,
            self.types,
            self.declared,
            view,
            self.extra,
            created=self.created,
            modified=at,
            seq=seq,
            closed=closed,
            scope=self.scope,
            expires=self.expires,
            since=self.since,
        )


def record_of(
    document: Document, *, created: datetime, modified: datetime, seq: int, closed: bool = False
) -> Record:
    """Return the record of a document, which it uses up; `Invalid` when that does not fit."""
    entity_id = document.pop("id")
    types, declared = types_of(document.pop("type"))
    scope, expires = document.pop("scope", None), document.pop("expiresAt", None)
    since = document.pop(REPLACED_AT, None)
    document.pop("@context", None)
    for name, found in document.items():
        if declared is not None and name in declared.by_wire:
            continue
        for attribute in found if isinstance(found, list) else (found,):
            kind = attribute.get("type") if isinstance(attribute, dict) else None
            if kind in _KINDS:
                attribute["type"] = _KINDS[kind]  # one text for all of a kind
            elif kind is None:
                raise Invalid(
                    f"attribute {name} must be an object with a type, such as Property",
                    f"속성 {name}에는 Property와 같은 type이 있어야 합니다",
                    attribute=name,
                )
    return record_with(
        entity_id,
        types,
        declared,
        document,
        created=created,
        modified=modified,
        seq=seq,
        closed=closed,
        scope=(scope,) if isinstance(scope, str) else tuple(scope or ()),
        expires=None if expires is None else datetime.fromisoformat(expires),
        since=None if since is None else datetime.fromisoformat(since),
    )


def record_with(
    entity_id: str,
    types: tuple[str, ...],
    declared: EntityType | None,
    attributes: Mapping[str, Any],
    **told: Any,
) -> Record:
    """Return the record of attributes in full; those that a view declares go into the view.

    told: what else `Record` is made of. `Invalid` when an attribute does not fit its view.
    """
    if declared is None:
        return Record(entity_id, types, None, None, attributes, **told)
    view = declared.read(entity_id, attributes)
    names = attributes.keys() - declared.by_wire.keys()
    extra = {k: v for k, v in attributes.items() if k in names} if names else {}
    return Record(entity_id, types, declared, view, extra, **told)


def types_of(said: str | list[str]) -> tuple[tuple[str, ...], EntityType | None]:
    """Return the types of an entity, the declared one first, and what it is declared as."""
    if isinstance(said, str):
        return _alone(said), find_type(said)
    declared = [name for name in said if find_type(name) is not None]
    if len(declared) > 1:
        raise Conflict(
            f"an entity is one of {', '.join(declared)}, not several",
            f"{', '.join(declared)} 중 하나만 될 수 있습니다",
        )
    names = dict.fromkeys([*declared, *said])
    return tuple(names), find_type(declared[0]) if declared else None


@lru_cache(4_096)
def _alone(type_name: str) -> tuple[str, ...]:
    """Return the types of an entity of one type: the same object for all of them."""
    return (type_name,)


def _point_in(found: Any) -> Point | None:
    """Return the point that a free entity's location holds, if it is one and the only one."""
    if isinstance(found, list):
        found = found[0] if len(found) == 1 else None
    if not isinstance(found, dict) or found.get("type") != "GeoProperty":
        return None
    try:
        return msgspec.convert(found.get("value"), Point)
    except msgspec.ValidationError:
        return None

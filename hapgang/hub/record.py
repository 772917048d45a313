"""One entity in memory: the typed view and whatever else its document holds."""

from datetime import datetime
from typing import Any

from hapgang.core.entity import Attribute, Document, Entity, EntityType, find_type
from hapgang.core.errors import Invalid


class Record:
    """An entity's present state; never changed in place, so that undoing is putting the old back.

    `view` is None for free types; `extra` holds the attributes that no view declares.
    """

    __slots__ = ("closed", "created", "declared", "extra", "id", "modified", "seq", "type", "view")

    def __init__(
        self,
        entity_id: str,
        type_name: str,
        declared: EntityType | None,
        view: Entity | None,
        extra: dict[str, Attribute],
        *,
        created: datetime,
        modified: datetime,
        seq: int,
        closed: bool = False,
    ) -> None:
        """Hold one state of an entity."""
        self.id = entity_id
        self.type = type_name
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

    def attributes(self) -> dict[str, Attribute]:
        """Return every attribute, declared ones first."""
        if self.declared is None or self.view is None:
            return self.extra
        return {**self.declared.attributes(self.view), **self.extra}

    def document(self) -> Document:
        """Return the NGSI-LD document, without a context."""
        return {"id": self.id, "type": self.type, **self.attributes()}

    def attribute(self, wire: str) -> Attribute | None:
        """Return one attribute by its name on the wire, or None."""
        if self.declared is not None and (field := self.declared.by_wire.get(wire)) is not None:
            value = getattr(self.view, field.name)
            return None if value is None else field.encode(value)
        return self.extra.get(wire)

    def value(self, wire: str) -> Any:
        """Return an attribute's plain value by its name on the wire, or None."""
        if self.declared is not None and (field := self.declared.by_wire.get(wire)) is not None:
            return getattr(self.view, field.name)
        attribute = self.extra.get(wire)
        return None if attribute is None else attribute.get("value", attribute.get("object"))

    def with_view(self, view: Entity, at: datetime, seq: int, *, closed: bool = False) -> "Record":
        """Return the state after a typed save."""
        return Record(
            self.id,
            self.type,
            self.declared,
            view,
            self.extra,
            created=self.created,
            modified=at,
            seq=seq,
            closed=closed,
        )


def record_of(
    document: Document, *, created: datetime, modified: datetime, seq: int, closed: bool = False
) -> Record:
    """Return the record of a document, which it uses up; `Invalid` when that does not fit."""
    entity_id, type_name = document.pop("id"), document.pop("type")
    document.pop("@context", None)
    declared = find_type(type_name)
    view, extra = None, document
    if declared is not None:
        view = declared.read(entity_id, document)
        names = document.keys() - declared.by_wire.keys()
        extra = {k: v for k, v in document.items() if k in names} if names else {}
    for name, attribute in extra.items():
        if not isinstance(attribute, dict) or "type" not in attribute:
            raise Invalid(
                f"attribute {name} must be an object with a type, such as Property",
                f"속성 {name}에는 Property와 같은 type이 있어야 합니다",
                attribute=name,
            )
    return Record(
        entity_id,
        type_name,
        declared,
        view,
        extra,
        created=created,
        modified=modified,
        seq=seq,
        closed=closed,
    )

"""Entities: everything the city knows, as typed views over NGSI-LD documents.

    @entity("Vehicle", sharing=Sharing.OWNED)
    class Vehicle(Entity, frozen=True, kw_only=True):
        location: Point
        battery_pct: Annotated[float, Property("batteryLevel", unit="P1"), Meta(ge=0, le=100)]

The stored form is the NGSI-LD document (ETSI GS CIM 009, clause 5.2); the class is a view of it.
Saving a view writes only its own attributes, so what another client added survives.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from hapgang.core.errors import Invalid
from hapgang.core.geometry import LineString, Point, Polygon
from hapgang.core.text import Text, Words
from hapgang.core.wire import reads_back

Attribute = dict[str, Any]
Document = dict[str, Any]
Migration = Callable[[Document], Document]


class Sharing(Enum):
    """Who writes the instances of a type."""

    OWNED = "owned"  # one service
    SHARED = "shared"  # each contributor writes what it created, the platform the rest
    FREE = "free"  # any client whose role may


class Property(msgspec.Struct, frozen=True):
    """How a field is written: its name on the wire and UN/CEFACT unit code.

    `indexed` keeps an index, so that finding by an equal value does not look at every entity.
    """

    name: str = ""
    unit: str = ""
    indexed: bool = False


class Relationship(Property, frozen=True):
    """A field that holds the id of another entity."""


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """A view of one entity; subclasses are declared with `@entity`."""

    id: str


E = TypeVar("E", bound=Entity)


class Field(msgspec.Struct, frozen=True):
    """One field of a view and the attribute it stands for."""

    name: str
    wire: str
    kind: str
    member: str
    unit: str
    indexed: bool
    is_time: bool
    is_optional: bool
    decoder: msgspec.json.Decoder[Any]

    def check(self, value: Any) -> None:
        """Raise `Invalid` for a value that does not fit its type, or is not the same on disk."""
        if value is None:
            fits = self.is_optional
        else:
            is_naive = self.is_time and getattr(value, "tzinfo", None) is None
            fits = not is_naive and reads_back(value, self.decoder)
        if not fits:
            raise Invalid(
                f"{value!r:.80} is no value for {self.name}",
                f"{self.name}에 {value!r:.80} 값은 쓸 수 없습니다",
                attribute=self.wire,
            )

    def encode(self, value: Any) -> Attribute:
        """Return the attribute of a value that is not None."""
        if self.is_time:
            value = {"@type": "DateTime", "@value": value}
        attribute = {"type": self.kind, self.member: value}
        if self.unit:
            attribute["unitCode"] = self.unit
        return attribute

    def decode(self, attribute: Attribute) -> Any:
        """Return the plain value inside an attribute of this kind."""
        if attribute.get("type") != self.kind or self.member not in attribute:
            raise Invalid(
                f"{self.wire} must be a {self.kind} with “{self.member}”",
                f"{self.wire}은(는) “{self.member}”이(가) 있는 {self.kind}이어야 합니다",
                attribute=self.wire,
            )
        value = attribute[self.member]
        if self.is_time and isinstance(value, dict):
            return value.get("@value")
        return value


class EntityType(msgspec.Struct, frozen=True):
    """What is known of a declared type."""

    name: str
    view: type[Entity]
    fields: tuple[Field, ...]
    times: tuple[Field, ...]
    by_wire: dict[str, Field]
    sharing: Sharing
    person: str | None
    is_internal: bool
    migrations: tuple[Migration, ...]
    words: Words | None = None

    @property
    def version(self) -> int:
        """The version that is written today; older documents are migrated on reading."""
        return len(self.migrations) + 1

    @property
    def geo_field(self) -> Field | None:
        """The field that `near` looks at."""
        return self.by_wire.get("location")

    def check(self, view: Entity) -> None:
        """Raise `Invalid` for a view that holds what could not be read back from disk."""
        for field in self.fields:
            field.check(getattr(view, field.name))

    def attributes(self, view: Entity) -> dict[str, Attribute]:
        """Return every attribute of a view; a field that is None has none."""
        return {
            field.wire: field.encode(value)
            for field in self.fields
            if (value := getattr(view, field.name)) is not None
        }

    def changes(self, old: Entity, new: Entity) -> dict[str, Attribute | None]:
        """Return the attributes that differ from `old` to `new`, checked; None removes one."""
        changed: dict[str, Attribute | None] = {}
        for field in self.fields:
            before, after = getattr(old, field.name), getattr(new, field.name)
            if before is not after and before != after:
                field.check(after)
                changed[field.wire] = None if after is None else field.encode(after)
        return changed

    def read(self, entity_id: str, attributes: Mapping[str, Attribute]) -> Entity:
        """Return the typed view of a document's attributes; `Invalid` names what does not fit."""
        values: dict[str, Any] = {"id": entity_id}
        for field in self.fields:
            attribute = attributes.get(field.wire)
            if attribute is not None:
                values[field.name] = field.decode(attribute)
            elif field.is_optional:
                values[field.name] = None
        try:
            view = msgspec.convert(values, self.view, strict=True)
        except msgspec.ValidationError as error:
            raise self._unfit(entity_id, str(error)) from None
        for field in self.times:
            if (at := getattr(view, field.name)) and at.tzinfo is None:
                raise self._unfit(entity_id, f"{field.wire} names no time zone, such as Z")
        return view

    def _unfit(self, entity_id: str, why: str) -> Invalid:
        return Invalid(
            f"{entity_id} is not a valid {self.name}: {why}",
            f"{entity_id}: {self.name} 형식에 맞지 않습니다: {why}",
        )

    def person_of(self, view: Entity) -> str | None:
        """Return the id of the person whose personal data this is, if any."""
        return getattr(view, self.person) if self.person else None

    def migrate(self, document: Document, version: int) -> Document:
        """Bring a stored document from `version` up to today's."""
        for step in self.migrations[version - 1 :]:
            document = step(document)
        return document


_by_name: dict[str, EntityType] = {}
_by_view: dict[type[Entity], EntityType] = {}


def entity(
    name: str,
    *,
    sharing: Sharing = Sharing.OWNED,
    person: str | None = None,
    is_internal: bool = False,
    migrations: tuple[Migration, ...] = (),
    words: Words | None = None,
) -> Callable[[type[E]], type[E]]:
    """Declare a view as the city's type `name`.

    `person` names the field that holds the person's id when the data is personal: such entities
    are encrypted at rest with that person's key, their reads are logged, and forgetting destroys
    the key. `is_internal` types are for operators: no client meets them as entities.
    `migrations[i]` makes version i + 2 of a document of i + 1. `words` are the data map's.
    """

    def declare(view: type[E]) -> type[E]:
        if (known := _by_name.get(name)) is not None and known.view.__module__ != view.__module__:
            raise TypeError(f"{view.__module__} and {known.view.__module__} both declare {name}")
        fields = _fields_of(view)
        found = EntityType(
            name=name,
            view=view,
            fields=fields,
            times=tuple(field for field in fields if field.is_time),
            by_wire={field.wire: field for field in fields},
            sharing=sharing,
            person=person,
            is_internal=is_internal,
            migrations=migrations,
            words=words,
        )
        if person is not None and person not in view.__struct_fields__:
            raise TypeError(f"{name} names {person!r} as its person, but has no such field")
        _by_name[name] = _by_view[view] = found
        return view

    return declare


def type_of(view: type[Entity] | Entity) -> EntityType:
    """Return the declared type of a view class or instance."""
    return _by_view[view if isinstance(view, type) else type(view)]


def find_type(name: str) -> EntityType | None:
    """Return the declared type of this name, or None for a free one."""
    return _by_name.get(name)


def _fields_of(view: type[Entity]) -> tuple[Field, ...]:
    hints = get_type_hints(view, include_extras=True)
    return tuple(_field_of(name, hints[name]) for name in view.__struct_fields__ if name != "id")


def _field_of(name: str, hint: Any) -> Field:
    declared = Property()
    plain = hint
    decoder = msgspec.json.Decoder(hint)
    for _ in range(3):  # Annotated[X | None, ...] and Annotated[X, ...] | None
        if get_origin(plain) is Annotated:
            plain, *notes = get_args(plain)
            declared = next((note for note in notes if isinstance(note, Property)), declared)
        elif get_origin(plain) in (Union, UnionType):
            parts = [part for part in get_args(plain) if part is not type(None)]
            plain = parts[0]
    kind, member = "Property", "value"
    if isinstance(declared, Relationship):
        kind, member = "Relationship", "object"
    elif plain in (Point, LineString, Polygon):
        kind = "GeoProperty"
    elif plain is Text:
        kind, member = "LanguageProperty", "languageMap"
    return Field(
        name=name,
        wire=declared.name or _camel(name),
        kind=kind,
        member=member,
        unit=declared.unit,
        indexed=declared.indexed,
        is_time=plain is datetime,
        is_optional=_takes_null(decoder),
        decoder=decoder,
    )


def _takes_null(decoder: "msgspec.json.Decoder[Any]") -> bool:
    try:
        decoder.decode(b"null")
    except msgspec.ValidationError:
        return False
    return True


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)

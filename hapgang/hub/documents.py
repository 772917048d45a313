"""Entities as documents: what the NGSI-LD face and collection do at the hub.

The same state, unit and feed as typed saves. Ownership and privacy hold here too: a client may
write free types, add attributes that no view declares to owned ones, and write the shared entities
it created; personal data is shown to the person, or for a purpose the person agreed to.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from hapgang.core.entity import Attribute, Document, Sharing, find_type
from hapgang.core.errors import Invalid, NotFound, Refused
from hapgang.core.geometry import Point
from hapgang.core.ids import check_uri
from hapgang.core.vocabulary.people import Consent
from hapgang.hub.desk import Desk
from hapgang.hub.match import compile_match
from hapgang.hub.query import Query
from hapgang.hub.record import Record, record_of
from hapgang.hub.rights import CREATOR
from hapgang.hub.state import State

NULL = "urn:ngsi-ld:null"  # clause 4.5.0: the value that deletes an attribute
_MEMBERS = ("value", "object", "languageMap", "vocab", "json", "valueList", "objectList")
_KINDS = {
    "object": "Relationship",
    "languageMap": "LanguageProperty",
    "vocab": "VocabProperty",
    "json": "JsonProperty",
    "valueList": "ListProperty",
    "objectList": "ListRelationship",
}
_GEOMETRIES = {"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"}
_MOST_DEPTH = 64


class Documents:
    """Documents at the hub, for one caller inside one unit."""

    def __init__(
        self, desk: Desk, state: State, *, caller: str, at: datetime, seq: int, purpose: str = ""
    ) -> None:
        """Work on `state` through the platform's desk."""
        self._desk = desk
        self._state = state
        self._caller = caller
        self._at = at
        self._seq = seq
        self._purpose = purpose

    def create(self, document: Document) -> Record:
        """Store a new entity; `Conflict` when its id exists."""
        document = normalised(document)
        entity_id, type_name = document["id"], document["type"]
        self._desk.check_new(entity_id)
        declared = find_type(type_name)
        if declared is not None and (declared.sharing is Sharing.OWNED or declared.is_internal):
            raise Refused(
                f"{type_name} is written by its service only; use the service's own routes",
                f"{type_name}은(는) 담당 서비스만 만들 수 있습니다",
            )
        if declared is not None:
            document[CREATOR] = {"type": "Property", "value": self._caller}
        record = record_of(document, created=self._at, modified=self._at, seq=self._seq)
        if record.person is not None and record.person != self._caller:
            raise Refused("this is another person's data", "다른 사람의 개인정보입니다")
        self._desk.store(record, "created", record.attributes())
        return record

    def merge(self, entity_id: str, fragment: Document) -> Record:
        """Write some attributes of an entity; the NGSI-LD null deletes one."""
        old = self.get(entity_id)
        document = old.document()
        changes: dict[str, Attribute | None] = {}
        for name, raw in fragment.items():
            if name in ("id", "type", "@context"):
                continue
            attribute = None if _is_null(raw) else attribute_of(name, raw)
            self._check_merge(old, name)
            if attribute is None:
                document.pop(name, None)
            else:
                document[name] = attribute
            changes[name] = attribute
        if changes:
            record = record_of(document, created=old.created, modified=self._at, seq=self._seq)
            if record.person != old.person:
                raise Refused("data of one person cannot become another's", None)
            self._desk.store(record, "updated", changes)
            return record
        return old

    def delete(self, entity_id: str) -> None:
        """Remove an entity."""
        record = self.get(entity_id)
        if record.declared is not None and record.value(CREATOR) != self._caller:
            raise Refused(f"{record.type} is not yours to delete", "삭제할 권한이 없습니다")
        self._desk.remove(record)

    def get(self, entity_id: str) -> Record:
        """Return an entity that the caller may see; else `NotFound`."""
        record = self._state.get(entity_id)
        if record is None or not self._may_see(record):
            raise NotFound(f"there is no entity {entity_id}", f"{entity_id}이(가) 없습니다")
        self._log(record)
        return record

    def query(
        self,
        types: list[str],
        *,
        ids: list[str],
        query: Query | None,
        near: tuple[Point, float] | None,
        limit: int,
        offset: int,
    ) -> tuple[list[Record], int]:
        """Return a page of entities that the caller may see, and how many there are in all."""
        test = None if query is None else compile_match(query, self._find)
        page: list[Record] = []
        count = 0
        for record in self._candidates(types, ids, near):
            if (test is None or test(record)) and self._may_see(record):
                if offset <= count < offset + limit:
                    self._log(record)
                    page.append(record)
                count += 1
        return page, count

    def _find(self, entity_id: str) -> Record | None:
        """Return an entity that a relationship names, if the caller may see it."""
        record = self._state.get(entity_id)
        if record is None or not self._may_see(record):
            return None
        self._log(record)
        return record

    def _candidates(
        self, types: list[str], ids: list[str], near: tuple[Point, float] | None
    ) -> Iterator[Record]:
        if ids:
            for entity_id in ids:
                record = self._state.get(entity_id)
                if record is not None and (not types or record.type in types):
                    yield record
        elif near is not None:
            for type_name in types:
                for _, record in self._state.near(type_name, *near):
                    yield record
        else:
            for type_name in types or list(self._state.types()):
                yield from self._state.of_type(type_name)

    def _check_merge(self, record: Record, name: str) -> None:
        declared = record.declared
        if declared is None:
            return
        if declared.sharing is Sharing.SHARED and record.value(CREATOR) == self._caller:
            return
        if name in declared.by_wire or name == CREATOR:
            raise Refused(
                f"{record.type}.{name} is written by its service only",
                f"{record.type}.{name}은(는) 담당 서비스만 쓸 수 있습니다",
            )

    def _may_see(self, record: Record) -> bool:
        if record.declared is not None and record.declared.is_internal:
            return False
        person = record.person
        if person is None or person == self._caller:
            return True
        return bool(self._purpose) and self._has_consent(person)

    def _has_consent(self, person: str) -> bool:
        for record in self._state.with_value("Consent", "person", person) or ():
            consent = record.view
            if (
                isinstance(consent, Consent)
                and consent.purpose == self._purpose
                and not consent.revoked
                and (consent.until is None or consent.until > self._at)
            ):
                return True
        return False

    def _log(self, record: Record) -> None:
        if record.person is not None:
            self._desk.log_read(record.person, self._purpose or "NGSI-LD", "*")


def normalised(document: Document) -> Document:
    """Return a document in normalised form from a normalised or concise one; `Invalid` else."""
    for member in ("id", "type"):
        if not isinstance(document.get(member), str) or not document[member]:
            raise Invalid(f"an entity needs its {member}", f"엔티티에는 {member}이(가) 필요합니다")
    check_uri(document["id"])
    check_plain(document)
    return {
        name: raw if name in ("id", "type", "@context") else attribute_of(name, raw)
        for name, raw in document.items()
    }


def attribute_of(name: str, raw: Any) -> Attribute:
    """Return an attribute in normalised form."""
    if not isinstance(raw, dict):
        return {"type": "Property", "value": raw}
    if raw.get("type") in _GEOMETRIES and "coordinates" in raw:
        return {"type": "GeoProperty", "value": raw}
    member = next((m for m in _MEMBERS if m in raw), None)
    if member is None:
        raise Invalid(
            f"attribute {name} has none of {', '.join(_MEMBERS)}",
            f"속성 {name}에 값이 없습니다",
            attribute=name,
        )
    value = raw[member]
    if "type" in raw:
        return raw
    is_geometry = isinstance(value, dict) and value.get("type") in _GEOMETRIES
    return {"type": _KINDS.get(member, "GeoProperty" if is_geometry else "Property"), **raw}


def simplified(record: Record) -> Document:
    """Return a document of plain values (clause 4.5.4)."""
    out: Document = {"id": record.id, "type": record.type}
    for name, attribute in record.attributes().items():
        member = next(m for m in _MEMBERS if m in attribute)
        value = attribute[member]
        out[name] = {member: value} if member == "languageMap" else value
    return out


def check_plain(value: Any) -> None:
    """Raise `Invalid` for what jsonb cannot hold or nobody means: NUL, deep nesting."""
    stack = [(value, 0)]
    while stack:
        part, depth = stack.pop()
        if depth > _MOST_DEPTH:
            raise Invalid(f"nested deeper than {_MOST_DEPTH} levels", "너무 깊이 중첩되었습니다")
        if isinstance(part, str):
            if "\x00" in part:
                raise Invalid("a NUL character cannot be stored", "NUL 문자는 저장할 수 없습니다")
        elif isinstance(part, dict):
            stack.extend((key, depth + 1) for key in part)
            stack.extend((child, depth + 1) for child in part.values())
        elif isinstance(part, list):
            stack.extend((child, depth + 1) for child in part)


def _is_null(raw: Any) -> bool:
    if isinstance(raw, dict):
        return any(raw.get(member) == NULL for member in _MEMBERS)
    return bool(raw == NULL)


def wire_json(document: Document) -> bytes:
    """Return a document as JSON."""
    return msgspec.json.encode(document)

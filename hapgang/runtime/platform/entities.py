"""Entities for any client: what `/ngsi-ld/v1/entities` and collection call."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hapgang.core.entity import Document, EntityType, find_type
from hapgang.core.errors import CityError, Invalid
from hapgang.core.geometry import Point
from hapgang.core.ids import check_uri, new_urn
from hapgang.core.vocabulary.platform import QuarantinedRecord
from hapgang.hub.documents import Documents, check_plain
from hapgang.hub.record import Record
from hapgang.runtime.city import CityOf

_MOST_RECORDS = 10_000


class Page(msgspec.Struct):
    """A page of a query's answer."""

    records: list[Record]
    count: int


class Collected(msgspec.Struct, frozen=True):
    """What became of the records that came in."""

    accepted: int
    quarantined: list[str]


def create_entity(city: CityOf, *, document: Document) -> str:
    """Create an entity; return its id."""
    return _documents(city).create(document).id


def get_entity(city: CityOf, *, entity: str, purpose: str = "") -> Any:
    """Return an entity's record."""
    return _documents(city, purpose).get(entity)


def query_entities(
    city: CityOf,
    *,
    types: list[str],
    ids: list[str],
    test: Any = None,
    near: tuple[Point, float] | None = None,
    limit: Annotated[int, Meta(ge=0, le=1000)] = 20,
    offset: Annotated[int, Meta(ge=0)] = 0,
    purpose: str = "",
) -> Any:
    """Return a page of records."""
    if not types and not ids:
        raise Invalid("name a type or ids", "type이나 id를 지정하세요")
    found, count = _documents(city, purpose).query(
        types, ids=ids, test=test, near=near, limit=limit, offset=offset
    )
    return Page(found, count)


def merge_entity(city: CityOf, *, entity: str, fragment: Document) -> None:
    """Write some attributes of an entity."""
    check_plain(fragment)
    _documents(city).merge(entity, fragment)


def delete_entity(city: CityOf, *, entity: str) -> None:
    """Remove an entity."""
    _documents(city).delete(entity)


def collect_records(
    city: CityOf,
    *,
    origin: Annotated[str, Meta(min_length=1, max_length=200)],
    records: Annotated[list[Any], Meta(max_length=_MOST_RECORDS)],
) -> Collected:
    """Take in records from a feed; what does not fit goes to quarantine with the reason."""
    accepted, kept = 0, []
    for record in records:
        try:
            _take_in(city, record)
            accepted += 1
        except CityError as error:
            kept.append(_quarantine(city, origin, record, error.message.en))
    return Collected(accepted, kept)


def replay_quarantined(city: CityOf, *, record: str) -> None:
    """Take in a quarantined record again, after its cause was mended."""
    found = city.hub.get(QuarantinedRecord, record)
    _take_in(city, found.body)
    city.hub.delete(QuarantinedRecord, record)


def drop_quarantined(city: CityOf, *, record: str) -> None:
    """Throw a quarantined record away; its history stays."""
    city.hub.delete(QuarantinedRecord, record)


def list_quarantined(
    city: CityOf, *, limit: Annotated[int, Meta(ge=1, le=1000)] = 100
) -> list[QuarantinedRecord]:
    """Return what is in quarantine, oldest first."""
    return city.hub.find(QuarantinedRecord, limit=limit)


def _take_in(city: CityOf, record: Any) -> None:
    if not isinstance(record, dict):
        raise Invalid("a record is a JSON object", "레코드는 JSON 객체여야 합니다")
    documents = _documents(city)
    entity_id = record.get("id")
    if isinstance(entity_id, str) and city.runtime.state.get(entity_id) is not None:
        check_plain(record)
        documents.merge(entity_id, record)
    else:
        documents.create(record)


def _quarantine(city: CityOf, origin: str, record: Any, reason: str) -> str:
    declared = find_type(str(record.get("type"))) if isinstance(record, dict) else None
    is_personal = declared is not None and declared.person is not None
    person = _person_in(record, declared) if declared is not None and is_personal else None
    kept = QuarantinedRecord(
        id=new_urn("QuarantinedRecord", city.rng),
        origin=origin,
        reason=reason if person or not is_personal else "nobody's personal data",
        body=_storable(record) if person or not is_personal else None,
        at=city.now,
        person=person,
    )
    city.hub.save(kept)
    return kept.id


def _person_in(record: Document, declared: EntityType) -> str | None:
    """Return whose personal data a record claims to be; it is kept sealed under that key."""
    named = record.get("id")
    if declared.person != "id":
        wire = next(field.wire for field in declared.fields if field.name == declared.person)
        named = record.get(wire)
    if isinstance(named, dict):
        named = named.get("object", named.get("value"))
    try:
        return check_uri(str(named))
    except Invalid:
        return None


def _storable(record: Any) -> Any:
    """Return the record as it came, or as escaped text where the database could not hold it."""
    try:
        check_plain(record)
    except Invalid:
        try:
            return ascii(record)[:10_000].replace("\x00", "\\x00")
        except RecursionError:
            return "nested too deep to be kept"
    return record


def _documents(city: CityOf, purpose: str = "") -> Documents:
    return Documents(
        city.hub,
        city.runtime.state,
        caller=city.caller.id,
        at=city.now,
        seq=city.unit.seq,
        purpose=purpose,
    )

"""Records that come in by feeds: taken in as entities, or kept in quarantine with the reason."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hapgang.contract import Caller, Role
from hapgang.core.entity import EntityType, find_type
from hapgang.core.errors import CityError, Invalid, Refused
from hapgang.core.ids import check_uri, new_urn
from hapgang.core.vocabulary.platform import QuarantinedRecord
from hapgang.hub.ngsild.fragment import check_plain
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.collection.replay import replay_row
from hapgang.runtime.platform.collection.rows import feed_of
from hapgang.runtime.platform.ngsild.door import documents_of

_MOST_RECORDS = 10_000


class Collected(msgspec.Struct, frozen=True):
    """What became of the records that came in."""

    accepted: int
    quarantined: list[str]


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
            _take_in(city, city.caller, record)
            accepted += 1
        except CityError as error:
            kept.append(_quarantine(city, origin, record, error.message.en))
    return Collected(accepted, kept)


def replay_quarantined(city: CityOf, *, record: str, body: Any = None) -> Collected:
    """Take in a quarantined record again for whoever sent it, corrected where a body is given.

    What still does not fit stays as it came, with the new reason.
    """
    kept = city.hub.get(QuarantinedRecord, record)
    sender = Caller(kept.caller, Role(kept.role))
    try:
        if body is not None:
            _check_correction(kept, body)
        city.runtime.spec(collect_records).check_caller(sender)
        said = kept.body if body is None else body
        if (feed := feed_of(kept.origin)) is None:
            _take_in(city, sender, said)
        else:
            replay_row(city, feed, sender, said)
    except CityError as error:
        city.hub.save(msgspec.structs.replace(kept, reason=error.message.en))
        return Collected(0, [record])
    city.hub.delete(QuarantinedRecord, record)
    return Collected(1, [])


def drop_quarantined(city: CityOf, *, record: str) -> None:
    """Throw a quarantined record away; its history stays."""
    city.hub.delete(QuarantinedRecord, record)


def list_quarantined(
    city: CityOf, *, limit: Annotated[int, Meta(ge=1, le=1000)] = 100
) -> list[QuarantinedRecord]:
    """Return what is in quarantine, oldest first."""
    return city.hub.find(QuarantinedRecord, limit=limit)


def _take_in(city: CityOf, sender: Caller, record: Any) -> None:
    if not isinstance(record, dict):
        raise Invalid("a record is a JSON object", "레코드는 JSON 객체여야 합니다")
    documents = documents_of(city, caller=sender)
    entity_id = record.get("id")
    if isinstance(entity_id, str) and city.runtime.state.get(entity_id) is not None:
        check_plain(record)
        documents.merge(entity_id, record)
    else:
        documents.create(record)


def _check_correction(kept: QuarantinedRecord, body: Any) -> None:
    """Raise `Refused` where a correction would say something else of a person, or of another."""
    touches_person = kept.person is not None or _is_personal(body)
    is_same = _declared(body) is _declared(kept.body) and _person_in(body) == kept.person
    if touches_person and not is_same:
        raise Refused(
            "a correction stays personal data of the same type, about the same person",
            "개인정보는 같은 사람, 같은 형식의 기록으로만 고칠 수 있습니다",
        )


def _quarantine(city: CityOf, origin: str, record: Any, reason: str) -> str:
    person = _person_in(record)
    is_nobodys = person is None and _is_personal(record)
    kept = QuarantinedRecord(
        id=new_urn("QuarantinedRecord", city.rng),
        origin=origin,
        caller=city.caller.id,
        role=city.caller.role.value,
        reason="nobody's personal data" if is_nobodys else reason,
        body=None if is_nobodys else _storable(record),
        at=city.now,
        person=person,
    )
    city.hub.save(kept)
    return kept.id


def _is_personal(record: Any) -> bool:
    declared = _declared(record)
    return declared is not None and declared.person is not None


def _declared(record: Any) -> EntityType | None:
    return find_type(str(record.get("type"))) if isinstance(record, dict) else None


def _person_in(record: Any) -> str | None:
    """Return whose personal data a record claims to be; it is kept sealed under that key."""
    declared = _declared(record)
    if declared is None or declared.person is None:
        return None
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

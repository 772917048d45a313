"""Subscriptions to registrations of context sources (clauses 5.11.2 and 5.11.7)."""

from collections.abc import Iterable, Mapping
from typing import Any

from hapgang.core.errors import CityError
from hapgang.hub.jsonld import Context
from hapgang.hub.ngsild.instants import written
from hapgang.hub.qlang import parse
from hapgang.hub.record import Record
from hapgang.hub.registrations.discovery import Discovery, found, read_time_query
from hapgang.hub.registrations.matching import Wanted, has_entity, parts_for
from hapgang.hub.registrations.model import RegistrationInfo, read_registration
from hapgang.hub.registrations.names import renamed
from hapgang.hub.search import Selection
from hapgang.hub.subscriptions.words import Subscription

_MEMBER = "registration"  # of the entity that a registration is kept as


def discoveries_of(
    words: Subscription, selections: Iterable[Selection], names: Mapping[str, str]
) -> tuple[Discovery, ...]:
    """Return which registrations a subscription is about: any of these."""
    said = words.temporalQ or {}
    time = read_time_query(
        *(str(said.get(one, "")) for one in ("timerel", "timeAt", "endTimeAt", "timeproperty"))
    )
    queries = (parse(words.csf, lambda word: names.get(word, word)),) if words.csf else ()
    attributes = frozenset(words.watchedAttributes or ())
    return tuple(
        Discovery(
            Wanted(one.types, one.ids, one.id_pattern, attributes),
            queries,
            one.geo,
            one.scope,
            time,
        )
        for one in selections
    )


def body_of(record: Record) -> dict[str, Any]:
    """Return the registration that an entity keeps."""
    kept = record.attribute(_MEMBER)
    body: dict[str, Any] = {} if kept is None or isinstance(kept, list) else kept["value"]
    return body


def is_about(discoveries: Iterable[Discovery], body: dict[str, Any]) -> bool:
    """Whether a registration is among those that are watched."""
    try:
        registration = read_registration(body)
    except CityError:  # what was kept by an older city
        return False
    return any(found(registration, body, one) for one in discoveries)


def relevant(discoveries: Iterable[Discovery], body: dict[str, Any]) -> dict[str, Any]:
    """Return a registration with what of it matters to a subscription; all where nothing does."""
    registration = read_registration(body)
    information = []
    for raw, info in zip(body["information"], registration.information, strict=True):
        wanted = [one.wanted for one in discoveries if info in parts_for(registration, one.wanted)]
        if wanted:
            information.append(_part(raw, info, wanted))
    return {**body, "information": information or body["information"]}


def _part(raw: dict[str, Any], info: RegistrationInfo, wanted: list[Wanted]) -> dict[str, Any]:
    if not info.entities:
        return raw
    pairs = zip(raw["entities"], info.entities, strict=True)
    kept = [said for said, entity in pairs if any(has_entity(entity, one) for one in wanted)]
    return {**raw, "entities": kept}


def sources_data(
    discoveries: tuple[Discovery, ...], records: list[Record], context: Context, *, has_times: bool
) -> list[dict[str, Any]]:
    """Return the `data` of a notification of registrations (clause 5.3.2)."""
    out = []
    for record in records:
        document = renamed(relevant(discoveries, body_of(record)), context.outward)
        if has_times:
            document["createdAt"] = written(record.created)
            document["modifiedAt"] = written(record.modified)
        out.append(document)
    return out

"""Entities in time (clauses 5.6.11 to 5.6.16, 5.7.3 and 5.7.4).

The feed is the history. What clients say of the past is one more line of it, of the kind
`history` (`hub/temporal/overlay.py`); what is true now stays as it is. Only an entity that nobody
knew yet comes to be by its history: its newest instances are its present. It goes with its
history, too.
"""

from collections.abc import Sequence
from typing import Any

from hapgang.core.entity import Attribute, Document
from hapgang.core.errors import Refused
from hapgang.hub.ngsild.changes import joined
from hapgang.hub.search import Selection
from hapgang.hub.temporal.candidates import ids_of
from hapgang.hub.temporal.evolved import Evolved, Past
from hapgang.hub.temporal.instance import SCOPE
from hapgang.hub.temporal.overlay import HISTORY, dropping
from hapgang.hub.temporal.when import instant
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.ngsild.door import documents_of
from hapgang.writer.unit import Item

MOST_CANDIDATES = 100_000


def record_evolution(city: CityOf, *, evolved: Any) -> bool:
    """Add instances to an entity's past; return whether it was not known before."""
    told: Evolved = evolved
    record = documents_of(city).find(told.id)
    if record is not None:
        add_instances(
            city, entity=told.id, type=record.type, attributes=told.attributes,
            types=[name for name in told.types if name not in record.types],
        )  # fmt: skip
        return False
    newest = {name: _newest(found) for name, found in told.attributes.items() if found}
    document: Document = {"id": told.id, "type": list(told.types), **newest}
    if told.scope:
        document[SCOPE] = list(told.scope)
    made = documents_of(city).create(document)
    older = _without(told.attributes, newest)
    if older:
        documents_of(city).check_past(made.id, made.type, older)
        # Before the line of what is newest: what comes later in the feed replaces what it repeats.
        line = Item(HISTORY, made.type, made.id, made.person, {"added": _listed(older)})
        city.unit.items.insert(len(city.unit.items) - 1, line)
    return True


def add_instances(
    city: CityOf, *, entity: str, type: str, attributes: Past, types: Sequence[str] = ()  # noqa: A002
) -> None:  # fmt: skip
    """Add instances to the past of an entity, of the type that it has or had; and types."""
    body: Document = {"added": _listed(attributes)}
    if types:
        body["types"] = list(types)
    _write(city, entity, type, attributes, body)


def delete_evolution(city: CityOf, *, entity: str, type: str, is_whole: bool) -> None:  # noqa: A002
    """Forget an entity's past; with `is_whole` its present, too."""
    documents = documents_of(city)
    record = documents.find(entity)
    person = documents.check_past(entity, type, ())
    if record is not None:
        if not documents.may_delete(record):
            raise Refused(f"{record.type} is not yours to delete", "삭제할 권한이 없습니다")
        if is_whole:
            documents.delete(entity)
    city.unit.items.append(Item(HISTORY, type, entity, person, {"erased": True}))


def delete_past_attribute(
    city: CityOf, *, entity: str, type: str, name: str, dataset: str | None, every: bool  # noqa: A002
) -> None:  # fmt: skip
    """Take out all instances of an attribute so far, of one dataset or of every."""
    _write(city, entity, type, [name], dict(dropping(name, dataset, every=every)))


def modify_instance(
    city: CityOf, *, entity: str, type: str, name: str, instance: str, attribute: Attribute  # noqa: A002
) -> None:  # fmt: skip
    """Correct one instance of an attribute."""
    _write(city, entity, type, [name], {"changed": {instance: attribute}})


def delete_instance(city: CityOf, *, entity: str, type: str, name: str, instance: str) -> None:  # noqa: A002
    """Take out one instance of an attribute."""
    _write(city, entity, type, [name], {"removed": [instance]})


def get_evolution(
    city: CityOf, *, people: list[str], purpose: str = "", notes: bool = True
) -> bool:
    """Return whether the caller may see the past of these people; with `notes` it is seen."""
    documents = documents_of(city, purpose=purpose)
    if not all(documents.may_see_of(person) for person in people):
        return False
    if notes:
        for person in people:
            documents.log_of(person)
    return True


def query_evolutions(
    city: CityOf, *, selections: Any, orders: Any = (), purpose: str = ""
) -> list[str]:
    """Return the entities that may be what is asked for, by what does not change with time."""
    wanted: tuple[Selection, ...] = selections
    documents = documents_of(city, purpose=purpose)
    return ids_of(documents, city.runtime.state, wanted, orders=orders, most=MOST_CANDIDATES)


def _write(city: CityOf, entity: str, type_name: str, names: Any, body: Document) -> None:
    person = documents_of(city).check_past(entity, type_name, names)
    city.unit.items.append(Item(HISTORY, type_name, entity, person, body))


def _listed(attributes: Past) -> Document:
    return {name: found if len(found) > 1 else found[0] for name, found in attributes.items()}


def _newest(found: list[Attribute]) -> Any:
    """Return the newest instance of each dataset; the last one of those observed at once."""
    by_dataset: dict[str | None, Attribute] = {}
    for one in found:
        dataset = one.get("datasetId")
        before = by_dataset.get(dataset)
        if before is None or _observed(one) >= _observed(before):
            by_dataset[dataset] = one
    return joined(list(by_dataset.values()))


def _observed(one: Attribute) -> float:
    at = instant(one["observedAt"]) if "observedAt" in one else None
    return float("-inf") if at is None else at.timestamp()


def _without(attributes: Past, newest: Document) -> Past:
    kept: Past = {}
    for name, found in attributes.items():
        now = newest[name] if isinstance(newest[name], list) else [newest[name]]
        rest = [one for one in found if not any(one is new for new in now)]
        if rest:
            kept[name] = rest
    return kept

"""Several entities at once, each for itself (clauses 5.6.7 to 5.6.10 and 5.6.20).

What does not fit is told beside what was done: an entity that is refused leaves nothing behind.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from hapgang.core.entity import Document
from hapgang.core.errors import CityError, Invalid
from hapgang.hub.ngsild.changes import Outcome, merge
from hapgang.hub.ngsild.errors import details_of
from hapgang.hub.ngsild.fragment import fragment_in
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.ngsild.attributes import appended
from hapgang.runtime.platform.ngsild.door import documents_of


class Failed(msgspec.Struct, frozen=True):
    """An entity that was refused, and why, as ProblemDetails."""

    entity: str
    error: dict[str, Any]


class Batch(msgspec.Struct):
    """What became of a batch."""

    created: list[str] = []
    changed: list[str] = []
    failed: list[Failed] = []


Do = Callable[[Batch, Document], None]


def create_entities(city: CityOf, *, documents: list[Document]) -> Batch:
    """Create entities."""
    at = documents_of(city)

    def do(batch: Batch, document: Document) -> None:
        batch.created.append(at.create(document).id)

    return _each(documents, do)


def upsert_entities(city: CityOf, *, documents: list[Document], updates: bool = False) -> Batch:
    """Create entities, or replace those that are there; with `updates` only their attributes."""
    at = documents_of(city)

    def do(batch: Batch, document: Document) -> None:
        entity = str(document.get("id", ""))
        old = at.find(entity) if entity else None
        if old is None:
            batch.created.append(at.create(document).id)
            return
        if updates:
            appended(at, entity, fragment_in(document, nulls=False), overwrites=True)
        else:
            at.replace(old, document)
        batch.changed.append(entity)

    return _each(documents, do)


def update_entities(city: CityOf, *, documents: list[Document], overwrites: bool = True) -> Batch:
    """Add attributes to entities; what they have is replaced, or stays."""
    at = documents_of(city)

    def do(batch: Batch, document: Document) -> None:
        fragment = fragment_in(document)
        outcome = appended(at, _id_of(document), fragment, overwrites=overwrites)
        if outcome.refused:
            names = ", ".join(outcome.refused)
            raise Invalid(f"not overwritten: {names}", f"덮어쓰지 않은 속성: {names}")
        batch.changed.append(fragment.id)

    return _each(documents, do)


def merge_entities(city: CityOf, *, documents: list[Document]) -> Batch:
    """Merge attributes into entities."""
    at = documents_of(city)

    def do(batch: Batch, document: Document) -> None:
        fragment = fragment_in(document)
        at.change(_id_of(document), fragment, lambda old, new: Outcome(merge(old, new), {}))
        batch.changed.append(fragment.id)

    return _each(documents, do)


def delete_entities(city: CityOf, *, entities: list[str]) -> Batch:
    """Delete entities."""
    at = documents_of(city)

    def do(batch: Batch, document: Document) -> None:
        at.delete(document["id"])
        batch.changed.append(document["id"])

    return _each([{"id": entity} for entity in entities], do)


def failed(entity: str, error: CityError) -> Failed:
    """Return an entity's refusal."""
    return Failed(entity, dict(details_of(error)))


def _id_of(document: Document) -> str:
    entity = document.get("id")
    if not isinstance(entity, str):
        raise Invalid("an entity of a batch needs its id", "엔티티마다 id가 필요합니다")
    return entity


def _each(documents: list[Document], do: Do) -> Batch:
    batch = Batch()
    for document in documents:
        try:
            do(batch, document)
        except CityError as error:
            batch.failed.append(failed(str(document.get("id", "")), error))
    return batch

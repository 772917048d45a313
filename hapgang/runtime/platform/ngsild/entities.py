"""Whole entities (clauses 5.6.1, 5.6.6, 5.6.17, 5.6.18, 5.6.21, 5.7.1 and 5.7.2)."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hapgang.core.entity import Document
from hapgang.core.errors import Invalid
from hapgang.hub.documents import Change
from hapgang.hub.ngsild.changes import Attributes, Outcome, merge
from hapgang.hub.ngsild.fragment import Fragment
from hapgang.hub.ngsild.join import linked
from hapgang.hub.ngsild.simplified import adapted
from hapgang.hub.record import Record
from hapgang.hub.rights import CREATOR
from hapgang.hub.search import Page, Selection, search
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.ngsild.door import documents_of

MOST_PURGED = 10_000  # entities of one purge: the writer does nothing else meanwhile


def create_entity(city: CityOf, *, document: Document) -> str:
    """Create an entity; return its id."""
    return documents_of(city).create(document).id


class Found(msgspec.Struct):
    """Entities that were asked for, how many there are in all, and the entities they lead to."""

    records: list[Record]
    count: int
    linked: dict[str, Record] = {}
    warnings: list[str] = []  # of other sources that should have answered
    origins: dict[str, list[str]] = {}  # entities that sources know -> their registrations


def get_entity(
    city: CityOf, *, entity: str, shape: Any = None, join: Any = None, purpose: str = ""
) -> Any:
    """Return an entity's record, with those that it is linked with where a join is asked for."""
    documents = documents_of(city, purpose=purpose)
    found = Found([documents.get(entity)], 1)
    if join is not None:
        found.linked = linked(found.records, shape, join, documents.find)
    return found


def query_entities(
    city: CityOf,
    *,
    selections: Any,
    orders: Any = (),
    limit: Annotated[int, Meta(ge=0, le=1000)] = 20,
    offset: Annotated[int, Meta(ge=0)] = 0,
    counts: bool = False,
    shape: Any = None,
    join: Any = None,
    purpose: str = "",
) -> Any:
    """Return a page of records."""
    documents = documents_of(city, purpose=purpose)
    wanted: tuple[Selection, ...] = selections
    page = search(
        documents, city.runtime.state, wanted,
        orders=orders, limit=limit, offset=offset, counts=counts,
    )  # fmt: skip
    found = Found(page.records, page.count)
    if join is not None:
        found.linked = linked(found.records, shape, join, documents.find)
    return found


def merge_entity(
    city: CityOf, *, entity: str, fragment: Any, is_simplified: bool = False, lang: str = ""
) -> None:
    """Merge some attributes into an entity; plain values become what it has of that name.

    lang: the language of plain texts.
    """
    parsed: Fragment = fragment

    def change(old: Attributes, new: Attributes) -> Outcome:
        fresh = adapted(old, new, lang=lang) if is_simplified else new
        return Outcome(merge(old, fresh), {})

    documents_of(city).change(entity, parsed, change)


def replace_entity(city: CityOf, *, entity: str, document: Document) -> None:
    """Put an entity in the place of another with the same id."""
    documents = documents_of(city)
    documents.replace(documents.get(entity), document)


def delete_entity(city: CityOf, *, entity: str) -> None:
    """Remove an entity."""
    documents_of(city).delete(entity)


def remove_expired(city: CityOf) -> int:
    """Remove the entities whose `expiresAt` has passed; return how many."""
    over = city.runtime.state.expired(city.now)[:MOST_PURGED]
    for record in over:
        city.hub.remove(record)
    return len(over)


def purge_entities(
    city: CityOf,
    *,
    selections: Any,
    keep: Any = None,
    drop: Any = None,
    purpose: str = "",
) -> int:
    """Remove the entities of a query, or only some attributes of them; return how many.

    keep: names of attributes that stay; the others go. drop: names of attributes that go.
    """
    documents = documents_of(city, purpose=purpose)
    page: Page = search(documents, city.runtime.state, selections, limit=MOST_PURGED + 1, offset=0)
    if len(page.records) > MOST_PURGED:
        raise Invalid(
            f"more than {MOST_PURGED:,} entities would go at once; ask for fewer",
            f"한 번에 {MOST_PURGED:,}개까지 지울 수 있습니다. 조건을 좁혀 주세요",
        )
    for record in page.records:
        if keep is None and drop is None:
            documents.delete(record.id)
            continue
        names = [name for name in record.attributes() if name != CREATOR]
        gone = [n for n in names if (n in drop if drop is not None else n not in keep)]
        if gone:
            documents.change(record.id, Fragment({}), _dropping(gone))
    return len(page.records)


def _dropping(names: list[str]) -> Change:
    return lambda _, __: Outcome(dict.fromkeys(names), {})

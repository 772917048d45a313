"""Linked entities beside, or inside, the entities whose relationships name them (clause 4.5.23)."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

import msgspec

from hapgang.core.entity import Attribute, Document
from hapgang.hub.ngsild.changes import listed
from hapgang.hub.ngsild.represent import Members, Shape, represent
from hapgang.hub.record import Record

MOST_LEVELS = 10
_MOST_LINKED = 10_000  # entities of one answer
_KINDS = ("Relationship", "ListRelationship")
Find = Callable[[str], Record | None]


class Join(msgspec.Struct, frozen=True):
    """Whether linked entities stand inside or beside, and how many relationships are followed."""

    kind: Literal["inline", "flat"]
    levels: int = 1
    contained_by: frozenset[str] = frozenset()  # entities that are known already


def linked(records: list[Record], shape: Shape, join: Join, find: Find) -> dict[str, Record]:
    """Return the entities that are reached from some, by id."""
    found: dict[str, Record] = {}
    border = [(record, shape) for record in records]
    for _ in range(join.levels):
        ahead: list[tuple[Record, Shape]] = []
        for record, own in border:
            for name, uris in _relations(record, own):
                for uri in uris:
                    there = found.get(uri) or _reached(uri, join, find, len(found))
                    if there is not None:
                        found[uri] = there
                        ahead.append((there, _inside(own, name)))
        border = ahead
    return found


def joined_documents(
    records: list[Record], shape: Shape, join: Join, known: dict[str, Record]
) -> list[Document]:
    """Return entities in a form with those that they are linked with."""
    if join.kind == "inline":
        return [_inline(record, shape, join.levels, known, ()) for record in records]
    out: dict[str, Document] = {record.id: represent(record, shape) for record in records}
    border = [(record, shape) for record in records]
    for _ in range(join.levels):
        ahead = []
        for record, own in border:
            for name, uris in _relations(record, own):
                for uri in uris:
                    if uri in known and uri not in out:
                        inside = _inside(own, name)
                        out[uri] = represent(known[uri], inside)
                        ahead.append((known[uri], inside))
        border = ahead
    return list(out.values())


def _reached(uri: str, join: Join, find: Find, count: int) -> Record | None:
    if uri in join.contained_by or count >= _MOST_LINKED:
        return None
    return find(uri)


def _inline(
    record: Record, shape: Shape, levels: int, known: dict[str, Record], above: tuple[str, ...]
) -> Document:
    document = represent(record, shape)
    if levels == 0:
        return document
    above = (*above, record.id)
    for name, uris in _relations(record, shape):
        there = {
            uri: _inline(known[uri], _inside(shape, name), levels - 1, known, above)
            for uri in uris
            if uri in known and uri not in above
        }
        if there and name in document:
            document[name] = _with_entities(document[name], there)
    return document


def _with_entities(value: Any, there: dict[str, Document]) -> Any:
    """Return a relationship, in whichever form, with the entities that it names."""
    if isinstance(value, str):  # simplified
        return there.get(value, value)
    if isinstance(value, list):
        return [_with_entities(one, there) for one in value]
    if isinstance(value, dict) and "dataset" in value:
        parts = value["dataset"].items()
        return {"dataset": {key: _with_entities(part, there) for key, part in parts}}
    if isinstance(value, dict):
        uris = _uris(value)
        found = [there[uri] for uri in uris if uri in there]
        if not found:
            return value
        is_one = isinstance(value.get("object"), str)
        return {**value, "entity": found[0]} if is_one else {**value, "entityList": found}
    return value


def _relations(record: Record, shape: Shape) -> Iterator[tuple[str, list[str]]]:
    """Yield the relationships that are shown, with the ids that they name."""
    for name, instances in record.attributes().items():
        if not _is_shown(name, shape):
            continue
        uris = [uri for one in listed(instances) if one.get("type") in _KINDS for uri in _uris(one)]
        if uris:
            yield name, uris


def _is_shown(name: str, shape: Shape) -> bool:
    if shape.attrs and name not in shape.attrs:
        return False
    if shape.pick is not None and name not in shape.pick.names:
        return False
    return shape.omit is None or shape.omit.names.get(name, shape.omit) is not None


def _uris(attribute: Attribute) -> list[str]:
    found = attribute.get("object", attribute.get("objectList", []))
    several = found if isinstance(found, list) else [found]
    return [str(one.get("object") if isinstance(one, dict) else one) for one in several]


def _inside(shape: Shape, name: str) -> Shape:
    """Return the form of what a relationship leads to."""
    pick: Members | None = shape.pick.names.get(name) if shape.pick is not None else None
    omit: Members | None = shape.omit.names.get(name) if shape.omit is not None else None
    return msgspec.structs.replace(shape, pick=pick, omit=omit, attrs=frozenset())

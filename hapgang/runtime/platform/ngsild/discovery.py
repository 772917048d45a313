"""Which types and attributes there are (clauses 5.7.5 to 5.7.10)."""

from typing import Any

import msgspec

from hapgang.core.entity import find_type
from hapgang.core.errors import NotFound
from hapgang.hub.ngsild.changes import listed
from hapgang.hub.record import Record
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.ngsild.door import documents_of

_MOST_LOOKED_AT = 2_000  # entities of one type: attributes of free types are found by looking


class KnownAttribute(msgspec.Struct):
    """An attribute that entities have."""

    name: str
    kinds: list[str]
    types: list[str]
    count: int


class KnownType(msgspec.Struct):
    """A type that there are entities of."""

    name: str
    count: int
    attributes: list[KnownAttribute]


def list_types(city: CityOf, *, details: bool = False) -> list[KnownType]:
    """Return the types that there are entities of."""
    return [
        KnownType(name, count, _attributes_of(city, [name]) if details else [])
        for name, count in _visible(city).items()
    ]


def get_type(city: CityOf, *, type: str) -> KnownType:  # noqa: A002 (the standard's word)
    """Return a type, with the attributes that its entities have."""
    count = _visible(city).get(type)
    if not count:
        raise NotFound(f"there are no entities of type {type}", f"{type} 형식이 없습니다")
    return KnownType(type, count, _attributes_of(city, [type]))


def list_attributes(city: CityOf) -> list[KnownAttribute]:
    """Return the attributes that entities have."""
    return _attributes_of(city, list(_visible(city)))


def get_attribute(city: CityOf, *, attribute: str) -> KnownAttribute:
    """Return an attribute, with the types whose entities have it."""
    for known in list_attributes(city):
        if known.name == attribute:
            return known
    raise NotFound(f"no entity has an attribute {attribute}", f"{attribute} 속성이 없습니다")


def _visible(city: CityOf) -> dict[str, int]:
    return {
        name: count
        for name, count in city.runtime.state.types().items()
        if (declared := find_type(name)) is None or not declared.is_internal
    }


def _attributes_of(city: CityOf, types: list[str]) -> list[KnownAttribute]:
    """Return the attributes of some types' entities, by name."""
    documents = documents_of(city)
    found: dict[str, tuple[dict[str, None], dict[str, None], set[str]]] = {}
    for name in types:
        for number, record in enumerate(city.runtime.state.of_type(name)):
            if number >= _MOST_LOOKED_AT:
                break
            if documents.may_see(record):
                _look(record, name, found)
    return [
        KnownAttribute(name, list(kinds), sorted(of), len(entities))
        for name, (kinds, of, entities) in sorted(found.items())
    ]


def _look(record: Record, type_name: str, found: dict[str, Any]) -> None:
    for name, instances in record.attributes().items():
        kinds, types, entities = found.setdefault(name, ({}, {}, set()))
        types[type_name] = None
        entities.add(record.id)
        for one in listed(instances):
            kinds[one["type"]] = None

"""Entities as clients ask for them: normalised, concise, simplified, or as GeoJSON features.

Clauses 4.5.2 to 4.5.5 and 4.5.16 (forms), 4.5.18 and 5.2.x (one language), 4.21 and 4.22 (which
members). What is stored is never changed: what differs is a new object. Names are still the hub's.
"""

from typing import Any, Literal

import msgspec

from hapgang.core.entity import Attribute, Document
from hapgang.hub.jsonld.members import VALUES
from hapgang.hub.ngsild.changes import joined, listed
from hapgang.hub.ngsild.instants import written
from hapgang.hub.ngsild.kinds import MEMBER_OF, Instances, is_kind
from hapgang.hub.record import Record

Style = Literal["normalized", "concise", "simplified"]
_TIMES = ("createdAt", "modifiedAt")
_SYSTEM = frozenset([*_TIMES, "deletedAt"])
_BARE = ("Property", "GeoProperty", "Relationship", "ListProperty", "ListRelationship")
_NONE = "@none"  # the instance without a datasetId, where one is named


class Members(msgspec.Struct, frozen=True):
    """Which members of an entity are asked for; each may name members of its own (4.21)."""

    names: dict[str, "Members | None"]


class Shape(msgspec.Struct, frozen=True):
    """How an entity is written."""

    style: Style = "normalized"
    has_times: bool = False  # sysAttrs
    attrs: frozenset[str] = frozenset()  # only these attributes; all where empty
    pick: Members | None = None  # only these members
    omit: Members | None = None  # none of these members
    datasets: frozenset[str] = frozenset()  # only these instances
    languages: tuple[str, ...] = ()  # what one reads, best first
    is_geojson: bool = False
    geometry: str = "location"  # which attribute is a feature's geometry


def represent(record: Record, shape: Shape) -> Document:
    """Return an entity in a form, with the hub's names."""
    out: Document = {"id": record.id, "type": record.type_member}
    _own_members(record, shape, out)
    attributes = record.attributes()
    for name, instances in attributes.items():
        if shape.attrs and name not in shape.attrs:
            continue
        found = _instances(record, name, instances, shape)
        if found is not None:
            out[name] = found
    return chosen(out, shape)


def has_asked(record: Record, shape: Shape) -> bool:
    """Whether an entity has any of the attributes that were asked for."""
    if not shape.attrs:
        return True
    known = record.attributes()
    return any(name in known for name in shape.attrs)


def feature(record: Record, shape: Shape, document: Document) -> Document:
    """Return a GeoJSON feature (clause 4.5.16) of an entity that was represented."""
    rest = {name: value for name, value in document.items() if name != "id"}
    return {
        "id": record.id,
        "type": "Feature",
        "geometry": geometry_of(record, shape.geometry, shape.datasets),
        "properties": rest,
    }


def geometry_of(record: Record, name: str, datasets: frozenset[str] = frozenset()) -> Any:
    """Return the GeoJSON geometry of an attribute, or None where it is none."""
    found = [
        one for one in listed(record.attributes().get(name))
        if one.get("type") == "GeoProperty"
        and (not datasets or one.get("datasetId", _NONE) in datasets)
    ]  # fmt: skip
    plain = [one for one in found if "datasetId" not in one]
    return (plain or found or [{"value": None}])[0]["value"]


def chosen(document: Document, shape: Shape) -> Document:
    """Return the members that are asked for; members of linked entities are `join`'s to choose."""
    if shape.pick is not None:
        wanted = shape.pick.names
        document = {name: value for name, value in document.items() if name in wanted}
    if shape.omit is not None:
        # a member with members of its own is not omitted: some of those are
        gone = {name for name, inside in shape.omit.names.items() if inside is None}
        document = {name: value for name, value in document.items() if name not in gone}
    return document


def _own_members(record: Record, shape: Shape, out: Document) -> None:
    if record.scope:
        out["scope"] = record.scope[0] if len(record.scope) == 1 else list(record.scope)
    if record.expires is not None:
        out["expiresAt"] = written(record.expires)
    if shape.has_times:
        out["createdAt"] = written(record.created)
        out["modifiedAt"] = written(record.modified)


def _instances(record: Record, name: str, instances: Instances, shape: Shape) -> Any:
    found = listed(instances)
    if shape.datasets:
        found = [one for one in found if one.get("datasetId", _NONE) in shape.datasets]
    if not found:
        return None
    if shape.languages:
        found = [in_language(one, shape.languages) for one in found]
    if shape.style == "simplified":
        return _simplified(found)
    if shape.has_times:
        found = [_with_times(record, name, one) for one in found]
    else:
        found = [without_times(one) for one in found]
    if shape.style == "concise":
        return joined([concise(one) for one in found])
    return joined(found)


def _with_times(record: Record, name: str, attribute: Attribute) -> Attribute:
    """Return an attribute with its times; one that says none came with its entity."""
    created = attribute.get("createdAt") or written(record.since or record.created)
    is_declared = record.declared is not None and name in record.declared.by_wire
    changed = written(record.modified) if is_declared else created
    return {**attribute, "createdAt": created, "modifiedAt": attribute.get("modifiedAt", changed)}


def without_times(attribute: Attribute) -> Attribute:
    """Return an attribute without what the hub says of it; the same one where it says nothing."""
    if "createdAt" not in attribute and "modifiedAt" not in attribute:
        return attribute
    return {name: value for name, value in attribute.items() if name not in _SYSTEM}


def in_language(attribute: Attribute, languages: tuple[str, ...]) -> Attribute:
    """Return a LanguageProperty as a Property in the best language that it is said in (4.5.18)."""
    if attribute.get("type") != "LanguageProperty":
        return attribute
    said = attribute["languageMap"]
    if not isinstance(said, dict) or not said:
        return attribute
    language = _best(list(said), languages)
    rest = {name: value for name, value in attribute.items() if name != "languageMap"}
    return {**rest, "type": "Property", "value": said[language], "lang": language}


def _best(said: list[str], wanted: tuple[str, ...]) -> str:
    by_lower = {name.lower(): name for name in said}
    for language in wanted:
        if language == "*":
            break
        lower = language.lower()
        while lower:
            if lower in by_lower:
                return by_lower[lower]
            lower = lower.rpartition("-")[0]
        more = [name for name in by_lower if name.startswith(f"{language.lower()}-")]
        if more:
            return by_lower[more[0]]
    return by_lower.get(_NONE) or by_lower.get("en") or said[0]


def _simplified(found: list[Attribute]) -> Any:
    if len(found) == 1:
        return simple(found[0])
    return {"dataset": {one.get("datasetId", _NONE): simple(one) for one in found}}


def simple(attribute: Attribute) -> Any:
    """Return what an attribute is worth (clause 4.5.4)."""
    kind = attribute["type"]
    member = MEMBER_OF[kind]
    value = attribute[member]
    if kind == "ListRelationship":
        return [one["object"] if isinstance(one, dict) else one for one in value]
    return value if kind in _BARE else {member: value}


def concise(attribute: Attribute) -> Any:
    """Return an attribute with nothing that can be known without it (clause 4.5.3)."""
    kind = attribute["type"]
    rest = {
        name: value if name == "type" or name in VALUES else _concise_sub(value)
        for name, value in attribute.items()
    }
    del rest["type"]
    if rest.keys() != {"value"}:
        return rest
    value = rest["value"]
    if kind == "GeoProperty" or not isinstance(value, dict | list):
        return value
    return rest


def _concise_sub(value: Any) -> Any:
    if isinstance(value, dict) and is_kind(value.get("type")):
        return concise(value)
    if isinstance(value, list):
        return [_concise_sub(one) for one in value]
    return value

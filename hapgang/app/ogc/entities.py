"""Entities as GeoJSON features with flat properties, as maps and tables of others like them.

Only declared attributes go out, of free types those that were seen; whatever names a person stays.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from hapgang.core.entity import Attribute
from hapgang.hub.datamap.dataset import DataColumn, Form
from hapgang.hub.record import Record

Feature = dict[str, Any]
LANGUAGES = ("ko", "en")
_A_PERSON = ":Person:"
_OBSERVED = "dateObserved"
MODIFIED = "modified_at"


def property_forms(columns: Iterable[DataColumn]) -> dict[str, Form]:
    """Return the properties by which features can be chosen, and what they look like."""
    found: dict[str, Form] = {name: column.form for column in columns for name in _names(column)}
    return {**found, MODIFIED: "time"}


def _names(column: DataColumn) -> list[str]:
    if column.form in ("place", "shape"):
        return []
    if column.form == "words":
        return [f"{column.name}_{language}" for language in LANGUAGES]
    return [column.name]


def geometry_name(columns: Sequence[DataColumn]) -> str | None:
    """Return the attribute that is drawn: `location` where there is one, else the first place."""
    names = [column.name for column in columns if column.form in ("place", "shape")]
    return "location" if "location" in names else next(iter(names), None)


def feature_of(record: Record, columns: Sequence[DataColumn], geometry: str | None) -> Feature:
    """Return an entity as a feature in longitudes and latitudes."""
    properties: dict[str, Any] = {}
    for column in columns:
        if column.form not in ("place", "shape"):
            properties |= _properties(column, _one(record.attribute(column.name)))
    properties[MODIFIED] = record.modified.isoformat()
    shape = _one(record.attribute(geometry)) if geometry is not None else None
    return {
        "type": "Feature",
        "id": record.id,
        "geometry": None if shape is None else msgspec.to_builtins(shape.get("value")),
        "properties": properties,
    }


def values_of(columns: Iterable[DataColumn]) -> Mapping[str, Callable[[Record], Any]]:
    """Return for each property how to read it of an entity without making a feature of it."""
    found: dict[str, Callable[[Record], Any]] = {MODIFIED: lambda r: r.modified.isoformat()}
    for column in columns:
        for name in _names(column):
            found[name] = partial(_value, column, name)
    return found


def _value(column: DataColumn, name: str, record: Record) -> Any:
    plain = record.value(column.name)
    if plain is None or type(plain) in (int, float, str, bool):  # most are, and need no more
        return _nobodys(plain)
    return _properties(column, _one(record.attribute(column.name)))[name]


def _one(attribute: Attribute | list[Attribute] | None) -> Attribute | None:
    """Return the first of several instances."""
    return attribute[0] if isinstance(attribute, list) else attribute


def _properties(column: DataColumn, attribute: Attribute | None) -> Mapping[str, Any]:
    if column.form == "words":
        said = {} if attribute is None else msgspec.to_builtins(attribute.get("languageMap", {}))
        return {f"{column.name}_{lang}": _nobodys(said.get(lang)) for lang in LANGUAGES}
    return {column.name: None if attribute is None else _nobodys(_plain(attribute))}


def _plain(attribute: Attribute) -> Any:
    value = next(
        (attribute[m] for m in ("value", "object", "vocab", "json", "valueList", "objectList")
         if m in attribute),
        None,
    )  # fmt: skip
    if isinstance(value, dict) and "@value" in value:
        value = value["@value"]
    return msgspec.to_builtins(value)


def _nobodys(value: Any) -> Any:
    """Return a value, unless a person is named anywhere in it."""
    if isinstance(value, str):
        return None if _A_PERSON in value else value
    is_box = isinstance(value, dict | list)
    return None if is_box and _A_PERSON in msgspec.json.encode(value).decode() else value


def points_of(geometry: Any) -> Iterator[tuple[float, float]]:
    """Yield the positions of a GeoJSON geometry."""
    stack = [geometry.get("coordinates")] if isinstance(geometry, dict) else []
    while stack:
        part = stack.pop()
        if not isinstance(part, list | tuple) or not part:
            continue
        if isinstance(part[0], int | float):
            yield part[0], part[1]
        else:
            stack.extend(part)


def moment_of(record: Record) -> datetime:
    """Return when an entity was observed, else when it last changed."""
    found = record.value(_OBSERVED)
    if isinstance(found, dict):
        found = found.get("@value")
    if isinstance(found, str):
        try:
            found = datetime.fromisoformat(found)
        except ValueError:
            found = None
    is_known = isinstance(found, datetime) and found.tzinfo is not None
    return found if is_known else record.modified

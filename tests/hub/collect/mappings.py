"""Mappings for tests: a short one with whatever a test adds."""

import io
from typing import Any

import msgspec

from hapgang.hub.collect.mapping import Mapped, Mapping
from hapgang.hub.collect.paths import Around
from hapgang.hub.collect.reading import Row, read_rows
from hapgang.hub.collect.words import Reading

TITLE = {"en": "Test", "ko": "시험"}


def mapping(attributes: dict[str, Any] | None = None, **words: Any) -> Mapping:
    """Return a mapping with one entity; `entity` and other words are put into it."""
    entity = {
        "type": "AirQualityObserved",
        "id": "urn:ngsi-ld:AirQualityObserved:{station}",
        "attributes": attributes or {"pm10": {"from": "pm10", "is": "number"}},
        **words.pop("entity", {}),
    }
    return Mapping({"format": 1, "title": TITLE, "entity": [entity], **words})


def applied(found: Mapping, row: Any, message: Any = None, **known: Any) -> Mapped:
    """Return what a row says; it has to be meant."""
    mapped = found.apply(row, Around(message, known))
    assert mapped is not None
    return mapped


def value(attribute: dict[str, Any], row: Any, **words: Any) -> Any:
    """Return what one attribute's words make of a row; None where nothing was measured."""
    found = applied(mapping({"a": attribute}, **words), {"station": "s", **row})
    return found.documents[0]["a"].get("value") if found.documents else None


def rows(data: bytes | str, **words: Any) -> list[Row]:
    """Return the rows of some bytes."""
    text = data.encode() if isinstance(data, str) else data
    reading = msgspec.convert(words, Reading)
    return list(read_rows(io.BytesIO(text), reading))

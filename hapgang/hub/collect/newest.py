"""What a document that came in changes: nothing when it is known, history alone when it is late."""

from datetime import datetime
from typing import Any, NamedTuple

from hapgang.core.entity import Attribute, Document
from hapgang.hub.record import Record

_OBSERVED = "dateObserved"  # the Smart Data Models' word; typed views keep no observedAt


class News(NamedTuple):
    """The attributes of a document, by what they are to the city."""

    fresh: dict[str, Attribute]
    late: dict[str, Attribute]


def news_in(document: Document, record: Record) -> News:
    """Compare a document with what is known of its entity.

    An attribute is known if it says the same of the same time. It is late if what is known was
    observed after it; without times, the last one to come is meant.
    """
    fresh: dict[str, Attribute] = {}
    late: dict[str, Attribute] = {}
    its_time, known_time = _time_in(document.get(_OBSERVED)), _time_in(record.attribute(_OBSERVED))
    for name, attribute in document.items():
        if name in ("id", "type", "@context"):
            continue
        known = _single(record.attribute(name))
        at = _observed(attribute) or its_time
        before = (_observed(known) if known else None) or known_time
        if known is not None and _says(attribute) == _says(known) and at == before:
            continue
        is_late = at is not None and before is not None and at < before
        (late if is_late else fresh)[name] = attribute
    return News(fresh, late)


def _single(found: Any) -> Attribute | None:
    """Return the instance without a datasetId: it is what collection writes."""
    if isinstance(found, list):
        return next((one for one in found if "datasetId" not in one), None)
    return found if isinstance(found, dict) else None


def _says(attribute: Attribute) -> Attribute:
    return {name: value for name, value in attribute.items() if name != "observedAt"}


def _observed(attribute: Attribute | None) -> datetime | None:
    return _instant(attribute.get("observedAt")) if isinstance(attribute, dict) else None


def _time_in(found: Any) -> datetime | None:
    attribute = _single(found)
    value = None if attribute is None else attribute.get("value")
    return _instant(value.get("@value") if isinstance(value, dict) else value)


def _instant(text: Any) -> datetime | None:
    if isinstance(text, datetime):
        return text if text.tzinfo else None
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else None

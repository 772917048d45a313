"""What a document that came in changes: nothing when it is known, history alone when it is late."""

from datetime import datetime
from typing import Any, NamedTuple

from hapgang.core.entity import Attribute, Document
from hapgang.hub.record import Record

_OBSERVED = "dateObserved"  # the Smart Data Models' word; typed views keep no observedAt
_OWN = ("id", "type", "@context")
_ABOUT = frozenset(("observedAt", "createdAt", "modifiedAt"))


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
    there = record.attributes()
    its_time, known_time = _value(document.get(_OBSERVED)), _value(_single(there.get(_OBSERVED)))
    for name, attribute in document.items():
        if name in _OWN:
            continue
        known = _single(there.get(name))
        at = attribute.get("observedAt", its_time) if isinstance(attribute, dict) else its_time
        before = known_time if known is None else known.get("observedAt", known_time)
        order = _order(at, before)
        if known is not None and order == 0 and _says_same(attribute, known):
            continue
        (late if order < 0 else fresh)[name] = attribute
    return News(fresh, late)


def observed_at(record: Record) -> datetime:
    """Return when what is known of an entity was observed; else when it was last written."""
    return _instant(_value(_single(record.attribute(_OBSERVED)))) or record.modified


def _single(found: Any) -> Attribute | None:
    """Return the instance without a datasetId: it is what collection writes."""
    if isinstance(found, list):
        return next((one for one in found if "datasetId" not in one), None)
    return found if isinstance(found, dict) else None


def _says_same(attribute: Any, known: Attribute) -> bool:
    """Whether two instances say the same, whenever they say it."""
    if not isinstance(attribute, dict):
        return False
    said = [name for name in attribute if name not in _ABOUT]
    return all(attribute[name] == known.get(name) for name in said) and not (
        known.keys() - attribute.keys() - _ABOUT
    )


def _value(attribute: Attribute | None) -> Any:
    value = None if attribute is None else attribute.get("value")
    return value.get("@value") if isinstance(value, dict) else value


def _order(at: Any, before: Any) -> int:
    """Return -1 where one instant is before another, 1 where it is after or none is known."""
    if at == before:
        return 0
    new, old = _instant(at), _instant(before)
    if new is None or old is None:
        return 1
    return -1 if new < old else int(new > old)


def _instant(text: Any) -> datetime | None:
    if isinstance(text, datetime):
        return text if text.tzinfo else None
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else None

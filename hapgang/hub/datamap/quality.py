"""How good and how fresh the entities of a type are, measured."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from hapgang.core.entity import Attribute
from hapgang.hub.record import Record

_MOST_MEASURED = 2_000  # entities; of more, every n-th
# Assumption: clocks differ; and what stands half a degree (some 50 km) beyond the model is wrong.
_CLOCKS_DIFFER = timedelta(minutes=5)
_AROUND_DEG = 0.5
Bounds = tuple[float, float, float, float]  # west, south, east, north, degrees


class Filled(msgspec.Struct, frozen=True):
    """The share of entities that have an attribute."""

    name: str
    share_pct: float


class DataQuality(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured of some data, at an instant.

    complete_pct: of all declared attributes, those that are there. plausible_pct: entities that lie
    in or near the city and were observed before now. accepted_pct: of what came in, what was not
    set aside. score_pct is what all three leave: their product. None: there is nothing to measure.
    """

    number: int
    measured: int  # of these
    newest_at: datetime | None = None
    oldest_at: datetime | None = None
    complete_pct: float | None = None
    plausible_pct: float | None = None
    accepted_pct: float | None = None
    score_pct: float | None = None
    filled: tuple[Filled, ...] = ()


def quality_of(
    records: Sequence[Record],
    names: Sequence[str],
    *,
    bounds: Bounds,
    now: datetime,
    set_aside: int = 0,
) -> DataQuality:
    """Measure live entities, of which each should have attributes by these names.

    set_aside: records of the same type in quarantine. Returns shares in per cent within [0, 100].
    """
    number = len(records)
    came = number + set_aside
    accepted = 100.0 * number / came if came else None
    if not records:
        return DataQuality(number=0, measured=0, accepted_pct=accepted)
    sample = records[:: -(-number // _MOST_MEASURED)]
    known = len(sample)
    has = {name: sum(r.attribute(name) is not None for r in sample) for name in names}
    complete = 100.0 * sum(has.values()) / (known * len(names)) if names else 100.0
    plausible = 100.0 * sum(is_plausible(r, bounds, now) for r in sample) / known
    return DataQuality(
        number=number,
        measured=known,
        newest_at=max(r.modified for r in records),
        oldest_at=min(r.modified for r in records),
        complete_pct=complete,
        plausible_pct=plausible,
        accepted_pct=accepted,
        score_pct=complete * plausible * (accepted or 0.0) / 10_000,
        filled=tuple(Filled(name, 100.0 * count / known) for name, count in has.items()),
    )


def is_plausible(record: Record, bounds: Bounds, now: datetime) -> bool:
    """Whether an entity is not somewhere else, and not seen in the future."""
    observed = [_at(attribute) for attribute in _instances(record)]
    limit = now + _CLOCKS_DIFFER
    if any(at is not None and at > limit for at in (*observed, _moment(record))):
        return False
    place = record.place
    if place is None:
        return True
    west, south, east, north = bounds
    return (
        west - _AROUND_DEG <= place.lon <= east + _AROUND_DEG
        and south - _AROUND_DEG <= place.lat <= north + _AROUND_DEG
    )


def _instances(record: Record) -> list[Attribute]:
    found: list[Attribute] = []
    for one in record.extra.values():
        found += one if isinstance(one, list) else [one]
    return found


def _moment(record: Record) -> datetime | None:
    """Return when the entity as a whole was observed, by the Smart Data Models' name."""
    return _instant(record.value("dateObserved"))


def _at(attribute: Attribute) -> datetime | None:
    return _instant(attribute.get("observedAt"))


def _instant(value: Any) -> datetime | None:
    if isinstance(value, dict):
        value = value.get("@value")
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, datetime) and value.tzinfo is not None else None

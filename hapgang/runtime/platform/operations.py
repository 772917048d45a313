"""What an operator does with the platform itself."""

from datetime import datetime
from itertools import islice
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.vocabulary.platform import DeadLetter, QuarantinedRecord
from hapgang.runtime.city import CityOf


class QuarantineLine(msgspec.Struct, frozen=True):
    """What is known of a quarantined record without reading it.

    Of somebody's data this is neither who sent it nor what is wrong: the reason quotes it.
    """

    id: str
    at: datetime
    origin: str
    type: str | None
    is_personal: bool
    role: str
    caller: str | None
    reason: str | None


def drop_dead_letter(city: CityOf, *, letter: str) -> None:
    """Throw a dead letter away."""
    city.hub.delete(DeadLetter, letter)


def browse_quarantine(
    city: CityOf,
    *,
    limit: Annotated[int, Meta(ge=1, le=200)] = 50,
    offset: Annotated[int, Meta(ge=0)] = 0,
) -> list[QuarantineLine]:
    """Return a page of what is in quarantine, oldest first, without anybody's data."""
    records = islice(city.runtime.state.of_type("QuarantinedRecord"), offset, offset + limit)
    return [_line(r.view) for r in records if isinstance(r.view, QuarantinedRecord)]


def get_quarantined(city: CityOf, *, record: str) -> QuarantinedRecord:
    """Return a quarantined record as it came; whose data it is can see that it was read."""
    return city.hub.get(QuarantinedRecord, record)


def _line(kept: QuarantinedRecord) -> QuarantineLine:
    named = kept.body.get("type") if isinstance(kept.body, dict) else None
    is_personal = kept.person is not None
    return QuarantineLine(
        id=kept.id,
        at=kept.at,
        origin=kept.origin,
        type=named if isinstance(named, str) else None,
        is_personal=is_personal,
        role=kept.role,
        caller=None if is_personal else kept.caller,
        reason=None if is_personal else kept.reason,
    )

"""Which instants are asked for (clause 4.11): `timerel`, `timeAt`, `endTimeAt`, `timeproperty`."""

from datetime import UTC, datetime
from typing import Literal, get_args

import msgspec

from hapgang.core.errors import Invalid

Relation = Literal["before", "after", "between"]
TimeProperty = Literal["observedAt", "createdAt", "modifiedAt", "deletedAt"]
_MOST_LAST = 1_000_000


class When(msgspec.Struct, frozen=True):
    """A span of time, by one of the times that an instance has; all of time where it is empty."""

    relation: Relation | None = None
    at: datetime | None = None
    end: datetime | None = None
    time: TimeProperty = "observedAt"
    is_named: bool = False  # the time property was said, and is not only the default
    last: int = 0  # only so many of the newest instants of each attribute

    @property
    def is_asked(self) -> bool:
        """Whether instances without the time do not count."""
        return self.relation is not None or self.is_named

    @property
    def begins(self) -> datetime | None:
        """From when on; that instant belongs to it."""
        return None if self.relation == "before" else self.at

    @property
    def ends(self) -> datetime | None:
        """Until when; that instant does not belong to it."""
        return self.at if self.relation == "before" else self.end

    def holds(self, at: datetime) -> bool:
        """Whether an instant is asked for."""
        begins, ends = self.begins, self.ends
        return (begins is None or at >= begins) and (ends is None or at < ends)


def read_when(
    relation: str = "", at: str = "", end: str = "", time: str = "", last: str = ""
) -> When:
    """Return what is asked for; `Invalid` where a part is missing or is none."""
    if not relation and (at or end):
        raise _bad("timeAt and endTimeAt go with timerel")
    if relation and relation not in get_args(Relation):
        raise _bad(f"timerel “{relation[:30]}” is none of {', '.join(get_args(Relation))}")
    if time and time not in get_args(TimeProperty):
        raise _bad(f"timeproperty “{time[:30]}” is none of {', '.join(get_args(TimeProperty))}")
    if relation and not at:
        raise _bad(f"timerel={relation} needs timeAt")
    if (relation == "between") != bool(end):
        raise _bad("endTimeAt goes with timerel=between")
    if last and not (last.isdecimal() and 0 < int(last[:9]) <= _MOST_LAST and len(last) < 9):
        raise _bad(f"lastN is a whole number from 1 to {_MOST_LAST:,}")
    return When(
        relation=relation or None,  # type: ignore[arg-type]  # one of the words, as was checked
        at=_instant("timeAt", at) if at else None,
        end=_instant("endTimeAt", end) if end else None,
        time=time or "observedAt",  # type: ignore[arg-type]  # likewise
        is_named=bool(time),
        last=int(last) if last else 0,
    )


def instant(text: str) -> datetime | None:
    """Return the instant that a text says, in UTC; None where it is none with a zone."""
    try:
        found = datetime.fromisoformat(text)
        return None if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _instant(name: str, text: str) -> datetime:
    found = instant(text) if "T" in text else None
    if found is None:
        raise _bad(f"{name} is no time such as 2026-11-22T09:00:00Z: “{text[:40]}”")
    return found


def _bad(en: str) -> Invalid:
    return Invalid(f"temporal query: {en}", f"시간 질의가 올바르지 않습니다: {en}")

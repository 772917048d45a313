"""Finding registrations (clause 5.10.2): by what, where and when they are, and by their source."""

from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from hapgang.core.errors import Invalid
from hapgang.hub.match import compile_match
from hapgang.hub.ngsild.geo import GeoQuery
from hapgang.hub.ngsild.kinds import check_instant
from hapgang.hub.ngsild.scope import read_scope_query
from hapgang.hub.query import Query
from hapgang.hub.record import Record
from hapgang.hub.registrations.matching import Wanted, parts_for
from hapgang.hub.registrations.model import PLACES, Interval, Registration

TIME_WORDS = frozenset(["timerel", "timeAt", "endTimeAt", "timeproperty"])
_MANAGED = ("createdAt", "modifiedAt", "deletedAt")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_FAR_AHEAD = datetime.max.replace(tzinfo=UTC)


class TimeQuery(msgspec.Struct, frozen=True):
    """A temporal query (clause 4.11)."""

    relation: Literal["before", "after", "between"]
    at: datetime
    until: datetime | None = None
    name: str = "observedAt"


class Discovery(msgspec.Struct, frozen=True):
    """Which registrations are asked for; what is empty or None does not matter."""

    wanted: Wanted = Wanted()
    queries: tuple[Query, ...] = ()  # of the source's properties
    geo: GeoQuery | None = None
    scope: str = ""
    time: TimeQuery | None = None


def found(registration: Registration, document: dict[str, Any], asked: Discovery) -> bool:
    """Whether a registration is among those that are asked for."""
    if not any(True for _ in parts_for(registration, asked.wanted)):
        return False
    if not _is_in_time(registration, asked.time):
        return False
    record = record_of(document)
    if asked.geo is not None and not asked.geo.test()(record):
        return False
    if asked.scope and not read_scope_query(asked.scope)(record.scope):
        return False
    return all(compile_match(query)(record) for query in asked.queries)


def read_time_query(relation: str, at: str, until: str, name: str) -> TimeQuery | None:
    """Return a temporal query from its parts; None where there is none."""
    if not (relation or at or until):
        return None
    if relation not in ("before", "after", "between"):
        raise _bad("timerel is before, after or between")
    if not at or (relation == "between") is not bool(until):
        raise _bad("timerel needs timeAt, and between needs endTimeAt, too")
    if name and name not in ("observedAt", *_MANAGED):
        raise _bad("timeproperty is observedAt, createdAt, modifiedAt or deletedAt")
    instants = [datetime.fromisoformat(check_instant("timeAt", one)) for one in (at, until) if one]
    return TimeQuery(
        relation,  # type: ignore[arg-type]  # one of the three, as checked above
        instants[0],
        instants[1] if until else None,
        name or "observedAt",
    )


def _is_in_time(registration: Registration, asked: TimeQuery | None) -> bool:
    """Whether its interval has something in common with the query's (clause 5.10.2.4)."""
    if asked is None:
        return not registration.is_historic
    is_managed = asked.name in _MANAGED
    interval = registration.managementInterval if is_managed else registration.observationInterval
    if interval is None:
        return False
    start, end = _ends(interval)
    if asked.relation == "before":
        return start < asked.at
    if asked.relation == "after":
        return end > asked.at
    return start < (asked.until or _FAR_AHEAD) and end > asked.at


def _ends(interval: Interval) -> tuple[datetime, datetime]:
    end = datetime.fromisoformat(interval.endAt) if interval.endAt else _FAR_AHEAD
    return datetime.fromisoformat(interval.startAt), end


def record_of(document: dict[str, Any]) -> Record:
    """Return a registration as if it were an entity, for queries of its members."""
    scope = document.get("scope", [])
    attributes = {
        name: {"type": "GeoProperty" if name in PLACES else "Property", "value": value}
        for name, value in document.items()
        if name not in ("id", "type", "scope")
    }
    return Record(
        document["id"], (document["type"],), None, None, attributes,
        created=_LONG_AGO, modified=_LONG_AGO, seq=0,
        scope=(scope,) if isinstance(scope, str) else tuple(scope),
    )  # fmt: skip


def _bad(en: str) -> Invalid:
    return Invalid(f"temporal query: {en}", f"시간 질의가 올바르지 않습니다: {en}")

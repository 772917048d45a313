"""One entity of several answers (clauses 4.3.6 and 4.5.5): the newest instance of each attribute.

Of two instances the one that was observed later counts; where nothing says so, the one that was
changed later. What is equally new comes from where it is worth more: redirecting sources, then the
city, then inclusive ones. Exclusive sources are always right; auxiliary ones only fill what nobody
else has.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from hapgang.core.entity import Attribute, Document
from hapgang.core.errors import Invalid
from hapgang.hub.ngsild.changes import joined, listed
from hapgang.hub.ngsild.fragment import Fragment, entity_in
from hapgang.hub.ngsild.instants import written
from hapgang.hub.ngsild.kinds import Instances, check_instant
from hapgang.hub.ngsild.types import any_of
from hapgang.hub.record import Record
from hapgang.hub.registrations.matching import has_entity, one_entity
from hapgang.hub.registrations.model import Registration

Origin = Literal["exclusive", "redirect", "local", "inclusive", "auxiliary"]
_Key = tuple[int, datetime, int, bytes]
_WORTH = {"exclusive": 4, "redirect": 3, "local": 2, "inclusive": 1, "auxiliary": 0}
_TIER = {"exclusive": 2, "auxiliary": 0}  # 1 for all others
_ENCODE = msgspec.json.Encoder(order="deterministic").encode
_TIMES = ("createdAt", "modifiedAt")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_FAR_AHEAD = datetime.max.replace(tzinfo=UTC)


class Version(msgspec.Struct, frozen=True):
    """What one origin says of an entity, with the hub's names, in full."""

    origin: Origin
    id: str
    types: tuple[str, ...]
    attributes: Mapping[str, Instances]
    created: datetime
    modified: datetime
    scope: tuple[str, ...] = ()
    expires: datetime | None = None


def version_of(record: Record) -> Version:
    """Return what the city itself says, each instance with its times."""
    attributes = {
        name: _timed(record, name, instances) for name, instances in record.attributes().items()
    }
    return Version(
        "local", record.id, record.types, attributes, record.created, record.modified,
        record.scope, record.expires,
    )  # fmt: skip


def version_in(document: Document, origin: Origin) -> Version:
    """Return what a source says, from its document with the hub's names; `Invalid` for rubbish."""
    fragment: Fragment = entity_in(document)
    attributes = {
        name: _with_times(instances, document[name])
        for name, instances in fragment.attributes.items()
    }
    created = _instant(document.get("createdAt"), _FAR_AHEAD)
    return Version(
        origin, fragment.id, fragment.types, attributes, created,
        _instant(document.get("modifiedAt"), _LONG_AGO), fragment.scope or (), fragment.expires,
    )  # fmt: skip


def merged(versions: Sequence[Version], at: datetime) -> Record:
    """Return one record of what several origins say of one entity; their order does not matter.

    at: now, for an entity of which nobody says how old it is.
    """
    ranked = sorted(versions, key=_rank)
    created = min(one.created for one in ranked)
    modified = max(one.modified for one in ranked)
    return Record(
        ranked[0].id,
        tuple(dict.fromkeys(name for one in ranked for name in one.types)),
        None,
        None,
        _newest(ranked),
        created=min(created, at) if created != _FAR_AHEAD else at,
        modified=at if modified == _LONG_AGO else modified,
        seq=0,
        scope=tuple(dict.fromkeys(name for one in ranked for name in one.scope)),
        expires=next((one.expires for one in ranked if one.expires is not None), None),
    )


def _newest(versions: list[Version]) -> dict[str, Instances]:
    """Return the attributes: of each dataset the instance that counts."""
    known: dict[tuple[str, str], tuple[_Key, Attribute]] = {}
    for version in versions:
        for name, instances in version.attributes.items():
            for one in listed(instances):
                place = (name, one.get("datasetId", ""))
                fresh = (_key(one, version), one)
                if place not in known or known[place][0] < fresh[0]:
                    known[place] = fresh
    out: dict[str, list[Attribute]] = {}
    for name, dataset in sorted(known):
        out.setdefault(name, []).append(known[name, dataset][1])
    return {name: found[0] if len(found) == 1 else found for name, found in out.items()}


def within(version: Version, source: Registration) -> Version | None:
    """Return what of a source's answer it registered; None where that is nothing."""
    wanted = one_entity(version.id, any_of(version.types), frozenset())
    known = [
        info
        for info in source.information
        if not info.entities or any(has_entity(one, wanted) for one in info.entities)
    ]
    if not known:
        return None
    if any(not info.attributes for info in known):
        return version
    names = frozenset(name for info in known for name in info.attributes)
    kept = {name: said for name, said in version.attributes.items() if name in names}
    return msgspec.structs.replace(version, attributes=kept)


def without_taken(version: Version, sources: Iterable[Registration]) -> Version | None:
    """Return what the city says without what others stand in its place for; None if nothing."""
    wanted = one_entity(version.id, None, frozenset())
    attributes = dict(version.attributes)
    for source in sources:
        if not source.is_proxy:
            continue
        for info in source.information:
            knows = not info.entities or any(
                has_entity(one, wanted)
                and (not one.types or not one.types.isdisjoint(version.types))
                for one in info.entities
            )
            if knows and not info.attributes:
                return None
            if knows:
                attributes = {k: v for k, v in attributes.items() if k not in info.attributes}
    return msgspec.structs.replace(version, attributes=attributes)


def _rank(version: Version) -> tuple[int, datetime, bytes]:
    return -_WORTH[version.origin], version.modified, _ENCODE((version.types, version.scope))


def _key(instance: Attribute, version: Version) -> _Key:
    """Return what instances are compared by; the last part only decides what nothing else does."""
    said = instance.get("observedAt") or instance.get("modifiedAt") or instance.get("createdAt")
    worth = _WORTH[version.origin]
    return _TIER.get(version.origin, 1), _instant(said, version.modified), worth, _ENCODE(instance)


def _timed(record: Record, name: str, instances: Instances) -> Instances:
    is_declared = record.declared is not None and name in record.declared.by_wire
    created = written(record.created)
    changed = written(record.modified) if is_declared else created
    found: Any = joined(
        [{"createdAt": created, "modifiedAt": changed, **one} for one in listed(instances)]
    )
    return found  # type: ignore[no-any-return]


def _with_times(instances: Instances, raw: Any) -> Instances:
    """Return instances with the times that the source says of them."""
    said = raw if isinstance(raw, list) and isinstance(instances, list) else [raw]
    out = []
    for one, told in zip(listed(instances), said, strict=False):
        times = {
            name: check_instant(name, told[name])
            for name in _TIMES
            if isinstance(told, dict) and name in told
        }
        out.append({**one, **times})
    return joined(out) or instances


def _instant(said: Any, otherwise: datetime) -> datetime:
    if said is None:
        return otherwise
    if not isinstance(said, str):
        raise Invalid("a source says a time that is none", "시각 형식이 아닙니다")
    return datetime.fromisoformat(check_instant("time", said))

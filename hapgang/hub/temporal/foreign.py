"""The past of an entity as another source tells it, and as one with what is known here.

What both of them know is told once: instances of the same attribute, dataset and `observedAt` that
say the same. Where a source stands in the city's place, the city's own part is left out.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from hapgang.core.entity import Attribute, Document
from hapgang.core.errors import Invalid
from hapgang.core.ids import check_uri
from hapgang.hub.ngsild.kinds import MEMBER_OF, SYSTEM, Instances, attribute_in
from hapgang.hub.registrations.merging import Version, within, without_taken
from hapgang.hub.registrations.model import Registration
from hapgang.hub.temporal.evolution import Evolution
from hapgang.hub.temporal.instance import Instance, bare, deletion_of
from hapgang.hub.temporal.overlay import Overlay
from hapgang.hub.temporal.when import instant

_OWN = frozenset(["id", "type", "expiresAt", "@context", *SYSTEM])
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_MOST_TYPES = 100
_encode = msgspec.json.Encoder(order="deterministic").encode


class Foreign(msgspec.Struct, frozen=True):
    """What a source tells of an entity's past."""

    entity: str
    types: tuple[str, ...]
    instances: list[Instance]
    source: str = ""  # its registration


def foreign_in(document: Document, source: Registration) -> Foreign | None:
    """Return what a source tells, from its document with the hub's names; None for nothing.

    `Invalid` says why it cannot be read. Only what the source registered counts.
    """
    entity, said = check_uri(str(document.get("id", ""))), document.get("type")
    types = (said,) if isinstance(said, str) else tuple(said if isinstance(said, list) else ())
    if not types or len(types) > _MOST_TYPES or not all(isinstance(one, str) for one in types):
        raise Invalid("an entity needs its type", "엔티티에는 type이 필요합니다")
    names: dict[str, Instances] = {name: {} for name in document if name not in _OWN}
    whole = Version(source.mode, entity, types, names, _LONG_AGO, _LONG_AGO)
    known = within(whole, source)
    if known is None:
        return None
    found = [
        _instance(name, one, number)
        for name in known.attributes
        for number, one in enumerate(_listed(document[name]))
    ]
    return Foreign(entity, types, found, source.id)


def together(
    entity: str,
    own: Evolution | None,
    others: Sequence[Foreign],
    sources: Iterable[Registration],
    keeps: Any,
) -> Evolution:
    """Return the past of an entity of which sources tell something, too; `own` is used up."""
    found = own or Evolution(entity, Overlay(), keeps)
    types = (*found.types, *(name for one in others for name in one.types))
    found.types = tuple(dict.fromkeys(types))
    _leave_out(found, sources)
    seen: set[bytes] = set()
    kept: list[Instance] = []
    for one in [*found.instances, *(i for other in others for i in other.instances if keeps(i))]:
        key = _encode((one.name, one.observed, bare(one.body)))
        if one.observed is None or one.is_deletion or key not in seen:
            seen.add(key)
            kept.append(one)
    found.instances = kept
    for other in others:
        for one in other.instances:
            found.names[one.name] = None
            found.created = min(found.created or one.created, one.created)
            found.modified = max(found.modified or one.modified, one.modified)
    return found


def _leave_out(own: Evolution, sources: Iterable[Registration]) -> None:
    names: dict[str, Instances] = {name: {} for name in own.names}
    whole = Version("local", own.entity, own.types, names, _LONG_AGO, _LONG_AGO)
    left = without_taken(whole, sources)
    kept = left.attributes if left is not None else {}
    own.instances = [one for one in own.instances if one.name in kept]
    own.names = {name: None for name in own.names if name in kept}


def _listed(said: Any) -> list[Any]:
    return said if isinstance(said, list) else [said]


def _instance(name: str, said: Any, number: int) -> Instance:
    if not isinstance(said, dict):
        raise Invalid(f"{name} has no instances", f"{name}에 인스턴스가 없습니다")
    times = {one: _instant(said.get(one)) for one in ("createdAt", "modifiedAt", "observedAt")}
    gone = _instant(said.get("deletedAt"))
    body = _deletion(name, said) if gone is not None else bare(attribute_in(name, said))
    named = said.get("instanceId")
    if isinstance(named, str):
        body = {**body, "instanceId": check_uri(named)}
    fallback = times["createdAt"] or times["modifiedAt"] or times["observedAt"] or _LONG_AGO
    created = gone or fallback
    return Instance(
        name, body, 0, number, created, times["modifiedAt"] or created, gone is not None
    )


def _deletion(name: str, said: Attribute) -> Attribute:
    kind = said.get("type")
    if kind not in MEMBER_OF:
        raise Invalid(f"{name} is of no kind", f"{name}의 형식이 올바르지 않습니다")
    return deletion_of({"type": kind, **{k: said[k] for k in ("datasetId",) if k in said}})


def _instant(said: Any) -> datetime | None:
    return instant(said) if isinstance(said, str) else None

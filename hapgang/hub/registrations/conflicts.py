"""Which registrations exclude each other (clauses 4.3.6.3 and 5.9.2.4)."""

from hapgang.core.errors import Conflict
from hapgang.hub.ngsild.types import any_of
from hapgang.hub.registrations.matching import Wanted, has_entity
from hapgang.hub.registrations.model import EntityInfo, Registration, RegistrationInfo


def check_conflicts(fresh: Registration, others: list[Registration]) -> None:
    """Raise `Conflict` where somebody else has, alone, what is registered.

    What is exclusive is so against exclusive and redirecting ones; those redirect side by side.
    """
    if not fresh.is_proxy:
        return
    for other in others:
        if other.id == fresh.id or not other.is_proxy:
            continue
        if "exclusive" not in (fresh.mode, other.mode) or not _overlap(fresh, other):
            continue
        raise Conflict(
            f"{other.id} ({other.mode}) is about the same; change or delete it first",
            f"{other.id}({other.mode}) 등록과 겹칩니다. 먼저 그것을 바꾸거나 지우세요",
        )


def _overlap(a: Registration, b: Registration) -> bool:
    return any(_same(one, other) for one in a.information for other in b.information)


def _same(a: RegistrationInfo, b: RegistrationInfo) -> bool:
    if a.attributes and b.attributes and a.attributes.isdisjoint(b.attributes):
        return False
    if not (a.entities and b.entities):
        return True
    return any(_meet(one, other) for one in a.entities for other in b.entities)


def _meet(a: EntityInfo, b: EntityInfo) -> bool:
    """Whether an entity may be meant by both; of two patterns only equal ones are taken to meet."""
    if a.idPattern and b.idPattern and not (a.id or b.id):
        types_meet = not (a.types and b.types) or not a.types.isdisjoint(b.types)
        return types_meet and a.idPattern == b.idPattern
    return has_entity(a, Wanted(any_of(sorted(b.types)), (b.id,) if b.id else ()))

"""Whether a registration is about what is asked (clause 5.12)."""

from collections.abc import Iterator

import msgspec

from hapgang.hub.ngsild.types import Types
from hapgang.hub.registrations.model import EntityInfo, Registration, RegistrationInfo, pattern_of


class Wanted(msgspec.Struct, frozen=True):
    """Entities and attributes that a request is about; what is empty or None is any."""

    types: Types | None = None
    ids: tuple[str, ...] = ()
    id_pattern: str = ""
    attributes: frozenset[str] = frozenset()


def parts_for(registration: Registration, wanted: Wanted) -> Iterator[RegistrationInfo]:
    """Yield the parts of a registration that are about what is wanted."""
    for info in registration.information:
        if has_attributes(info, wanted.attributes) and (
            not info.entities or any(has_entity(one, wanted) for one in info.entities)
        ):
            yield info


def has_attributes(info: RegistrationInfo, names: frozenset[str]) -> bool:
    """Whether a part is about any of some attributes."""
    known = info.attributes
    return not known or not names or not known.isdisjoint(names)


def has_entity(info: EntityInfo, wanted: Wanted) -> bool:
    """Whether entities that are wanted may be among those of a source."""
    if info.types and wanted.types is not None and not _has_types(info, wanted.types):
        return False
    if info.id:
        if wanted.ids and info.id not in wanted.ids:
            return False
        return not wanted.id_pattern or pattern_of(wanted.id_pattern).search(info.id) is not None
    if info.idPattern and wanted.ids:
        return any(pattern_of(info.idPattern).search(one) is not None for one in wanted.ids)
    return True  # whether two patterns have something in common is not decided


def _has_types(info: EntityInfo, types: Types) -> bool:
    """Whether an alternative names a type that the source has: of the others it may not say."""
    return any(not info.types.isdisjoint(alternative) for alternative in types.alternatives)


def one_entity(entity_id: str, types: Types | None, attributes: frozenset[str]) -> Wanted:
    """Return what is wanted of one entity, whose types may not be known."""
    return Wanted(types, (entity_id,), "", attributes)

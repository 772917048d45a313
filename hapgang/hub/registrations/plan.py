"""Which parts of a request go to which sources, and which stay (clauses 4.3.6 and 5.5.13).

Inclusive and auxiliary sources are asked beside the city. Exclusive ones stand in its place for the
attributes that they registered, redirecting ones for what they registered, together.
"""

from collections.abc import Iterable, Iterator

import msgspec

from hapgang.hub.ngsild.types import Types, any_of
from hapgang.hub.registrations.matching import Wanted, has_attributes, has_entity, parts_for
from hapgang.hub.registrations.model import EntityInfo, Registration, RegistrationInfo

MOST_PARTS = 20  # requests to one source for one request of a client
READS_ENTITY = ("retrieveEntity", "queryEntity", "queryBatch")
READS_ENTITIES = ("queryEntity", "queryBatch")


class Part(msgspec.Struct, frozen=True):
    """What is asked of a source: entities, and attributes of them; empty or None is any."""

    source: Registration
    wanted: Wanted


class Piece(msgspec.Struct, frozen=True):
    """What of one entity a source is to write; the entity as a whole where it says None."""

    source: Registration
    attributes: frozenset[str] | None = None


class WritePlan(msgspec.Struct, frozen=True):
    """Who writes what of one entity."""

    pieces: tuple[Piece, ...] = ()
    refused: tuple[Piece, ...] = ()  # sources that stand in the city's place, and cannot
    taken: frozenset[str] = frozenset()  # attributes that are not the city's to write
    is_local: bool = True  # whether anything is left for the city


def read_parts(
    sources: Iterable[Registration], wanted: Wanted, operations: tuple[str, ...]
) -> list[Part]:
    """Return what is asked of each source that knows something and may be asked."""
    found: list[Part] = []
    for source in sources:
        if source.supported.isdisjoint(operations):
            continue
        own = dict.fromkeys(
            one for info in parts_for(source, wanted) for one in _limited(info, wanted)
        )
        found += [Part(source, one) for one in list(own)[:MOST_PARTS]]
    return found


def _limited(info: RegistrationInfo, wanted: Wanted) -> Iterator[Wanted]:
    """Yield what is wanted, limited to what a part of a registration knows."""
    known = info.attributes
    names = known & wanted.attributes if known and wanted.attributes else known | wanted.attributes
    if not info.entities:
        yield msgspec.structs.replace(wanted, attributes=names)
        return
    ids: dict[tuple[Types | None, str], dict[str, None]] = {}
    for entity in info.entities:
        if has_entity(entity, wanted):
            types = wanted.types or any_of(sorted(entity.types))
            pattern = "" if entity.id or wanted.ids else wanted.id_pattern or entity.idPattern
            there = [entity.id] if entity.id else wanted.ids
            ids.setdefault((types, pattern), {}).update(dict.fromkeys(there))
    for (types, pattern), group in ids.items():
        yield Wanted(types, tuple(group), pattern, names)


def write_plan(
    sources: Iterable[Registration],
    entity: str,
    types: Types | None,
    names: frozenset[str],
    operations: tuple[str, ...],
) -> WritePlan:
    """Return who writes what of an entity.

    names: the attributes that are written; none where the entity is meant as a whole.
    operations: of which a source supports one.
    """
    known = [one for one in sources if one.mode != "auxiliary"]
    pieces: list[Piece] = []
    refused: list[Piece] = []
    left, is_whole = names, False
    for mode in ("exclusive", "redirect"):
        taken: frozenset[str] = frozenset()
        for source in known:
            if source.mode != mode:
                continue
            for attributes in _matched(source, entity, types, left, is_named=bool(names)):
                piece = Piece(source, attributes or None)
                (refused if source.supported.isdisjoint(operations) else pieces).append(piece)
                taken |= attributes
                is_whole = is_whole or not _is_partial(source)
        left -= taken
    is_local = bool(left) if names else not is_whole
    for source in known if is_local else ():
        if source.mode == "inclusive" and not source.supported.isdisjoint(operations):
            matched = _matched(source, entity, types, left, is_named=bool(names))
            pieces += [Piece(source, attributes or None) for attributes in matched]
    return WritePlan(tuple(pieces), tuple(refused), names - left, is_local)


def _is_partial(source: Registration) -> bool:
    return all(info.attributes for info in source.information)


def _matched(
    source: Registration,
    entity: str,
    types: Types | None,
    names: frozenset[str],
    *,
    is_named: bool,
) -> list[frozenset[str]]:
    """Return, at most once, the attributes that a source writes; empty means the whole entity."""
    if is_named and not names:
        return []
    wanted = Wanted(types, (entity,))
    found: set[str] = set()
    is_found = False
    for info in source.information:
        if not has_attributes(info, names) or not _knows(info, wanted):
            continue
        is_found = True
        found |= names & info.attributes if info.attributes else names
    return [frozenset(found)] if is_found else []


def _knows(info: RegistrationInfo, wanted: Wanted) -> bool:
    def fits(one: EntityInfo) -> bool:
        return has_entity(one, wanted)

    return not info.entities or any(fits(one) for one in info.entities)

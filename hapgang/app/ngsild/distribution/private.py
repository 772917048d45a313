"""What never leaves the city: data about persons, and questions after it; what services write."""

from collections.abc import Iterable

import msgspec

from hapgang.app.context import Context
from hapgang.core.entity import Sharing, find_type
from hapgang.hub.ngsild.types import Types


def is_personal(context: Context, entity: str, types: Iterable[str] = ()) -> bool:
    """Whether an entity is, or would be, somebody's: by its types, or by what is kept here."""
    record = context.live.runtime.state.get(entity)
    kept = record.types if record is not None else ()
    return any(_is_about_persons(name) for name in (*types, *kept))


def is_ours(context: Context, entity: str, types: Iterable[str] = ()) -> bool:
    """Whether nobody else writes an entity for a client: it is somebody's, or a service's own."""
    record = context.live.runtime.state.get(entity)
    kept = record.types if record is not None else ()
    declared = [found for name in (*types, *kept) if (found := find_type(name)) is not None]
    is_owned = any(found.sharing is Sharing.OWNED for found in declared)
    return is_owned or is_personal(context, entity, types)


def public_types(types: Types | None) -> Types | None:
    """Return the alternatives that are about nobody; None where there were none at all."""
    if types is None:
        return None
    kept = [one for one in types.alternatives if not any(map(_is_about_persons, one))]
    return msgspec.structs.replace(types, alternatives=tuple(kept))


def _is_about_persons(name: str) -> bool:
    declared = find_type(name)
    return declared is not None and (declared.person is not None or declared.is_internal)

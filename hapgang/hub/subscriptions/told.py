"""What happened to an entity in a unit, as far as subscribers may be told of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from hapgang.core.entity import Document
from hapgang.hub.ngsild.changes import listed
from hapgang.hub.record import Instances, Record

Change = Literal["created", "updated", "deleted"]
Kind = Literal["created", "updated", "deleted", "periodic"]
_CREATED: frozenset[Change] = frozenset(["created"])
_UPDATED: frozenset[Change] = frozenset(["updated"])
_DELETED: frozenset[Change] = frozenset(["deleted"])
_OWN = frozenset(["type", "scope", "expiresAt"])


class Told(msgspec.Struct, frozen=True):
    """An entity after a unit, or as it was where it is gone, and what changed of it."""

    kind: Kind
    record: Record
    # Attributes that changed, each with the instances it had; None where there were none.
    before: Mapping[str, Instances | None] = {}
    at: str = ""  # when it was deleted
    changes: Mapping[str, frozenset[Change]] = {}  # what became of each that changed

    @property
    def names(self) -> Iterable[str]:
        """The attributes that changed: all of them where the entity came or went."""
        return self.before if self.kind == "updated" else self.record.attributes()

    @property
    def says_more(self) -> bool:
        """Whether something else than attributes changed: the types, the scope."""
        return self.kind == "updated" and not self.before


def told_of(old: Record | None, new: Record | None, names: Iterable[str], at: str) -> Told | None:
    """Return what happened between two states; None where an entity came and went at once."""
    if new is None or new.closed:
        return None if old is None else Told("deleted", old, at=at)
    if old is None:
        return Told("created", new)
    before = {name: old.attribute(name) for name in names if name not in _OWN}
    changes = {name: _changes(was, new.attribute(name)) for name, was in before.items()}
    return Told("updated", new, before, changes=changes)


def _changes(was: Instances | None, now: Instances | None) -> frozenset[Change]:
    """Return whether instances of an attribute came, changed, went, or several of these."""
    if was is None:
        return _CREATED
    if now is None:
        return _DELETED
    if not (isinstance(was, list) or isinstance(now, list)) and (
        was.get("datasetId") == now.get("datasetId")
    ):
        return _UPDATED
    old = {one.get("datasetId"): one for one in listed(was)}
    new = {one.get("datasetId"): one for one in listed(now)}
    found: set[Change] = set()
    if new.keys() - old.keys():
        found.add("created")
    if old.keys() - new.keys():
        found.add("deleted")
    if not found or any(new[key] != old[key] for key in new.keys() & old.keys()):
        found.add("updated")
    return frozenset(found)


def summed(told: list[Told]) -> list[Told]:
    """Return what happened to each entity over several units as if it had been one."""
    found: dict[str, Told] = {}
    for one in told:
        earlier = found.get(one.record.id)
        if earlier is None or one.kind in ("deleted", "created"):
            found[one.record.id] = one
        else:
            kind = "created" if earlier.kind == "created" else one.kind
            before = {**one.before, **earlier.before}
            found[one.record.id] = Told(kind, one.record, before, one.at)
    return list(found.values())


class Kept(msgspec.Struct):
    """A `Told` as it lies on disk."""

    kind: Kind
    document: Document
    created: datetime
    modified: datetime
    before: dict[str, Instances | None]
    at: str


def kept_of(told: Told) -> Kept:
    """Return what is written."""
    record = told.record
    return Kept(
        told.kind, record.document(), record.created, record.modified, dict(told.before), told.at
    )


def told_in(kept: Kept) -> Told:
    """Return what was written; what a type is today does not matter to what an entity was."""
    document = dict(kept.document)
    types, scope = document.pop("type"), document.pop("scope", None)
    expires = document.pop("expiresAt", None)
    record = Record(
        document.pop("id"),
        (types,) if isinstance(types, str) else tuple(types),
        None,
        None,
        document,
        created=kept.created,
        modified=kept.modified,
        seq=0,
        scope=tuple(scope or ()),
        expires=None if expires is None else datetime.fromisoformat(expires),
    )
    return Told(kept.kind, record, kept.before, kept.at)

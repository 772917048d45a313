"""What happened to an entity in a unit, as far as subscribers may be told of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from hapgang.core.entity import Document
from hapgang.hub.ngsild.changes import listed
from hapgang.hub.record import Instances, Record

Kind = Literal["created", "updated", "deleted", "periodic"]
_OWN = frozenset(["type", "scope", "expiresAt"])


class Told(msgspec.Struct, frozen=True):
    """An entity after a unit, or as it was where it is gone, and what changed of it."""

    kind: Kind
    record: Record
    # Attributes that changed, each with the instances it had; None where there were none.
    before: Mapping[str, Instances | None] = {}
    at: str = ""  # when it was deleted

    def changes_of(self, name: str) -> set[str]:
        """Return whether an attribute was created, updated, deleted, or several of these."""
        old = {one.get("datasetId"): one for one in listed(self.before.get(name))}
        new = {one.get("datasetId"): one for one in listed(self.record.attribute(name))}
        if self.kind == "deleted":
            return {"deleted"}
        found = set()
        if new.keys() - old.keys():
            found.add("created")
        if old.keys() - new.keys():
            found.add("deleted")
        if not found or any(new[key] != old[key] for key in new.keys() & old.keys()):
            found.add("updated")
        return found

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
    return Told("updated", new, {name: old.attribute(name) for name in names if name not in _OWN})


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

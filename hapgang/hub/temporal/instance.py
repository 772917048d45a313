"""One instance of an attribute: what it was worth at one time (clauses 4.5.7 and 4.5.8)."""

from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec

from hapgang.core.entity import Attribute
from hapgang.core.errors import Invalid
from hapgang.hub.ngsild.kinds import MEMBER_OF, NULL, attribute_in
from hapgang.hub.temporal.when import TimeProperty, instant

_PREFIX = "urn:ngsi-ld:Instance:"
_SYSTEM = ("createdAt", "modifiedAt", "deletedAt", "instanceId")
SCOPE = "scope"


class Instance(msgspec.Struct):
    """A value with its times; `position` and `number` are its place in the feed."""

    name: str
    body: Attribute  # in full, without what the hub says of it
    position: int
    number: int  # among the attribute's instances in its line
    created: datetime
    modified: datetime
    is_deletion: bool = False

    @property
    def dataset(self) -> str | None:
        """The `datasetId`."""
        found: str | None = self.body.get("datasetId")
        return found

    @property
    def observed(self) -> datetime | None:
        """When it was observed, if that was said."""
        said = self.body.get("observedAt")
        return None if said is None else instant(said)

    def time(self, name: TimeProperty) -> datetime | None:
        """Return one of its times; None where it has no such."""
        if name == "observedAt":
            return self.observed
        if name == "deletedAt":
            return self.created if self.is_deletion else None
        if self.is_deletion:
            return None
        return self.created if name == "createdAt" else self.modified

    @property
    def usual_time(self) -> datetime:
        """When it was observed, or else when it was written."""
        return self.observed or self.modified


def instance_id(entity: str, instance: Instance) -> str:
    """Return an instance's name, which stays the same for as long as the feed does.

    The position finds the line again; the rest tells apart what one line says.
    """
    said = f"{entity}\n{instance.name}\n{instance.number}".encode()
    return f"{_PREFIX}{instance.position}-{blake2b(said, digest_size=8).hexdigest()}"


def position_of(name: str) -> int | None:
    """Return the position of the line that an instance's name leads to; None for other names."""
    position, _, rest = name.removeprefix(_PREFIX).partition("-")
    if not (name.startswith(_PREFIX) and rest and position.isdecimal() and len(position) < 19):
        return None
    return int(position)


def bare(attribute: Attribute) -> Attribute:
    """Return an attribute without what the hub says of it; the same one where it says nothing."""
    if any(name in attribute for name in _SYSTEM):
        return {name: value for name, value in attribute.items() if name not in _SYSTEM}
    return attribute


def in_full(name: str, said: Any) -> Attribute | None:
    """Return an instance as whoever collects may have said it, in full; None for what is none."""
    if isinstance(said, dict) and said.get("type") in MEMBER_OF:
        return said
    try:
        return attribute_in(name, said)
    except Invalid:
        return None


def deletion_of(before: Attribute) -> Attribute:
    """Return what is recorded where an attribute goes: its kind, with the null for its value."""
    kind = before["type"]
    value = {"@none": NULL} if kind == "LanguageProperty" else NULL
    out: Attribute = {"type": kind, MEMBER_OF[kind]: value}
    if "datasetId" in before:
        out["datasetId"] = before["datasetId"]
    return out

"""The history of one entity, read off the lines of the feed that are about it, the oldest first."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from hapgang.core.entity import Attribute, EntityType
from hapgang.hub.ngsild.changes import listed
from hapgang.hub.temporal.instance import SCOPE, Instance, bare, deletion_of, in_full
from hapgang.hub.temporal.overlay import HISTORY, Overlay

_OWN = frozenset(["type", "expiresAt"])  # members of a change that are no attributes
Keeps = Callable[[Instance], bool]


class Line(msgspec.Struct, frozen=True):
    """A line of the feed, opened."""

    position: int
    at: datetime
    action: str
    kind: str
    name: str  # the entity's type
    body: Any


class Evolution:
    """What an entity was, so far as it is wanted."""

    def __init__(self, entity: str, overlay: Overlay, keeps: Keeps) -> None:
        """Keep the instances that `keeps` wants; of the others only that they were there."""
        self.entity = entity
        self.types: tuple[str, ...] = ()
        self.scope: tuple[str, ...] = ()
        self.created: datetime | None = None
        self.modified: datetime | None = None
        self.deleted: datetime | None = None
        self.born_by = ""  # the action that made the entity
        self.names: dict[str, None] = {}  # of all attributes, wanted or not
        self.instances: list[Instance] = []
        self._overlay = overlay
        self._keeps = keeps
        self._present: dict[str, dict[str | None, Attribute]] = {}

    @property
    def is_known(self) -> bool:
        """Whether there is anything to tell."""
        return self.created is not None

    def take(self, line: Line, declared: EntityType | None = None) -> None:
        """Take in a line."""
        if line.position <= self._overlay.erased:
            return
        self.created = self.created or line.at
        self.modified = line.at
        if line.kind == HISTORY:
            self._add(line)
        elif line.kind == "columns":
            self._measure(line, declared)
        elif line.kind in ("created", "updated"):
            self._change(line)
        elif line.kind == "deleted":
            self._delete(line)
        if not self.types:
            self.types = (line.name,)
        more = [name for name in self._overlay.types if name not in self.types]
        if more:
            self.types = (*self.types, *more)

    def _change(self, line: Line) -> None:
        if line.kind == "created":
            self.created, self.deleted, self.born_by = line.at, None, line.action
            self.types, self.scope, self._present = (line.name,), (), {}
        if "type" in line.body:
            self.types = tuple(line.body["type"])
        for name, value in line.body.items():
            if name == SCOPE and isinstance(value, list) and not _is_attribute(value):
                self._rescope(line, value)
            elif name not in _OWN:
                self._attribute(line, name, value)

    def _attribute(self, line: Line, name: str, value: Any) -> None:
        before = self._present.get(name, {})
        now = {one.get("datasetId"): bare(one) for one in listed(value)}
        gone = [dataset for dataset in before if dataset not in now]
        for number, (dataset, body) in enumerate(now.items()):
            # of an attribute with several instances, a line repeats those that did not change
            if len(now) + len(gone) == 1 or before.get(dataset) != body:
                self._put(line, name, body, number)
        for number, dataset in enumerate(gone, len(now)):
            self._put(line, name, deletion_of(before[dataset]), number, is_deletion=True)
        if now:
            self._present[name] = now
        else:
            self._present.pop(name, None)

    def _rescope(self, line: Line, scope: list[str]) -> None:
        self.scope = tuple(scope)
        body = {"type": "Property", "value": scope[0] if len(scope) == 1 else scope}
        self._put(line, SCOPE, body, 0, is_deletion=not scope)

    def _delete(self, line: Line) -> None:
        self.deleted = line.at
        for name, instances in self._present.items():
            for number, body in enumerate(instances.values()):
                self._put(line, name, deletion_of(body), number, is_deletion=True)
        self._present = {}

    def _add(self, line: Line) -> None:
        for name, value in line.body.get("added", {}).items():
            for number, said in enumerate(value if isinstance(value, list) else [value]):
                body = in_full(name, said)
                if body is not None:
                    self._put(line, name, bare(body), number)

    def _measure(self, line: Line, declared: EntityType | None) -> None:
        for name, body in measured(declared, line.body):
            self._put(line, name, body, 0)

    def _put(
        self, line: Line, name: str, body: Attribute, number: int, *, is_deletion: bool = False
    ) -> None:
        fresh = Instance(name, body, line.position, number, line.at, line.at, is_deletion)
        found = self._overlay.now(self.entity, fresh)
        if found is None:
            return
        self.names[name] = None
        if self._keeps(found):
            self.instances.append(found)


def measured(declared: EntityType | None, body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield names and attributes of one entity's part of a line of measurements."""
    fields = {field.name: field for field in declared.fields} if declared is not None else {}
    for name, value in body["values"].items():
        if value is not None:  # else this one was not measured
            field = fields.get(name)
            attribute = field.encode(value) if field else {"type": "Property", "value": value}
            yield field.wire if field else name, {**attribute, "observedAt": body["at"]}


def _is_attribute(value: list[Any]) -> bool:
    return bool(value) and isinstance(value[0], dict)

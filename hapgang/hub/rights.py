"""What a service may see and write: the declarations of its contract, enforced."""

from collections.abc import Mapping
from typing import Any

import msgspec

from hapgang.core.entity import Entity, EntityType, Sharing, type_of
from hapgang.core.errors import Refused
from hapgang.core.geometry import Point
from hapgang.hub.query import Query, fields_of
from hapgang.hub.record import Record

CREATOR = "createdBy"  # attribute of shared types: the contributor that made the instance


class Rights(msgspec.Struct, frozen=True):
    """What a service may touch, by names of types; fields and purpose of each read."""

    service: str
    owns: frozenset[str] = frozenset()
    contributes: frozenset[str] = frozenset()
    reads: Mapping[str, tuple[tuple[str, ...], str]] = {}
    is_platform: bool = False

    def sees_all_of(self, type_name: str) -> bool:
        """Whether every field of every instance is the service's to see."""
        return self.is_platform or type_name in self.owns

    def check_read(self, declared: EntityType) -> None:
        """Raise `Refused` for a type that the service does not declare."""
        name = declared.name
        if not (self.sees_all_of(name) or name in self.reads or name in self.contributes):
            raise Refused(
                f"{self.service} does not declare that it reads {name}",
                f"{self.service} 서비스는 {name}을(를) 읽을 수 없습니다",
            )

    def check_query(self, declared: EntityType, query: Query | None, near: Point | None) -> None:
        """Raise `Refused` for finding people by what the service may not see of them."""
        allowed = self.reads.get(declared.name)
        if allowed is None or declared.person is None or self.sees_all_of(declared.name):
            return
        asked = fields_of(query) | ({"location"} if near is not None else set())
        for name in sorted(asked - {"id", *allowed[0]}):
            raise _not_asked(declared.name, name)

    def hides(self, record: Record) -> bool:
        """Whether a record is personal, and the service sees only those that it wrote."""
        if self.sees_all_of(record.type) or record.type in self.reads:
            return False
        return record.person is not None and record.value(CREATOR) != self.service

    def check_write(self, declared: EntityType, old: Record | None) -> None:
        """Raise `Refused` for an instance that is not the service's to write."""
        name = declared.name
        if name in self.owns:
            return
        if declared.sharing is Sharing.SHARED:
            creator = self.service if old is None else old.value(CREATOR)
            if self.is_platform or (name in self.contributes and creator == self.service):
                return
        raise Refused(
            f"{self.service} may not write {name}",
            f"{self.service} 서비스는 {name}을(를) 쓸 수 없습니다",
        )


class Restricted:
    """A view through which only some fields can be seen."""

    __slots__ = ("_fields", "_view")

    def __init__(self, view: Entity, fields: tuple[str, ...]) -> None:
        """Show only `fields` and the id."""
        self._view = view
        self._fields = fields

    def __getattr__(self, name: str) -> Any:
        if name != "id" and name not in self._fields:
            raise _not_asked(type_of(self._view).name, name)
        return getattr(self._view, name)


def _not_asked(type_name: str, field: str) -> Refused:
    return Refused(
        f"this service has not asked to read {type_name}.{field}",
        f"이 서비스는 {type_name}.{field}을(를) 읽을 권한이 없습니다",
    )

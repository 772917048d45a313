"""Events: what happened, in the past tense; and questions: what one service may ask the others."""

from typing import Any, Generic, TypeVar

import msgspec

from hapgang.core.entity import Entity

A = TypeVar("A")


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened; `entity` names what it happened to, and orders the reactions."""

    entity: str
    person: str | None = None


class Changed(msgspec.Struct, frozen=True):
    """Every change of a type, as something to hear: `hears={Changed(Vehicle): ...}`."""

    view: type[Entity]


class Change(msgspec.Struct, frozen=True):
    """One entity's change as a handler receives it; `attributes` holds only what changed."""

    entity: str
    type: str
    action: str  # created, updated, deleted, closed
    attributes: dict[str, Any]


class Question(msgspec.Struct, Generic[A], frozen=True, kw_only=True):
    """A question that other services may answer with an `A`, or None for no answer."""

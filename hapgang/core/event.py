"""Events: what happened, in the past tense; and questions: what one service may ask the others."""

from functools import cache
from typing import Any, Generic, TypeVar

import msgspec

from hapgang.core.entity import Entity
from hapgang.core.errors import Invalid
from hapgang.core.ids import MOST_ID_CHARACTERS
from hapgang.core.wire import reads_back

A = TypeVar("A")


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened; `entity` names what it happened to, and orders the reactions."""

    entity: str
    person: str | None = None


def check_event(event: Event) -> None:
    """Raise `Invalid` for an event that could not be read back from disk."""
    if len(event.entity) > MOST_ID_CHARACTERS or not reads_back(event, _decoder(type(event))):
        raise Invalid(
            f"{event!r:.200} holds what does not fit its type", "이벤트 값이 형식에 맞지 않습니다"
        )


@cache
def _decoder(kind: type[Event]) -> "msgspec.json.Decoder[Event]":
    return msgspec.json.Decoder(kind)


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

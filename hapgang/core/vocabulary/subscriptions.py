"""Subscriptions: who wants to be told of what (ETSI GS CIM 009, clause 5.2.12)."""

from datetime import datetime
from typing import Annotated, Any, Literal

from hapgang.core.entity import Entity, Property, Relationship, entity
from hapgang.core.text import Text, Words


@entity(
    "Subscription",
    is_internal=True,
    words=Words(
        Text("Subscriptions of other systems", "다른 시스템의 알림 신청"),
        Text(
            "Who is told when something changes, and where.",
            "무엇이 바뀌면 누구에게 어디로 알리는지예요.",
        ),
    ),
)
class Subscription(Entity, frozen=True, kw_only=True):
    """A client's wish to be told of changes."""

    kind: Annotated[Literal["entities", "csources"], Property(indexed=True)]  # what is watched
    owner: Annotated[str, Relationship("createdBy")]  # told what this one may see
    body: Any  # the standard's document, with the hub's names
    names: Any  # what the words of its `q` mean
    context: Any  # the @context that it came with, as it came
    origin: str  # the city's address as the client knows it
    purpose: str = ""  # why personal data is read; consent is given by purpose
    at: datetime

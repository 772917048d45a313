"""The platform's own words: long work, and what could not be taken in or carried out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta

from hapgang.core.entity import Document, Entity, Property, Relationship, Sharing, entity
from hapgang.core.text import Text, Words


@entity(
    "Job",
    sharing=Sharing.SHARED,
    is_internal=True,
    words=Words(
        Text("Long work of the city's computer", "도시 컴퓨터의 긴 작업"),
        Text(
            "What is being computed, and how far it is.",
            "무엇을 계산하고 있고 얼마나 됐는지예요.",
        ),
    ),
)
class Job(Entity, frozen=True, kw_only=True):
    """Long work that runs outside the writer."""

    title: Text
    service: str
    state: Annotated[
        Literal["waiting", "running", "done", "failed", "cancelled"], Property(indexed=True)
    ]
    progress_pct: Annotated[float, Property("progress", unit="P1"), Meta(ge=0, le=100)] = 0.0
    started_at: datetime
    ended_at: datetime | None = None
    error: str | None = None


@entity(
    "DeadLetter",
    sharing=Sharing.SHARED,
    is_internal=True,
    words=Words(
        Text("Messages that got stuck", "전해지지 못한 소식"),
        Text(
            "What a service could not take after several tries.",
            "서비스가 여러 번 해도 받지 못한 것이에요.",
        ),
    ),
)
class DeadLetter(Entity, frozen=True, kw_only=True):
    """A line of the feed that a handler could not take after several tries."""

    handler: str
    position: int
    reason: str
    attempts: int
    at: datetime


def _with_sender(document: Document) -> Document:
    """Version 1 did not say who had sent a record: it counts as the platform's own."""
    platform = {"type": "Relationship", "object": "urn:ngsi-ld:Service:platform"}
    return {**document, "sentBy": platform, "role": {"type": "Property", "value": "platform"}}


@entity(
    "QuarantinedRecord",
    sharing=Sharing.SHARED,
    is_internal=True,
    person="person",
    migrations=(_with_sender,),
    words=Words(
        Text("Input that did not fit", "맞지 않아 따로 둔 입력"),
        Text(
            "What came in wrong, with the reason.",
            "잘못 들어온 것과 그 까닭이에요.",
        ),
    ),
)
class QuarantinedRecord(Entity, frozen=True, kw_only=True):
    """Input that did not fit, kept with the reason until somebody replays or drops it."""

    origin: Annotated[str, Property(indexed=True)]  # a feed, a file, a client
    caller: Annotated[str, Relationship("sentBy")]  # on whose behalf it is taken in
    role: str  # the caller's, when it came in
    reason: str  # of the last try
    body: Any  # what came in, as it came
    at: datetime
    person: Annotated[str | None, Relationship("dataSubject")] = None  # whose data it is


@entity(
    "JsonLdContext",
    is_internal=True,
    words=Words(
        Text("Dictionaries of other systems", "다른 시스템의 말뜻 사전"),
        Text(
            "What words of other systems mean here.",
            "다른 시스템의 말이 여기서 무엇을 뜻하는지예요.",
        ),
    ),
)
class HostedContext(Entity, frozen=True, kw_only=True):
    """A JSON-LD context that is kept here, for documents that name it by its address.

    A client gave it to be kept, or used it where one address was needed for several contexts.
    """

    body: Annotated[Any, Property("context")]  # the value of @context, as it came
    author: Annotated[str, Relationship("createdBy")]
    at: datetime
    kind: Annotated[Literal["Hosted", "ImplicitlyCreated"], Property("kind")] = "Hosted"

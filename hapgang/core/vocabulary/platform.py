"""The platform's own words: long work, and what could not be taken in or carried out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta

from hapgang.core.entity import Document, Entity, Property, Relationship, Sharing, entity
from hapgang.core.text import Text


@entity("Job", sharing=Sharing.SHARED, is_internal=True)
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


@entity("DeadLetter", sharing=Sharing.SHARED, is_internal=True)
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


@entity("JsonLdContext", is_internal=True)
class HostedContext(Entity, frozen=True, kw_only=True):
    """A JSON-LD context that a client keeps here, for documents that name it by its address."""

    body: Annotated[Any, Property("context")]  # the value of @context, as it came
    author: Annotated[str, Relationship("createdBy")]
    at: datetime

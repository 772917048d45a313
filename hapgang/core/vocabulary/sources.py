"""Who else knows something: other cities, brokers and devices that answer for themselves."""

from datetime import datetime
from typing import Annotated, Any

from hapgang.core.entity import Entity, Property, Relationship, entity
from hapgang.core.text import Text, Words


@entity(
    "ContextSourceRegistration",
    is_internal=True,
    words=Words(
        Text("Other systems that answer for themselves", "스스로 답하는 다른 시스템"),
        Text(
            "Which other system knows what, and where it is asked.",
            "어떤 시스템이 무엇을 알고, 어디에 물으면 되는지예요.",
        ),
    ),
)
class ContextSourceRegistration(Entity, frozen=True, kw_only=True):
    """A registration of NGSI-LD (clause 5.2.9), with the hub's names."""

    body: Annotated[Any, Property("registration")]  # as the client said it
    author: Annotated[str, Relationship("createdBy")]
    made_at: datetime
    changed_at: datetime

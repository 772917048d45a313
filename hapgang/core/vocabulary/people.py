"""People: who lives in or visits the city, what they agreed to, and what they were told."""

from datetime import datetime
from enum import Enum
from typing import Annotated, Literal

from hapgang.core.entity import Entity, Property, Relationship, Sharing, entity
from hapgang.core.geometry import Point
from hapgang.core.text import Text, Words

Walking = Literal["well", "badly", "wheelchair"]
Concession = Literal["none", "infant", "child", "youth", "senior", "disabled"]


class AgeBand(Enum):
    """Ten-year bands, the finest that a service gets to see without a reason."""

    UNDER_10 = "0-9"
    TEENS = "10-19"
    TWENTIES = "20-29"
    THIRTIES = "30-39"
    FORTIES = "40-49"
    FIFTIES = "50-59"
    SIXTIES = "60-69"
    OVER_70 = "70+"

    @classmethod
    def of(cls, age_years: int) -> "AgeBand":
        """Return the band of an age."""
        return tuple(cls)[min(age_years // 10, 7)]


@entity(
    "Person",
    sharing=Sharing.SHARED,
    person="id",
    words=Words(
        Text("People who live here or visit", "사는 사람과 온 사람"),
        Text(
            "What the city has to know of a person, such as how well they walk. Sealed.",
            "잘 걸을 수 있는지처럼 도시가 알아야 하는 것이에요. 봉인되어 있어요.",
        ),
    ),
)
class Person(Entity, frozen=True, kw_only=True):
    """A resident or a visitor."""

    age_band: AgeBand
    walking: Walking = "well"
    licence: bool = False
    concession: Concession = "none"
    home: Point | None = None
    visitor: bool = False


def concession_of(age_years: int, *, disabled: bool = False) -> Concession:
    """Return which reduced fare somebody may have: all of their age that a fare needs.

    Classes of Sejong's city buses: child 6-12, youth 13-18; senior from 70, as in its city pass.
    """
    if disabled:
        return "disabled"
    if age_years < 6:
        return "infant"
    if age_years <= 12:
        return "child"
    if age_years <= 18:
        return "youth"
    return "senior" if age_years >= 70 else "none"


@entity(
    "Consent",
    sharing=Sharing.SHARED,
    person="person",
    words=Words(
        Text("What people said yes to", "사람들이 허락한 것"),
        Text(
            "Who may read which data, for what and until when. Sealed.",
            "누가 어떤 자료를 왜 언제까지 볼 수 있는지예요. 봉인되어 있어요.",
        ),
    ),
)
class Consent(Entity, frozen=True, kw_only=True):
    """A person's agreement that a purpose may read some of their data until a date."""

    person: Annotated[str, Relationship("dataSubject", indexed=True)]
    purpose: Annotated[str, Property(indexed=True)]
    fields: tuple[str, ...] = ()
    until: datetime | None = None
    revoked: bool = False


@entity(
    "Message",
    sharing=Sharing.SHARED,
    person="person",
    words=Words(
        Text("Letters in people's inboxes", "받은 편지"),
        Text(
            "What the city told somebody. Sealed.",
            "도시가 누군가에게 알린 것이에요. 봉인되어 있어요.",
        ),
    ),
)
class Message(Entity, frozen=True, kw_only=True):
    """A line in a person's inbox."""

    person: Annotated[str, Relationship("recipient", indexed=True)]
    title: Text
    body: Text
    sent_at: datetime
    read: bool = False


@entity(
    "MonthlyTopUp",
    sharing=Sharing.SHARED,
    person="person",
    is_internal=True,
    words=Words(
        Text("Money put into wallets", "지갑에 넣은 돈"),
        Text(
            "How much somebody put in this month, because there is a limit. Sealed.",
            "한도가 있어서 이번 달에 넣은 돈을 세요. 봉인되어 있어요.",
        ),
    ),
)
class MonthlyTopUp(Entity, frozen=True, kw_only=True):
    """What a person put into their wallet in the last month in which they did."""

    person: Annotated[str, Relationship("toppedUpBy", indexed=True)]
    month: str  # 2026-11, in the city's zone
    amount_won: int


@entity(
    "Visit",
    sharing=Sharing.SHARED,
    person="person",
    is_internal=True,
    words=Words(
        Text("Visits without an account", "계정 없이 온 방문"),
        Text(
            "Until when the city knows a visitor. Sealed.",
            "도시가 방문한 사람을 언제까지 아는지예요. 봉인되어 있어요.",
        ),
    ),
)
class Visit(Entity, frozen=True, kw_only=True):
    """Somebody who came without an account: until when the city knows them, and what they may."""

    person: Annotated[str, Relationship("visitor", indexed=True)]
    began_at: datetime
    until: datetime
    top_up_won: int = 0  # in all; nothing where the city takes no money from strangers

"""Operators outside of the city: what is known of them, asked of them and owed to them."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from hapgang.core.entity import Entity, Property, Relationship, entity
from hapgang.core.geometry import Point, Polygon
from hapgang.core.money import Won
from hapgang.core.text import Text, Words
from hapgang.core.vocabulary.mobility import Mode, Pricing
from hapgang.services.mobility.maas.model import Amount, Leg

OPERATOR = "urn:ngsi-ld:MobilityOperator:"


@entity(
    "MobilityOperator",
    words=Words(
        Text("Companies that drive people", "사람을 태워 주는 회사"),
        Text(
            "Operators outside of the city whose rides can be booked here.",
            "이 도시에서 예약할 수 있는 도시 밖의 이동 회사예요.",
        ),
    ),
)
class Operator(Entity, frozen=True, kw_only=True):
    """Somebody outside of the city's own process who moves people, or who books with us."""

    title: Annotated[Text, Property("name")]
    base_url: Annotated[str, Property("url"), Meta(max_length=300)]
    standard: Literal["TOMP 1.6"] = "TOMP 1.6"
    modes: tuple[Mode, ...] = ()
    area: Polygon | None = None  # where its rides may begin and end; None: wherever it has vehicles
    prices: Pricing | None = None  # where it tells none itself
    active: bool = True
    fee_permille: Annotated[int, Meta(ge=0, le=500)] = 0  # what the city keeps of its fares
    credit_won: Won = 0  # what it may owe us when it books with us; 0: it may not


@entity(
    "MobilityOperatorLink",
    is_internal=True,
    words=Words(
        Text("Do the companies answer?", "회사와 연결 상태"),
        Text(
            "Whether each operator outside answers, and how old its news is.",
            "도시 밖 회사가 응답하는지와 소식이 얼마나 오래됐는지예요.",
        ),
    ),
)
class Link(Entity, frozen=True, kw_only=True):
    """How it goes with an operator: whether it answers, and how old is what is known."""

    operator: Annotated[str, Relationship("refOperator", indexed=True)]
    heard_at: datetime | None = None  # when it last told what is free
    asked_at: datetime | None = None
    failures: int = 0  # in a row
    quiet_until: datetime | None = None  # it is left alone until then
    set_aside: int = 0  # records of its last answer that did not fit
    reason: str = ""


@entity(
    "MobilityOutsideVehicle",
    is_internal=True,
    words=Words(
        Text("Vehicles of companies outside", "도시 밖 회사의 빈 차"),
        Text(
            "What operators outside have free now.",
            "도시 밖 회사가 지금 빌려줄 수 있는 것이에요.",
        ),
    ),
)
class OutsideVehicle(Entity, frozen=True, kw_only=True):
    """A vehicle, or a kind of vehicle at a station, that an operator outside has free."""

    operator: Annotated[str, Relationship("refOperator", indexed=True)]
    asset: str  # the operator's name of it; empty where it names the kind only
    kind: Annotated[str, Property("assetType")]
    mode: Mode
    location: Point
    pricing: Pricing


OrderState = Literal[
    "wanted",  # a bookable offer is to be asked for
    "offered",  # the operator has named a booking that could be made
    "kept",  # it keeps it for us until it is confirmed or given up
    "confirming",  # every operator of the journey keeps its part
    "confirmed",
    "starting",
    "in_use",
    "ending",
    "undoing",  # it is not wanted any more, and the operator may not know
    "done", "undone", "refused",  # over
    "disputed",  # over, but we and the operator do not agree: somebody has to look
]  # fmt: skip


@entity(
    "MobilityOrder",
    is_internal=True,
    words=Words(
        Text("Orders to companies outside", "도시 밖 회사에 한 주문"),
        Text(
            "What was asked of an operator for one ride.",
            "한 번의 이동을 위해 회사에 부탁한 일이에요.",
        ),
    ),
)
class Order(Entity, frozen=True, kw_only=True):
    """What is asked of an operator for one ride. For whom, the ride says, which is sealed."""

    operator: Annotated[str, Relationship("refOperator", indexed=True)]
    ride: Annotated[str, Relationship("refRide", indexed=True)]
    state: Annotated[OrderState, Property(indexed=True)]
    next_at: datetime  # when it is to be asked again
    until: datetime  # when an answer comes too late
    theirs: str = ""  # the operator's name of the booking
    leg: str = ""  # and of its leg
    made_at: datetime | None = None  # since when the booking may be there
    unsure: bool = False  # something was asked and nobody knows what became of it
    said_no: bool = False
    tries: int = 0  # in a row without an answer
    price_won: Won | None = None
    reason: str = ""


@entity(
    "MobilityOutsideRide",
    person="traveller",
    words=Words(
        Text("Rides with companies outside", "도시 밖 회사로 간 이동"),
        Text(
            "Somebody's ride and its price. Sealed: each person sees only their own.",
            "누군가의 이동과 요금이에요. 봉인되어 본인 것만 볼 수 있어요.",
        ),
    ),
)
class OutsideRide(Entity, frozen=True, kw_only=True):
    """A ride with an operator outside as the traveller knows it, and the money for it."""

    traveller: Annotated[str, Relationship("traveller", indexed=True)]
    operator: Annotated[str, Relationship("refOperator")]
    order: Annotated[str, Relationship("refOrder")]
    leg: Leg
    asset: str
    kind: str
    pricing: Pricing
    held_won: Annotated[Won, Property("held", unit="KRW")] = 0
    hold: Annotated[str | None, Relationship("hold")] = None
    payment: Annotated[str | None, Relationship("payment")] = None
    paid_won: Annotated[Won, Property("fare", unit="KRW")] = 0
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    place: Point | None = None  # where it ended


@entity(
    "MobilityEarning",
    is_internal=True,
    words=Words(
        Text("What each payment brought", "결제마다 나눈 돈"),
        Text(
            "Which part of a payment goes to which operator.",
            "결제한 돈 가운데 회사마다 받을 몫이에요.",
        ),
    ),
)
class Earning(Entity, frozen=True, kw_only=True):
    """What one payment, or refund, brought to one operator; nobody's name is in it."""

    party: Annotated[str, Relationship("refOperator", indexed=True)]
    month: Annotated[str, Property(indexed=True)]  # YYYY-MM, in the city's zone
    what: Literal["leg", "ticket", "refund"]
    transfer: Annotated[str, Relationship("transfer")]
    amount_won: int  # of a refund negative
    legs: int
    distance_m: Amount = 0.0


@entity(
    "MobilityStatement",
    is_internal=True,
    words=Words(
        Text("Monthly bills of the companies", "회사별 월 정산서"),
        Text(
            "What an operator is owed for a month.",
            "한 달 동안 회사에 줄 돈이에요.",
        ),
    ),
)
class Statement(Entity, frozen=True, kw_only=True):
    """What an operator is owed for a month; its lines are the earnings that name it."""

    party: Annotated[str, Relationship("refOperator", indexed=True)]
    month: Annotated[str, Property(indexed=True)]
    number: int  # within the month
    earnings: tuple[str, ...]
    legs: int
    gross_won: int  # fares of legs and shares of tickets
    refunds_won: int
    fee_won: int
    due_won: int  # may be below zero: it is carried over to the next one
    carried_won: int = 0
    made_at: datetime
    paid_by: Annotated[str | None, Relationship("transfer")] = None


GuestState = Literal[
    "offered",
    "asked",  # its provider's money is set aside; the ride is not kept yet
    "pending",  # kept until it is confirmed
    "confirmed", "started",
    "finished", "cancelled", "expired",  # over, as soon as what is left is paid back
]  # fmt: skip


@entity(
    "MobilityGuestBooking",
    is_internal=True,
    words=Words(
        Text("Bookings from other cities' apps", "다른 도시 앱의 예약"),
        Text(
            "Rides in this city that were booked elsewhere.",
            "다른 곳에서 예약한 이 도시의 이동이에요.",
        ),
    ),
)
class GuestBooking(Entity, frozen=True, kw_only=True):
    """A ride with an operator of this city that a provider of journeys elsewhere books.

    Who rides is a guest without a name, known for this one booking.
    """

    provider: Annotated[str, Relationship("refOperator", indexed=True)]
    state: Annotated[GuestState, Property(indexed=True)]
    expires_at: datetime  # of an offer, or of what is pending
    service: str
    item: str
    kind: str
    mode: Mode
    origin: Point
    destination: Point
    leave_at: datetime
    arrive_at: datetime
    pricing: Pricing
    age: int | None = None  # as its provider told, for who may ride what
    licence: bool = False
    credit_won: Won = 0  # what the guest has to spend, of the provider's money
    hold: Annotated[str | None, Relationship("hold")] = None
    payment: Annotated[str | None, Relationship("payment")] = None
    ride: Annotated[str | None, Relationship("refRide", indexed=True)] = None
    paid_won: Won = 0
    reason: str = ""


OUTSIDE = (Operator, Link, OutsideVehicle, Order, OutsideRide, Earning, Statement, GuestBooking)

"""What integrated mobility owns: journeys, what runs late, operators outside and their shares."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hapgang.contract import Feed
from hapgang.core.entity import Entity, Property, Relationship, entity
from hapgang.core.event import Event
from hapgang.core.geometry import Point, Polygon
from hapgang.core.money import Won
from hapgang.core.text import Text
from hapgang.core.vocabulary.mobility import Booking, Mode, Pricing
from hapgang.core.vocabulary.transit import (
    CallDelay,
    LiveTimetable,
    TransitAlert,
    TransitFeed,
    TransitVehicle,
)

SERVICE = "mobility.maas"
OPERATOR = "urn:ngsi-ld:MobilityOperator:"

Prefer = Literal["balanced", "fast", "cheap", "few_changes", "little_walking", "green", "dry"]
Way = Literal["walk", "bicycle", "pm", "bus", "car"]  # bus: whatever runs by a timetable
Best = Literal["fastest", "cheapest", "fewest_changes", "least_walking", "greenest", "driest"]
Amount = Annotated[float, Meta(ge=0)]


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """Which run of the timetable is ridden, and between which of its stops."""

    day: str  # the service day, YYYY-MM-DD
    run: Annotated[int, Meta(ge=0)]
    trip: str
    route: str
    from_stop: str
    to_stop: str


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a journey. Between two legs one waits."""

    mode: Mode
    start_at: datetime
    end_at: datetime
    origin: Point
    destination: Point
    from_title: Text = Text("", "")  # of a stop or a car park
    to_title: Text = Text("", "")
    distance_m: Amount = 0.0
    fare_won: Won = 0
    ride: Run | None = None
    service: str = ""  # the operator who keeps `item` for the traveller
    item: str = ""
    known_at: datetime | None = None  # when an operator outside last told of `item`


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One way to get there, and what it costs in everything that counts."""

    legs: Annotated[tuple[Leg, ...], Meta(min_length=1, max_length=20)]
    leave_at: datetime
    arrive_at: datetime
    fare_won: Won
    transfers: Annotated[int, Meta(ge=0)]
    walk_min: Amount
    wait_min: Amount
    co2_g: Amount
    wet_min: Amount  # outdoors while rain or snow falls
    felt_min: Amount
    best: tuple[Best, ...] = ()
    why: Text = Text("", "")
    alerts: tuple[Text, ...] = ()  # trouble that is known on the way


# pending: operators outside of the city have not all said yes yet
State = Literal["pending", "booked", "under_way", "arrived", "cancelled", "failed"]


@entity("MobilityJourney", person="traveller")
class Journey(Entity, frozen=True, kw_only=True):
    """A journey that was booked as a whole: all of it is kept, or nothing is."""

    traveller: Annotated[str, Relationship("traveller", indexed=True)]
    state: State
    legs: tuple[Leg, ...]
    leave_at: datetime
    arrive_at: datetime
    bookings: tuple[Booking, ...] = ()
    ticket_won: Annotated[Won, Property("ticketPrice", unit="KRW")] = 0
    ticket: Annotated[str | None, Relationship("ticket")] = None  # the hold, then the payment
    ticket_used: bool = False
    begun: tuple[str, ...] = ()  # the bookings whose rides have begun
    reason: Text | None = None  # why it failed
    instead: Option | None = None  # what was found when it failed


@entity("TransitDelay")
class RunDelay(Entity, frozen=True, kw_only=True):
    """How late one run of the timetable is, call by call; GTFS-RT's trip update.

    Without `calls` it is as late from one of its calls on; with them, `delay_s` is the last one's.
    """

    day: Annotated[str, Property(indexed=True)]
    run: Annotated[int, Meta(ge=0)]
    trip: str
    delay_s: Annotated[int, Property("delay", unit="SEC"), Meta(ge=-3600, le=86_400)] = 0
    from_call: Annotated[int, Meta(ge=0)] = 0
    cancelled: bool = False
    offset_s: int = 0  # how much later than its trip says it runs, where the trip is repeated
    calls: tuple[CallDelay, ...] = ()
    source: Annotated[str, Property(indexed=True)] = ""  # the feed; empty where a person told
    told_at: datetime | None = None


@entity("MobilityOperator")
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


@entity("MobilityOperatorLink", is_internal=True)
class Link(Entity, frozen=True, kw_only=True):
    """How it goes with an operator: whether it answers, and how old is what is known."""

    operator: Annotated[str, Relationship("refOperator", indexed=True)]
    heard_at: datetime | None = None  # when it last told what is free
    asked_at: datetime | None = None
    failures: int = 0  # in a row
    quiet_until: datetime | None = None  # it is left alone until then
    set_aside: int = 0  # records of its last answer that did not fit
    reason: str = ""


@entity("MobilityOutsideVehicle", is_internal=True)
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


@entity("MobilityOrder", is_internal=True)
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


@entity("MobilityOutsideRide", person="traveller")
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


@entity("MobilityEarning", is_internal=True)
class Earning(Entity, frozen=True, kw_only=True):
    """What one payment, or refund, brought to one operator; nobody's name is in it."""

    party: Annotated[str, Relationship("refOperator", indexed=True)]
    month: Annotated[str, Property(indexed=True)]  # YYYY-MM, in the city's zone
    what: Literal["leg", "ticket", "refund"]
    transfer: Annotated[str, Relationship("transfer")]
    amount_won: int  # of a refund negative
    legs: int
    distance_m: Amount = 0.0


@entity("MobilityStatement", is_internal=True)
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


class JourneyBooked(Event, frozen=True, kw_only=True):
    """All legs of a journey were booked at once; whose is not told."""

    operators: int
    transfers: int
    held_won: int


class JourneyEnded(Event, frozen=True, kw_only=True):
    """A booked journey is over; whose is not told."""

    used: bool  # whether any of it was


class JourneyFailed(Event, frozen=True, kw_only=True):
    """A booked journey could not go on; whose is not told."""

    replanned: bool


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a scenario may set."""

    # The card fare of a Sejong city bus, once for a journey: changes within the time limit are
    # free. The same assumption as in the rehearsal's choice of mode.
    transit_fare_won: Won = 1_400
    most_options: Annotated[int, Meta(ge=1, le=10)] = 5
    # GTFS-RT feeds of the operators whose timetables are in the city's folder.
    feeds: tuple[Feed, ...] = ()
    # Assumption: so long a traveller waits for operators outside to say yes.
    outside_wait_s: Annotated[int, Meta(ge=5, le=600)] = 45
    # Assumption: what was free ten minutes ago is not worth walking to.
    outside_fresh_min: Annotated[int, Meta(ge=1, le=60)] = 10


OWNS = (
    Journey, RunDelay, TransitFeed, LiveTimetable, TransitVehicle, TransitAlert,
    Operator, Link, OutsideVehicle, Order, OutsideRide, Earning, Statement,
)  # fmt: skip

"""What integrated mobility owns: booked journeys, and what is known of late vehicles; its words."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hapgang.contract import Feed
from hapgang.core.entity import Entity, Property, Relationship, entity
from hapgang.core.event import Event
from hapgang.core.geometry import Point
from hapgang.core.ids import urn
from hapgang.core.money import Won
from hapgang.core.text import Text, Words
from hapgang.core.vocabulary.mobility import Booking, Mode
from hapgang.core.vocabulary.transit import (
    CallDelay,
    LiveTimetable,
    TransitAlert,
    TransitFeed,
    TransitVehicle,
)
from hapgang.services.mobility.maas.model.fares import CityPass, Fares, PassTerms

SERVICE = "mobility.maas"

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


@entity(
    "MobilityJourney",
    person="traveller",
    words=Words(
        Text("Booked journeys", "예약한 여정"),
        Text(
            "Where somebody goes and with what. Sealed: each person sees only their own.",
            "누가 무엇을 타고 어디로 가는지예요. 봉인되어 본인 것만 볼 수 있어요.",
        ),
    ),
)
class Journey(Entity, frozen=True, kw_only=True):
    """A journey that was booked as a whole: all of it is kept, or nothing is."""

    traveller: Annotated[str, Relationship("traveller", indexed=True)]
    state: State
    legs: tuple[Leg, ...]
    leave_at: datetime
    arrive_at: datetime
    bookings: tuple[Booking, ...] = ()
    ticket_won: Annotated[Won, Property("ticketPrice", unit="KRW")] = 0
    covered_won: Annotated[Won, Property("coveredByPass", unit="KRW")] = 0  # of the ticket's price
    ticket: Annotated[str | None, Relationship("ticket")] = None  # the hold, then the payment
    ticket_used: bool = False
    begun: tuple[str, ...] = ()  # the bookings whose rides have begun
    reason: Text | None = None  # why it failed
    instead: Option | None = None  # what was found when it failed


@entity(
    "TransitDelay",
    words=Words(
        Text("Late buses and trains", "늦는 버스와 열차"),
        Text(
            "How late each run of the timetable is.",
            "시간표보다 얼마나 늦는지예요.",
        ),
        is_open=True,
    ),
)
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


class JourneyBooked(Event, frozen=True, kw_only=True):
    """All legs of a journey were booked at once; whose is not told."""

    operators: int
    transfers: int
    held_won: int

    @classmethod
    def of(cls, journey: Journey) -> "JourneyBooked":
        """Return what is told of a journey that has just been booked."""
        of_own_won = journey.ticket_won - journey.covered_won
        return cls(
            entity=urn("Service", SERVICE),
            operators=len(journey.bookings) + (journey.ticket_won > 0),
            transfers=max(0, sum(leg.mode is not Mode.WALK for leg in journey.legs) - 1),
            held_won=of_own_won + sum(one.held_won for one in journey.bookings),
        )


class JourneyEnded(Event, frozen=True, kw_only=True):
    """A booked journey is over; whose is not told."""

    used: bool  # whether any of it was


class JourneyFailed(Event, frozen=True, kw_only=True):
    """A booked journey could not go on; whose is not told."""

    replanned: bool


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a scenario may set."""

    fares: Fares = Fares()
    city_pass: PassTerms = PassTerms()
    most_options: Annotated[int, Meta(ge=1, le=10)] = 5
    # GTFS-RT feeds of the operators whose timetables are in the city's folder.
    feeds: tuple[Feed, ...] = ()
    # Assumption: so long a traveller waits for operators outside to say yes.
    outside_wait_s: Annotated[int, Meta(ge=5, le=600)] = 45
    # Assumption: what was free ten minutes ago is not worth walking to.
    outside_fresh_min: Annotated[int, Meta(ge=1, le=60)] = 10


OWNS = (
    Journey, CityPass, RunDelay, TransitFeed, LiveTimetable, TransitVehicle, TransitAlert,
)  # fmt: skip

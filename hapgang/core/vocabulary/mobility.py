"""Mobility: what travellers ask of every operator, and what operators answer and tell."""

from datetime import datetime
from enum import Enum
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.event import Event, Question
from hapgang.core.geometry import Point
from hapgang.core.money import Won
from hapgang.core.text import Text
from hapgang.core.vocabulary.people import AgeBand, Walking


class Mode(Enum):
    """How one leg of a trip is travelled."""

    WALK = "walk"
    BICYCLE = "bicycle"
    PM = "pm"  # personal mobility: small electric vehicles of one or two seats (the white paper)
    CAR = "car"
    BUS = "bus"
    SHUTTLE = "shuttle"


class Traveller(msgspec.Struct, frozen=True):
    """What an operator may know of somebody who asks for a ride."""

    person: str
    age_band: AgeBand
    walking: Walking = "well"
    licence: bool = False


class Stage(msgspec.Struct, frozen=True):
    """One leg of an offered ride."""

    mode: Mode
    origin: Point
    destination: Point
    duration_s: Annotated[float, Meta(ge=0)]
    distance_m: Annotated[float, Meta(ge=0)]
    wait_s: Annotated[float, Meta(ge=0)] = 0.0  # before it begins: for a bus, to unlock a vehicle
    sheltered: bool = False  # whether rain and cold are kept off


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A ride that an operator would give now: the traveller decides."""

    service: str
    mode: Mode
    item: str  # the entity that would be used: a vehicle, a shuttle's stop
    stages: tuple[Stage, ...]
    fare_won: Won = 0

    @property
    def rides(self) -> tuple[Stage, ...]:
        """The stages that are not walked."""
        return tuple(stage for stage in self.stages if stage.mode is not Mode.WALK)

    @property
    def duration_s(self) -> float:
        """Door to door, with the waits."""
        return sum(stage.wait_s + stage.duration_s for stage in self.stages)


class Pricing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a ride costs by an operator's own plan, tax included."""

    fixed_won: Won = 0
    included_min: Annotated[float, Meta(ge=0)] = 0.0
    per_min_won: Annotated[float, Meta(ge=0)] = 0.0
    per_km_won: Annotated[float, Meta(ge=0)] = 0.0
    most_won: Won | None = None


class FreeRide(msgspec.Struct, frozen=True, kw_only=True):
    """Something that anybody could book now, as an operator shows it to everybody."""

    service: str
    item: str  # a name that is another one after every ride
    kind: str
    mode: Mode
    location: Point
    pricing: Pricing


class ListFree(Question[tuple[FreeRide, ...]], frozen=True, kw_only=True):
    """What has who free, all over the city? Asked for providers of journeys from elsewhere."""


class OfferRide(Question[tuple[Offer, ...]], frozen=True, kw_only=True):
    """Who could bring this traveller from here to there, leaving now?"""

    traveller: Traveller
    origin: Point
    destination: Point


class Booking(msgspec.Struct, frozen=True, kw_only=True):
    """A ride that an operator keeps for a traveller, its highest fare set aside."""

    service: str
    booking: str  # the operator's own entity, such as a rental
    held_won: Won
    until: datetime  # when it lapses if nobody takes it up


class BookRide(Question[Booking], frozen=True, kw_only=True):
    """Who keeps this for the caller until they need it? Answered by the one whose offer it was.

    What cannot be kept is refused with the operator's own error, and with it the whole unit.
    """

    service: str
    item: str
    needed_at: datetime


class DropRide(Question[Booking], frozen=True, kw_only=True):
    """Who gives this booking back, with what was set aside? Answered by its operator.

    A booking that is over already is answered too: nothing is left to give back.
    """

    service: str
    booking: str


class BeginRide(Question[Booking], frozen=True, kw_only=True):
    """Who lets the caller have what was booked, now? Answered by its operator; a repeat is fine."""

    service: str
    booking: str


class RideReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a ride that is over has cost."""

    service: str
    booking: str
    paid_won: Won


class EndRide(Question[RideReceipt], frozen=True, kw_only=True):
    """Who takes back what the caller rode, here? Answered by its operator.

    `distance_m` is what the vehicle shows. Where it may not stay the operator refuses, unless the
    caller brings it to the nearest place within `led_m`.
    """

    service: str
    booking: str
    place: Point
    distance_m: Annotated[float, Meta(ge=0)] | None = None
    led_m: Annotated[float, Meta(ge=0, le=500)] = 0.0


class RideFailed(Event, frozen=True, kw_only=True):
    """A booked ride will not be had; `entity` is the booking, `person` the traveller."""

    service: str
    reason: Text


class TripMade(Event, frozen=True, kw_only=True):
    """A person has got from one place to another; `entity` is the person."""

    purpose: str
    mode: Mode
    origin: str  # zone
    destination: str  # zone
    depart_s: float  # after midnight, in the city's zone
    arrive_s: float
    distance_m: float
    service: str
    used: str  # the entity that was used, such as a rental
    paid: str  # the transfer that paid for it

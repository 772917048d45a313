"""The parts of TOMP-API documents that we read, as strict as the standard is. Pure.

Numbers are finite and lists bounded; what is not named here is not looked at.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, field

from hapgang.core.geometry import Latitude, Longitude, Point

Name = Annotated[str, Meta(min_length=1, max_length=200)]
State = Literal[
    "NEW", "PENDING", "REJECTED", "RELEASED", "EXPIRED", "CONDITIONAL_CONFIRMED", "CONFIRMED",
    "CANCELLED", "STARTED", "FINISHED",
]  # fmt: skip
LegState = Literal[
    "NOT_STARTED", "PREPARING", "IN_USE", "PAUSED", "FINISHING", "FINISHED", "ISSUE_REPORTED",
    "CANCELLED",
]  # fmt: skip


class Document(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Part of a TOMP document."""


class Coordinates(Document, frozen=True, kw_only=True):
    """Longitude and latitude, WGS 84."""

    lng: Longitude
    lat: Latitude

    @property
    def point(self) -> Point:
        """The same as a point."""
        return Point((self.lng, self.lat))


class Place(Document, frozen=True, kw_only=True):
    """Where something is."""

    coordinates: Coordinates
    name: str | None = None


class FarePart(Document, frozen=True, kw_only=True):
    """One part of what a ride costs."""

    amount: Annotated[float, Meta(ge=-1e9, le=1e9)]
    currency_code: str | None = None
    type: Literal["FIXED", "FLEX", "MAX"] = "FIXED"
    kind: Literal["DEFAULT", "DISCOUNT", "SURGE"] = "DEFAULT"
    unit_type: Literal["KM", "SECOND", "MINUTE", "HOUR", "MILE", "PERCENTAGE"] | None = None
    units: Annotated[float, Meta(gt=0, le=1e6)] | None = None
    scale_from: Annotated[float, Meta(ge=0, le=1e6)] | None = None
    scale_to: Annotated[float, Meta(ge=0, le=1e6)] | None = None
    scale_type: Literal["KM", "MILE", "HOUR", "MINUTE"] | None = None


class Fare(Document, frozen=True, kw_only=True):
    """What a ride costs: the sum of its parts, MAX excepted."""

    estimated: bool
    parts: Annotated[tuple[FarePart, ...], Meta(max_length=20)]


class PricingPlan(Document, frozen=True, kw_only=True):
    """One of an operator's price lists."""

    plan_id: Name
    fare: Fare


class Properties(Document, frozen=True, kw_only=True):
    """What is known of an asset or a kind of asset."""

    location: Place | None = None


class Asset(Document, frozen=True, kw_only=True):
    """One vehicle."""

    id: Name
    is_reserved: bool = False
    is_disabled: bool = False
    station_id: str | None = None
    overridden_properties: Properties | None = None


class AssetType(Document, frozen=True, kw_only=True):
    """One kind of vehicle; its assets are read one by one, so that a bad one costs no other."""

    id: Name
    station_id: str | None = None
    nr_available: int | None = None
    asset_class: str | None = None
    shared_properties: Properties | None = None
    assets: Annotated[tuple[msgspec.Raw, ...], Meta(max_length=20_000)] = ()
    applicable_pricings: Annotated[tuple[PricingPlan, ...], Meta(max_length=50)] = ()
    default_pricing_plan: PricingPlan | None = None


class Station(Document, frozen=True, kw_only=True):
    """Where vehicles stand."""

    station_id: Name
    coordinates: Coordinates


class Leg(Document, frozen=True, kw_only=True):
    """One leg of a booking, or the answer to an event of a leg."""

    id: Annotated[str, Meta(max_length=200)] = ""
    state: LegState | None = None
    pricing: Fare | None = None


class Booking(Document, frozen=True, kw_only=True):
    """A booking, or an offer of one."""

    id: Annotated[str, Meta(max_length=200)] = ""
    state: State | None = None
    legs: Annotated[tuple[Leg, ...], Meta(max_length=20)] = ()
    pricing: Fare | None = None


class Planning(Document, frozen=True, kw_only=True):
    """What an operator offers."""

    valid_until: datetime
    options: Annotated[tuple[Booking, ...], Meta(max_length=200)]


class Traveler(Document, frozen=True, kw_only=True):
    """What an operator gets to know of who travels."""

    age: Annotated[int, Meta(ge=0, le=150)] | None = None
    is_validated: bool = False
    license_types: Annotated[tuple[dict[str, Any], ...], Meta(max_length=20)] = ()


class PlanningRequest(Document, frozen=True, kw_only=True):
    """From where to where somebody wants to go with us."""

    start: Place = field(name="from")
    end: Place | None = field(name="to", default=None)
    departure_time: datetime | None = None
    nr_of_travelers: Annotated[int, Meta(ge=1, le=1)] = 1
    radius: Annotated[int, Meta(ge=0, le=5000)] = 1000
    travelers: Annotated[tuple[Traveler, ...], Meta(max_length=1)] = ()
    use_assets: Annotated[tuple[Name, ...], Meta(max_length=20)] = ()
    use_asset_types: Annotated[tuple[Name, ...], Meta(max_length=20)] = ()


class BookingRequest(Document, frozen=True, kw_only=True):
    """Which offer is taken."""

    id: Name


class BookingOperation(Document, frozen=True, kw_only=True):
    """What is to become of a booking."""

    operation: Literal["CANCEL", "DENY", "COMMIT", "EXTEND_EXPIRY_TIME"]


class LegEvent(Document, frozen=True, kw_only=True):
    """What happens on a leg."""

    time: datetime
    event: Literal[
        "PREPARE", "ASSIGN_ASSET", "SET_IN_USE", "PAUSE", "OPEN_TRUNK", "START_FINISHING", "FINISH",
        "TIME_EXTEND", "TIME_POSTPONE", "CANCEL",
    ]  # fmt: skip
    user_location: Place | None = None

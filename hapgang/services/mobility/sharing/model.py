"""What the sharing service owns: vehicles, stations, rentals, crews' tasks, demand; what it tells.

Attributes are named as in the Smart Data Models' Vehicle and BikeHireDockingStation where these
have a word, else as in GBFS 3.0.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hapgang.core.entity import Entity, Property, Relationship, entity
from hapgang.core.event import Event
from hapgang.core.geometry import Point
from hapgang.core.money import Won
from hapgang.core.text import Text

SERVICE = "mobility.sharing"

# The white paper, 'Mobility Service Structure', names three services: open micro PM, closed small
# PM, and small PM for the mobility handicapped.
Kind = Literal["closed", "open", "accessible"]
State = Literal[
    "free",  # may be reserved and rented
    "reserved",
    "rented",  # its place is the rider's own: it has none here
    "charging",  # plugged in at a station, with too little charge for a ride
    "empty",  # too little charge for a ride; waits for a crew
    "with_crew",  # a crew has it on its tour
    "out_of_service",  # broken, or set aside by an operator
    "missing",  # nobody knows where it is; `location` is where it was last seen
]
Percent = Annotated[float, Meta(ge=0, le=100)]
Metres = Annotated[float, Meta(ge=0)]


@entity("PersonalMobilityVehicle", is_internal=True)
class Vehicle(Entity, frozen=True, kw_only=True):
    """A shared vehicle for one or two people. Nothing in it says who rides it or where to.

    Internal, because whoever sees one id at two places knows a ride: the public meets vehicles in
    `find_vehicles` and in the GBFS feed, by ids that change.
    """

    kind: Kind
    plate: Annotated[str, Property("fleetVehicleId", indexed=True)]  # as printed on the vehicle
    public_id: Annotated[str, Property("vehicleId", indexed=True)]  # on maps; new after every ride
    state: Annotated[State, Property("serviceStatus", indexed=True)]
    location: Point | None
    battery_pct: Annotated[Percent, Property("batteryLevel", unit="P1")]
    station: Annotated[str | None, Relationship("refStation", indexed=True)] = None
    odometer_km: Annotated[float, Property("mileageFromOdometer", unit="KMT"), Meta(ge=0)] = 0.0
    ends_at: Annotated[datetime | None, Property("availableUntil")] = None  # of what it is in
    fault: str | None = None  # why it is out of service
    wants_visit: bool = False  # a crew should go and look


@entity("PersonalMobilityStation")
class Station(Entity, frozen=True, kw_only=True):
    """A marked place with chargers where vehicles stand without blocking anybody."""

    title: Annotated[Text, Property("name")]
    location: Point
    capacity: Annotated[int, Property("totalSlotNumber"), Meta(ge=0)]


RentalState = Literal["reserved", "riding", "ended", "overdue", "lapsed", "cancelled"]


@entity("PersonalMobilityRental", person="renter")
class Rental(Entity, frozen=True, kw_only=True):
    """One person's use of one vehicle, from reserving it to paying for it."""

    renter: Annotated[str, Relationship("renter", indexed=True)]
    vehicle: Annotated[str, Relationship("refVehicle", indexed=True)]
    kind: Kind
    state: RentalState
    reserved_at: datetime | None = None
    rented_at: datetime | None = None
    returned_at: datetime | None = None
    origin: Point | None = None
    destination: Point | None = None
    max_speed_kmh: Annotated[float, Property("maximumSpeed", unit="KMH")]  # the vehicle is held to
    distance_m: Annotated[Metres, Property("distance", unit="MTR")] = 0.0
    held_won: Annotated[Won, Property("held", unit="KRW")] = 0
    fare_won: Annotated[Won, Property("fare", unit="KRW")] = 0
    hold: Annotated[str | None, Relationship("hold")] = None  # transfers in the ledger
    payment: Annotated[str | None, Relationship("payment")] = None
    doubts: tuple[str, ...] = ()  # why a person should look at the fare


@entity("PersonalMobilityReview", person="renter")
class Review(Entity, frozen=True, kw_only=True):
    """A fare that an operator has to look at; it is settled when it is gone."""

    renter: Annotated[str, Relationship("renter", indexed=True)]
    rental: Annotated[str, Relationship("refRental")]
    payment: Annotated[str | None, Relationship("payment")]
    fare_won: Annotated[Won, Property("fare", unit="KRW")]
    doubts: tuple[str, ...]
    raised_at: datetime


Problem = Literal["damaged", "blocks_the_way", "other"]


@entity("PersonalMobilityReport", person="reporter")
class ProblemReport(Entity, frozen=True, kw_only=True):
    """Who said what about a vehicle; that something was said is told by `PmReported`."""

    reporter: Annotated[str, Relationship("reporter")]
    vehicle: Annotated[str, Relationship("refVehicle")]
    problem: Problem
    note: str
    reported_at: datetime


Work = Literal["swap", "move", "visit"]  # batteries; rebalancing; looking what is wrong


class Errand(msgspec.Struct, frozen=True):
    """One vehicle on a tour: where it is, and where it is to be brought, if anywhere."""

    vehicle: str
    at: Point
    to: Point | None = None


@entity("PersonalMobilityTask", is_internal=True)
class Task(Entity, frozen=True, kw_only=True):
    """A tour for one crew."""

    work: Work
    state: Annotated[Literal["open", "taken", "done", "dropped"], Property(indexed=True)]
    location: Point  # where it begins
    errands: tuple[Errand, ...]
    duration_s: Annotated[float, Property("estimatedDuration", unit="SEC"), Meta(ge=0)]
    crew: Annotated[str | None, Property(indexed=True)] = None
    due_at: datetime | None = None
    late: int = 0  # how often a crew took it and did not come back


@entity("PersonalMobilityArea")
class Area(Entity, frozen=True, kw_only=True):
    """Rides that began and ended in one zone of the city in the running hour."""

    departures: Annotated[int, Meta(ge=0)] = 0
    arrivals: Annotated[int, Meta(ge=0)] = 0


@entity("PersonalMobilityDemand")
class Demand(Entity, frozen=True, kw_only=True):
    """What is known of one hour of the week: discounted sums for every area, and of weeks."""

    hour: Annotated[int, Meta(ge=0, lt=168)]
    departures: tuple[float, ...]
    arrivals: tuple[float, ...]
    weeks: float


@entity("PersonalMobilityDemandLevel")
class DemandLevel(Entity, frozen=True, kw_only=True):
    """Rides of the last days, counted and expected, all areas together."""

    actual: float = 0.0
    expected: float = 0.0


@entity("PersonalMobilityPause")
class Pause(Entity, frozen=True, kw_only=True):
    """A kind of vehicle that is not rented out for now."""

    kind: Kind
    reason: Text
    since: datetime


class PmRented(Event, frozen=True, kw_only=True):
    """A ride began; whose is not told."""

    kind: Kind
    area: str
    reserved: bool


class PmReturned(Event, frozen=True, kw_only=True):
    """A ride ended; whose is not told."""

    kind: Kind
    area: str
    ride_s: float
    distance_m: float
    fare_won: int
    parking: Literal["station", "street", "unknown"]
    doubtful: bool


class PmReported(Event, frozen=True, kw_only=True):
    """Somebody said that something is wrong with a vehicle; who is not told."""

    problem: Problem


class PmServed(Event, frozen=True, kw_only=True):
    """A crew finished, or failed to finish in time, a tour."""

    work: Work
    vehicles: int
    in_time: bool


class PmFleetCounted(Event, frozen=True, kw_only=True):
    """How the fleet was at one moment."""

    vehicles: int
    free: int
    in_use: int  # reserved or rented
    out_of_charge: int
    out_of_order: int  # broken, missing or on a tour


class Tariff(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a ride costs, the same for every kind so that nobody is priced into the rain.

    Defaults: the list price of the shared electric bicycles of Sejong itself, 500 won for the first
    five minutes, 100 won a minute after, 120 won insurance a ride (Sejong City, press release of
    2019-08-30 on "Elecle", Newspim and Asia Business Daily). 100 won a minute was the price of
    Seoul's shared electric cars too (Hankook Ilbo, 2013-05-07).
    """

    unlock_won: Won = 620
    included_min: Annotated[int, Meta(ge=0)] = 5
    per_min_won: Won = 100
    per_km_won: Won = 0  # Korean operators charge time only
    # Assumption: nobody pays more than for an hour; this is also what is held when a ride begins.
    most_won: Annotated[int, Meta(ge=1, le=1_000_000)] = 6_120


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a scenario may set. A number of vehicles that is absent follows from the residents."""

    closed_vehicles: Annotated[int, Meta(ge=0)] | None = None
    open_vehicles: Annotated[int, Meta(ge=0)] | None = None
    accessible_vehicles: Annotated[int, Meta(ge=0)] | None = None
    crews: Annotated[int, Meta(ge=0)] = 6  # assumption: two at work in each of three shifts
    tariff: Tariff = Tariff()
    # Assumption: ten minutes, twice the five in which any hub is reached (the white paper, "Seven
    # Innovative Factors Reflected in the Land Utilization Plan").
    reserve_min: Annotated[int, Meta(ge=1, le=120)] = 10
    # Assumption: nobody needs two hours for a city of 2.7 km2; a longer ride is an error.
    ride_limit_min: Annotated[int, Meta(ge=10, le=1440)] = 120
    # The white paper, same chapter: any hub within 5 minutes.
    walk_reach_min: Annotated[float, Meta(gt=0, le=30)] = 5.0
    # Assumption: more than four vehicles at one spot narrow a sidewalk for a wheelchair.
    most_at_a_spot: Annotated[int, Meta(ge=1)] = 4
    # American Meteorological Society, Glossary of Meteorology, "rain": heavy above 7.6 mm/h.
    heavy_rain_mm_h: Annotated[float, Meta(ge=0)] = 7.6
    # Assumption: two wheels have no hold on snow that falls this fast (water equivalent).
    heavy_snow_mm_h: Annotated[float, Meta(ge=0)] = 0.5
    # Hours (city time) at which vehicles are brought to where they will be wanted: night and the
    # two valleys between peaks. Assumption.
    rebalance_hours: tuple[Annotated[int, Meta(ge=0, lt=24)], ...] = (3, 10, 14)
    public_url: str = "http://localhost:8000/api/mobility/sharing"  # in front of /gbfs
    contact_email: str = "mobility@example.org"


OWNS = (
    Vehicle,
    Station,
    Rental,
    Review,
    ProblemReport,
    Task,
    Area,
    Demand,
    DemandLevel,
    Pause,
)

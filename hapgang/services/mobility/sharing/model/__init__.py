"""What the sharing service owns: vehicles, stations, rentals, crews' tasks, demand; what it tells.

Attributes are named as in the Smart Data Models' Vehicle and BikeHireDockingStation where these
have a word, else as in GBFS 3.0.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hapgang.core.entity import Entity, Property, Relationship, entity
from hapgang.core.geometry import Point
from hapgang.core.money import Won
from hapgang.core.text import Text, Words
from hapgang.services.mobility.sharing.model.terms import Settings as Settings
from hapgang.services.mobility.sharing.model.terms import Tariff as Tariff
from hapgang.services.mobility.sharing.model.told import Kind as Kind
from hapgang.services.mobility.sharing.model.told import PmFleetCounted as PmFleetCounted
from hapgang.services.mobility.sharing.model.told import PmRented as PmRented
from hapgang.services.mobility.sharing.model.told import PmReported as PmReported
from hapgang.services.mobility.sharing.model.told import PmReturned as PmReturned
from hapgang.services.mobility.sharing.model.told import PmServed as PmServed
from hapgang.services.mobility.sharing.model.told import Problem as Problem
from hapgang.services.mobility.sharing.model.told import Work as Work

SERVICE = "mobility.sharing"

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


@entity(
    "PersonalMobilityVehicle",
    is_internal=True,
    words=Words(
        Text("Shared scooters and bikes, one by one", "공유 킥보드와 자전거 한 대 한 대"),
        Text(
            "Where each one stands and how full its battery is. For the people who run them.",
            "한 대 한 대가 어디에 있고 배터리가 얼마나 남았는지예요. 운영하는 사람만 봐요.",
        ),
    ),
)
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


@entity(
    "PersonalMobilityStation",
    words=Words(
        Text("Scooter and bike stations", "킥보드·자전거 대여소"),
        Text(
            "Where shared scooters and bikes stand, and how many fit there.",
            "공유 킥보드와 자전거를 세워 두는 곳과 세울 수 있는 수예요.",
        ),
        is_open=True,
    ),
)
class Station(Entity, frozen=True, kw_only=True):
    """A marked place with chargers where vehicles stand without blocking anybody."""

    title: Annotated[Text, Property("name")]
    location: Point
    capacity: Annotated[int, Property("totalSlotNumber"), Meta(ge=0)]


RentalState = Literal["reserved", "riding", "ended", "overdue", "lapsed", "cancelled"]


@entity(
    "PersonalMobilityRental",
    person="renter",
    words=Words(
        Text("Rides with a scooter or bike", "킥보드·자전거를 탄 기록"),
        Text(
            "Who rode when and what it cost. Sealed: each person sees only their own.",
            "누가 언제 타고 얼마를 냈는지예요. 봉인되어 있어 본인 것만 볼 수 있어요.",
        ),
    ),
)
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


@entity(
    "PersonalMobilityReview",
    person="renter",
    words=Words(
        Text("Fares that somebody checks", "다시 확인하는 요금"),
        Text(
            "Rides whose price looks wrong, until a person has looked. Sealed.",
            "요금이 이상해 보여 사람이 확인할 기록이에요. 봉인되어 있어요.",
        ),
    ),
)
class Review(Entity, frozen=True, kw_only=True):
    """A fare that an operator has to look at; it is settled when it is gone."""

    renter: Annotated[str, Relationship("renter", indexed=True)]
    rental: Annotated[str, Relationship("refRental")]
    payment: Annotated[str | None, Relationship("payment")]
    fare_won: Annotated[Won, Property("fare", unit="KRW")]
    doubts: tuple[str, ...]
    raised_at: datetime


@entity(
    "PersonalMobilityReport",
    person="reporter",
    words=Words(
        Text("Broken scooters that people told of", "고장 신고"),
        Text(
            "Who told what is wrong with a scooter or bike. Sealed.",
            "누가 무엇이 고장 났다고 알렸는지예요. 봉인되어 있어요.",
        ),
    ),
)
class ProblemReport(Entity, frozen=True, kw_only=True):
    """Who said what about a vehicle; that something was said is told by `PmReported`."""

    reporter: Annotated[str, Relationship("reporter")]
    vehicle: Annotated[str, Relationship("refVehicle")]
    problem: Problem
    note: str
    reported_at: datetime


class Errand(msgspec.Struct, frozen=True):
    """One vehicle on a tour: where it is, and where it is to be brought, if anywhere."""

    vehicle: str
    at: Point
    to: Point | None = None


@entity(
    "PersonalMobilityTask",
    is_internal=True,
    words=Words(
        Text("Tours of the repair crews", "정비반이 도는 길"),
        Text(
            "Which scooters a crew charges, moves or looks at next.",
            "정비반이 어떤 기기를 충전하고 옮기고 살펴볼지예요.",
        ),
    ),
)
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


@entity(
    "PersonalMobilityArea",
    words=Words(
        Text("Rides by neighbourhood, this hour", "지금 시간 동네별 이용 수"),
        Text(
            "How many rides began and ended in each part of the city. Nobody's name is in it.",
            "동네마다 몇 번 출발하고 도착했는지예요. 누구인지는 없어요.",
        ),
    ),
)
class Area(Entity, frozen=True, kw_only=True):
    """Rides that began and ended in one zone of the city in the running hour."""

    departures: Annotated[int, Meta(ge=0)] = 0
    arrivals: Annotated[int, Meta(ge=0)] = 0


@entity(
    "PersonalMobilityDemand",
    words=Words(
        Text("Usual rides of each hour of the week", "요일·시간별 보통 이용 수"),
        Text(
            "What the city learned about when and where people ride.",
            "사람들이 언제 어디서 타는지 도시가 배운 값이에요.",
        ),
        is_open=True,
    ),
)
class Demand(Entity, frozen=True, kw_only=True):
    """What is known of one hour of the week: discounted sums for every area, and of weeks."""

    hour: Annotated[int, Meta(ge=0, lt=168)]
    departures: tuple[float, ...]
    arrivals: tuple[float, ...]
    weeks: float


@entity(
    "PersonalMobilityDemandLevel",
    words=Words(
        Text("More or fewer rides than expected", "예상보다 많은지 적은지"),
        Text(
            "Rides of the last days, counted and expected.",
            "지난 며칠의 이용 수를 센 값과 예상한 값이에요.",
        ),
        is_open=True,
    ),
)
class DemandLevel(Entity, frozen=True, kw_only=True):
    """Rides of the last days, counted and expected, all areas together."""

    actual: float = 0.0
    expected: float = 0.0


@entity(
    "PersonalMobilityPause",
    words=Words(
        Text("Scooters that may not run now", "지금 쉬는 기기 종류"),
        Text(
            "Which kinds are not rented out for now, and why, such as heavy rain.",
            "큰비처럼 어떤 까닭으로 지금 빌려주지 않는 종류예요.",
        ),
        is_open=True,
    ),
)
class Pause(Entity, frozen=True, kw_only=True):
    """A kind of vehicle that is not rented out for now."""

    kind: Kind
    reason: Text
    since: datetime


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

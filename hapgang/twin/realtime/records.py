"""What GTFS-Realtime says, as plain records."""

from typing import Any, Literal, NamedTuple

from google.transit import gtfs_realtime_pb2

from hapgang.core.text import Text

pb: Any = gtfs_realtime_pb2  # its enumerations know more than their types tell
State = Literal["told", "skipped", "unknown", "unscheduled"]
STATES: dict[int, State] = {
    pb.TripUpdate.StopTimeUpdate.SCHEDULED: "told",
    pb.TripUpdate.StopTimeUpdate.SKIPPED: "skipped",
    pb.TripUpdate.StopTimeUpdate.NO_DATA: "unknown",
    pb.TripUpdate.StopTimeUpdate.UNSCHEDULED: "unscheduled",
}


class Moment(NamedTuple):
    """When a vehicle comes to a stop or leaves it: late by so much, or at an instant (POSIX s)."""

    delay_s: int | None = None
    at: int | None = None


class StopTime(NamedTuple):
    """What is told of one call of a trip."""

    sequence: int | None = None
    stop: str = ""
    arrival: Moment = Moment()
    departure: Moment = Moment()
    state: State = "told"


class TripName(NamedTuple):
    """Which trip is meant: of the timetable, on a day, and where it is repeated at a time."""

    trip: str = ""
    route: str = ""
    start_date: str = ""  # YYYYMMDD
    start_time: str = ""  # HH:MM:SS
    relation: str = "SCHEDULED"


class TripUpdate(NamedTuple):
    """How one trip runs."""

    entity: str
    trip: TripName
    stops: tuple[StopTime, ...] = ()
    delay_s: int | None = None
    at: int = 0  # POSIX s; 0: not told


class Vehicle(NamedTuple):
    """Where a vehicle is."""

    entity: str
    vehicle: str
    label: str
    trip: TripName
    lon: float
    lat: float
    bearing_deg: float | None
    speed_m_s: float | None
    occupancy: str
    at: int


class Subject(NamedTuple):
    """What an alert is about."""

    agency: str = ""
    route: str = ""
    stop: str = ""
    trip: TripName = TripName()


class Alert(NamedTuple):
    """Trouble in words; periods are POSIX s, 0 without end."""

    entity: str
    title: Text
    text: Text = Text("", "")
    url: str = ""
    cause: str = ""
    effect: str = ""
    about: tuple[Subject, ...] = ()
    periods: tuple[tuple[int, int], ...] = ()


class Dirty(NamedTuple):
    """A line of a document that cannot be used, and why."""

    entity: str
    reason: str


class Document(NamedTuple):
    """A feed's message. `whole`: what it does not tell any more does not hold any more."""

    at: int
    whole: bool
    updates: tuple[TripUpdate, ...]
    vehicles: tuple[Vehicle, ...]
    alerts: tuple[Alert, ...]
    gone: tuple[str, ...]  # entities that are deleted, where it is not whole
    dirty: tuple[Dirty, ...]

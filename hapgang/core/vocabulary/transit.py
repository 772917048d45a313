"""Public transport as it runs now: what feeds tell of late runs, vehicles and trouble (GTFS-RT)."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hapgang.core.entity import Entity, Property, Relationship, entity
from hapgang.core.geometry import Point
from hapgang.core.text import Text, Words

Seconds = Annotated[int, Meta(ge=-3600, le=86_400)]
CallState = Literal["told", "skipped", "unknown"]


class CallDelay(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How late a run comes to and leaves one of its calls; from "unknown" on nothing is known."""

    call: Annotated[int, Meta(ge=0)]  # 0 is the first stop of the run
    arrival_s: Seconds = 0
    departure_s: Seconds = 0
    state: CallState = "told"


class About(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an alert is about: all that is given must fit; what is empty fits everything."""

    agency: str = ""
    route: str = ""
    stop: str = ""
    trip: str = ""
    day: str = ""  # of the trip, YYYY-MM-DD


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """From when to when something holds; None is without end."""

    start_at: datetime | None = None
    end_at: datetime | None = None

    def holds(self, start_at: datetime, end_at: datetime) -> bool:
        """Whether it holds at any instant of a span."""
        begun = self.start_at is None or self.start_at <= end_at
        return begun and (self.end_at is None or self.end_at >= start_at)


@entity(
    "TransitFeed",
    words=Words(
        Text("Who tells where the buses are", "버스 소식을 보내는 곳"),
        Text(
            "Each feed of public transport, and how fresh it is.",
            "대중교통 소식마다 얼마나 새로운지예요.",
        ),
        is_open=True,
    ),
)
class TransitFeed(Entity, frozen=True, kw_only=True):
    """A feed of public transport, and how fresh it is."""

    source: str
    sent_by: Annotated[str, Relationship("sentBy")]  # who tells it; no other device may
    told_at: Annotated[datetime, Property("dateObserved")]  # by its own clock
    runs_at: datetime | None = None  # when it last told of runs, of alerts
    alerts_at: datetime | None = None
    late_runs: int = 0
    cancelled_runs: int = 0
    vehicles: int = 0
    alerts: int = 0
    dirty: int = 0  # lines of the last document that could not be used
    problems: tuple[str, ...] = ()  # the first of them


@entity(
    "LiveTimetable",
    words=Words(
        Text("Has the timetable changed?", "시간표가 바뀌었나"),
        Text(
            "A name for the present state of all delays.",
            "지금의 모든 지연 상태에 붙인 이름이에요.",
        ),
        is_open=True,
    ),
)
class LiveTimetable(Entity, frozen=True, kw_only=True):
    """Which state of all delays together holds: one name for each, so that plans can tell."""

    state: str
    changed_at: datetime


@entity(
    "TransitVehicle",
    words=Words(
        Text("Buses and trains on the map", "지도 위의 버스와 열차"),
        Text(
            "Where each vehicle was last seen, and how full it is.",
            "차가 마지막으로 보인 곳과 얼마나 붐비는지예요.",
        ),
        is_open=True,
    ),
)
class TransitVehicle(Entity, frozen=True, kw_only=True):
    """A vehicle of public transport, where it was last seen."""

    location: Point
    seen_at: Annotated[datetime, Property("dateObserved")]
    source: Annotated[str, Property(indexed=True)]
    label: str = ""
    trip: str = ""
    route: str = ""
    day: str = ""  # of the trip
    bearing_deg: Annotated[float | None, Property("heading", unit="DD")] = None
    speed_m_s: Annotated[float | None, Property("speed", unit="MTS")] = None
    occupancy: str = ""  # GTFS-RT's word


@entity(
    "TransitAlert",
    words=Words(
        Text("Trouble on buses and trains", "버스와 열차의 불편 알림"),
        Text(
            "What is out of order, where and until when.",
            "무엇이 어디서 언제까지 안 되는지예요.",
        ),
        is_open=True,
    ),
)
class TransitAlert(Entity, frozen=True, kw_only=True):
    """Trouble on public transport, in words."""

    source: Annotated[str, Property(indexed=True)]
    title: Text
    text: Text = Text("", "")
    url: str = ""
    cause: str = ""  # GTFS-RT's words
    effect: str = ""
    about: tuple[About, ...] = ()
    periods: tuple[Period, ...] = ()

    def holds(self, start_at: datetime, end_at: datetime) -> bool:
        """Whether it holds at any instant of a span."""
        return not self.periods or any(one.holds(start_at, end_at) for one in self.periods)

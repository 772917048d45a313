"""Scenarios: the changes that a city is rehearsed with, and drafts of them that people edit."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.entity import Entity, Relationship, Sharing, entity
from hapgang.core.text import Text, Words

_Lon = Annotated[float, Meta(ge=-180, le=180)]
_Lat = Annotated[float, Meta(ge=-90, le=90)]


class _Change(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="do", forbid_unknown_fields=True
):
    """One change; `source` says where it is written."""

    source: str = ""


class OnLinks(_Change, frozen=True, kw_only=True):
    """A change of links: those named, of a kind, or more than half inside an area.

    `area` is the name of an area or a kind of areas. What is given narrows the choice.
    """

    area: str | None = None
    kind: str | None = None
    links: tuple[str, ...] | None = None


class Restrict(OnLinks, frozen=True, kw_only=True, tag="restrict"):
    """Modes that may no longer use some links."""

    modes: tuple[str, ...]


class Open(OnLinks, frozen=True, kw_only=True, tag="open"):
    """Modes that may now use some links as well."""

    modes: tuple[str, ...]


class Close(OnLinks, frozen=True, kw_only=True, tag="close"):
    """Links that nobody may use."""


class Speed(OnLinks, frozen=True, kw_only=True, tag="speed"):
    """A speed that nobody may exceed on some links; with `raises`, slower links get it too."""

    max_kmh: float
    raises: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.max_kmh <= 200:
            raise ValueError("max_kmh must lie between 1 and 200")


class Headway(_Change, frozen=True, kw_only=True, tag="headway"):
    """A GTFS route that runs every so many minutes instead of as its timetable says."""

    route: str
    minutes: float

    def __post_init__(self) -> None:
        if not 0.5 <= self.minutes <= 1440:
            raise ValueError("minutes must lie between 0.5 and 1440")


class AddRoute(_Change, frozen=True, kw_only=True, tag="route"):
    """A GTFS route that runs only in scenarios that say so."""

    route: str


class MoveStop(_Change, frozen=True, kw_only=True, tag="stop"):
    """A GTFS stop that stands elsewhere; what runs there keeps its times."""

    stop: str
    lon: _Lon
    lat: _Lat


class AddCarPark(_Change, frozen=True, kw_only=True, tag="car_park"):
    """A place where owned cars may be left; `place` is a name that no other place has."""

    place: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{1,60}$(?!\n)")]
    title: Text
    capacity: Annotated[int, Meta(ge=1, le=5000)]
    lon: _Lon
    lat: _Lat


Change = Restrict | Open | Close | Speed | Headway | AddRoute | MoveStop | AddCarPark

Title = Annotated[str, Meta(min_length=1, max_length=80)]


@entity(
    "ScenarioDraft",
    sharing=Sharing.OWNED,
    person="author",
    words=Words(
        Text("Plans people are drawing", "사람들이 그리는 계획"),
        Text(
            "Ideas for changing streets and stops, each with its author.",
            "길과 정류장을 바꾸는 생각과 그 지은이예요.",
        ),
    ),
)
class ScenarioDraft(Entity, frozen=True, kw_only=True):
    """A scenario that somebody is working on: a copy of one, with its own list of changes.

    Services and their settings are those of `base`, a scenario of the city's folder.
    """

    author: Annotated[str, Relationship(indexed=True)]
    role: str  # the author's, when it was copied
    title: Title
    base: str
    copied_from: str | None = None  # another draft
    changes: tuple[Change, ...] = ()
    version: Annotated[int, Meta(ge=1)] = 1  # how often it was saved
    updated_at: datetime


@entity(
    "Rehearsal",
    sharing=Sharing.OWNED,
    person="wanted_by",
    words=Words(
        Text("Rehearsals people asked for", "사람들이 부탁한 예행"),
        Text(
            "Which days somebody wants tried out in the virtual city.",
            "가상 도시에서 미리 해 보고 싶은 하루예요.",
        ),
    ),
)
class Rehearsal(Entity, frozen=True, kw_only=True):
    """Rehearsed days that somebody wants: of a scenario, and of its base for comparison."""

    wanted_by: Annotated[str, Relationship(indexed=True)]
    role: str
    title: Title
    scenario: str  # as its runs name it
    draft: str | None = None
    version: int | None = None  # of the draft
    residents: Annotated[int, Meta(ge=1)]
    seeds: Annotated[int, Meta(ge=1)]
    weather: str
    job: Annotated[str, Relationship(indexed=True)]
    wanted_at: datetime
    runs: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()  # runs of the base, by the same seeds

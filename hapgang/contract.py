"""THE contract between the platform and a service.

A service is one folder with one frozen `Service(...)`: what it owns, reads, hears, answers, offers
to callers and measures. Its actions are plain functions `action(city, *, ...)`; everything they may
touch is on `City`. A service cannot tell the virtual city from the real one.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol, TypeVar

import msgspec

from hapgang.core.callers import ANYONE, Caller, Role
from hapgang.core.chance import Stream
from hapgang.core.entity import Entity, type_of
from hapgang.core.errors import CityError
from hapgang.core.event import Change, Changed, Event, Question
from hapgang.core.geometry import Point
from hapgang.core.ids import new_urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.mobility import Offer, Traveller
from hapgang.core.vocabulary.purchases import Purchase
from hapgang.hub.desk import Desk
from hapgang.hub.lake import LakeView
from hapgang.hub.query import where
from hapgang.ledger.till import Till

if TYPE_CHECKING:
    from hapgang.twin.scene import Scene

__all__ = [
    "ANYONE", "Action", "Aside", "Caller", "Changed", "City", "Do", "Feed", "Fetch", "Habit",
    "Handler", "Kpi", "Level", "Moment", "Read", "Role", "Route", "Schedule", "Service",
    "Situation", "Steps", "Text", "where",
]  # fmt: skip

A = TypeVar("A")
S = TypeVar("S", bound=msgspec.Struct)
T = TypeVar("T")
Action = Callable[..., Any]


class Level(Enum):
    """How far a service has come; each level is checked by a test."""

    SKETCHED = "sketched"  # actions and tests
    REHEARSED = "rehearsed"  # habits, KPIs, page, bad input
    CALIBRATED = "calibrated"  # compared with published cases and peers
    LIVE = "live"  # adapters to the real standard, tested with a client we did not write


class City(Protocol):
    """What an action receives; all of it belongs to one service and one unit."""

    caller: Caller
    hub: Desk
    ledger: Till

    @property
    def now(self) -> datetime:
        """The instant of this unit, UTC; the same however long the action takes."""

    @property
    def twin(self) -> "Scene":
        """The model of the ground that the city stands on."""

    @property
    def rng(self) -> Stream:
        """Chance: a stream of this service and this caller."""

    def settings(self, form: type[S]) -> S:
        """Return this service's settings in the city's scenario; what is absent has its default."""

    def ask(self, question: Question[A]) -> list[A]:
        """Return what the other services answer, in the order of their names."""

    def start(self, title: Text, compute: Callable[..., Any], then: Action, **snapshot: Any) -> str:
        """Start a job when this unit is safe; return its id.

        `compute(report, **snapshot)` is pure and runs outside the writer; `report(share)` tells
        progress in [0, 1] and raises when the job was cancelled. `then(city, result=...)` is called
        as an action with what it returned, and has to check that it still holds.
        """

    def tell(self, person: str, title: Text, body: Text) -> None:
        """Put a line into a person's inbox."""


@dataclass(frozen=True)
class Aside:
    """Long work that an action hands out: `found = yield Aside(work)`, declared `-> Steps[T]`.

    `work` is pure and looks at nothing that changes: not at `city`, only at the twin and at what
    was read before. It is done beside the city, in a thread, while other actions go on. What lies
    between two of them is a unit of its own: an action that yields has written nothing so far, and
    what it read may have changed when it goes on. In a rehearsal all is done at once.
    """

    work: Callable[[], Any]


Steps = Generator[Aside, Any, T]


def new_id(city: City, view: type[Entity]) -> str:
    """Return a fresh id for an entity of this view."""
    return new_urn(type_of(view).name, city.rng)


@dataclass(frozen=True, kw_only=True)
class Read:
    """A wish to read fields of a type that another service or the platform writes."""

    view: type[Entity]
    fields: tuple[str, ...]
    purpose: Text  # whose data it is can read it


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """An action that runs again and again on the city's clock."""

    every: timedelta
    action: Action


@dataclass(frozen=True, kw_only=True)
class Fetch:
    """Documents at addresses that a scenario names in a setting of the service: a list of `Feed`.

    They are fetched again and again and handed to the action as `source: str` and `body: bytes`.
    """

    setting: str
    action: Action


class Feed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An address where a document lies that changes."""

    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$(?!\n)")]
    url: Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s]{3,2000}$(?!\n)")]
    every_s: Annotated[float, msgspec.Meta(ge=10, le=86_400)] = 30.0
    # Headers whose values are secrets: the header's name, and the environment variable that has it.
    headers: Mapping[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class Route:
    """A door to an action: where, by which method, and who may."""

    method: Literal["GET", "POST", "PATCH", "PUT", "DELETE"]
    path: str
    action: Action
    allow: tuple[Role, ...]
    media_type: str = "application/json"  # of the answer; if it is not JSON, the action gives bytes
    # What the body is; what is not JSON reaches the action whole, as its argument `body: bytes`.
    takes: str = "application/json"
    # Attributes that callers have to hold beside the role: resident, age.16, licence.B, disability,
    # member.ORGANISATION.ROLE. Whatever is a person's own matter, nobody does in their name.
    needs: tuple[str, ...] = ()
    is_own: bool = False

    @classmethod
    def get(
        cls,
        path: str,
        action: Action,
        *,
        allow: tuple[Role, ...],
        media_type: str = "application/json",
        needs: tuple[str, ...] = (),
        is_own: bool = False,
    ) -> "Route":
        """Return a route that reads."""
        return cls(
            method="GET", path=path, action=action, allow=allow, media_type=media_type,
            needs=needs, is_own=is_own,
        )  # fmt: skip

    @classmethod
    def post(
        cls,
        path: str,
        action: Action,
        *,
        allow: tuple[Role, ...],
        needs: tuple[str, ...] = (),
        is_own: bool = False,
    ) -> "Route":
        """Return a route that does something."""
        return cls(method="POST", path=path, action=action, allow=allow, needs=needs, is_own=is_own)


@dataclass(frozen=True, kw_only=True)
class Kpi:
    """How we know that it works: a number measured from what happened."""

    name: str
    title: Text
    unit: str
    better: Literal["higher", "lower"]
    source: Text  # where the target is written, or else the definition
    measure: Callable[[LakeView], float | None]
    target: float | None = None
    tables: tuple[str, ...] = ("trip", "leg", "event", "transfer", "measurement")


class Moment(Enum):
    """When a virtual person thinks of a service."""

    SETS_OUT = "sets out"  # has just chosen this service's offer
    BOARDS = "boards"  # stands where the ride begins
    ALIGHTS = "alights"  # stands where the ride ends
    ARRIVES = "arrives"  # is where they wanted to be, and does what they came for
    WORKS = "works"  # is one of the service's staff, and has nothing in hand


@dataclass(frozen=True, kw_only=True)
class Do:
    """What a virtual person wants done."""

    action: Action
    arguments: Mapping[str, Any]
    after_s: float = 0.0  # how long it takes them to get to it
    # What was chosen, as it is after the action: made of what the action returned. What is booked
    # may differ a little from what was offered.
    becomes: Callable[[Any], Offer] | None = None


@dataclass(kw_only=True)
class Situation:
    """What a virtual person knows when a habit is asked what to do."""

    person: str
    place: Point | None
    offer: Offer | None = None
    stage: int = 0  # of the offer: which is set out for, boarded or left
    traveller: Traveller | None = None
    results: list[Any] = field(default_factory=list)  # of what they did before, on this occasion
    failed: bool = False  # whether the last thing they wanted was refused
    refusal: CityError | None = None  # what they were told then
    activity: str = ""  # for ARRIVES: what they came for, in the words of `TripMade.purpose`
    purchase: Purchase | None = None  # what they would buy there


@dataclass(frozen=True, kw_only=True)
class Habit:
    """What a virtual person does at a moment, again and again until it is None, which is "nothing".

    A habit that raises a `CityError` has been refused like an action.
    """

    moment: Moment
    do: Callable[[Situation], Do | None]
    staff: str = ""  # for WORKS: the setting that says how many work here


# What is heard is an Event or a Change; a handler may hand out long work as an action may.
Handler = Callable[[City, Any], Steps[None] | None]


@dataclass(frozen=True, kw_only=True)
class Service:
    """One resident service, as data. Its name is its folder: `mobility.sharing`."""

    title: Text
    level: Level
    owns: tuple[type[Entity], ...] = ()  # it alone writes these
    contributes: tuple[type[Entity], ...] = ()  # shared types: it writes what it created
    reads: tuple[Read, ...] = ()  # the rest is refused
    hears: Mapping[type[Event] | Changed, Handler] = field(default_factory=dict)
    answers: Mapping[type[Question[Any]], Callable[[City, Any], Any]] = field(default_factory=dict)
    every: tuple[Schedule, ...] = ()
    fetches: tuple[Fetch, ...] = ()
    # Computes of the twin what its actions will need soon, so that nobody waits for it: pure, done
    # in a thread at the start and then now and again; it takes the scene and the instant.
    ahead: Callable[["Scene", datetime], None] | None = None
    routes: tuple[Route, ...] = ()
    kpis: Sequence[Kpi] = ()
    habits: tuple[Habit, ...] = ()
    settings: type[msgspec.Struct] | None = None  # what a scenario may set, with defaults
    # Puts the service's things into a city that has none of them; it takes `scale`, 0 to 1: the
    # share of the city's residents who are there, below 1 in a rehearsal with fewer.
    setup: Action | None = None
    page: bool = False  # portal/src/services/<domain>/<service>/


__all__ += ["Change", "new_id"]

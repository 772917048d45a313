"""What an action receives: the city as one service sees it inside one unit at a time."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from hapgang.contract import Action, Caller
from hapgang.core.chance import Stream
from hapgang.core.event import Question
from hapgang.core.ids import new_urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.people import Message
from hapgang.core.vocabulary.platform import Job
from hapgang.hub.desk import Desk
from hapgang.hub.record import Record
from hapgang.ledger.till import Till
from hapgang.writer.unit import Unit

if TYPE_CHECKING:
    from hapgang.runtime.perform import Runtime
    from hapgang.twin.scene import Scene

MOST_MESSAGES = 200  # of one person: as many as an inbox shows
A = TypeVar("A")
S = TypeVar("S", bound=msgspec.Struct)


class StartedJob(NamedTuple):
    """A job that starts when its unit is safe."""

    id: str
    service: str
    compute: Callable[..., Any]
    then: Action
    snapshot: dict[str, Any]


class CityOf:
    """The city of one service for the length of one unit; see `contract.City`."""

    __slots__ = ("_runtime", "_service", "_unit", "caller", "hub", "ledger", "started")

    def __init__(self, runtime: "Runtime", service: str, unit: Unit, caller: Caller) -> None:
        """Open a desk and a till for the service in this unit."""
        self._runtime = runtime
        self._service = service
        self.caller = caller
        self.started: list[StartedJob] = []
        self.enter(unit)

    def enter(self, unit: Unit) -> None:
        """Go on in another unit, with a desk and a till for it."""
        runtime, service, caller = self._runtime, self._service, self.caller.id
        rights, looks = runtime.rights[service], self.caller.actor or caller
        self._unit = unit
        self.hub = Desk(rights, runtime.state, unit, looks, runtime.closed)
        self.ledger = Till(
            runtime.book, unit, service=service, caller=caller, is_platform=rights.is_platform
        )

    @property
    def now(self) -> datetime:
        """The instant of this unit, UTC."""
        return self._unit.at

    @property
    def twin(self) -> "Scene":
        """The model of the ground that the city stands on."""
        return self._runtime.scene

    @property
    def rng(self) -> Stream:
        """A stream of this service and this caller."""
        return self._runtime.stream(self._service, self.caller.id)

    def settings(self, form: type[S]) -> S:
        """Return this service's settings in the city's scenario."""
        return self._runtime.settings_of(self._service, form)

    def ask(self, question: Question[A]) -> list[A]:
        """Return what the other services answer, each under its own desk in this unit."""
        answers = []
        for service, answer in self._runtime.answerers(type(question)):
            if service == self._service:
                continue
            city = CityOf(self._runtime, service, self._unit, self.caller)
            found = answer(city, question)
            self.started.extend(city.started)
            if found is not None:
                answers.append(found)
        return answers

    def start(self, title: Text, compute: Callable[..., Any], then: Action, **snapshot: Any) -> str:
        """Start a job when this unit is safe; return its id."""
        job = Job(
            id=new_urn("Job", self.rng),
            title=title,
            service=self._service,
            state="waiting",
            started_at=self.now,
        )
        self._platform_desk().save(job)
        self.started.append(StartedJob(job.id, self._service, compute, then, snapshot))
        return job.id

    def tell(self, person: str, title: Text, body: Text) -> None:
        """Put a line into a person's inbox; of those there are, the oldest make room."""
        desk = self._platform_desk()
        before = list(self._runtime.state.with_value("Message", "person", person) or ())
        if len(before) >= MOST_MESSAGES:
            before.sort(key=_sent)
            for old in before[: 1 - MOST_MESSAGES]:
                desk.remove(old)
        message = Message(
            id=new_urn("Message", self.rng),
            person=person,
            title=title,
            body=body,
            sent_at=self.now,
        )
        desk.save(message)

    @property
    def unit(self) -> Unit:
        """The unit itself; only the platform's own actions may reach for it."""
        assert self._runtime.rights[self._service].is_platform
        return self._unit

    @property
    def runtime(self) -> "Runtime":
        """The runtime itself; only the platform's own actions may reach for it."""
        assert self._runtime.rights[self._service].is_platform
        return self._runtime

    def _platform_desk(self) -> Desk:
        rights = self._runtime.rights["platform"]
        return Desk(rights, self._runtime.state, self._unit, self.caller.id, self._runtime.closed)


def _sent(record: Record) -> tuple[datetime, str]:
    message = record.view
    assert isinstance(message, Message)
    return message.sent_at, message.id

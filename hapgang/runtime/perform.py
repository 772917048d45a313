"""The one door to every action.

HTTP, CLI, schedules, handlers, devices and virtual residents all enter by `Runtime.perform`: it
checks who calls and with what, runs the action in a unit, keeps the answer to a keyed request, and
takes everything back when the action fails.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from hapgang.contract import Action, Caller, Handler, Role, Service, Steps
from hapgang.core.chance import Stream
from hapgang.core.clock import Clock
from hapgang.core.errors import CityError, Conflict, Invalid
from hapgang.core.event import Question
from hapgang.core.remembered import Remembered
from hapgang.hub.record import Record
from hapgang.hub.state import State
from hapgang.ledger.book import Book
from hapgang.runtime.city import CityOf, StartedJob
from hapgang.runtime.keyed import answer_name, digest_of
from hapgang.runtime.metrics import Metrics
from hapgang.runtime.needs import held_by
from hapgang.runtime.specs import ActionSpec, rights_of, spec_of, specs_of
from hapgang.runtime.steps import Course, DoBeside, done_at_once
from hapgang.runtime.subscriptions import Subscriptions
from hapgang.writer.unit import Answer, Read, Unit
from hapgang.writer.writer import Writer

if TYPE_CHECKING:
    from hapgang.twin.scene import Scene

S = TypeVar("S", bound=msgspec.Struct)
PLATFORM = Caller("urn:ngsi-ld:Service:platform", Role.PLATFORM)
KEEP_ANSWERS = timedelta(hours=24)
ACTS = "acts for you"  # why an actor is among those who looked
_log = logging.getLogger(__name__)


class Kept(NamedTuple):
    """The answer to a keyed request, and when it was given."""

    at: datetime
    answer: Answer


_PEOPLE = (Role.RESIDENT, Role.VISITOR)


class Runtime:
    """A city's services over one writer: real or rehearsed, they cannot tell."""

    def __init__(
        self,
        services: Mapping[str, Service],
        *,
        clock: Clock,
        writer: Writer,
        scene: "Scene",
        seed: int,
        settings: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        """Bring services (with the platform's own, named `platform`) together."""
        self.services = dict(sorted(services.items()))
        self.clock = clock
        self.writer = writer
        self.scene = scene
        self.state = State()
        self.subscriptions = Subscriptions(self)
        self.book = Book()
        self.metrics = Metrics()
        self.rights = {
            name: rights_of(name, service, is_platform=name == "platform")
            for name, service in self.services.items()
        }
        self.specs: dict[Action, ActionSpec] = {}
        for name, service in self.services.items():
            self.specs.update(specs_of(name, service))
        self.started: deque[StartedJob] = deque()
        self.closed: Remembered[Record] = Remembered()
        self.answers: Remembered[Kept] = Remembered()
        self._seed = seed
        self._settings = settings or {}
        self._streams: dict[tuple[str, str], Stream] = {}
        self._answerers: dict[type[Question[Any]], list[tuple[str, Callable[..., Any]]]] = {}
        for name, service in self.services.items():
            for question, answer in service.answers.items():
                self._answerers.setdefault(question, []).append((name, answer))

    def perform(self, action: Action, caller: Caller, /, **arguments: Any) -> Any:
        """Do an action for a caller, and return what it returns."""
        spec = self.spec(action)
        spec.check_caller(caller, self.held)
        return self.run(spec, caller, spec.check_arguments(arguments))

    def run_once(
        self, spec: ActionSpec, caller: Caller, key: str, arguments: msgspec.Struct
    ) -> Any:
        """Run once for this caller's key; a repeat returns the first answer, encoded.

        `Conflict` when the key was used with other words.
        """
        digest = digest_of(spec.name, arguments, key)
        answered = self._answered(caller, key, digest)
        if answered is not None:
            return answered
        return self.run(spec, caller, arguments, key=(key, digest))

    def run(
        self,
        spec: ActionSpec,
        caller: Caller,
        arguments: msgspec.Struct,
        *,
        key: tuple[str, bytes] | None = None,
        cursor: tuple[str, int] | None = None,
    ) -> Any:
        """Run an action whose caller and arguments were checked, in a unit of its own."""
        started_s = time.perf_counter()
        unit = self.open(spec.name, caller)
        city = CityOf(self, spec.service, unit, caller)
        try:
            result = spec.action(city, **msgspec.structs.asdict(arguments))
            if spec.in_steps:
                result = done_at_once(result)
            if key is not None:
                self._keep(unit, caller, key, result)
        except BaseException as error:
            unit.take_back()
            self._count_failure(spec.name, error)
            raise
        if cursor is not None:
            unit.cursors[cursor[0]] = cursor[1]
        self.started.extend(city.started)
        self.writer.commit(unit)
        self.metrics.done(spec.name, time.perf_counter() - started_s)
        return result

    async def run_beside(
        self,
        spec: ActionSpec,
        caller: Caller,
        arguments: msgspec.Struct,
        beside: DoBeside,
        *,
        key: str | None = None,
    ) -> Any:
        """Run an action that hands out long work; a repeat of a key returns the first answer."""
        digest = b""
        if key is not None:
            digest = digest_of(spec.name, arguments, key)
            if (answered := self._answered(caller, key, digest)) is not None:
                return answered

        def finish(unit: Unit, result: Any) -> None:
            if key is not None:
                if self._answered(caller, key, digest) is not None:
                    raise Conflict("This was done meanwhile; ask again.", "이미 처리되었습니다.")
                self._keep(unit, caller, (key, digest), result)

        def begin(city: CityOf) -> Steps[Any]:
            steps: Steps[Any] = spec.action(city, **msgspec.structs.asdict(arguments))
            return steps

        course = Course(self, spec.service, spec.name, caller, begin, finish)
        try:
            result = await course.run(beside)
        except BaseException as error:
            self._count_failure(spec.name, error)
            raise
        self.metrics.done(spec.name, course.took_s)
        return result

    def open(self, name: str, caller: Caller) -> Unit:
        """Open a unit for a caller; `Unavailable` to outsiders while the disk is far behind."""
        if caller.role is not Role.PLATFORM:
            self.writer.check_room()
        by_person = caller.role in _PEOPLE
        unit = self.writer.begin(self.clock.now(), name, caller.id, by_person=by_person)
        if caller.actor is not None:  # whom they act for sees it among the looks at their data
            service, _, action = name.rpartition(".")
            unit.reads[Read(caller.id, caller.actor, service, ACTS, action)] = None
        return unit

    def held(self, caller: Caller) -> frozenset[str]:
        """Return what the city knows of a caller now."""
        return held_by(self.state, caller, self.clock.now().astimezone(self.clock.zone))

    def spec(self, action: Action) -> ActionSpec:
        """Return what is known of an action; an unlisted one is the platform's to call only."""
        found = self.specs.get(action)
        if found is None:
            service = self._service_of(action)
            found = self.specs[action] = spec_of(service, action, frozenset({Role.PLATFORM}))
        return found

    def react(self, service: str, handler: Handler, item: Any, cursor: tuple[str, int]) -> None:
        """Let a service take one line of the feed; its cursor moves in the same unit."""
        unit = self.writer.begin(self.clock.now(), f"{service}.hears", PLATFORM.id)
        city = CityOf(self, service, unit, PLATFORM)
        try:
            steps = handler(city, item)
            if steps is not None:
                done_at_once(steps)
        except BaseException:
            unit.take_back()
            raise
        unit.cursors[cursor[0]] = cursor[1]
        self.started.extend(city.started)
        self.writer.commit(unit)

    async def react_beside(
        self,
        service: str,
        handler: Handler,
        item: Any,
        cursor: tuple[str, int],
        beside: DoBeside,
    ) -> None:
        """As `react`, for a handler that hands out long work."""

        def begin(city: CityOf) -> Steps[Any]:
            steps = handler(city, item)
            assert steps is not None
            return steps

        def finish(unit: Unit, _: Any) -> None:
            unit.cursors[cursor[0]] = cursor[1]

        await Course(self, service, f"{service}.hears", PLATFORM, begin, finish).run(beside)

    def stream(self, service: str, caller: str) -> Stream:
        """Return the random stream of a service and a caller."""
        found = self._streams.get((service, caller))
        if found is None:
            found = self._streams[service, caller] = Stream.named(self._seed, service, caller)
        return found

    def answerers(self, question: type[Question[Any]]) -> list[tuple[str, Callable[..., Any]]]:
        """Return who answers a question, in the order of names."""
        return self._answerers.get(question, [])

    def settings_of(self, service: str, form: type[S]) -> S:
        """Return a service's settings in this city's scenario."""
        try:
            return msgspec.convert(self._settings.get(service, {}), form, strict=True)
        except msgspec.ValidationError as error:
            raise Invalid(f"the scenario's settings of {service} do not fit: {error}") from None

    def _answered(self, caller: Caller, key: str, digest: bytes) -> msgspec.Raw | None:
        kept = self.answers.find(answer_name(caller.id, key))
        if kept is None or self.clock.now() - kept.at >= KEEP_ANSWERS:
            return None
        if kept.answer.arguments != digest:
            raise Conflict(
                "This Idempotency-Key was used for another request; use a new one.",
                "이 Idempotency-Key는 다른 요청에 쓰였습니다. 새 키를 쓰세요.",
            )
        return msgspec.Raw(kept.answer.result)

    def _count_failure(self, name: str, error: BaseException) -> None:
        self.metrics.failed(name, error, self.clock.now())
        if not isinstance(error, CityError):
            _log.error("%s failed", name, exc_info=error)

    def _keep(self, unit: Unit, caller: Caller, key: tuple[str, bytes], result: Any) -> None:
        sealed_for = None if caller.role is Role.PLATFORM else caller.id  # of whomever it tells
        answer = Answer(caller.id, key[0], key[1], msgspec.json.encode(result), sealed_for)
        unit.answer = answer
        kept = Kept(unit.at, answer)
        unit.undo.append(self.answers.put(answer_name(caller.id, key[0]), kept))

    def _service_of(self, action: Action) -> str:
        module = action.__module__
        if module.startswith("hapgang.runtime."):
            return "platform"
        for name in self.services:
            if f".{name}." in f"{module}.":
                return name
        for spec in self.specs.values():
            if spec.action.__module__ == module:
                return spec.service
        raise TypeError(f"{module}.{action.__qualname__} belongs to no installed service")

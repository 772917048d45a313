"""What services hear: each reader of the feed has a durable cursor and takes lines in order.

A line that cannot be taken is tried again with growing pauses, and in the end put into a dead
letter that an operator sees and replays. At least once, so handlers are written to be repeatable.
"""

import asyncio
import inspect
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import msgspec

from hapgang.contract import Handler
from hapgang.core.entity import type_of
from hapgang.core.errors import CityError, NotFound, Unavailable
from hapgang.core.event import Change, Changed, Event
from hapgang.core.ids import urn
from hapgang.core.vocabulary.platform import DeadLetter
from hapgang.core.wire import plain
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.steps import DoBeside
from hapgang.writer.unit import Item, Unit

_PAUSES_S = (0.1, 0.5, 2.0)  # between tries; then the line becomes a dead letter
_MOST_IN_MEMORY = 50_000
_log = logging.getLogger(__name__)
FetchFeed = Callable[[int], Awaitable[list[tuple[int, Item]]]]


class Line(NamedTuple):
    """One line of the feed with its position."""

    position: int
    item: Item


class Reader:
    """One handler of one service, and how far it has come."""

    def __init__(self, runtime: Runtime, service: str, hears: Any, handler: Handler) -> None:
        """Read what `hears` names: an event class, or Changed(view)."""
        self.runtime = runtime
        self.service = service
        self.handler = handler
        self._in_steps = inspect.isgeneratorfunction(handler)
        self._event: type[Event] | None = None if isinstance(hears, Changed) else hears
        self.heard = type_of(hears.view).name if isinstance(hears, Changed) else hears.__name__
        self.name = f"{service}.{handler.__name__}({self.heard})"
        self.position = 0
        self.behind = False
        self.lines: deque[Line] = deque()
        self.wake = asyncio.Event()

    def wants(self, item: Item) -> bool:
        """Whether a line is for this reader."""
        if self._event is not None:
            return item.kind == "event" and item.name == self.heard
        return item.kind not in ("event", "columns", "history") and item.name == self.heard

    def offer(self, position: int, item: Item) -> None:
        """Queue a line; a reader that is far behind will fetch from disk instead."""
        if position <= self.position or self.behind:
            return
        if len(self.lines) >= _MOST_IN_MEMORY:
            self.behind = True
            self.lines.clear()
        else:
            self.lines.append(Line(position, item))
        self.wake.set()

    def take(self, line: Line) -> None:
        """Let the service take one line."""
        self.runtime.react(
            self.service, self.handler, self.heard_of(line.item), (self.name, line.position)
        )
        self.position = line.position

    async def take_beside(self, line: Line, beside: DoBeside | None) -> None:
        """As `take`, with long work done beside the city where that is possible."""
        if beside is None or not self._in_steps:
            self.take(line)
            return
        heard, cursor = self.heard_of(line.item), (self.name, line.position)
        await self.runtime.react_beside(self.service, self.handler, heard, cursor, beside)
        self.position = line.position

    def bury(self, line: Line, error: Exception, attempts: int) -> None:
        """Put a line that cannot be taken into a dead letter, and go on after it."""
        _log.error("%s could not take line %d: %s", self.name, line.position, error)
        letter = DeadLetter(
            id=urn("DeadLetter", f"{line.position}-{self.name.replace('(', '-').rstrip(')')}"),
            handler=self.name,
            position=line.position,
            reason=f"{type(error).__name__}: {error}",
            attempts=attempts,
            at=self.runtime.clock.now(),
        )
        self.runtime.react(
            "platform", lambda city, _: city.hub.save(letter), None, (self.name, line.position)
        )
        self.position = line.position

    def heard_of(self, item: Item) -> Event | Change:
        """Return the event or change that a line holds."""
        if self._event is None:
            return Change(item.entity, item.name, item.kind, plain(item.body))
        values = {**item.body, "entity": item.entity, "person": item.person}
        return msgspec.convert(values, self._event)


class Handlers:
    """All readers of a city's feed."""

    def __init__(self, runtime: Runtime) -> None:
        """Listen to the runtime's writer for every service that hears something."""
        self.readers = [
            Reader(runtime, name, hears, handler)
            for name, service in runtime.services.items()
            for hears, handler in service.hears.items()
        ]
        self._by_name = {reader.name: reader for reader in self.readers}
        self._is_draining = False
        self._beside: DoBeside | None = None
        runtime.writer.listeners.append(self._listen)

    def resume(self, cursors: dict[str, int], last_position: int) -> None:
        """Continue where each reader stopped; a new reader starts at the feed's end."""
        for reader in self.readers:
            reader.position = cursors.get(reader.name, last_position)
            reader.behind = reader.position < last_position
            reader.lines.clear()

    def drain(self) -> None:
        """Take everything that is queued, now and in order of position: for rehearsals."""
        if self._is_draining:
            return
        self._is_draining = True
        try:
            while waiting := [reader for reader in self.readers if reader.lines]:
                reader = min(waiting, key=lambda r: (r.lines[0].position, r.name))
                line = reader.lines.popleft()
                try:
                    reader.take(line)
                except Exception as error:  # noqa: BLE001 (whatever a handler raises is buried)
                    reader.bury(line, error, attempts=1)
        finally:
            self._is_draining = False

    async def run(self, fetch: FetchFeed, beside: DoBeside | None = None) -> None:
        """Serve every reader until cancelled; `fetch` reads the feed after a position."""
        self._beside = beside
        async with asyncio.TaskGroup() as tasks:
            for reader in self.readers:
                tasks.create_task(self._serve(reader, fetch))
            await asyncio.Event().wait()  # until cancelled, even when nobody hears anything

    def replay(self, letter: DeadLetter, item: Item) -> None:
        """Let the service take a buried line again; its error comes back to the caller."""
        reader = self._by_name.get(letter.handler)
        if reader is None:
            raise NotFound(f"no installed service hears {letter.handler}", None)
        heard = reader.heard_of(item)
        reader.runtime.react(reader.service, reader.handler, heard, (reader.name, reader.position))

    def _listen(self, unit: Unit) -> None:
        for position, item in enumerate(unit.items, unit.first_position):
            for reader in self.readers:
                if reader.wants(item):
                    reader.offer(position, item)

    async def _serve(self, reader: Reader, fetch: FetchFeed) -> None:
        while True:
            if reader.behind:
                await self._catch_up(reader, fetch)
            while reader.lines:
                line = reader.lines.popleft()
                if line.position > reader.position:
                    await self._take(reader, line)
            if not reader.behind:
                await reader.wake.wait()
                reader.wake.clear()

    async def _catch_up(self, reader: Reader, fetch: FetchFeed) -> None:
        reader.behind = False  # what happens from here on is queued, what happened is on disk
        while lines := await fetch(reader.position):
            for position, item in lines:
                if reader.wants(item):
                    await self._take(reader, Line(position, item))
            reader.position = lines[-1][0]

    async def _take(self, reader: Reader, line: Line) -> None:
        for attempt, pause_s in enumerate((*_PAUSES_S, None), 1):
            try:
                await reader.take_beside(line, self._beside)
            except Exception as error:  # noqa: BLE001 (whatever a handler raises is buried)
                is_final = isinstance(error, CityError) and not isinstance(error, Unavailable)
                if pause_s is None or is_final:
                    reader.bury(line, error, attempt)
                    return
                await asyncio.sleep(pause_s)
            else:
                return


__all__ = ["PLATFORM", "FetchFeed", "Handlers", "Line", "Reader"]

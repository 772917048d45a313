"""What changes in the city, as server-sent events for any number of listeners."""

from collections.abc import AsyncIterator

import msgspec
from starlette.responses import Response, StreamingResponse

from hapgang.app.context import Context
from hapgang.app.endpoints import Endpoint
from hapgang.app.spoken import WAKE, Queue, spoken
from hapgang.contract import ANYONE, Role
from hapgang.core.entity import EntityType, find_type
from hapgang.core.errors import Unavailable
from hapgang.runtime.perform import Runtime
from hapgang.writer.unit import Item, Unit

_MOST_WAITING = 1_000  # lines; a slow listener loses the oldest, never the city's time
_MOST_LISTENERS = 500


class News:
    """Tells every listener what became safe; each line is written once for all of them."""

    def __init__(self) -> None:
        """Start with nobody listening."""
        self._sessions: dict[str, dict[Queue, None]] = {}
        self._strangers: dict[Queue, None] = {}
        self._signed_in: dict[Queue, None] = {}
        self._operators: dict[Queue, None] = {}

    @property
    def _all(self) -> tuple[Queue, ...]:
        return *self._strangers, *self._signed_in, *self._operators

    def endpoint(self) -> Endpoint:
        """Return the endpoint that streams."""
        return Endpoint(
            "GET",
            "/api/live",
            frozenset(ANYONE),
            self._stream,
            summary="Changes of public entities as server-sent events.",
            media_type="text/event-stream",
        )

    def attach(self, runtime: Runtime) -> None:
        """Listen to a runtime that begins; who listened to the one before it comes again."""
        for queue in self._all:
            _put(queue, None)
        runtime.writer.listeners.append(self._listen)

    def _listen(self, unit: Unit) -> None:
        if not self._all:
            return
        for item in unit.items:
            for queue in self._sessions.get(item.entity, ()):
                _put(queue, WAKE)
            if item.person is not None or item.kind in ("event", "columns", "history"):
                continue
            line = _line(item)
            for queue in self._audience(find_type(item.name)):
                _put(queue, line)

    def _audience(self, declared: EntityType | None) -> tuple[Queue, ...]:
        """Return who hears of a type: strangers of open ones only, operators of all."""
        if declared is not None and declared.is_internal:
            return (*self._operators,)
        if declared is not None and declared.words is not None and declared.words.is_open:
            return self._all
        return *self._signed_in, *self._operators

    async def _stream(self, context: Context) -> Response:
        if len(self._all) >= _MOST_LISTENERS:
            raise Unavailable("Too many people listen; try again later.", "접속자가 많습니다.")
        assert context.live.runtime is not None
        headers = {"Cache-Control": "no-cache"}
        lines = self._lines(context)
        return StreamingResponse(lines, media_type="text/event-stream", headers=headers)

    async def _lines(self, context: Context) -> AsyncIterator[bytes]:
        """Yield lines; a change of a session wakes its listeners, so that its end is seen."""
        caller, queue = context.caller, Queue(_MOST_WAITING)
        queues = {Role.OPERATOR: self._operators, Role.ANONYMOUS: self._strangers}.get(
            caller.role, self._signed_in
        )
        session = caller.session
        of_session = {} if session is None else self._sessions.setdefault(session, {})
        queues[queue] = of_session[queue] = None
        try:
            async for line in spoken(b"the city speaks", queue):
                yield line
        finally:
            del queues[queue], of_session[queue]
            if session is not None and not of_session:
                self._sessions.pop(session, None)


def _line(item: Item) -> bytes:
    told = {
        "type": item.kind,
        "entity_type": item.name,
        "id": item.entity,
        "attributes": item.body,
    }
    return b"data: " + msgspec.json.encode(told) + b"\n\n"


def _put(queue: Queue, line: bytes | None) -> None:
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(line)

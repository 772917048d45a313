"""What a worker answers itself, and what it passes on."""

from hapgang.app.context import Receive, Respond, Scope, Send, header_of
from hapgang.app.http import Application
from hapgang.app.ngsild.maps import HEADER as MAP_HEADER
from hapgang.app.tenants import asked_for
from hapgang.app.workers.following import FollowingCity
from hapgang.app.workers.passing import Passage
from hapgang.hub.registrations.model import TYPE as REGISTRATION
from hapgang.runtime.platform.ngsild import NGSI_LD

_READ = tuple(f"{NGSI_LD}/{name}" for name in ("entities", "types", "attributes"))
# Linked entities may be closed ones, and maps are the writer's: neither is in a worker's memory.
_NOT_HERE = (b"join", b"entityMap")
_MAP_HEADER = MAP_HEADER.lower().encode()


class Worker:
    """An ASGI application: reads of what is live and nobody's here, anything else at the writer.

    An error is never a worker's: the writer knows what a worker does not, so it is asked.
    """

    def __init__(self, city: FollowingCity, application: Application, passage: Passage) -> None:
        """Answer for a city, and hand on to its writer."""
        self._city = city
        self._application = application
        self._passage = passage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        response = await self._own(scope, receive) if is_read(scope) else None
        if response is None:
            await self._passage(scope, receive, send)
        else:
            await response(scope, receive, send)

    async def _own(self, scope: Scope, receive: Receive) -> Respond | None:
        """Return the worker's own answer; None where that is not for it to give."""
        if not await self._city.caught_up() or self._city.runtime.state.count(REGISTRATION):
            return None
        return await self._application.attempt(scope, receive)


def is_read(scope: Scope) -> bool:
    """Whether a request may be one that a worker answers."""
    return (
        scope["method"] == "GET"
        and scope["path"].startswith(_READ)
        and not any(word in scope["query_string"] for word in _NOT_HERE)
        and asked_for(scope) is None
        and header_of(scope, _MAP_HEADER) is None
    )

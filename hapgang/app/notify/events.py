"""Notifications as server-sent events, for whoever listens to a subscription here."""

import asyncio
from collections.abc import AsyncIterator

from hapgang.app.notify.doors import Message, NotTaken
from hapgang.app.spoken import Queue, spoken
from hapgang.core.errors import Unavailable

_MOST_WAITING = 1_000  # notifications of one listener; one that is slower is let go
_MOST_LISTENERS = 500  # of the city


class Events:
    """Everybody who listens, by subscription."""

    def __init__(self) -> None:
        """Nobody listens."""
        self._listeners: dict[str, dict[Queue, None]] = {}

    def has_listener(self, subscription: str) -> bool:
        """Whether anybody listens."""
        return subscription in self._listeners

    def tell(self, subscription: str, name: str, body: bytes) -> None:
        """Pass a notification on to who listens."""
        line = b"id: %b\nevent: notification\ndata: %b\n\n" % (name.encode(), body)
        for queue in list(self._listeners.get(subscription, ())):
            if queue.full():
                self._leave(subscription, queue)
                queue.get_nowait()
                queue.put_nowait(None)
            else:
                queue.put_nowait(line)

    async def listen(self, subscription: str) -> AsyncIterator[bytes]:
        """Yield what is told until the listener goes, or is too slow."""
        if sum(len(queues) for queues in self._listeners.values()) >= _MOST_LISTENERS:
            raise Unavailable("Too many listen; try again later.", "접속자가 많습니다.")
        queue: Queue = asyncio.Queue(_MOST_WAITING)
        self._listeners.setdefault(subscription, {})[queue] = None
        return self._lines(subscription, queue)

    async def _lines(self, subscription: str, queue: Queue) -> AsyncIterator[bytes]:
        try:
            async for line in spoken(b"listening", queue):
                yield line
        finally:
            self._leave(subscription, queue)

    def _leave(self, subscription: str, queue: Queue) -> None:
        queues = self._listeners.get(subscription)
        if queues is not None:
            queues.pop(queue, None)
            if not queues:
                del self._listeners[subscription]


class EventsDoor:
    """The way to who listens here: somebody has to."""

    def __init__(self, events: Events, subscription: str) -> None:
        """Lead to the listeners of one subscription."""
        self._events = events
        self._subscription = subscription

    async def send(self, message: Message) -> None:
        """Return when somebody listens; the notification itself is told to all listeners."""
        del message
        if not self._events.has_listener(self._subscription):
            raise NotTaken("nobody listens", counts=False)

    def close(self) -> None:
        """Nothing is open."""

"""Messages of quality of service 0: at most once, so they pass by in memory only."""

import asyncio
from collections import deque
from datetime import UTC, datetime

from nats.aio.client import Client
from nats.aio.msg import Msg

from hapgang.app.collect.mqtt.message import Message, Read
from hapgang.hub.collect.topics import ROOT
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.collection.parts import collect_parts

_HEADER = "Nmqtt-Pub"  # the gateway's: begins with the quality of service
_GROUP = 500
_MOST_WAITING = 20_000  # the oldest go first: nobody was promised anything
_PAUSE_S = 0.2


class Passing:
    """Performs what passes by."""

    def __init__(self, runtime: Runtime, read: Read) -> None:
        """Work for a city; `read` makes a message a part of a feed."""
        self._runtime = runtime
        self._read = read
        self._waiting: deque[Message] = deque(maxlen=_MOST_WAITING)

    async def open(self, client: Client) -> None:
        """Hear what devices say; what the stream keeps comes by there."""

        async def hear(message: Msg) -> None:
            if (message.headers or {}).get(_HEADER, "").startswith("0"):
                now = datetime.now(UTC)
                self._waiting.append(Message(0, message.subject, message.data, now))

        await client.subscribe(f"{ROOT}.>", cb=hear)

    async def run(self) -> None:
        """Perform until cancelled."""
        spec = self._runtime.spec(collect_parts)
        while True:
            await asyncio.sleep(_PAUSE_S)
            while self._waiting:
                few = min(_GROUP, len(self._waiting))
                parts = [self._read(self._waiting.popleft()) for _ in range(few)]
                self._runtime.run(spec, PLATFORM, spec.arguments(parts=parts))
                await self._runtime.writer.durable()

"""From the stream into the city: in order, in groups, each message once."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import nats.js.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
    StreamInfo,
)
from nats.js.client import JetStreamContext

from hapgang.app.collect.mqtt.message import Message, Read
from hapgang.core.errors import Unavailable
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.collection.parts import collect_parts

STREAM = "$MQTT_msgs"  # the gateway's own: what it has acknowledged lies in it
_SUBJECTS = "$MQTT.msgs.>"
_CONSUMER = "city"
_DELIVERED = "city.intake"  # nobody but the city may listen to it
_MOST_STREAM_BYTES = 2 << 30
_MOST_RETAINED_BYTES = 64 << 20
_GROUP = 500  # messages of a unit
_MOST_UNDERWAY = 5_000  # handed to the city and not yet safe
_ACK_WAIT_S = 30.0
_log = logging.getLogger(__name__)


class Intake:
    """Performs what devices say, from the place in the stream where the city is."""

    def __init__(self, runtime: Runtime, read: Read) -> None:
        """Work for a city; `read` makes a message a part of a feed, whatever it holds."""
        self._runtime = runtime
        self._read = read
        self._arguments: Callable[..., Any] = runtime.spec(collect_parts).arguments
        self._cursor = ""
        self._position = 0
        self._handed = 0
        self._heard: deque[Msg] = deque()
        self._wake = asyncio.Event()

    async def open(self, client: Client, cursors: dict[str, int]) -> None:
        """Find or make the stream, and go to the city's place in it."""
        self._js: JetStreamContext = client.jetstream()
        info = await self._stream(STREAM, _SUBJECTS, RetentionPolicy.INTEREST, _MOST_STREAM_BYTES)
        # Nobody here listens to what devices ask to be retained: it is bounded, and overwritten.
        await self._stream(
            "$MQTT_rmsgs", "$MQTT.rmsgs.>", RetentionPolicy.LIMITS, _MOST_RETAINED_BYTES
        )
        self._cursor = f"collect.mqtt.{info.created}"  # positions are this very stream's
        self._position = max(cursors.get(self._cursor, 0), info.state.first_seq - 1)
        wish = ConsumerConfig(
            durable_name=_CONSUMER, deliver_subject=_DELIVERED, filter_subject=_SUBJECTS,
            ack_policy=AckPolicy.ALL, ack_wait=_ACK_WAIT_S, max_ack_pending=_MOST_UNDERWAY,
        )  # fmt: skip
        await client.subscribe(_DELIVERED, cb=self._hear, pending_msgs_limit=-1)
        handed = (await self._js.add_consumer(STREAM, wish)).delivered
        self._handed = handed.stream_seq if handed is not None else 0

    async def _hear(self, message: Msg) -> None:
        """Keep what was handed out, never more than `_MOST_UNDERWAY`, until it is its turn."""
        self._heard.append(message)
        self._wake.set()

    async def run(self) -> None:
        """Take in what comes until cancelled; first what was handed out before the city died."""
        await self._perform(await self._lying(self._handed))
        while True:
            await self._wake.wait()
            found = [self._heard.popleft() for _ in range(min(_GROUP, len(self._heard)))]
            if not self._heard:
                self._wake.clear()
            if found:
                await self._perform(await self._in_order(found))
                await found[-1].ack()  # and with it all before

    async def _in_order(self, found: list[Msg]) -> list[Message]:
        """Return messages that were not performed yet, with those that were missed in between."""
        group: list[Message] = []
        at = self._position
        for message in found:
            data = message.metadata
            position = data.sequence.stream
            if position <= at:
                continue  # handed out again
            group += await self._lying(position - 1, after=at)
            group.append(Message(position, message.subject, message.data, data.timestamp))
            at = position
        return group

    async def _lying(self, last: int, *, after: int | None = None) -> list[Message]:
        """Return what lies in the stream after a position, the city's own if none is named."""
        found = []
        for position in range((self._position if after is None else after) + 1, last + 1):
            try:
                raw = await self._js.get_msg(STREAM, seq=position)
            except nats.js.errors.NotFoundError:
                continue
            found.append(Message(position, raw.subject or "", raw.data or b"", _time_of(raw)))
        return found

    async def _perform(self, messages: list[Message]) -> None:
        """Perform messages, and return when they are safe."""
        for start in range(0, len(messages), _GROUP):
            group = messages[start : start + _GROUP]
            try:
                self._run(group, group[-1].position)
            except Unavailable:
                raise
            except Exception:  # noqa: BLE001 (one message must not stop the others)
                _log.exception("a group of %d messages", len(group))
                for message in group:
                    self._run_alone(message)
            self._position = group[-1].position
        await self._runtime.writer.durable()

    def _run_alone(self, message: Message) -> None:
        try:
            self._run([message], message.position)
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001 (it is told; what cannot be performed is passed over)
            _log.exception("the message at %d, %s", message.position, message.subject)
            self._run([], message.position)

    def _run(self, group: list[Message], position: int) -> None:
        parts = [self._read(message) for message in group]
        spec = self._runtime.spec(collect_parts)
        self._runtime.run(
            spec, PLATFORM, self._arguments(parts=parts), cursor=(self._cursor, position)
        )

    async def _stream(
        self, name: str, subjects: str, retention: RetentionPolicy, most_bytes: int
    ) -> StreamInfo:
        try:
            return await self._js.stream_info(name)
        except nats.js.errors.NotFoundError:
            is_latest = retention is RetentionPolicy.LIMITS
            return await self._js.add_stream(
                StreamConfig(
                    name=name,
                    subjects=[subjects],
                    retention=retention,
                    storage=StorageType.FILE,
                    max_bytes=most_bytes,
                    max_msgs_per_subject=1 if is_latest else -1,
                    # A full stream refuses, and what is refused is not acknowledged.
                    discard=DiscardPolicy.OLD if is_latest else DiscardPolicy.NEW,
                )
            )


def _time_of(raw: Any) -> datetime | None:
    at = getattr(raw, "time", None)
    return at.astimezone(UTC) if isinstance(at, datetime) else None

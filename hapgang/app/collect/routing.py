"""Messages of devices: which feed takes one, and what its mapping makes of it."""

import logging
import os
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, NamedTuple

from hapgang.app.collect.mqtt.message import Message
from hapgang.contract import Caller, Role
from hapgang.core.errors import Invalid
from hapgang.hub.collect.mapping import Mapping
from hapgang.hub.collect.pace import USUAL_PER_S, Pace, Surplus
from hapgang.hub.collect.quality import Tally
from hapgang.hub.collect.sift import Part, Sieve, UnfitRow
from hapgang.hub.collect.topics import device_of, topic_of, topic_test
from hapgang.hub.ngsild.instants import written
from hapgang.runtime.platform.collection.parts import FeedPart
from hapgang.runtime.platform.collection.rows import UNMATCHED, WHOLE, compiled

MESSAGES = "HAPGANG_DEVICE_MESSAGES"  # that a device may send in a second
_MOST_PER_S = 10_000.0
_MOST_KEPT = 20_000
_log = logging.getLogger(__name__)


class _Way(NamedTuple):
    feed: str
    topic: re.Pattern[str]
    mapping: Mapping


class Routing:
    """The feeds that take messages, in the order of their names: the first that fits takes it."""

    def __init__(self, pace: Pace | None = None) -> None:
        """Start without feeds; devices speak at a pace."""
        self._ways: list[_Way] = []
        self._pace = pace or Pace(messages_per_s())

    def become(self, feeds: Iterable[tuple[str, str, Any]]) -> None:
        """Take messages by these feeds from now on: name, topic filter, mapping's document."""
        self._ways = [
            _Way(name, topic_test(t), compiled(m)) for name, t, m in sorted_by_name(feeds)
        ]

    def read(self, message: Message) -> FeedPart:
        """Return a message as a part of a feed; whatever it holds, it becomes one."""
        topic = topic_of(message.subject)
        device = device_of(topic)
        at = message.at or datetime.now(UTC)
        known = {
            "topic": topic,
            "device": device or "",
            "key": topic.split("/")[1] if device else "",
            "received": written(at),
        }
        sender = None if device is None else Caller(device, Role.DEVICE)
        surplus = self._pace.surplus(device, at) if device is not None else None
        for way in self._ways:
            if way.topic.fullmatch(topic):
                known["feed"] = way.feed
                if surplus is not None:
                    return FeedPart.of(way.feed, self._passed_over(surplus, message, known), sender)
                return FeedPart.of(way.feed, _sifted(way.mapping, message, known, at), sender)
        if surplus is not None:
            return FeedPart.of(UNMATCHED, self._passed_over(surplus, message, known), sender)
        why = f"no feed takes the topic {topic[:200]}"
        return FeedPart.of(UNMATCHED, _unfit(message, known, why), sender)

    def _passed_over(self, surplus: Surplus, message: Message, known: dict[str, Any]) -> Part:
        """Count a message too many; now and then one is kept, and says how many there were."""
        if not surplus.over:
            return Part([], [], Tally(rows=1, unfit=1))
        why = (
            f"{known['device']} sends more than {self._pace.per_s:g} messages a second"
            f" ({MESSAGES}); {surplus.over:,} passed over since this was last said"
        )
        _log.warning("%s", why)
        return _unfit(message, known, why)


def messages_per_s() -> float:
    """Return how many messages a device may send in a second, as the operator says."""
    try:
        said = float(os.environ.get(MESSAGES, ""))
    except ValueError:
        return USUAL_PER_S
    return said if 0.0 < said <= _MOST_PER_S else USUAL_PER_S


def sorted_by_name(feeds: Iterable[tuple[str, str, Any]]) -> list[tuple[str, str, Any]]:
    """Return feeds in the order in which they are asked."""
    return sorted(feeds, key=lambda feed: feed[0])


def _sifted(mapping: Mapping, message: Message, known: dict[str, Any], at: datetime) -> Part:
    sieve = Sieve(mapping, known, at)
    try:
        parts = list(sieve.parts(BytesIO(message.body)))
    except Invalid as error:
        return _unfit(message, known, error.message.en)
    except Exception as error:  # noqa: BLE001 (a message that surprises us waits for somebody)
        _log.exception("a message of %s", known["topic"])
        return _unfit(message, known, f"{type(error).__name__}: {error}"[:300])
    if len(parts) == 1:
        return parts[0]
    return Part(
        [document for part in parts for document in part.documents],
        [row for part in parts for row in part.unfit],
        sum((part.tally for part in parts), Tally()),
        max((part.newest for part in parts if part.newest is not None), default=None),
    )


def _unfit(message: Message, known: dict[str, Any], why: str) -> Part:
    text = message.body[:_MOST_KEPT].decode("utf-8", "backslashreplace").replace("\x00", "\\x00")
    whole = {**known, WHOLE: True}
    return Part([], [UnfitRow(why, text, None, whole)], Tally(rows=1, unfit=1))

"""What a device said, as it lies in the stream."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from hapgang.runtime.platform.collection.parts import FeedPart


class Message(NamedTuple):
    """One message as it lies in the stream."""

    position: int
    subject: str
    body: bytes
    at: datetime | None


Read = Callable[[Message], FeedPart]

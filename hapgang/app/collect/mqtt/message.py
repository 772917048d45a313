"""What a device said, as it lies in the stream."""

from datetime import datetime
from typing import NamedTuple


class Message(NamedTuple):
    """One message as it lies in the stream."""

    position: int
    subject: str
    body: bytes
    at: datetime | None

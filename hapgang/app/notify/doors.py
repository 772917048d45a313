"""What every way out to a receiver is."""

from typing import NamedTuple, Protocol


class NotTaken(Exception):
    """A receiver did not take a notification; the message says why."""

    def __init__(self, reason: str, *, is_final: bool = False, counts: bool = True) -> None:
        """is_final: trying again makes no sense. counts: whether it was an attempt at all."""
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final
        self.counts = counts


class Message(NamedTuple):
    """A notification as it goes out."""

    id: str
    body: bytes
    headers: dict[str, str]


class Door(Protocol):
    """A way to one receiver, kept open between notifications."""

    async def send(self, message: Message) -> None:
        """Return when the receiver took it; else raise `NotTaken`."""

    def close(self) -> None:
        """Let the connection go."""

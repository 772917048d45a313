"""What a writer and its workers say to one another, over a Unix socket that is the user's own.

Each message is four bytes of length and MessagePack.
"""

import asyncio
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from hapgang.app.traffic import Counted

LINK = "link"  # names of sockets and files in the folder where they meet
PASSAGE = "passage"
BOARD = "board"
_LENGTH_BYTES = 4
_MOST_BYTES = 1_000_000_000
_encoder = msgspec.msgpack.Encoder()
M = TypeVar("M")


class Hello(msgspec.Struct, frozen=True):
    """What a worker needs to begin: the last unit on disk, and how the database is reached."""

    seq: int
    connect: dict[str, Any]


class Saved(msgspec.Struct, frozen=True, array_like=True):
    """An entity after a unit; `document` is None where it is live no longer."""

    id: str
    document: bytes | None = None
    created: datetime | None = None
    modified: datetime | None = None


class Told(msgspec.Struct, frozen=True, array_like=True):
    """A unit that is on disk; `forgets` where somebody was forgotten in it."""

    seq: int
    saved: list[Saved]
    forgets: bool = False


class Report(msgspec.Struct, frozen=True):
    """What a worker answered since its last report."""

    counted: Counted
    reads: dict[str, int]  # of each set of data
    contexts: dict[str, int]  # how often each was used


def packed(message: Any) -> bytes:
    """Return a message as it is sent."""
    body = _encoder.encode(message)
    return len(body).to_bytes(_LENGTH_BYTES, "big") + body


async def read(reader: asyncio.StreamReader, decoder: "msgspec.msgpack.Decoder[M]") -> M:
    """Return the next message; `IncompleteReadError` (an EOFError) where the other is gone."""
    length = int.from_bytes(await reader.readexactly(_LENGTH_BYTES), "big")
    if length > _MOST_BYTES:
        raise EOFError(f"a message of {length:,} bytes")
    return decoder.decode(await reader.readexactly(length))

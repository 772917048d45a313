"""What readers give: rows, and what could not become one."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from hapgang.core.errors import Invalid

MOST_LINE = 1_000_000  # bytes
MOST_MESSAGE = 64_000_000  # bytes of a document that is read as a whole


class Row(NamedTuple):
    """One row with the message that it came in; `broken` says why it is none."""

    value: Any
    message: Any = None
    broken: str = ""


Rows = Iterator[Row]


class Unreadable(Invalid):
    """A message or file that is not of its format at all."""


def whole(source: Any) -> bytes:
    """Return all that a binary file holds; `Unreadable` where that is too much."""
    data: bytes = source.read(MOST_MESSAGE + 1)
    if len(data) > MOST_MESSAGE:
        raise Unreadable(
            f"a document of this format has at most {MOST_MESSAGE:,} bytes; take JSON lines",
            f"이 형식은 최대 {MOST_MESSAGE:,}바이트입니다. JSON lines를 쓰세요",
        )
    return data

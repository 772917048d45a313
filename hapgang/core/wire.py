"""JSON as it goes to disk: what would not come back as it was is refused before it gets there."""

import re
from typing import Any

import msgspec

encoder = msgspec.json.Encoder(decimal_format="number")
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def reads_back(value: Any, decoder: "msgspec.json.Decoder[Any]") -> bool:
    """Whether a value fits the decoder's type and comes back from JSON as the same.

    Not a number, for one, does not: JSON has no word for it.
    """
    try:
        text = encoder.encode(value)
        return bool(decoder.decode(text) == value) and not has_nul(text)
    except (msgspec.MsgspecError, TypeError, ValueError, OverflowError, RecursionError):
        return False


def plain(value: Any) -> Any:
    """Return a value as JSON gives it back, whatever classes it was made of."""
    return msgspec.json.decode(encoder.encode(value))


def has_nul(text: bytes) -> bool:
    """Whether a JSON text holds the NUL character, which PostgreSQL does not store."""
    return b"\\u0000" in text and _NUL.search(text) is not None

"""RLP, the form of transactions: byte strings and lists of such. Only writing is needed.

The library of that name would bring two more with it for these lines.
Source: the Ethereum yellow paper, appendix B. Checked: nodes take it.
"""

from collections.abc import Sequence
from typing import TypeAlias

Item: TypeAlias = bytes | int | Sequence["Item"]


def encoded(item: Item) -> bytes:
    """Return an item's bytes; whole numbers are written without leading zeros."""
    if isinstance(item, int):
        item = item.to_bytes((item.bit_length() + 7) // 8, "big")
    if isinstance(item, bytes):
        return item if len(item) == 1 and item[0] < 0x80 else _length(len(item), 0x80) + item
    body = b"".join(encoded(part) for part in item)
    return _length(len(body), 0xC0) + body


def _length(size: int, offset: int) -> bytes:
    if size < 56:
        return bytes([offset + size])
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([offset + 55 + len(digits)]) + digits

"""The CBOR that authenticators write (RFC 8949; CTAP 2.1, 8), and no other.

Definite lengths, shortest forms, no tags, no fractions, no key twice, four levels deep: what could
be read in two ways is not read at all.
"""

from typing import Any

from hapgang.core.errors import Invalid

MOST_BYTES = 65_536
_MOST_DEPTH = 5  # CTAP 2.1 allows four; an attestation certificate list stands in the fourth
_MOST_PARTS = 64
_SIMPLE = {20: False, 21: True, 22: None}


def read(raw: bytes) -> Any:
    """Return the one value that these bytes are."""
    value, rest = read_first(raw)
    if rest:
        raise _invalid("something follows it", "뒤에 다른 것이 있습니다")
    return value


def read_first(raw: bytes) -> tuple[Any, bytes]:
    """Return the first value, and the bytes after it."""
    if len(raw) > MOST_BYTES:
        raise _invalid(f"it is longer than {MOST_BYTES} bytes", "너무 깁니다")
    value, at = _value(raw, 0, _MOST_DEPTH)
    return value, raw[at:]


def _value(raw: bytes, at: int, depth: int) -> tuple[Any, int]:
    if depth == 0:
        raise _invalid("it is nested too deep", "너무 깊이 들어 있습니다")
    major, number, at = _head(raw, at)
    match major:
        case 0:
            return number, at
        case 1:
            return -1 - number, at
        case 2 | 3:
            return _text(raw, at, number, major)
        case 4 | 5:
            return _parts(raw, at, number, depth, in_pairs=major == 5)
        case 7 if number in _SIMPLE:
            return _SIMPLE[number], at
    raise _invalid("there is a tag, a fraction or the like in it", "쓰지 않는 형식이 있습니다")


def _head(raw: bytes, at: int) -> tuple[int, int, int]:
    if at >= len(raw):
        raise _cut()
    major, short = raw[at] >> 5, raw[at] & 0x1F
    at += 1
    if short < 24:
        return major, short, at
    if short > 27 or major == 7:
        raise _invalid("a length is not definite", "길이가 정해지지 않았습니다")
    size = 1 << (short - 24)
    if at + size > len(raw):
        raise _cut()
    number = int.from_bytes(raw[at : at + size], "big")
    if number < 24 or (size > 1 and number < 1 << (4 * size)):
        raise _invalid("a number is not in its shortest form", "수를 가장 짧게 쓰지 않았습니다")
    return major, number, at + size


def _text(raw: bytes, at: int, size: int, major: int) -> tuple[bytes | str, int]:
    if at + size > len(raw):
        raise _cut()
    part = raw[at : at + size]
    if major == 2:
        return part, at + size
    try:
        return part.decode(), at + size
    except UnicodeDecodeError as wrong:
        raise _invalid("a text is not UTF-8", "UTF-8이 아닙니다") from wrong


def _parts(raw: bytes, at: int, many: int, depth: int, *, in_pairs: bool) -> tuple[Any, int]:
    if many > _MOST_PARTS:
        raise _invalid("it has too many parts", "항목이 너무 많습니다")
    listed: list[Any] = []
    found: dict[Any, Any] = {}
    for _ in range(many):
        value, at = _value(raw, at, depth - 1)
        if not in_pairs:
            listed.append(value)
            continue
        if not isinstance(value, int | str) or isinstance(value, bool) or value in found:
            raise _invalid("a key stands twice, or is none", "키가 바르지 않습니다")
        found[value], at = _value(raw, at, depth - 1)
    return (found if in_pairs else listed), at


def _cut() -> Invalid:
    return _invalid("it is cut off", "잘렸습니다")


def _invalid(en: str, ko: str) -> Invalid:
    return Invalid(f"this is not an authenticator's CBOR: {en}", f"인증기의 CBOR이 아닙니다: {ko}")

"""A fact, its canonical bytes, and the commitment to it that the log holds.

A fact is a JSON object of texts, whole numbers, true, false, null and lists or objects of such,
with `kind` and `id`. An id is used once in its kind: what changes later is another fact.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from hapgang.core.errors import Invalid
from hapgang.core.ids import MOST_ID_CHARACTERS

SALT_BYTES = 32
MOST_BYTES = 65_536
MOST_DEPTH = 16
MOST_WHOLE = 2**53 - 1  # what every reader of JSON keeps exactly (RFC 7493, 2.2)
_MOST_KIND_CHARACTERS = 64

Fact = Mapping[str, Any]


def canonical(fact: Fact) -> bytes:
    """Return the bytes that stand for a fact; `Invalid` where it is none."""
    _check_name(fact, "kind", _MOST_KIND_CHARACTERS)
    _check_name(fact, "id", MOST_ID_CHARACTERS)
    _check(fact, MOST_DEPTH, MOST_BYTES)
    text = json.dumps(fact, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    try:
        written = text.encode()
    except UnicodeEncodeError as wrong:
        raise _invalid("half of a character stands alone", "깨진 문자가 있습니다") from wrong
    if len(written) > MOST_BYTES:
        raise _too_large()
    return written


def salt_of(key: bytes, fact: Fact) -> bytes:
    """Return the salt of a fact: nobody without the log's key can tell what a leaf is about."""
    kind = _check_name(fact, "kind", _MOST_KIND_CHARACTERS)
    name = _check_name(fact, "id", MOST_ID_CHARACTERS)
    return hmac.digest(key, kind.encode() + b"\x00" + name.encode(), "sha256")


def commitment(salt: bytes, written: bytes) -> bytes:
    """Return what the log holds for canonical bytes."""
    if len(salt) != SALT_BYTES:
        raise _invalid(f"a salt has {SALT_BYTES} bytes", f"솔트는 {SALT_BYTES}바이트입니다")
    return hashlib.sha256(salt + written).digest()


def committed(key: bytes, fact: Fact) -> bytes:
    """Return the commitment of a fact under the log's key."""
    return commitment(salt_of(key, fact), canonical(fact))


def _check_name(fact: Fact, member: str, most: int) -> str:
    value = fact.get(member) if isinstance(fact, dict) else None
    if isinstance(value, str) and 0 < len(value) <= most and "\x00" not in value:
        try:
            value.encode()
        except UnicodeEncodeError:
            pass
        else:
            return value
    raise _invalid(
        f"it needs `{member}`, a text of 1 to {most} characters",
        f"`{member}`에 1자에서 {most}자까지의 글이 있어야 합니다",
    )


def _check(value: object, depth: int, room: int) -> int:
    """Return how much room is left after a value, which is at least as long as it seems."""
    if isinstance(value, dict | list):
        return _check_many(value, depth, room)
    if isinstance(value, str):
        room -= len(value)
    elif isinstance(value, float):
        raise _invalid("it holds a fraction; only whole numbers", "소수는 쓸 수 없습니다")
    elif value is not None and not isinstance(value, bool):
        if not isinstance(value, int):
            raise _invalid(f"it holds a {type(value).__name__}", "JSON이 아닌 값이 있습니다")
        if abs(value) > MOST_WHOLE:
            raise _invalid(f"a number is beyond {MOST_WHOLE}", f"{MOST_WHOLE}보다 큰 수가 있습니다")
    if room < 1:
        raise _too_large()
    return room - 1


def _check_many(value: dict[object, object] | list[object], depth: int, room: int) -> int:
    if depth == 0:
        raise _invalid(f"it is nested deeper than {MOST_DEPTH}", f"{MOST_DEPTH}단계까지만 됩니다")
    if isinstance(value, dict):
        for name in value:
            if not isinstance(name, str):
                raise _invalid("a member's name is not a text", "이름은 글이어야 합니다")
            room = _check(name, depth - 1, room)
    for part in value.values() if isinstance(value, dict) else value:
        room = _check(part, depth - 1, room)
    return room - 1


def _too_large() -> Invalid:
    return _invalid(f"it is larger than {MOST_BYTES} bytes", f"{MOST_BYTES}바이트를 넘습니다")


def _invalid(en: str, ko: str) -> Invalid:
    return Invalid(f"this cannot be a fact of the log: {en}", f"원장에 적을 수 없습니다: {ko}")

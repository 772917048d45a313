"""Requests with an Idempotency-Key: what tells a repeat from another request."""

import hashlib

import msgspec

from hapgang.core.errors import Invalid

_MOST_KEY = 200
_canonical = msgspec.json.Encoder(order="deterministic")


def digest_of(action: str, arguments: msgspec.Struct, key: str) -> bytes:
    """Return the digest of a keyed request's words; `Invalid` for a key that is none."""
    if not 0 < len(key) <= _MOST_KEY:
        raise Invalid(f"an Idempotency-Key has 1 to {_MOST_KEY} characters", None)
    return hashlib.blake2b(_canonical.encode((action, arguments)), digest_size=16).digest()


def answer_name(caller: str, key: str) -> str:
    """Return the name under which an answer is remembered; an id holds no space."""
    return f"{caller} {key}"

"""Bytes that everybody hashes alike (decision 0019), and the SHA-256 of them."""

import hashlib
import json

import msgspec

_encode = msgspec.json.Encoder(order="sorted").encode


def canonical(fact: object) -> bytes:
    """Return the canonical bytes of a struct, list or object of texts and whole numbers."""
    try:
        return _encode(fact)
    except OverflowError:  # a number beyond 64 bits, which a check will refuse in its own words
        plain = msgspec.to_builtins(fact)
        text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text.encode()


def fingerprint(fact: object) -> str:
    """Return the SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(fact)).hexdigest()

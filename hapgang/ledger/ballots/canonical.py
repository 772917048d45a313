"""Bytes that everybody hashes alike (decision 0019), and the SHA-256 of them."""

import hashlib
import json

import msgspec


def canonical(fact: object) -> bytes:
    """Return the canonical bytes of a struct, list or object of texts and whole numbers."""
    plain = msgspec.to_builtins(fact)
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def fingerprint(fact: object) -> str:
    """Return the SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(fact)).hexdigest()

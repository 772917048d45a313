"""NATS' keys and tokens: Ed25519 keys in base 32, and JSON web tokens signed with them.

As in the NATS documentation, "Auth Callout" and "JWTs": a key is a prefix for its kind, 32 bytes
and a CRC-16 (XMODEM, little endian); a token's algorithm is `ed25519-nkey`.
"""

import base64
import hashlib
from binascii import crc_hqx
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hapgang.core.errors import Invalid

_ACCOUNT, _SERVER = 0 << 3, 13 << 3
_HEADER = b'{"typ":"JWT","alg":"ed25519-nkey"}'


class Issuer:
    """A fresh account key that signs."""

    def __init__(self) -> None:
        """Make a key; it lives as long as this process."""
        self._key = Ed25519PrivateKey.generate()
        self.public = _encoded(_ACCOUNT, self._key.public_key().public_bytes_raw())

    def token(self, claims: dict[str, Any], now_s: int) -> str:
        """Return a signed token with these claims."""
        said = {**claims, "iss": self.public, "iat": now_s}
        digest = hashlib.sha256(msgspec.json.encode(said)).digest()
        said["jti"] = base64.b32encode(digest).decode().rstrip("=")
        head = f"{_url64(_HEADER)}.{_url64(msgspec.json.encode(said))}"
        return f"{head}.{_url64(self._key.sign(head.encode()))}"


def claims_of_server(token: bytes) -> Any:
    """Return the claims of a server's token; `Invalid` unless the server itself signed them."""
    try:
        head, _, signature = token.rpartition(b".")
        claims = msgspec.json.decode(_from_url64(head.partition(b".")[2]))
        key = Ed25519PublicKey.from_public_bytes(_decoded(_SERVER, claims["iss"]))
        key.verify(_from_url64(signature), head)
    except (InvalidSignature, ValueError, KeyError, TypeError, msgspec.DecodeError) as error:
        raise Invalid(f"this is no server's token: {error}") from None
    return claims


def _encoded(prefix: int, key: bytes) -> str:
    raw = bytes([prefix]) + key
    raw += crc_hqx(raw, 0).to_bytes(2, "little")
    return base64.b32encode(raw).decode().rstrip("=")


def _decoded(prefix: int, text: str) -> bytes:
    raw = base64.b32decode(text + "=" * (-len(text) % 8))
    if raw[0] != prefix or crc_hqx(raw[:-2], 0).to_bytes(2, "little") != raw[-2:]:
        raise ValueError("not this kind of key")
    return raw[1:-2]


def _url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _from_url64(text: bytes) -> bytes:
    return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))

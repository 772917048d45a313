"""Tokens: the right to vote once, signed by who checks rights without seeing what is signed.

RSABSSA-SHA384-PSS-Deterministic of RFC 9474. The message names the poll and the voter's pseudonym,
a public key just made, so that it has enough chance of its own for the deterministic variant.
Tested with the RFC's vectors. What comes out is a plain RSASSA-PSS signature (RFC 8017). The
issuer's key is used for tokens of one poll, and for nothing else.
"""

import hashlib
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from hapgang.core.errors import Invalid
from hapgang.ledger.ballots.canonical import canonical

SALT_BYTES = 48
_PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA384()), salt_length=SALT_BYTES)


class WrongToken(Invalid):
    """The token is not the issuer's for this pseudonym in this poll."""


class Blinded(NamedTuple):
    """What goes to the issuer, and what stays with the voter to take the blinding off."""

    message: bytes
    inverse: int


def token_message(poll_fingerprint: str, pseudonym: str) -> bytes:
    """Return what a token signs."""
    return canonical(["hapgang/token/1", poll_fingerprint, pseudonym])


def modulus(key: RSAPublicKey) -> str:
    """Return a key's modulus as a poll names it."""
    return f"{key.public_numbers().n:x}"


def blind(key: RSAPublicKey, message: bytes, *, salt: bytes, factor: int) -> Blinded:
    """Hide a message from the issuer (RFC 9474, 4.2). `salt`, `factor`: from chance, in secret."""
    numbers = key.public_numbers()
    encoded = int.from_bytes(_pss_encode(message, numbers.n.bit_length() - 1, salt), "big")
    if not 1 < factor < numbers.n:
        raise Invalid("the factor is in 2 .. n - 1", "블라인딩 값의 범위가 올바르지 않습니다")
    try:
        inverse = pow(factor, -1, numbers.n)
    except ValueError:
        raise Invalid(
            "the factor shares a prime with the key", "블라인딩 값을 쓸 수 없습니다"
        ) from None
    hidden = encoded * pow(factor, numbers.e, numbers.n) % numbers.n
    return Blinded(hidden.to_bytes(_size(numbers.n), "big"), inverse)


def blind_sign(key: RSAPrivateKey, message: bytes, *, mask: int) -> bytes:
    """Sign what is hidden (RFC 9474, 4.3), once for each person with a right.

    `mask`: from chance, in 2 .. n - 1. What is raised to the secret power is multiplied with it
    first, so that who asks cannot choose the number, and learns little from the time it takes. A
    result that does not verify (a fault in the machine) is not given out.
    """
    private = key.private_numbers()
    n, e = private.public_numbers.n, private.public_numbers.e
    hidden = int.from_bytes(message, "big")
    if len(message) != _size(n) or hidden >= n:
        raise WrongToken("the request is not of this key", "이 키에 대한 요청이 아닙니다")
    masked = hidden * pow(mask, e, n) % n
    left, right = pow(masked, private.dmp1, private.p), pow(masked, private.dmq1, private.q)
    signed = right + private.q * ((left - right) * private.iqmp % private.p)
    signed = signed * pow(mask, -1, n) % n
    if pow(signed, e, n) != hidden:
        raise WrongToken("signing failed; ask again", "서명에 실패했습니다. 다시 요청하세요")
    return signed.to_bytes(_size(n), "big")


def finish(key: RSAPublicKey, message: bytes, signed: bytes, inverse: int) -> str:
    """Take the blinding off and check what the issuer gave (RFC 9474, 4.4)."""
    n = key.public_numbers().n
    if len(signed) != _size(n):
        raise WrongToken("the issuer's answer has a wrong length", "발급자의 응답 길이가 다릅니다")
    token = (int.from_bytes(signed, "big") * inverse % n).to_bytes(_size(n), "big").hex()
    check_token(key, message, token)
    return token


def check_token(key: RSAPublicKey, message: bytes, token: str) -> None:
    """Raise `WrongToken` unless the token is the issuer's signature of the message."""
    try:
        data = bytes.fromhex(token)
        if data.hex() == token:
            key.verify(data, message, _PSS, hashes.SHA384())
            return
    except (ValueError, InvalidSignature):
        pass
    raise WrongToken(
        "the token does not give this pseudonym a vote in this poll",
        "이 가명은 이 투표의 투표권이 없습니다",
    )


def _pss_encode(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE (RFC 8017, 9.1.1) with SHA-384 and MGF1 of it."""
    size = (bits + 7) // 8
    digest = hashlib.sha384(message).digest()
    if size < len(digest) + len(salt) + 2:
        raise Invalid("the key is too short", "키가 너무 짧습니다")
    hashed = hashlib.sha384(bytes(8) + digest + salt).digest()
    block = b"\x01" + salt
    block = block.rjust(size - len(hashed) - 1, b"\x00")
    mask = b"".join(
        hashlib.sha384(hashed + count.to_bytes(4, "big")).digest()
        for count in range(len(block) // len(hashed) + 1)
    )
    masked = bytearray(a ^ b for a, b in zip(block, mask, strict=False))
    masked[0] &= 0xFF >> (8 * size - bits)
    return bytes(masked) + hashed + b"\xbc"


def _size(n: int) -> int:
    return (n.bit_length() + 7) // 8

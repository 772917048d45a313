"""Public keys of authenticators as COSE writes them (RFC 9052, 9053): ES256, EdDSA, RS256."""

from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from hapgang.core.errors import Invalid
from hapgang.ledger.identity import cbor

ES256, EDDSA, RS256 = -7, -8, -257  # IANA's registry “COSE Algorithms”
ALGORITHMS = (ES256, EDDSA, RS256)
_KTY, _ALG, _CRV_OR_N, _X_OR_E, _Y = 1, 3, -1, -2, -3
_RSA_BITS = (2_048, 8_192)  # NIST SP 800-131A asks for 2048; more than 8192 only costs time

Public = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey


class CoseKey(msgspec.Struct, frozen=True):
    """A key and its algorithm."""

    algorithm: int
    public: Public

    def holds(self, signature: bytes, message: bytes) -> bool:
        """Return whether the key signed the message."""
        return holds(self.public, self.algorithm, signature, message)


def key_of(raw: bytes) -> CoseKey:
    """Return the key that these bytes are."""
    return _key(cbor.read(raw))


def first_key(raw: bytes) -> tuple[CoseKey, bytes, bytes]:
    """Return the key that these bytes begin with, its bytes, and what follows."""
    value, rest = cbor.read_first(raw)
    return _key(value), raw[: len(raw) - len(rest)], rest


def holds(public: object, algorithm: int, signature: bytes, message: bytes) -> bool:
    """Return whether a key signed a message by an algorithm; no if it is not a key for that."""
    try:
        if algorithm == ES256 and isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, message, ec.ECDSA(hashes.SHA256()))
        elif algorithm == EDDSA and isinstance(public, ed25519.Ed25519PublicKey):
            public.verify(signature, message)
        elif algorithm == RS256 and isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _key(value: Any) -> CoseKey:
    found: dict[int, Any] = value if isinstance(value, dict) else {}
    kind, algorithm = found.get(_KTY), found.get(_ALG)
    needed = {ES256: (1, 3, -1, -2, -3), EDDSA: (1, 3, -1, -2), RS256: (1, 3, -1, -2)}
    if algorithm not in needed or found.keys() != {*needed[algorithm]}:
        raise _invalid("its algorithm or its members are others", "알고리즘이나 항목이 다릅니다")
    try:
        if algorithm == ES256 and (kind, found[_CRV_OR_N]) == (2, 1):
            return CoseKey(ES256, _point(found[_X_OR_E], found[_Y]))
        if algorithm == EDDSA and (kind, found[_CRV_OR_N]) == (1, 6):
            return CoseKey(EDDSA, ed25519.Ed25519PublicKey.from_public_bytes(found[_X_OR_E]))
        if algorithm == RS256 and kind == 3:
            return CoseKey(RS256, _rsa(found[_CRV_OR_N], found[_X_OR_E]))
    except (ValueError, TypeError) as wrong:
        raise _invalid("its numbers are no key", "열쇠가 되지 않는 수입니다") from wrong
    raise _invalid("its kind does not fit its algorithm", "종류와 알고리즘이 맞지 않습니다")


def _point(x: object, y: object) -> ec.EllipticCurvePublicKey:
    if not isinstance(x, bytes) or not isinstance(y, bytes) or (len(x), len(y)) != (32, 32):
        raise ValueError("a point has two numbers of 32 bytes")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + x + y)


def _rsa(n: object, e: object) -> rsa.RSAPublicKey:
    if not isinstance(n, bytes) or not isinstance(e, bytes) or len(e) > 4:
        raise ValueError("a modulus and a small exponent are needed")
    modulus = int.from_bytes(n, "big")
    if not _RSA_BITS[0] <= modulus.bit_length() <= _RSA_BITS[1] or n[:1] == b"\0":
        raise ValueError("the modulus is too short or too long")
    return rsa.RSAPublicNumbers(int.from_bytes(e, "big"), modulus).public_key()


def _invalid(en: str, ko: str) -> Invalid:
    return Invalid(f"this is not a passkey's key: {en}", f"패스키의 열쇠가 아닙니다: {ko}")

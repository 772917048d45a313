"""Signed tokens and their keys (RFC 7515, 7517, 7638), as strict as who has to believe them.

Two algorithms: ES256, which wallets keep in hardware, and EdDSA over Ed25519. Nothing of a token
may be believed before `opened` has given it back.
"""

import base64
import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hapgang.core.errors import Invalid, Refused
from hapgang.core.text import Text

Json = dict[str, Any]
Draw = Callable[[int], bytes]
"""Gives so many random bytes; `secrets.token_bytes` in a living city."""

ALGORITHMS = ("ES256", "EdDSA")
MOST_CHARACTERS = 131_072
MOST_JSON = 4_194_304  # a status list of a million places, of 8 bits, as it comes
_MOST_DEPTH = 24
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
_CURVES = {"P-256": ("EC", ("x", "y")), "Ed25519": ("OKP", ("x",))}
_COORDINATE_BYTES = 32


class NotProven(Refused):
    """A proof was shown that does not hold."""

    title = Text("The proof does not hold", "증명이 올바르지 않습니다")


class Token(msgspec.Struct, frozen=True):
    """What a signed token says: its header, and its claims."""

    header: Json
    claims: Json


def b64(raw: bytes) -> str:
    """Return bytes in base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: object, most: int = MOST_CHARACTERS) -> bytes:
    """Return the bytes of base64url; only the one way to write them is taken."""
    if not isinstance(text, str) or len(text) > most or not _BASE64URL.fullmatch(text):
        raise _malformed("it is not base64url, or too long", "base64url이 아니거나 너무 깁니다")
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as wrong:
        raise _malformed("it is not base64url", "base64url이 아닙니다") from wrong
    if b64(raw) != text:
        raise _malformed("its base64url is not as it should be", "base64url이 바르지 않습니다")
    return raw


def parse(written: bytes | str) -> Any:
    """Return what a JSON text says; no member twice, no number that is none, not too deep."""
    if len(written) > MOST_JSON:
        raise _malformed("it is too long", "너무 깁니다")
    try:
        text = written.decode() if isinstance(written, bytes) else written
        value = json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite
        )
        if "\\u" in text:  # half of a character may have been written so
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as wrong:
        raise _malformed("it is not JSON in order", "올바른 JSON이 아닙니다") from wrong
    check_depth(value)
    return value


def check_depth(value: object, most: int = _MOST_DEPTH) -> None:
    """Refuse what is nested deeper than anybody needs."""
    if most == 0:
        raise _malformed("it is nested too deep", "너무 깊이 들어 있습니다")
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            check_depth(part, most - 1)


def parse_object(written: bytes | str) -> Json:
    """Return the JSON object that a text is."""
    value = parse(written)
    if not isinstance(value, dict):
        raise _malformed("it is not a JSON object", "JSON 객체가 아닙니다")
    return value


def new_key(crv: str = "P-256") -> Json:
    """Return a new private key as a JWK."""
    if crv == "Ed25519":
        made = ed25519.Ed25519PrivateKey.generate()
        x = b64(made.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
        return {"kty": "OKP", "crv": crv, "x": x, "d": b64(made.private_bytes_raw())}
    numbers = ec.generate_private_key(ec.SECP256R1()).private_numbers()
    point = numbers.public_numbers
    x, y, d = (b64(each.to_bytes(32, "big")) for each in (point.x, point.y, numbers.private_value))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "d": d}


def public(jwk: Mapping[str, Any]) -> Json:
    """Return the public half of a key, checked, with the members that are needed and no others."""
    crv = jwk.get("crv") if isinstance(jwk, Mapping) else None
    kty, members = _CURVES.get(crv, ("", ())) if isinstance(crv, str) else ("", ())
    if not kty or jwk.get("kty") != kty:
        raise _malformed("a key is of P-256 or Ed25519", "열쇠는 P-256이나 Ed25519입니다")
    for member in members:
        if len(unb64(jwk.get(member), 64)) != _COORDINATE_BYTES:
            raise _malformed("a key's numbers have 32 bytes", "열쇠의 수는 32바이트입니다")
    return {"kty": kty, "crv": crv, **{member: jwk[member] for member in members}}


def shown_public(jwk: object) -> Json:
    """Return a key that somebody showed; `Invalid` if they showed their private half with it."""
    if not isinstance(jwk, dict) or "d" in jwk or "k" in jwk:
        raise _malformed("it is not a public key", "공개 열쇠가 아닙니다")
    return public(jwk)


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """Return the name of a key (RFC 7638): SHA-256 over its members in order."""
    written = json.dumps(public(jwk), sort_keys=True, separators=(",", ":"))
    return b64(hashlib.sha256(written.encode()).digest())


def algorithm_of(jwk: Mapping[str, Any]) -> str:
    """Return which algorithm a key signs with."""
    return "ES256" if public(jwk)["crv"] == "P-256" else "EdDSA"


def sign(jwk: Json, typ: str, claims: Mapping[str, Any], /, **header: Any) -> str:
    """Return a signed token; `typ` says for what it is, so that it is good for nothing else."""
    algorithm = algorithm_of(jwk)
    head = _compact({"alg": algorithm, "typ": typ, **header})
    message = f"{b64(head)}.{b64(_compact(claims))}"
    return f"{message}.{b64(_signature(jwk, message.encode()))}"


def peek(token: object, most: int = MOST_CHARACTERS) -> Token:
    """Return what a token says before anybody checked it: to find the key, for nothing else."""
    if not isinstance(token, str) or len(token) > most or token.count(".") != 2:
        raise _malformed("it is not a signed token", "서명된 토큰이 아닙니다")
    head, body, signature = token.split(".")
    unb64(signature, 1_024)
    return Token(parse_object(unb64(head)), parse_object(unb64(body, most)))


def opened(token: object, jwk: Mapping[str, Any], typ: str, most: int = MOST_CHARACTERS) -> Token:
    """Return what a token says, once it is of this kind and this key signed it."""
    said, key = peek(token, most), public(jwk)
    if said.header.get("typ") != typ:
        raise NotProven("this token is for something else", "다른 데 쓰는 토큰입니다")
    if said.header.get("alg") != algorithm_of(key):
        raise NotProven("its algorithm does not fit the key", "서명 방식이 열쇠와 맞지 않습니다")
    if "crit" in said.header or "b64" in said.header:
        raise NotProven("it asks for what is not known here", "알지 못하는 조건이 있습니다")
    message, _, signature = str(token).rpartition(".")
    if not _holds(key, message.encode(), unb64(signature, 1_024)):
        raise NotProven("its signature does not hold", "서명이 맞지 않습니다")
    return said


def _compact(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _signature(jwk: Json, message: bytes) -> bytes:
    secret = unb64(jwk.get("d"), 64)
    if jwk["crv"] == "Ed25519":
        return ed25519.Ed25519PrivateKey.from_private_bytes(secret).sign(message)
    key = ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(_COORDINATE_BYTES, "big") + s.to_bytes(_COORDINATE_BYTES, "big")


def _holds(jwk: Json, message: bytes, signature: bytes) -> bool:
    """Return whether a key signed it: two numbers of 32 bytes each (RFC 7518, 3.4; RFC 8032)."""
    if len(signature) != 2 * _COORDINATE_BYTES:
        return False
    try:
        if jwk["crv"] == "Ed25519":
            edwards = ed25519.Ed25519PublicKey.from_public_bytes(unb64(jwk["x"]))
            edwards.verify(signature, message)
        else:
            r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
            point = b"\x04" + unb64(jwk["x"]) + unb64(jwk["y"])
            key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
            key.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    except ValueError as wrong:  # a point that is not on the curve
        raise _malformed("it is not a key", "열쇠가 아닙니다") from wrong
    return True


def _once(pairs: list[tuple[str, object]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member stands twice")
    return found


def _finite(text: str) -> float:
    if not math.isfinite(float(text)):
        raise ValueError(f"{text} is too large")
    return float(text)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _malformed(en: str, ko: str) -> Invalid:
    return Invalid(f"this cannot be read as a proof: {en}", f"증명으로 읽을 수 없습니다: {ko}")

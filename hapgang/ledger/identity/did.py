"""Decentralised identifiers: names with a key in them (did:key) or behind them (did:web).

did:key as in W3C CCG's did:key method, for Ed25519 and P-256; did:web as in its did:web method.
Reading a document off the web is a callable of whoever has HTTP, and who allowed that host.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import quote, unquote

from cryptography.hazmat.primitives.asymmetric import ec

from hapgang.core.errors import Invalid
from hapgang.ledger.identity.jose import Json, NotProven, b64, public, shown_public, unb64

Fetch = Callable[[str], Json]
"""Reads the JSON document at an https address that the operator allowed."""

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"  # base58btc
_MOST_CHARACTERS = 2_048
_MOST_METHODS = 64
_ED25519, _P256 = b"\xed\x01", b"\x80\x24"  # multicodec 0xed and 0x1200 as varints
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,259}}$){_LABEL}(?:\.{_LABEL})*(?:%3A[1-9][0-9]{{0,4}})?")
_PART = re.compile(r"[A-Za-z0-9._-]+")
_CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]


def multibase(jwk: Mapping[str, Any]) -> str:
    """Return a public key as Multikey writes it: z, and base58 of its kind and bytes."""
    key = public(jwk)
    if key["crv"] == "Ed25519":
        return "z" + _base58(_ED25519 + unb64(key["x"]))
    sign = b"\x03" if unb64(key["y"])[-1] & 1 else b"\x02"
    return "z" + _base58(_P256 + sign + unb64(key["x"]))


def key_of_multibase(text: str) -> Json:
    """Return the public key that a Multikey is."""
    if not text.startswith("z") or len(text) > 128:
        raise _invalid("a key begins with z, in base58", "열쇠는 z로 시작하는 base58입니다")
    raw = _unbase58(text[1:])
    if raw[:2] == _ED25519 and len(raw) == 34:
        return {"kty": "OKP", "crv": "Ed25519", "x": b64(raw[2:])}
    if raw[:2] == _P256 and len(raw) == 35:
        return _point(raw[2:])
    raise _invalid("its key is neither Ed25519 nor P-256", "Ed25519나 P-256 열쇠가 아닙니다")


def key_did(jwk: Mapping[str, Any]) -> str:
    """Return the did:key of a key."""
    return f"did:key:{multibase(jwk)}"


def key_of(did: str) -> Json:
    """Return the key that a did:key is, whatever fragment follows it."""
    name, _, fragment = did.partition("#")
    coded = name.removeprefix("did:key:")
    if coded == name or (fragment and fragment != coded):
        raise _invalid("it is not a did:key", "did:key가 아닙니다")
    return key_of_multibase(coded)


def web_did(host: str, *path: str) -> str:
    """Return the did:web of a host (with a port, if it has one) and a path on it."""
    return ":".join(["did:web", quote(host.lower(), safe=""), *path])


def web_address(did: str) -> str:
    """Return where the document of a did:web is: always https, always did.json."""
    parts = did.partition("#")[0].split(":")
    if len(did) > _MOST_CHARACTERS or parts[:2] != ["did", "web"] or len(parts) < 3:
        raise _invalid("it is not a did:web", "did:web이 아닙니다")
    host, path = parts[2], parts[3:]
    if not _HOST.fullmatch(host) or not all(_is_part(part) for part in path):
        raise _invalid("its host or path is not in order", "호스트나 경로가 바르지 않습니다")
    return f"https://{unquote(host)}/{'/'.join(path or ['.well-known'])}/did.json"


def document(did: str, keys: Mapping[str, Json], services: Sequence[Json] = ()) -> Json:
    """Return the DID document of somebody with these keys, by the name of each."""
    if did.startswith("did:key:"):
        keys = {did.removeprefix("did:key:"): key_of(did)}
    names = [f"{did}#{name}" for name in keys]
    methods = [
        {"id": name, "type": "Multikey", "controller": did, "publicKeyMultibase": multibase(key)}
        for name, key in zip(names, keys.values(), strict=True)
    ]
    return {
        "@context": list(_CONTEXTS),
        "id": did,
        "verificationMethod": methods,
        "authentication": names,
        "assertionMethod": names,
        **({"service": list(services)} if services else {}),
    }


def keys_in(found: object, did: str, purpose: str = "assertionMethod") -> dict[str, Json]:
    """Return the keys of a document by their full names: those that are good for a purpose."""
    if not isinstance(found, dict) or found.get("id") != did:
        raise NotProven("the document is of somebody else", "다른 이의 문서입니다")
    methods = _methods(found.get("verificationMethod"), did)
    keys: dict[str, Json] = {}
    listed = found.get(purpose, [])
    for entry in listed[:_MOST_METHODS] if isinstance(listed, list) else []:
        if isinstance(entry, str):
            name = f"{did}{entry}" if entry.startswith("#") else entry
            if name in methods:
                keys[name] = methods[name]
        else:
            keys |= _methods([entry], did)
    return keys


def resolve(name: str, fetch: Fetch | None = None, purpose: str = "assertionMethod") -> Json:
    """Return the key that a DID URL names; without a fragment, the only one that there is.

    did:web needs `fetch`; where it is not given, nobody's document is read.
    """
    did, _, fragment = name.partition("#")
    if did.startswith("did:key:"):
        return key_of(name)
    address = web_address(did)
    if fetch is None:
        raise NotProven(f"{did} cannot be looked up here", f"{did}는 여기서 찾을 수 없습니다")
    keys = keys_in(fetch(address), did, purpose)
    if fragment and name in keys:
        return keys[name]
    if not fragment and len(keys) == 1:
        return next(iter(keys.values()))
    raise NotProven(f"{name} is not one of its keys", f"{name}는 그의 열쇠가 아닙니다")


def keys_by(fetch: Fetch | None = None) -> Callable[[str, str | None], Json]:
    """Return how keys of issuers are found: by a `kid` that is theirs, or the only one they have.

    Nobody signs in another's name: a key of a document other than the issuer's is not looked at.
    """

    def key(issuer: str, kid: str | None) -> Json:
        did, _, fragment = (kid or issuer).partition("#")
        if did not in ("", issuer):
            raise NotProven("it is signed by somebody else's key", "다른 이의 열쇠로 서명했습니다")
        return resolve(f"{issuer}#{fragment}" if fragment else issuer, fetch)

    return key


def _methods(listed: object, did: str) -> dict[str, Json]:
    keys: dict[str, Json] = {}
    for method in listed[:_MOST_METHODS] if isinstance(listed, list) else []:
        name = method.get("id") if isinstance(method, dict) else None
        if not isinstance(name, str) or method.get("controller") != did:
            continue  # somebody else's key, or none
        name = f"{did}{name}" if name.startswith("#") else name
        if not name.startswith(f"{did}#"):
            continue
        with suppress(Invalid):  # a key of another kind, such as for encryption, is not for us
            if isinstance(method.get("publicKeyMultibase"), str):
                keys[name] = key_of_multibase(method["publicKeyMultibase"])
            elif "publicKeyJwk" in method:
                keys[name] = shown_public(method["publicKeyJwk"])
    return keys


def _is_part(part: str) -> bool:
    return bool(_PART.fullmatch(part)) and part.strip(".") != ""


def _point(compressed: bytes) -> Json:
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), compressed)
    except ValueError as wrong:
        raise _invalid("its key is not on the curve", "곡선 위의 점이 아닙니다") from wrong
    numbers = key.public_numbers()
    x, y = (b64(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def _base58(raw: bytes) -> str:
    number, digits = int.from_bytes(raw, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = _ALPHABET[digit] + digits
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + digits


def _unbase58(text: str) -> bytes:
    number = 0
    for letter in text:
        digit = _ALPHABET.find(letter)
        if digit < 0:
            raise _invalid("it is not base58", "base58이 아닙니다")
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _invalid(en: str, ko: str) -> Invalid:
    return Invalid(f"this identifier is not in order: {en}", f"식별자가 바르지 않습니다: {ko}")

"""Passkeys: signing in with a key that never leaves somebody's device (WebAuthn Level 3, 7).

Both ceremonies as pure functions: options for the browser, and the check of what it answers. The
challenge is a code of `codes.draw_code`: good once, for a short while; who keeps it checks that.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from hapgang.core.errors import Invalid
from hapgang.ledger.identity import cbor
from hapgang.ledger.identity.attestation import (
    AT,
    BE,
    BS,
    UP,
    UV,
    AuthenticatorData,
    check_attestation,
    read_data,
)
from hapgang.ledger.identity.cose import ALGORITHMS, key_of
from hapgang.ledger.identity.jose import Json, NotProven, b64, parse_object, unb64

CHALLENGE_S = 300  # WebAuthn L3, 15.1: five minutes, with verification of the person
_MOST_CLIENT_DATA = 8_192
_LEAST_CHALLENGE = 16  # bytes; WebAuthn L3, 13.4.3


class Site(msgspec.Struct, frozen=True):
    """Who asks: the domain that keys are bound to, and the pages that may use them."""

    rp_id: str
    origins: tuple[str, ...]
    name: str = ""


class Passkey(msgspec.Struct, frozen=True):
    """A key as the city keeps it; nothing in it is secret."""

    credential_id: bytes
    key: bytes
    sign_count: int
    verified: bool
    may_be_backed_up: bool
    backed_up: bool
    aaguid: bytes
    attested: bool


def creation_options(
    site: Site, user: bytes, name: str, challenge: str, taken: Sequence[bytes] = ()
) -> Json:
    """Return what the browser makes a key by (5.4); `user` is a handle, not the person's name."""
    if not 0 < len(user) <= 64 or len(unb64(challenge)) < _LEAST_CHALLENGE:
        raise Invalid("a handle has 1 to 64 bytes", "사용자 식별자는 64바이트까지입니다")
    return {
        "rp": {"id": site.rp_id, "name": site.name or site.rp_id},
        "user": {"id": b64(user), "name": name, "displayName": name},
        "challenge": challenge,
        "pubKeyCredParams": [{"type": "public-key", "alg": each} for each in ALGORITHMS],
        "timeout": CHALLENGE_S * 1_000,
        "excludeCredentials": [_named(each) for each in taken],
        "authenticatorSelection": {"residentKey": "required", "userVerification": "required"},
        "attestation": "none",
    }


def request_options(site: Site, challenge: str, allowed: Sequence[bytes] = ()) -> Json:
    """Return what the browser signs in by (5.5); without `allowed`, by any key for the site."""
    return {
        "challenge": challenge,
        "rpId": site.rp_id,
        "timeout": CHALLENGE_S * 1_000,
        "allowCredentials": [_named(each) for each in allowed],
        "userVerification": "required",
    }


def register(
    site: Site,
    answer: object,
    challenge: str,
    now_s: int,
    *,
    verified: bool = True,
    anchors: Sequence[bytes] = (),
    vouched: bool = False,
) -> Passkey:
    """Return the new key of an answer (7.1); who keeps it refuses an id that is already kept.

    verified: the device has to have checked who holds it. vouched: one of `anchors` has to vouch
    for the device; else who made it does not matter.
    """
    name, response = _answer(answer)
    client = _client_data(response, "webauthn.create", challenge, site)
    attested = cbor.read(unb64(response.get("attestationObject")))
    if not isinstance(attested, dict) or attested.keys() != {"fmt", "attStmt", "authData"}:
        raise Invalid("it is not an attestation object", "등록 응답의 형식이 아닙니다")
    raw = attested["authData"]
    if not isinstance(raw, bytes):
        raise Invalid("it has no authenticator data", "인증기 데이터가 없습니다")
    data = read_data(raw)
    _check_data(data, site, verified=verified)
    if not data.has(AT) or data.key is None or data.credential_id != name:
        raise NotProven("it brings no new key, or another", "새 열쇠가 없거나 다릅니다")
    said = (attested["fmt"], attested["attStmt"], data, raw + hashlib.sha256(client).digest())
    known = check_attestation(*said, anchors, now_s)
    if vouched and not known:
        raise NotProven("nobody whom we trust vouches for the device", "보증된 기기가 아닙니다")
    return _kept(data, known)


def credential_id(answer: object) -> bytes:
    """Return which key an answer says it is by: to find it, and its person."""
    return _answer(answer)[0]


def sign_in(
    site: Site,
    kept: Passkey,
    answer: object,
    challenge: str,
    *,
    user: bytes | None = None,
    verified: bool = True,
) -> Passkey:
    """Return the key as it is to be kept from now on, once the answer holds (7.2).

    A counter that does not go forward means that somebody has a copy of the key: refused.
    """
    name, response = _answer(answer)
    if name != kept.credential_id:
        raise NotProven("it is by another key", "다른 열쇠의 응답입니다")
    handle = response.get("userHandle")
    if user is not None and handle is not None and unb64(handle, 128) != user:
        raise NotProven("the key is of somebody else", "다른 이의 열쇠입니다")
    client = _client_data(response, "webauthn.get", challenge, site)
    raw = unb64(response.get("authenticatorData"))
    data = read_data(raw)
    _check_data(data, site, verified=verified)
    if data.has(BE) != kept.may_be_backed_up:
        raise NotProven("the key says of itself what it was not", "열쇠의 성질이 바뀌었습니다")
    message = raw + hashlib.sha256(client).digest()
    if not key_of(kept.key).holds(unb64(response.get("signature"), 2_048), message):
        raise NotProven("its signature does not hold", "서명이 맞지 않습니다")
    if (data.sign_count or kept.sign_count) and data.sign_count <= kept.sign_count:
        raise NotProven(
            "the key's counter went back: there may be a copy of it",
            "열쇠의 계수기가 뒤로 갔습니다. 복제되었을 수 있습니다",
        )
    return msgspec.structs.replace(
        kept,
        sign_count=data.sign_count,
        verified=kept.verified or data.has(UV),
        backed_up=data.has(BS),
    )


def _kept(data: AuthenticatorData, known: bool) -> Passkey:
    return Passkey(
        credential_id=data.credential_id,
        key=data.key_bytes,
        sign_count=data.sign_count,
        verified=data.has(UV),
        may_be_backed_up=data.has(BE),
        backed_up=data.has(BS),
        aaguid=data.aaguid,
        attested=known,
    )


def _answer(answer: object) -> tuple[bytes, Mapping[str, Any]]:
    if not isinstance(answer, dict) or answer.get("type") != "public-key":
        raise Invalid("it is not a passkey's answer", "패스키의 응답이 아닙니다")
    response = answer.get("response")
    if not isinstance(response, dict) or answer.get("rawId", answer.get("id")) != answer.get("id"):
        raise Invalid("it is not a passkey's answer", "패스키의 응답이 아닙니다")
    return unb64(answer.get("id"), 2_048), response


def _client_data(response: Mapping[str, Any], kind: str, challenge: str, site: Site) -> bytes:
    """Return the bytes of what the browser says, once it answers this question on our page."""
    raw = unb64(response.get("clientDataJSON"), _MOST_CLIENT_DATA)
    said = parse_object(raw)
    given = said.get("challenge")
    if said.get("type") != kind:
        raise NotProven("it answers another ceremony", "다른 절차의 응답입니다")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), challenge.encode()):
        raise NotProven("it answers another challenge", "다른 요청의 응답입니다")
    if said.get("origin") not in site.origins:
        raise NotProven("it comes from another page", "다른 사이트에서 온 응답입니다")
    if said.get("crossOrigin", False) is not False or "topOrigin" in said:
        raise NotProven("our page stands in somebody else's", "다른 사이트 안에서 온 응답입니다")
    return raw


def _check_data(data: AuthenticatorData, site: Site, *, verified: bool) -> None:
    if not hmac.compare_digest(data.rp_id_hash, hashlib.sha256(site.rp_id.encode()).digest()):
        raise NotProven("the key is for another site", "다른 사이트의 열쇠입니다")
    if not data.has(UP):
        raise NotProven("nobody was present", "사람이 확인하지 않았습니다")
    if verified and not data.has(UV):
        raise NotProven("the device did not check who it is", "본인 확인을 하지 않았습니다")


def _named(name: bytes) -> Json:
    return {"type": "public-key", "id": b64(name)}

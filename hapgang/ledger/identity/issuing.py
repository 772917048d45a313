"""OpenID4VCI 1.0: how a credential gets into somebody's own wallet.

The pre-authorised code flow: the city knows who it is (at a counter, or signed in), offers, and
the wallet fetches with the code of the offer and a transaction code told apart from it.
"""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec

from hapgang.core.errors import CityError, Invalid
from hapgang.ledger.identity.codes import Once, OpenIdError, draw_code, hash_of, nonce_until
from hapgang.ledger.identity.credentials import Kind
from hapgang.ledger.identity.did import key_of
from hapgang.ledger.identity.jose import ALGORITHMS, Draw, Json, opened, peek, shown_public
from hapgang.ledger.identity.sdjwt import SKEW_S, TYP, check_times

PRE_AUTHORIZED = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
PROOF_TYP = "openid4vci-proof+jwt"
OFFER_S, TOKEN_S, NONCE_S = 600, 300, 300  # assumption: a walk from the counter; a slow network
OLDEST_PROOF_S = 300
TRIES = 3
_PIN_DIGITS = 6
_MOST_PROOFS = 4


class Offer(msgspec.Struct, frozen=True):
    """An offer as the city keeps it: for whom, what, and the hashes of its codes."""

    subject: str
    kind: str
    code: Once
    pin: Once | None
    tries: int = TRIES


class Grant(msgspec.Struct, frozen=True):
    """What a wallet may fetch with its token: one credential of one kind, about one person."""

    subject: str
    kind: str
    token: Once


class Redeemed(msgspec.Struct, frozen=True):
    """What came of a code: the answer, what is left of the offer, and the grant if there is one.

    A wrong code is an answer, not an exception: that it was tried has to be kept.
    """

    response: Json
    offer: Offer | None
    grant: Grant | None = None


def issuer_metadata(
    address: str, title: Mapping[str, str], kinds: Sequence[Kind], doors: str = ""
) -> Json:
    """Return `/.well-known/openid-credential-issuer` (section 12.2); `doors`: path of the doors."""
    return {
        "credential_issuer": address,
        "credential_endpoint": f"{address}{doors}/credential",
        "nonce_endpoint": f"{address}{doors}/nonce",
        "display": [{"name": name, "locale": locale} for locale, name in title.items()],
        "credential_configurations_supported": {kind.name: _configuration(kind) for kind in kinds},
    }


def server_metadata(address: str, doors: str = "") -> Json:
    """Return `/.well-known/oauth-authorization-server` (RFC 8414); `doors`: path of the doors."""
    return {
        "issuer": address,
        "token_endpoint": f"{address}{doors}/token",
        "response_types_supported": ["code"],
        "grant_types_supported": [PRE_AUTHORIZED],
        "token_endpoint_auth_methods_supported": ["none"],
        "pre-authorized_grant_anonymous_access_supported": True,
    }


def offer(
    address: str,
    kind: Kind,
    subject: str,
    now_s: int,
    *,
    pin: bool = True,
    draw: Draw = secrets.token_bytes,
) -> tuple[Offer, Json, str | None]:
    """Return an offer to keep, its document (4.1.1), and the transaction code to tell apart."""
    code, kept = draw_code(now_s, OFFER_S, draw)
    told = f"{int.from_bytes(draw(8), 'big') % 10**_PIN_DIGITS:0{_PIN_DIGITS}}" if pin else None
    grant: Json = {"pre-authorized_code": code}
    if told is not None:
        grant["tx_code"] = {"input_mode": "numeric", "length": _PIN_DIGITS}
    document = {
        "credential_issuer": address,
        "credential_configuration_ids": [kind.name],
        "grants": {PRE_AUTHORIZED: grant},
    }
    secret = None if told is None else Once(hash_of(f"{code}.{told}"), now_s + OFFER_S)
    return Offer(subject, kind.name, kept, secret), document, told  # fmt: skip


def offer_link(document: Json) -> str:
    """Return the link, or QR code, that a wallet opens."""
    written = json.dumps(document, separators=(",", ":"))
    return f"openid-credential-offer://?{urlencode({'credential_offer': written})}"


def redeem(
    kept: Offer | None, form: Mapping[str, Any], now_s: int, draw: Draw = secrets.token_bytes
) -> Redeemed:
    """Return the token for a code (section 6); a code is good once, and for three tries at most.

    `kept` is the offer that the caller found by `hash_of` the code, if there is one.
    """
    if form.get("grant_type") != PRE_AUTHORIZED:
        return Redeemed({"error": "unsupported_grant_type"}, kept)
    code, told = form.get("pre-authorized_code"), form.get("tx_code")
    if kept is None or not kept.code.takes(code, now_s):
        return Redeemed({"error": "invalid_grant"}, kept)
    if (kept.pin is None) != (told is None):
        return Redeemed({"error": "invalid_request"}, kept)
    if kept.pin is not None and not kept.pin.takes(f"{code}.{told}", now_s):
        left = kept.tries - 1
        return Redeemed(
            {"error": "invalid_grant"},
            msgspec.structs.replace(kept, tries=left) if left > 0 else None,
        )
    token, once = draw_code(now_s, TOKEN_S, draw)
    response = {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_S}
    return Redeemed(response, None, Grant(kept.subject, kept.kind, once))


class Wanted(msgspec.Struct, frozen=True):
    """A request that may be answered: for which keys, and which nonces are used up by it."""

    holders: tuple[Json, ...]
    nonces: tuple[tuple[str, int], ...]  # hash and end of each: to be remembered until then


def check_request(
    grant: Grant | None,
    token: object,
    request: object,
    *,
    address: str,
    nonce_key: bytes,
    used: Callable[[str], bool],
    now_s: int,
) -> Wanted:
    """Return for which keys a wallet wants its credential (section 8), once all proofs hold."""
    if grant is None or not grant.token.takes(token, now_s):
        raise OpenIdError("invalid_token", "the token is over or used", "토큰이 끝났습니다")
    if not isinstance(request, dict) or "credential_identifier" in request:
        raise _invalid("invalid_credential_request", "it names no configuration")
    if request.get("credential_configuration_id") != grant.kind:
        raise _invalid("unknown_credential_configuration", "another credential was offered")
    if "credential_response_encryption" in request:
        raise _invalid("invalid_encryption_parameters", "answers are not encrypted here")
    proofs = request.get("proofs")
    listed = proofs.get("jwt") if isinstance(proofs, dict) and len(proofs) == 1 else None
    if not isinstance(listed, list) or not 0 < len(listed) <= _MOST_PROOFS:
        raise _invalid("invalid_proof", f"it needs 1 to {_MOST_PROOFS} proofs of the kind jwt")
    checked = [_proof(each, address, nonce_key, used, now_s) for each in listed]
    nonces = tuple(dict.fromkeys(nonce for _, nonce in checked))
    return Wanted(tuple(holder for holder, _ in checked), nonces)


def credential_response(credentials: Sequence[str]) -> Json:
    """Return what the wallet gets (8.3)."""
    return {"credentials": [{"credential": each} for each in credentials]}


def _proof(
    proof: object, address: str, nonce_key: bytes, used: Callable[[str], bool], now_s: int
) -> tuple[Json, tuple[str, int]]:
    """Return whose key a proof shows (appendix F.1), and the nonce that it used."""
    try:
        header = peek(proof).header
        holder = _key(header)
        claims = opened(proof, holder, PROOF_TYP).claims
        check_times(claims, now_s)
    except CityError as wrong:
        raise _invalid("invalid_proof", wrong.message.en) from wrong
    at_s = claims.get("iat")
    if type(at_s) is not int or at_s < now_s - OLDEST_PROOF_S - SKEW_S:
        raise _invalid("invalid_proof", "the proof is too old")
    if claims.get("aud") != address or "iss" in claims:
        raise _invalid("invalid_proof", "the proof is for another issuer, or not anonymous")
    nonce = claims.get("nonce")
    until_s = nonce_until(nonce_key, nonce)
    if until_s is None or until_s <= now_s or used(hash_of(str(nonce))):
        raise _invalid("invalid_nonce", "the nonce is over, used, or none of ours")
    return holder, (hash_of(str(nonce)), until_s)


def _key(header: Json) -> Json:
    named = [name for name in ("jwk", "kid", "x5c") if name in header]
    if named == ["jwk"]:
        return shown_public(header["jwk"])
    if named == ["kid"] and isinstance(header["kid"], str):
        return key_of(header["kid"])
    raise Invalid("a proof names one key, as jwk or did:key", "증명에 열쇠가 하나 있어야 합니다")


def _configuration(kind: Kind) -> Json:
    titles = [
        {"name": kind.title.en, "locale": "en"},
        {"name": kind.title.ko, "locale": "ko"},
    ]
    return {
        "format": TYP,
        "vct": kind.vct,
        "cryptographic_binding_methods_supported": ["jwk", "did:key"],
        "credential_signing_alg_values_supported": list(ALGORITHMS),
        "proof_types_supported": {"jwt": {"proof_signing_alg_values_supported": list(ALGORITHMS)}},
        "credential_metadata": {"display": titles, "claims": kind.schema()},
    }


def _invalid(code: str, en: str) -> OpenIdError:
    return OpenIdError(code, en, "지갑이 보낸 요청이 바르지 않습니다")

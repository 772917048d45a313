"""SD-JWT VC: credentials whose claims are told one by one, by whoever holds the key in them.

RFC 9901 (SD-JWT, with key binding) and draft-ietf-oauth-sd-jwt-vc (the type, its time, its issuer).
"""

import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from hapgang.core.errors import Invalid
from hapgang.ledger.identity.disclosures import (
    HASHES,
    MOST_DISCLOSURES,
    Path,
    Revealed,
    conceal,
    digest,
    reveal,
)
from hapgang.ledger.identity.jose import (
    MOST_CHARACTERS,
    Draw,
    Json,
    NotProven,
    Token,
    opened,
    peek,
    public,
    shown_public,
    sign,
)

TYP = "dc+sd-jwt"
BINDING_TYP = "kb+jwt"
SKEW_S = 60  # assumption: how far clocks of phones and cities are apart
OLDEST_BINDING_S = 300  # assumption: as long as somebody may take to say yes
_ALWAYS_SHOWN = ("iss", "nbf", "exp", "cnf", "vct", "status")  # draft-ietf-oauth-sd-jwt-vc, 2.2.2.2

KeyOf = Callable[[str, str | None], Json]
"""Gives the key of an issuer, by its name and the key's (`kid`); refuses who is not trusted."""


class Parts(msgspec.Struct, frozen=True):
    """A credential as it is handed on: signed part, disclosures, and perhaps the key binding."""

    signed: str
    told: tuple[str, ...]
    binding: str | None = None

    def unbound(self) -> str:
        """Return it without key binding: what the binding's hash is of."""
        return "~".join([self.signed, *self.told, ""])

    def whole(self) -> str:
        """Return it as it is sent."""
        return self.unbound() + (self.binding or "")


class Asked(msgspec.Struct, frozen=True):
    """What who asked for a presentation expects of it."""

    audience: str
    nonce: str
    oldest_s: int = OLDEST_BINDING_S


class Shown(msgspec.Struct, frozen=True):
    """A credential that was checked: what it tells, of whom, and what each claim needed."""

    claims: Json
    issuer: str
    vct: str
    holder: Json | None
    revealed: Revealed


def split(text: object) -> Parts:
    """Return the parts of a credential."""
    if not isinstance(text, str) or len(text) > MOST_CHARACTERS:
        raise Invalid("it is not a credential", "증명서가 아닙니다")
    signed, *told = text.split("~")
    if not told or len(told) > MOST_DISCLOSURES + 1 or not all(told[:-1]):
        raise Invalid("it is not a credential in parts", "증명서 형식이 아닙니다")
    return Parts(signed, tuple(told[:-1]), told[-1] or None)


def issue(
    key: Json,
    claims: Mapping[str, Any],
    hide: Sequence[Path] = (),
    *,
    holder: Mapping[str, Any] | None = None,
    kid: str | None = None,
    decoys: int = 0,
    draw: Draw = secrets.token_bytes,
) -> str:
    """Return a signed credential with all its disclosures.

    `claims` has `iss`, `vct` and `iat` at least; with `holder`, only who has that key can show it.
    """
    for member, kind in (("iss", str), ("vct", str), ("iat", int)):
        if not isinstance(claims.get(member), kind):
            raise Invalid(f"a credential needs {member}", f"증명서에는 {member}가 있어야 합니다")
    if any(path[0] in _ALWAYS_SHOWN for path in hide):
        raise Invalid("this cannot be hidden", "가릴 수 없는 항목입니다")
    bound = {"cnf": {"jwk": public(holder)}} if holder is not None else {}
    payload, told = conceal({**claims, **bound}, hide, decoys=decoys, draw=draw)
    signed = sign(key, TYP, payload, **({"kid": kid} if kid else {}))
    return Parts(signed, told).whole()


def present(
    credential: str,
    told: Sequence[str],
    holder: Json,
    asked: Asked,
    now_s: int,
) -> str:
    """Return a credential with these disclosures only, bound to who asked and to now."""
    parts = split(credential)
    shown = Parts(parts.signed, tuple(each for each in parts.told if each in told))
    claims = {
        "iat": now_s,
        "aud": asked.audience,
        "nonce": asked.nonce,
        "sd_hash": digest(shown.unbound(), _algorithm(peek(shown.signed))),
    }
    return shown.whole() + sign(holder, BINDING_TYP, claims)


def verify(
    text: str,
    key_of: KeyOf,
    now_s: int,
    asked: Asked | None = None,
    *,
    skew_s: int = SKEW_S,
    typ: str = TYP,
) -> Shown:
    """Return what a credential tells; `NotProven` unless all of it holds.

    With `asked` it must be bound to who asked, now, by the key in it. Without, it must not be
    bound: as an issuer hands it out, or as somebody keeps it.
    """
    parts = split(text)
    said = peek(parts.signed)
    issuer, kid = said.claims.get("iss"), said.header.get("kid")
    if not isinstance(issuer, str) or not (kid is None or isinstance(kid, str)):
        raise NotProven("it does not say who issued it", "누가 발급했는지 없습니다")
    claims = opened(parts.signed, key_of(issuer, kid), typ).claims
    check_times(claims, now_s, skew_s)
    holder = _holder(claims)
    if asked is not None:
        _check_binding(parts, said, holder, asked, now_s, skew_s)
    elif parts.binding is not None:
        raise NotProven("it is bound to somebody who asked", "다른 요청에 묶인 증명입니다")
    revealed = reveal(claims, parts.told)
    _check_shown(claims, revealed.claims)
    vct = claims.get("vct")
    if not isinstance(vct, str):
        raise NotProven("it does not say of what kind it is", "어떤 증명서인지 없습니다")
    return Shown(revealed.claims, issuer, vct, holder, revealed)


def check_times(claims: Mapping[str, Any], now_s: int, skew_s: int = SKEW_S) -> None:
    """Refuse what is not valid yet, or no longer; what is no time is no time."""
    for member in ("iat", "nbf", "exp"):
        at_s = claims.get(member)
        if at_s is None:
            continue
        if isinstance(at_s, bool) or not isinstance(at_s, int | float):
            raise NotProven(f"its {member} is no time", f"{member}가 시각이 아닙니다")
        if member == "exp" and at_s + skew_s <= now_s:
            raise NotProven("it has expired", "기한이 지났습니다")
        if member != "exp" and at_s - skew_s > now_s:
            raise NotProven("it is not valid yet", "아직 유효하지 않습니다")


def same(one: object, other: str) -> bool:
    """Return whether two secrets are the same, in a time that tells nothing of them."""
    return isinstance(one, str) and hmac.compare_digest(one.encode(), other.encode())


def _check_binding(
    parts: Parts, said: Token, holder: Json | None, asked: Asked, now_s: int, skew_s: int
) -> None:
    """RFC 9901, 7.3: the holder's own token over exactly this, for who asked, just now."""
    if parts.binding is None or holder is None:
        raise NotProven("nobody shows that it is theirs", "본인 것임을 보여 주지 않습니다")
    claims = opened(parts.binding, holder, BINDING_TYP).claims
    if not same(claims.get("aud"), asked.audience):
        raise NotProven("it was made for somebody else", "다른 곳에 보낸 증명입니다")
    if not asked.nonce or not same(claims.get("nonce"), asked.nonce):
        raise NotProven("it does not answer this question", "이 요청에 대한 답이 아닙니다")
    at_s = claims.get("iat")
    if isinstance(at_s, bool) or not isinstance(at_s, int | float):
        raise NotProven("it does not say when it was made", "언제 만들었는지 없습니다")
    if not now_s - asked.oldest_s - skew_s <= at_s <= now_s + skew_s:
        raise NotProven("it was made too long ago, or too soon", "만든 때가 맞지 않습니다")
    check_times({name: claims[name] for name in ("nbf", "exp") if name in claims}, now_s, skew_s)
    if not same(claims.get("sd_hash"), digest(parts.unbound(), _algorithm(said))):
        raise NotProven("it was made over something else", "다른 내용에 대한 증명입니다")


def _algorithm(said: Token) -> str:
    name = said.claims.get("_sd_alg", "sha-256")
    if not isinstance(name, str) or name not in HASHES:
        raise NotProven("its hash algorithm is not known", "알지 못하는 해시 방식입니다")
    return name


def _holder(claims: Mapping[str, Any]) -> Json | None:
    if "cnf" not in claims:
        return None
    bound = claims["cnf"]
    if not isinstance(bound, dict) or "jwk" not in bound:
        raise NotProven("its holder's key is not known", "보유자의 열쇠를 알 수 없습니다")
    return shown_public(bound["jwk"])


def _check_shown(signed: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    for member in _ALWAYS_SHOWN:
        if member in told and member not in signed:
            raise NotProven(f"its {member} was hidden", f"{member}를 가린 증명서입니다")

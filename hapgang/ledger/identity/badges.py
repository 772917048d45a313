"""Open Badges 3.0 (1EdTech): what somebody learned, in a form that any badge wallet reads.

An OpenBadgeCredential with the proof as a signed JWT (its section 8.2, VC-JOSE-COSE form). It is
told whole; the kind `nanodegree` says the same, and lets people choose what they show.
"""

from datetime import UTC, datetime

import msgspec

from hapgang.core.errors import Invalid
from hapgang.ledger.identity.jose import Json, NotProven, opened, peek, sign
from hapgang.ledger.identity.sdjwt import KeyOf, check_times

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
_TYPES = ("OpenBadgeCredential", "AchievementCredential")


class Achievement(msgspec.Struct, frozen=True):
    """What can be achieved: a nanodegree, a course."""

    id: str
    name: str
    description: str
    criteria: str
    skills: tuple[str, ...] = ()

    def document(self) -> Json:
        """Return it as Open Badges writes it."""
        tags = {"tag": list(self.skills)} if self.skills else {}
        return {
            "id": self.id,
            "type": ["Achievement"],
            "achievementType": "MicroCredential",
            "name": self.name,
            "description": self.description,
            "criteria": {"narrative": self.criteria},
            **tags,
        }


def badge(
    achievement: Achievement,
    *,
    name: str,
    issuer: str,
    issuer_name: str,
    holder: str,
    at_s: int,
    until_s: int | None = None,
) -> Json:
    """Return the credential that somebody achieved this; `name` is the credential's own id."""
    until = {} if until_s is None else {"validUntil": _time(until_s)}
    return {
        "@context": list(CONTEXTS),
        "id": name,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achievement.name,
        "issuer": {"id": issuer, "type": ["Profile"], "name": issuer_name},
        "validFrom": _time(at_s),
        **until,
        "credentialSubject": {
            "id": holder,
            "type": ["AchievementSubject"],
            "achievement": achievement.document(),
        },
    }  # fmt: skip


def check_badge(document: object) -> Json:
    """Return a badge whose structure is Open Badges' own; `Invalid` where it is not."""
    if not isinstance(document, dict):
        raise _invalid("it is no object", "객체가 아닙니다")
    contexts, types = document.get("@context"), document.get("type")
    if not isinstance(contexts, list) or contexts[:2] != list(CONTEXTS):
        raise _invalid("its contexts are others", "컨텍스트가 다릅니다")
    if not _has(types, "VerifiableCredential") or not any(_has(types, each) for each in _TYPES):
        raise _invalid("its type is another", "종류가 다릅니다")
    subject, issuer = document.get("credentialSubject"), document.get("issuer")
    inner = subject.get("achievement") if isinstance(subject, dict) else None
    _need(document, "id", "validFrom")
    _need(issuer, "id", of="Profile")
    _need(subject, of="AchievementSubject")
    _need(inner, "id", "name", "description", of="Achievement")
    criteria = inner.get("criteria") if isinstance(inner, dict) else None
    if not isinstance(criteria, dict) or not (criteria.keys() & {"id", "narrative"}):
        raise _invalid("it says not for what", "기준이 없습니다")
    for member in ("validFrom", "validUntil"):
        if member in document:
            _seconds(document[member])
    return document


def sign_badge(key: Json, document: Json, kid: str) -> str:
    """Return the badge with its proof, as 1EdTech's JWT form has it."""
    check_badge(document)
    times = {"nbf": _seconds(document["validFrom"])}
    if "validUntil" in document:
        times["exp"] = _seconds(document["validUntil"])
    subject = document["credentialSubject"]
    who = {"sub": subject["id"]} if "id" in subject else {}
    claims = {**document, "iss": document["issuer"]["id"], "jti": document["id"], **who, **times}
    return sign(key, "JWT", claims, kid=kid)


def opened_badge(text: str, key_of: KeyOf, now_s: int) -> Json:
    """Return the badge of a signed JWT, once all of it holds."""
    said = peek(text)
    issuer, kid = said.claims.get("iss"), said.header.get("kid")
    if not isinstance(issuer, str) or not (kid is None or isinstance(kid, str)):
        raise NotProven("it does not say who issued it", "누가 발급했는지 없습니다")
    claims = opened(text, key_of(issuer, kid), "JWT").claims
    document = check_badge(
        {name: claims[name] for name in claims if name not in ("iss", "jti", "sub", "nbf", "exp")}
    )
    subject = document["credentialSubject"]
    pairs = ((issuer, document["issuer"]["id"]), (claims.get("jti"), document["id"]))
    if any(one != other for one, other in pairs) or claims.get("sub") != subject.get("id"):
        raise NotProven("the badge says one thing, its proof another", "배지와 증명이 다릅니다")
    check_times(claims, now_s)
    check_times({"nbf": _seconds(document["validFrom"])}, now_s)
    if "validUntil" in document:
        check_times({"exp": _seconds(document["validUntil"])}, now_s)
    return document


def _has(types: object, name: str) -> bool:
    return isinstance(types, list) and name in types


def _need(part: object, *members: str, of: str | None = None) -> None:
    if not isinstance(part, dict) or (of is not None and not _has(part.get("type"), of)):
        raise _invalid(f"it has no {of}", f"{of}가 없습니다")
    for member in members:
        if not isinstance(part.get(member), str) or not part[member]:
            raise _invalid(f"it has no {member}", f"{member}가 없습니다")


def _time(at_s: int) -> str:
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds(text: object) -> int:
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise _invalid("its time is none", "시각이 아닙니다")
    return int(at.timestamp())


def _invalid(en: str, ko: str) -> Invalid:
    return Invalid(f"this is not an Open Badge: {en}", f"오픈 배지가 아닙니다: {ko}")

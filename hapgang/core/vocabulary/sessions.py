"""What the city keeps of signing in: keys, open sessions, codes of one use, and who acts for whom.

Nothing in it is a secret: codes are kept as hashes, of keys the public half
(docs/decisions/0022-a-session-is-looked-at-each-time.md).
"""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hapgang.core.entity import Entity, Property, Relationship, entity
from hapgang.core.text import Text, Words

Label = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"\A[^\x00-\x1f]+\Z")]
CodeHash = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Relation = Literal["parent", "guardian", "carer", "company"]
Purpose = Literal["sign in", "enrol", "recover", "add"]
StaffRole = Literal["operator", "planner", "clinician", "teacher", "company", "agency", "auditor"]
SignedInBy = Literal["passkey", "enrolment", "recovery", "demonstration", "visit", "power"]


@entity(
    "StaffMember",
    person="id",
    is_internal=True,
    words=Words(
        Text("Who works for the city", "도시에서 일하는 사람"),
        Text(
            "Staff, offices and companies: in which role, entered by whom, until when. Sealed.",
            "직원, 기관, 회사의 역할과 등록한 사람, 기한이에요. 봉인되어 있어요.",
        ),
    ),
)
class StaffMember(Entity, frozen=True, kw_only=True):
    """Somebody who may sign in in a role; what they may do ends with it, from the next request."""

    name: Label  # what they are called
    role: StaffRole
    entered_by: str
    entered_at: datetime
    until: datetime | None = None
    ended_at: datetime | None = None
    been_in: bool = False  # whether they ever made a key: from then on they are asked about others


@entity(
    "SignInKey",
    person="person",
    is_internal=True,
    words=Words(
        Text("Devices that people sign in with", "로그인 기기"),
        Text(
            "Public halves of passkeys, with the names that people gave them. Sealed.",
            "패스키의 공개 키와 기기 이름이에요. 봉인되어 있어요.",
        ),
    ),
)
class SignInKey(Entity, frozen=True, kw_only=True):
    """A passkey: the public half of a key that stays on somebody's device."""

    person: Annotated[str, Relationship("keyOf", indexed=True)]
    credential: Annotated[str, Property(indexed=True)]  # its id on the device, base64url
    key: str  # COSE, base64url
    sign_count: int
    verified: bool
    may_be_backed_up: bool
    backed_up: bool
    aaguid: str
    attested: bool
    label: Label
    added_at: datetime
    used_at: datetime


class Shown(msgspec.Struct, frozen=True):
    """An attribute that was shown to a session, until when it counts."""

    attribute: str
    until: datetime
    credential: str | None = None  # of the city's own, or a `TrustedIssuer`: it has to stand still


@entity(
    "Session",
    person="person",
    is_internal=True,
    words=Words(
        Text("Who is signed in", "로그인 상태"),
        Text(
            "Since when and until when, and on which device. Sealed.",
            "언제부터 언제까지 어느 기기에서인지예요. 봉인되어 있어요.",
        ),
    ),
)
class Session(Entity, frozen=True, kw_only=True):
    """That somebody is signed in; it is looked at in each request, and closed when it ends."""

    person: Annotated[str, Relationship("sessionOf", indexed=True)]
    role: str
    by: SignedInBy
    label: Label
    began_at: datetime
    until: datetime
    key: str | None = None  # the device that it was begun with
    shown: tuple[Shown, ...] = ()
    acts_for: Annotated[str | None, Relationship("actsFor", indexed=True)] = None
    power: Annotated[str | None, Property(indexed=True)] = None  # by what it acts
    only: tuple[str, ...] | None = None
    begun_in: Annotated[str | None, Property(indexed=True)] = None  # whose end is this one's, too
    ended_at: datetime | None = None


@entity(
    "SignInAttempt",
    person="person",
    is_internal=True,
    words=Words(
        Text("Attempts to sign in", "로그인 시도"),
        Text("For five minutes, once. Sealed.", "5분 동안 한 번 쓰여요. 봉인되어 있어요."),
    ),
)
class SignInAttempt(Entity, frozen=True, kw_only=True):
    """A challenge that waits for a device's answer; its id is a hash of what only the page has."""

    person: Annotated[str | None, Relationship("attemptOf", indexed=True)] = None
    purpose: Purpose
    until: datetime


@entity(
    "Enrolment",
    person="person",
    is_internal=True,
    words=Words(
        Text("Codes for a first device", "첫 기기 등록 코드"),
        Text("What a counter gave somebody, as a hash. Sealed.", "창구에서 준 코드예요. 봉인돼요."),
    ),
)
class Enrolment(Entity, frozen=True, kw_only=True):
    """That a counter knew somebody, who may make a key with a code; its id is the code's hash."""

    person: Annotated[str, Relationship("enrolmentOf", indexed=True)]
    given_by: str
    until: datetime
    waits: bool = False  # for another operator to agree


@entity(
    "RecoveryCode",
    person="person",
    is_internal=True,
    words=Words(
        Text("Recovery codes", "복구 코드"),
        Text("Hashes of printed codes. Sealed.", "인쇄해 둔 코드의 해시예요. 봉인되어 있어요."),
    ),
)
class RecoveryCode(Entity, frozen=True, kw_only=True):
    """One of somebody's printed codes; its id is the code's hash, it goes when it was used."""

    person: Annotated[str, Relationship("recoveryOf", indexed=True)]
    made_at: datetime


@entity(
    "Delegation",
    person="person",
    words=Words(
        Text("Who acts for whom", "대리 관계"),
        Text(
            "What somebody may do for another, until when. Sealed with the other's key.",
            "누가 누구를 위해 무엇을 언제까지 할 수 있는지예요. 봉인되어 있어요.",
        ),
    ),
)
class Delegation(Entity, frozen=True, kw_only=True):
    """What one person may do for another; it is gone when it ends, and all that rests on it."""

    person: Annotated[str, Relationship("principal", indexed=True)]
    delegate: Annotated[str, Relationship("delegate", indexed=True)]
    relation: Relation
    actions: tuple[str, ...]
    further: int  # how often it may be passed on
    until: date  # the last day on which it holds
    given_by: str
    given_at: datetime
    attested: str | None = None  # what the delegate's credential is made of
    via: Annotated[str | None, Relationship("passedOnFrom", indexed=True)] = None

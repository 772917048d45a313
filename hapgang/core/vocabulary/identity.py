"""What the city knows of its residents, what others say of them, and what was issued of both.

Credentials themselves stay with people; here is which place on a status list each has. Why it is
so: docs/decisions/0021-credentials-are-kept-by-people.md and 0022.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from hapgang.core.entity import Entity, Property, Relationship, entity
from hapgang.core.text import Text, Words

Name = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"\A[^\x00-\x1f]+\Z")]
Hash = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
AttestedKind = Literal["driving_licence", "disability", "membership", "nanodegree", "delegation"]
CredentialKind = Literal[
    "residency", "age", "disability", "driving_licence", "membership", "nanodegree", "delegation"
]
CredentialState = Literal["valid", "suspended", "revoked"]
Said = dict[str, Any]
"""What a credential of a kind says, by names of claims (`ledger/identity/credentials.py`)."""


@entity(
    "Registration",
    person="person",
    words=Words(
        Text("Who is registered here", "주민 등록"),
        Text(
            "Name, day of birth and living zone of a resident. Sealed.",
            "주민의 이름과 생년월일, 생활권이에요. 봉인되어 있어요.",
        ),
    ),
)
class Registration(Entity, frozen=True, kw_only=True):
    """What the city knows of a resident, as a counter wrote it down."""

    person: Annotated[str, Relationship("registeredPerson", indexed=True)]
    name: Annotated[Name, Property(indexed=True)]
    born: date
    living_zone: Name
    since: date
    left: date | None = None  # moved away
    registered_by: str
    registered_at: datetime


@entity(
    "Attested",
    person="person",
    words=Words(
        Text("What others say of people", "확인된 자격"),
        Text(
            "Licences, memberships and what somebody learned. Sealed.",
            "면허, 소속, 배운 것처럼 다른 곳이 확인한 것이에요. 봉인되어 있어요.",
        ),
    ),
)
class Attested(Entity, frozen=True, kw_only=True):
    """What somebody who may says of a person, until they take it back."""

    person: Annotated[str, Relationship("aboutPerson", indexed=True)]
    kind: AttestedKind
    said: Said
    by: Annotated[str, Relationship("attestedBy", indexed=True)]
    at: datetime
    until: date | None = None  # the last day on which it holds
    revoked_at: datetime | None = None


@entity(
    "IssuedCredential",
    person="person",
    words=Words(
        Text("Credentials that were issued", "발급한 증명서"),
        Text(
            "Which credentials somebody has, and whether they still hold. Sealed.",
            "누가 어떤 증명서를 받았고 아직 유효한지예요. 봉인되어 있어요.",
        ),
    ),
)
class IssuedCredential(Entity, frozen=True, kw_only=True):
    """That a credential was issued to a person; what it says is in it, and with them."""

    person: Annotated[str, Relationship("issuedTo", indexed=True)]
    kind: CredentialKind
    attested: Annotated[str | None, Property(indexed=True)] = None  # what it was made of
    holder: Annotated[str, Property(indexed=True)]  # did:key of the key on the phone that got it
    number: int  # of the status list
    place: int  # on it
    state: CredentialState = "valid"
    suspended_by: str | None = None  # they, or an office, may lift it
    fact: str | None = None  # of the last change of its status, in the log
    issued_at: datetime
    until: datetime


@entity(
    "CredentialStatusList",
    is_internal=True,
    words=Words(
        Text("Status lists", "증명서 상태 목록"),
        Text("How many places were given, how many changes.", "몇 자리를 주고 몇 번 바꿨는지예요."),
    ),
)
class CredentialStatusList(Entity, frozen=True, kw_only=True):
    """A status list of the city: what is counted of it."""

    number: Annotated[int, Property(indexed=True)]
    address: str  # as credentials name it
    given: int = 0
    changes: int = 0


@entity(
    "CredentialStatusPage",
    is_internal=True,
    words=Words(
        Text("Pages of status lists", "증명서 상태 목록의 쪽"),
        Text("Which places are taken and which hold.", "쓰인 자리와 유효한지를 적어 둬요."),
    ),
)
class CredentialStatusPage(Entity, frozen=True, kw_only=True):
    """A page of a status list, so that a change writes little. It names nobody."""

    number: Annotated[int, Property(indexed=True)]
    page: int
    taken: str  # a bit for each place, base64url: a place is given once, for ever
    statuses: str  # two bits for each place, as the list has them


@entity(
    "CredentialOffer",
    person="person",
    is_internal=True,
    words=Words(
        Text("Credentials on offer", "발급 제안"),
        Text("What somebody may fetch within minutes. Sealed.", "곧 받을 증명서예요. 봉인돼요."),
    ),
)
class CredentialOffer(Entity, frozen=True, kw_only=True):
    """What somebody may fetch with a code that was told to them; only its hash is kept."""

    person: Annotated[str, Relationship("offeredTo", indexed=True)]
    kind: CredentialKind
    attested: str | None = None
    code: Annotated[Hash, Property(indexed=True)]
    pin: Hash
    tries: int
    until: datetime


@entity(
    "CredentialGrant",
    person="person",
    is_internal=True,
    words=Words(
        Text("Credentials about to be fetched", "발급 허가"),
        Text("What a wallet may fetch, once. Sealed.", "지갑이 한 번 받을 증명서예요. 봉인돼요."),
    ),
)
class CredentialGrant(Entity, frozen=True, kw_only=True):
    """What a wallet may fetch with its token, once; only the token's hash is kept."""

    person: Annotated[str, Relationship("grantedTo", indexed=True)]
    kind: CredentialKind
    attested: str | None = None
    token: Annotated[Hash, Property(indexed=True)]
    until: datetime


@entity(
    "UsedNonce",
    is_internal=True,
    words=Words(
        Text("Nonces that were used", "쓰인 논스"),
        Text("So that a proof is good once.", "증명을 한 번만 쓰게 해요."),
    ),
)
class UsedNonce(Entity, frozen=True, kw_only=True):
    """The hash of a nonce (in its id) that a proof used, until it is over by itself."""

    until: datetime


@entity(
    "AskedQuestion",
    person="asked_by",
    is_internal=True,
    words=Words(
        Text("What people were asked to show", "증명 요청"),
        Text(
            "Who asks for which claim and why, and what was shown. Sealed.",
            "누가 무엇을 왜 보여 달라고 했는지와 그 답이에요. 봉인되어 있어요.",
        ),
    ),
)
class AskedQuestion(Entity, frozen=True, kw_only=True):
    """A question to a wallet, and what the answer proved, for an hour at most."""

    asked_by: Annotated[str, Relationship("askedBy", indexed=True)]
    purpose: Text
    needs: tuple[str, ...] = ()  # as attributes; none where it was asked in DCQL
    dcql: Said
    state: Annotated[Hash, Property(indexed=True)]
    nonce: str
    audience: str
    response_uri: str
    session: str | None = None  # to which it adds what was shown
    back: str | None = None  # where a wallet of the same device sends the person on to
    response_code: Hash | None = None
    until: datetime
    answered_at: datetime | None = None
    refused: bool = False  # the person said no
    proven: Said | None = None
    proven_until: datetime | None = None
    credentials: dict[str, str] = msgspec.field(default_factory=dict)  # by need, for a session
    seen_at: datetime | None = None  # when who asked looked first

"""Other cities whose log and currency this one takes, and what travellers carry between them."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from hapgang.core.entity import Entity, Property, Relationship, entity
from hapgang.core.text import Text, Words

LogOrigin = Annotated[str, Meta(pattern=r"\A[a-z0-9][a-z0-9._/-]{1,80}\Z")]
LogKey = Annotated[str, Meta(min_length=20, max_length=300)]
Contract = Annotated[str, Meta(pattern=r"\A(0x[0-9a-f]{40})?\Z")]
CityUrl = Annotated[str, Meta(pattern=r"\A(https?://[^\s/?#@]{3,200}(/[^\s?#]{0,200})?)?\Z")]
CityName = Annotated[str, Meta(min_length=1, max_length=80)]
# A host, with a port or not: its document is at the standard place (did:web, 2.5.2).
IssuerDid = Annotated[
    str, Meta(pattern=r"\Adid:web:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?:%3A[1-9][0-9]{0,4})?\Z")
]
EntrustedKind = Literal["residency", "age", "disability", "driving_licence", "nanodegree"]
ArrivalName = Annotated[str, Meta(pattern=r"\A[0-9a-f]{32}\Z")]


@entity(
    "RecognisedCity",
    words=Words(
        Text("Cities whose log is recognised", "인정한 도시"),
        Text(
            "Whose signatures count here, since when and by whose decision.",
            "서명을 인정하는 도시와 시작 시점, 결정한 기관이에요.",
        ),
        is_open=True,
    ),
)
class RecognisedCity(Entity, frozen=True, kw_only=True):
    """Another city whose log's signature and anchored root count here."""

    title_en: CityName
    title_ko: CityName
    origin: Annotated[LogOrigin, Property(indexed=True)]  # of its log
    keys: tuple[LogKey, ...]  # that sign it
    chain: int = 0  # where it is anchored; 0: nowhere that is asked
    contract: Contract = ""
    needs_anchor: bool = False  # whether money is taken only for what is anchored
    url: CityUrl = ""  # where its log can be read
    checkpoint: str  # the newest of its checkpoints that was seen here, a signed note
    asked_by: str
    approved_by: str = ""
    since: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""  # why it ended
    evidence: tuple[str, ...] = ()  # two signed checkpoints that cannot be of one log
    state: Annotated[Literal["asked", "recognised", "ended", "forked"], Property(indexed=True)] = (
        "asked"
    )


@entity(
    "TrustedIssuer",
    words=Words(
        Text("Cities whose credentials count here", "증명서를 인정하는 도시"),
        Text(
            "Of which kinds, since when and by whose decision.",
            "어떤 종류를 언제부터, 누구의 결정으로 인정하는지예요.",
        ),
        is_open=True,
    ),
)
class TrustedIssuer(Entity, frozen=True, kw_only=True):
    """A recognised city that is believed about some kinds of credentials, as it is recognised."""

    city: Annotated[str, Relationship("ofCity", indexed=True)]
    did: Annotated[IssuerDid, Property(indexed=True)]  # its name as an issuer, and so its host
    kinds: Annotated[tuple[EntrustedKind, ...], Meta(min_length=1)]
    recognition: datetime  # since when that city was recognised; another recognition is another
    asked_by: str
    approved_by: str = ""
    since: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""  # why it ended
    state: Annotated[Literal["asked", "trusted", "ended"], Property(indexed=True)] = "asked"


@entity(
    "CurrencyAgreement",
    words=Words(
        Text("Agreements on other cities' currency", "화폐 상호 인정 협약"),
        Text(
            "How much may be taken across, until when; signed by both cities.",
            "얼마까지, 언제까지 쓸 수 있는지예요. 두 도시가 서명해요.",
        ),
        is_open=True,
    ),
)
class CurrencyAgreement(Entity, frozen=True, kw_only=True):
    """An agreement with another city to take each other's currency, within limits."""

    city: Annotated[str, Relationship("withCity", indexed=True)]
    note: str  # what is signed, with the signatures that are there
    day_won: int  # by one person and day
    outstanding_won: int  # that one city owes the other
    begins_at: datetime
    until: datetime
    asked_by: str
    approved_by: str = ""
    ended_at: datetime | None = None
    state: Annotated[Literal["asked", "signed", "in force", "ended"], Property(indexed=True)] = (
        "asked"
    )


@entity(
    "ArrivalCode",
    is_internal=True,
    person="person",
    words=Words(
        Text("Codes to receive money from another city", "다른 도시에서 돈을 받을 코드"),
        Text("Whose code it is. Sealed.", "누구의 코드인지예요. 봉인돼요."),
    ),
)
class ArrivalCode(Entity, frozen=True, kw_only=True):
    """A name that somebody goes by in another city's slips; it says nothing to others."""

    person: Annotated[str, Relationship("drawnBy", indexed=True)]
    code: Annotated[ArrivalName, Property(indexed=True)]
    until: datetime


@entity(
    "SentSlip",
    is_internal=True,
    person="payer",
    words=Words(
        Text("Money taken to another city", "다른 도시로 가져간 돈"),
        Text("How much, where, and whether it arrived. Sealed.", "금액과 도착 여부예요. 봉인돼요."),
    ),
)
class SentSlip(Entity, frozen=True, kw_only=True):
    """Money that somebody paid here to have it in another city."""

    payer: Annotated[str, Relationship("paidBy", indexed=True)]
    agreement: Annotated[str, Relationship("agreement", indexed=True)]
    city: Annotated[str, Relationship("toCity")]
    name: str  # what the payer calls it
    amount_won: int
    code: ArrivalName
    fact: str  # its id in the log
    at: datetime
    until: datetime
    state: Literal["sent", "taken", "returned"] = "sent"


@entity(
    "AbroadDay",
    is_internal=True,
    person="person",
    words=Words(
        Text("How much somebody took across in a day", "하루에 옮긴 금액"),
        Text("Counted for the agreement's limit. Sealed.", "협약 한도를 위해 세요. 봉인돼요."),
    ),
)
class AbroadDay(Entity, frozen=True, kw_only=True):
    """What somebody took out and brought in under one agreement today."""

    person: Annotated[str, Relationship("person", indexed=True)]
    day: str  # 2026-11-23, in the city's zone
    out_won: Annotated[int, Meta(ge=0)] = 0
    in_won: Annotated[int, Meta(ge=0)] = 0

"""What the local currency knows beside accounts and transfers: shops, codes, requests, orders."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta

from hapgang.core.entity import Entity, Property, Relationship, entity
from hapgang.core.geometry import Point
from hapgang.core.text import Text, Words

Amount = Annotated[int, Meta(ge=1, le=1_000_000_000)]  # of one payment by or to somebody, won
Name = Annotated[str, Meta(min_length=1, max_length=80)]
Memo = Annotated[str, Meta(max_length=200)]


@entity(
    "Shop",
    words=Words(
        Text("Shops that take the local currency", "지역화폐를 받는 가게"),
        Text("Their name, business and place.", "가게 이름과 업종, 위치예요."),
        is_open=True,
    ),
)
class Shop(Entity, frozen=True, kw_only=True):
    """A shop with an account; who keeps it is in `ShopKeeper`."""

    name: Name
    business: Annotated[str, Property(indexed=True)]  # division of the KSIC, two digits
    location: Point | None = None
    is_local: bool = False  # whether its owner has their seat in the city, as an office found
    state: Annotated[Literal["waiting", "open", "closed"], Property(indexed=True)] = "waiting"
    opened_at: datetime


@entity(
    "ShopKeeper",
    person="person",
    is_internal=True,
    words=Words(
        Text("Who keeps which shop", "가게를 운영하는 사람"),
        Text("Who may charge and refund there. Sealed.", "누가 계산할 수 있는지예요. 봉인돼요."),
    ),
)
class ShopKeeper(Entity, frozen=True, kw_only=True):
    """Somebody who may act for a shop: its owner, or whom the owner lets in."""

    person: Annotated[str, Relationship("keptBy", indexed=True)]  # a company's id, too
    shop: Annotated[str, Relationship("shop", indexed=True)]
    duty: Literal["owner", "till"]


@entity(
    "PaymentCode",
    is_internal=True,
    person="person",
    words=Words(
        Text("Codes to pay by", "결제 코드"),
        Text("Bills and phones' codes, good once.", "한 번만 쓰는 계산서와 결제 코드예요."),
    ),
)
class PaymentCode(Entity, frozen=True, kw_only=True):
    """A code that is good for one payment: a shop's bill, or what a payer's phone shows."""

    kind: Literal["bill", "payer"]
    shop: Annotated[str | None, Relationship("shop", indexed=True)] = None  # whose bill it is
    person: Annotated[str | None, Relationship("shownBy", indexed=True)] = None  # whose phone's
    amount_won: Amount  # of the bill, or the most that may be taken
    reference: Annotated[str, Meta(max_length=25)] = ""
    made_at: datetime
    until: datetime
    transfer: str | None = None  # what it was used for


@entity(
    "MoneyRequest",
    is_internal=True,
    person="payee",
    words=Words(
        Text("Requests for money", "송금 요청"),
        Text(
            "Who asked whom for how much. Sealed.", "누가 누구에게 얼마를 청했는지예요. 봉인돼요."
        ),
    ),
)
class MoneyRequest(Entity, frozen=True, kw_only=True):
    """Somebody asks somebody for money, who pays or declines until a date."""

    payee: Annotated[str, Relationship("askedBy", indexed=True)]
    payer: Annotated[str, Relationship("asked", indexed=True)]
    amount_won: Amount
    memo: Memo = ""
    until: datetime
    state: Literal["open", "paid", "declined", "withdrawn", "expired"] = "open"
    transfer: str | None = None


@entity(
    "BillSplit",
    is_internal=True,
    person="starter",
    words=Words(
        Text("Bills that several share", "나누어 내는 계산"),
        Text("Who pays which part. Sealed.", "누가 얼마씩 내는지예요. 봉인돼요."),
    ),
)
class BillSplit(Entity, frozen=True, kw_only=True):
    """A bill that several pay together: all of them until the deadline, or nobody."""

    starter: Annotated[str, Relationship("startedBy", indexed=True)]
    payee: Annotated[str, Relationship("payee")]
    payers: tuple[str, ...]
    parts_won: tuple[Amount, ...]  # one for each payer
    holds: tuple[str, ...]  # one for each payer; empty until they accepted
    memo: Memo = ""
    until: datetime
    state: Literal["open", "paid", "declined", "expired"] = "open"


@entity(
    "StandingOrder",
    is_internal=True,
    person="payer",
    words=Words(
        Text("Payments that come again", "자동 이체"),
        Text("Who pays whom how often. Sealed.", "누가 누구에게 얼마나 자주 내는지예요. 봉인돼요."),
    ),
)
class StandingOrder(Entity, frozen=True, kw_only=True):
    """A payment that is made each week or month."""

    payer: Annotated[str, Relationship("payer", indexed=True)]
    payee: Annotated[str, Relationship("payee")]
    amount_won: Amount
    memo: Memo = ""
    every: Literal["week", "month"]
    first_on: date
    next_on: date
    last_on: date | None = None
    missed: Annotated[int, Meta(ge=0)] = 0  # in a row, for want of money
    state: Literal["active", "paused"] = "active"
    plan: Annotated[str | None, Relationship("plan", indexed=True)] = None  # subscribed to


@entity(
    "SpendingLimit",
    is_internal=True,
    person="person",
    words=Words(
        Text("How much somebody lets go out in a day", "하루 지출 한도"),
        Text("Set by the owner. Sealed.", "주인이 정해요. 봉인돼요."),
    ),
)
class SpendingLimit(Entity, frozen=True, kw_only=True):
    """The most that may leave an account in a day, as its owner set it, and what did today."""

    person: Annotated[str, Relationship("setBy", indexed=True)]
    most_won: Annotated[int, Meta(ge=0, le=1_000_000_000)]
    day: str  # 2026-11-23, in the city's zone
    spent_won: Annotated[int, Meta(ge=0)] = 0


@entity(
    "AccountOrder",
    is_internal=True,
    person="person",
    words=Words(
        Text("What offices order for accounts", "계좌에 대한 조치"),
        Text(
            "Stops, courts' orders, heirs, guardians; who asked, who approved. Sealed.",
            "정지, 법원 명령, 상속, 후견과 누가 청하고 승인했는지예요. 봉인돼요.",
        ),
    ),
)
class AccountOrder(Entity, frozen=True, kw_only=True):
    """A step that somebody's account is subject to, by so many people."""

    person: Annotated[str, Relationship("subject", indexed=True)]
    kind: Literal["lost", "reopen", "freeze", "inherit", "guard"]
    asked_by: Annotated[str, Relationship("askedBy")]
    asked_at: datetime
    reason: Annotated[str, Meta(min_length=1, max_length=400)]
    case: Annotated[str, Meta(max_length=80)] = ""  # the court's or the registry's number
    until: datetime | None = None
    others: tuple[str, ...] = ()  # heirs, or the guardian
    shares: tuple[int, ...] = ()  # of each heir
    most_won_a_day: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 0  # what a guardian may pay
    approved_by: tuple[str, ...] = ()
    state: Annotated[Literal["asked", "in force", "ended", "refused"], Property(indexed=True)] = (
        "asked"
    )

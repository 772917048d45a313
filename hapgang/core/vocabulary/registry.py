"""What the city's registry knows: documents that were certified, things that have an owner."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hapgang.core.entity import Entity, Property, Relationship, entity
from hapgang.core.text import Text, Words

AGREEMENT = "agreement"  # the kind of fact of what is agreed about money
Sha256 = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Title = Annotated[str, Meta(min_length=1, max_length=120)]
Identifier = Annotated[str, Meta(pattern=r"\A[0-9A-Za-z가-힣-]{3,40}\Z")]


@entity(
    "CertifiedDocument",
    person="signer",
    words=Words(
        Text("Documents that were certified", "공증한 문서"),
        Text(
            "That somebody had a file at an instant; never the file itself. Sealed.",
            "누가 언제 어떤 파일을 가지고 있었는지예요. 파일은 없고, 봉인되어 있어요.",
        ),
    ),
)
class CertifiedDocument(Entity, frozen=True, kw_only=True):
    """That a person had a file at an instant: its hash and their word for it."""

    signer: Annotated[str, Relationship("signedBy", indexed=True)]
    sha256: Annotated[Sha256, Property(indexed=True)]
    n_bytes: int
    title: Title
    names_signer: bool = False  # whether who checks the file learns who signed
    at: datetime


class Lien(msgspec.Struct, frozen=True):
    """A creditor's right in a thing, until they release it."""

    id: str
    creditor: str
    amount_won: int
    reason: str
    at: datetime
    is_agreed: bool = False  # by the owner; until then it binds nobody


class Offer(msgspec.Struct, frozen=True):
    """An owner's offer to hand a thing on."""

    to: str
    price_won: int
    until: datetime


@entity(
    "RegisteredAsset",
    person="owner",
    words=Words(
        Text("Things that are registered", "등록된 자산"),
        Text(
            "Who owns a vehicle or a place, and what it is pledged for. Sealed.",
            "차나 부동산의 소유자와 담보예요. 봉인되어 있어요.",
        ),
    ),
)
class RegisteredAsset(Entity, frozen=True, kw_only=True):
    """A thing with an owner, liens on it, and at most one open offer."""

    owner: Annotated[str, Relationship("ownedBy", indexed=True)]
    mobility: Literal["movable", "immovable"]
    identifier: Annotated[Identifier, Property(indexed=True)]  # a VIN, a parcel's number
    title: Title
    liens: tuple[Lien, ...] = ()
    offer: Offer | None = None
    steps: int = 0  # how often something was done to it


class Happening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What everybody can see in the city: an entity for which an NGSI-LD query comes true."""

    entity: Annotated[str, Meta(min_length=1, max_length=500)]
    q: Annotated[str, Meta(min_length=1, max_length=500)]


class Milestone(msgspec.Struct, frozen=True):
    """A part of an escrow, paid when its confirmer says that it is done, or when it happens."""

    title: str
    amount_won: int
    hold: str
    state: Literal["held", "paid", "back"] = "held"
    when: Happening | None = None


@entity(
    "Escrow",
    person="payer",
    words=Words(
        Text("Money that waits for a condition", "조건부 결제"),
        Text(
            "What is set aside until somebody confirms, something happens or a day comes. Sealed.",
            "누가 확인하거나 일이 일어나거나 날이 되면 움직이는 돈이에요. 봉인되어 있어요.",
        ),
    ),
)
class Escrow(Entity, frozen=True, kw_only=True):
    """Money set aside by one for another, in parts that a third confirms or that happen."""

    payer: Annotated[str, Relationship("paidBy", indexed=True)]
    payee: Annotated[str, Relationship("paidTo", indexed=True)]
    confirmer: Annotated[str | None, Relationship("confirmedBy", indexed=True)] = None
    title: Title
    parts: tuple[Milestone, ...]
    until: datetime
    then: Literal["back", "paid"] = "back"  # what becomes of the rest when its time is over
    state: Annotated[Literal["open", "ended"], Property(indexed=True)] = "open"


@entity(
    "PaymentPlan",
    words=Words(
        Text("Plans that can be subscribed to", "정기 구독 상품"),
        Text(
            "What is offered for how much each week or month.",
            "매주·매월 얼마에 무엇을 주는지예요.",
        ),
        is_open=True,
    ),
)
class PaymentPlan(Entity, frozen=True, kw_only=True):
    """What somebody offers for a payment each week or month; its price never changes."""

    payee: Annotated[str, Relationship("paidTo", indexed=True)]
    title: Title
    amount_won: int
    every: Literal["week", "month"]
    opened_at: datetime


@entity(
    "PledgeDrive",
    words=Words(
        Text("Drives that need enough pledges", "목표 모금"),
        Text(
            "What is paid only if enough come together in time.",
            "기한까지 목표액이 모여야만 지급돼요.",
        ),
        is_open=True,
    ),
)
class PledgeDrive(Entity, frozen=True, kw_only=True):
    """A goal that is paid for together, or by nobody."""

    payee: Annotated[str, Relationship("paidTo", indexed=True)]
    title: Title
    goal_won: int
    pledged_won: int = 0
    until: datetime
    state: Annotated[Literal["open", "reached", "missed"], Property(indexed=True)] = "open"


@entity(
    "Pledge",
    person="payer",
    words=Words(
        Text("Pledges", "모금 약정"),
        Text("What somebody set aside for a drive. Sealed.", "모금에 맡긴 돈이에요. 봉인돼요."),
    ),
)
class Pledge(Entity, frozen=True, kw_only=True):
    """What one gives to a drive if it is reached."""

    payer: Annotated[str, Relationship("paidBy", indexed=True)]
    drive: Annotated[str, Relationship("drive", indexed=True)]
    amount_won: int
    hold: str

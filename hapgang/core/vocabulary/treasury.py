"""What offices do with the currency: allowances, an experiment, dues, and cashing out."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta

from hapgang.core.entity import Entity, Property, Relationship, entity
from hapgang.core.text import Text, Words
from hapgang.core.vocabulary.money import Amount, Memo, Name
from hapgang.core.vocabulary.people import AgeBand, Concession
from hapgang.core.vocabulary.programmes import Budget

_XML_TEXT = r"^[^\x00-\x1f<>&\ufffe\uffff]*$(?!\n)"  # what XML 1.0 may hold (2.2)
Bic = Annotated[str, Meta(pattern=r"^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$(?!\n)")]
BankAccount = Annotated[str, Meta(pattern=r"^[0-9-]{6,34}$(?!\n)")]
Holder = Annotated[str, Meta(min_length=1, max_length=70, pattern=_XML_TEXT)]


@entity(
    "Allowance",
    words=Words(
        Text("Allowances paid each month", "매달 주는 수당"),
        Text("Who gets how much, by which rule.", "누가 어떤 기준으로 얼마를 받는지예요."),
        is_open=True,
    ),
)
class Allowance(Entity, frozen=True, kw_only=True):
    """A payment each month to every resident who fits a rule; what is empty fits everybody."""

    title: Name
    funder: Annotated[str, Relationship("fundedBy")]
    amount_won: Amount
    age_bands: Annotated[tuple[AgeBand, ...], Meta(max_length=8)] = ()
    concessions: Annotated[tuple[Concession, ...], Meta(max_length=6)] = ()
    first_on: date
    next_on: date
    last_on: date
    is_short: bool = False  # whether the budget did not suffice, so that the rest waits
    paid_won: Budget = 0


@entity(
    "PayRun",
    is_internal=True,
    person="person",
    words=Words(
        Text("How far a payment to many has come", "여러 사람에게 주는 돈의 진행"),
        Text("Who was the last to get it so far. Sealed.", "어디까지 지급했는지예요. 봉인돼요."),
    ),
)
class PayRun(Entity, frozen=True, kw_only=True):
    """A month's payment that is under way: people have it in the order of their ids."""

    person: Annotated[str, Relationship("paidUpTo", indexed=True)]
    programme: Annotated[str, Relationship("programme", indexed=True)]


@entity(
    "Experiment",
    words=Words(
        Text("Experiments with a basic income", "기본소득 실험"),
        Text("How they are set up, and by what lot.", "어떻게 하고 어떻게 뽑았는지예요."),
        is_open=True,
    ),
)
class Experiment(Entity, frozen=True, kw_only=True):
    """A basic income for volunteers drawn by lot, and a control group without."""

    title: Name
    funder: Annotated[str, Relationship("fundedBy")]
    purpose: Memo
    treated_pct: Annotated[int, Property("treated", unit="P1"), Meta(ge=1, le=99)]
    monthly_won: Amount
    months: Annotated[int, Meta(ge=1, le=60)]
    seed: Annotated[str, Meta(max_length=200)] = ""  # of the lot, published with it
    seed_source: Memo = ""  # where everybody can look the seed up
    starts_on: date | None = None
    next_on: date | None = None
    months_paid: int = 0
    draws_on: date | None = None  # when the seed is published, after the list was closed
    listed: int = 0  # participants, when the list was closed
    list_hash: Annotated[str, Meta(max_length=64)] = ""  # of the list, in the log before the seed
    state: Annotated[
        Literal["recruiting", "closed", "running", "ended"], Property(indexed=True)
    ] = "recruiting"


@entity(
    "ExperimentMember",
    is_internal=True,
    person="person",
    words=Words(
        Text("Who takes part in an experiment", "실험에 참여한 사람"),
        Text("And in which group. Sealed.", "어느 집단인지도 있어요. 봉인돼요."),
    ),
)
class ExperimentMember(Entity, frozen=True, kw_only=True):
    """Somebody who agreed to take part, and their group once lots were drawn."""

    person: Annotated[str, Relationship("participant", indexed=True)]
    experiment: Annotated[str, Relationship("experiment", indexed=True)]
    stratum: str
    arm: Literal["", "treatment", "control"] = ""
    joined_at: datetime
    left_at: datetime | None = None
    nonce: Annotated[str, Meta(max_length=64)] = ""  # keeps the list's hash from being guessed


@entity(
    "Due",
    is_internal=True,
    person="person",
    words=Words(
        Text("Taxes and fees to pay", "내야 할 세금과 요금"),
        Text("Who owes what to which office. Sealed.", "누가 어디에 얼마를 내는지예요. 봉인돼요."),
    ),
)
class Due(Entity, frozen=True, kw_only=True):
    """A tax or a fee that an office charges somebody."""

    person: Annotated[str, Relationship("owedBy", indexed=True)]
    office: Annotated[str, Relationship("owedTo", indexed=True)]
    title: Name
    number: Annotated[str, Meta(min_length=1, max_length=40)]  # the office's own
    amount_won: Amount
    due_on: date
    state: Literal["open", "paid", "withdrawn"] = "open"
    transfer: str | None = None


@entity(
    "CashOut",
    is_internal=True,
    person="keeper",
    words=Words(
        Text("Local currency changed into bank money", "환전 신청"),
        Text("Which shop, how much, to which bank. Sealed.", "어느 가게가 얼마인지예요. 봉인돼요."),
    ),
)
class CashOut(Entity, frozen=True, kw_only=True):
    """Money of a shop that leaves the currency for a bank account."""

    keeper: Annotated[str, Relationship("askedBy", indexed=True)]
    shop: Annotated[str, Relationship("shop", indexed=True)]
    amount_won: Amount
    name: Holder  # of the bank account
    bank: Bic
    bank_account: BankAccount
    asked_at: datetime
    file: Annotated[str, Property(indexed=True)] = ""  # the bank file that it is in
    state: Literal["settled", "sent", "confirmed", "returned"] = "settled"
    reason: Memo = ""  # the bank's, of what it returned


@entity(
    "BankFile",
    is_internal=True,
    words=Words(
        Text("Files for the bank", "은행 이체 파일"),
        Text("Cash-outs that a bank is to pay.", "은행이 지급할 환전 묶음이에요."),
    ),
)
class BankFile(Entity, frozen=True, kw_only=True):
    """Cash-outs that were handed to the bank together."""

    made_at: datetime
    count: int
    sum_won: Budget
    on: date  # when the bank is to pay
    payer: Holder  # who has the account that is paid from
    bank: Bic
    bank_account: BankAccount
    cash_outs: tuple[str, ...]
    confirmed: int = 0
    returned: int = 0
    state: Annotated[Literal["sent", "answered"], Property(indexed=True)] = "sent"

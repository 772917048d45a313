"""What money is given for: issues with a bonus, vouchers, rewards, donations, allowances."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from hapgang.core.entity import Entity, Property, Relationship, entity
from hapgang.core.geometry import Point
from hapgang.core.text import Text, Words
from hapgang.core.vocabulary.money import Memo, Name

Budget = Annotated[int, Meta(ge=0, le=1_000_000_000_000)]
Reason = Literal["taking part", "walking", "volunteering", "giving data", "buying"]


@entity(
    "TopUpIssue",
    words=Words(
        Text("Issues of the currency with a bonus", "혜택이 있는 지역화폐 발행"),
        Text("How much is given on top, while it lasts.", "얼마나 더 주는지, 얼마나 남았는지예요."),
        is_open=True,
    ),
)
class TopUpIssue(Entity, frozen=True, kw_only=True):
    """A budget from which whoever tops up gets so many per cent on top, first come."""

    title: Name
    funder: Annotated[str, Relationship("fundedBy")]
    bonus_pct: Annotated[int, Property("bonus", unit="P1"), Meta(ge=1, le=50)]
    budget_won: Budget
    given_won: Budget = 0
    most_won: Annotated[int, Meta(ge=1)]  # that one person may buy with the bonus
    opens_at: datetime
    closes_at: datetime


@entity(
    "IssueShare",
    is_internal=True,
    person="person",
    words=Words(
        Text("Who bought how much of an issue", "발행분을 산 사람"),
        Text("Because there is a limit. Sealed.", "한도가 있어서 세요. 봉인돼요."),
    ),
)
class IssueShare(Entity, frozen=True, kw_only=True):
    """What a person bought with an issue's bonus."""

    person: Annotated[str, Relationship("boughtBy", indexed=True)]
    issue: Annotated[str, Relationship("issue", indexed=True)]
    bought_won: Budget


@entity(
    "VoucherProgramme",
    words=Words(
        Text("Vouchers and what they are good for", "바우처와 쓸 수 있는 곳"),
        Text("Where, when and for what.", "어디서 언제 무엇에 쓸 수 있는지예요."),
        is_open=True,
    ),
)
class VoucherProgramme(Entity, frozen=True, kw_only=True):
    """A budget of which people have vouchers; what is empty allows everything."""

    title: Name
    funder: Annotated[str, Relationship("fundedBy")]
    shops: Annotated[tuple[str, ...], Meta(max_length=500)] = ()
    businesses: Annotated[tuple[str, ...], Meta(max_length=50)] = ()  # divisions of the KSIC
    centre: Point | None = None
    within_m: Annotated[int, Property("within", unit="MTR"), Meta(ge=0, le=100_000)] = 0
    weekdays: Annotated[tuple[int, ...], Meta(max_length=7)] = ()  # 1 is Monday (ISO 8601)
    from_hour: Annotated[int, Meta(ge=0, le=23)] = 0
    to_hour: Annotated[int, Meta(ge=1, le=24)] = 24
    goods: Annotated[tuple[str, ...], Meta(max_length=50)] = ()  # what may be bought
    until: datetime
    promised_won: Budget = 0  # what vouchers are still good for


@entity(
    "Voucher",
    is_internal=True,
    person="person",
    words=Words(
        Text("People's vouchers", "받은 바우처"),
        Text("What is left of them. Sealed.", "얼마 남았는지예요. 봉인돼요."),
    ),
)
class Voucher(Entity, frozen=True, kw_only=True):
    """What a person may spend of a programme, by its rules."""

    person: Annotated[str, Relationship("givenTo", indexed=True)]
    programme: Annotated[str, Relationship("programme", indexed=True)]
    left_won: Budget


@entity(
    "RewardBudget",
    words=Words(
        Text("What the city rewards", "도시가 주는 보상"),
        Text("For what, how much, up to what.", "무엇에 얼마를 어디까지 주는지예요."),
        is_open=True,
    ),
)
class RewardBudget(Entity, frozen=True, kw_only=True):
    """A budget from which people get points, which are won in their wallets."""

    title: Name
    funder: Annotated[str, Relationship("fundedBy")]
    reason: Annotated[Reason, Property(indexed=True)]
    share_pct: Annotated[int, Property("share", unit="P1"), Meta(ge=0, le=20)] = 0  # of buying
    most_a_day_won: Annotated[int, Meta(ge=1)]  # for one person
    most_won: Annotated[int, Meta(ge=1)]  # for one person in all
    until: datetime


@entity(
    "RewardCount",
    is_internal=True,
    person="person",
    words=Words(
        Text("Rewards that people had", "받은 보상"),
        Text("Because there is a cap. Sealed.", "상한이 있어서 세요. 봉인돼요."),
    ),
)
class RewardCount(Entity, frozen=True, kw_only=True):
    """What a person had of a budget, on the last day that they had something, and in all."""

    person: Annotated[str, Relationship("rewarded", indexed=True)]
    budget: Annotated[str, Relationship("budget", indexed=True)]
    day: str
    day_won: Budget
    total_won: Budget


@entity(
    "Campaign",
    words=Words(
        Text("Collections of donations", "모금"),
        Text("For what, and what came of it.", "무엇을 위한 것이고 어떻게 쓰였는지예요."),
        is_open=True,
    ),
)
class Campaign(Entity, frozen=True, kw_only=True):
    """A purse of gifts, of which everybody sees what came in and what for it went out."""

    title: Name
    purpose: Memo
    holder: Annotated[str, Relationship("heldBy")]  # who pays from it
    goal_won: Budget
    until: datetime
    is_open: bool = True

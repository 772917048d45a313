"""Top-ups with a bonus from a fixed budget: whoever comes first."""

from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.contract import Role
from hapgang.core.clock import Instant
from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.core.ids import new_urn
from hapgang.core.money import won_text
from hapgang.core.vocabulary.money import Name
from hapgang.core.vocabulary.programmes import IssueShare, TopUpIssue
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.funds import (
    ENDED_AT_ONCE,
    delete_some,
    end_budget,
    funder_of,
    set_aside,
)
from hapgang.runtime.platform.money.spending import name_for, peek


class IssueExhausted(Conflict):
    """What is left of an issue's budget is less than the bonus."""


def open_issue(
    city: CityOf,
    *,
    title: Name,
    bonus_pct: Annotated[int, Meta(ge=1, le=50)],
    budget_won: Annotated[int, Meta(ge=1, le=1_000_000_000_000)],
    most_won: Annotated[int, Meta(ge=1_000, le=10_000_000)],
    opens_at: Instant,
    closes_at: Instant,
) -> TopUpIssue:
    """Set a budget aside from which top-ups get a bonus between two instants."""
    if not opens_at < closes_at or closes_at <= city.now:
        raise Invalid("An issue closes after it opens.", "발행 종료는 시작보다 뒤여야 합니다.")
    issue = TopUpIssue(
        id=new_urn("TopUpIssue", city.rng),
        title=title,
        funder=funder_of(city),
        bonus_pct=bonus_pct,
        budget_won=budget_won,
        most_won=most_won,
        opens_at=opens_at,
        closes_at=closes_at,
    )
    city.hub.save(issue)
    set_aside(city, issue.id, issue.funder, budget_won, "budget")
    return issue


def issues(city: CityOf) -> list[TopUpIssue]:
    """Return the issues that are open or to come, and what is left of them."""
    return city.hub.find(TopUpIssue, limit=200)


def pay_bonus(city: CityOf, issue: str, transfer: str, amount_won: int) -> int:
    """Add an issue's bonus to the caller's top-up; `IssueExhausted` where it is not there."""
    if city.caller.role is not Role.RESIDENT:
        raise Refused("The bonus is for residents.", "혜택은 주민에게만 드립니다.")
    found = peek(city, TopUpIssue, issue)
    if found is None or not found.opens_at <= city.now < found.closes_at:
        raise NotFound("No such issue is open now.", "지금 진행 중인 발행이 아닙니다.")
    name = name_for("IssueShare", issue, city.caller.id)
    share = peek(city, IssueShare, name)
    bought_won = (share.bought_won if share is not None else 0) + amount_won
    if bought_won > found.most_won:
        raise Conflict(
            f"One person may buy {won_text(found.most_won)} of this issue.",
            f"이 발행은 한 사람이 {won_text(found.most_won)}까지 살 수 있습니다.",
        )
    bonus_won = amount_won * found.bonus_pct // 100
    left_won = found.budget_won - found.given_won
    if bonus_won > left_won:
        raise IssueExhausted(
            f"{won_text(left_won)} of the bonus is left, less than {won_text(bonus_won)}."
            " Top up less, or without the bonus.",
            f"남은 혜택은 {won_text(left_won)}입니다. 더 적게 충전하거나 혜택 없이 충전하세요.",
            left_won=left_won,
        )
    if bonus_won:
        city.ledger.pay(f"{transfer}:bonus", issue, city.caller.id, bonus_won, "bonus")
    city.hub.save(IssueShare(id=name, person=city.caller.id, issue=issue, bought_won=bought_won))
    city.hub.save(msgspec.structs.replace(found, given_won=found.given_won + bonus_won))
    return bonus_won


def close_issues(city: CityOf) -> None:
    """Close what is over: the rest of the budget goes back to whom it came from."""
    room = ENDED_AT_ONCE
    for record in list(city.runtime.state.of_type(TopUpIssue.__name__)):
        issue = record.view
        if not isinstance(issue, TopUpIssue) or issue.closes_at > city.now:
            continue
        room -= delete_some(city, IssueShare, "issue", issue.id, room)
        if end_budget(city, issue.id, issue.funder) and room:
            city.hub.close(issue)

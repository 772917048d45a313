"""Points for taking part, walking, volunteering, giving data and buying in the city.

Points are won in the wallet. The white paper ("Sejong National Pilot Smart City Token Service
Example") gives back 100 won of 10,000 to who buys: `share_pct` 1.
"""

from contextlib import suppress
from typing import Annotated

from msgspec import Meta

from hapgang.core.clock import Instant
from hapgang.core.errors import CityError, Conflict, Invalid, NotFound
from hapgang.core.ids import new_urn
from hapgang.core.money import won_text
from hapgang.core.text import Text
from hapgang.core.vocabulary.money import Amount, Name
from hapgang.core.vocabulary.people import Person
from hapgang.core.vocabulary.programmes import Reason, RewardBudget, RewardCount
from hapgang.hub.query import where
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.funds import (
    ENDED_AT_ONCE,
    check_funder,
    delete_some,
    end_budget,
    funder_of,
    left_won,
    set_aside,
)
from hapgang.runtime.platform.money.spending import name_for, peek, today

Cap = Annotated[int, Meta(ge=1, le=10_000_000)]


def open_rewards(
    city: CityOf,
    *,
    title: Name,
    reason: Reason,
    budget_won: Annotated[int, Meta(ge=1, le=1_000_000_000_000)],
    most_a_day_won: Cap,
    most_won: Cap,
    until: Instant,
    share_pct: Annotated[int, Meta(ge=0, le=20)] = 0,
) -> RewardBudget:
    """Set a budget aside for rewards, capped for each person by day and in all."""
    if until <= city.now or (share_pct > 0) != (reason == "buying"):
        raise Invalid(
            "Rewards end later; only those for buying have a share.",
            "종료 시각은 지금보다 뒤여야 하고, 비율은 구매 보상에만 정합니다.",
        )
    budget = RewardBudget(
        id=new_urn("RewardBudget", city.rng),
        title=title,
        funder=funder_of(city),
        reason=reason,
        share_pct=share_pct,
        most_a_day_won=most_a_day_won,
        most_won=most_won,
        until=until,
    )
    city.hub.save(budget)
    set_aside(city, budget.id, budget.funder, budget_won, "budget")
    return budget


def reward_budgets(city: CityOf) -> list[RewardBudget]:
    """Return what is rewarded now."""
    return city.hub.find(RewardBudget, limit=200)


def my_rewards(city: CityOf) -> list[RewardCount]:
    """Return what the caller had of each budget."""
    return city.hub.find(RewardCount, where.person == city.caller.id)


def reward(
    city: CityOf,
    *,
    budget: str,
    person: str,
    amount_won: Amount,
    reference: Annotated[str, Meta(min_length=1, max_length=100)],
) -> str:
    """Reward a person once for a reference, such as a session that they took part in."""
    found = peek(city, RewardBudget, budget)
    if found is None or found.until <= city.now:
        raise NotFound("Nothing is rewarded from this budget now.", "진행 중인 보상이 아닙니다.")
    check_funder(city, found.funder)
    if peek(city, Person, person) is None:
        raise NotFound("There is no such person here.", "등록된 사람이 아닙니다.")
    name = f"{budget}:{person}:{reference}"
    if city.runtime.book.find(name) is not None:
        return name
    room_won = _room_won(city, found, person)
    if amount_won > room_won:
        raise Conflict(
            f"{won_text(room_won)} more may be given to them now.",
            f"이 사람에게 지금 더 줄 수 있는 보상은 {won_text(room_won)}입니다.",
            left_won=room_won,
        )
    _give(city, found, person, amount_won, name)
    city.tell(
        person,
        Text("Thank you: a reward", "보상을 받았습니다"),
        Text(f"{found.title}: {won_text(amount_won)}", f"{found.title}: {won_text(amount_won)}"),
    )
    return name


def reward_purchase(city: CityOf, person: str, payment: str, amount_won: int) -> int:
    """Give a resident points for a purchase, as far as a budget has them; never fail for it."""
    known = peek(city, Person, person)
    if known is None or known.visitor:
        return 0
    budgets = city.runtime.state.with_value("RewardBudget", "reason", "buying") or ()
    for record in list(budgets):
        budget = record.view
        if not isinstance(budget, RewardBudget) or budget.until <= city.now:
            continue
        points_won = amount_won * budget.share_pct // 100
        points_won = min(points_won, _room_won(city, budget, person), left_won(city, budget.id))
        if points_won > 0:
            with suppress(CityError):  # a budget that is frozen: the purchase stands
                _give(city, budget, person, points_won, f"{payment}:points")
                return points_won
    return 0


def end_rewards(city: CityOf) -> None:
    """Close budgets that are over; what is left goes back to whom it came from."""
    room = ENDED_AT_ONCE
    for record in list(city.runtime.state.of_type(RewardBudget.__name__)):
        budget = record.view
        if not isinstance(budget, RewardBudget) or budget.until > city.now:
            continue
        room -= delete_some(city, RewardCount, "budget", budget.id, room)
        if end_budget(city, budget.id, budget.funder) and room:
            city.hub.close(budget)


def _room_won(city: CityOf, budget: RewardBudget, person: str) -> int:
    count = peek(city, RewardCount, name_for("RewardCount", budget.id, person))
    if count is None:
        return min(budget.most_a_day_won, budget.most_won)
    day_won = count.day_won if count.day == str(today(city)) else 0
    return max(0, min(budget.most_a_day_won - day_won, budget.most_won - count.total_won))


def _give(city: CityOf, budget: RewardBudget, person: str, amount_won: int, name: str) -> None:
    city.ledger.pay(name, budget.id, person, amount_won, budget.reason)
    count_id = name_for("RewardCount", budget.id, person)
    count = peek(city, RewardCount, count_id)
    day = str(today(city))
    day_won = count.day_won if count is not None and count.day == day else 0
    total_won = count.total_won if count is not None else 0
    city.hub.save(
        RewardCount(
            id=count_id,
            person=person,
            budget=budget.id,
            day=day,
            day_won=day_won + amount_won,
            total_won=total_won + amount_won,
        )
    )

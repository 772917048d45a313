"""Plans: what is offered for a payment each week or month, at a price that never changes.

Who subscribes gets a standing order for it, which they pause and end as any other of theirs: no
money leaves an account because somebody else asked for it.
"""

from typing import Literal

import msgspec

from hapgang.core.errors import Conflict, Refused
from hapgang.core.ids import new_urn
from hapgang.core.money import won_text
from hapgang.core.text import Text
from hapgang.core.vocabulary.money import Amount, StandingOrder
from hapgang.core.vocabulary.registry import AGREEMENT, PaymentPlan, Title
from hapgang.hub.query import where
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.spending import acting_for, own_account, today
from hapgang.runtime.platform.money.standing import order_payments

MOST_PLANS = 50  # of one payee
MOST_SUBSCRIBERS = 5_000  # of one plan, which are all ended in one unit


def open_plan(
    city: CityOf,
    *,
    title: Title,
    amount_won: Amount,
    every: Literal["week", "month"],
    account: str | None = None,
) -> PaymentPlan:
    """Offer something for a payment each week or month, to the caller or to a shop of theirs."""
    payee = acting_for(city, account, as_owner=True)
    if len(city.hub.find(PaymentPlan, where.payee == payee)) >= MOST_PLANS:
        raise Conflict(f"{MOST_PLANS} plans are open", f"열린 상품이 {MOST_PLANS}개입니다")
    plan = PaymentPlan(
        id=new_urn("PaymentPlan", city.rng), payee=payee, title=title, amount_won=amount_won,
        every=every, opened_at=city.now,
    )  # fmt: skip
    city.hub.save(plan)
    body = {"plan": plan.id, "step": "opened", "payee": payee, "won": amount_won, "every": every}
    city.ledger.record(AGREEMENT, plan.id, body)
    return plan


def plans(city: CityOf, *, payee: str | None = None) -> list[PaymentPlan]:
    """Return the plans that can be subscribed to, the newest first."""
    found = city.hub.find(PaymentPlan, where.payee == payee if payee else None)
    return sorted(found, key=lambda one: (one.opened_at, one.id), reverse=True)


def subscribe(city: CityOf, *, plan: str) -> StandingOrder:
    """Subscribe to a plan: it is paid for today, and then each week or month until one ends it."""
    found = _running(city, plan)
    me = own_account(city)
    if city.hub.find(StandingOrder, (where.plan == plan) & (where.payer == me)):
        raise Conflict("You have subscribed to it.", "이미 구독하고 있습니다.")
    if len(city.hub.find(StandingOrder, where.plan == plan)) >= MOST_SUBSCRIBERS:
        raise Conflict("It is full.", "구독자가 다 찼습니다.")
    order = order_payments(
        city, payee=found.payee, amount_won=found.amount_won, every=found.every,
        first_on=today(city), memo=found.title,
    )  # fmt: skip
    subscribed = msgspec.structs.replace(order, plan=plan)
    city.hub.save(subscribed)
    body = {"plan": plan, "step": "subscribed", "order": order.id, "payer": me}
    city.ledger.record(AGREEMENT, f"{order.id}/subscribed", body, person=me)
    return subscribed


def subscribers(city: CityOf, *, plan: str) -> int:
    """Return how many pay for a plan of the caller's now; who they are, their payments say."""
    _own(city, plan)
    running = city.hub.find(StandingOrder, where.plan == plan)
    return sum(order.state == "active" for order in running)


def end_plan(city: CityOf, *, plan: str) -> int:
    """End a plan, and with it what was subscribed; return how many are told."""
    found = _own(city, plan)
    orders = city.hub.find(StandingOrder, where.plan == plan)
    for order in orders:
        city.hub.close(order)
        city.tell(
            order.payer,
            Text("A subscription has ended", "구독이 끝났습니다"),
            Text(
                f"{found.title}: {won_text(found.amount_won)} are not taken any more.",
                f"{found.title}: {won_text(found.amount_won)}이 더는 나가지 않습니다.",
            ),
        )
    city.hub.close(found)
    body = {"plan": plan, "step": "ended", "subscribers": len(orders)}
    city.ledger.record(AGREEMENT, f"{plan}/ended", body)
    return len(orders)


def _running(city: CityOf, plan: str) -> PaymentPlan:
    found = city.hub.get(PaymentPlan, plan)
    if city.runtime.state.get(plan) is None:  # it is found by its id for good
        raise Conflict("This plan has ended.", "이미 끝난 상품입니다.")
    return found


def _own(city: CityOf, plan: str) -> PaymentPlan:
    found = _running(city, plan)
    if acting_for(city, found.payee, as_owner=True) != found.payee:
        raise Refused("This is somebody else's plan.", "다른 사람의 상품입니다.")
    return found

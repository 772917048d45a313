"""Payments that come again each week or month."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hapgang.core.errors import CityError, Conflict, Invalid, Refused
from hapgang.core.ids import new_urn
from hapgang.core.money import won_text
from hapgang.core.text import Text
from hapgang.core.vocabulary.money import Amount, Memo, StandingOrder
from hapgang.core.vocabulary.people import Person
from hapgang.core.vocabulary.registry import AGREEMENT
from hapgang.hub.query import where
from hapgang.ledger.currency.dates import next_after
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.spending import check_day, own_account, pay_from, peek, today

MOST_ORDERS = 50
PAUSED_AFTER = 3  # misses in a row
_PAID_AT_ONCE = 500  # the rest ten minutes later


def order_payments(
    city: CityOf,
    *,
    payee: Annotated[str, Meta(min_length=1, max_length=300)],
    amount_won: Amount,
    every: Literal["week", "month"],
    first_on: date,
    last_on: date | None = None,
    memo: Memo = "",
) -> StandingOrder:
    """Have a payment made from the caller's account each week or month, from a day on."""
    check_day(city, first_on)
    if last_on is not None and last_on < first_on:
        raise Invalid("The last day is not before the first.", "마지막 날은 첫 날 이후여야 합니다.")
    city.runtime.book.account(account_id(payee))
    if len(standing_orders(city)) >= MOST_ORDERS:
        raise Conflict(
            f"You have {MOST_ORDERS} standing orders; end one first.",
            f"자동 이체는 {MOST_ORDERS}건까지입니다. 먼저 하나를 끝내세요.",
        )
    order = StandingOrder(
        id=new_urn("StandingOrder", city.rng),
        payer=own_account(city),
        payee=payee,
        amount_won=amount_won,
        memo=memo,
        every=every,
        first_on=first_on,
        next_on=first_on,
        last_on=last_on,
    )
    city.hub.save(order)
    return order


def standing_orders(city: CityOf) -> list[StandingOrder]:
    """Return the caller's standing orders."""
    return city.hub.find(StandingOrder, where.payer == city.caller.id)


def change_order(city: CityOf, *, order: str, state: Literal["active", "paused"]) -> StandingOrder:
    """Pause a standing order, or let it go on."""
    found = _own(city, order)
    changed = msgspec.structs.replace(found, state=state, missed=0)
    if state == "active" and found.next_on < today(city):
        changed = msgspec.structs.replace(
            changed, next_on=next_after(found.first_on, found.every, today(city))
        )
    city.hub.save(changed)
    return changed


def end_order(city: CityOf, *, order: str) -> None:
    """End a standing order, and a subscription with it."""
    found = _own(city, order)
    city.hub.close(found)
    if found.plan is not None:
        body = {"plan": found.plan, "step": "left", "order": order, "payer": found.payer}
        city.ledger.record(AGREEMENT, f"{order}/left", body, person=found.payer)


def pay_standing_orders(city: CityOf) -> None:
    """Pay what is due; what was missed while the city was down is paid once."""
    day = today(city)
    views = (record.view for record in city.runtime.state.of_type(StandingOrder.__name__))
    due = [
        order for order in views
        if isinstance(order, StandingOrder) and order.state == "active" and order.next_on <= day
    ]  # fmt: skip
    for order in due[:_PAID_AT_ONCE]:
        _pay(city, order, day)


def _pay(city: CityOf, order: StandingOrder, day: date) -> None:
    if order.last_on is not None and order.next_on > order.last_on:
        city.hub.close(order)
        return
    missed = 0
    try:
        name = f"{order.id}:{order.next_on}"
        pay_from(city, name, order.payer, order.payee, order.amount_won, order.memo)
    except CityError as error:
        missed = order.missed + 1
        _tell_missed(city, order, error.message, is_paused=missed >= PAUSED_AFTER)
    later = next_after(order.first_on, order.every, day)
    moved = msgspec.structs.replace(
        order,
        next_on=later,
        missed=missed,
        state="paused" if missed >= PAUSED_AFTER else "active",
    )
    if order.last_on is not None and later > order.last_on:
        city.hub.close(moved)
    else:
        city.hub.save(moved)


def _tell_missed(city: CityOf, order: StandingOrder, why: Text, *, is_paused: bool) -> None:
    if peek(city, Person, order.payer) is None:
        return
    amount = won_text(order.amount_won)
    more = Text(" It is paused now.", " 자동 이체를 멈췄습니다.") if is_paused else Text("", "")
    city.tell(
        order.payer,
        Text("A standing order was not paid", "자동 이체가 되지 않았습니다"),
        Text(f"{amount}: {why.en}{more.en}", f"{amount}: {why.ko}{more.ko}"),
    )


def _own(city: CityOf, order: str) -> StandingOrder:
    found = city.hub.get(StandingOrder, order)
    if found.payer != city.caller.id:
        raise Refused("This is somebody else's order.", "다른 사람의 자동 이체입니다.")
    if city.runtime.state.get(order) is None:
        raise Conflict("This standing order has ended.", "이미 끝난 자동 이체입니다.")
    return found

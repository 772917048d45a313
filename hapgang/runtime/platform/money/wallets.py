"""Money as its owner sees it, and as an operator of the currency issues it."""

from datetime import date, timedelta
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from hapgang.contract import Role
from hapgang.core.errors import Conflict
from hapgang.core.ids import new_urn
from hapgang.core.money import Won, won_text
from hapgang.core.vocabulary.people import MonthlyTopUp
from hapgang.hub.query import where
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.issues import pay_bonus
from hapgang.runtime.platform.people import TREASURY
from hapgang.runtime.platform.visits import visit_of

MOST_TOP_UP_WON = 500_000  # a month's purchase limit of most Korean local currencies, our choice


class MonthlyLimit(Conflict):
    """The caller would buy more of the currency than they may in one month."""


class Wallet(msgspec.Struct, frozen=True):
    """What the caller has."""

    account: str
    balance_won: int  # held money included
    held_won: int
    top_up_left_won: int  # of this month's limit
    top_up_renews_on: date


def wallet(city: CityOf) -> Wallet:
    """Return the caller's account."""
    account = city.ledger.open_account(city.caller.id, "resident")
    limit = _limit(city)
    return Wallet(
        account.id, account.balance_won, account.held_won, limit.left_won, limit.renews_on
    )


def open_account(city: CityOf, *, owner: str, kind: str, credit_won: Won = 0) -> None:
    """Open the account of somebody who is no person; for the platform only.

    `credit_won` is how far it may fall below zero; a repeat changes nothing.
    """
    city.ledger.open_account(owner, kind, floor_won=-credit_won)


def top_up(
    city: CityOf,
    *,
    amount_won: Annotated[int, Meta(ge=1000, le=MOST_TOP_UP_WON)],
    issue: str | None = None,
) -> Wallet:
    """Put money into the caller's wallet, from the treasury; there is a limit for each month.

    `issue`: with the bonus of an issue that is open, or not at all.
    """
    _count_in(city, amount_won)
    city.ledger.open_account(TREASURY, "treasury", floor_won=None)
    city.ledger.open_account(city.caller.id, "resident")
    transfer = new_urn("Transfer", city.rng)
    city.ledger.pay(transfer, TREASURY, city.caller.id, amount_won, "top-up")
    if issue is not None:
        pay_bonus(city, issue, transfer, amount_won)
    return wallet(city)


def release_expired_holds(city: CityOf) -> int:
    """Give back what was set aside and not captured in time; return how many there were."""
    return city.ledger.release_expired()


class _Limit(NamedTuple):
    """How much of the currency the caller may still buy in this calendar month."""

    known: list[MonthlyTopUp]
    month: str
    bought_won: int
    most_won: int
    renews_on: date

    @property
    def left_won(self) -> int:
        return max(0, self.most_won - self.bought_won)


def _limit(city: CityOf) -> _Limit:
    today = city.now.astimezone(city.runtime.clock.zone).date()
    month = f"{today:%Y-%m}"
    known = city.hub.find(MonthlyTopUp, where.person == city.caller.id)
    bought_won = sum(one.amount_won for one in known if one.month == month)
    most_won = MOST_TOP_UP_WON
    if city.caller.role is Role.VISITOR and (visit := visit_of(city)) is not None:
        most_won = min(most_won, visit.top_up_won)
    renews_on = (today.replace(day=1) + timedelta(days=31)).replace(day=1)
    return _Limit(known, month, bought_won, most_won, renews_on)


def _count_in(city: CityOf, amount_won: int) -> None:
    """Add a purchase to the caller's calendar month; `MonthlyLimit` when it is too much."""
    limit = _limit(city)
    left_won, most_won, renews_on = limit.left_won, limit.most_won, limit.renews_on
    if amount_won > left_won:
        raise MonthlyLimit(
            f"{won_text(most_won)} can be topped up in a month: {won_text(left_won)} is left"
            f" of it, and it begins anew on {renews_on}.",
            f"한 달 충전 한도는 {won_text(most_won)}입니다. 이번 달에는 {won_text(left_won)}"
            f"까지 더 충전할 수 있고, 한도는 {renews_on}에 새로 시작됩니다.",
            left_won=left_won,
            renews_on=str(renews_on),
        )
    name = limit.known[0].id if limit.known else new_urn("MonthlyTopUp", city.rng)
    total_won = limit.bought_won + amount_won
    city.hub.save(
        MonthlyTopUp(id=name, person=city.caller.id, month=limit.month, amount_won=total_won)
    )

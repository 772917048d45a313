"""Allowances: paid each month to everybody who fits a rule."""

import heapq
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.errors import CityError, Invalid
from hapgang.core.ids import new_urn
from hapgang.core.vocabulary.money import Amount, Name
from hapgang.core.vocabulary.people import AgeBand, Concession, Person
from hapgang.core.vocabulary.treasury import Allowance
from hapgang.ledger.currency.dates import next_after
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.funds import (
    end_budget,
    funder_of,
    keep_paid_up_to,
    left_won,
    paid_up_to,
    set_aside,
)
from hapgang.runtime.platform.money.spending import check_day, today

_PAID_AT_ONCE = 2_000  # the rest a minute later


def open_allowance(
    city: CityOf,
    *,
    title: Name,
    amount_won: Amount,
    budget_won: Annotated[int, Meta(ge=1, le=1_000_000_000_000)],
    first_on: date,
    last_on: date,
    age_bands: Annotated[tuple[AgeBand, ...], Meta(max_length=8)] = (),
    concessions: Annotated[tuple[Concession, ...], Meta(max_length=6)] = (),
) -> Allowance:
    """Set a budget aside that pays every resident who fits a rule, each month from a day on."""
    check_day(city, first_on)
    check_day(city, last_on)
    if last_on < first_on:
        raise Invalid("The last day is not before the first.", "마지막 날은 첫 날 이후여야 합니다.")
    allowance = Allowance(
        id=new_urn("Allowance", city.rng),
        title=title,
        funder=funder_of(city),
        amount_won=amount_won,
        age_bands=age_bands,
        concessions=concessions,
        first_on=first_on,
        next_on=first_on,
        last_on=last_on,
    )
    city.hub.save(allowance)
    set_aside(city, allowance.id, allowance.funder, budget_won, "subsidy")
    return allowance


def allowances(city: CityOf) -> list[Allowance]:
    """Return the allowances that are paid."""
    return city.hub.find(Allowance, limit=200)


def pay_allowances(city: CityOf) -> None:
    """Pay what is due, some people at a time, each once for a month."""
    room = _PAID_AT_ONCE
    for record in list(city.runtime.state.of_type(Allowance.__name__)):
        allowance = record.view
        if not isinstance(allowance, Allowance):
            continue
        if allowance.next_on > allowance.last_on:
            if end_budget(city, allowance.id, allowance.funder):
                city.hub.close(allowance)
        elif allowance.next_on <= today(city) and room > 0:
            room -= _pay_some(city, allowance)


def _pay_some(city: CityOf, allowance: Allowance) -> int:
    """Pay the next people; return how many had theirs."""
    people = _next_people(city, allowance)
    before_won = left_won(city, allowance.id)
    paid = []
    for person in people:
        name = f"{allowance.id}:{allowance.next_on}:{person}"
        try:
            city.ledger.pay(name, allowance.id, person, allowance.amount_won, allowance.title)
        except CityError:  # the budget is empty or frozen: the rest waits
            break
        paid.append(person)
    is_short = len(paid) < len(people)
    is_done = len(people) < _PAID_AT_ONCE and not is_short
    after = next_after(allowance.first_on, "month", allowance.next_on)  # none is left out
    city.hub.save(
        msgspec.structs.replace(
            allowance,
            is_short=is_short,
            paid_won=allowance.paid_won + before_won - left_won(city, allowance.id),
            next_on=after if is_done else allowance.next_on,
        )
    )
    if paid or is_done:
        keep_paid_up_to(city, allowance.id, "" if is_done else paid[-1])
    return len(paid)


def _next_people(city: CityOf, allowance: Allowance) -> list[str]:
    """Return the next who fit the rule and have an account that takes money, by id."""
    last = paid_up_to(city, allowance.id)
    views = (record.view for record in city.runtime.state.of_type(Person.__name__))
    fits = (
        view.id
        for view in views
        if isinstance(view, Person)
        and not view.visitor
        and view.id > last
        and (not allowance.age_bands or view.age_band in allowance.age_bands)
        and (not allowance.concessions or view.concession in allowance.concessions)
        and _takes_money(city, view.id)
    )
    return heapq.nsmallest(_PAID_AT_ONCE, fits)


def _takes_money(city: CityOf, person: str) -> bool:
    account = city.runtime.book.find_account(account_id(person))
    return account is not None and account.state != "closed"

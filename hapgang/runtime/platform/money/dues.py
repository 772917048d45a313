"""Taxes and fees: offices charge them, people pay them from their wallet."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict, NotFound, Refused
from hapgang.core.money import won_text
from hapgang.core.text import Text
from hapgang.core.vocabulary.money import Amount, Name
from hapgang.core.vocabulary.people import Person
from hapgang.core.vocabulary.treasury import Due
from hapgang.hub.query import where
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.funds import funder_of
from hapgang.runtime.platform.money.spending import name_for, own_account, pay_from, peek
from hapgang.runtime.platform.money.transfers import MOST_AT_ONCE


class NewDue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tax or a fee of one person."""

    person: Annotated[str, Meta(min_length=1, max_length=300)]
    title: Name
    number: Annotated[str, Meta(pattern=r"^[0-9A-Za-z-]{1,40}$(?!\n)")]
    amount_won: Amount
    due_on: date


def charge_dues(
    city: CityOf, *, dues: Annotated[list[NewDue], Meta(min_length=1, max_length=MOST_AT_ONCE)]
) -> list[str]:
    """Charge up to 1,000 taxes or fees, all of them or none; a number is charged once."""
    office = funder_of(city)
    names = []
    for due in dues:
        if peek(city, Person, due.person) is None:
            raise NotFound(f"{due.person} is not known here.", f"{due.person}: 등록되지 않음")
        name = name_for("Due", office, due.number)
        if city.hub.find_by_id(Due, name) is not None:  # paid and withdrawn ones, too
            raise Conflict(f"{due.number} was charged.", f"{due.number}은(는) 이미 부과했습니다.")
        city.hub.save(Due(id=name, office=office, **msgspec.structs.asdict(due)))
        names.append(name)
        amount = won_text(due.amount_won)
        city.tell(
            due.person,
            Text("Something to pay", "납부할 금액이 있습니다"),
            Text(f"{due.title}: {amount} by {due.due_on}", f"{due.title}: {amount} ({due.due_on})"),
        )
    return names


def my_dues(city: CityOf) -> list[Due]:
    """Return what the caller has to pay."""
    return city.hub.find(Due, where.person == city.caller.id)


def charged_dues(city: CityOf) -> list[Due]:
    """Return what the caller's office charged and nobody has paid, the oldest 500."""
    return city.hub.find(Due, where.office == funder_of(city), limit=500)


def pay_due(city: CityOf, *, due: str) -> str:
    """Pay a tax or a fee from the caller's wallet."""
    found = _open(city, due)
    if found.person != city.caller.id:
        raise Refused("This is somebody else's to pay.", "다른 사람에게 부과된 것입니다.")
    name = f"{due}:paid"
    paid = pay_from(city, name, own_account(city), found.office, found.amount_won, found.title)
    city.hub.close(msgspec.structs.replace(found, state="paid", transfer=paid))
    return paid


def withdraw_due(city: CityOf, *, due: str) -> None:
    """Take back what was charged by mistake."""
    found = _open(city, due)
    if found.office != funder_of(city):
        raise Refused("Another office charged this.", "다른 기관이 부과한 것입니다.")
    city.hub.close(msgspec.structs.replace(found, state="withdrawn"))
    title = Text("You need not pay this", "납부하지 않아도 됩니다")
    city.tell(found.person, title, Text(found.title, found.title))


def _open(city: CityOf, due: str) -> Due:
    found = city.hub.get(Due, due)
    if found.state != "open":
        raise Conflict(f"This is {found.state}.", "이미 납부했거나 취소된 것입니다.")
    return found

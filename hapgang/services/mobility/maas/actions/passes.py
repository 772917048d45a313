"""The city pass: bought for a month, and what it takes off a ticket."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from hapgang.contract import City, new_id, where
from hapgang.core.errors import Invalid
from hapgang.core.ids import urn
from hapgang.core.vocabulary.people import Concession, Person
from hapgang.services.mobility.maas.method.ground import ground_of
from hapgang.services.mobility.maas.model import SERVICE, Journey, Settings
from hapgang.services.mobility.maas.model.fares import CITY_PASSES, CityPass, Month

_MEMO = "city pass"


class PassOffer(msgspec.Struct, frozen=True):
    """What a pass costs the caller, and the one that they have."""

    month: str
    price_won: Annotated[int, Meta(ge=0)]
    covers_won: Annotated[int, Meta(ge=0)]
    fare_won: Annotated[int, Meta(ge=0)]  # of one ride without it
    concession: Concession
    held: CityPass | None


def see_pass(city: City) -> PassOffer:
    """Return what a pass costs the caller this month, and what is left of the one they have."""
    terms, concession = city.settings(Settings), _concession(city, city.caller.id)
    month = _month(city, city.now)
    return PassOffer(
        month=month, price_won=terms.city_pass.price_for(concession),
        covers_won=terms.city_pass.covers_won, fare_won=terms.fares.of(concession),
        concession=concession, held=_pass_of(city, city.caller.id, month),
    )  # fmt: skip


def buy_pass(city: City, *, month: Month) -> CityPass:
    """Buy the caller's pass for this month; a repeat returns the one that they have.

    The caller names the month that they were shown, so that no pass is bought at midnight for a
    month that they did not mean.
    """
    if month != _month(city, city.now):
        raise Invalid(
            "A pass is sold for the month that runs.", "정기권은 이번 달 것만 살 수 있습니다."
        )
    held = _pass_of(city, city.caller.id, month)
    if held is not None:
        return held
    terms = city.settings(Settings).city_pass
    price_won = terms.price_for(_concession(city, city.caller.id))
    bought = CityPass(
        id=new_id(city, CityPass), holder=city.caller.id, month=month, price_won=price_won,
        covers_won=terms.covers_won,
    )  # fmt: skip
    if price_won > 0:
        _open_account(city)
        name = urn("Transfer", f"{bought.id.rsplit(':', 1)[-1]}-pass")
        city.ledger.pay(name, city.caller.id, CITY_PASSES, price_won, _MEMO)
    city.hub.save(bought)
    return bought


def fare_for(city: City, person: str, leave_at: datetime) -> int:
    """Return what a ticket costs somebody now: their fare, less what their pass covers."""
    fare_won = full_fare_won(city, person)
    held = _pass_of(city, person, _month(city, leave_at))
    return fare_won if held is None else max(0, fare_won - held.left_won)


def full_fare_won(city: City, person: str) -> int:
    """Return the fare of somebody's age, which operators share."""
    return city.settings(Settings).fares.of(_concession(city, person))


def cover(city: City, journey: Journey, fare_won: int) -> int:
    """Set aside of the traveller's pass what it covers of a fare; return how much that is."""
    held = _pass_of(city, journey.traveller, _month(city, journey.leave_at))
    covered_won = 0 if held is None else min(fare_won, held.left_won)
    if held is not None and covered_won > 0:
        city.hub.save(replace(held, used_won=held.used_won + covered_won))
    return covered_won


def uncover(city: City, journey: Journey) -> None:
    """Give back to the pass what an unused ticket had taken of it."""
    held = _pass_of(city, journey.traveller, _month(city, journey.leave_at))
    if held is not None and journey.covered_won > 0:
        city.hub.save(replace(held, used_won=max(0, held.used_won - journey.covered_won)))


def pay_covered(city: City, journey: Journey, name: str) -> str:
    """Pay the part of a ticket that the pass covers, from what passes are paid from."""
    _open_account(city)
    return city.ledger.pay(name, CITY_PASSES, SERVICE, journey.covered_won, _MEMO)


def end_passes(city: City) -> None:
    """Close the passes of months that are over, except where a journey may still go back to one."""
    this = _month(city, city.now)
    kept = {(j.traveller, _month(city, j.leave_at)) for j in city.hub.find(Journey)}
    for held in city.hub.find(CityPass):
        if held.month < this and (held.holder, held.month) not in kept:
            city.hub.close(held)


def _open_account(city: City) -> None:
    # Below zero it is what the city adds: a pass covers more than it costs.
    city.ledger.open_account(CITY_PASSES, "subsidy", floor_won=None)
    city.ledger.open_account(SERVICE, "service")


def _pass_of(city: City, person: str, month: str) -> CityPass | None:
    mine = city.hub.find(CityPass, where.holder == person)
    return next((held for held in mine if held.month == month), None)


def _concession(city: City, person: str) -> Concession:
    known = city.hub.find_by_id(Person, person)
    return "none" if known is None else known.concession


def _month(city: City, at: datetime) -> str:
    return f"{at.astimezone(ground_of(city.twin).time_zone):%Y-%m}"

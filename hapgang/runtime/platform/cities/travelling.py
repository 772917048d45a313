"""Money that somebody takes along to another city, and money that they bring from there.

At home it is paid into the account of what is owed to that city, in one unit with a fact that
names nobody. There the fact's receipt is good for the same won, once for ever, for whoever drew
its code. Money that is left over goes home the same way.
"""

from datetime import timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict, NotFound, Refused
from hapgang.core.money import won_text
from hapgang.core.vocabulary.cities import (
    AbroadDay,
    ArrivalCode,
    ArrivalName,
    CurrencyAgreement,
    RecognisedCity,
    SentSlip,
)
from hapgang.core.vocabulary.money import Amount
from hapgang.hub.query import where
from hapgang.ledger.cities.proving import continued, proven
from hapgang.ledger.cities.slips import SLIP, Slip, name_of, slip_body, slip_in
from hapgang.ledger.log.receipts import Receipt
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.cities.found import (
    NoAgreement,
    clearing,
    in_force,
    keys_in,
    known_city,
    own_origin,
    recognised,
)
from hapgang.runtime.platform.cities.recognising import Growth, saw
from hapgang.runtime.platform.money.spending import name_for, own_account, pay_from, peek, today

LASTS = timedelta(days=30)  # a slip, at most as long as its agreement; an assumption
CODE_LASTS = timedelta(days=90)
MOST_CODES, MOST_SLIPS = 20, 200
SlipName = Annotated[str, Meta(min_length=1, max_length=100)]
_changed = msgspec.structs.replace


class BetweenCities(Conflict):
    """More would be owed between the two cities, or taken across in a day, than they agreed on."""


class Arrived(msgspec.Struct, frozen=True):
    """Money that came from another city."""

    transfer: str
    amount_won: int
    origin: str
    is_new: bool  # False: it had come before, and did not count again


class Abroad(msgspec.Struct, frozen=True):
    """A city that the caller can take money to, or bring it from."""

    agreement: str
    city: str
    title_en: str
    title_ko: str
    origin: str
    url: str
    day_won: int
    out_left_won: int  # of today's limit, and of what may be owed
    in_left_won: int
    until: str


def draw_code(city: CityOf) -> ArrivalCode:
    """Draw a code that another city's slip can be made out to; nobody else learns whose it is."""
    mine = city.hub.find(ArrivalCode, where.person == city.caller.id)
    for old in (one for one in mine if one.until + LASTS <= city.now):  # no slip is out for it
        city.hub.delete(ArrivalCode, old.id)
    if sum(one.until > city.now for one in mine) >= MOST_CODES:
        raise Conflict(f"{MOST_CODES} codes are open.", f"코드는 {MOST_CODES}개까지입니다.")
    code = f"{city.rng.bits64():016x}{city.rng.bits64():016x}"
    drawn = ArrivalCode(
        id=name_for("ArrivalCode", code), person=city.caller.id, code=code,
        until=city.now + CODE_LASTS,
    )  # fmt: skip
    city.hub.save(drawn)
    return drawn


def places(city: CityOf) -> list[Abroad]:
    """Return the cities whose currency is taken here now, and ours there."""
    found = []
    for each in city.hub.find(CurrencyAgreement, where.state == "in force"):
        try:
            agreement, other = in_force(city, each.id)
        except Conflict:
            continue
        day, owed_won = _day(city, agreement), city.ledger.balance_won(clearing(other))
        most_won = agreement.outstanding_won
        found.append(
            Abroad(
                agreement.id, other.id, other.title_en, other.title_ko, other.origin, other.url,
                agreement.day_won,
                max(0, min(agreement.day_won - day.out_won, most_won - owed_won)),
                max(0, min(agreement.day_won - day.in_won, most_won + owed_won)),
                agreement.until.isoformat(),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: one.origin)


def my_slips(city: CityOf) -> list[SentSlip]:
    """Return what the caller took to other cities and is not settled yet, the newest first."""
    found = city.hub.find(SentSlip, where.payer == city.caller.id)
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)


def send_abroad(
    city: CityOf, *, name: SlipName, agreement: str, amount_won: Amount, code: ArrivalName
) -> SentSlip:
    """Pay money here that is to be had in another city, by whoever drew the code there.

    The caller names it, once: a repeat returns the same slip.
    """
    payer = own_account(city)
    slip_id = name_for("SentSlip", payer, name)
    before = city.hub.find_by_id(SentSlip, slip_id)
    if before is not None:
        if (before.agreement, before.amount_won, before.code) != (agreement, amount_won, code):
            raise Conflict(
                f"“{name}” was sent with other words; use a new name.",
                f"“{name}”은(는) 다른 내용으로 이미 보냈습니다. 새 이름을 쓰세요.",
            )
        return before
    found, other = in_force(city, agreement)
    if len(my_slips(city)) >= MOST_SLIPS:
        raise Conflict(f"{MOST_SLIPS} are on their way.", f"{MOST_SLIPS}건이 처리 중입니다.")
    _check_owed(city, found, other, amount_won)
    _count(city, found, out_won=amount_won)
    account = account_id(clearing(other))
    sent = SentSlip(
        id=slip_id, payer=payer, agreement=found.id, city=other.id, name=name,
        amount_won=amount_won, code=code, fact=f"platform/{slip_id}", at=city.now,
        until=min(city.now + LASTS, found.until),
    )  # fmt: skip
    transfer = f"{account}:sent:{slip_id}"
    pay_from(city, transfer, payer, clearing(other), amount_won, sent.fact)
    body = slip_body(
        home=own_origin(city), there=other.origin, agreement=found.id, amount_won=amount_won,
        payee=code, until=sent.until,
    )  # fmt: skip
    city.ledger.record(SLIP, slip_id, body, person=payer)
    city.hub.save(sent)
    return sent


def bring(city: CityOf, *, receipt: Receipt, growth: Growth = ()) -> Arrived:
    """Get the same won here that a receipt of another city's log shows to be paid there.

    Each counts once for ever; the same again returns the same transfer.
    """
    known = known_city(city, home_of(receipt))
    found = proven(receipt, keys_in(known))
    slip = slip_in(found, known.origin, own_origin(city))
    payee = _owner_of(city, slip)
    name = f"{account_id(clearing(known))}:taken:{name_of(known.origin, slip.id)}"
    if city.runtime.book.find(name) is not None:
        return Arrived(name, slip.amount_won, known.origin, is_new=False)
    agreement, other = in_force(city, slip.agreement)
    recognised(city, known.id)
    if other.id != known.id or slip.at > city.now + timedelta(minutes=5):
        raise NoAgreement("This slip is of no agreement with that city.", "협약에 없는 증명입니다.")
    if slip.until <= city.now:
        raise Conflict(
            f"It was good until {slip.until:%Y-%m-%d %H:%M} UTC. The money comes back at home.",
            f"{slip.until:%Y-%m-%d %H:%M}(UTC)까지 쓸 수 있던 증명입니다. 돈은 보낸 도시에서"
            " 돌려받습니다.",
        )
    saw(city, known, continued(known.checkpoint, found.note, growth, keys_in(known)))
    _check_owed(city, agreement, other, -slip.amount_won)
    _count(city, agreement, in_won=slip.amount_won)
    own_account(city)
    city.ledger.pay(name, clearing(other), payee, slip.amount_won, slip.id)
    return Arrived(name, slip.amount_won, known.origin, is_new=True)


def home_of(receipt: Receipt) -> str:
    """Return which log a slip says it is of."""
    return str(receipt.fact.get("home", ""))[:100]


def _owner_of(city: CityOf, slip: Slip) -> str:
    """Return the caller, where the slip is made out to a code of theirs."""
    drawn = peek(city, ArrivalCode, name_for("ArrivalCode", slip.payee))
    if drawn is None:
        raise NotFound(
            "Its code was not drawn here. Draw one here, and have the slip made out to it.",
            "여기에서 만든 코드가 아닙니다. 이 도시에서 코드를 만들어 보낼 때 적으세요.",
        )
    if drawn.person != city.caller.id:
        raise Refused("It is made out to somebody else.", "다른 사람 앞으로 된 증명입니다.")
    return drawn.person


def _check_owed(
    city: CityOf, agreement: CurrencyAgreement, other: RecognisedCity, more_won: int
) -> None:
    """Raise where more would be owed between the cities than they agreed on, in either way."""
    owed_won = city.ledger.balance_won(clearing(other)) + more_won
    if abs(owed_won) > agreement.outstanding_won and (owed_won > 0) == (more_won > 0):
        left_won = max(0, agreement.outstanding_won - abs(owed_won - more_won))
        raise BetweenCities(
            f"The two cities settle at {won_text(agreement.outstanding_won)}:"
            f" {won_text(left_won)} can be taken across until they have.",
            f"두 도시의 정산 한도는 {won_text(agreement.outstanding_won)}입니다."
            f" 정산 전까지 {won_text(left_won)}을 옮길 수 있습니다.",
            left_won=left_won,
        )


def _day(city: CityOf, agreement: CurrencyAgreement) -> AbroadDay:
    name = name_for("AbroadDay", city.caller.id, agreement.city)
    known, day = peek(city, AbroadDay, name), str(today(city))
    if known is None or known.day != day:
        return AbroadDay(id=name, person=city.caller.id, day=day)
    return known


def _count(
    city: CityOf, agreement: CurrencyAgreement, *, out_won: int = 0, in_won: int = 0
) -> None:
    """Count what somebody takes across today; `BetweenCities` where it is too much."""
    known = _day(city, agreement)
    day = _changed(known, out_won=known.out_won + out_won, in_won=known.in_won + in_won)
    if max(day.out_won if out_won else 0, day.in_won if in_won else 0) > agreement.day_won:
        left_won = agreement.day_won - (known.out_won if out_won else known.in_won)
        raise BetweenCities(
            f"{won_text(agreement.day_won)} can be taken across in a day: {won_text(left_won)}"
            " is left of it today.",
            f"하루에 {won_text(agreement.day_won)}까지 옮길 수 있습니다. 오늘은"
            f" {won_text(left_won)}이 남았습니다.",
            left_won=left_won,
        )
    city.hub.save(day)

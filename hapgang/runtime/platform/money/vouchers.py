"""Vouchers: money that a programme set aside for people, to be spent by its rules."""

from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.clock import Instant
from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.core.geometry import Point
from hapgang.core.ids import new_urn
from hapgang.core.money import won_text
from hapgang.core.text import Text
from hapgang.core.vocabulary.business import business_of
from hapgang.core.vocabulary.money import Amount, Name, Shop
from hapgang.core.vocabulary.people import Person
from hapgang.core.vocabulary.programmes import Budget, Voucher, VoucherProgramme
from hapgang.hub.query import where
from hapgang.ledger.currency.vouchers import Rules, Use, refusal
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.codes import CodeReceipt, Payload, look_at_code
from hapgang.runtime.platform.money.funds import (
    ENDED_AT_ONCE,
    check_funder,
    delete_some,
    funder_of,
    give_back,
    left_won,
    set_aside,
)
from hapgang.runtime.platform.money.shops import check_not_keeper, open_shop
from hapgang.runtime.platform.money.spending import check_has_phone, peek
from hapgang.runtime.platform.money.transfers import MOST_AT_ONCE, TransferName
from hapgang.writer.unit import TransferRow

Weekday = Annotated[int, Meta(ge=1, le=7)]  # 1 is Monday (ISO 8601)
Goods = Annotated[str, Meta(max_length=40)]


class NotForThis(Conflict):
    """The voucher's rules do not allow what somebody wants to buy."""


def open_programme(
    city: CityOf,
    *,
    title: Name,
    budget_won: Annotated[int, Meta(ge=1, le=1_000_000_000_000)],
    until: Instant,
    shops: Annotated[tuple[str, ...], Meta(max_length=500)] = (),
    businesses: Annotated[tuple[str, ...], Meta(max_length=50)] = (),
    centre: Point | None = None,
    within_m: Annotated[int, Meta(ge=0, le=100_000)] = 0,
    weekdays: Annotated[tuple[Weekday, ...], Meta(max_length=7)] = (),
    from_hour: Annotated[int, Meta(ge=0, le=23)] = 0,
    to_hour: Annotated[int, Meta(ge=1, le=24)] = 24,
    goods: Annotated[tuple[Goods, ...], Meta(max_length=50)] = (),
) -> VoucherProgramme:
    """Set a budget aside for vouchers, with the rules by which they may be spent."""
    if until <= city.now or from_hour >= to_hour:
        raise Invalid("A programme ends later, and its hours too.",
                      "종료 시각은 시작보다 뒤여야 합니다.")  # fmt: skip
    for business in businesses:
        business_of(business)
    for shop in shops:
        open_shop(city, shop)
    programme = VoucherProgramme(
        id=new_urn("VoucherProgramme", city.rng),
        title=title,
        funder=funder_of(city),
        shops=shops,
        businesses=businesses,
        centre=centre,
        within_m=within_m,
        weekdays=weekdays,
        from_hour=from_hour,
        to_hour=to_hour,
        goods=goods,
        until=until,
    )
    city.hub.save(programme)
    set_aside(city, programme.id, programme.funder, budget_won, "budget")
    return programme


def programmes(city: CityOf) -> list[VoucherProgramme]:
    """Return the programmes whose vouchers are good now."""
    return city.hub.find(VoucherProgramme, limit=200)


def give_vouchers(
    city: CityOf,
    *,
    programme: str,
    people: Annotated[list[str], Meta(min_length=1, max_length=MOST_AT_ONCE)],
    amount_won: Amount,
) -> list[str]:
    """Give each of up to 1,000 people a voucher: all of them or none; return the vouchers."""
    found = _open(city, programme)
    check_funder(city, found.funder)
    free_won = left_won(city, programme) - found.promised_won
    if amount_won * len(people) > free_won:
        raise Conflict(
            f"{won_text(free_won)} of the budget is not promised yet.",
            f"아직 배정되지 않은 예산은 {won_text(free_won)}입니다.",
            left_won=free_won,
        )
    given = []
    for person in people:
        if peek(city, Person, person) is None:
            raise NotFound(f"{person} is not known here.", f"{person}을(를) 찾을 수 없습니다.")
        voucher = Voucher(
            id=new_urn("Voucher", city.rng), person=person, programme=programme,
            left_won=amount_won,
        )  # fmt: skip
        city.hub.save(voucher)
        given.append(voucher.id)
        won = won_text(amount_won)
        city.tell(
            person,
            Text("You have a voucher", "바우처를 받았습니다"),
            Text(f"{found.title}: {won}", f"{found.title}: {won}"),
        )
    promised_won = found.promised_won + amount_won * len(people)
    city.hub.save(msgspec.structs.replace(found, promised_won=promised_won))
    return given


def my_vouchers(city: CityOf) -> list[Voucher]:
    """Return the caller's vouchers."""
    return city.hub.find(Voucher, where.person == city.caller.id)


def pay_by_voucher(
    city: CityOf,
    *,
    voucher: str,
    payload: Payload,
    amount_won: Amount,
    transfer: TransferName,
    goods: Annotated[str, Meta(max_length=40)] = "",
) -> CodeReceipt:
    """Pay what a shop's hung-up code asks from a voucher, all or part of it, by its rules."""
    read = look_at_code(city, payload=payload)
    if read.amount_won is not None:
        raise Invalid("Use the shop's own code, without an amount.",
                      "금액이 없는 가게 코드를 쓰세요.")  # fmt: skip
    shop = open_shop(city, read.shop)
    check_not_keeper(city, shop.id, city.caller.id)
    name = f"{voucher}:{transfer}"
    found = city.hub.get(Voucher, voucher)
    if found.person != city.caller.id:
        raise Refused("This is somebody else's voucher.", "다른 사람의 바우처입니다.")
    if (before := city.runtime.book.find(name)) is not None:
        if (before.amount_won, before.credit) == (amount_won, account_id(shop.id)):
            return CodeReceipt(name, shop.id, shop.name, amount_won)
        raise Conflict("This name is of another payment.", "다른 결제에 쓴 번호입니다.")
    check_has_phone(city)
    programme = _open(city, found.programme)
    why = refusal(_rules(programme), _use(city, shop, goods))
    if why is not None:
        raise NotForThis(why.en, why.ko)
    if amount_won > found.left_won:
        left = won_text(found.left_won)
        raise Conflict(f"{left} is left of this voucher.", f"바우처에 {left}이 남았습니다.")
    paid = city.ledger.pay(name, programme.id, shop.id, amount_won, goods or "voucher")
    _change(city, found, programme, -amount_won)
    return CodeReceipt(paid, shop.id, shop.name, amount_won)


def restore_voucher(city: CityOf, payment: TransferRow, amount_won: int) -> None:
    """Make what a shop gave back good again; after the programme's end its funder has it."""
    name = ":".join(payment.id.split(":")[:4])
    if not name.startswith("urn:ngsi-ld:Voucher:"):
        return
    owner = city.runtime.book.account(payment.debit).owner
    voucher, programme = peek(city, Voucher, name), peek(city, VoucherProgramme, owner)
    if voucher is not None and programme is not None:
        _change(city, voucher, programme, amount_won)
    elif programme is None:
        give_back(city, owner, city.hub.get(VoucherProgramme, owner).funder)


def end_vouchers(city: CityOf) -> None:
    """Take back vouchers whose time is over, and give back what is left of the budget."""
    room = ENDED_AT_ONCE
    for record in list(city.runtime.state.of_type(VoucherProgramme.__name__)):
        programme = record.view
        if not isinstance(programme, VoucherProgramme) or programme.until > city.now:
            continue
        room -= delete_some(city, Voucher, "programme", programme.id, room)
        if room and give_back(city, programme.id, programme.funder):
            city.hub.close(msgspec.structs.replace(programme, promised_won=0))


def _change(
    city: CityOf, voucher: Voucher, programme: VoucherProgramme, amount_won: Budget
) -> None:
    city.hub.save(msgspec.structs.replace(voucher, left_won=voucher.left_won + amount_won))
    promised_won = programme.promised_won + amount_won
    city.hub.save(msgspec.structs.replace(programme, promised_won=promised_won))


def _open(city: CityOf, programme: str) -> VoucherProgramme:
    found = peek(city, VoucherProgramme, programme)
    if found is None or found.until <= city.now:
        raise NotFound("This programme is over, or was never there.", "진행 중인 사업이 아닙니다.")
    return found


def _rules(programme: VoucherProgramme) -> Rules:
    return Rules(*(getattr(programme, name) for name in Rules._fields))


def _use(city: CityOf, shop: Shop, goods: str) -> Use:
    at = city.now.astimezone(city.runtime.clock.zone)
    return Use(shop.id, shop.business, shop.location, at, goods)

"""Whose account somebody may act for, and how much their owner lets go out in a day."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from hapgang.contract import Role
from hapgang.core.entity import Entity
from hapgang.core.errors import Conflict, Invalid, Refused
from hapgang.core.ids import urn
from hapgang.core.money import won_text
from hapgang.core.vocabulary.money import AccountOrder, Shop, ShopKeeper, SpendingLimit
from hapgang.ledger.book import Frozen
from hapgang.runtime.city import CityOf

KIND_OF = {Role.VISITOR: "visitor", Role.COMPANY: "company", Role.AGENCY: "agency"}
E = TypeVar("E", bound=Entity)
_FAR = timedelta(days=3_652)


class DailyLimit(Conflict):
    """More would leave the account today than its owner lets go."""


def name_for(type_name: str, owner: str, *more: str) -> str:
    """Return the id of the only entity of a type that an owner has (for something).

    It is made of a hash, so that it does not name whoever was forgotten.
    """
    words = "\x00".join((owner, *more)).encode()
    return urn(type_name, hashlib.blake2b(words, digest_size=16).hexdigest())


def peek(city: CityOf, view: type[E], entity_id: str) -> E | None:
    """Return a live entity as the platform itself needs it: nobody looks at a person."""
    record = city.runtime.state.get(entity_id)
    return record.view if record is not None and isinstance(record.view, view) else None


def today(city: CityOf) -> date:
    """Return the day in the city's zone."""
    return city.now.astimezone(city.runtime.clock.zone).date()


def check_day(city: CityOf, day: date) -> None:
    """Raise `Invalid` for a day that is over, or further away than ten years."""
    if not today(city) <= day <= today(city) + _FAR:
        raise Invalid(
            f"{day} is over, or too far away: choose today or a day within ten years.",
            f"{day}: 오늘부터 10년 안의 날짜를 고르세요.",
        )


def own_account(city: CityOf) -> str:
    """Return the caller, whose account is opened where there is none yet."""
    city.ledger.open_account(city.caller.id, KIND_OF.get(city.caller.role, "resident"))
    return city.caller.id


def orders_of(city: CityOf, person: str, state: str) -> list[AccountOrder]:
    """Return what is ordered for somebody's account and in a state."""
    records = city.runtime.state.with_value("AccountOrder", "person", person) or ()
    views = (record.view for record in records)
    return [one for one in views if isinstance(one, AccountOrder) and one.state == state]


def stop_of(city: CityOf, person: str) -> AccountOrder | None:
    """Return by what somebody's account is stopped since their phone is gone, if it is."""
    stops = (one for one in orders_of(city, person, "in force") if one.kind == "lost")
    return next(stops, None)


def check_has_phone(city: CityOf) -> None:
    """Raise `Frozen` where the caller's phone is gone: who has it spends nothing in their name."""
    if stop_of(city, city.caller.id) is not None:
        raise Frozen(
            "You stopped your account, and what you can spend of others with it. An operator opens"
            " it again when they have seen who you are.",
            "계좌를 정지해 가게와 피후견인의 돈, 바우처도 쓸 수 없습니다. 본인 확인을 받으면"
            " 담당자가 다시 열어 드립니다.",
        )


def acting_for(city: CityOf, account: str | None, *, as_owner: bool = False) -> str:
    """Return whose account the caller acts for: their own, or a shop's that they keep.

    as_owner: what only the shop's owner may do, such as pay from it.
    """
    if account is None or account == city.caller.id:
        return own_account(city)
    if peek(city, Shop, account) is None:
        raise Refused(
            "You can act for your own account and for shops that you keep.",
            "본인 계좌와 본인이 운영하는 가게의 계좌만 쓸 수 있습니다.",
        )
    keeper = peek(city, ShopKeeper, name_for("ShopKeeper", account, city.caller.id))
    if keeper is None or (as_owner and keeper.duty != "owner"):
        raise Refused(
            "Only the shop's owner may do this." if keeper else "You do not keep this shop.",
            "가게 주인만 할 수 있습니다." if keeper else "이 가게의 운영자가 아닙니다.",
        )
    if as_owner:
        check_has_phone(city)
    return account


def counted(city: CityOf, owner: str, amount_won: int) -> SpendingLimit | None:
    """Return an owner's limit after a payment; `DailyLimit` when they let no more go today."""
    limit = peek(city, SpendingLimit, name_for("SpendingLimit", owner))
    if limit is None:
        return None
    day = str(today(city))
    spent_won = limit.spent_won if limit.day == day else 0
    if spent_won + amount_won > limit.most_won:
        left_won = max(0, limit.most_won - spent_won)
        raise DailyLimit(
            f"{won_text(limit.most_won)} may leave this account in a day, and"
            f" {won_text(left_won)} is left of it today. Its owner can change the limit.",
            f"이 계좌의 하루 지출 한도는 {won_text(limit.most_won)}이고 오늘은"
            f" {won_text(left_won)}이 남았습니다. 한도는 계좌 주인이 바꿀 수 있습니다.",
            left_won=left_won,
        )
    return msgspec.structs.replace(limit, day=day, spent_won=spent_won + amount_won)


def is_limited(city: CityOf, owner: str) -> bool:
    """Return whether an owner set a limit for a day."""
    return city.runtime.state.get(name_for("SpendingLimit", owner)) is not None


def pay_from(city: CityOf, transfer: str, payer: str, payee: str, won: int, memo: str) -> str:
    """Pay from an account within its daily limit; a repeat of a transfer counts once."""
    limit = None
    if is_limited(city, payer) and city.runtime.book.find(transfer) is None:
        limit = counted(city, payer, won)
    paid = city.ledger.pay(transfer, payer, payee, won, memo)
    if limit is not None:
        city.hub.save(limit)
    return paid


def hold_from(
    city: CityOf, transfer: str, payer: str, payee: str, won: int, until: datetime
) -> str:
    """Set money aside within the payer's daily limit, until an instant."""
    limit = counted(city, payer, won)
    held = city.ledger.hold(transfer, payer, payee, won, "", until=until)
    if limit is not None:
        city.hub.save(limit)
    return held


class DayLimit(msgspec.Struct, frozen=True):
    """How much the caller lets leave their account in a day; None for as much as is there."""

    most_won: int | None
    spent_won: int


def spending_limit(city: CityOf) -> DayLimit:
    """Return the caller's own limit for a day."""
    limit = peek(city, SpendingLimit, name_for("SpendingLimit", city.caller.id))
    if limit is None:
        return DayLimit(None, 0)
    return DayLimit(limit.most_won, limit.spent_won if limit.day == str(today(city)) else 0)


def limit_spending(
    city: CityOf, *, most_won: Annotated[int, Meta(ge=0, le=1_000_000_000)] | None
) -> DayLimit:
    """Set how much may leave the caller's account in a day by payments, codes and orders.

    None takes the limit away. What a service such as a ride charges is not counted.
    """
    name = name_for("SpendingLimit", city.caller.id)
    known = peek(city, SpendingLimit, name)
    if most_won is None:
        if known is not None:
            city.hub.delete(SpendingLimit, name)
        return DayLimit(None, 0)
    day = str(today(city))
    spent_won = known.spent_won if known is not None and known.day == day else 0
    city.hub.save(
        SpendingLimit(
            id=name, person=city.caller.id, most_won=most_won, day=day, spent_won=spent_won
        )
    )
    return DayLimit(most_won, spent_won)

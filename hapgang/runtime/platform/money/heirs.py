"""What follows from an order about an account: heirs have it, or a guardian pays from it."""

import msgspec

from hapgang.core.errors import Conflict, Invalid, Refused
from hapgang.core.money import Won, won_text
from hapgang.core.text import Text
from hapgang.core.vocabulary.money import (
    AccountOrder,
    Memo,
    PaymentCode,
    Shop,
    ShopKeeper,
    SpendingLimit,
    StandingOrder,
)
from hapgang.hub.query import where
from hapgang.ledger.currency.shares import shared
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.spending import (
    acting_for,
    check_has_phone,
    name_for,
    pay_from,
    peek,
    today,
)
from hapgang.runtime.platform.money.transfers import TransferName


def hand_over(city: CityOf, order: AccountOrder) -> None:
    """Move an account to heirs by their shares and close it; what was set aside comes back first.

    Standing orders and codes end; shops go on under the first heir.
    """
    gone = order.person
    city.ledger.release_all(gone, "inherited")
    city.ledger.set_state(gone, "open")
    balance_won = city.runtime.book.account(account_id(gone)).balance_won
    if balance_won > 0:
        for heir, part_won in zip(order.others, shared(balance_won, order.shares), strict=True):
            if part_won:
                name = f"{order.id}:{heir}"
                city.ledger.pay(name, gone, heir, part_won, "inherited")
    city.ledger.set_state(gone, "closed")
    for standing in city.hub.find(StandingOrder, where.payer == gone):
        city.hub.delete(StandingOrder, standing.id)
    for code in city.hub.find(PaymentCode, where.person == gone):
        city.hub.delete(PaymentCode, code.id)
    for keeper in city.hub.find(ShopKeeper, where.person == gone):
        city.hub.delete(ShopKeeper, keeper.id)
        name = name_for("ShopKeeper", keeper.shop, order.others[0])
        if keeper.duty == "owner":
            city.hub.save(
                ShopKeeper(id=name, person=order.others[0], shop=keeper.shop, duty="owner")
            )


class Ward(msgspec.Struct, frozen=True):
    """Somebody for whom the caller looks after an account."""

    person: str
    balance_won: int
    held_won: int
    most_won_a_day: int
    left_today_won: int


def wards(city: CityOf) -> list[Ward]:
    """Return whose accounts the caller looks after, and what is in them."""
    found = []
    for order in _guarded(city):
        account = city.runtime.book.account(account_id(order.person))
        left_won = order.most_won_a_day - _spent_won(city, order)
        found.append(
            Ward(
                order.person,
                account.balance_won,
                account.held_won,
                order.most_won_a_day,
                max(0, left_won),
            )
        )
        city.hub.log_read(order.person, "guardian", "account")
    return found


def pay_for_ward(
    city: CityOf,
    *,
    person: str,
    transfer: TransferName,
    payee: str,
    amount_won: Won,
    memo: Memo = "",
) -> str:
    """Pay from the account of somebody whose guardian the caller is, within the day's limit."""
    order = guarding(city, person)
    check_has_phone(city)
    shop = city.runtime.book.account(account_id(payee)).owner
    kept = name_for("ShopKeeper", shop, city.caller.id)
    if shop == city.caller.id or peek(city, ShopKeeper, kept) is not None:
        raise Invalid("A guardian does not pay themselves.", "후견인 본인에게는 보낼 수 없습니다.")
    name = f"{account_id(person)}:guardian:{transfer}"
    spent_won = _spent_won(city, order)
    if city.runtime.book.find(name) is None:
        if spent_won + amount_won > order.most_won_a_day:
            left_won = max(0, order.most_won_a_day - spent_won)
            raise Conflict(
                f"{won_text(left_won)} is left of what you may pay for them today.",
                f"오늘 대신 낼 수 있는 돈은 {won_text(left_won)}입니다.",
                left_won=left_won,
            )
        count = SpendingLimit(
            id=name_for("SpendingLimit", order.id),
            person=person,
            most_won=order.most_won_a_day,
            day=str(today(city)),
            spent_won=spent_won + amount_won,
        )
        city.hub.save(count)
        paid = f"{won_text(amount_won)} {memo}".strip()
        title = Text("Your guardian paid for you", "후견인이 대신 결제했습니다")
        city.tell(person, title, Text(paid, paid))
    return pay_from(city, name, person, payee, amount_won, memo)


def guarding(city: CityOf, person: str) -> AccountOrder:
    """Return the order by which the caller looks after somebody's account; else `Refused`."""
    for order in _guarded(city):
        if order.person == person:
            return order
    raise Refused("You are not their guardian here.", "이 사람의 후견인이 아닙니다.")


def statement_owner(city: CityOf, *, account: str | None = None) -> str:
    """Return whose statement the caller may read: their own, their shop's, or their ward's."""
    if account is None or account == city.caller.id or peek(city, Shop, account) is not None:
        return acting_for(city, account)
    guarding(city, account)
    city.hub.log_read(account, "guardian", "statement")
    return account


def _guarded(city: CityOf) -> list[AccountOrder]:
    records = city.runtime.state.with_value("AccountOrder", "state", "in force") or ()
    views = [record.view for record in records]
    return [
        one for one in views
        if isinstance(one, AccountOrder) and one.kind == "guard" and city.caller.id in one.others
        and (one.until is None or city.now < one.until)
    ]  # fmt: skip


def _spent_won(city: CityOf, order: AccountOrder) -> int:
    count = peek(city, SpendingLimit, name_for("SpendingLimit", order.id))
    return count.spent_won if count is not None and count.day == str(today(city)) else 0

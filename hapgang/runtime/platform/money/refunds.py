"""What a shop gives back."""

from hapgang.core.errors import Refused
from hapgang.core.money import Won
from hapgang.core.vocabulary.money import Memo
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.spending import acting_for, check_has_phone
from hapgang.runtime.platform.money.transfers import TransferName
from hapgang.runtime.platform.money.vouchers import restore_voucher


def refund(
    city: CityOf,
    *,
    shop: str,
    payment: str,
    transfer: TransferName,
    amount_won: Won,
    memo: Memo = "",
) -> str:
    """Give back part or all of a payment to the shop, as a new transfer that names the old one."""
    acting_for(city, shop)
    check_has_phone(city)
    paid = city.runtime.book.find(payment)
    if paid is None or paid.credit != account_id(shop):
        raise Refused(
            "This shop did not receive such a payment; look for its number in the statement.",
            "이 가게가 받은 결제가 아닙니다. 거래 내역에서 번호를 확인하세요.",
        )
    name = f"{account_id(shop)}:{transfer}"
    is_new = city.runtime.book.find(name) is None
    given = city.ledger.refund(payment, name, amount_won, memo or "refund")
    if is_new:
        restore_voucher(city, paid, amount_won)
    return given

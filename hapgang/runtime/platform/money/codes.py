"""Paying by a code: a shop's, which the payer reads, or a payer's, which the shop reads."""

import hashlib
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict, Invalid, NotFound
from hapgang.core.ids import new_urn, urn
from hapgang.core.money import won_text
from hapgang.core.vocabulary.business import business_of
from hapgang.core.vocabulary.money import Amount, Memo, PaymentCode, Shop
from hapgang.hub.query import where
from hapgang.ledger.book import Frozen, NotEnoughMoney
from hapgang.ledger.currency.codes import (
    PayerCode,
    ShopCode,
    payer_payload,
    plain,
    read_code,
    shop_payload,
    shown_name,
)
from hapgang.ledger.currency.emvco import UnreadableCode
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.rewards import reward_purchase
from hapgang.runtime.platform.money.shops import check_not_keeper, open_shop
from hapgang.runtime.platform.money.spending import (
    DailyLimit,
    acting_for,
    name_for,
    own_account,
    pay_from,
)
from hapgang.runtime.platform.money.transfers import TransferName

SHOWN_FOR = timedelta(minutes=1)  # a payer's code
MOST_BILLS = 1_000  # of one shop, that nobody paid yet
_SWEPT_AT_ONCE = 1_000
Payload = Annotated[str, Meta(min_length=1, max_length=512)]


class CodeUsed(Conflict):
    """A code that is good for one payment was used before."""


class CodeExpired(Conflict):
    """A code's time is over."""


class PayerCannot(Conflict):
    """The payer's account does not pay this; why is theirs to know."""


class ShownCode(msgspec.Struct, frozen=True):
    """A code to be shown as a QR picture."""

    payload: str
    until: datetime | None  # None for a shop's that stays


class CodeReceipt(msgspec.Struct, frozen=True):
    """What was paid by a code."""

    transfer: str
    shop: str
    name: str
    amount_won: int
    reference: str = ""
    points_won: int = 0  # that the payer got for it


class CodeRead(msgspec.Struct, frozen=True):
    """What a shop's code says, as the city knows the shop."""

    shop: str
    name: str
    amount_won: int | None  # None: the payer says how much
    reference: str


def shop_code(city: CityOf, *, shop: str) -> ShownCode:
    """Return the code that a shop hangs up: without an amount, for any number of payments."""
    acting_for(city, shop)
    return ShownCode(shop_payload(_code_of(city, open_shop(city, shop))), None)


def make_bill(
    city: CityOf,
    *,
    shop: str,
    amount_won: Amount,
    reference: Annotated[str, Meta(max_length=25, pattern=r"^[ -~]*$(?!\n)")] = "",
    minutes: Annotated[int, Meta(ge=1, le=1440)] = 15,
) -> ShownCode:
    """Return a code with an amount that is good for one payment."""
    acting_for(city, shop)
    found = open_shop(city, shop)
    if len(city.hub.find(PaymentCode, where.shop == shop)) >= MOST_BILLS:
        raise Conflict("Too many bills are unpaid; wait.", "미결제 계산서가 너무 많습니다.")
    bill = PaymentCode(
        id=new_urn("PaymentCode", city.rng),
        kind="bill",
        shop=shop,
        amount_won=amount_won,
        reference=reference,
        made_at=city.now,
        until=city.now + timedelta(minutes=minutes),
    )
    city.hub.save(bill)
    return ShownCode(shop_payload(_bill_code(city, found, bill)), bill.until)


def look_at_code(city: CityOf, *, payload: Payload) -> CodeRead:
    """Say whom a shop's code pays, and how much, before it is paid."""
    code, shop, bill = _shop_of(city, payload)
    amount_won = bill.amount_won if bill is not None else code.amount_won
    return CodeRead(shop.id, shop.name, amount_won, code.reference)


def pay_code(
    city: CityOf, *, payload: Payload, transfer: TransferName, amount_won: Amount | None = None
) -> CodeReceipt:
    """Pay what a shop shows; where its code names no amount the payer does, who names the transfer.

    A bill is paid once, and with its own amount; by the same name again, its payer has the receipt.
    """
    payer = own_account(city)
    by = name_for("Transfer", payer, transfer).rpartition(":")[2]  # a bill names nobody
    code, shop, bill = _shop_of(city, payload, by=by)
    fixed_won = bill.amount_won if bill is not None else code.amount_won
    if fixed_won is None and amount_won is None:
        raise Invalid("Say how much to pay.", "결제할 금액을 입력하세요.")
    if fixed_won is not None and amount_won not in (None, fixed_won):
        raise Invalid(
            f"This bill is of {won_text(fixed_won)}.", f"이 계산서는 {won_text(fixed_won)}입니다."
        )
    check_not_keeper(city, shop.id, payer)
    won = fixed_won if fixed_won is not None else amount_won
    assert won is not None
    name = f"{account_id(payer)}:{transfer}" if bill is None else f"{bill.id}:{by}"
    is_new = city.runtime.book.find(name) is None
    paid = pay_from(city, name, payer, shop.id, won, code.reference or shop.name)
    if bill is not None and is_new:
        city.hub.close(msgspec.structs.replace(bill, transfer=paid))
    points_won = reward_purchase(city, payer, paid, won) if is_new else 0
    return CodeReceipt(paid, shop.id, shop.name, won, code.reference, points_won)


def show_code(city: CityOf, *, most_won: Amount) -> ShownCode:
    """Return a code that a shop may read once within a minute, to take at most `most_won`.

    Showing a new one ends the one before.
    """
    own_account(city)
    for old in city.hub.find(PaymentCode, where.person == city.caller.id):
        city.hub.close(old)
    token = _secret(city)
    code = PaymentCode(
        id=urn("PaymentCode", token),
        kind="payer",
        person=city.caller.id,
        amount_won=most_won,
        made_at=city.now,
        until=city.now + SHOWN_FOR,
    )
    city.hub.save(code)
    return ShownCode(payer_payload(PayerCode(token)), code.until)


def charge(
    city: CityOf, *, shop: str, payload: Payload, amount_won: Amount, memo: Memo = ""
) -> CodeReceipt:
    """Take an amount from whoever shows their code at a shop's till."""
    acting_for(city, shop)
    found = open_shop(city, shop)
    read = read_code(payload)
    if isinstance(read, ShopCode):
        raise Invalid(
            "This is a shop's code; read the one on the payer's phone.",
            "가게의 코드입니다. 손님 휴대전화의 코드를 읽으세요.",
        )
    code = _usable(city, urn("PaymentCode", read.token))
    if code.kind != "payer" or code.person is None:
        raise UnreadableCode("This is no payer's code.", "손님의 결제 코드가 아닙니다.")
    if amount_won > code.amount_won:
        raise Conflict(
            f"The payer lets at most {won_text(code.amount_won)} be taken by this code.",
            f"손님이 정한 한도는 {won_text(code.amount_won)}입니다.",
        )
    check_not_keeper(city, shop, code.person)
    try:
        paid = pay_from(city, f"{code.id}:paid", code.person, shop, amount_won, memo or found.name)
    except (NotEnoughMoney, DailyLimit, Frozen):
        raise PayerCannot(
            "The payer's account does not pay this: they see why on their phone. Nothing was paid.",
            "손님 계좌에서 결제할 수 없습니다. 이유는 손님 휴대전화에서 확인할 수 있습니다.",
        ) from None
    city.hub.close(msgspec.structs.replace(code, transfer=paid))
    points_won = reward_purchase(city, code.person, paid, amount_won)
    return CodeReceipt(paid, shop, found.name, amount_won, memo, points_won)


def close_expired_codes(city: CityOf) -> None:
    """Close codes whose time is over, so that they leave memory."""
    records = city.runtime.state.of_type(PaymentCode.__name__)
    codes = (record.view for record in records)
    over = [c for c in codes if isinstance(c, PaymentCode) and c.until <= city.now]
    for code in over[:_SWEPT_AT_ONCE]:
        city.hub.close(code)


def _shop_of(
    city: CityOf, payload: str, *, by: str = ""
) -> tuple[ShopCode, Shop, PaymentCode | None]:
    """Return what a shop's payload says, held against what the city knows.

    by: who pays by which name; of the bill that they paid by it, it is told again.
    """
    code = read_code(payload)
    if isinstance(code, PayerCode):
        raise Invalid(
            "This is a payer's code, for a shop to read.", "손님이 가게에 보여 주는 코드입니다."
        )
    shop = open_shop(city, urn("Shop", code.shop))
    if code.name != shown_name(shop.name):
        raise _altered()
    if not code.bill:
        return code, shop, None
    bill = _usable(city, urn("PaymentCode", code.bill), by)
    if bill.shop != shop.id or code != _bill_code(city, shop, bill)._replace(name=code.name):
        raise _altered()
    return code, shop, bill


def _usable(city: CityOf, code_id: str, by: str = "") -> PaymentCode:
    code = city.hub.find_by_id(PaymentCode, code_id)
    if code is None:
        raise NotFound("The city made no such code.", "발급된 적이 없는 코드입니다.")
    if code.transfer == f"{code_id}:{by}":
        return code
    if code.transfer is not None:
        raise CodeUsed(
            "This code was used already; ask for a new one.",
            "이미 사용한 코드입니다. 새 코드를 요청하세요.",
        )
    if code.until <= city.now or city.runtime.state.get(code_id) is None:
        raise CodeExpired(
            "This code's time is over; ask for a new one.",
            "코드의 유효 시간이 지났습니다. 새 코드를 요청하세요.",
        )
    return code


def _code_of(city: CityOf, shop: Shop) -> ShopCode:
    tail = shop.id.rpartition(":")[2]
    category = business_of(shop.business).category
    return ShopCode(tail, shop.name, category, plain(city.twin.name, 15))


def _bill_code(city: CityOf, shop: Shop, bill: PaymentCode) -> ShopCode:
    return _code_of(city, shop)._replace(
        amount_won=bill.amount_won,
        bill=bill.id.rpartition(":")[2],
        reference=bill.reference,
    )


def _altered() -> UnreadableCode:
    return UnreadableCode(
        "The code does not say what the shop's own says: it was altered. Do not pay it.",
        "가게가 만든 코드와 내용이 다릅니다. 바뀐 코드이니 결제하지 마세요.",
    )


def _secret(city: CityOf) -> str:
    """Return a token that cannot be told from any other number that the city showed.

    A stream of its own, whose numbers are never shown but hashed: SplitMix64 alone could be run
    on by whoever saw one of them.
    """
    stream = city.runtime.stream("platform.codes", city.caller.id)
    drawn = b"".join(stream.bits64().to_bytes(8, "little") for _ in range(2))
    return hashlib.blake2b(drawn, digest_size=16).hexdigest()

"""Paying by a code: once, in time, with the right amount, and what becomes of altered ones."""

from typing import Any

import pytest

from hapgang.contract import Caller
from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.ledger.book import NotEnoughMoney
from hapgang.ledger.currency.codes import PayerCode, ShopCode, read_code, shop_payload
from hapgang.ledger.currency.emvco import UnreadableCode
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.money import codes, orders, refunds, send, shops, spending
from hapgang.runtime.platform.money.codes import CodeExpired, CodeUsed, PayerCannot
from tests.runtime.money.place import ANNE, BERT, CARL, DORA, Place
from tests.village import trace_of


@pytest.fixture
def place() -> Place:
    return Place()


def altered(payload: str, **changes: Any) -> str:
    code = read_code(payload)
    assert isinstance(code, ShopCode)
    return shop_payload(code._replace(**changes))


def test_a_shops_own_code_is_paid_again_and_again(place: Place) -> None:
    payload = place.do(codes.shop_code, DORA, shop=place.shop).payload
    assert place.do(codes.look_at_code, ANNE, payload=payload).name == "Bread"
    with pytest.raises(Invalid, match="how much"):
        place.do(codes.pay_code, ANNE, payload=payload, transfer="1")
    for name in ("1", "2", "2"):
        place.do(codes.pay_code, ANNE, payload=payload, transfer=name, amount_won=3_000)
    assert (place.won(ANNE.id), place.won(place.shop)) == (4_000, 6_000)
    with pytest.raises(NotEnoughMoney):
        place.do(codes.pay_code, ANNE, payload=payload, transfer="3", amount_won=4_001)


def test_a_bill_is_paid_once_with_its_amount(place: Place) -> None:
    bill = place.do(codes.make_bill, DORA, shop=place.shop, amount_won=2_500, reference="T-7")
    with pytest.raises(Invalid, match="2,500원"):
        place.do(codes.pay_code, ANNE, payload=bill.payload, transfer="1", amount_won=2_499)
    paid = place.do(codes.pay_code, ANNE, payload=bill.payload, transfer="1")
    assert (paid.amount_won, paid.reference) == (2_500, "T-7")
    place.clock.advance_by(3_600.0)
    assert place.do(codes.pay_code, ANNE, payload=bill.payload, transfer="1") == paid  # a repeat
    with pytest.raises(CodeUsed):
        place.do(codes.pay_code, BERT, payload=bill.payload, transfer="1")
    for payer in (ANNE, BERT):
        with pytest.raises(CodeUsed):
            place.do(codes.pay_code, payer, payload=bill.payload, transfer="2")
    assert place.won(place.shop) == 2_500


def test_what_is_altered_or_late_is_refused(place: Place) -> None:
    other = place.open_shop("Books", "47")
    bill = place.do(codes.make_bill, DORA, shop=place.shop, amount_won=2_500).payload
    sticker = place.do(codes.shop_code, DORA, shop=place.shop).payload
    tail, namesake = other.rpartition(":")[2], place.open_shop("Bread", "56").rpartition(":")[2]
    shown = place.do(codes.show_code, BERT, most_won=2_500).payload
    token = read_code(shown)
    assert isinstance(token, PayerCode)
    before = trace_of(place.runtime)
    for payload in (
        altered(bill, amount_won=1), altered(bill, shop=tail), altered(bill, reference="x"),
        altered(bill, name="Books"), altered(sticker, shop=tail), bill[:-1] + "Z",
        altered(bill, shop=namesake), altered(bill, bill=token.token),
    ):  # fmt: skip
        with pytest.raises(UnreadableCode):
            place.do(codes.pay_code, ANNE, payload=payload, transfer="1", amount_won=2_500)
    with pytest.raises(NotFound):
        place.do(codes.pay_code, ANNE, payload=altered(bill, bill="00"), transfer="1")
    with pytest.raises(NotFound):
        place.do(codes.look_at_code, ANNE, payload=altered(sticker, shop="00"))
    assert trace_of(place.runtime) == before
    place.clock.advance_by(15 * 60.0)
    with pytest.raises(CodeExpired):
        place.do(codes.pay_code, ANNE, payload=bill, transfer="1")


def test_a_payers_code_is_good_once_within_a_minute_and_its_limit(place: Place) -> None:
    shown = place.do(codes.show_code, ANNE, most_won=5_000)
    charge = {"shop": place.shop, "payload": shown.payload}
    with pytest.raises(Refused):
        place.do(codes.charge, BERT, **charge, amount_won=1)
    with pytest.raises(Conflict, match="5,000원"):
        place.do(codes.charge, DORA, **charge, amount_won=5_001)
    place.do(codes.charge, DORA, **charge, amount_won=5_000)
    with pytest.raises(CodeUsed):
        place.do(codes.charge, DORA, **charge, amount_won=1)
    old = place.do(codes.show_code, ANNE, most_won=100)
    place.do(codes.show_code, ANNE, most_won=100)
    with pytest.raises(CodeExpired):
        place.do(codes.charge, DORA, shop=place.shop, payload=old.payload, amount_won=1)
    late = place.do(codes.show_code, BERT, most_won=100)
    place.clock.advance_by(60.0)
    with pytest.raises(CodeExpired):
        place.do(codes.charge, DORA, shop=place.shop, payload=late.payload, amount_won=1)
    assert (place.won(ANNE.id), place.won(place.shop)) == (5_000, 5_000)


def test_a_shop_does_not_learn_what_a_payer_has(place: Place) -> None:
    def refused(payer: Caller) -> str:
        shown = place.do(codes.show_code, payer, most_won=50_000).payload
        with pytest.raises(PayerCannot) as error:
            place.do(codes.charge, DORA, shop=place.shop, payload=shown, amount_won=20_000)
        return f"{error.value.message} {error.value.detail}"

    short = refused(ANNE)
    place.do(spending.limit_spending, BERT, most_won=7_000)
    place.do(orders.stop_account, CARL, reason="lost my phone")
    assert {short, refused(BERT), refused(CARL)} == {short}
    assert "10,000" not in short


def test_expired_codes_leave_memory(place: Place) -> None:
    place.do(codes.show_code, ANNE, most_won=100)
    place.do(codes.make_bill, DORA, shop=place.shop, amount_won=1)
    place.clock.advance_by(15 * 60.0)
    place.do(codes.close_expired_codes, PLATFORM)
    assert place.runtime.state.count("PaymentCode") == 0


def test_nobody_buys_at_their_own_shop(place: Place) -> None:
    payload = place.do(codes.shop_code, DORA, shop=place.shop).payload
    shown = place.do(codes.show_code, DORA, most_won=100).payload
    with pytest.raises(Refused, match="You keep this shop"):
        place.do(codes.pay_code, DORA, payload=payload, transfer="1", amount_won=1)
    with pytest.raises(Refused):
        place.do(codes.charge, DORA, shop=place.shop, payload=shown, amount_won=1)


def test_whom_the_owner_lets_in_charges_and_refunds_but_does_not_pay_out(place: Place) -> None:
    place.do(shops.let_in, DORA, shop=place.shop, person=CARL.id)
    payload = place.do(codes.show_code, ANNE, most_won=9_000).payload
    paid = place.do(codes.charge, CARL, shop=place.shop, payload=payload, amount_won=9_000)
    give = {"shop": place.shop, "payment": paid.transfer}
    place.do(refunds.refund, CARL, **give, transfer="r1", amount_won=4_000)
    place.do(refunds.refund, CARL, **give, transfer="r1", amount_won=4_000)  # a repeat
    with pytest.raises(Conflict, match="5,000원"):
        place.do(refunds.refund, CARL, **give, transfer="r2", amount_won=5_001)
    assert place.won(ANNE.id) == 5_000
    pay = {"transfer": "1", "payee": CARL.id, "amount_won": 1, "account": place.shop}
    with pytest.raises(Refused, match="owner"):
        place.do(send, CARL, **pay)
    place.do(send, DORA, **pay)
    with pytest.raises(Refused, match="did not receive"):
        place.do(refunds.refund, CARL, shop=place.shop, payment="nothing", transfer="r",
                 amount_won=1)  # fmt: skip
    place.do(shops.let_out, DORA, shop=place.shop, person=CARL.id)
    with pytest.raises(Refused):
        place.do(refunds.refund, CARL, **give, transfer="r3", amount_won=1)
    assert [one.balance_won for one in place.do(shops.my_shops, DORA)] == [4_999]


def test_a_shop_waits_for_an_office_and_closes_empty(place: Place) -> None:
    waiting = place.do(shops.apply_for_shop, ANNE, name="Own", business="47").id
    with pytest.raises(NotFound):
        place.do(codes.shop_code, ANNE, shop=waiting)
    with pytest.raises(Refused):
        place.do(shops.admit_shop, ANNE, shop=waiting, is_local=True)
    with pytest.raises(Invalid, match="47 Retail"):
        place.do(shops.apply_for_shop, ANNE, name="Own", business="99")
    payload = place.do(codes.shop_code, DORA, shop=place.shop).payload
    place.do(codes.pay_code, ANNE, payload=payload, transfer="1", amount_won=1)
    with pytest.raises(Conflict, match="1원"):
        place.do(shops.close_shop, DORA, shop=place.shop)
    place.do(send, DORA, transfer="out", payee=DORA.id, amount_won=1, account=place.shop)
    place.do(shops.close_shop, DORA, shop=place.shop)
    with pytest.raises(NotFound):
        place.do(codes.pay_code, ANNE, payload=payload, transfer="2", amount_won=1)
    assert place.do(shops.shops, ANNE) == []

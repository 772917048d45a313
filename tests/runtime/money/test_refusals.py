"""What somebody would try who means harm, or what goes wrong between two steps."""

from datetime import date, timedelta
from typing import Any

import pytest

from hapgang.core.errors import Conflict, Invalid, Refused
from hapgang.ledger.book import HoldExpired
from hapgang.runtime.city import CityOf
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.money import (
    cash,
    codes,
    dues,
    funds,
    heirs,
    orders,
    refunds,
    rewards,
    shops,
    splits,
    vouchers,
)
from hapgang.runtime.platform.people import TREASURY, forget_me, inbox
from tests.runtime.money.place import (
    AGENCY,
    ANNE,
    BERT,
    CARL,
    DORA,
    OFFICE,
    OTHER_OFFICE,
    Place,
)
from tests.village import START, move_in

SOON = START + timedelta(days=10)


@pytest.fixture
def place() -> Place:
    return Place()


def code_of(place: Place, shop: str) -> str:
    payload: str = place.do(codes.shop_code, DORA, shop=shop).payload
    return payload


def freeze(city: CityOf, *, owner: str) -> None:
    """Freeze an account, as a court's order does."""
    city.ledger.set_state(owner, "frozen")


def hold_shortly(city: CityOf, *, owner: str, shop: str) -> str:
    """Set money aside for a minute."""
    until = city.now + timedelta(minutes=1)
    return city.ledger.hold("short", owner, shop, 500, "", until=until)


def post_late(city: CityOf, *, hold: str) -> str:
    """Capture what was set aside."""
    return city.ledger.capture(hold, "late", 500, "")


for _action in (freeze, hold_shortly, post_late):
    _action.__module__ = "hapgang.runtime.platform"  # whose actions they are


def test_a_hold_whose_time_is_over_is_not_posted(place: Place) -> None:
    hold = place.do(hold_shortly, PLATFORM, owner=ANNE.id, shop=place.shop)
    place.clock.advance_by(60.0)
    with pytest.raises(HoldExpired):
        place.do(post_late, PLATFORM, hold=hold)
    assert place.won(place.shop) == 0


@pytest.mark.parametrize("won", [-1, 0, 10**12 + 1, 10**30, 0.5, 1.0, "5", True, None])
def test_an_amount_is_whole_and_within_its_bounds(place: Place, won: Any) -> None:
    payload = code_of(place, place.shop)
    with pytest.raises(Invalid):
        place.do(codes.pay_code, ANNE, payload=payload, transfer="1",
                 **({"amount_won": won} if won is not None else {}))  # fmt: skip
    assert place.won(ANNE.id) == 10_000


class TestRefunds:
    def test_several_parts_up_to_what_was_paid(self, place: Place) -> None:
        pay = {"payload": code_of(place, place.shop), "transfer": "1", "amount_won": 1_000}
        payment = place.do(codes.pay_code, ANNE, **pay).transfer

        def back(won: int, name: str, payment: str = payment) -> str:
            given: str = place.do(refunds.refund, DORA, shop=place.shop, payment=payment,
                                  transfer=name, amount_won=won)  # fmt: skip
            return given

        first = back(300, "a")
        assert back(300, "a") == first  # a repeat gives nothing twice
        back(699, "b")
        with pytest.raises(Conflict, match="1원"):
            back(2, "c")
        back(1, "d")
        with pytest.raises(Conflict, match="0원"):
            back(1, "e")
        assert (place.won(ANNE.id), place.won(place.shop)) == (10_000, 0)
        with pytest.raises(Refused):
            back(1, "f", first)  # a refund is no payment to the shop


class TestGuardians:
    def guard(self, place: Place) -> None:
        order = place.do(
            orders.ask_order,
            OFFICE,
            person=ANNE.id,
            kind="guard",
            reason="carer",
            case="2026-9",
            until=SOON,
            others=[DORA.id],
            most_won_a_day=5_000,
        ).id
        place.do(orders.approve_order, OTHER_OFFICE, order=order)

    def test_a_guardian_pays_themselves_by_no_other_name(self, place: Place) -> None:
        self.guard(place)
        for payee in (DORA.id, DORA.id.removeprefix("urn:ngsi-ld:"), place.shop,
                      place.shop.removeprefix("urn:ngsi-ld:")):  # fmt: skip
            with pytest.raises(Invalid, match="themselves"):
                place.do(heirs.pay_for_ward, DORA, person=ANNE.id, transfer="1", payee=payee,
                         amount_won=1)  # fmt: skip
        place.do(heirs.pay_for_ward, DORA, person=ANNE.id, transfer="1", payee=BERT.id,
                 amount_won=1)  # fmt: skip

    def test_it_is_over_at_its_hour(self, place: Place) -> None:
        self.guard(place)
        place.clock.advance_by(10 * 86_400.0)
        with pytest.raises(Refused):
            place.do(heirs.pay_for_ward, DORA, person=ANNE.id, transfer="1", payee=BERT.id,
                     amount_won=1)  # fmt: skip
        assert place.do(heirs.wards, DORA) == []


class TestOrders:
    def test_nobody_refuses_an_order_about_themselves(self, place: Place) -> None:
        move_in(place.runtime, AGENCY, 100)
        order = place.do(orders.ask_order, OFFICE, person=AGENCY.id, kind="freeze",
                         reason="seizure", case="2026-1", until=SOON).id  # fmt: skip
        with pytest.raises(Refused, match="about you"):
            place.do(orders.refuse_order, AGENCY, order=order)
        place.do(orders.refuse_order, OTHER_OFFICE, order=order)

    def test_a_budget_or_a_shop_has_no_heirs(self, place: Place) -> None:
        budget = place.do(
            rewards.open_rewards,
            OFFICE,
            title="Walking",
            reason="walking",
            budget_won=1_000,
            until=SOON,
            most_a_day_won=5,
            most_won=5,
        ).id
        for owner in (budget, place.shop, TREASURY):
            with pytest.raises(Invalid, match="person"):
                place.do(orders.ask_order, OFFICE, person=owner, kind="inherit", reason="gone",
                         case="2026-2", others=[ANNE.id], shares=[1])  # fmt: skip


class TestSplits:
    def test_who_is_gone_keeps_no_other_from_calling_it_off(self, place: Place) -> None:
        split = place.do(splits.start_split, ANNE, payee=place.shop, total_won=900,
                         payers=[ANNE.id, BERT.id, CARL.id]).id  # fmt: skip
        for payer in (ANNE, BERT):
            place.do(splits.accept_split, payer, split=split)
        place.do(forget_me, BERT)
        with pytest.raises(Conflict, match="went back"):
            place.do(splits.accept_split, CARL, split=split)
        assert place.held(CARL.id) == 0
        place.do(splits.decline_split, CARL, split=split)
        assert place.held(ANNE.id) == 0


class TestVouchersAndPoints:
    def test_a_repeat_is_no_receipt_for_another_shop(self, place: Place) -> None:
        books = place.open_shop("Books", "47")
        programme = place.do(vouchers.open_programme, OFFICE, title="Bread", budget_won=9_000,
                             until=SOON).id  # fmt: skip
        voucher = place.do(vouchers.give_vouchers, OFFICE, programme=programme,
                           people=[ANNE.id], amount_won=9_000)[0]  # fmt: skip
        pay = {"voucher": voucher, "amount_won": 4_000, "transfer": "1"}
        place.do(vouchers.pay_by_voucher, ANNE, **pay, payload=code_of(place, place.shop))
        with pytest.raises(Conflict, match="another payment"):
            place.do(vouchers.pay_by_voucher, ANNE, **pay, payload=code_of(place, books))
        with pytest.raises(Refused):
            place.do(vouchers.pay_by_voucher, BERT, **pay, payload=code_of(place, place.shop))

    def test_a_frozen_budget_stops_no_purchase(self, place: Place) -> None:
        budget = place.do(
            rewards.open_rewards,
            OFFICE,
            title="Buy",
            reason="buying",
            share_pct=1,
            budget_won=1_000,
            until=SOON,
            most_a_day_won=500,
            most_won=500,
        ).id
        place.do(freeze, PLATFORM, owner=budget)
        pay = {"payload": code_of(place, place.shop), "transfer": "1", "amount_won": 1_000}
        assert place.do(codes.pay_code, ANNE, **pay).points_won == 0
        assert place.do(rewards.my_rewards, ANNE) == []


class TestOffices:
    def test_what_no_bank_could_read_is_refused_when_it_is_asked(self, place: Place) -> None:
        pay = {"payload": code_of(place, place.shop), "transfer": "1", "amount_won": 1_000}
        place.do(codes.pay_code, ANNE, **pay)
        words = {"shop": place.shop, "amount_won": 100, "bank": "KOEXKRSE",
                 "bank_account": "123-456"}  # fmt: skip
        for wrong in ("\uffff", "a\ufffeb"):
            with pytest.raises(Invalid):
                place.do(cash.cash_out, DORA, **words, name=wrong)
        place.do(cash.cash_out, DORA, **words, name="도라")
        queue = place.do(cash.bank_queue, OFFICE)
        assert (queue.waiting, queue.waiting_won, queue.sent) == (1, 100, 0)
        place.do(cash.make_bank_file, OFFICE, on=date(2026, 11, 24), payer="Sejong",
                 bank="NACFKRSE", bank_account="301-0001")  # fmt: skip
        queue = place.do(cash.bank_queue, OFFICE)
        assert (queue.waiting, queue.sent, queue.sent_won) == (0, 1, 100)

    def test_an_office_sees_its_own_budgets_and_dues(self, place: Place) -> None:
        move_in(place.runtime, AGENCY, 5_000)
        budget = place.do(
            rewards.open_rewards,
            AGENCY,
            title="Walking",
            reason="walking",
            budget_won=3_000,
            until=SOON,
            most_a_day_won=5,
            most_won=5,
        ).id
        assert place.do(funds.budgets, OFFICE) == []
        shown = place.do(funds.budgets, AGENCY)
        assert [(one.budget, one.kind, one.left_won) for one in shown] == [
            (budget, "RewardBudget", 3_000)
        ]
        due = {"person": ANNE.id, "title": "Fee", "number": "1", "amount_won": 9,
               "due_on": date(2026, 11, 30)}  # fmt: skip
        name = place.do(dues.charge_dues, AGENCY, dues=[due])[0]
        assert place.do(dues.charged_dues, OFFICE) == []
        assert [one.id for one in place.do(dues.charged_dues, AGENCY)] == [name]
        place.do(dues.withdraw_due, AGENCY, due=name)
        assert place.do(dues.charged_dues, AGENCY) == []
        assert "You need not pay this" in {m.title.en for m in place.do(inbox, ANNE)}

    def test_keepers_see_who_else_keeps_the_shop(self, place: Place) -> None:
        place.do(shops.let_in, DORA, shop=place.shop, person=CARL.id)
        duties = {one.person: one.duty for one in place.do(shops.shop_keepers, CARL,
                                                           shop=place.shop)}  # fmt: skip
        assert duties == {DORA.id: "owner", CARL.id: "till"}
        with pytest.raises(Refused):
            place.do(shops.shop_keepers, ANNE, shop=place.shop)

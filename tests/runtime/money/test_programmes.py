"""Standing orders, vouchers, rewards and donations: each won from a budget, by its rules."""

from datetime import date, timedelta
from typing import Any

import pytest

from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.ledger.book import Frozen, NotEnoughMoney
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.money import (
    codes,
    donations,
    orders,
    refunds,
    rewards,
    standing,
    vouchers,
)
from hapgang.runtime.platform.money.vouchers import NotForThis
from hapgang.runtime.platform.people import TREASURY, inbox
from tests.runtime.money.place import AGENCY, ANNE, BERT, CARL, DORA, OFFICE, OTHER_OFFICE, Place
from tests.village import START

DAY_S = 86_400.0
SOON = START + timedelta(days=10)


@pytest.fixture
def place() -> Place:
    return Place()


def code_of(place: Place, shop: str) -> str:
    payload: str = place.do(codes.shop_code, DORA, shop=shop).payload
    return payload


class TestStandingOrders:
    def order(self, place: Place, **more: Any) -> str:
        words = {"payee": BERT.id, "amount_won": 3_000, "every": "week",
                 "first_on": date(2026, 11, 24)}  # fmt: skip
        found: str = place.do(standing.order_payments, ANNE, **{**words, **more}).id
        return found

    def pay(self, place: Place, days: int) -> None:
        place.clock.advance_by(days * DAY_S)
        for _ in range(2):  # twice is once
            place.do(standing.pay_standing_orders, PLATFORM)

    def test_it_is_paid_on_its_days_and_once(self, place: Place) -> None:
        self.order(place)
        self.pay(place, 0)
        assert place.won(BERT.id) == 10_000
        self.pay(place, 1)
        assert place.won(BERT.id) == 13_000
        self.pay(place, 6)
        assert place.won(BERT.id) == 13_000
        self.pay(place, 1)
        assert place.won(BERT.id) == 16_000

    def test_what_is_missed_is_told_and_three_times_pauses(self, place: Place) -> None:
        order = self.order(place, amount_won=20_000)
        for days in (1, 7, 7, 7):
            self.pay(place, days)
        assert place.won(ANNE.id) == 10_000
        told = [m for m in place.do(inbox, ANNE) if "standing order" in m.title.en]
        assert len(told) == 3
        assert "paused" in told[0].body.en
        assert place.do(standing.standing_orders, ANNE)[0].state == "paused"
        again = place.do(standing.change_order, ANNE, order=order, state="active")
        assert (again.missed, again.next_on > date(2026, 12, 14)) == (0, True)

    def test_it_ends_on_its_last_day_or_when_the_payer_says(self, place: Place) -> None:
        self.order(place, last_on=date(2026, 11, 30))
        ended = self.order(place)
        with pytest.raises(Refused):
            place.do(standing.end_order, BERT, order=ended)
        place.do(standing.end_order, ANNE, order=ended)
        with pytest.raises(Conflict):
            place.do(standing.end_order, ANNE, order=ended)
        for days in (1, 7):
            self.pay(place, days)
        assert place.won(BERT.id) == 13_000
        assert place.do(standing.standing_orders, ANNE) == []
        for wrong in ({"first_on": date(2026, 11, 1)}, {"amount_won": 0}, {"every": "day"}):
            with pytest.raises(Invalid):
                self.order(place, **wrong)
        with pytest.raises(NotFound):
            self.order(place, payee="urn:ngsi-ld:Person:nobody", first_on=date(2026, 12, 24))


class TestVouchers:
    def programme(self, place: Place, **more: Any) -> str:
        words = {"title": "Bread for all", "budget_won": 30_000, "until": SOON}
        found: str = place.do(vouchers.open_programme, OFFICE, **{**words, **more}).id
        return found

    def give(self, place: Place, programme: str, *people: str, won: int = 10_000) -> list[str]:
        given: list[str] = place.do(
            vouchers.give_vouchers, OFFICE, programme=programme, people=list(people),
            amount_won=won,
        )  # fmt: skip
        return given

    def test_a_voucher_is_spent_in_parts_by_its_rules(self, place: Place) -> None:
        books = place.open_shop("Books", "47")
        voucher = self.give(place, self.programme(place, businesses=["56"]), ANNE.id)[0]
        pay = {"voucher": voucher, "amount_won": 6_000}
        payload = code_of(place, place.shop)
        with pytest.raises(NotForThis, match="Food and beverage"):
            place.do(vouchers.pay_by_voucher, ANNE, **pay, payload=code_of(place, books),
                     transfer="1")  # fmt: skip
        for _ in range(2):  # a repeat pays once
            place.do(vouchers.pay_by_voucher, ANNE, **pay, payload=payload, transfer="1")
        with pytest.raises(Conflict, match="4,000원"):
            place.do(vouchers.pay_by_voucher, ANNE, **pay, payload=payload, transfer="2")
        with pytest.raises(Refused):
            place.do(vouchers.pay_by_voucher, BERT, **pay, payload=payload, transfer="3")
        assert (place.won(place.shop), place.won(ANNE.id)) == (6_000, 10_000)
        payment = f"{voucher}:1"
        place.do(refunds.refund, DORA, shop=place.shop, payment=payment, transfer="r",
                 amount_won=1_000)  # fmt: skip
        assert place.do(vouchers.my_vouchers, ANNE)[0].left_won == 5_000

    def test_whoever_has_the_lost_phone_spends_no_voucher(self, place: Place) -> None:
        voucher = self.give(place, self.programme(place), ANNE.id)[0]
        pay = {"voucher": voucher, "payload": code_of(place, place.shop), "amount_won": 1,
               "transfer": "1"}  # fmt: skip
        place.do(orders.stop_account, ANNE, reason="lost my phone")
        with pytest.raises(Frozen):
            place.do(vouchers.pay_by_voucher, ANNE, **pay)
        place.do(orders.reopen_account, OFFICE, person=ANNE.id, reason="passport seen")
        place.do(vouchers.pay_by_voucher, ANNE, **pay)

    def test_no_more_is_promised_than_there_is(self, place: Place) -> None:
        programme = self.programme(place)
        self.give(place, programme, ANNE.id, BERT.id)
        with pytest.raises(Conflict, match="10,000원"):
            self.give(place, programme, CARL.id, DORA.id)
        with pytest.raises(NotFound):
            self.give(place, programme, "urn:ngsi-ld:Person:nobody")
        self.give(place, programme, CARL.id)
        with pytest.raises(Refused):
            place.do(vouchers.give_vouchers, AGENCY, programme=programme, people=[ANNE.id],
                     amount_won=1)  # fmt: skip

    def test_at_its_end_the_rest_goes_back(self, place: Place) -> None:
        programme = self.programme(place)
        voucher = self.give(place, programme, ANNE.id)[0]
        pay = {"voucher": voucher, "payload": code_of(place, place.shop), "amount_won": 4_000}
        place.do(vouchers.pay_by_voucher, ANNE, **pay, transfer="1")
        before_won = place.won(TREASURY)
        place.clock.advance_by(10 * DAY_S)
        with pytest.raises(NotFound, match="over"):
            place.do(vouchers.pay_by_voucher, ANNE, **pay, transfer="2")
        place.do(vouchers.end_vouchers, PLATFORM)
        assert (place.won(programme), place.won(TREASURY)) == (0, before_won + 26_000)
        assert place.do(vouchers.my_vouchers, ANNE) == []
        place.do(refunds.refund, DORA, shop=place.shop, payment=f"{voucher}:1", transfer="r",
                 amount_won=4_000)  # fmt: skip
        assert (place.won(programme), place.won(TREASURY)) == (0, before_won + 30_000)


class TestRewards:
    def budget(self, place: Place, **more: Any) -> str:
        words = {"title": "Walking", "reason": "walking", "budget_won": 10_000, "until": SOON,
                 "most_a_day_won": 500, "most_won": 800}  # fmt: skip
        found: str = place.do(rewards.open_rewards, OFFICE, **{**words, **more}).id
        return found

    def test_caps_hold_by_day_and_in_all_and_a_reference_counts_once(self, place: Place) -> None:
        budget = self.budget(place)

        def give(won: int, reference: str) -> None:
            place.do(rewards.reward, OFFICE, budget=budget, person=ANNE.id, amount_won=won,
                     reference=reference)  # fmt: skip

        give(300, "a")
        give(300, "a")
        with pytest.raises(Conflict, match="200원 more"):
            give(201, "b")
        place.clock.advance_by(DAY_S)
        give(500, "b")
        place.clock.advance_by(DAY_S)
        with pytest.raises(Conflict, match="0원 more"):
            give(1, "c")
        assert place.won(ANNE.id) == 10_800
        place.clock.advance_by(10 * DAY_S)
        place.do(rewards.end_rewards, PLATFORM)
        assert place.won(budget) == 0
        assert place.do(rewards.my_rewards, ANNE) == []  # counts leave memory with their budget
        with pytest.raises(NotFound):
            give(1, "d")

    def test_who_buys_for_10_000_gets_100(self, place: Place) -> None:
        self.budget(place, reason="buying", share_pct=1, budget_won=150)
        payload = code_of(place, place.shop)
        got = place.do(codes.pay_code, ANNE, payload=payload, transfer="1", amount_won=10_000)
        assert (got.points_won, place.won(ANNE.id)) == (100, 100)
        again = place.do(codes.pay_code, ANNE, payload=payload, transfer="1", amount_won=10_000)
        assert (again.points_won, place.won(ANNE.id)) == (0, 100)
        shown = place.do(codes.show_code, BERT, most_won=10_000).payload
        charged = place.do(codes.charge, DORA, shop=place.shop, payload=shown, amount_won=10_000)
        assert charged.points_won == 50  # what was left of the budget

    def test_only_buying_has_a_share(self, place: Place) -> None:
        for wrong in ({"share_pct": 1}, {"reason": "buying"}, {"reason": "nothing"}):
            with pytest.raises(Invalid):
                self.budget(place, **wrong)


class TestDonations:
    def test_gifts_are_used_by_the_holder_only_and_say_what_for(self, place: Place) -> None:
        campaign = place.do(
            donations.open_campaign, AGENCY, title="Trees", purpose="A hundred trees",
            goal_won=100_000, until=SOON,
        ).id  # fmt: skip
        gift = {"campaign": campaign, "amount_won": 4_000}
        place.do(donations.donate, ANNE, **gift, transfer="1")
        place.do(donations.donate, BERT, **gift, transfer="1", shown_as="Bert")
        use = {"campaign": campaign, "payee": place.shop, "transfer": "1", "what_for": "saplings"}
        for nobody in (OFFICE, DORA):
            with pytest.raises(Refused):
                place.do(donations.use_donations, nobody, **use, amount_won=1)
        with pytest.raises(NotEnoughMoney):
            place.do(donations.use_donations, AGENCY, **use, amount_won=8_001)
        place.do(donations.use_donations, AGENCY, **use, amount_won=5_000)
        assert place.do(donations.campaigns, OTHER_OFFICE)[0].left_won == 3_000
        place.clock.advance_by(10 * DAY_S)
        with pytest.raises(Conflict, match="over"):
            place.do(donations.donate, ANNE, **gift, transfer="2")

    def test_the_newest_are_shown_however_many_were_before(
        self, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(donations, "_MOST_SHOWN", 1)
        words = {"purpose": "Trees", "goal_won": 1_000}
        place.do(donations.open_campaign, AGENCY, title="Old", until=SOON, **words)
        place.clock.advance_by(10 * DAY_S)
        later = SOON + timedelta(days=10)
        place.do(donations.open_campaign, AGENCY, title="New", until=later, **words)
        assert [c.campaign.title for c in place.do(donations.campaigns, ANNE)] == ["New"]

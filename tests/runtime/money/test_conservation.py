"""Whatever people try with the currency: no won is made or lost, and none is promised twice."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.core.errors import CityError
from hapgang.core.vocabulary.programmes import TopUpIssue, VoucherProgramme
from hapgang.ledger.till import account_id
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.money import (
    cash,
    codes,
    issues,
    orders,
    refunds,
    release_expired_holds,
    requests,
    rewards,
    send,
    splits,
    top_up,
    vouchers,
)
from tests.runtime.money.place import ANNE, BERT, CARL, DORA, OFFICE, OTHER_OFFICE, Place
from tests.village import START, trace_of

PEOPLE = (ANNE, BERT, CARL)
SOON = START + timedelta(days=2)
steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["send", "pay", "bill", "charge", "refund", "split", "accept", "decline", "ask",
             "answer", "top up", "voucher", "spend", "reward", "cash", "stop", "reopen", "wait",
             "sweep"]
        ),
        st.integers(0, 2),
        st.integers(-1, 7_000),
    ),
    max_size=40,
)  # fmt: skip


class Market:
    """A place where three people do as they like."""

    def __init__(self) -> None:
        self.place = place = Place()
        self.code = place.do(codes.shop_code, DORA, shop=place.shop).payload
        words: dict[str, Any] = {"title": "x", "budget_won": 5_000}
        self.issue = place.do(
            issues.open_issue, OFFICE, **words, bonus_pct=10, most_won=50_000, opens_at=START,
            closes_at=SOON,
        ).id  # fmt: skip
        self.programme = place.do(vouchers.open_programme, OFFICE, **words, until=SOON).id
        self.budget = place.do(
            rewards.open_rewards, OFFICE, **words, reason="buying", share_pct=1, until=SOON,
            most_a_day_won=80, most_won=120,
        ).id  # fmt: skip
        self.paid: list[str] = []
        self.splits: list[str] = []
        self.requests: list[str] = []
        self.vouchers: list[str] = []
        self.count = 0

    def step(self, what: str, who: int, won: int) -> None:
        """Try something; what is refused leaves everything as it was."""
        self.count += 1
        before = trace_of(self.place.runtime)
        try:
            getattr(self, "do_" + what.replace(" ", "_"))(who, won)
        except CityError:
            assert what in ("sweep", "wait", "bill", "charge") or (
                trace_of(self.place.runtime) == before
            )
        self.check()

    def check(self) -> None:
        """Hold the book against what has to be true of it at every instant."""
        book, state = self.place.runtime.book, self.place.runtime.state
        assert book.total_won() == 0
        for account in book.accounts():
            if account.floor_won is not None:
                assert account.balance_won - account.held_won >= account.floor_won
        for record in state.of_type("VoucherProgramme"):
            assert isinstance(record.view, VoucherProgramme)
            promised_won = record.view.promised_won
            assert 0 <= promised_won <= self.place.won(record.id)
        for record in state.of_type("TopUpIssue"):
            assert isinstance(record.view, TopUpIssue)
            assert record.view.given_won + self.place.won(record.id) == 5_000

    def do_send(self, who: int, won: int) -> None:
        payee = PEOPLE[(who + 1) % 3].id
        self.place.do(send, PEOPLE[who], transfer=str(self.count), payee=payee, amount_won=won)

    def do_pay(self, who: int, won: int) -> None:
        words = {"payload": self.code, "transfer": str(self.count), "amount_won": won}
        self.paid.append(self.place.do(codes.pay_code, PEOPLE[who], **words).transfer)

    def do_bill(self, who: int, won: int) -> None:
        bill = self.place.do(codes.make_bill, DORA, shop=self.place.shop, amount_won=won).payload
        words = {"payload": bill, "transfer": str(self.count)}
        self.paid.append(self.place.do(codes.pay_code, PEOPLE[who], **words).transfer)

    def do_charge(self, who: int, won: int) -> None:
        shown = self.place.do(codes.show_code, PEOPLE[who], most_won=5_000).payload
        words = {"shop": self.place.shop, "payload": shown, "amount_won": won}
        self.paid.append(self.place.do(codes.charge, DORA, **words).transfer)

    def do_refund(self, who: int, won: int) -> None:
        if self.paid:
            payment = self.paid[won % len(self.paid)]
            words = {"shop": self.place.shop, "payment": payment, "transfer": str(self.count)}
            self.place.do(refunds.refund, DORA, **words, amount_won=won)

    def do_split(self, who: int, won: int) -> None:
        names = [one.id for one in PEOPLE]
        words = {"payee": self.place.shop, "payers": names, "total_won": won, "hours": 1}
        self.splits.append(self.place.do(splits.start_split, PEOPLE[who], **words).id)

    def do_accept(self, who: int, won: int) -> None:
        for split in self.splits[-1:]:
            self.place.do(splits.accept_split, PEOPLE[who], split=split)

    def do_decline(self, who: int, won: int) -> None:
        for split in self.splits[-1:]:
            self.place.do(splits.decline_split, PEOPLE[who], split=split)

    def do_ask(self, who: int, won: int) -> None:
        payer = PEOPLE[(who + 1) % 3].id
        words = {"payer": payer, "amount_won": won}
        self.requests.append(self.place.do(requests.ask_for_money, PEOPLE[who], **words).id)

    def do_answer(self, who: int, won: int) -> None:
        for request in self.requests[-1:]:
            self.place.do(requests.pay_request, PEOPLE[who], request=request)

    def do_top_up(self, who: int, won: int) -> None:
        self.place.do(top_up, PEOPLE[who], amount_won=won, issue=self.issue)

    def do_voucher(self, who: int, won: int) -> None:
        words = {"programme": self.programme, "people": [PEOPLE[who].id], "amount_won": won}
        self.vouchers += self.place.do(vouchers.give_vouchers, OFFICE, **words)

    def do_spend(self, who: int, won: int) -> None:
        for voucher in self.vouchers[-1:]:
            words = {"voucher": voucher, "payload": self.code, "transfer": str(self.count)}
            paid = self.place.do(vouchers.pay_by_voucher, PEOPLE[who], **words, amount_won=won)
            self.paid.append(paid.transfer)

    def do_reward(self, who: int, won: int) -> None:
        words = {"budget": self.budget, "person": PEOPLE[who].id, "reference": str(won % 3)}
        self.place.do(rewards.reward, OFFICE, **words, amount_won=won)

    def do_cash(self, who: int, won: int) -> None:
        words = {"name": "D", "bank": "KOEXKRSE", "bank_account": "123-456"}
        self.place.do(cash.cash_out, DORA, shop=self.place.shop, amount_won=won, **words)

    def do_stop(self, who: int, won: int) -> None:
        self.place.do(orders.stop_account, PEOPLE[who], reason="lost")

    def do_reopen(self, who: int, won: int) -> None:
        words = {"person": PEOPLE[who].id, "reason": "seen"}
        self.place.do(orders.reopen_account, OTHER_OFFICE, **words)

    def do_wait(self, who: int, won: int) -> None:
        self.place.clock.advance_by(max(0, won) * 5.0)

    def do_sweep(self, who: int, won: int) -> None:
        for action in (
            release_expired_holds,
            splits.expire_splits,
            codes.close_expired_codes,
            vouchers.end_vouchers,
            issues.close_issues,
            rewards.end_rewards,
        ):
            self.place.do(action, PLATFORM)


@given(steps)
@settings(max_examples=40, deadline=None)
def test_no_won_is_made_lost_or_promised_twice(tried: list[tuple[str, int, int]]) -> None:
    market = Market()
    for what, who, won in tried:
        market.step(what, who, won)
    market.place.clock.advance_by(3 * 86_400.0)
    market.do_sweep(0, 0)
    market.check()
    for budget in (market.issue, market.programme, market.budget):
        assert market.place.runtime.book.account(account_id(budget)).balance_won == 0
    for person in PEOPLE:
        assert market.place.held(person.id) == 0

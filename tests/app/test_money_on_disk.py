"""What the local currency leaves on disk: enough to go on after a restart, and nobody's name."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hapgang.contract import Role
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.money import (
    accounts,
    cash,
    codes,
    dues,
    issues,
    orders,
    requests,
    rewards,
    shops,
    spending,
    splits,
    standing,
    top_up,
    vouchers,
)
from hapgang.runtime.platform.money.standing import pay_standing_orders
from hapgang.runtime.platform.people import forget_me
from tests.docs.test_privacy import RIDER, names_on_disk, promised
from tests.living import Town, run
from tests.village import move_in, person

ANNE, BERT, DORA = person("anne"), person("bert"), person("dora")
OFFICE, AGENCY = person("office", Role.OPERATOR), person("agency", Role.AGENCY)
Then = Callable[[Town], Awaitable[None]]
Live = Callable[..., None]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    def do(then: Then, **options: Any) -> None:
        run(then, database, small_city, tmp_path / "state", **options)

    return do


def open_shop(town: Town, owner: Any) -> str:
    shop: str = town.runtime.perform(shops.apply_for_shop, owner, name="Bread", business="56").id
    town.runtime.perform(shops.admit_shop, OFFICE, shop=shop, is_local=True)
    return shop


def test_a_code_stays_used_and_an_order_goes_on_after_a_restart(live: Live) -> None:
    known: dict[str, str] = {}

    async def before(town: Town) -> None:
        do = town.runtime.perform
        for someone in (ANNE, BERT, DORA):
            move_in(town.runtime, someone)
        shop = open_shop(town, DORA)
        used = do(codes.make_bill, DORA, shop=shop, amount_won=100).payload
        known["open"] = do(codes.make_bill, DORA, shop=shop, amount_won=200).payload
        do(codes.pay_code, ANNE, payload=used, transfer="1")
        do(spending.limit_spending, ANNE, most_won=1_000)
        today = datetime.now(town.runtime.clock.zone).date()
        do(standing.order_payments, BERT, payee=ANNE.id, amount_won=300, every="month",
           first_on=today)  # fmt: skip
        do(orders.stop_account, DORA, reason="lost my phone")
        known["used"] = used
        await town.runtime.writer.durable()

    async def after(town: Town) -> None:
        path = "/api/me/code-payments"
        again = {"payload": known["used"], "transfer": "2"}
        for caller in (ANNE, BERT):
            answer = await town.call("POST", path, again, caller=caller)
            assert (answer.status, "used already" in answer.json()["detail"]) == (409, True)
        answer = await town.call(
            "POST", path, {"payload": known["open"], "transfer": "2"}, caller=ANNE
        )
        assert answer.status == 200
        for _ in range(2):
            town.runtime.perform(pay_standing_orders, PLATFORM)
        view = (await town.call("GET", "/api/me/account", caller=ANNE)).json()
        assert view["balance_won"] == 10_000 - 300 + 300
        assert town.runtime.perform(spending.spending_limit, ANNE).spent_won == 200
        view = (await town.call("GET", "/api/me/account", caller=DORA)).json()
        assert view["state"] == "frozen"

    live(before)
    live(after)


def test_who_is_forgotten_is_named_only_where_the_page_on_privacy_says(
    live: Live, database: dict[str, Any]
) -> None:
    async def then(town: Town) -> None:
        do = town.runtime.perform
        for someone in (RIDER, ANNE, DORA):
            move_in(town.runtime, someone)
        shop, own = open_shop(town, DORA), open_shop(town, RIDER)
        soon = datetime.now(UTC) + timedelta(days=1)
        bill = do(codes.make_bill, DORA, shop=shop, amount_won=100).payload
        do(codes.pay_code, RIDER, payload=bill, transfer="1")
        shown = do(codes.show_code, RIDER, most_won=100).payload
        do(codes.charge, DORA, shop=shop, payload=shown, amount_won=100)
        do(spending.limit_spending, RIDER, most_won=9_000)
        do(requests.ask_for_money, ANNE, payer=RIDER.id, amount_won=10)
        do(requests.ask_for_money, RIDER, payer=ANNE.id, amount_won=10)
        split = do(splits.start_split, ANNE, payee=shop, payers=[RIDER.id, ANNE.id], total_won=10)
        do(splits.accept_split, RIDER, split=split.id)
        do(standing.order_payments, RIDER, payee=ANNE.id, amount_won=1, every="week",
           first_on=soon.date())  # fmt: skip
        issue = do(issues.open_issue, OFFICE, title="i", bonus_pct=10, budget_won=1_000,
                   most_won=9_000, opens_at=soon - timedelta(days=2), closes_at=soon)  # fmt: skip
        do(top_up, RIDER, amount_won=1_000, issue=issue.id)
        programme = do(vouchers.open_programme, OFFICE, title="v", budget_won=9, until=soon)
        do(vouchers.give_vouchers, OFFICE, programme=programme.id, people=[RIDER.id], amount_won=9)
        budget = do(rewards.open_rewards, OFFICE, title="r", reason="walking", budget_won=9,
                    most_a_day_won=9, most_won=9, until=soon)  # fmt: skip
        do(rewards.reward, OFFICE, budget=budget.id, person=RIDER.id, amount_won=5, reference="x")
        due = {"person": RIDER.id, "title": "d", "number": "1", "amount_won": 3,
               "due_on": str(soon.date())}  # fmt: skip
        do(dues.charge_dues, OFFICE, dues=[due])
        do(orders.ask_order, OFFICE, person=RIDER.id, kind="freeze", reason="seizure", case="123",
           until=soon)  # fmt: skip
        do(accounts.pay_from_treasury, OFFICE, transfer="1", payee=own, amount_won=50, memo="")
        do(cash.cash_out, RIDER, shop=own, amount_won=50, name="R", bank="KOEXKRSE",
           bank_account="123-456")  # fmt: skip
        do(forget_me, RIDER)
        await town.runtime.writer.durable()
        assert await names_on_disk(database) <= promised()

    live(then)

"""People of a rehearsal who earn, shop, are short of money, lose phones and want proofs."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from hapgang.core.vocabulary.people import Message
from hapgang.ledger.till import account_id
from hapgang.rehearsal.money.spending import YOUNGEST_BUYER
from tests.rehearsal.money.town import events, lived, transfers, view

CARDS, PLAN = {"scenario": "cards"}, {"scenario": "plan"}
DIGEST = """
from tests.rehearsal.money.town import lived
print(lived(scenario="plan").runtime.writer.digest)
"""


def bought(**words: Any) -> list[dict[str, Any]]:
    return events("PurchaseMade", **words)


def memos(**words: Any) -> Counter[str]:
    return Counter(row[7] for row in transfers(**words))


def value(name: str, **words: Any) -> float | None:
    kpis = lived(**words).runtime.services["platform"].kpis
    return next(kpi for kpi in kpis if kpi.name == name).measure(view(**words))


def test_without_the_currency_there_are_cards_and_cash_only() -> None:
    assert {one["way"] for one in bought(**CARDS)} <= {"card", "cash", "none"}
    assert not any(one["was_declined"] for one in bought(**CARDS))
    assert list(lived(**CARDS).runtime.state.of_type("Shop")) == []
    assert set(memos(**CARDS)) == {"welcome", "PM ride"}


def test_people_want_the_same_with_and_without_the_currency() -> None:
    def wanted(**words: Any) -> set[tuple[str, str, int]]:
        return {(one["entity"], one["activity"], one["amount_won"]) for one in bought(**words)}

    with_it, without = wanted(**PLAN), wanted(**CARDS)
    assert len(with_it & without) > 0.9 * len(without)  # plans of a day hang on nothing else


def test_what_was_paid_in_the_currency_is_in_the_book() -> None:
    run, made = lived(**PLAN), bought(**PLAN)
    shops = {account_id(record.id) for record in run.runtime.state.of_type("Shop")}
    assert len(shops) == 8  # of nine, the largest belongs to a large company
    paid = [row for row in transfers(**PLAN) if row[3] in shops]
    currency = [one for one in made if one["way"] == "currency"]
    assert len(currency) > 10
    assert sorted((row[2], row[4]) for row in paid) == sorted(
        (account_id(one["entity"]), one["amount_won"]) for one in currency
    )
    back = [row for row in transfers(**PLAN) if row[2] in shops]
    assert all(row[6] in {row[0] for row in paid} for row in back)


def test_children_buy_nothing() -> None:
    ages = lived(**PLAN).population.persons.age
    for one in bought(**PLAN):
        assert ages[int(one["entity"].rsplit(":r", 1)[1])] >= YOUNGEST_BUYER


@pytest.mark.slow
def test_they_earn_and_the_city_gives() -> None:
    days = {"scenario": "plan", "days": 3}
    found = memos(**days)
    paid = {memo: {row[4] for row in transfers(**days) if row[7] == memo} for memo in found}
    assert paid["benefit"] == {50_000}
    assert paid["Allowance from 70 on"] == {30_000}
    assert found["top-up"] == found["bonus"] > 0
    assert found["buying"] > 10  # points
    workers = [row[3] for row in transfers(**days) if row[7] == "benefit"]
    assert len(set(workers)) == len(workers)  # once in a month


@pytest.mark.slow
def test_who_is_short_tops_up_and_pays() -> None:
    declined = [one for one in bought(scenario="plan", days=3) if one["was_declined"]]
    ways = {one["way"] for one in declined}
    assert "currency" in ways
    assert len(ways) > 1
    for row in transfers(scenario="plan", days=3):
        if row[7] == "top-up":
            assert 1_000 <= row[4] <= 500_000


@pytest.mark.slow
def test_an_issue_that_is_used_up_leaves_top_ups_without_a_bonus() -> None:
    found = memos(scenario="poor", days=2)
    assert 0 < found["bonus"] < found["top-up"]


@pytest.mark.slow
def test_lost_phones_stop_accounts_until_they_are_replaced() -> None:
    run = lived(scenario="plan", days=3)
    views = [record.view for record in run.runtime.state.of_type("Message")]
    told = [view for view in views if isinstance(view, Message)]
    stops = [one for one in told if one.title.en == "Payments from your account are stopped"]
    assert len(stops) > 5  # told of the stop and of its end
    frozen = [a for a in run.runtime.book.accounts() if a.state == "frozen"]
    assert len(frozen) < len(stops)
    for one in bought(scenario="plan", days=3):
        if account_id(one["entity"]) in {account.id for account in frozen}:
            last = max(s.sent_at for s in stops if s.person == one["entity"])
            assert one["at"] <= last or one["way"] != "currency"


@pytest.mark.slow
def test_payments_are_proven_to_who_asks() -> None:
    checked = events("ProofsChecked", scenario="plan", days=3)
    assert len(checked) == 3
    assert all(one["checked"] > 0 and one["failed"] == 0 for one in checked)
    assert value("proofs_checked", scenario="plan", days=3) == sum(o["checked"] for o in checked)


def test_the_currency_takes_fees_from_shops_and_settles_at_once() -> None:
    for name, sign in (("merchant_fees_won", -1), ("settled_at_once_pct", 1)):
        with_it, without = value(name, **PLAN), value(name, **CARDS)
        assert with_it is not None
        assert without is not None
        assert sign * (with_it - without) > 0
    assert value("currency_share_pct", **CARDS) == 0.0
    assert value("velocity", **CARDS) is None
    assert value("fees_saved_won", **PLAN) == pytest.approx(150.0, abs=5.0)


@pytest.mark.slow
def test_the_same_seed_is_the_same_run_in_every_process() -> None:
    root = Path(__file__).resolve().parents[3]
    found = {lived(**PLAN).runtime.writer.digest}
    for hash_seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(root)}
        done = subprocess.run(
            [sys.executable, "-c", DIGEST], env=environment, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        found.add(done.stdout.strip())
    assert len(found) == 1


def test_services_that_are_left_out_leave_the_shopping() -> None:
    left = {"scenario": "plan", "without": ("mobility.sharing",)}
    wanted = [{(o["entity"], o["amount_won"]) for o in bought(**w)} for w in (PLAN, left)]
    assert len(wanted[0] & wanted[1]) > 0.9 * len(wanted[0])
    assert "PM ride" not in memos(**left)

"""What a virtual person does at a till: pays, tops up once when short, or gives it up."""

from datetime import date, timedelta
from typing import Any

import pytest

from hapgang.contract import Do, Situation
from hapgang.core.errors import CityError, Conflict, Invalid
from hapgang.core.vocabulary.purchases import Purchase
from hapgang.ledger.book import Frozen, NotEnoughMoney
from hapgang.rehearsal.acting import Acted, act
from hapgang.runtime.platform.money.codes import CodeReceipt, pay_code, shop_code
from hapgang.runtime.platform.money.issues import IssueExhausted, open_issue
from hapgang.runtime.platform.money.orders import stop_account
from hapgang.runtime.platform.money.residents import HABITS, buy
from hapgang.runtime.platform.money.wallets import MonthlyLimit, Wallet, top_up
from tests.runtime.money.place import ANNE, DORA, OFFICE, Place

WANTED = Purchase(code="...", amount_won=60_000, name="1", at_bank_won=80_000, issue="issue")
WALLET = Wallet("a", 0, 0, 0, date(2026, 10, 1))
PAID = CodeReceipt("t", "s", "Bread", 60_000)
SHORT = NotEnoughMoney("1 is missing", missing_won=1)


def wish(*results: Any, refusal: CityError | None = None, **changes: Any) -> Do | None:
    wanted = Purchase(**{name: getattr(WANTED, name) for name in WANTED.__struct_fields__}
                      | changes)  # fmt: skip
    return buy(
        Situation(
            person="anne", place=None, purchase=wanted, results=list(results),
            failed=refusal is not None, refusal=refusal,
        )
    )  # fmt: skip


def test_they_pay_what_the_code_says_and_then_go() -> None:
    first = wish()
    assert first is not None
    assert first.action is pay_code
    assert first.arguments == {"payload": "...", "transfer": "1", "amount_won": 60_000}
    assert wish(PAID) is None
    assert buy(Situation(person="anne", place=None)) is None


@pytest.mark.parametrize(
    ("refusal", "amount_won", "issue"),
    [
        (SHORT, 60_000, "issue"),
        (IssueExhausted("none is left", left_won=0), 60_000, None),
        (Conflict("at most so much of this issue"), 60_000, None),
        (MonthlyLimit("20,000 are left", left_won=20_000), 20_000, None),
    ],
)
def test_who_is_short_tops_up(refusal: CityError, amount_won: int, issue: str | None) -> None:
    found = wish(refusal=refusal)
    assert found is not None
    assert found.action is top_up
    assert found.arguments == {"amount_won": amount_won, "issue": issue}


def test_after_a_top_up_they_pay_and_try_no_third_time() -> None:
    again = wish(WALLET)
    assert again is not None
    assert again.action is pay_code
    assert wish(WALLET, refusal=SHORT) is None


@pytest.mark.parametrize(
    ("refusal", "changes"),
    [
        (SHORT, {"at_bank_won": 59_999}),
        (MonthlyLimit("nothing is left", left_won=0), {}),
        (Invalid("the code was altered"), {"issue": None}),
    ],
)
def test_where_nothing_helps_they_give_it_up(refusal: CityError, changes: dict[str, Any]) -> None:
    assert wish(refusal=refusal, **changes) is None


def shopping(place: Place, amount_won: int, issue: str | None = None) -> Acted:
    """Anne, who has 10,000 won, buys bread."""
    code = place.do(shop_code, DORA, shop=place.shop).payload
    wanted = Purchase(code=code, amount_won=amount_won, name="1", at_bank_won=10**6, issue=issue)
    situation = Situation(person=ANNE.id, place=None, purchase=wanted)
    return act(place.runtime, ANNE, HABITS[0], situation)


def test_through_the_real_actions() -> None:
    place = Place()
    acted = shopping(place, 30_000)
    assert [do.action for do, _ in acted.done] == [top_up, pay_code]
    assert [type(error) for error in acted.refusals] == [NotEnoughMoney]
    assert (place.won(ANNE.id), place.won(place.shop)) == (30_000, 30_000)
    assert place.runtime.book.total_won() == 0


def test_with_an_issue_whose_bonus_is_gone() -> None:
    place = Place()
    now = place.clock.now()
    issue = place.do(
        open_issue, OFFICE, title="May", bonus_pct=5, budget_won=1_000, most_won=100_000,
        opens_at=now, closes_at=now + timedelta(days=1),
    ).id  # fmt: skip
    acted = shopping(place, 30_000, issue)
    assert [type(error) for error in acted.refusals] == [NotEnoughMoney, IssueExhausted]
    assert not acted.gave_up
    assert place.won(issue) == 1_000


def test_over_the_month_s_limit_they_give_it_up() -> None:
    place = Place()
    place.do(top_up, ANNE, amount_won=480_000)
    acted = shopping(place, 600_000)
    assert acted.gave_up
    assert [type(error) for error in acted.refusals] == [NotEnoughMoney, MonthlyLimit,
                                                         NotEnoughMoney]  # fmt: skip
    assert place.won(ANNE.id) == 510_000
    assert place.won(place.shop) == 0


def test_from_an_account_that_is_stopped_nothing_goes_out() -> None:
    place = Place()
    place.do(stop_account, ANNE, reason="lost")
    acted = shopping(place, 1_000)
    assert acted.gave_up
    assert {type(error) for error in acted.refusals} == {Frozen}
    assert place.won(place.shop) == 0

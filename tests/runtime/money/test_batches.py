"""Up to a thousand payments in one step: all of them or none, or a result for each."""

import pytest

from hapgang.contract import Role
from hapgang.core.errors import Invalid, NotFound, Refused
from hapgang.ledger.book import NotEnoughMoney
from hapgang.ledger.till import account_id
from hapgang.runtime.perform import Runtime
from hapgang.runtime.platform.money import send
from hapgang.runtime.platform.money.accounts import my_account, pay_from_treasury
from hapgang.runtime.platform.money.spending import DailyLimit, limit_spending, spending_limit
from hapgang.runtime.platform.money.transfers import send_batch
from tests.village import move_in, person, runtime_of, trace_of

ANNE, BERT = person("anne"), person("bert")


@pytest.fixture
def town() -> Runtime:
    runtime = runtime_of()
    for someone in (ANNE, BERT):
        move_in(runtime, someone)
    return runtime


def balance(town: Runtime, owner: str) -> int:
    return town.book.account(account_id(owner)).balance_won


def payments(*amounts_won: int) -> list[dict[str, object]]:
    return [
        {"transfer": str(i), "payee": BERT.id, "amount_won": won}
        for i, won in enumerate(amounts_won)
    ]


def test_linked_payments_come_true_together_or_not_at_all(town: Runtime) -> None:
    before = trace_of(town)
    with pytest.raises(NotEnoughMoney) as refused:
        town.perform(send_batch, ANNE, payments=payments(6_000, 4_001), linked=True)
    assert refused.value.detail["transfer"] == "1"
    assert trace_of(town) == before
    done = town.perform(send_batch, ANNE, payments=payments(6_000, 4_000), linked=True)
    assert [one.state for one in done] == ["paid", "paid"]
    assert (balance(town, ANNE.id), balance(town, BERT.id)) == (0, 20_000)


def test_others_have_a_result_each_and_a_repeat_pays_nothing(town: Runtime) -> None:
    seq = town.writer.last_seq
    wanted = payments(6_000, 4_001, 4_000)
    done = town.perform(send_batch, ANNE, payments=wanted)
    assert [(one.state, one.status) for one in done] == [
        ("paid", 200), ("refused", 409), ("paid", 200)
    ]  # fmt: skip
    assert done[1].error.en == "1원 is missing; top up and try again"
    assert "부족" in done[1].error.ko
    assert town.writer.last_seq == seq + 1
    again = town.perform(send_batch, ANNE, payments=wanted)
    assert [one.state for one in again] == ["paid", "refused", "paid"]
    assert balance(town, BERT.id) == 20_000
    assert town.book.total_won() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"payments": []},
        {"payments": payments(*[1] * 1_001)},
        {"payments": payments(-1)},
        {"payments": [{"transfer": "1", "payee": BERT.id, "amount_won": 1.5}]},
        {"payments": [{"transfer": "1", "payee": BERT.id, "amount_won": 10**13}]},
        {"payments": [{"transfer": "", "payee": BERT.id, "amount_won": 1}]},
    ],
)
def test_rubbish_is_refused_before_anything_is_paid(
    town: Runtime, wrong: dict[str, object]
) -> None:
    before = trace_of(town)
    with pytest.raises(Invalid):
        town.perform(send_batch, ANNE, **wrong)
    assert trace_of(town) == before


def test_nobody_pays_from_anothers_account(town: Runtime) -> None:
    with pytest.raises(Refused):
        town.perform(send_batch, ANNE, payments=payments(1), account=BERT.id)
    with pytest.raises(Refused):
        town.perform(send_batch, person("x", Role.DEVICE), payments=payments(1))


def test_a_company_has_an_account_of_its_own(town: Runtime) -> None:
    firm = person("firm", Role.COMPANY)
    with pytest.raises(NotFound):
        town.perform(send, ANNE, transfer="early", payee=firm.id, amount_won=500)
    assert town.perform(my_account, firm).kind == "company"
    with pytest.raises(NotEnoughMoney):
        town.perform(send, firm, transfer="1", payee=BERT.id, amount_won=1)
    town.perform(send, ANNE, transfer="1", payee=firm.id, amount_won=500)
    town.perform(send, firm, transfer="1", payee=BERT.id, amount_won=200)
    words = {"transfer": "1", "payee": firm.id, "amount_won": 700, "memo": "grant"}
    with pytest.raises(Refused):
        town.perform(pay_from_treasury, firm, **words)
    for _ in range(2):
        town.perform(pay_from_treasury, person("office", Role.OPERATOR), **words)
    assert town.perform(my_account, firm).balance_won == 1_000


def test_a_day_has_the_limit_that_its_owner_set(town: Runtime) -> None:
    town.perform(limit_spending, ANNE, most_won=5_000)
    done = town.perform(send_batch, ANNE, payments=payments(3_000, 2_001, 2_000))
    assert [one.state for one in done] == ["paid", "refused", "paid"]
    assert town.perform(spending_limit, ANNE).spent_won == 5_000
    with pytest.raises(DailyLimit, match="0원 is left"):
        town.perform(send, ANNE, transfer="more", payee=BERT.id, amount_won=1)
    assert town.perform(send, ANNE, transfer="0", payee=BERT.id, amount_won=3_000)  # a repeat
    town.clock.advance_by(24 * 3600.0)  # type: ignore[attr-defined]  # a clock by hand
    town.perform(send, ANNE, transfer="next day", payee=BERT.id, amount_won=1)
    town.perform(limit_spending, ANNE, most_won=None)
    town.perform(send, ANNE, transfer="all", payee=BERT.id, amount_won=4_999)
    assert balance(town, ANNE.id) == 0

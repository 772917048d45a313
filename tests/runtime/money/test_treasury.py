"""What offices pay and charge: allowances, an experiment, dues, cashing out to a bank."""

import hashlib
from datetime import date
from typing import Any

import pytest

from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.ledger.book import NotEnoughMoney
from hapgang.ledger.currency.lots import drawn
from hapgang.ledger.currency.pain import faults_in
from hapgang.runtime.city import CityOf
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.money import (
    accounts,
    allowances,
    cash,
    codes,
    dues,
    experiments,
    lots,
    send,
    shops,
)
from hapgang.runtime.platform.people import TREASURY, forget_me, inbox
from tests.runtime.money.place import AGENCY, ANNE, BERT, CARL, DORA, EVERYBODY, OFFICE, Place
from tests.village import move_in, person

DAY_S = 86_400.0
AFTER = date(2026, 11, 25)
TOMORROW = date(2026, 11, 24)


@pytest.fixture
def place() -> Place:
    return Place()


def freeze(city: CityOf, *, owner: str) -> None:
    """Freeze an account, as a court's order does."""
    city.ledger.set_state(owner, "frozen")


freeze.__module__ = "hapgang.runtime.platform"  # whose action it is


def run(place: Place, action: Any, days: float = 0, times: int = 2) -> None:
    place.clock.advance_by(days * DAY_S)
    for _ in range(times):
        place.do(action, PLATFORM)


class TestAllowances:
    def open(self, place: Place, **more: Any) -> str:
        words = {"title": "Youth", "amount_won": 1_000, "budget_won": 10_000,
                 "first_on": TOMORROW, "last_on": date(2026, 12, 31)}  # fmt: skip
        found: str = place.do(allowances.open_allowance, OFFICE, **{**words, **more}).id
        return found

    def test_who_fits_the_rule_gets_it_once_a_month(self, place: Place) -> None:
        name = self.open(place, age_bands=["30-39"])
        run(place, allowances.pay_allowances)
        assert place.won(ANNE.id) == 10_000
        run(place, allowances.pay_allowances, days=1)
        assert [place.won(p.id) for p in EVERYBODY] == [11_000] * 4
        before_won = place.won(TREASURY)
        run(place, allowances.pay_allowances, days=30)
        assert place.won(ANNE.id) == 12_000
        assert (place.won(name), place.won(TREASURY)) == (0, before_won + 2_000)

    def test_a_budget_that_is_short_pays_whom_it_can_and_says_so(self, place: Place) -> None:
        self.open(place, budget_won=2_500)
        run(place, allowances.pay_allowances, days=1)
        assert sum(place.won(p.id) for p in EVERYBODY) == 42_000
        assert place.do(allowances.allowances, ANNE)[0].is_short

    def test_no_month_is_left_out_where_a_budget_was_short_for_longer(self, place: Place) -> None:
        name = self.open(place, budget_won=2_500)
        run(place, allowances.pay_allowances, days=1)
        run(place, allowances.pay_allowances, days=31)  # the next month's is due, too
        more = {"transfer": "1", "payee": name, "amount_won": 9_000, "memo": ""}
        place.do(accounts.pay_from_treasury, OFFICE, **more)
        run(place, allowances.pay_allowances, times=3)
        assert [place.won(p.id) for p in EVERYBODY] == [12_000] * 4

    def test_some_at_a_time_each_once_and_unnamed(
        self, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(allowances, "_PAID_AT_ONCE", 3)
        name = self.open(place)
        run(place, allowances.pay_allowances, days=1, times=1)
        assert sum(place.won(p.id) for p in EVERYBODY) == 43_000
        shown = place.do(allowances.allowances, ANNE)[0]
        assert not any(p.id in str(shown) for p in EVERYBODY)
        place.do(forget_me, CARL)  # the last who was paid: the rest is looked through again
        run(place, allowances.pay_allowances, times=3)
        assert [place.won(p.id) for p in EVERYBODY] == [11_000] * 4
        assert place.won(name) == 6_000
        assert place.do(allowances.allowances, ANNE)[0].paid_won == 4_000

    def test_one_that_is_short_or_frozen_keeps_no_other_waiting(self, place: Place) -> None:
        short, frozen = self.open(place, budget_won=500), self.open(place)
        place.runtime.perform(freeze, PLATFORM, owner=frozen)
        self.open(place)
        run(place, allowances.pay_allowances, days=1)
        assert [place.won(p.id) for p in EVERYBODY] == [11_000] * 4
        assert (place.won(short), place.won(frozen)) == (500, 10_000)

    def test_nobody_else_gets_it(self, place: Place) -> None:
        self.open(place, age_bands=["70+"])
        run(place, allowances.pay_allowances, days=1)
        assert place.won(ANNE.id) == 10_000
        for wrong in ({"first_on": date(2026, 1, 1)}, {"last_on": date(2026, 1, 1)},
                      {"last_on": date(9999, 12, 31)}, {"first_on": date(9999, 12, 31)},
                      {"amount_won": -1}, {"age_bands": ["x"]}):  # fmt: skip
            with pytest.raises(Invalid):
                self.open(place, **wrong)


class TestExperiment:
    def open(self, place: Place, **more: Any) -> str:
        words = {"title": "Basic income", "purpose": "to see", "treated_pct": 50, "months": 2,
                 "monthly_won": 300, "budget_won": 10_000}  # fmt: skip
        found: str = place.do(experiments.open_experiment, AGENCY, **{**words, **more}).id
        return found

    def test_lots_payments_and_the_end(self, place: Place) -> None:
        move_in(place.runtime, AGENCY, 20_000)
        name = self.open(place)
        for someone in EVERYBODY:
            place.do(experiments.join_experiment, someone, experiment=name)
        drawing = {"experiment": name, "seed": "1-2-3-4", "starts_on": AFTER}
        closing = {"experiment": name, "seed_source": "lottery", "draws_on": TOMORROW}
        for nobody, action, words in ((OFFICE, lots.close_list, closing),
                                      (OFFICE, lots.draw_lots, drawing)):  # fmt: skip
            with pytest.raises(Refused):
                place.do(action, nobody, **words)
        with pytest.raises(Conflict, match="list is closed"):
            place.do(lots.draw_lots, AGENCY, **drawing)
        with pytest.raises(Invalid, match="after today"):
            place.do(lots.close_list, AGENCY, **{**closing, "draws_on": date(2026, 11, 23)})
        place.do(lots.close_list, AGENCY, **closing)
        late = person("late")
        move_in(place.runtime, late)
        with pytest.raises(Conflict):
            place.do(experiments.join_experiment, late, experiment=name)
        with pytest.raises(Conflict, match="published on 2026-11-24"):
            place.do(lots.draw_lots, AGENCY, **drawing)
        place.clock.advance_by(DAY_S)
        place.do(lots.draw_lots, AGENCY, **drawing)
        for again, words in ((lots.draw_lots, drawing), (lots.close_list, closing)):
            with pytest.raises(Conflict):
                place.do(again, AGENCY, **words)
        chosen = drawn({p.id: "30-39" for p in EVERYBODY}, "1-2-3-4", 50)
        run(place, experiments.pay_experiments, days=1)
        assert {p.id for p in EVERYBODY if place.won(p.id) == 10_300} == chosen
        leaver = next(p for p in EVERYBODY if p.id in chosen)
        place.do(experiments.leave_experiment, leaver, experiment=name)
        run(place, experiments.pay_experiments, days=30)
        assert sorted(place.won(p.id) for p in EVERYBODY) == [10_000, 10_000, 10_300, 10_600]
        assert place.do(experiments.experiments, ANNE)[0].state == "ended"
        assert (place.won(name), place.won(AGENCY.id)) == (0, 20_000 + 0 - 900)
        run(place, experiments.pay_experiments, days=60)
        assert place.won(name) == 0

    def test_what_the_budget_cannot_pay_does_not_begin(self, place: Place) -> None:
        move_in(place.runtime, AGENCY, 20_000)
        name = self.open(place, budget_won=599)
        for someone in (ANNE, BERT, CARL):
            place.do(experiments.join_experiment, someone, experiment=name)
        place.do(experiments.leave_experiment, CARL, experiment=name)
        with pytest.raises(NotFound):
            place.do(experiments.leave_experiment, CARL, experiment=name)
        assert place.do(experiments.my_experiments, CARL) == []
        place.do(lots.close_list, AGENCY, experiment=name, seed_source="lottery",
                 draws_on=TOMORROW)  # fmt: skip
        place.clock.advance_by(DAY_S)
        with pytest.raises(Conflict, match="600원"):
            place.do(lots.draw_lots, AGENCY, experiment=name, seed="1-2-3-4", starts_on=AFTER)

    def test_it_can_be_called_off_before_lots_are_drawn(self, place: Place) -> None:
        move_in(place.runtime, AGENCY, 20_000)
        name = self.open(place)
        closing = {"experiment": name, "seed_source": "lottery", "draws_on": TOMORROW}
        place.do(experiments.join_experiment, ANNE, experiment=name)
        with pytest.raises(Conflict, match="few"):
            place.do(lots.close_list, AGENCY, **closing)
        with pytest.raises(Refused):
            place.do(lots.call_off, OFFICE, experiment=name)
        place.do(experiments.join_experiment, BERT, experiment=name)
        place.do(lots.close_list, AGENCY, **closing)
        place.do(lots.call_off, AGENCY, experiment=name)
        assert (place.won(name), place.won(AGENCY.id)) == (0, 20_000)
        assert "An experiment was called off" in {m.title.en for m in place.do(inbox, ANNE)}
        with pytest.raises(Conflict):
            place.do(lots.call_off, AGENCY, experiment=name)
        with pytest.raises(Conflict):
            place.do(experiments.join_experiment, CARL, experiment=name)

    def test_who_was_drawn_can_compute_it_from_what_the_log_has(self, place: Place) -> None:
        move_in(place.runtime, AGENCY, 20_000)
        name = self.open(place)
        facts: list[Any] = []
        place.runtime.writer.listeners.append(lambda unit: facts.extend(unit.facts))
        for someone in EVERYBODY:
            place.do(experiments.join_experiment, someone, experiment=name)
        listed = place.do(lots.close_list, AGENCY, experiment=name, seed_source="a lottery",
                          draws_on=TOMORROW)  # fmt: skip
        place.do(experiments.leave_experiment, ANNE, experiment=name)  # stays in the list
        place.clock.advance_by(DAY_S)
        place.do(lots.draw_lots, AGENCY, experiment=name, seed="1-2-3-4", starts_on=AFTER)
        told = {fact.id: fact.body for fact in facts if fact.kind == lots.FACT}
        first, then = told[f"platform/{name}/list"], told[f"platform/{name}/lots"]
        assert first["list"] == then["list"] == listed.list_hash
        assert "seed" not in first
        assert (first["participants"], then["treated"], then["control"]) == (4, 2, 2)
        for someone in EVERYBODY:
            mine = place.do(experiments.my_experiments, someone)[0]
            number = hashlib.sha256(f"{then['seed']}|{someone.id}".encode()).hexdigest()
            is_drawn = number <= then["drawn_up_to"][mine.stratum]
            assert is_drawn == (mine.arm == "treatment")
        assert not any(one.id in str(told) for one in EVERYBODY)


class TestDues:
    def charge(self, place: Place, *numbers: str, **more: Any) -> list[str]:
        words = {"person": ANNE.id, "title": "Waste fee", "amount_won": 2_000, "due_on": TOMORROW}
        wanted = [{**words, "number": number, **more} for number in numbers]
        found: list[str] = place.do(dues.charge_dues, OFFICE, dues=wanted)
        return found

    def test_a_fee_is_paid_once_to_the_office_that_charged_it(self, place: Place) -> None:
        first, second = self.charge(place, "1", "2")
        with pytest.raises(Refused):
            place.do(dues.pay_due, BERT, due=first)
        before_won = place.won(TREASURY)
        place.do(dues.pay_due, ANNE, due=first)
        with pytest.raises(Conflict, match="paid"):
            place.do(dues.pay_due, ANNE, due=first)
        assert place.won(TREASURY) == before_won + 2_000
        with pytest.raises(Refused):
            place.do(dues.withdraw_due, AGENCY, due=second)
        place.do(dues.withdraw_due, OFFICE, due=second)
        assert place.do(dues.my_dues, ANNE) == []
        for number in ("1", "2"):
            with pytest.raises(Conflict, match=f"{number} was charged"):
                self.charge(place, number)

    def test_all_are_charged_or_none_and_a_number_once(self, place: Place) -> None:
        with pytest.raises(Conflict):
            self.charge(place, "1", "1")
        assert place.do(dues.my_dues, ANNE) == []
        with pytest.raises(NotFound):
            self.charge(place, "1", person="urn:ngsi-ld:Person:nobody")
        with pytest.raises(Invalid):
            self.charge(place, "1", amount_won=0)


BANK = {"name": "도라 빵집", "bank": "KOEXKRSE", "bank_account": "123-456-789"}
FILE = {"on": TOMORROW, "payer": "Sejong", "bank": "NACFKRSE", "bank_account": "301-0001"}


class TestCashingOut:
    @pytest.fixture
    def rich(self, place: Place) -> Place:
        payload = place.do(codes.shop_code, DORA, shop=place.shop).payload
        place.do(codes.pay_code, ANNE, payload=payload, transfer="1", amount_won=9_000)
        return place

    def ask(self, place: Place, won: int) -> str:
        found: str = place.do(cash.cash_out, DORA, shop=place.shop, amount_won=won, **BANK).id
        return found

    def test_it_is_settled_at_once_and_the_bank_answers(self, rich: Place) -> None:
        first, second = self.ask(rich, 4_000), self.ask(rich, 5_000)
        assert rich.won(rich.shop) == 0
        with pytest.raises(NotEnoughMoney):
            self.ask(rich, 1)
        file = rich.do(cash.make_bank_file, OFFICE, **FILE)
        document = rich.do(cash.bank_file, OFFICE, file=file.id)
        assert faults_in(document) == []
        assert b"<CtrlSum>9000</CtrlSum>" in document
        assert [one.state for one in rich.do(cash.cash_outs, DORA, shop=rich.shop)] == ["sent"] * 2
        with pytest.raises(Conflict, match="Nobody waits"):
            rich.do(cash.make_bank_file, OFFICE, **FILE)
        with pytest.raises(Conflict, match="bank"):
            rich.do(shops.close_shop, DORA, shop=rich.shop)
        answer = {"file": file.id, "returned": [{"cash_out": second, "reason": "no account"}]}
        done = rich.do(cash.answer_bank_file, OFFICE, **answer)
        assert (done.confirmed, done.returned, rich.won(rich.shop)) == (1, 1, 5_000)
        with pytest.raises(Conflict):
            rich.do(cash.answer_bank_file, OFFICE, **answer)
        titles = [message.title.en for message in rich.do(inbox, DORA)]
        assert {"The bank has paid", "The bank could not pay"} <= set(titles)
        assert first != second
        assert rich.runtime.book.total_won() == 0

    def test_only_the_owner_cashes_out_with_words_that_a_bank_takes(self, rich: Place) -> None:
        rich.do(shops.let_in, DORA, shop=rich.shop, person=CARL.id)
        with pytest.raises(Refused, match="owner"):
            rich.do(cash.cash_out, CARL, shop=rich.shop, amount_won=1, **BANK)
        for wrong in ({"bank": "koex"}, {"bank_account": "x"}, {"name": "a\nb"},
                      {"name": "<x>"}, {"amount_won": 0}):  # fmt: skip
            with pytest.raises(Invalid):
                rich.do(cash.cash_out, DORA,
                        **{"shop": rich.shop, "amount_won": 1, **BANK, **wrong})  # fmt: skip
        self.ask(rich, 1)
        file = rich.do(cash.make_bank_file, OFFICE, **FILE)
        with pytest.raises(Invalid, match="of this file"):
            rich.do(cash.answer_bank_file, OFFICE, file=file.id,
                    returned=[{"cash_out": "x", "reason": ""}])  # fmt: skip
        with pytest.raises(Invalid):
            rich.do(cash.make_bank_file, OFFICE, **{**FILE, "on": date(2026, 1, 1)})

    def test_who_is_forgotten_leaves_the_others_a_file_that_fits(self, rich: Place) -> None:
        other = rich.do(shops.apply_for_shop, ANNE, name="Milk", business="47").id
        rich.do(shops.admit_shop, OFFICE, shop=other, is_local=True)
        rich.do(send, BERT, transfer="1", payee=other, amount_won=700)
        rich.do(cash.cash_out, ANNE, shop=other, amount_won=700, **BANK)
        self.ask(rich, 400)
        file = rich.do(cash.make_bank_file, OFFICE, **FILE).id
        rich.do(forget_me, ANNE)
        document = rich.do(cash.bank_file, OFFICE, file=file)
        assert faults_in(document) == []
        assert b"<CtrlSum>400</CtrlSum>" in document
        done = rich.do(cash.answer_bank_file, OFFICE, file=file)
        assert (done.confirmed, done.returned) == (1, 0)

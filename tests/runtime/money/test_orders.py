"""Stops, courts' orders, heirs and guardians: several people, each step told, and an end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.ledger.book import Frozen
from hapgang.ledger.till import account_id
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.money import cash, codes, heirs, orders, refunds, send, shops
from hapgang.runtime.platform.people import forget_me, inbox
from tests.runtime.money.place import (
    AGENCY,
    ANNE,
    BERT,
    CARL,
    DORA,
    OFFICE,
    OTHER_OFFICE,
    THIRD_OFFICE,
    Place,
)
from tests.village import START, move_in, reserve, settle

WEEK = START + timedelta(days=7)


@pytest.fixture
def place() -> Place:
    return Place()


def pay(place: Place, name: str = "1") -> None:
    place.do(send, ANNE, transfer=name, payee=BERT.id, amount_won=100)


def ask(place: Place, **more: Any) -> str:
    words = {"person": ANNE.id, "kind": "freeze", "reason": "seizure", "case": "2026-1234",
             "until": WEEK}  # fmt: skip
    found: str = place.do(orders.ask_order, OFFICE, **{**words, **more}).id
    return found


def titles(place: Place, caller: Any) -> list[str]:
    return [message.title.en for message in place.do(inbox, caller)]


def test_a_lost_phone_stops_at_once_until_an_operator_has_seen_the_owner(place: Place) -> None:
    shown = place.do(codes.show_code, ANNE, most_won=500).payload
    place.do(orders.stop_account, ANNE, reason="lost my phone")
    with pytest.raises(Frozen):
        pay(place)
    with pytest.raises(codes.PayerCannot):
        place.do(codes.charge, DORA, shop=place.shop, payload=shown, amount_won=1)
    place.do(send, BERT, transfer="in", payee=ANNE.id, amount_won=100)  # money still comes in
    for nobody in (ANNE, AGENCY):
        with pytest.raises(Refused):
            place.do(orders.reopen_account, nobody, person=ANNE.id, reason="passport seen")
    place.do(orders.reopen_account, OFFICE, person=ANNE.id, reason="passport seen")
    pay(place)
    with pytest.raises(Conflict):
        place.do(orders.reopen_account, OFFICE, person=ANNE.id, reason="again")
    assert "Payments from your account are stopped" in titles(place, ANNE)


def test_whoever_has_the_lost_phone_spends_nothing_of_others(place: Place) -> None:
    place.do(send, ANNE, transfer="1", payee=place.shop, amount_won=1_000)
    guard = ask(place, kind="guard", others=[DORA.id], most_won_a_day=1_000)
    place.do(orders.approve_order, OTHER_OFFICE, order=guard)
    place.do(orders.stop_account, DORA, reason="lost my phone")
    bank = {"name": "Thief", "bank": "KOEXKRSE", "bank_account": "123-456"}
    out = {"transfer": "2", "payee": BERT.id, "amount_won": 1}
    back = {"payment": f"{account_id(ANNE.id)}:1", "transfer": "r", "amount_won": 1}
    for action, words in (
        (send, {**out, "account": place.shop}),
        (cash.cash_out, {"shop": place.shop, "amount_won": 1, **bank}),
        (refunds.refund, {"shop": place.shop, **back}),
        (shops.let_in, {"shop": place.shop, "person": BERT.id}),
        (heirs.pay_for_ward, {**out, "person": ANNE.id}),
    ):
        with pytest.raises(Frozen):
            place.do(action, DORA, **words)
    place.do(orders.reopen_account, OFFICE, person=DORA.id, reason="passport seen")
    place.do(refunds.refund, DORA, shop=place.shop, **back)


def test_a_court_freezes_by_three_people_until_its_date(place: Place) -> None:
    order = ask(place)
    pay(place)
    for nobody in (OFFICE, ANNE):
        with pytest.raises(Refused):
            place.do(orders.approve_order, nobody, order=order)
    place.do(orders.approve_order, AGENCY, order=order)
    with pytest.raises(Refused, match="Somebody else"):
        place.do(orders.approve_order, AGENCY, order=order)
    pay(place, "2")
    assert place.do(orders.approve_order, OTHER_OFFICE, order=order).state == "in force"
    with pytest.raises(Frozen):
        pay(place, "3")
    assert titles(place, ANNE).count("A court's order about your account") == 3
    with pytest.raises(Conflict):
        place.do(orders.reopen_account, THIRD_OFFICE, person=ANNE.id, reason="she asked")
    place.clock.advance_by(7 * 86_400.0)
    place.do(orders.end_orders, PLATFORM)
    pay(place, "3")


def test_an_order_is_lifted_early_by_two_and_a_stop_stays(place: Place) -> None:
    order = ask(place)
    for office in (AGENCY, OTHER_OFFICE):
        place.do(orders.approve_order, office, order=order)
    place.do(orders.stop_account, ANNE, reason="lost my phone")
    lift = ask(place, kind="reopen", until=None)
    place.do(orders.approve_order, THIRD_OFFICE, order=lift)
    with pytest.raises(Frozen):
        pay(place)
    place.do(orders.reopen_account, OFFICE, person=ANNE.id, reason="passport seen")
    pay(place)


def test_refused_and_forgotten_orders_do_nothing(place: Place) -> None:
    refused, late = ask(place), ask(place, until=START + timedelta(days=90))
    place.do(orders.refuse_order, AGENCY, order=refused)
    with pytest.raises(Conflict, match="refused"):
        place.do(orders.approve_order, AGENCY, order=refused)
    place.clock.advance_by(30 * 86_400.0)
    place.do(orders.end_orders, PLATFORM)
    with pytest.raises(Conflict):
        place.do(orders.approve_order, AGENCY, order=late)
    assert place.do(orders.account_orders, OFFICE) == []
    pay(place)


def test_what_is_over_is_not_approved_before_it_is_swept_either(place: Place) -> None:
    soon, late = ask(place), ask(place, kind="inherit", until=None, others=[BERT.id], shares=[1])
    place.clock.advance_by(7 * 86_400.0)
    with pytest.raises(Conflict, match="over"):
        place.do(orders.approve_order, AGENCY, order=soon)
    place.clock.advance_by(23 * 86_400.0)
    with pytest.raises(Conflict, match="over"):
        place.do(orders.approve_order, AGENCY, order=late)
    place.do(orders.end_orders, PLATFORM)
    assert place.do(orders.account_orders, OFFICE) == []


def test_heirs_have_every_won_by_their_shares(place: Place) -> None:
    hold = place.do(reserve, DORA, price_won=1_000)
    place.do(codes.show_code, DORA, most_won=1)
    order = ask(place, person=DORA.id, kind="inherit", until=None,
                others=[ANNE.id, BERT.id, CARL.id], shares=[1, 1, 1])  # fmt: skip
    with pytest.raises(Refused):
        place.do(orders.approve_order, OFFICE, order=order)
    place.do(orders.approve_order, OTHER_OFFICE, order=order)
    assert [place.won(p.id) for p in (ANNE, BERT, CARL)] == [13_334, 13_333, 13_333]
    with pytest.raises(Conflict):
        place.do(settle, DORA, hold=hold, price_won=1)
    with pytest.raises(Conflict, match="closed"):
        place.do(send, ANNE, transfer="x", payee=DORA.id, amount_won=1)
    assert [one.duty for one in place.do(shops.my_shops, ANNE)] == ["owner"]
    assert place.runtime.book.total_won() == 0


def test_nothing_is_handed_to_an_heir_who_was_forgotten_since(place: Place) -> None:
    order = ask(place, kind="inherit", until=None, others=[BERT.id, CARL.id], shares=[1, 1])
    place.do(forget_me, CARL)
    with pytest.raises(NotFound, match="heir"):
        place.do(orders.approve_order, OTHER_OFFICE, order=order)
    assert place.won(ANNE.id) == 10_000


def test_a_frozen_account_is_not_inherited(place: Place) -> None:
    freeze = ask(place)
    for office in (AGENCY, OTHER_OFFICE):
        place.do(orders.approve_order, office, order=freeze)
    order = ask(place, kind="inherit", until=None, others=[BERT.id], shares=[1])
    with pytest.raises(Conflict, match="court"):
        place.do(orders.approve_order, AGENCY, order=order)


def test_a_court_s_order_outlasts_the_wish_to_be_forgotten(place: Place) -> None:
    freeze = ask(place)
    for office in (AGENCY, OTHER_OFFICE):
        place.do(orders.approve_order, office, order=freeze)
    with pytest.raises(Conflict, match="court"):
        place.do(forget_me, ANNE)
    with pytest.raises(Frozen):
        pay(place)
    place.clock.advance_by(8 * 86_400.0)
    place.do(orders.end_orders, PLATFORM)
    place.do(forget_me, ANNE)
    assert place.won(ANNE.id) == 10_000


def test_a_guardian_sees_and_pays_within_limits_until_the_end(place: Place) -> None:
    order = ask(place, kind="guard", others=[BERT.id], most_won_a_day=1_000)
    act = {"person": ANNE.id, "payee": place.shop}
    with pytest.raises(Refused):
        place.do(heirs.pay_for_ward, BERT, **act, transfer="1", amount_won=1)
    place.do(orders.approve_order, OTHER_OFFICE, order=order)
    assert place.do(heirs.wards, BERT)[0].left_today_won == 1_000
    for _ in range(2):
        place.do(heirs.pay_for_ward, BERT, **act, transfer="1", amount_won=900)
    with pytest.raises(Conflict, match="100원"):
        place.do(heirs.pay_for_ward, BERT, **act, transfer="2", amount_won=101)
    with pytest.raises(Invalid):
        place.do(heirs.pay_for_ward, BERT, person=ANNE.id, payee=BERT.id, transfer="3",
                 amount_won=1)  # fmt: skip
    assert place.won(ANNE.id) == 9_100
    assert "Your guardian paid for you" in titles(place, ANNE)
    pay(place)
    place.clock.advance_by(7 * 86_400.0)
    place.do(orders.end_orders, PLATFORM)
    assert place.do(heirs.wards, BERT) == []


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"until": None}, Invalid),
        ({"until": START}, Invalid),
        ({"until": datetime.max.replace(tzinfo=UTC)}, Invalid),
        ({"case": ""}, Invalid),
        ({"kind": "inherit", "others": ["urn:ngsi-ld:Person:bert"]}, Invalid),
        ({"kind": "inherit"}, Invalid),
        ({"kind": "guard", "others": ["urn:ngsi-ld:Person:nobody"]}, NotFound),
        ({"person": "urn:ngsi-ld:Person:nobody"}, NotFound),
        ({"kind": "reopen", "until": None}, NotFound),  # nothing is in force by this case
        ({"person": OFFICE.id}, NotFound),
    ],
)
def test_orders_that_make_no_sense_are_refused(
    place: Place, wrong: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        ask(place, **wrong)


def test_an_account_asked_for_by_its_short_name_is_the_same_account(place: Place) -> None:
    order = ask(place, person="Person:anne")
    for office in (AGENCY, OTHER_OFFICE):
        place.do(orders.approve_order, office, order=order)
    assert titles(place, ANNE).count("A court's order about your account") == 3
    place.do(orders.stop_account, ANNE, reason="lost my phone")
    place.do(orders.reopen_account, OFFICE, person=ANNE.id, reason="passport seen")
    with pytest.raises(Frozen):  # a court's order stays
        pay(place)
    move_in(place.runtime, AGENCY, 100)
    with pytest.raises(Refused, match="about you"):
        place.do(orders.ask_order, AGENCY, person="Person:agency", kind="freeze", reason="own",
                 case="2026-5", until=WEEK)  # fmt: skip


def test_who_keeps_a_shop_does_not_decide_on_its_account(place: Place) -> None:
    order = ask(place, person=place.shop)
    place.do(shops.let_in, DORA, shop=place.shop, person=ANNE.id)
    keeper = msgspec.structs.replace(ANNE, role=OFFICE.role)  # who works in an office, too
    for action in (orders.approve_order, orders.refuse_order):
        with pytest.raises(Refused, match="about you"):
            place.do(action, keeper, order=order)


def test_who_stops_twice_has_stopped_once(place: Place) -> None:
    first = place.do(orders.stop_account, ANNE, reason="lost my phone")
    assert place.do(orders.stop_account, ANNE, reason="still lost").id == first.id
    assert len(place.do(orders.my_account_orders, ANNE)) == 1


def test_dates_are_told_as_the_city_counts_them(place: Place) -> None:
    ask(place, until=datetime(2026, 11, 30, 15, tzinfo=UTC))  # midnight in the city
    assert "2026-12-01" in place.do(inbox, ANNE)[0].body.ko

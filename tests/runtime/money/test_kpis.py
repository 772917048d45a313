"""The currency's KPIs, from purchases however they were paid, and from transfers alone."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from hapgang.core.errors import Refused
from hapgang.core.event import Event
from hapgang.core.vocabulary.purchases import CurrencyCounted, ProofsChecked, PurchaseMade
from hapgang.hub.lake import SCHEMAS, Lake, LakeView
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform import platform
from hapgang.runtime.platform.money.codes import pay_code, shop_code
from hapgang.runtime.platform.money.kpis import MONEY_KPIS
from hapgang.runtime.platform.money.noting import count_currency, note_proofs, note_purchase
from hapgang.runtime.platform.money.wallets import top_up
from tests.runtime.money.place import ANNE, BERT, DORA, OFFICE, Place

AT = datetime(2026, 9, 16, tzinfo=UTC)
CITY = "urn:ngsi-ld:Service:platform"
A, B, AWAY = (f"urn:ngsi-ld:Shop:{name}" for name in ("a", "b", "away"))
OF_CITY = CurrencyCounted(entity=CITY, circulating_won=1_000_000, outside=(AWAY,))


def bought(way: Any, won: int, **words: Any) -> PurchaseMade:
    return PurchaseMade(
        **{"entity": "anne", "person": "anne", "shop": A, "activity": "meal", "amount_won": won,
           "way": way, "is_in_city": True, "is_local": True, **words}
    )  # fmt: skip


def transfer(debit: str, shop: str, won: int, **words: Any) -> tuple[Any, ...]:
    row = {
        "transfer": f"{debit}{shop}{won}", "time": AT, "debit": f"urn:ngsi-ld:Account:{debit}",
        "credit": shop.replace("ngsi-ld:", "ngsi-ld:Account:"), "amount_won": won,
        "step": "posted", "of": None, "memo": "", **words,
    }  # fmt: skip
    return tuple(row.values())


def view(events: list[Event], transfers: list[tuple[Any, ...]]) -> LakeView:
    lake = Lake()
    told = []
    for event in events:
        body = msgspec.structs.asdict(event)
        entity, person = body.pop("entity"), body.pop("person")
        text = msgspec.json.encode(body).decode()
        told.append((AT, type(event).__name__, entity, person or "", "x", text))
    for table, rows in (("event", told), ("transfer", transfers)):
        names = SCHEMAS[table].names
        columns = {name: [row[i] for row in rows] for i, name in enumerate(names)}
        lake.write(table, "2026-09-16", columns)
    return lake.limited_to(("event", "transfer"))


def measured(lake: LakeView) -> dict[str, float | None]:
    return {kpi.name: kpi.measure(lake) for kpi in MONEY_KPIS}


def test_nothing_is_measured_where_nothing_happened() -> None:
    assert set(measured(view([], [])).values()) == {None}
    assert {kpi.name for kpi in MONEY_KPIS} < {kpi.name for kpi in platform.kpis}


def test_from_purchases_however_they_were_paid() -> None:
    events: list[Event] = [
        bought("card", 50_000),
        bought("currency", 20_000, was_declined=True),
        bought("currency", 10_000, is_local=False),
        bought("cash", 20_000, was_declined=True),
        bought("card", 100_000, shop="", is_in_city=False, is_local=False),
        bought("none", 70_000),
        ProofsChecked(entity=CITY, checked=3),
        ProofsChecked(entity=CITY, checked=4, failed=1),
        *[OF_CITY] * 24,
    ]
    paid = [
        transfer("Person:anne", A, 20_000),
        transfer("Person:bert", AWAY, 10_000),
        transfer("RewardBudget:1", "urn:ngsi-ld:Person:anne", 200, memo="buying"),
    ]
    found = measured(view(events, paid))
    assert found["merchant_fees_won"] == pytest.approx(125.0)  # half of 100,000 by card
    assert found["currency_share_pct"] == pytest.approx(30.0)
    assert found["local_share_pct"] == pytest.approx(45.0)  # 90,000 of 200,000
    assert found["settled_at_once_pct"] == pytest.approx(75.0)
    assert found["declined_pct"] == pytest.approx(100 * 2 / 3)
    assert found["without_pct"] == pytest.approx(100 / 6)
    assert found["proofs_checked"] == 7
    assert found["fees_saved_won"] == pytest.approx(250 - 200 / 3)
    assert found["velocity"] == pytest.approx(0.03 * 365.25)


def test_from_transfers_where_nothing_else_is_known() -> None:
    """A living city: a refund is taken off, what is no payment to a shop does not count."""
    rows = [
        transfer("Person:anne", A, 24_000),
        *(transfer(f"Person:{name}", A, 2_500) for name in ("bert", "carl")),
        transfer("Person:dora", A, 1_000),
        transfer("VoucherProgramme:1", B, 20_000),
        transfer("Company:x", AWAY, 10_000, step="captured", of="hold"),
        transfer("Person:anne", AWAY, 99_000, step="held"),
        transfer("Agency:treasury", A, 500_000, memo="returned"),
        transfer("Person:anne", "urn:ngsi-ld:Person:bert", 5_000),
        transfer("Shop:a", "urn:ngsi-ld:Person:anne", 10_000, of="before"),
        transfer("Shop:b", A, 7_000),  # between shops, as is what is given back of it
        transfer("Shop:a", B, 7_000, of="between"),
    ]
    found = measured(view([OF_CITY] * 24, rows))
    assert found["local_share_pct"] == 80.0  # 40,000 of 50,000
    assert found["settled_at_once_pct"] == 83.0  # five of six
    assert found["fees_saved_won"] == 250.0
    assert found["velocity"] == pytest.approx(0.05 * 365.25)
    unknown = {"merchant_fees_won", "currency_share_pct", "declined_pct", "without_pct"}
    assert {name for name in unknown if found[name] is None} == unknown
    many = CurrencyCounted(entity=CITY, circulating_won=1, outside=None)
    assert measured(view([many], rows))["local_share_pct"] is None


def test_single_payments_of_a_living_city_cannot_be_made_out() -> None:
    four = [transfer(f"Person:{name}", A, 1_234) for name in ("anne", "bert", "carl", "dora")]
    points = transfer("RewardBudget:1", "urn:ngsi-ld:Person:anne", 61, memo="buying")
    vouchers = [transfer(f"VoucherProgramme:{i}", A, 500) for i in range(5)]  # of the same four
    known = measured(view([OF_CITY] * 24, [*four, *vouchers, points]))
    assert set(known.values()) == {None}
    five = measured(view([OF_CITY] * 12, [*four, transfer("Person:eve", AWAY, 777), points]))
    assert (five["fees_saved_won"], five["local_share_pct"]) == (142.0, 86.0)  # whole numbers
    assert five["velocity"] is None  # the day is not over


def test_sealed_purchases_are_passed_over() -> None:
    """What names a person is sealed in a living city's lake, and then has none of its fields."""
    lake = Lake()
    columns = {"time": [AT], "event": ["PurchaseMade"], "entity": [""], "person": [""],
               "action": ["x"], "body": ['{"sealed":"AAAA"}']}  # fmt: skip
    lake.write("event", "2026-09-16", columns)
    found = measured(lake.limited_to(("event", "transfer")))
    assert set(found.values()) == {None}


def test_what_is_noted_of_a_running_city() -> None:
    place = Place()
    told: list[Any] = []
    place.runtime.writer.listeners.append(
        lambda unit: told.extend((i.name, i.body) for i in unit.items if i.kind == "event")
    )
    place.open_shop("Cakes", "56")
    place.do(count_currency, PLATFORM)
    code = place.do(shop_code, DORA, shop=place.shop).payload
    place.do(pay_code, ANNE, payload=code, transfer="1", amount_won=5_000)
    place.do(count_currency, PLATFORM)
    place.do(top_up, ANNE, amount_won=6_400)  # of 46,400 two digits
    place.do(count_currency, PLATFORM)
    place.do(note_proofs, PLATFORM, checked=2)
    place.do(note_purchase, PLATFORM, purchase=bought("card", 1))
    counts = [body for name, body in told if name == "CurrencyCounted"]
    assert [one["circulating_won"] for one in counts] == [40_000, 40_000, 46_000]
    assert [one["outside"] for one in counts] == [(), (), ()]
    assert told[-2:] == [("ProofsChecked", {"checked": 2, "failed": 0}),
                         ("PurchaseMade", {"shop": A, "activity": "meal", "amount_won": 1,
                                           "way": "card", "is_in_city": True, "is_local": True,
                                           "was_declined": False})]  # fmt: skip


def test_nobody_notes_from_outside() -> None:
    place = Place()
    for caller in (ANNE, BERT, OFFICE):
        for action, words in ((note_proofs, {"checked": 1}), (count_currency, {})):
            with pytest.raises(Refused):
                place.do(action, caller, **words)

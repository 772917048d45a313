"""Where, when and for what a voucher is good."""

import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.geometry import Point
from hapgang.ledger.currency.dates import next_after
from hapgang.ledger.currency.vouchers import Rules, Use, refusal

MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
USE = Use("bakery", "56", Point((127.3, 36.5)), MONDAY_NOON, "bread")


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        (Rules(), None),
        (Rules(shops=("bakery",), businesses=("56",), weekdays=(1,), goods=("bread",)), None),
        (Rules(centre=Point((127.3, 36.5)), within_m=1), None),
        (Rules(shops=("books",)), "other shops"),
        (Rules(businesses=("47", "91")), "Retail trade, Sports and recreation"),
        (Rules(centre=Point((127.4, 36.5)), within_m=5_000), "5,000 m"),
        (Rules(weekdays=(7, 6)), "other days: Saturday, Sunday"),
        (Rules(from_hour=13), "from 13:00 to 24:00"),
        (Rules(to_hour=12), "to 12:00"),
        (Rules(goods=("milk",)), "milk"),
    ],
)
def test_each_rule_says_what_it_wants(rules: Rules, says: str | None) -> None:
    why = refusal(rules, USE)
    assert (why is None) if says is None else (why is not None and says in why.en)
    assert why is None or why.ko != why.en


def test_goods_are_the_same_however_they_were_typed() -> None:
    bread = unicodedata.normalize("NFC", "빵")
    for typed in (unicodedata.normalize("NFD", bread), f"{bread} ", "Bread"):
        assert refusal(Rules(goods=(bread, "bread")), USE._replace(goods=typed)) is None


def test_a_shop_without_a_place_is_in_no_area() -> None:
    assert refusal(Rules(centre=Point((127.3, 36.5)), within_m=10), USE._replace(place=None))


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 900))
def test_what_comes_again_comes_after_and_soon(first_on: date, days: int) -> None:
    after = first_on + timedelta(days=days)
    week, month = next_after(first_on, "week", after), next_after(first_on, "month", after)
    assert after < week <= after + timedelta(days=7)
    assert week.weekday() == first_on.weekday()
    assert after < month <= after + timedelta(days=31)
    assert month.day <= first_on.day


def test_the_31st_is_the_28th_in_february_and_the_31st_again() -> None:
    first_on = date(2026, 1, 31)
    second = next_after(first_on, "month", first_on)
    assert second == date(2026, 2, 28)
    assert next_after(first_on, "month", second) == date(2026, 3, 31)

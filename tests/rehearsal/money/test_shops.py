"""Shops of a model, what people spend there, and what they have."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.chance import Stream
from hapgang.rehearsal.money.purses import Purses
from hapgang.rehearsal.money.shops import Shops, sites_of
from hapgang.rehearsal.money.spending import BUYING, LARGE_SHARE, amount_won
from hapgang.twin.scene import load_scene
from tests.rehearsal.money.town import city, lived
from tests.rehearsal.one_day import CITY


def test_shops_stand_where_the_model_has_them() -> None:
    scene = load_scene(CITY, "plan")
    shops = Shops(scene)
    kinds = {scene.places.kind[site.place] for site in shops.sites}
    assert {"shop", "culture", "sport"} <= kinds
    large = sum(till.is_large for till in shops.tills)
    assert large == round(LARGE_SHARE * len(shops.tills))
    assert not any(till.is_local for till in shops.tills if till.is_large)
    row = next(r for r, k in enumerate(scene.places.kind) if k == "shop")
    inside = int(np.flatnonzero(scene.zones.kind != "outside")[0])
    outside = int(np.flatnonzero(scene.zones.kind == "outside")[0])
    assert shops.at(row, -1, inside) is shops.tills[[s.place for s in shops.sites].index(row)]
    assert shops.at(-1, -1, inside) in shops.tills
    assert shops.at(-1, -1, outside) is None


def test_a_model_without_shops_has_them_in_its_buildings() -> None:
    scene = load_scene(city(), "plan")
    sites = sites_of(scene)
    assert [site.building for site in sites] == list(range(9))
    shops = Shops(scene)
    assert shops.at(-1, 4, 0) is shops.tills[4]


@given(st.integers(0, 2**64 - 1), st.sampled_from(sorted(BUYING)))
def test_amounts_are_hundreds_within_bounds(seed: int, kind: int) -> None:
    won = amount_won(BUYING[kind].mean_won, Stream(seed))  # type: ignore[index] # a Kind
    assert won % 100 == 0
    assert 1_000 <= won <= 400_000


def test_amounts_have_their_mean() -> None:
    stream = Stream(1)
    drawn = [amount_won(20_000, stream) for _ in range(20_000)]
    assert np.mean(drawn) == pytest.approx(20_000, rel=0.02)


def test_purses_are_drawn_by_the_seed_and_wallets_are_nested() -> None:
    population = lived(scenario="cards").population
    few, many = (Purses(population, share, date(2026, 9, 16)) for share in (30.0, 60.0))
    assert few.bank_won == many.bank_won
    assert all(m for f, m in zip(few.has_wallet, many.has_wallet, strict=True) if f)
    assert sum(few.has_wallet) < sum(many.has_wallet) < sum(many.buys)
    assert all(0 <= won <= month for won, month in
               zip(few.bank_won, few.month_won.tolist(), strict=True))  # fmt: skip
    young = population.persons.age < 14
    assert not any(np.array(many.has_wallet)[young])
    paid = [p for day in range(1, 29) for p in few.paid_on(date(2026, 9, day))]
    assert sorted(paid) == np.flatnonzero(~young).tolist()

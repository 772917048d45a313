"""Lots that can be drawn again, and a report that makes nobody out."""

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ttest_ind

from hapgang.ledger.currency.experiment import K, Participant, report_of, welch
from hapgang.ledger.currency.lots import bounds, drawn

strata = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=6), st.sampled_from(["20-29", "30-39", "70+"]),
    max_size=80,
)  # fmt: skip


@given(strata, st.text(min_size=1, max_size=20), st.integers(1, 99))
@settings(max_examples=50)
def test_each_stratum_gives_its_share_and_a_seed_draws_the_same(
    strata: dict[str, str], seed: str, pct: int
) -> None:
    chosen = drawn(strata, seed, pct)
    assert chosen == drawn(dict(reversed(list(strata.items()))), seed, pct)
    assert len(chosen) == round(len(strata) * pct / 100)
    for stratum in set(strata.values()):
        members = [person for person in strata if strata[person] == stratum]
        share = len(chosen.intersection(members))
        assert abs(share - len(chosen) * len(members) / len(strata)) < 1


@given(strata, st.text(min_size=1, max_size=20), st.integers(1, 99))
@settings(max_examples=50)
def test_the_bound_of_a_stratum_draws_the_same(strata: dict[str, str], seed: str, pct: int) -> None:
    up_to = bounds(strata, seed, pct)
    assert set(up_to) == set(strata.values())
    numbers = {p: hashlib.sha256(f"{seed}|{p}".encode()).hexdigest() for p in strata}
    assert drawn(strata, seed, pct) == {p for p in strata if numbers[p] <= up_to[strata[p]]}
    assert not set(numbers.values()).intersection(up_to.values())


def test_another_seed_draws_others() -> None:
    people = {f"p{i}": "all" for i in range(100)}
    assert drawn(people, "lottery 1146", 50) != drawn(people, "lottery 1147", 50)
    sample = sorted(drawn(people, "lottery 1146", 3))
    assert sample == sorted(drawn(people, "lottery 1146", 3))


def test_the_interval_is_that_of_scipy() -> None:
    rng = np.random.default_rng(4)
    treated, control = rng.normal(520, 60, 40), rng.normal(480, 90, 55)
    ours = welch(treated, control)
    theirs = ttest_ind(treated, control, equal_var=False).confidence_interval(0.95)
    assert ours is not None
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))
    assert ours.difference == pytest.approx(treated.mean() - control.mean())
    assert welch(treated[:1], control) is None
    same = welch(np.ones(3), np.ones(3))
    assert same is not None
    assert (same.low, same.high) == (0.0, 0.0)


def people(stratum: str, treated: int, control: int, *, left: int = 0) -> list[Participant]:
    return [
        Participant(i < treated, stratum, i < left, 1000.0 + 10 * i, 600.0)
        for i in range(treated + control)
    ]


def test_small_groups_are_not_told_nor_found_by_subtraction() -> None:
    rows = people("a", 20, 20) + people("b", K, K) + people("c", K - 1, 30)
    told = {group.stratum: group for group in report_of(rows)}
    assert told["c"].treated is None
    assert told["b"].spent_won is None  # the smallest of the rest, or c were all less a and b
    assert told["a"].treated == 20
    assert told[""].treated == 24 + K
    assert told[""].local_share is not None


def test_several_small_groups_are_not_found_by_subtraction_either() -> None:
    rows = people("a", 20, 20) + people("b", 9, 9) + people("c", 1, 1) + people("d", 1, 2)
    told = {group.stratum: group for group in report_of(rows)}
    assert [told[name].treated for name in "abcd"] == [20, None, None, None]
    rows = people("a", 20, 20) + people("c", 3, 3) + people("d", 3, 3)
    assert report_of(rows)[1].treated == 20  # six of c and d together on each side


def test_few_drop_outs_are_not_counted_aloud() -> None:
    assert report_of(people("a", 20, 20, left=K - 1))[0].treated_left is None
    assert report_of(people("a", 20, 20, left=K))[0].treated_left == K
    assert report_of(people("a", 20, 20))[0].treated_left == 0
    assert report_of(people("a", 2, 2))[0].treated is None
    assert report_of([])[0].treated is None

"""Fitting: closed forms, published examples and margins that hold whatever the table."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hapgang.science import fitting


def test_tilt_of_two_cells_is_the_share_itself() -> None:
    weights = fitting.tilt(
        np.array([1.0, 3.0]), np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([1.0, 0.2])
    )
    np.testing.assert_allclose(weights, [0.8, 0.2], atol=1e-9)


def test_tilt_of_a_die_is_jaynes() -> None:
    """A die with mean 4.5 (Jaynes 1963, Brandeis lectures): 0.05435 ... 0.34749."""
    faces = np.arange(1.0, 7.0)
    weights = fitting.tilt(np.full(6, 1 / 6), np.stack([np.ones(6), faces]), np.array([1.0, 4.5]))
    expected = [0.05435, 0.07877, 0.11416, 0.16545, 0.23977, 0.34749]
    np.testing.assert_allclose(weights, expected, atol=5e-5)


def test_tilt_refuses_what_cannot_be() -> None:
    with pytest.raises(ValueError, match="contradict"):
        fitting.tilt(np.ones(3), np.stack([np.ones(3), np.arange(3.0)]), np.array([1.0, 2.5]))


def test_ipf_of_two_by_two_keeps_the_odds_ratio() -> None:
    """With odds ratio 4 and margins 1/2, the diagonal is sqrt(4) / (1 + sqrt(4)) / 2 = 1/3."""
    half = np.array([0.5, 0.5])
    table = fitting.ipf(np.array([[2.0, 1.0], [1.0, 2.0]]), half, half)
    np.testing.assert_allclose(table, [[1 / 3, 1 / 6], [1 / 6, 1 / 3]], atol=1e-9)


def test_ipf_refuses_zeros_that_contradict() -> None:
    seed = np.array([[1.0, 0.0], [1.0, 0.0]])
    with pytest.raises(ValueError, match="zeros"):
        fitting.ipf(seed, np.array([1.0, 1.0]), np.array([1.0, 1.0]), sweeps=50)
    with pytest.raises(ValueError, match="sums"):
        fitting.ipf(seed, np.array([1.0, 1.0]), np.array([1.0, 2.0]))


tables = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9),
    elements=st.one_of(st.just(0.0), st.floats(0.01, 40.0)),
)


@given(tables, st.integers(0, 2**32 - 1))
@settings(max_examples=150, deadline=None)
def test_integerise_holds_both_margins_and_zeros(table: np.ndarray, seed: int) -> None:
    """Margins made from a whole table with the same zeros, so that a solution exists."""
    whole = np.ceil(table).astype(np.int64)
    rows, columns = whole.sum(axis=1), whole.sum(axis=0)
    assume(rows.sum() > 0)
    fitted = fitting.ipf(table, rows.astype(float), columns.astype(float), strict=False)
    fitted = np.where((table > 0) & (fitted <= 0), 1e-12, fitted)
    result = fitting.integerise(fitted, rows, columns, np.random.default_rng(seed))
    assert (result >= 0).all()
    assert (result[table == 0] == 0).all()
    np.testing.assert_array_equal(result.sum(axis=1), rows)
    np.testing.assert_array_equal(result.sum(axis=0), columns)


def test_integerise_expects_the_table() -> None:
    """Within 0.15 of a table of small numbers over 3,000 draws."""
    table = np.random.default_rng(5).gamma(0.5, 1.0, (7, 6))
    rows = fitting.round_shares(table.sum(axis=1), 30)
    columns = fitting.round_shares(table.sum(axis=0), 30)
    table = fitting.ipf(table, rows.astype(float), columns.astype(float))
    rng = np.random.default_rng(1)
    mean = np.mean([fitting.integerise(table, rows, columns, rng) for _ in range(3000)], axis=0)
    np.testing.assert_allclose(mean, table, atol=0.15)


def test_integerise_refuses_the_impossible() -> None:
    rng = np.random.default_rng(1)
    with pytest.raises(ValueError, match="zeros"):
        fitting.integerise(np.eye(2), np.array([2, 0]), np.array([1, 1]), rng)
    with pytest.raises(ValueError, match="no cell"):
        fitting.integerise(np.array([[0.0], [1.0]]), np.array([1, 0]), np.array([1]), rng)


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=30), st.integers(0, 10**6))
def test_round_shares_is_within_one_and_sums(shares: list[float], total: int) -> None:
    values = np.array(shares)
    assume(values.sum() > 1e-6)
    whole = fitting.round_shares(values, total)
    assert whole.sum() == total
    assert (np.abs(whole - values * total / values.sum()) < 1 + 1e-6).all()


@given(st.lists(st.floats(0, 50), min_size=1, max_size=60))
def test_round_running_keeps_every_prefix(amounts: list[float]) -> None:
    values = np.array(amounts)
    whole = fitting.round_running(values)
    assert (whole >= 0).all()
    assert (np.abs(np.cumsum(whole) - np.cumsum(values)) <= 0.5 + 1e-6).all()


def test_round_running_carries_a_debt_to_the_neighbours() -> None:
    assert fitting.round_running(np.array([2.0, -0.9, 0.5, 0.6, 1.8])).tolist() == [2, 0, 0, 0, 2]


def test_deal_follows_the_table() -> None:
    table = np.array([[2, 0, 1], [0, 3, 0]])
    origin = np.array([1, 0, 0, 1, 0, 1])
    dealt = fitting.deal(origin, table, np.random.default_rng(3))
    counted = np.zeros_like(table)
    np.add.at(counted, (origin, dealt), 1)
    np.testing.assert_array_equal(counted, table)

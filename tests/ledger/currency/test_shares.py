"""Not one won is lost or made when a sum is shared."""

from hypothesis import given
from hypothesis import strategies as st

from hapgang.ledger.currency.shares import shared

weights = st.lists(st.integers(0, 1000), min_size=1, max_size=50).filter(any)


@given(st.integers(0, 10**12), weights)
def test_parts_sum_and_lie_within_a_won(total_won: int, weights: list[int]) -> None:
    parts = shared(total_won, weights)
    assert sum(parts) == total_won
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total_won * weight) < sum(weights)


def test_the_first_pays_the_odd_won() -> None:
    assert shared(10_000, [1, 1, 1]) == [3_334, 3_333, 3_333]

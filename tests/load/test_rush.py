"""Everybody tops up at once: not one won of the bonus too many, by answers, issue and book."""

import pytest

from benchmarks.city import served_city
from benchmarks.ledger_rush import Miscounted, rush


@pytest.mark.slow
def test_a_rush_spends_the_budget_and_not_a_won_more() -> None:
    with served_city() as city:
        found = {result.name: result for result in rush(city, 600)}
        with pytest.raises(Miscounted, match="in circulation"):  # more than these people brought
            rush(city, 64)
    assert found["ledger.rush_overspent_won"].value == 0
    assert found["ledger.rush_p99_ms"].value > 0  # how long is for a quiet machine to say
    assert "300 had the bonus" in found["ledger.rush_p99_ms"].note

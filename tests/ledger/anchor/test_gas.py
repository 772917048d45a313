"""What a checkpoint costs, from a thousand leaves to a million million: within what docs say."""

from pathlib import Path

import pytest

from benchmarks.anchor import gas_of_growth


@pytest.mark.parametrize("power", [10, 20, 30, 40])
def test_gas_grows_with_the_logarithm(tmp_path: Path, power: int) -> None:
    gas = gas_of_growth(tmp_path, power, witnesses=3, threshold=2)
    assert gas == pytest.approx(87_500 + 1_630 * power, rel=0.02)  # a node counts 10,000 more

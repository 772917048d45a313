"""What is asked and tried is counted by where it comes from."""

from datetime import UTC, datetime

import pytest

from hapgang.app.identity.bounds import Bounds
from hapgang.runtime.platform.identity.attempts import TooManyAttempts

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize("address", ["from 2001:db8:1:2:{:x}::9", "from fe80::{:x}%eth0"])
def test_one_house_is_counted_as_one(address: str) -> None:
    bounds = Bounds()
    for number in range(60):
        bounds.try_out(address.format(number), NOW)
    with pytest.raises(TooManyAttempts):
        bounds.try_out(address.format(61), NOW)


@pytest.mark.parametrize(
    "address", ["from 192.0.2.{}", "from ::ffff:192.0.2.{}", "from 2001:db8:1:{}::9", "from x{}"]
)
def test_others_are_counted_by_themselves(address: str) -> None:
    bounds = Bounds()
    for number in range(1, 70):
        bounds.try_out(address.format(number), NOW)

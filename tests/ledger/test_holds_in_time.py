"""What is set aside until an instant: captured before it, given back after it, whatever happens."""

from datetime import UTC, datetime, timedelta

import pytest

from hapgang.core.errors import Refused
from hapgang.ledger.book import Book, Frozen, HoldExpired
from hapgang.ledger.till import Till
from hapgang.writer.unit import Unit

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ANNE, SHOP, TREASURY = "urn:p:anne", "shop", "treasury"


class Counter:
    """A book, and tills of its shop and its platform at some minute after noon."""

    def __init__(self) -> None:
        self.book = Book()
        platform = self.till(0, is_platform=True)
        platform.open_account(TREASURY, "treasury", floor_won=None)
        platform.open_account(ANNE, "resident")
        platform.pay("first", TREASURY, ANNE, 2_000, "top-up")
        self.till(0).open_account(SHOP, "shop")

    def till(self, minute: int, *, is_platform: bool = False) -> Till:
        unit = Unit(1, NOON + timedelta(minutes=minute), "test", ANNE)
        return Till(self.book, unit, service=SHOP, caller=ANNE, is_platform=is_platform)

    def hold(self, name: str, minute: int, lasts_min: int) -> str:
        until = NOON + timedelta(minutes=minute + lasts_min)
        return self.till(minute).hold(name, ANNE, SHOP, 500, "deposit", until=until)

    @property
    def free_won(self) -> int:
        return self.till(0).free_won(ANNE)


def test_what_nobody_captured_comes_back() -> None:
    counter = Counter()
    counter.hold("h1", 0, 10)
    counter.hold("h2", 0, 20)
    assert counter.free_won == 1_000
    assert counter.till(9, is_platform=True).release_expired() == 0
    with pytest.raises(HoldExpired):
        counter.till(10).capture("h1", "p1", 500, "deposit")
    assert counter.till(10, is_platform=True).release_expired() == 1
    assert counter.till(10, is_platform=True).release_expired() == 0
    assert counter.free_won == 1_500
    counter.till(19).capture("h2", "p2", 500, "deposit")
    assert counter.till(60, is_platform=True).release_expired() == 0
    counter.hold("h2", 30, 20)  # asked for again: what was, is told
    assert counter.free_won == 1_500
    assert counter.book.total_won() == 0


def test_only_the_platform_gives_back_what_others_hold() -> None:
    with pytest.raises(Refused):
        Counter().till(0).release_expired()
    with pytest.raises(Refused):
        Counter().till(0).set_state(ANNE, "frozen")


def test_what_was_promised_before_a_freeze_is_still_owed() -> None:
    counter = Counter()
    counter.hold("h1", 0, 10)
    counter.till(1, is_platform=True).set_state(ANNE, "frozen")
    with pytest.raises(Frozen):
        counter.hold("h2", 1, 10)
    with pytest.raises(Frozen):
        counter.till(1).pay("p0", ANNE, SHOP, 1, "")
    counter.till(2).capture("h1", "p1", 500, "deposit")
    counter.till(2, is_platform=True).pay("p2", TREASURY, ANNE, 10, "money may come in")
    counter.till(3, is_platform=True).set_state(ANNE, "open")
    counter.hold("h2", 3, 10)

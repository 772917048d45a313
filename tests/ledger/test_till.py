"""Whose money a service may touch."""

from datetime import UTC, datetime

import pytest

from hapgang.core.errors import Conflict, Refused
from hapgang.ledger.book import Book, NotEnoughMoney
from hapgang.ledger.till import Till, account_id
from hapgang.writer.unit import Unit

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ANNE, BERT, TREASURY = "urn:p:anne", "urn:p:bert", "urn:a:treasury"


class Bank:
    """A book with Anne and Bert in it, and tills at it."""

    def __init__(self) -> None:
        self.book = Book()
        platform = self.till("platform", ANNE, is_platform=True)
        platform.open_account(TREASURY, "treasury", floor_won=None)
        for owner in (ANNE, BERT):
            platform.open_account(owner, "resident")
            platform.pay(f"welcome {owner}", TREASURY, owner, 1000, "")

    def till(self, service: str, caller: str, *, is_platform: bool = False) -> Till:
        unit = Unit(1, NOW, "t", caller)
        return Till(self.book, unit, service=service, caller=caller, is_platform=is_platform)


@pytest.fixture
def bank() -> Bank:
    return Bank()


def test_a_service_takes_from_its_caller_and_itself(bank: Bank) -> None:
    till = bank.till("shop", ANNE)
    till.open_account("shop", "service")
    till.pay("1", ANNE, "shop", 300, "bread")
    till.pay("2", "shop", BERT, 100, "rent")
    assert till.balance_won(ANNE) == 700
    assert till.free_won("shop") == 200
    for refused in (
        lambda: till.pay("3", BERT, "shop", 1, ""),
        lambda: till.hold("4", BERT, "shop", 1, ""),
        lambda: till.balance_won(BERT),
        lambda: till.free_won(BERT),
        lambda: till.open_account("urn:p:new", "resident"),
    ):
        with pytest.raises(Refused):
            refused()
    assert bank.till("platform", ANNE, is_platform=True).balance_won(BERT) == 1100


def test_holds_are_ended_by_whom_they_were_made_for(bank: Bank) -> None:
    shop = bank.till("shop", ANNE)
    shop.open_account("shop", "service")
    shop.hold("h", ANNE, "shop", 400, "deposit")
    assert (shop.balance_won(ANNE), shop.free_won(ANNE)) == (1000, 600)
    other = bank.till("other shop", ANNE)
    for refused in (
        lambda: other.capture("h", "c", 1, ""),
        lambda: other.release("h", "r", ""),
    ):
        with pytest.raises(Refused):
            refused()
    shop.capture("h", "c", 150, "bread")
    assert (shop.balance_won(ANNE), shop.free_won(ANNE)) == (850, 850)


def test_refunds_come_from_who_received(bank: Bank) -> None:
    shop = bank.till("shop", ANNE)
    shop.open_account("shop", "service")
    shop.pay("1", ANNE, "shop", 300, "bread")
    with pytest.raises(Refused):
        bank.till("other", ANNE).refund("1", "r", 1, "")
    with pytest.raises(Refused):
        shop.refund("never paid", "r", 1, "")
    bank.till("shop", BERT).refund("1", "r", 120, "stale")
    assert shop.balance_won(ANNE) == 820


def test_opening_again_returns_what_is_there(bank: Bank) -> None:
    till = bank.till("shop", ANNE)
    assert till.open_account("shop", "service") == till.open_account("shop", "service")
    assert till.open_account(ANNE, "resident").balance_won == 1000


def test_a_floor_is_never_set_above_what_an_account_has(bank: Bank) -> None:
    till = bank.till("platform", ANNE, is_platform=True)
    till.set_floor(ANNE, -500)
    till.pay("1", ANNE, BERT, 1_300, "")
    with pytest.raises(Conflict, match="-300원"):
        till.set_floor(ANNE, -299)  # the database would refuse it, and all that goes with it
    till.set_floor(ANNE, -300)
    with pytest.raises(NotEnoughMoney):
        till.pay("2", ANNE, BERT, 1, "")


def test_namesakes_have_accounts_of_their_own() -> None:
    owners = ["urn:ngsi-ld:Person:a", "urn:ngsi-ld:Staff:a", "a", "https://x.org/a", "urn:x:a"]
    assert len({account_id(owner) for owner in owners}) == len(owners)
    assert account_id(owners[0]) == "urn:ngsi-ld:Account:Person:a"

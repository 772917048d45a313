"""Money as its owner sees it, and as an operator of the currency issues it."""

from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.ids import new_urn
from hapgang.core.money import Won
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.people import TREASURY

MOST_TOP_UP_WON = 500_000  # a month's purchase limit of most Korean local currencies, our choice


class Wallet(msgspec.Struct, frozen=True):
    """What the caller has."""

    account: str
    balance_won: int
    held_won: int


def wallet(city: CityOf) -> Wallet:
    """Return the caller's account."""
    account = city.ledger.open_account(city.caller.id, "resident")
    return Wallet(account.id, account.balance_won, account.held_won)


def top_up(
    city: CityOf, *, amount_won: Annotated[int, Meta(ge=1000, le=MOST_TOP_UP_WON)]
) -> Wallet:
    """Put money into the caller's wallet, from the treasury that issues the currency."""
    city.ledger.open_account(TREASURY, "treasury", floor_won=None)
    city.ledger.open_account(city.caller.id, "resident")
    transfer = new_urn("Transfer", city.rng)
    city.ledger.pay(transfer, TREASURY, city.caller.id, amount_won, "top-up")
    return wallet(city)


def send(
    city: CityOf,
    *,
    transfer: Annotated[str, Meta(min_length=1, max_length=200)],
    payee: str,
    amount_won: Won,
    memo: Annotated[str, Meta(max_length=200)] = "",
) -> str:
    """Pay somebody from the caller's account; the caller names the transfer, once."""
    transfer_id = f"{account_id(city.caller.id)}:{transfer}"
    return city.ledger.pay(transfer_id, city.caller.id, payee, amount_won, memo)

"""What the measured service does with money: it sets aside, takes, lets go and gives back."""

from typing import Annotated

from msgspec import Meta

from hapgang.contract import City
from hapgang.core.money import Won
from hapgang.ledger.till import account_id

OWNER = "bench.town"
Word = Annotated[str, Meta(min_length=1, max_length=200)]


def hold(city: City, *, transfer: Word, price_won: Won) -> str:
    """Set money of the caller aside; who asks names the hold, once."""
    city.ledger.open_account(OWNER, "service")
    return city.ledger.hold(_named(city, transfer), city.caller.id, OWNER, price_won, "to come")


def post(city: City, *, held: Word, transfer: Word, price_won: Won) -> str:
    """Take all or part of what was set aside."""
    return city.ledger.capture(held, _named(city, transfer), price_won, "taken")


def void(city: City, *, held: Word, transfer: Word) -> str:
    """Let go of what was set aside."""
    return city.ledger.release(held, _named(city, transfer), "let go")


def give_back(city: City, *, payment: Word, transfer: Word, amount_won: Won) -> str:
    """Refund part or all of what was taken."""
    return city.ledger.refund(payment, _named(city, transfer), amount_won, "given back")


def _named(city: City, transfer: str) -> str:
    return f"{account_id(city.caller.id)}:{transfer}"

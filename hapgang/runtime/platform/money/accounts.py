"""An account as its owner sees it, and money that the treasury puts into the city."""

import msgspec

from hapgang.core.money import Won
from hapgang.core.vocabulary.money import Memo
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.spending import acting_for
from hapgang.runtime.platform.money.transfers import TransferName
from hapgang.runtime.platform.people import TREASURY


class AccountView(msgspec.Struct, frozen=True):
    """What is in an account, and whether money may leave it."""

    account: str
    owner: str
    kind: str
    state: str  # open, frozen, closed
    balance_won: int  # held money included
    held_won: int


def my_account(city: CityOf, *, account: str | None = None) -> AccountView:
    """Return the caller's account, opened where there is none yet, or that of a shop they keep."""
    owner = acting_for(city, account)
    found = city.runtime.book.account(account_id(owner))
    return AccountView(found.id, owner, found.kind, found.state, found.balance_won, found.held_won)


def pay_from_treasury(
    city: CityOf, *, transfer: TransferName, payee: str, amount_won: Won, memo: Memo
) -> str:
    """Put money into the city: from the treasury to an account, such as an agency's budget."""
    city.ledger.open_account(TREASURY, "treasury", floor_won=None)
    return city.ledger.pay(f"{account_id(TREASURY)}:{transfer}", TREASURY, payee, amount_won, memo)

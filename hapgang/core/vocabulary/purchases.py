"""What people buy: as they stand at a till, and as it is told afterwards however it was paid."""

from typing import Literal

import msgspec

from hapgang.core.event import Event

Way = Literal["currency", "card", "cash", "none"]  # none: gone without, for want of money


class Purchase(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to buy and pay in the city's currency, and what they know of it."""

    code: str  # the payload of the code that the shop shows
    amount_won: int
    name: str  # the payer's own for this payment, once
    at_bank_won: int = 0  # what they could top up at most
    issue: str | None = None  # an issue with a bonus that they have heard of


class PurchaseMade(Event, frozen=True, kw_only=True):
    """Somebody bought something, or had to go without; `entity` is the person."""

    shop: str  # empty where it is not one of the city's
    activity: str
    amount_won: int
    way: Way
    is_in_city: bool
    is_local: bool = False  # whether the shop's owner has their seat in the city
    was_declined: bool = False  # whether the currency was tried, and refused at first


class ProofsChecked(Event, frozen=True, kw_only=True):
    """So many facts of the log were checked against a signed checkpoint since it was noted last.

    In a living city each receipt that was handed out counts: the portal checks what it shows.
    """

    checked: int
    failed: int = 0


class CurrencyCounted(Event, frozen=True, kw_only=True):
    """How much of the currency there is, and which shops are not local; each hour."""

    circulating_won: int  # in all accounts but the treasury's
    outside: tuple[str, ...] | None  # shops whose owners have no seat here; None for too many

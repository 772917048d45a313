"""Money: the local currency as residents, shops, companies, agencies and operators use it."""

from hapgang.runtime.platform.money.transfers import send
from hapgang.runtime.platform.money.wallets import (
    MOST_TOP_UP_WON,
    MonthlyLimit,
    Wallet,
    open_account,
    release_expired_holds,
    top_up,
    wallet,
)

__all__ = [
    "MOST_TOP_UP_WON",
    "MonthlyLimit",
    "Wallet",
    "open_account",
    "release_expired_holds",
    "send",
    "top_up",
    "wallet",
]

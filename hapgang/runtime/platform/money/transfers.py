"""Payments by those who have the money: one, or up to a thousand at once."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hapgang.core.errors import CityError
from hapgang.core.money import Won
from hapgang.core.text import Text
from hapgang.core.vocabulary.money import Memo
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.spending import acting_for, is_limited, pay_from

MOST_AT_ONCE = 1_000
TransferName = Annotated[str, Meta(min_length=1, max_length=200)]


class BatchPayment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One payment of several; who pays names the transfer, once."""

    transfer: TransferName
    payee: Annotated[str, Meta(min_length=1, max_length=300)]
    amount_won: Won
    memo: Memo = ""


class BatchResult(msgspec.Struct, frozen=True):
    """What became of one payment of several."""

    transfer: str  # the payer's name for it
    state: Literal["paid", "refused"]
    id: str | None = None  # of the transfer in the book
    error: Text | None = None
    status: int = 200


def send(
    city: CityOf,
    *,
    transfer: TransferName,
    payee: str,
    amount_won: Won,
    memo: Annotated[str, Meta(max_length=200)] = "",
    account: str | None = None,
) -> str:
    """Pay somebody from the caller's account, or from a shop's whose owner the caller is.

    The caller names the transfer, once.
    """
    payer = acting_for(city, account, as_owner=True)
    transfer_id = f"{account_id(payer)}:{transfer}"
    return pay_from(city, transfer_id, payer, payee, amount_won, memo)


def send_batch(
    city: CityOf,
    *,
    payments: Annotated[list[BatchPayment], Meta(min_length=1, max_length=MOST_AT_ONCE)],
    linked: bool = False,
    account: str | None = None,
) -> list[BatchResult]:
    """Make up to 1,000 payments in one step.

    `linked`: all of them or none. Else each is paid or refused by itself, in the order given, and
    has its result.
    """
    payer = acting_for(city, account, as_owner=True)
    prefix = account_id(payer)
    pay = pay_from if is_limited(city, payer) else _pay_freely
    done = []
    for one in payments:
        transfer_id = f"{prefix}:{one.transfer}"
        try:
            pay(city, transfer_id, payer, one.payee, one.amount_won, one.memo)
        except CityError as error:
            if linked:
                error.detail["transfer"] = one.transfer
                raise
            done.append(
                BatchResult(one.transfer, "refused", error=error.message, status=error.status)
            )
        else:
            done.append(BatchResult(one.transfer, "paid", transfer_id))
    return done


def _pay_freely(city: CityOf, transfer: str, payer: str, payee: str, won: int, memo: str) -> str:
    """Pay from an account whose owner set no limit, so that none has to be looked for each time."""
    return city.ledger.pay(transfer, payer, payee, won, memo)

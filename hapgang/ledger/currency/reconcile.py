"""Does the book hold together? Accounts against transfers, and money against its issuer."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec


class AccountSum(NamedTuple):
    """An account as the book has it."""

    id: str
    kind: str
    balance_won: int
    held_won: int


class Differs(msgspec.Struct, frozen=True):
    """Something that does not agree."""

    what: str
    account: str | None
    book_won: int
    transfers_won: int


class Reconciliation(msgspec.Struct, frozen=True):
    """What an auditor is told; `differences` is empty when all agrees."""

    accounts: int
    sum_won: int  # of all accounts: zero
    issued_won: int  # by the treasury
    returned_won: int  # to the treasury, such as by cashing out
    circulating_won: int  # in all other accounts
    held_won: int
    differences: list[Differs]


def reconciled(
    accounts: Iterable[AccountSum],
    moved_won: Mapping[str, int],
    held_won: Mapping[str, int],
    issued_won: int,
    returned_won: int,
    *,
    most: int = 1_000,
) -> Reconciliation:
    """Return whether balances are what transfers sum to, and what differs, up to `most` lines.

    moved_won: what transfers put in less what they took out, by account; held_won: what open holds
    set aside; issued_won and returned_won: what left the treasury and came back to it.
    """
    known = {account.id: account for account in accounts}
    differences = []
    for account in known.values():
        moved = moved_won.get(account.id, 0)
        if account.balance_won != moved:
            differences.append(Differs("balance", account.id, account.balance_won, moved))
        held = held_won.get(account.id, 0)
        if account.held_won != held:
            differences.append(Differs("held", account.id, account.held_won, held))
    for name in sorted(moved_won.keys() - known.keys()):
        differences.append(Differs("transfers without an account", name, 0, moved_won[name]))
    sum_won = sum(account.balance_won for account in known.values())
    if sum_won:
        differences.append(Differs("sum of all accounts", None, sum_won, 0))
    circulating_won = sum(a.balance_won for a in known.values() if a.kind != "treasury")
    if circulating_won != issued_won - returned_won:
        differences.append(Differs("circulating", None, circulating_won, issued_won - returned_won))
    return Reconciliation(
        len(known),
        sum_won,
        issued_won,
        returned_won,
        circulating_won,
        sum(account.held_won for account in known.values()),
        differences[:most],
    )

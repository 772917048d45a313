"""The book of a collection, as everybody may read it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from hapgang.ledger.currency.statement import Moved


class CampaignLine(msgspec.Struct, frozen=True):
    """A gift, or a use of gifts."""

    at: datetime
    kind: str  # gift, use
    amount_won: int
    left_won: int  # in the purse after it
    name: str | None  # of a giver who wishes to be named, or what it was used for
    payee: str | None  # of a use, where it is nobody in person
    transfer: str | None  # of a use: a gift's would tell the giver


def campaign_book(
    account: str, opening_won: int, moved: Sequence[Moved], *, personal: frozenset[str]
) -> list[CampaignLine]:
    """Return the lines of a collection's account without who gave; `personal` accounts stay so."""
    left_won = opening_won
    lines = []
    for one in moved:
        if one.credit == account:
            left_won += one.amount_won
            lines.append(
                CampaignLine(one.at, "gift", one.amount_won, left_won, one.memo or None, None, None)
            )
        else:
            left_won -= one.amount_won
            payee = None if one.credit in personal else one.credit
            lines.append(
                CampaignLine(one.at, "use", one.amount_won, left_won, one.memo, payee, one.id)
            )
    return lines

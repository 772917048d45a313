"""What a scenario says of the local currency and of votes: how residents take part in them.

All is off unless a scenario says otherwise: a city without the currency has cards and cash only.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

Percent = Annotated[float, Meta(ge=0.0, le=100.0)]
Sum = Annotated[int, Meta(ge=0, le=1_000_000)]


class PlatformSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many take part, and what the city puts in; sums are won."""

    wallet_pct: Percent = 0.0  # of residents from 14 on who pay by it; 0: there is none
    bonus_pct: Annotated[int, Meta(ge=1, le=50)] = 5  # of an issue
    bonus_won: Sum = 0  # of an issue's budget, for each resident
    points_pct: Annotated[int, Meta(ge=0, le=20)] = 1  # of what is bought, back to who buys
    allowance_won: Sum = 0  # each month, for those of 70 and more
    benefit_won: Sum = 0  # each month, from employers to those who work
    lost_phones: Annotated[float, Meta(ge=0.0, le=1000.0)] = 0.0  # of 1,000 wallets, on a day
    proof_pct: Percent = 0.0  # of payments that the payer wants proven
    vote_pct: Percent = 0.0  # of those from 20 on who mean to vote in a consultation; 0: none
    sealed_pct: Percent = 0.0  # of those, whose ballots are really sealed; others vote on paper

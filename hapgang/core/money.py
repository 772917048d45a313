"""Money is an integer number of won; there are no fractions to lose."""

from typing import Annotated

from msgspec import Meta

Won = Annotated[int, Meta(ge=0, le=1_000_000_000_000)]


def won_text(amount_won: int) -> str:
    """Write an amount as people read it: `12,500원`."""
    return f"{amount_won:,}원"

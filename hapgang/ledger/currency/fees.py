"""What the currency saves and does, as plain functions over sums of transfers."""

from typing import NamedTuple

# The white paper, "Sejong National Pilot Smart City Token Service Example": of 10,000 won that a
# buyer pays by card today, 220 go to the card company and 30 to the network between (VAN), so that
# the merchant gets 9,750; paid in the currency, 100 go back to the buyer as points.
_OF_WON = 10_000
CARD_COMPANY_WON, NETWORK_WON, POINTS_WON = 220, 30, 100
_DAYS_A_YEAR = 365.25


class FeeComparison(NamedTuple):
    """The same payments by card, and in the currency."""

    paid_won: int
    card_fees_won: int  # that merchants would have paid
    card_company_won: int
    network_won: int
    points_won: int  # that buyers would have back by the white paper's share
    points_paid_won: int  # that they did have back


def compared(paid_won: int, points_paid_won: int = 0) -> FeeComparison:
    """Return what a sum of payments to merchants costs by card, and in the currency.

    paid_won, points_paid_won: won, >= 0. Rounded down to whole won. Ignores that fees differ by a
    merchant's size, and what running the currency costs. Source: the white paper, "Sejong National
    Pilot Smart City Token Service Example". Checked: its 10,000 won.
    """
    card_company_won = paid_won * CARD_COMPANY_WON // _OF_WON
    network_won = paid_won * NETWORK_WON // _OF_WON
    points_won = paid_won * POINTS_WON // _OF_WON
    fees_won = card_company_won + network_won
    return FeeComparison(
        paid_won, fees_won, card_company_won, network_won, points_won, points_paid_won
    )


def merchant_fees_saved_won(paid_won: int) -> int:
    """Return the card fees that merchants did not pay, won; see `compared`."""
    return compared(paid_won).card_fees_won


def local_share(local_won: int, spent_won: int) -> float | None:
    """Return which share of what was spent at shops went to local ones, 0 to 1; None of nothing.

    local_won, spent_won: won, net of refunds. Local is a shop whose owner has their seat in the
    city, as an office found. Source: the definition; the white paper wants money to circulate in
    the city ("cash circulation for local merchants"). Checked: bounds, in the tests.
    """
    return local_won / spent_won if spent_won > 0 else None


def velocity(paid_won: int, circulating_won: float, days: float) -> float | None:
    """Return how often a won is spent in a year, 1/a; None where there is no money or no time.

    paid_won: payments within `days`, won. circulating_won: the mean money in circulation, won.
    Ignores transfers that buy nothing, if they are left out of paid_won. Source: the equation of
    exchange, V = PT / M (Fisher 1911, "The Purchasing Power of Money"). Checked: by hand.
    """
    if circulating_won <= 0 or days <= 0:
        return None
    return paid_won / circulating_won * (_DAYS_A_YEAR / days)


def in_two_digits(won: int) -> int:
    """Return a sum of everybody's money in two digits, so that no single top-up shows in it."""
    return int(float(f"{won:.1e}"))

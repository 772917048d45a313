"""How much people have and spend, how they pay, and when: constants with their sources.

HIES 2022     Statistics Korea, Household Income and Expenditure Survey 2022, expenditure: 2.64
              million won a household and month, of which food 390,000, meals out and lodging
              397,000, clothes 136,000, household goods 117,000.
BOK 2024      Bank of Korea, survey of payment methods 2024: cash is 15.9 % of payments in shops;
              people have 66,000 won of it with them.
Yeominjeon    Sejong's local currency, by the city's announcements of 2020 and 2024: for who is 14
              or older, not taken by large stores and supermarkets of large companies.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

from hapgang.core.chance import Stream
from hapgang.rehearsal.plans import Kind

YOUNGEST_BUYER = 14  # Yeominjeon; whoever is younger has it bought for them
ADULT = 19
CASH_SHARE = 0.159  # BOK 2024
CASH_WON = 66_000  # BOK 2024, mean; assumption: evenly from nothing to twice the mean
# What is at hand for shops in a month. Adults: HIES 2022, the sums above by 1.75 adults to a
# household and rounded. Younger: assumption, pocket money.
MONTH_WON = {True: 600_000, False: 100_000}  # by whether adult
MONTH_DAYS = 30
# Assumption: who has a wallet and stands in a shop that takes it uses it for seven in ten
# payments, as people who can choose do not always choose the same.
USES_WALLET = 0.7
REFUNDED = 0.01  # assumption: one purchase in a hundred is brought back within the hour
REFUND_AFTER_S = 3_600.0
LARGE_SHARE = 0.15  # assumption: of shops, the largest, belong to large companies (Yeominjeon)
AWAY_SHARE = 0.2  # assumption: of the others, owners who live elsewhere
_SPREAD = 0.7  # assumption: of the logarithm of an amount; baskets are skewed
_LEAST_WON, _MOST_WON = 1_000, 400_000


class Buying(NamedTuple):
    """How often somebody buys something where they do something, and for how much."""

    share: float
    mean_won: int


# Shopping: HIES 2022, food, clothes and household goods by residents, less a quarter that is
# bought online (assumption, near Statistics Korea's online shopping), by how often the plans'
# residents go: 0.21 a day. The others: assumptions, near prices of a lunch, a coffee, a ticket.
BUYING: Mapping[Kind, Buying] = {
    Kind.SHOPPING: Buying(0.95, 35_000),
    Kind.MEAL: Buying(1.0, 12_000),
    Kind.LEISURE: Buying(0.4, 8_000),
    Kind.SPORT: Buying(0.3, 6_000),
    Kind.CULTURE: Buying(0.9, 15_000),
}


def amount_won(mean_won: int, stream: Stream) -> int:
    """Draw what something costs: log-normal around a mean, in hundreds of won."""
    radius = math.sqrt(-2.0 * math.log1p(-stream.random()))
    normal = radius * math.cos(2.0 * math.pi * stream.random())  # Box and Muller 1958
    drawn = mean_won * math.exp(_SPREAD * normal - _SPREAD**2 / 2)
    return max(_LEAST_WON, min(_MOST_WON, round(drawn / 100) * 100))

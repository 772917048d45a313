"""How we know that the local currency works: fees, where money goes, how fast, and how surely.

A rehearsal knows of every purchase, however it was paid (`PurchaseMade`). A living city knows of
those in its own currency: then payments to shops are what is measured, once five people have paid,
and in whole numbers, so that single payments cannot be made out.
"""

from typing import NamedTuple

from hapgang.hub.lake import LakeView
from hapgang.ledger.currency.experiment import K
from hapgang.ledger.currency.fees import compared, local_share, merchant_fees_saved_won, velocity

# ruff: noqa: S608 (made of constants)

_OF_WON = 10_000
_WHOLE_DAY = 23 / 24  # counted each hour
# Payments of people, companies and vouchers to shops; a refund names what it returns.
_PAID = """
    WITH account AS (SELECT 'urn:ngsi-ld:Account:' AS a),
    side AS (
        SELECT credit AS shop, debit AS payer, amount_won AS won, step FROM transfer
        WHERE step IN ('posted', 'captured')
        UNION ALL
        SELECT debit, credit, -amount_won, 'refund' FROM transfer
        WHERE step = 'posted' AND "of" IS NOT NULL),
    paid AS (
        SELECT side.* FROM side, account
        WHERE shop LIKE a || 'Shop:%'
          AND (payer LIKE a || 'Person:%' OR payer LIKE a || 'Company:%'
               OR payer LIKE a || 'VoucherProgramme:%'))
"""
# A programme, whose vouchers one person may spend, is nobody of those who paid.
_PAID_BY = (
    _PAID
    + """
    SELECT count(DISTINCT payer) FILTER (won > 0 AND payer NOT LIKE a || 'VoucherProgramme:%'),
        sum(won)
    FROM paid, account
"""
)
_AT_ONCE = (
    _PAID
    + """
    SELECT 100.0 * count(*) FILTER (step = 'posted') / nullif(count(*) FILTER (won > 0), 0)
    FROM paid
"""
)
_BY_SHOP = _PAID + "SELECT replace(shop, 'Account:', ''), sum(won) FROM paid GROUP BY shop"
_POINTS = """
    SELECT coalesce(sum(amount_won), 0) FROM transfer
    WHERE memo = 'buying' AND step = 'posted' AND debit LIKE 'urn:ngsi-ld:Account:RewardBudget:%'
"""
_COUNTED = """
    SELECT avg((body->>'circulating_won')::BIGINT), count(*) / 24.0
    FROM event WHERE event = 'CurrencyCounted'
"""
_OUTSIDE = """
    SELECT DISTINCT unnest(from_json(body->'outside', '["VARCHAR"]'))
    FROM event WHERE event = 'CurrencyCounted' AND json_type(body->'outside') = 'ARRAY'
"""
_UNKNOWN = """
    SELECT count(*) FROM event
    WHERE event = 'CurrencyCounted' AND json_type(body->'outside') = 'NULL'
"""
_PROOFS = "SELECT sum((body->>'checked')::INT) FROM event WHERE event = 'ProofsChecked'"
_BOUGHT = """
    SELECT count(*), count(*) FILTER (way = 'none'), count(*) FILTER (declined OR way = 'currency'),
        count(*) FILTER (declined), count(*) FILTER (way <> 'none' AND here),
        count(*) FILTER (way IN ('currency', 'cash') AND here),
        coalesce(sum(won) FILTER (way <> 'none'), 0),
        coalesce(sum(won) FILTER (way <> 'none' AND local), 0),
        coalesce(sum(won) FILTER (way <> 'none' AND here), 0),
        coalesce(sum(won) FILTER (way = 'card' AND here), 0),
        coalesce(sum(won) FILTER (way = 'currency' AND here), 0)
    FROM (SELECT body->>'way' AS way, (body->>'amount_won')::BIGINT AS won,
              (body->>'is_in_city')::BOOL AS here, (body->>'is_local')::BOOL AS local,
              (body->>'was_declined')::BOOL AS declined
          FROM event WHERE event = 'PurchaseMade' AND json_exists(body, '$.way'))
"""


class _Bought(NamedTuple):
    """Purchases however they were paid; in won what was bought, not what was gone without."""

    wanted: int
    without: int
    tried: int  # to be paid in the currency
    declined: int
    here: int  # in the city, and paid
    at_once: int  # of those: the shop had its money at once
    all_won: int
    local_won: int
    here_won: int
    card_won: int
    currency_won: int


def _bought(lake: LakeView) -> _Bought | None:
    found = _Bought(*(int(number) for number in lake.rows(_BOUGHT)[0]))
    return found if found.wanted else None


def _paid_won(lake: LakeView) -> int | None:
    """Return what was paid to shops in the currency, won; None where too few people paid."""
    payers, paid_won = lake.rows(_PAID_BY)[0]
    if paid_won is None or paid_won <= 0 or (payers < K and _bought(lake) is None):
        return None
    return int(paid_won)


def _told(lake: LakeView, value: float) -> float:
    """Return a number so that no payment of a living city shows in it: rounded to a whole one."""
    return value if _bought(lake) is not None else float(round(value))


def merchant_fees_won(lake: LakeView) -> float | None:
    """Return what shops of the city pay in card fees of each 10,000 won sold, however paid, won.

    Points for buying are the city's, not the shops'. None where cards are not known of.
    """
    bought = _bought(lake)
    if bought is None or not bought.here_won:
        return None
    return merchant_fees_saved_won(bought.card_won) * _OF_WON / bought.here_won


def fees_saved_won(lake: LakeView) -> float | None:
    """Return what 10,000 won paid in the currency save: card fees less points given, won."""
    paid_won = _paid_won(lake)
    if paid_won is None:
        return None
    fees = compared(paid_won, int(lake.number(_POINTS) or 0))
    return _told(lake, (fees.card_fees_won - fees.points_paid_won) * _OF_WON / paid_won)


def currency_share_pct(lake: LakeView) -> float | None:
    """Return how much of the city's shops' sales is paid in the currency, %."""
    bought = _bought(lake)
    if bought is None or not bought.here_won:
        return None
    return 100.0 * bought.currency_won / bought.here_won


def local_share_pct(lake: LakeView) -> float | None:
    """Return how much of what is known to be spent goes to local shops, %."""
    bought = _bought(lake)
    if bought is not None:
        local_won, all_won = bought.local_won, bought.all_won
    elif _paid_won(lake) is None or lake.number(_UNKNOWN):
        return None
    else:
        outside = {row[0] for row in lake.rows(_OUTSIDE)}
        paid = [(shop, int(won)) for shop, won in lake.rows(_BY_SHOP)]
        all_won = sum(won for _, won in paid)
        local_won = sum(won for shop, won in paid if shop not in outside)
    share = local_share(local_won, all_won)
    return None if share is None else _told(lake, 100.0 * share)


def velocity_by_year(lake: LakeView) -> float | None:
    """Return how often a won of the currency is spent at shops in a year, 1/a.

    Of whole days only, in a living city: nobody sees single payments by asking again and again.
    """
    mean_won, days = lake.rows(_COUNTED)[0]
    paid_won = _paid_won(lake)
    if mean_won is None or paid_won is None:
        return None
    if _bought(lake) is None and days < _WHOLE_DAY:
        return None
    return velocity(paid_won, float(mean_won), float(days))


def settled_at_once_pct(lake: LakeView) -> float | None:
    """Return how many of the payments to shops were theirs at once, %: in the currency, or cash."""
    bought = _bought(lake)
    if bought is None:
        at_once = lake.number(_AT_ONCE) if _paid_won(lake) is not None else None
        return None if at_once is None else _told(lake, at_once)
    return 100.0 * bought.at_once / bought.here if bought.here else None


def declined_pct(lake: LakeView) -> float | None:
    """Return how many payments in the currency were declined at first, for want of money, %."""
    bought = _bought(lake)
    return 100.0 * bought.declined / bought.tried if bought and bought.tried else None


def without_pct(lake: LakeView) -> float | None:
    """Return how many purchases were given up for want of money, %."""
    bought = _bought(lake)
    return 100.0 * bought.without / bought.wanted if bought else None


def proofs_checked(lake: LakeView) -> float | None:
    """Return how many facts were proven to those who asked."""
    return lake.number(_PROOFS)

"""What a shop took in a day or a month, by hour, and what the same would have cost by card."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

import msgspec

from hapgang.ledger.currency.fees import compared

MOST_SHOWN = 200  # payments


class TakenPayment(msgspec.Struct, frozen=True):
    """A payment that a shop took; its number, by which it is given back, says from whom."""

    at: datetime
    transfer: str
    amount_won: int
    memo: str
    is_voucher: bool
    refunded_won: int  # of it, until now
    points_won: int  # that its buyer got


class TakingsHour(msgspec.Struct, frozen=True):
    """An hour of the day, over all days of the period."""

    hour: int  # 0 to 23, in the city's zone
    payments: int
    taken_won: int
    refunded_won: int


class ShopTakings(msgspec.Struct, frozen=True):
    """What a shop took; fees and points are those of what it kept."""

    period: str
    payments: int
    taken_won: int
    refunds: int
    refunded_won: int
    net_won: int  # taken less given back within the period; may be below zero
    vouchers_won: int  # of what was taken
    card_fees_won: int  # that cards would have cost on the net, by the white paper
    card_company_won: int
    network_won: int
    points_won: int  # that its buyers got
    hours: list[TakingsHour]
    newest: list[TakenPayment]
    is_whole: bool  # whether all payments of the period are counted


def takings_of(
    period: str,
    taken: Sequence[TakenPayment],
    given_back: Sequence[tuple[datetime, int]],
    zone: tzinfo,
    *,
    is_whole: bool = True,
) -> ShopTakings:
    """Return what a shop took; `taken` has the newest first.

    Amounts in won. Hours without a payment and a refund are left out. Source of the fees: `fees`.
    Checked: sums by hand, in the tests.
    """
    taken_won = sum(one.amount_won for one in taken)
    refunded_won = sum(won for _, won in given_back)
    fees = compared(max(0, taken_won - refunded_won))
    return ShopTakings(
        period,
        len(taken),
        taken_won,
        len(given_back),
        refunded_won,
        taken_won - refunded_won,
        sum(one.amount_won for one in taken if one.is_voucher),
        fees.card_fees_won,
        fees.card_company_won,
        fees.network_won,
        sum(one.points_won for one in taken),
        _hours(taken, given_back, zone),
        list(taken[:MOST_SHOWN]),
        is_whole,
    )


def _hours(
    taken: Sequence[TakenPayment], given_back: Sequence[tuple[datetime, int]], zone: tzinfo
) -> list[TakingsHour]:
    sums: dict[int, list[int]] = {}
    for one in taken:
        hour = sums.setdefault(one.at.astimezone(zone).hour, [0, 0, 0])
        hour[0] += 1
        hour[1] += one.amount_won
    for at, won in given_back:
        sums.setdefault(at.astimezone(zone).hour, [0, 0, 0])[2] += won
    return [TakingsHour(hour, *sums[hour]) for hour in sorted(sums)]

"""What a ride costs, and whether what was measured can be true."""

import math
from typing import NamedTuple

from hapgang.services.mobility.sharing.model import Tariff

# km/h. The i-Road's top speed in Japan (Toyota, see `fleet`); nothing in the fleet is faster.
_TOP_KMH = 60.0
# m. Assumption: the error of two positions by satellite between buildings.
_SLACK_M = 200.0


class Bill(NamedTuple):
    """What is charged for, and why somebody should look at it."""

    ride_s: float
    distance_m: float
    fare_won: int
    doubts: tuple[str, ...]


def fare_won(tariff: Tariff, ride_s: float, distance_m: float) -> int:
    """Fare of a ride, won: begun minutes and kilometres, never more than `most_won`.

    ride_s, distance_m: at least 0. Source of the prices: `Tariff`.
    """
    minutes = max(0, math.ceil(ride_s / 60.0) - tariff.included_min)
    km = math.ceil(distance_m / 1000.0) if tariff.per_km_won else 0
    fare = tariff.unlock_won + minutes * tariff.per_min_won + km * tariff.per_km_won
    return min(fare, tariff.most_won)


def bill(
    tariff: Tariff,
    *,
    ride_s: float,
    straight_m: float,
    reported_m: float | None,
    detour: float,
    limit_s: float,
) -> Bill:
    """Charge a ride within what can be true.

    ride_s: by the city's clock, which may have jumped; it counts within [0, limit_s].
    straight_m: between where the ride began and ended. reported_m: by the vehicle's odometer, or
    None; it counts between the straight line and what `_TOP_KMH` allows in the time. Whatever had
    to be corrected is named in `doubts`, so that a person looks at it.
    """
    doubts: list[str] = []
    counted_s = min(max(ride_s, 0.0), limit_s)
    if ride_s < 0:
        doubts.append("the clock went back during the ride")
    if ride_s > limit_s:
        doubts.append("the ride took longer than a ride may take")
    distance_m = straight_m * detour if reported_m is None else reported_m
    if distance_m < straight_m - _SLACK_M:
        doubts.append("the odometer shows less than the straight line")
        distance_m = straight_m
    elif 0 <= ride_s <= limit_s and distance_m > ride_s * _TOP_KMH / 3.6 + _SLACK_M:
        doubts.append("the vehicle cannot have gone so far in so short a time")
        distance_m = straight_m
    return Bill(counted_s, distance_m, fare_won(tariff, counted_s, distance_m), tuple(doubts))

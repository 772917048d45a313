"""Rides with operators outside: how long they take, what they cost, how money is shared. Pure."""

import math
from collections.abc import Sequence

from hapgang.core.geometry import Point, distance_m
from hapgang.core.vocabulary.mobility import Mode, Pricing, Traveller
from hapgang.core.vocabulary.people import AgeBand
from hapgang.services.mobility.maas.method.ground import pace
from hapgang.services.mobility.maas.model.outside import OPERATOR
from hapgang.twin.footpaths import CIRCUITY
from hapgang.twin.speeds import BICYCLE_KMH, PM_MIXED_KMH, SHUTTLE_KMH, WALK_M_S

# Nobody unlocks a vehicle for less, and any hub is reached in five minutes (the white paper, "Seven
# Innovative Factors Reflected in the Land Utilization Plan"); the same as for vehicles inside.
_TOO_NEAR_M, _WALK_REACH_S = 120.0, 300.0
UNLOCK_S = 60.0  # assumption: until one rides what one stands beside
_KMH = {
    Mode.BICYCLE: BICYCLE_KMH,
    Mode.PM: PM_MIXED_KMH,
    Mode.CAR: 25.0,  # assumption: a car in a city, lights and other cars included
    Mode.SHUTTLE: SHUTTLE_KMH,
    Mode.BUS: SHUTTLE_KMH,
}
# Where a plan names no highest price, half as much again as expected is set aside (assumption).
_MORE = 1.5
# Korea's Road Traffic Act wants a licence for personal mobility, held from 16 on, and for cars,
# from 18 on; ten-year bands tell neither, so that only bands that are wholly older count.
_GROWN = frozenset(AgeBand) - {AgeBand.UNDER_10, AgeBand.TEENS}


def is_outside(service: str) -> bool:
    """Whether an operator's name is that of one outside of the city's process."""
    return service.startswith(OPERATOR)


def walk_s(start: Point, end: Point, traveller: Traveller) -> tuple[float, float]:
    """Seconds and metres of a walk over streets, for somebody who walks as this traveller."""
    way_m = distance_m(start, end) * CIRCUITY
    return way_m / (WALK_M_S * pace(traveller.walking)), way_m


def reach_m(traveller: Traveller) -> float:
    """How far from the door, as the crow flies, a vehicle may stand to be worth the walk, m."""
    return _WALK_REACH_S * WALK_M_S * pace(traveller.walking) / CIRCUITY


def ride(mode: Mode, start: Point, end: Point) -> tuple[float, float]:
    """Seconds and metres of a ride; streets are as much longer than the straight line as walks."""
    way_m = distance_m(start, end) * CIRCUITY
    return way_m / (_KMH[mode] / 3.6), way_m


def is_worth_it(start: Point, end: Point) -> bool:
    """Whether a vehicle is unlocked for so short a way."""
    return distance_m(start, end) >= _TOO_NEAR_M


def may_ride(mode: Mode, traveller: Traveller) -> bool:
    """Whether this traveller may be offered a ride by a mode; the operator checks for itself."""
    if mode in (Mode.PM, Mode.CAR):
        return traveller.licence and traveller.age_band in _GROWN and traveller.walking == "well"
    if mode is Mode.BICYCLE:
        return traveller.age_band is not AgeBand.UNDER_10 and traveller.walking == "well"
    return mode is not Mode.WALK


def price_won(plan: Pricing, ride_s: float, way_m: float) -> int:
    """What a ride costs, won: begun minutes beyond those included, kilometres, never above `most`.

    ride_s, way_m: at least 0.
    """
    minutes = max(0.0, math.ceil(ride_s / 60.0) - plan.included_min)
    flex_won = minutes * plan.per_min_won + way_m / 1000.0 * plan.per_km_won
    total_won = plan.fixed_won + math.ceil(flex_won - 1e-9)
    return total_won if plan.most_won is None else min(total_won, plan.most_won)


def hold_won(plan: Pricing, expected_won: int) -> int:
    """What is set aside for a ride: the most that its plan allows, else some more than expected."""
    return plan.most_won if plan.most_won is not None else math.ceil(_MORE * expected_won)


def shares(total_won: int, weights: Sequence[float]) -> list[int]:
    """Divide an amount by weights into whole won that sum to it exactly.

    Largest remainders (Hamilton's method); of equal ones the first. Without weights, evenly.
    total_won, weights: at least 0. Checked: the sum, for any weights (Hypothesis).
    """
    if not weights:
        return []
    total = math.fsum(weights)
    parts = [w / total for w in weights] if total > 0 else [1 / len(weights)] * len(weights)
    exact = [total_won * part for part in parts]
    whole = [min(total_won, math.floor(x)) for x in exact]
    order = sorted(range(len(parts)), key=lambda i: (whole[i] - exact[i], i))
    left = total_won - sum(whole)
    for step in range(abs(left)):
        i = order[step % len(order)] if left > 0 else order[-1 - step % len(order)]
        whole[i] += 1 if left > 0 else -1
    return whole

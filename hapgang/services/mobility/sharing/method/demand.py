"""How many rides to expect where, and which vehicles should therefore be brought elsewhere."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
from numpy.typing import NDArray

from hapgang.core.geometry import Point, degree_lengths_m
from hapgang.insight.forecast import WEEK_H, Slot
from hapgang.science.rebalancing import Move, Stop, plan_moves, plan_tours, stock_needed
from hapgang.services.mobility.sharing.model import Kind

Floats = NDArray[np.float64]

# Rides a vehicle and day before anything was counted: the shared electric bicycles of Sejong,
# 186,000 rides of 200 vehicles from January to October 2020 (Asia Business Daily, 2020-12-04).
RIDES_PER_VEHICLE_DAY = 186_000 / 200 / 305
# Weeks that this opinion weighs: it is gone after the first week that was counted.
_PRIOR_WEEKS = 0.25
# Assumption: one person in ten may find the nearest area without a vehicle at the period's end.
_RISK = 0.10
# m. Assumption: how far it is worth to carry a vehicle that is wanted; more than the city's width.
_WORTH_M = 3000.0
# Vehicles on a crew's trailer. Assumption: two closed ones of 2.35 m by 0.87 m, or twelve scooters.
TRAILER: dict[Kind, int] = {"closed": 2, "accessible": 2, "open": 12}
_MOST_TOUR_M, _MOST_CARRIES = 6000.0, 8  # so that a tour takes about an hour


def hour_of_week(now: datetime, zone: ZoneInfo) -> int:
    """Hour of the week in the city's time, 0 on Monday from midnight, 167 on Sunday from 23."""
    local = now.astimezone(zone)
    return local.weekday() * 24 + local.hour


def first_guess(area_weight: Floats, vehicles: int) -> Slot:
    """What is expected of an hour before anything was counted: rides where people and jobs are.

    area_weight (n,): people and jobs. The same for departures and arrivals and for every hour.
    Source: `RIDES_PER_VEHICLE_DAY`.
    """
    total = area_weight.sum()
    share = area_weight / total if total > 0 else np.zeros(len(area_weight))
    rate = vehicles * RIDES_PER_VEHICLE_DAY / 24.0 * share
    return Slot(_PRIOR_WEEKS * rate, _PRIOR_WEEKS)


def known_of(hour: int, learnt: Mapping[int, Slot], guess: Slot) -> Slot:
    """What is known of an hour of the week: itself, else the same hour of other days, else a guess.

    What was not learnt weighs as little as the guess does.
    """
    if hour in learnt:
        return learnt[hour]
    same = [learnt[h] for h in range(hour % 24, WEEK_H, 24) if h in learnt]
    if not same:
        return guess
    rate = np.mean([slot.rate for slot in same], axis=0)
    return Slot(_PRIOR_WEEKS * rate, _PRIOR_WEEKS)


class Parked(msgspec.Struct, frozen=True):
    """A vehicle that could be carried."""

    vehicle: str
    kind: Kind
    area: int
    at: Point
    at_station: bool


class Carry(msgspec.Struct, frozen=True):
    """Vehicles that ride together on a trailer, from one area to another."""

    vehicles: tuple[str, ...]
    source: int
    target: int


def expected(
    learnt: Mapping[int, Slot], guess: Slot, first_hour: int, hours: int, factor: float
) -> Floats:
    """Rides of each area in the hours to come: (n,).

    factor: how busy the last days were, which is known for what was learnt and not for a guess.
    """
    total = np.zeros(len(guess.counts))
    for hour in range(first_hour, first_hour + hours):
        slot = known_of(hour % WEEK_H, learnt, guess)
        total += slot.rate * (1.0 if slot is guess else factor)
    return total


def plan_rebalancing(
    report: Callable[[float], None],
    *,
    parked: Sequence[Parked],
    area_lonlat: Floats,
    departures: Floats,
    arrivals: Floats,
    detour: float,
) -> tuple[tuple[Carry, ...], ...]:
    """Tours of carries that bring vehicles to where they will be wanted: a job's pure part.

    parked: every vehicle free to be carried. area_lonlat (n, 2) degrees; departures, arrivals (n,):
    rides expected, which fall on each kind by its share of the parked fleet. Source and check:
    `hapgang.science.rebalancing`.
    """
    xy = _metres(area_lonlat)
    distance_m = detour * np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    tours: list[tuple[Carry, ...]] = []
    kinds: tuple[Kind, ...] = ("closed", "accessible", "open")
    for done, kind in enumerate(kinds):
        report(done / len(kinds))
        fleet = [p for p in parked if p.kind == kind]
        if not fleet:
            continue
        share = len(fleet) / len(parked)
        stock = np.bincount([p.area for p in fleet], minlength=len(xy))
        wanted = stock_needed(departures * share, arrivals * share, risk=_RISK)
        moves = plan_moves(stock, wanted, distance_m, worth_m=_WORTH_M)
        carries = _carries(moves, fleet, TRAILER[kind])
        stops = [Stop(_at(xy, c.source), _at(xy, c.target)) for c in carries]
        rows = plan_tours(stops, most_m=_MOST_TOUR_M, most_stops=_MOST_CARRIES)
        tours += [tuple(carries[row] for row in tour) for tour in rows]
    return tuple(tours)


def _carries(moves: list[Move], fleet: list[Parked], places: int) -> list[Carry]:
    """Choose the vehicles of each move, those on the street before those at stations."""
    waiting: dict[int, list[str]] = {}
    for parked in sorted(fleet, key=lambda p: (p.at_station, p.vehicle)):
        waiting.setdefault(parked.area, []).append(parked.vehicle)
    carries = []
    for move in moves:
        here = waiting[move.source]
        chosen, waiting[move.source] = here[: move.vehicles], here[move.vehicles :]
        carries += [
            Carry(tuple(chosen[first : first + places]), move.source, move.target)
            for first in range(0, len(chosen), places)
        ]
    return carries


def _metres(lonlat: Floats) -> Floats:
    """Flat metres round the middle of some points; good to 0.1 % in 100 km."""
    if not len(lonlat):
        return np.zeros((0, 2))
    scale = np.array(degree_lengths_m(float(lonlat[:, 1].mean())))
    return np.asarray((lonlat - lonlat.mean(axis=0)) * scale)


def _at(xy: Floats, row: int) -> tuple[float, float]:
    return float(xy[row, 0]), float(xy[row, 1])

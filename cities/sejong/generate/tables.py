"""Shares out dwellings, people, jobs and attractions over buildings and zones.

What must add up does so exactly, by largest remainders: 9,000 dwellings and 20,000 residents
(FACT), and one job for each resident who works (ASSUMED number of workers, see `facts`). A job here
is one that a resident of the zone holds; who commutes in from outside is not modelled.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely import Point
from shapely.geometry.base import BaseGeometry

from cities.sejong.generate import facilities, facts
from cities.sejong.generate.blocks import Block
from cities.sejong.generate.buildings import Body
from cities.sejong.generate.plane import Array

Ints = NDArray[np.int32]

# ASSUMED gross floor area per job, m2, before scaling to the jobs that residents hold.
_M2_PER_JOB = {"office": 35.0, "shop": 60.0, "industry": 120.0, "apartments": 6_000.0}
# ASSUMED: in mixed buildings of five floors and more, 60 % of the floors are homes; in lower ones
# (shop-houses) all but the ground floor. The share is checked by the white paper's pupils: 0.334 a
# household in medium density and 0.16 in residential-commercial give 976 in all if some 37 % of the
# households of three and more live in mixed buildings.
_MIXED_HOMES, _MIXED_FROM_FLOORS = 0.6, 5
_MIXED_JOB_M2 = 60.0


@dataclass(frozen=True, slots=True)
class Shares:
    """Columns over the buildings: names, dwellings, jobs, retail floor area in m2."""

    building: tuple[str, ...]
    dwellings: Ints
    jobs: Ints
    retail_m2: Array


def apportion(weight: Array, total: int) -> Ints:
    """Whole numbers in proportion to weights, adding up to total: largest remainders first."""
    exact = weight / weight.sum() * total
    whole = np.floor(exact + 1e-9)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return np.asarray(whole, dtype=np.int32)


def home_floors(body: Body) -> float:
    """Floors of a building that are homes."""
    if body.kind != "mixed":
        return float(body.floors if body.kind in {"apartments", "house"} else 0)
    if body.floors < _MIXED_FROM_FLOORS:
        return float(body.floors - 1)
    return float(round(body.floors * _MIXED_HOMES))


def _job_weight(body: Body, first_of: dict[str, Body]) -> float:
    if body.facility:
        jobs = {f.key: f.jobs for f in facilities.read()}[body.facility]
        return jobs if first_of[body.facility] is body else 0.0
    if body.kind == "mixed":
        return float(body.footprint.area) * (body.floors - home_floors(body)) / _MIXED_JOB_M2
    per_job = _M2_PER_JOB.get(body.kind)
    return body.floor_area_m2 / per_job if per_job else 0.0


def share(bodies: Sequence[Body]) -> Shares:
    """Dwellings by residential floor area (a house is one), jobs by working floor area."""
    homes_m2 = np.array([b.footprint.area * home_floors(b) for b in bodies])
    house = np.array([b.kind == "house" for b in bodies])
    dwellings = np.where(house, 1, 0).astype(np.int32)
    dwellings += apportion(np.where(house, 0.0, homes_m2), facts.DWELLINGS - int(house.sum()))
    first_of: dict[str, Body] = {}
    for body in bodies:
        first_of.setdefault(body.facility, body)
    weight = np.array([_job_weight(b, first_of) for b in bodies])
    jobs = apportion(weight, round(facts.WORKERS * facts.WORK_INSIDE))
    ground = {"mixed": 1.0, "shop": 2.0}
    retail = np.array([b.footprint.area * ground.get(b.kind, 0.0) for b in bodies])
    number: dict[str, int] = {}
    names = []
    for body in bodies:
        number[body.zone] = number.get(body.zone, 0) + 1
        names.append(f"{body.zone}-{number[body.zone]:02d}")
    return Shares(tuple(names), dwellings, jobs, retail)


def parking(
    bodies: Sequence[Body],
    shares: Shares,
    within: BaseGeometry,
    spaces: Sequence[tuple[str, Point, int]],
) -> list[str | None]:
    """Where the owned cars of each building stand once they may not enter the restricted area.

    within: the restricted area; spaces: car parks with place and capacity. Buildings nearest to a
    car park choose first; a full one is passed over. None: at the building itself.
    """
    inside = [n for n, b in enumerate(bodies) if within.contains(b.footprint.centroid)]
    left = [float(capacity) for *_, capacity in spaces]
    options = sorted(
        (bodies[n].footprint.centroid.distance(point), n, k)
        for n in inside
        for k, (_, point, _) in enumerate(spaces)
    )
    out: list[str | None] = [None] * len(bodies)
    for _, n, k in options:
        cars = facts.CARS_PER_DWELLING * float(shares.dwellings[n])
        if out[n] is None and cars <= left[k]:
            out[n], left[k] = spaces[k][0], left[k] - cars
    return out


def by_zone(blocks: Sequence[Block], bodies: Sequence[Body], column: Array | Ints) -> Array:
    """Sums of a column of the buildings over the zones."""
    row = {b.zone: n for n, b in enumerate(blocks)}
    weights = np.asarray(column, dtype=np.float64)
    sums = np.bincount([row[b.zone] for b in bodies], weights=weights, minlength=len(blocks))
    return np.asarray(sums, dtype=np.float64)

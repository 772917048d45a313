"""The day's trips with what each mode would cost: everything that can be known before the day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hapgang.core.vocabulary.mobility import Mode
from hapgang.rehearsal.choice import (
    BASE_MODES,
    MOST_BICYCLE_M,
    MOST_WALK_M,
    Sky,
    bicycle_min,
    bus_min,
    car_min,
    walk_min,
)
from hapgang.rehearsal.plans import Trips
from hapgang.rehearsal.population import CarAccess, Impairment, Population
from hapgang.rehearsal.skims import Skims
from hapgang.rehearsal.spots import Spots
from hapgang.rehearsal.travel import CIRCUITY, Spot
from hapgang.twin.speeds import BICYCLE_KMH, WALK_M_S

Floats = NDArray[np.float64]
_BICYCLE, _CAR = BASE_MODES.index(Mode.BICYCLE), BASE_MODES.index(Mode.CAR)
# Walking speed of older adults with limited mobility is some 0.6 of others' (Bohannon and Williams
# Andrews 2011, "Normal walking speed: a descriptive meta-analysis", read as a ratio).
PACE = {Impairment.WALKS_BADLY: 0.6, Impairment.WHEELCHAIR: 0.8}
_YOUNGEST_CYCLIST = 8  # assumption: alone in traffic
_DAY_S = 86_400


@dataclass(frozen=True, eq=False)
class Demand:
    """One row for each trip, in the order of persons and of their days."""

    trips: Trips
    origin: NDArray[np.int64]  # rows of spots
    destination: NDArray[np.int64]
    cost_min: Floats  # (trips, base modes); inf where a mode is not open
    pace: Floats  # (persons,)
    home: NDArray[np.int64]  # (persons,): rows of spots
    home_zone: NDArray[np.int32]
    first: NDArray[np.int64]  # (persons + 1,): a person's trips are first[p] ... first[p + 1] - 1
    leader: NDArray[np.int64]  # (trips,): the trip of whoever takes this traveller along, or -1
    has_company: NDArray[np.bool_]  # (trips,): takes somebody along
    by_taxi: NDArray[np.bool_]  # (trips,): a car can get there, whoever drives it


def demand_of(
    trips: Trips, population: Population, spots: Spots, skims: Skims, sky: Sequence[Sky]
) -> Demand:
    """Weigh every base mode for every trip; `sky` is the weather of each hour."""
    persons = population.persons
    origin = spots.row(trips.from_building, trips.from_zone)
    destination = spots.row(trips.to_building, trips.to_zone)
    apart_m = CIRCUITY * np.hypot(*(spots.xy[origin] - spots.xy[destination]).T)
    pace = paces(population)
    cost_min = np.stack(
        [
            _COST[mode](_Inputs(trips, origin, destination, apart_m, pace, spots, skims, sky))
            for mode in BASE_MODES
        ],
        axis=1,
    )
    person = trips.person
    by_taxi = np.isfinite(cost_min[:, _CAR])
    leader = leaders(trips)
    has_company = np.zeros(len(trips), np.bool_)
    has_company[leader[leader >= 0]] = True
    can_cycle = (persons.age >= _YOUNGEST_CYCLIST) & (persons.impairment == Impairment.NONE)
    cost_min[~can_cycle[person] | has_company, _BICYCLE] = np.inf
    cost_min[persons.car_access[person] == CarAccess.NEVER, _CAR] = np.inf
    home = spots.row(population.home_building, population.home_zone)
    close_tours(cost_min, np.asarray(origin == home[person]))
    return Demand(
        trips=trips,
        origin=origin,
        destination=destination,
        cost_min=cost_min,
        pace=pace,
        home=home,
        home_zone=population.home_zone,
        first=np.searchsorted(person, np.arange(len(persons) + 1)),
        leader=leader,
        has_company=has_company,
        by_taxi=by_taxi,
    )


def ends_of(demand: Demand, spots: Spots) -> list[tuple[Spot, Spot]]:
    """Return where each trip begins and ends."""
    trips = demand.trips
    origins, destinations = (
        map(spots.spot, rows.tolist(), zones.tolist())
        for rows, zones in (
            (demand.origin, trips.from_zone),
            (demand.destination, trips.to_zone),
        )
    )
    return list(zip(origins, destinations, strict=True))


def paces(population: Population) -> Floats:
    """Return each person's walking speed as a share of others', (persons,)."""
    found = np.ones(len(population.persons))
    for impairment, factor in PACE.items():
        found[population.persons.impairment == impairment] = factor
    return found


def leaders(trips: Trips) -> NDArray[np.int64]:
    """Return for each trip that of the carer who leaves at the same moment, (trips,), or -1."""
    key = trips.person.astype(np.int64) * _DAY_S + trips.depart_s
    wanted = trips.with_person.astype(np.int64) * _DAY_S + trips.depart_s
    found = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
    is_led = (trips.with_person >= 0) & (key[found] == wanted)
    return np.where(is_led, found, -1)


def close_tours(cost_min: Floats, from_home: NDArray[np.bool_]) -> None:
    """Close car and bicycle, in place, to tours with a trip that cannot be made with them.

    from_home (trips,): a tour begins here. What is taken from home has to come home again.
    """
    first = np.flatnonzero(from_home)
    for column in (_BICYCLE, _CAR) if len(first) else ():
        is_closed = np.logical_or.reduceat(np.isinf(cost_min[:, column]), first)
        tour = np.repeat(is_closed, np.diff(np.append(first, len(cost_min))))
        cost_min[first[0] :][tour, column] = np.inf


@dataclass(frozen=True, eq=False)
class _Inputs:
    trips: Trips
    origin: NDArray[np.int64]
    destination: NDArray[np.int64]
    apart_m: Floats
    pace: Floats
    spots: Spots
    skims: Skims
    sky: Sequence[Sky]

    def weight(self, mode: Mode) -> Floats:
        return self._by_hour([sky.weight(mode) for sky in self.sky])

    def exposed_min(self, mode: Mode) -> Floats:
        return self._by_hour([sky.exposed_min(mode) for sky in self.sky])

    def _by_hour(self, hours: list[float]) -> Floats:
        hour = np.clip(self.trips.depart_s // 3600, 0, len(hours) - 1).astype(int)
        return np.asarray(np.array(hours)[hour])

    def between(self, table: NDArray[np.float32]) -> Floats:
        found: Floats = table[self.trips.from_zone, self.trips.to_zone].astype(np.float64)
        return found

    @property
    def is_inside(self) -> NDArray[np.bool_]:
        return np.asarray(self.trips.from_zone == self.trips.to_zone)


def _walk(x: _Inputs) -> Floats:
    # Within a zone, and between near ones, the buildings' own distance says more than the zones'.
    skim_m = np.where(x.is_inside, x.apart_m, x.between(x.skims.distance_m[Mode.WALK]))
    walk_m = np.where(np.isfinite(skim_m), np.maximum(skim_m, x.apart_m), np.inf)
    walk_s = walk_m / WALK_M_S / x.pace[x.trips.person]
    cost = walk_min(walk_s, x.weight(Mode.WALK))
    return np.where(walk_m <= MOST_WALK_M, cost, np.inf)


def _bicycle(x: _Inputs) -> Floats:
    skim_m = np.where(x.is_inside, x.apart_m, x.between(x.skims.distance_m[Mode.BICYCLE]))
    skim_s = x.between(x.skims.time_s[Mode.BICYCLE])
    ride_s = np.where(x.is_inside, x.apart_m / (BICYCLE_KMH / 3.6), skim_s)
    cost = bicycle_min(ride_s, x.weight(Mode.BICYCLE), x.exposed_min(Mode.BICYCLE))
    return np.where(skim_m <= MOST_BICYCLE_M, cost, np.inf)


def _car(x: _Inputs) -> Floats:
    drive_s = np.where(x.is_inside, x.apart_m / (30 / 3.6), x.between(x.skims.time_s[Mode.CAR]))
    distance_m = np.where(x.is_inside, x.apart_m, x.between(x.skims.distance_m[Mode.CAR]))
    walk_s = x.spots.car_walk_s[x.origin] + x.spots.car_walk_s[x.destination]
    cost = car_min(drive_s, distance_m, walk_s / x.pace[x.trips.person], x.weight(Mode.WALK))
    return np.where(np.isfinite(drive_s), cost, np.inf)


def _bus(x: _Inputs) -> Floats:
    found = x.skims.transit
    if found is None:
        return np.full(len(x.trips.person), np.inf)
    parts = [x.between(t) for t in (found.in_vehicle_s, found.wait_s, found.walk_s)]
    ride_s, wait_s, walk_s = parts
    transfers = x.between(found.transfers)
    possible = np.isfinite(ride_s) & ~x.is_inside
    ride_s, wait_s, walk_s, transfers = (
        np.where(possible, part, 0.0) for part in (ride_s, wait_s, walk_s, transfers)
    )
    walk_s = walk_s / x.pace[x.trips.person]
    cost = bus_min(ride_s, wait_s, walk_s, transfers, x.weight(Mode.WALK))
    return np.where(possible, cost, np.inf)


_COST: dict[Mode, Callable[[_Inputs], Floats]] = {
    Mode.WALK: _walk,
    Mode.BICYCLE: _bicycle,
    Mode.CAR: _car,
    Mode.BUS: _bus,
}

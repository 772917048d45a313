"""Household → dwelling → building → floor: no dwelling twice, a sample spread over the city."""

from dataclasses import dataclass

import numpy as np

from hapgang.core.errors import Invalid
from hapgang.rehearsal.population.columns import Flags, Floats, Ints
from hapgang.rehearsal.population.personas import Family
from hapgang.rehearsal.population.sites import SceneLike, Sites
from hapgang.twin.layers import Zones

MIXED = "mixed"  # the building kind that is residential and commercial; its ground floor is shops


@dataclass(frozen=True, eq=False)
class Stock:
    """The dwellings of a city in the order of its buildings, or of its zones without buildings."""

    first: Ints  # (buildings or zones + 1,) number of the first dwelling in each
    zone: Ints
    building: Ints  # -1 where the city has no buildings with dwellings
    mixed: Flags
    kind: tuple[str, ...]
    lowest_floor: Ints
    floors: Ints

    @property
    def dwellings(self) -> int:
        """Return how many there are."""
        return int(self.first[-1])

    @property
    def by_type(self) -> Ints:
        """Return how many dwellings there are in (medium density, mixed buildings)."""
        mixed = int(np.diff(self.first)[self.mixed].sum())
        return np.array([self.dwellings - mixed, mixed])

    def of_type(self, mixed: bool) -> Ints:
        """Return the numbers of all dwellings in mixed buildings, or in the others."""
        owner = np.repeat(self.mixed, np.diff(self.first))
        return np.flatnonzero(owner == mixed)

    def floor_of(self, dwelling: Ints) -> Ints:
        """Return the floor of each dwelling; those of a building fill it from below."""
        row = self.owner(dwelling)
        inside, count = dwelling - self.first[row], np.diff(self.first)[row]
        levels = np.maximum(self.floors[row] - self.lowest_floor[row] + 1, 1)
        floor = self.lowest_floor[row] + inside * levels // np.maximum(count, 1)
        return np.where(self.floors[row] > 0, floor, 0)

    def owner(self, dwelling: Ints) -> Ints:
        """Return the row (building or zone) of each dwelling."""
        return np.searchsorted(self.first, dwelling, side="right") - 1


def stock_of(scene: SceneLike, sites: Sites, mean_size: float) -> Stock:
    """Count a city's dwellings: those in its buildings, and what its zones have beyond them.

    A zone without a number of dwellings has as many as its people need.
    """
    buildings, zones = scene.buildings, scene.zones
    rows = np.flatnonzero((sites.building_zone >= 0) & (buildings.dwellings > 0))
    zone = sites.building_zone[rows]
    count = buildings.dwellings[rows].astype(np.int64)
    mixed = np.asarray(buildings.kind[rows] == MIXED, np.bool_)
    floors = buildings.floors[rows].astype(np.int64)
    known = np.bincount(zone, weights=count, minlength=len(zones.zone)).astype(np.int64)
    beyond = _beyond(zones, sites, known, mean_size)
    open_ = np.flatnonzero(beyond)
    nothing = np.zeros(len(open_), np.int64)
    return Stock(
        first=np.concatenate([[0], np.cumsum(np.concatenate([count, beyond[open_]]))]),
        zone=np.concatenate([zone, open_]),
        building=np.concatenate([rows, nothing - 1]),
        mixed=np.concatenate([mixed, nothing > 0]),
        kind=(*buildings.kind[rows].tolist(), *[""] * len(open_)),
        lowest_floor=np.concatenate([np.where(mixed & (floors > 1), 2, 1), nothing]),
        floors=np.concatenate([floors, nothing]),
    )


def _beyond(zones: Zones, sites: Sites, known: Ints, mean_size: float) -> Ints:
    """Dwellings of each zone that stand in no known building."""
    inside = ~sites.outside
    told: Ints = zones.dwellings.astype(np.int64) * inside
    if not told.any() and not known.any():
        people = zones.population.astype(np.float64) * inside
        told = np.ceil(people / mean_size * 1.1 + (people > 0)).astype(np.int64)
    beyond: Ints = np.maximum(told - known, 0)
    return beyond


def house(
    stock: Stock, mixed: Ints, families: tuple[Family, ...], rng: np.random.Generator
) -> Ints:
    """Return the dwelling of each household; the families' households are the first.

    mixed (households,): 1 for those that live in a mixed building.
    """
    dwelling = np.full(len(mixed), -1)
    for kind in (False, True):
        wanting = np.flatnonzero((mixed == 1) == kind)
        if not len(wanting):
            continue
        there = stock.of_type(kind)
        if len(there) < len(wanting):
            raise Invalid(
                f"{len(wanting)} households need dwellings, but the city has {len(there)} of their "
                "kind; rehearse fewer residents or add dwellings",
                f"가구 {len(wanting)}개가 살 집이 {len(there)}채뿐입니다",
            )
        spread = (np.arange(len(wanting)) + rng.random()) * len(there) / len(wanting)
        dwelling[wanting] = there[rng.permutation(spread.astype(np.int64))]
    for row, family in enumerate(families):
        _move(stock, dwelling, row, family)
    return dwelling


def _move(stock: Stock, dwelling: Ints, row: int, family: Family) -> None:
    """Move a persona's family to the dwelling that is nearest to its description."""
    options = stock.of_type(bool(stock.mixed[stock.owner(dwelling[row : row + 1])[0]]))
    owner = stock.owner(options)
    kinds = np.array([kind == family.dwelling for kind in stock.kind])
    cost: Floats = 1000.0 * ~kinds[owner] + np.abs(stock.floor_of(options) - family.floor)
    cost += 0.001 * stock.floors[owner]  # a shop-house rather than a tower
    cost[np.isin(options, dwelling[:row])] = np.inf
    equal = options[cost == cost.min()]
    best = int(equal[(2 * row + 1) * len(equal) // 8])  # not all four in the first street
    taken = np.flatnonzero(dwelling == best)
    dwelling[taken], dwelling[row] = dwelling[row], best

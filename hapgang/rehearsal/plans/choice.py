"""Where people go for what they need: zones by attraction and distance, then a site inside."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hapgang.rehearsal.plans.columns import Kind
from hapgang.rehearsal.plans.rates import DECAY_M, LUNCH_DECAY_M
from hapgang.rehearsal.population.columns import Floats, Ints
from hapgang.rehearsal.population.destinations import in_zone
from hapgang.rehearsal.population.sites import SceneLike, Sites

_SHOPS = (("shop",), ("shop", "mixed"))
# Kinds of places, else kinds of buildings, where something is done.
_WHERE: Mapping[Kind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Kind.SHOPPING: _SHOPS,
    Kind.MEAL: _SHOPS,
    Kind.LESSON: _SHOPS,
    Kind.LEISURE: (("park", "camping", "community", "farm"), ("community", "culture")),
    Kind.SPORT: (("sport",), ("community",)),
    Kind.CULTURE: (("culture",), ("culture",)),
    Kind.WORSHIP: (("worship",), ("culture", "community")),
    Kind.HEALTH: (("clinic", "hospital"), ("clinic", "hospital")),
}
_RESIDENTS_A_JOB = 2.0  # beyond the city, where only jobs are known: Korea 2020, 51.8 M on 26.9 M


class Choice:
    """The choice of destinations in one city with one table of distances."""

    def __init__(self, scene: SceneLike, sites: Sites, distances: NDArray[np.float32]) -> None:
        """Prepare the choice; distances (zones, zones), m, inf where there is no way."""
        self._scene, self._sites, self._distances = scene, sites, distances
        self._running: dict[tuple[Kind, float], Floats] = {}

    def zone(self, kind: Kind, origin: Ints, chance: Floats, *, lunch: bool = False) -> Ints:
        """Draw a zone for each origin, (m,), by attraction times exp(-distance / decay)."""
        decay_m = LUNCH_DECAY_M if lunch else DECAY_M[kind]
        if (kind, decay_m) not in self._running:
            self._running[kind, decay_m] = self._cumulative(kind, decay_m)
        running = self._running[kind, decay_m]
        flat = (running + np.arange(len(running))[:, None]).ravel()
        drawn = np.searchsorted(flat, origin + chance, side="right") - origin * len(running)
        return np.asarray(np.minimum(drawn, len(running) - 1))

    def _cumulative(self, kind: Kind, decay_m: float) -> Floats:
        """Return each origin's cumulative probabilities, (zones, zones), the last one 1."""
        pull = self.attraction(kind)
        weight = pull * np.exp(-np.minimum(self._distances / decay_m, 600.0), dtype=np.float64)
        running = np.cumsum(weight, axis=1)
        lost = running[:, -1] <= 0
        running[lost] = np.cumsum(pull)
        running /= running[:, -1:]
        running[running >= 1 - 1e-12] = 1.0
        return np.asarray(running)

    def attraction(self, kind: Kind) -> Floats:
        """Return how much each zone attracts for something, (zones,), not all zero."""
        zones, outside = self._scene.zones, self._sites.outside
        beyond = np.where(outside, zones.jobs * _RESIDENTS_A_JOB, 0.0)
        table: dict[Kind, NDArray[Any]] = {
            Kind.SHOPPING: zones.shops,
            Kind.MEAL: zones.shops,
            Kind.LESSON: np.where(outside, 0.0, zones.shops),
            Kind.LEISURE: zones.leisure,
            Kind.HEALTH: zones.health,
            Kind.VISIT: zones.population + beyond,
            Kind.BUSINESS: zones.jobs,
        }
        pull = table[kind] if kind in table else self._by_places(kind)
        if not pull.any():
            pull = zones.population + zones.jobs + 1.0
        return pull.astype(np.float64)

    def _by_places(self, kind: Kind) -> Floats:
        """Share out the leisure inside the city by what places of the kind hold."""
        leisure = self._scene.zones.leisure.astype(np.float64)
        outside = self._sites.outside
        site_zone, weight, _, _ = self._sites_for(kind)
        held = np.bincount(site_zone, weight, minlength=len(leisure)) * ~outside
        if not held.any():
            return np.where(outside & (kind == Kind.WORSHIP), 0.0, leisure)
        inside = held * max(leisure[~outside].sum(), 1.0) / held.sum()
        return np.where(outside, 0.0 if kind == Kind.WORSHIP else leisure, inside)

    def _sites_for(self, kind: Kind) -> tuple[Ints, Floats, Ints, Ints]:
        """Return zone, weight, building and place of the sites where something is done."""
        sites, scene = self._sites, self._scene
        places, buildings = _WHERE.get(kind, ((), ()))
        of_place = np.isin(sites.place_kind, places) & (sites.place_zone >= 0)
        if of_place.any():
            rows = np.flatnonzero(of_place)
            weight = np.maximum(scene.places.capacity[rows].astype(np.float64), 1.0)
            return sites.place_zone[rows], weight, sites.place_building[rows], rows
        weight = scene.buildings.floor_area_m2.astype(np.float64)
        rows = np.flatnonzero(np.isin(sites.building_kind, buildings))
        if kind == Kind.VISIT:
            weight = scene.buildings.dwellings.astype(np.float64)
            rows = np.flatnonzero(weight > 0)
        elif kind == Kind.BUSINESS:
            weight = scene.buildings.jobs.astype(np.float64)
            rows = np.flatnonzero(weight > 0)
        rows = rows[sites.building_zone[rows] >= 0]
        return sites.building_zone[rows], weight[rows], rows, np.full(len(rows), -1)

    def site(self, kind: Kind, zone: Ints, chance: Floats) -> tuple[Ints, Ints]:
        """Draw a building and a place in each zone, (m,) each, -1 where a zone has none.

        Where a zone has no site of the kind any of its buildings will do, by floor area.
        """
        site_zone, weight, building, place = self._sites_for(kind)
        drawn = in_zone(zone, site_zone, weight, chance)
        area = self._scene.buildings.floor_area_m2.astype(np.float64)
        other = in_zone(zone, self._sites.building_zone, area, chance)
        building, place = np.append(building, -1), np.append(place, -1)
        return np.where(drawn >= 0, building[drawn], other), place[drawn]

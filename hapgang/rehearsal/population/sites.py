"""What people need to know of a city's model: where one can live, work and learn, as numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hapgang.rehearsal.population.columns import Flags, Floats, Ints
from hapgang.twin.layers import Buildings, Places, Zones

Texts = NDArray[np.object_]
DETOUR = 1.3  # street over straight-line distance; Boscoe et al. 2012: 1.2 to 1.4, US national


class SceneLike(Protocol):
    """Any city model with zones, buildings and places."""

    @property
    def residents(self) -> int:
        """Residents of the whole city."""

    @property
    def zones(self) -> Zones:
        """Where trips begin and end."""

    @property
    def buildings(self) -> Buildings:
        """Buildings; may be none."""

    @property
    def places(self) -> Places:
        """Facilities; may be none."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Sites:
    """Rows of zones, buildings and places that refer to one another by number."""

    zone_ids: tuple[str, ...]
    outside: Flags  # (zones,)
    zone_xy: Floats
    building_zone: Ints  # (buildings,), -1 without
    building_kind: Texts
    place_zone: Ints  # (places,), -1 without
    place_building: Ints  # (places,), -1 without
    place_kind: Texts
    place_name: Texts

    def distances_m(self) -> Floats:
        """Return street distances between zones guessed from straight lines, (zones, zones), m."""
        x, y = self.zone_xy[:, 0], self.zone_xy[:, 1]
        return np.asarray(DETOUR * np.hypot(x[:, None] - x, y[:, None] - y))


def _rows_of(names: Iterable[str | None], known: Texts) -> Ints:
    row_of = {name: row for row, name in enumerate(known.tolist())}
    return np.array([row_of.get(name, -1) for name in names], np.int64).reshape(-1)


def sites_of(scene: SceneLike) -> Sites:
    """Number the zones, buildings and places of a city model."""
    zones, buildings, places = scene.zones, scene.buildings, scene.places
    place_building = _rows_of(places.building.tolist(), buildings.building)
    building_zone = _rows_of(buildings.zone.tolist(), zones.zone)
    place_zone = _rows_of(places.zone.tolist(), zones.zone)
    housed = place_zone < 0
    place_zone[housed & (place_building >= 0)] = building_zone[
        place_building[housed & (place_building >= 0)]
    ]
    return Sites(
        zone_ids=tuple(zones.zone.tolist()),
        outside=np.asarray(zones.kind == "outside", np.bool_),
        zone_xy=np.asarray(zones.xy, np.float64),
        building_zone=building_zone,
        building_kind=buildings.kind,
        place_zone=place_zone,
        place_building=place_building,
        place_kind=places.kind,
        place_name=places.place,
    )

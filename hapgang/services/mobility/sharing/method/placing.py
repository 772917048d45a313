"""Where a fleet stands on its first morning: by people and jobs, half at stations, half between."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hapgang.core.geometry import Point, degree_lengths_m
from hapgang.services.mobility.sharing.method.ground import SPOT_M, Ground
from hapgang.services.mobility.sharing.model import Kind, Station

Floats = NDArray[np.float64]

# Share of a station's places that are taken on the first morning. Assumption: room for returns.
_STATION_SHARE = 0.5
# One vehicle in so many begins at a station, where there is room, the others on streets as they are
# left by riders. Assumption.
_ONE_AT_STATION_IN = 2
_GOLDEN_ANGLE = np.pi * (3.0 - np.sqrt(5.0))  # Vogel 1979: points of a sunflower keep apart
_MOST_TRIES = 400


class Placed(NamedTuple):
    """One vehicle and where it starts."""

    kind: Kind
    at: Point
    station: str | None


def apportion(total: int, weight: Floats) -> NDArray[np.int64]:
    """Whole parts of a total in proportion to weights, largest remainder first, ties by row.

    weight (n,): at least 0, some above. Returns (n,) with sum `total`. Source: Hamilton's method,
    Balinski and Young 1982, "Fair representation".
    """
    exact = total * weight / weight.sum()
    parts: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - parts), kind="stable")
    parts[order[: total - int(parts.sum())]] += 1
    return parts


def place_fleet(
    counts: Mapping[Kind, int], ground: Ground, stations: Sequence[Station]
) -> list[Placed]:
    """Return where every vehicle starts; fewer where the city has no place for them."""
    if not len(ground.area_ids) or not ground.area_weight.sum() > 0:
        return []
    room = {s.id: int(s.capacity * _STATION_SHARE) for s in stations}
    near: dict[int, list[Station]] = {}
    for station in stations:
        near.setdefault(ground.area_of(station.location), []).append(station)
    spots = {row: _Spots(ground, row) for row in range(len(ground.area_ids))}
    placed: list[Placed] = []
    for kind, total in counts.items():
        for row, count in enumerate(apportion(total, ground.area_weight)):
            for _ in range(int(count)):
                roomy = next((s for s in near.get(row, ()) if room[s.id] > 0), None)
                if roomy is not None and len(placed) % _ONE_AT_STATION_IN == 0:
                    room[roomy.id] -= 1
                    placed.append(Placed(kind, roomy.location, roomy.id))
                elif (spot := spots[row].next()) is not None:
                    placed.append(Placed(kind, spot, None))
    return placed


class _Spots:
    """Street places of one area, outwards from its middle, far enough from one another."""

    def __init__(self, ground: Ground, row: int) -> None:
        self._ground = ground
        lon, lat = ground.area_lonlat[row]
        self._middle = Point((float(lon), float(lat)))
        self._tried = 0

    def next(self) -> Point | None:
        """Return the next place where a vehicle may stand, or None when there are too few."""
        lon_m, lat_m = degree_lengths_m(self._middle.lat)
        while self._tried < _MOST_TRIES:
            self._tried += 1
            radius_m = SPOT_M * np.sqrt(self._tried)
            angle = self._tried * _GOLDEN_ANGLE
            spot = Point(
                (
                    float(self._middle.lon + radius_m * np.cos(angle) / lon_m),
                    float(self._middle.lat + radius_m * np.sin(angle) / lat_m),
                )
            )
            if self._ground.why_not_park(spot) is None:
                return spot
        return None

"""Where trips begin and end: buildings, or zones where no building is known."""

import numpy as np
import shapely
from numpy.typing import NDArray

from hapgang.core.geometry import Point
from hapgang.rehearsal.travel import CIRCUITY, Spot
from hapgang.twin.modes import Modes
from hapgang.twin.network import Network
from hapgang.twin.scenario import closed_to
from hapgang.twin.scene import Scene
from hapgang.twin.speeds import WALK_M_S

# Assumption: a car stands in the street where one is so near to the door, else in the nearest car
# park if that is nearer. Where the scenario lets no cars in they stand in a car park in any case:
# there owned cars neither enter nor park (the white paper, "Set Owned Car Restricted Areas").
_AT_THE_DOOR_M = 100.0
_MOST_POINTS = 100_000


class Spots:
    """Every building and zone of a scene, with its nodes and the walk to its car."""

    def __init__(self, scene: Scene, network: Network) -> None:
        """Place all buildings, then all zones, on the network."""
        self._scene = scene
        self._n_buildings = len(scene.buildings)
        self._xy = np.concatenate([scene.buildings.xy, scene.zones.xy])
        self._lon = np.concatenate([scene.buildings.lon, scene.zones.lon])
        self._lat = np.concatenate([scene.buildings.lat, scene.zones.lat])
        self._walk = network.nearest_node(self._xy, Modes.WALK)
        self._bicycle = network.nearest_node(self._xy, Modes.BICYCLE)
        self._car, self.car_walk_s = self._parked(network)
        self._made: dict[int, Spot] = {}
        self._network = network
        self._points: dict[tuple[float, float], Spot] = {}

    def row(self, building: NDArray[np.int32], zone: NDArray[np.int32]) -> NDArray[np.int64]:
        """Rows of spots: of the building where it is known, else of the zone."""
        return np.where(building >= 0, building, self._n_buildings + zone).astype(np.int64)

    @property
    def xy(self) -> NDArray[np.float64]:
        """(spots, 2) metres."""
        return self._xy

    def spot(self, row: int, zone: int) -> Spot:
        """Return one spot."""
        found = self._made.get(row)
        if found is None:
            found = self._made[row] = Spot(
                xy=(float(self._xy[row, 0]), float(self._xy[row, 1])),
                point=Point((float(self._lon[row]), float(self._lat[row]))),
                zone=zone,
                building=row if row < self._n_buildings else -1,
                walk_node=int(self._walk[row]),
                bicycle_node=int(self._bicycle[row]),
                car_node=int(self._car[row]),
                car_walk_s=float(self.car_walk_s[row]),
            )
        return found

    def at(self, point: Point) -> Spot:
        """Return a spot for any point, such as where a vehicle stands."""
        found = self._points.get(point.coordinates)
        if found is None:
            if len(self._points) >= _MOST_POINTS:
                self._points.clear()
            found = self._points[point.coordinates] = self._made_at(point)
        return found

    def _made_at(self, point: Point) -> Spot:
        xy = self._scene.projection.xy(np.array([point.lon]), np.array([point.lat]))
        return Spot(
            xy=(float(xy[0, 0]), float(xy[0, 1])),
            point=point,
            zone=-1,
            building=-1,
            walk_node=int(self._network.nearest_node(xy, Modes.WALK)[0]),
            bicycle_node=int(self._network.nearest_node(xy, Modes.BICYCLE)[0]),
            car_node=-1,
            car_walk_s=0.0,
        )

    def _parked(self, network: Network) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the node where each spot's car stands, and the walk to it in seconds."""
        node = network.nearest_node(self._xy, Modes.CAR)
        gap_m = np.hypot(*(network.node_xy[node] - self._xy).T)
        closed = closed_to(self._scene, "car")
        forbidden = shapely.contains_xy(closed, self._lon, self._lat)
        places = self._scene.places
        parks = np.flatnonzero(
            (places.kind == "car_park") & ~shapely.contains_xy(closed, places.lon, places.lat)
        )
        away = np.flatnonzero(forbidden | (gap_m > _AT_THE_DOOR_M))
        if parks.size and away.size:
            from scipy.spatial import cKDTree  # noqa: PLC0415 (a city starts without)

            found = cKDTree(places.xy[parks]).query(self._xy[away])
            apart_m, best = np.asarray(found[0]), np.asarray(found[1])
            taken = forbidden[away] | (apart_m < gap_m[away])
            node[away[taken]] = network.nearest_node(places.xy[parks], Modes.CAR)[best[taken]]
            gap_m[away[taken]] = apart_m[taken]
        return node, CIRCUITY * gap_m / WALK_M_S

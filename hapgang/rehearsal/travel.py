"""Getting there by one's own means: on foot, by bicycle, by car among others, by the timetable."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hapgang.core.errors import NotFound
from hapgang.core.geometry import Point, degree_lengths_m
from hapgang.core.vocabulary.mobility import Mode
from hapgang.rehearsal.movement import Routes, Streets
from hapgang.twin.modes import Modes
from hapgang.twin.network import Network
from hapgang.twin.scene import Scene
from hapgang.twin.speeds import WALK_M_S
from hapgang.twin.transit import Journey, Transit

Floats = NDArray[np.float64]
# Ballou, Rahardja and Sakai 2002, "Selected country circuity factors for road travel distance
# estimation": ways are some 1.3 times as long as the straight line.
CIRCUITY = 1.3
_WALK_TOLD_S = 60.0  # shorter walks between door and car are part of the drive


# What stands for the route of a car's leg where the car is not the traveller's own.
TAXI, PASSENGER = "taxi", "passenger"


class Leg(NamedTuple):
    """One leg as it happened; the path runs along (n, 2) lon/lat at (n,) s after midnight."""

    mode: Mode
    start_s: float
    end_s: float
    distance_m: float
    wait_s: float
    route: str
    lonlat: Floats
    at_s: Floats


class Spot(NamedTuple):
    """A place where a trip begins or ends, with its nodes on the network."""

    xy: tuple[float, float]
    point: Point
    zone: int
    building: int
    walk_node: int
    bicycle_node: int
    car_node: int
    car_walk_s: float  # from here to where a car may stand


@dataclass(frozen=True, eq=False)
class Travel:
    """The streets and lines of one day, and how people move on them."""

    scene: Scene
    network: Network
    streets: Streets
    transit: Transit | None
    _routes: dict[Mode, Routes]
    _free_s: dict[Mode, Floats]
    _lonlat: Floats

    @classmethod
    def of(
        cls, scene: Scene, network: Network, transit: Transit | None, *, share: float
    ) -> "Travel":
        """Open the streets to a share of the city's residents."""
        streets = Streets(network, share=share)
        routes = {
            Mode.WALK: Routes(network, Modes.WALK),
            Mode.BICYCLE: Routes(network, Modes.BICYCLE),
            Mode.PM: Routes(network, Modes.PM),
            Mode.SHUTTLE: Routes(network, Modes.SHUTTLE),
            Mode.CAR: Routes(network, Modes.CAR, streets=streets),
        }
        lonlat = np.stack([scene.nodes.lon, scene.nodes.lat], axis=1)
        free_s = {mode: network.free_time_s(bit) for mode, bit in _BITS.items()}
        return cls(scene, network, streets, transit, routes, free_s, lonlat)

    def on_streets(
        self, mode: Mode, origin: Spot, destination: Spot, at_s: float, *, pace: float = 1.0
    ) -> Leg:
        """Walk or cycle from door to door; `pace` below 1 is slower than others."""
        start, end = _node(origin, mode), _node(destination, mode)
        links = self._path(mode, start, end, at_s)
        gap_s = self._gap_s(origin, start) + self._gap_s(destination, end)
        if start == end:
            gap_s = CIRCUITY * _far_m(origin.xy, destination.xy) / WALK_M_S
        steps_s = np.cumsum(self._free_s[mode][links]) / pace
        inner_s = at_s + gap_s / pace / 2 + np.concatenate([[0.0], steps_s])
        end_s = float(inner_s[-1] + gap_s / pace / 2)
        lonlat = self._line(origin, self._nodes(links, start), destination)
        distance_m = float(self.network.link_length_m[links].sum()) + gap_s * WALK_M_S
        times = np.concatenate([[at_s], inner_s, [end_s]])
        return Leg(mode, at_s, end_s, distance_m, 0.0, "", lonlat, times)

    def drive(self, vehicle: int, origin: Spot, destination: Spot, at_s: float) -> None:
        """Join the cars; `Streets.advance` tells when the vehicle has arrived."""
        links = self._routes[Mode.CAR].path(origin.car_node, destination.car_node, at_s)
        self.streets.depart(vehicle, links, max(at_s, self.streets.now_s))

    def driven(self, vehicle: int, origin: Spot, arrive_s: float) -> Leg:
        """Return the leg of a vehicle that has arrived."""
        links, enter_s = self.streets.trajectory(vehicle)
        nodes = self._nodes(links, origin.car_node)
        start_s = float(enter_s[0]) if len(enter_s) else arrive_s
        at_s = np.append(enter_s, arrive_s) if len(enter_s) else np.array([arrive_s])
        lonlat = self._lonlat[nodes]
        distance_m = float(self.network.link_length_m[links].sum())
        return Leg(Mode.CAR, start_s, arrive_s, distance_m, 0.0, "", lonlat, at_s)

    def driven_along(self, origin: Spot, destination: Spot, start_s: float) -> Leg:
        """Return the leg of somebody whom a driver takes along, in the time of free streets."""
        links = self._routes[Mode.CAR].path(origin.car_node, destination.car_node, start_s)
        nodes = self._nodes(links, origin.car_node)
        times = start_s + np.concatenate([[0.0], np.cumsum(self._free_s[Mode.CAR][links])])
        distance_m = float(self.network.link_length_m[links].sum())
        lonlat = self._lonlat[nodes]
        return Leg(Mode.CAR, start_s, float(times[-1]), distance_m, 0.0, "", lonlat, times)

    def with_walks(
        self, drive: Leg, ends: tuple[Spot, Spot], depart_s: float, arrive_s: float
    ) -> list[Leg]:
        """Add the walks from the door to the car and back, where they take a minute and more.

        What is left of the time is spent getting into the car and finding it a place.
        """
        origin, destination = ends
        legs = [drive]
        if origin.car_walk_s >= _WALK_TOLD_S:
            at_s = (depart_s, min(drive.start_s, depart_s + origin.car_walk_s))
            legs.insert(0, self._walked(origin, at_s, to_car=True))
        if destination.car_walk_s >= _WALK_TOLD_S:
            at_s = (max(drive.end_s, arrive_s - destination.car_walk_s), arrive_s)
            legs.append(self._walked(destination, at_s, to_car=False))
        return legs

    def _walked(self, spot: Spot, at_s: tuple[float, float], *, to_car: bool) -> Leg:
        ends = np.array([spot.point.coordinates, self._lonlat[spot.car_node]])
        lonlat = ends if to_car else ends[::-1]
        distance_m = spot.car_walk_s * WALK_M_S
        return Leg(Mode.WALK, *at_s, distance_m, 0.0, "", lonlat, np.array(at_s))

    def ride(self, origin: Spot, destination: Spot, at_s: float) -> list[Leg] | None:
        """Go by the timetable; None when nothing runs any more."""
        if self.transit is None:
            return None
        journey = self.transit.journey(origin.xy, destination.xy, int(at_s))
        return None if journey is None else self._journey_legs(journey, origin, destination)

    def offered(
        self, mode: Mode, origin: Spot, destination: Spot, start_s: float, duration_s: float
    ) -> Leg:
        """Return a leg of an operator's offer: as long as offered, if the streets let it."""
        start = _node(origin, mode)
        links = self._path(mode, start, _node(destination, mode), start_s)
        duration_s = max(duration_s, float(self._free_s[mode][links].sum()))
        lonlat = self._line(origin, self._nodes(links, start), destination)
        steps = np.hypot(*np.diff(lonlat, axis=0).T)
        along = np.concatenate([[0.0], np.cumsum(steps)])
        at_s = start_s + duration_s * (along / along[-1] if along[-1] > 0 else along)
        length_m = float(self.network.link_length_m[links].sum())
        distance_m = max(length_m, _far_m(origin.xy, destination.xy))
        return Leg(mode, start_s, start_s + duration_s, distance_m, 0.0, "", lonlat, at_s)

    def _path(self, mode: Mode, start: int, end: int, at_s: float) -> NDArray[np.int32]:
        try:
            return self._routes[mode].path(start, end, at_s)
        except NotFound:
            return np.empty(0, np.int32)

    def _line(self, origin: Spot, nodes: NDArray[np.int32], destination: Spot) -> Floats:
        ends = origin.point.coordinates, destination.point.coordinates
        return np.vstack([ends[0], self._lonlat[nodes], ends[1]])

    def _nodes(self, links: NDArray[np.int32], first: int) -> NDArray[np.int32]:
        if not len(links):
            return np.array([first], np.int32)
        source, target = self.network.link_source, self.network.link_target
        return np.append(source[links], target[links[-1]])

    def _length_m(self, lonlat: Floats) -> float:
        lon_m, lat_m = degree_lengths_m(float(lonlat[0, 1]))
        steps = np.diff(lonlat, axis=0) * (lon_m, lat_m)
        return float(np.hypot(steps[:, 0], steps[:, 1]).sum())

    def _gap_s(self, spot: Spot, node: int) -> float:
        x, y = self.network.node_xy[node]
        return _far_m(spot.xy, (float(x), float(y))) / WALK_M_S

    def _journey_legs(self, journey: Journey, origin: Spot, destination: Spot) -> list[Leg]:
        assert self.transit is not None
        timetable = self.transit.day.timetable
        legs, here, ready_s = [], origin.point.coordinates, float(journey.leave_s)
        for leg in journey.legs:
            if leg.calls is not None and leg.run is not None:
                first, last = leg.calls
                stops = timetable.trips.stop[first : last + 1]
                lonlat = np.stack([timetable.stops.lon[stops], timetable.stops.lat[stops]], axis=1)
                late_s = self.transit.day.offset_s[leg.run]
                at_s = timetable.trips.arrival_s[first : last + 1] + late_s
                at_s = np.clip(np.asarray(at_s, float), leg.start_s, leg.end_s)
                mode, route = Mode.BUS, leg.route or ""
            else:
                there = destination.point.coordinates
                if leg.to_stop is not None:
                    row = timetable.stops.row_of[leg.to_stop]
                    there = (float(timetable.stops.lon[row]), float(timetable.stops.lat[row]))
                lonlat = np.array([here, there])
                at_s = np.array([leg.start_s, leg.end_s], float)
                mode, route = Mode.WALK, ""
            here = (float(lonlat[-1, 0]), float(lonlat[-1, 1]))
            distance_m = self._length_m(lonlat)
            wait_s = max(0.0, leg.start_s - ready_s)
            legs.append(Leg(mode, leg.start_s, leg.end_s, distance_m, wait_s, route, lonlat, at_s))
            ready_s = float(leg.end_s)
        return legs


_BITS = {
    Mode.WALK: Modes.WALK,
    Mode.BICYCLE: Modes.BICYCLE,
    Mode.PM: Modes.PM,
    Mode.SHUTTLE: Modes.SHUTTLE,
    Mode.CAR: Modes.CAR,
}


def _node(spot: Spot, mode: Mode) -> int:
    return spot.walk_node if mode is Mode.WALK else spot.bicycle_node


def _far_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(np.hypot(a[0] - b[0], a[1] - b[1]))


def taken_along(leg: Leg) -> Leg:
    """Return the leg of somebody who is taken along."""
    return leg._replace(route=PASSENGER) if leg.mode is Mode.CAR else leg

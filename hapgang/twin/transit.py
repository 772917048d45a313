"""Journeys by timetable: walk to a stop, ride, change, ride, walk on.

Vehicles are on time and have room; fares are ignored. The engine is the Connection Scan Algorithm
of `hapgang.science.connection_scan`; this module knows the stops, the walks between them and the
walking network around them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hapgang.science.connection_scan import (
    NEVER,
    Labels,
    Service,
    Skims,
    Walks,
    new_labels,
    scan,
    skim,
)
from hapgang.twin.footpaths import CIRCUITY, called, footpaths, near, walks_from, with_rules
from hapgang.twin.modes import Modes
from hapgang.twin.network import Network, Targets
from hapgang.twin.speeds import WALK_M_S
from hapgang.twin.timetable import ServiceDay, Timetable

__all__ = ["CIRCUITY", "Journey", "Leg", "ServiceDay", "Skims", "Timetable", "Transit"]

# s that a change of vehicle costs besides walking. R5, the routing engine of Conveyal, uses a
# boarding slack of one minute.
CHANGE_S = 60
# m. El-Geneidy et al. 2014, "New evidence on walking distances to transit stops", Transportation
# 41, doi 10.1007/s11116-013-9508-z: the 85th percentile is 524 to buses, 1,259 to commuter rail.
ACCESS_M = 1259.0
FOOTPATH_M = 500.0
_OFF_STREET_M = 200.0  # a stop farther from every street is taken to lie outside the street map
_MOST_DOORS = 100_000
_LONGEST_S = 3 * 3600  # nobody boards later than this after setting out


@dataclass(frozen=True, kw_only=True)
class Leg:
    """One part of a journey, on foot or riding one vehicle; times in s of the service day."""

    kind: Literal["walk", "ride"]
    start_s: int
    end_s: int
    from_stop: str | None = None  # none at the door
    to_stop: str | None = None
    route: str | None = None
    trip: str | None = None
    run: int | None = None  # row in the service day's runs
    calls: tuple[int, int] | None = None  # first and last call, rows of `timetable.trips`


@dataclass(frozen=True, kw_only=True)
class Journey:
    """From door to door; what is neither walked nor ridden is waited."""

    leave_s: int
    arrive_s: int
    legs: tuple[Leg, ...]

    @property
    def transfers(self) -> int:
        """Changes of vehicle."""
        return sum(leg.kind == "ride" for leg in self.legs) - 1

    def _spent(self, kind: str) -> int:
        return sum(leg.end_s - leg.start_s for leg in self.legs if leg.kind == kind)

    @property
    def walk_s(self) -> int:
        """Seconds on foot."""
        return self._spent("walk")

    @property
    def in_vehicle_s(self) -> int:
        """Seconds in vehicles."""
        return self._spent("ride")

    @property
    def wait_s(self) -> int:
        """Seconds waited."""
        return self.arrive_s - self.leave_s - self.walk_s - self.in_vehicle_s


@dataclass(frozen=True, eq=False)
class Transit:
    """The public transport of one day over one walking network."""

    network: Network
    day: ServiceDay
    service: Service
    access_m: float
    called: NDArray[np.int64]  # rows of the stops that some trip calls at
    _nodes: NDArray[np.int64]  # (stops) nearest walking node
    _gap_s: NDArray[np.float64]  # (stops) walk between node and stop; inf off the street map
    _doors: dict[tuple[float, float, bool], Walks] = field(default_factory=dict, repr=False)
    _targets: dict[Modes, Targets] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        network: Network,
        day: ServiceDay,
        *,
        change_s: int = CHANGE_S,
        footpath_m: float = FOOTPATH_M,
        access_m: float = ACCESS_M,
    ) -> "Transit":
        """Join a day's service to the walking network; computes the walks between stops."""
        xy = day.timetable.stops.xy
        nodes = network.nearest_node(xy, Modes.WALK)
        gap_m = np.hypot(*(network.node_xy[nodes] - xy).T)
        gap_s = np.where(gap_m <= _OFF_STREET_M, gap_m / WALK_M_S, np.inf)
        feet = footpaths(network, day.timetable, nodes, gap_s, footpath_m)
        feet = with_rules(feet, day.timetable.transfers, day.timetable.stops.parent, change_s)
        service = Service(
            day.connections, walks_from(len(xy), *feet), len(day.trip), max(change_s, 1)
        )
        return cls(network, day, service, access_m, called(day.timetable), nodes, gap_s)

    def on(self, day: ServiceDay) -> "Transit":
        """Return another day over the same walks, which take the longest to find."""
        service = self.service._replace(connections=day.connections, runs=len(day.trip))
        return replace(self, day=day, service=service)

    def targets(self, kind: Modes) -> Targets:
        """Return the stops in `called` as nodes to be reached by a mode."""
        found = self._targets.get(kind)
        if found is None:
            nodes = self._nodes[self.called]
            if kind is not Modes.WALK:
                nodes = self.network.nearest_node(self.day.timetable.stops.xy[self.called], kind)
            found = self._targets[kind] = self.network.targets(nodes)
        return found

    def arrivals_s(self, origin_xy: ArrayLike, leave_s: int) -> NDArray[np.float64]:
        """Earliest arrival at every stop by at least one ride, s of the day; inf if none."""
        labels = self._scanned(self._walks_of(origin_xy, backwards=False), leave_s)
        return np.where(labels.ride_s < NEVER, labels.ride_s, np.inf)

    def journey(
        self, origin_xy: ArrayLike, destination_xy: ArrayLike, leave_s: int
    ) -> Journey | None:
        """Return the journey that arrives first with at least one ride; None if there is none."""
        access = self.doors(origin_xy, backwards=False)
        egress = self.doors(destination_xy, backwards=True)
        labels = self._scanned(access, leave_s)
        arrive_s = labels.ride_s[egress.stop] + egress.walk_s
        if not arrive_s.size or arrive_s.min() >= NEVER:
            return None
        best = int(np.argmin(arrive_s))
        return self._told(labels, access, int(egress.stop[best]), int(arrive_s[best]), leave_s)

    def skims(self, zone_xy: ArrayLike, leave_s: Sequence[int]) -> Skims:
        """Mean times and changes between all zones over some departures, (zones, zones)."""
        access = self._walks_of(zone_xy, backwards=False)
        egress = self._walks_of(zone_xy, backwards=True)
        return skim(self.service, access, egress, np.array(leave_s, dtype="i4"), _LONGEST_S)

    def _scanned(self, access: Walks, leave_s: int) -> Labels:
        labels = new_labels(self.service)
        labels.ready_s[access.stop] = leave_s + access.walk_s
        scan(self.service, labels, leave_s + _LONGEST_S)
        return labels

    def doors(self, xy: ArrayLike, *, backwards: bool) -> Walks:
        """Walks between one point and the stops around it; remembered, as people come home."""
        x, y = np.asarray(xy, "f8").reshape(2).tolist()
        found = self._doors.get((x, y, backwards))
        if found is None:
            if len(self._doors) >= _MOST_DOORS:
                self._doors.clear()
            found = self._doors[x, y, backwards] = self._walks_of((x, y), backwards=backwards)
        return found

    def _walks_of(self, xy: ArrayLike, *, backwards: bool) -> Walks:
        """Walks between points (n, 2) and the stops around them that any vehicle calls at."""
        points = np.atleast_2d(np.asarray(xy, "f8"))
        stops = self.called
        nodes = self.network.nearest_node(points, Modes.WALK)
        gap_s = np.hypot(*(self.network.node_xy[nodes] - points).T) / WALK_M_S
        limit_s = self.access_m / WALK_M_S
        point, stop, walk_s = self.network.reach(
            Modes.WALK, nodes, self.targets(Modes.WALK), limit_s, backwards=backwards
        )
        walk = walk_s + gap_s[point] + self._gap_s[stops[stop]]
        inside = walk <= limit_s
        point, stop, walk = point[inside], stops[stop[inside]], walk[inside]
        off = stops[np.isinf(self._gap_s[stops])]
        if off.size:  # stops beyond the street map are walked to as the crow flies, and a bit
            close = near(points, self.day.timetable.stops.xy[off], self.access_m / CIRCUITY)
            point = np.concatenate((point, close[0]))
            stop = np.concatenate((stop, off[close[1]]))
            walk = np.concatenate((walk, close[2] * CIRCUITY / WALK_M_S))
        return walks_from(len(points), point, stop, walk)

    def _told(
        self, labels: Labels, access: Walks, stop: int, arrive_s: int, leave_s: int
    ) -> Journey:
        """Follow the labels back from the last stop and tell the legs in order of travel."""
        names = self.day.timetable.stops.stop
        ride_s = int(labels.ride_s[stop])
        legs = [Leg(kind="walk", start_s=ride_s, end_s=arrive_s, from_stop=names[stop])]
        while True:
            ride = self.ride(int(labels.enter[stop]), int(labels.leave[stop]))
            legs.append(ride)
            board = int(self.service.connections.departure_stop[labels.enter[stop]])
            before = int(labels.came_from[board])
            if before < 0:
                walk_s = int(access.walk_s[access.stop == board][0])
                door = Leg(
                    kind="walk", start_s=leave_s, end_s=leave_s + walk_s, to_stop=names[board]
                )
                return Journey(leave_s=leave_s, arrive_s=arrive_s, legs=(door, *reversed(legs)))
            if before != board:
                start_s = int(labels.ride_s[before])
                walk_s = int(labels.ready_s[board]) - start_s - self.service.change_s
                legs.append(
                    Leg(
                        kind="walk",
                        start_s=start_s,
                        end_s=start_s + walk_s,
                        from_stop=names[before],
                        to_stop=names[board],
                    )
                )
            stop = before

    def walking(self, slower: float) -> "Transit":
        """Return the same for people whose walks between stops take longer by a factor."""
        feet = self.service.feet
        walk_s = np.ceil(feet.walk_s * slower).astype("i4")
        return replace(self, service=self.service._replace(feet=feet._replace(walk_s=walk_s)))

    def ride(self, enter: int, leave: int) -> Leg:
        """Return the ride from where one connection begins to where another of its run ends."""
        connections, timetable = self.service.connections, self.day.timetable
        run = int(connections.run[enter])
        trip = int(self.day.trip[run])
        last = int(self.day.call[leave]) + 1
        while timetable.trips.stop[last] != connections.arrival_stop[leave]:
            last += 1  # past stops that are skipped today
        return Leg(
            kind="ride",
            start_s=int(connections.departure_s[enter]),
            end_s=int(connections.arrival_s[leave]),
            from_stop=timetable.stops.stop[connections.departure_stop[enter]],
            to_stop=timetable.stops.stop[connections.arrival_stop[leave]],
            route=timetable.routes.route[timetable.trips.route[trip]],
            trip=timetable.trips.trip[trip],
            run=run,
            calls=(int(self.day.call[enter]), last),
        )

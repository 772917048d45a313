"""Movement on streets: motor vehicles queue, everybody finds a way.

`Streets` moves vehicles through `hapgang.science.queues`; `Routes` finds the ways, for cars by the
travel times that the queues produce.
"""

from collections import OrderedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hapgang.core.errors import Invalid, NotFound
from hapgang.science.queue_records import (
    Traffic,
    make_traffic,
    sampled_links,
    times_lately_s,
)
from hapgang.science.queues import add_trips, run
from hapgang.science.shortest_paths import Graph, shortest_tree, trace
from hapgang.twin.modes import Modes
from hapgang.twin.network import Network

Floats = NDArray[np.float64]
Links = NDArray[np.int32]

# s that a full link stands still before a vehicle is let in: the default of MATSim's `stuckTime`.
STUCK_S = 10.0
# s that travel times are remembered: the default of MATSim's `travelTimeBinSize`.
MEMORY_S = 900.0
# s between looks at them. Three times as long, and on a grid near capacity every look sends the
# informed from one jam into the next one, larger.
REFRESH_S = 300.0
# Share of drivers who go by current travel times. Samsung Fire's survey of 1,428 drivers (Dong-A
# Ilbo, 16 September 2013): where the way is jammed 40 % use apps and navigators, 37 % stay on it;
# Fine Digital's of 313 (Top Rider, 14 June 2012): 41 % set the navigator on daily ways too. If all
# do, they overreact, as in Emmerink, Axhausen, Nijkamp, Rietveld 1995, "Effects of information in
# road transport networks with recurrent congestion", Transportation 22.
INFORMED = 0.4
# Who may drive among cars, in the order in which the free speed of a link is taken from them.
_MOTORISED = (Modes.CAR, Modes.BUS, Modes.SHUTTLE, Modes.SERVICE)
_GOLDEN = 0.6180339887498949  # rotating by the golden section spreads choices evenly (Weyl 1916)


class Streets:
    """Vehicles on the streets of a network, from event to event on the virtual clock.

    share: the vehicles that are moved, of all there are (n of N residents), in (0, 1]; flow
    capacity and room shrink with it. Times are seconds on the caller's axis. A vehicle makes one
    trip at a time. The same calls give the same answers, bit for bit.
    """

    def __init__(self, network: Network, *, share: float, stuck_s: float = STUCK_S) -> None:
        """Start with empty streets."""
        self._network = network
        free_s = np.full(len(network.link_length_m), np.inf)
        for mode in _MOTORISED:
            free_s = np.where(np.isfinite(free_s), free_s, network.free_time_s(mode))
        links = sampled_links(
            network.link_length_m.astype("f8"),
            network.link_lanes.astype("f8"),
            network.link_capacity_veh_h.astype("f8"),
            free_s,
            share=share,
        )
        self._traffic = make_traffic(links, stuck_s=stuck_s / share, memory_s=MEMORY_S)
        self._now_s = -np.inf
        self._announced: list[tuple[int, float, Links]] = []
        self._trips: dict[int, list[int]] = {}
        self._under_way: set[int] = set()

    @property
    def now_s(self) -> float:
        """Up to when everything has happened; -inf before the first `advance`."""
        return self._now_s

    @property
    def under_way(self) -> int:
        """How many vehicles have been sent off and not arrived."""
        return len(self._under_way)

    @property
    def let_in_by_force(self) -> int:
        """How often a full street stood still for so long that one more vehicle was let in.

        Where this is large beside the number of trips, the city is in gridlock.
        """
        return int(self._traffic.used[3])

    @property
    def next_event_s(self) -> float:
        """When the next thing happens on the streets; inf when nothing is under way."""
        traffic = self._settled()
        return float(traffic.events["time_s"][0]) if traffic.used[0] else np.inf

    def depart(self, vehicle: int, links: ArrayLike, at_s: float) -> None:
        """Send a vehicle along links, from the start of the first to the end of the last.

        vehicle: a number of the caller's, at least 0. Without links it arrives as it departs.
        """
        route = np.array(links, np.int32)
        if vehicle < 0 or vehicle in self._under_way:
            raise ValueError(f"vehicle {vehicle} cannot depart: below 0, or still under way")
        if not self._now_s <= at_s < np.inf:
            raise ValueError(f"departure at {at_s} s, but it is {self._now_s} s on the streets")
        self._check_drivable(route)
        self._trips.setdefault(vehicle, []).append(
            int(self._traffic.used[1]) + len(self._announced)
        )
        self._under_way.add(vehicle)
        self._announced.append((vehicle, float(at_s), route))

    def advance(self, until_s: float) -> list[tuple[int, float]]:
        """Let everything happen up to a time; return (vehicle, arrive_s) in order of time.

        Ties go by vehicle. `until_s` may be inf: until all have arrived.
        """
        if until_s < self._now_s:
            raise ValueError(f"cannot go back to {until_s} s, it is {self._now_s} s on the streets")
        traffic = self._settled()
        arrived = np.empty(len(self._under_way), np.int64)
        rows = arrived[: run(traffic, float(until_s), arrived)]
        vehicle, arrive_s = traffic.trips["vehicle"][rows], traffic.trips["arrive_s"][rows]
        order = np.lexsort((vehicle, arrive_s))
        if until_s < np.inf:
            self._now_s = float(until_s)
        elif len(rows):
            self._now_s = float(arrive_s[-1])
        self._under_way.difference_update(vehicle.tolist())
        return list(zip(vehicle[order].tolist(), arrive_s[order].tolist(), strict=True))

    def travel_times_s(self) -> Floats:
        """Seconds that each link took lately, at least when empty; inf where no motor may go.

        An average of the vehicles that left it, forgotten over `MEMORY_S`, or what the first one
        in its queue has already spent.
        """
        return times_lately_s(self._settled(), self._now_s)

    def trajectory(self, vehicle: int, trip: int = -1) -> tuple[Links, Floats]:
        """Links entered and when, s, on a vehicle's trip: 0 is its first, -1 its latest.

        Exact to a millisecond or so on trips of hours. Whoever is still under way has entered
        fewer links than the route has.
        """
        traffic = self._settled()
        if vehicle not in self._trips:
            raise NotFound(f"vehicle {vehicle} has made no trip", f"차량 {vehicle}: 운행 기록 없음")
        made = traffic.trips[self._trips[vehicle][trip]]
        steps = traffic.steps[int(made["start"]) : int(made["at"]) + 1]
        enter_s = made["depart_s"] + steps["after_s"].astype("f8")
        return steps["link"].copy(), enter_s

    def flow_per_hour(self, start_s: float = 0.0, hours: int = 24) -> NDArray[np.int64]:
        """Vehicles that entered each link in each hour after a time, (hours, links).

        Of the share that is moved: divide by it to compare with counts on the real street.
        """
        traffic = self._settled()
        trips, steps = traffic.trips[: traffic.used[1]], traffic.steps[: traffic.used[2]]
        depart_s = np.repeat(trips["depart_s"], trips["end"] - trips["start"])
        hour = (depart_s - start_s + steps["after_s"]) // 3600  # NaN where not yet entered
        counted = (hour >= 0) & (hour < hours)
        cells = hour[counted].astype(np.int64) * len(traffic.links) + steps["link"][counted]
        flow = np.bincount(cells, minlength=hours * len(traffic.links))
        return flow.reshape(hours, len(traffic.links))

    def _settled(self) -> Traffic:
        """Hand over what was announced since the last look, all in one go."""
        if self._announced:
            vehicle, depart_s, routes = zip(*self._announced, strict=True)
            self._traffic = add_trips(
                self._traffic,
                np.array(vehicle, np.int64),
                np.array(depart_s),
                np.array([len(route) for route in routes], np.int64),
                np.concatenate(routes),
            )
            self._announced.clear()
        return self._traffic

    def _check_drivable(self, route: Links) -> None:
        source, target = self._network.link_source, self._network.link_target
        if (target[route[:-1]] != source[route[1:]]).any():
            raise Invalid(
                "the links of a route must follow one another", "경로가 이어지지 않습니다"
            )
        if np.isinf(self._traffic.links["free_s"][route]).any():
            raise Invalid("no motor vehicle may drive this way", "차량이 통행할 수 없는 경로입니다")


class _Trees:
    """Shortest-path trees used last, by source; how many follows from a budget of memory."""

    def __init__(self, graph: Graph, memory_mb: float) -> None:
        self._graph = graph
        self._via: OrderedDict[int, NDArray[np.int32]] = OrderedDict()
        self._most = max(1, int(memory_mb * 1e6 / (4 * len(graph.first))))

    def way(self, source: int, target: int) -> NDArray[np.int32]:
        """Positions of the links of the shortest way; empty if there is none."""
        via = self._via.get(source)
        if via is None:
            via = shortest_tree(self._graph, source, np.inf)[1]
            self._via[source] = via
            if len(self._via) > self._most:
                self._via.popitem(last=False)
        else:
            self._via.move_to_end(source)
        return trace(self._graph, via, target)

    def renew(self, cost_s: Floats) -> None:
        self._graph = self._graph._replace(cost=cost_s)
        self._via.clear()


class Routes:
    """Quickest ways of one mode, by the travel times of the streets where these are given.

    Of the drivers a share is informed: it goes by times that are looked at every `refresh_s` of
    virtual time; the others go the way that is quickest on empty streets, as the informed do where
    it now takes at most `slack` longer than then. Nothing is quicker than an empty street, so their
    ways are within `slack` of the quickest by the times last looked at.
    """

    def __init__(
        self,
        network: Network,
        mode: Modes,
        *,
        streets: Streets | None = None,
        informed: float = INFORMED,
        refresh_s: float = REFRESH_S,
        slack: float = 0.05,
        memory_mb: float = 128.0,
    ) -> None:
        """Without `streets` (on foot, by bicycle) the empty times hold at all times."""
        self._mode, self._streets = mode, streets
        self._informed, self._refresh_s, self._slack = informed, refresh_s, slack
        free_s = network.free_time_s(mode)
        rows = np.flatnonzero(np.isfinite(free_s))
        self._rows = rows[np.argsort(network.link_source[rows], kind="stable")].astype(np.int32)
        self._free_s = free_s[self._rows]  # times are kept in the order of `_rows`
        self._time_s = self._free_s
        source, nodes = network.link_source[self._rows], np.arange(len(network.node_xy) + 1)
        first = np.searchsorted(source, nodes).astype(np.int64)
        target = network.link_target[self._rows].astype(np.int32)
        self._usual = _Trees(Graph(first, target, self._free_s), memory_mb / 2)
        self._lately = _Trees(Graph(first, target, self._free_s), memory_mb / 2)
        self._period = -np.inf
        self._asked = 0

    def path(
        self, origin_node: int, destination_node: int, at_s: float, *, informed: bool | None = None
    ) -> Links:
        """Links from node to node in order of travel, as they seem best at a time.

        Times of successive calls should not fall. Where the caller does not know who is informed,
        the share is spread evenly over the calls. Empty if the nodes are the same; `NotFound` if
        there is no way.
        """
        self._asked += 1
        if informed is None:
            informed = self._asked * _GOLDEN % 1.0 < self._informed
        if origin_node == destination_node:
            return np.empty(0, np.int32)
        way = self._usual.way(origin_node, destination_node)
        if not len(way):
            raise NotFound(
                f"no way from node {origin_node} to node {destination_node} by {self._mode.name}",
                f"{origin_node}번 지점에서 {destination_node}번 지점까지 가는 길이 없습니다",
            )
        if informed and self._streets is not None:
            self._look(self._streets, at_s)
            if self._time_s[way].sum() > (1 + self._slack) * self._free_s[way].sum():
                way = self._lately.way(origin_node, destination_node)
        return self._rows[way]

    def _look(self, streets: Streets, at_s: float) -> None:
        """Take over the travel times where a new period has begun."""
        period = at_s // self._refresh_s
        if period != self._period:
            self._period = period
            self._time_s = np.maximum(streets.travel_times_s()[self._rows], self._free_s)
            self._lately.renew(self._time_s)

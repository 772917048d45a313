"""Named places: facilities and rooms, shops and clinics, parks, gates, hubs and PM stations.

FACT: what the plan names; every facility within 50 m of a parking place of shared mobility; a hub
within 5 minutes; designated entries and exits of the restricted area. ASSUMED: how many shops,
clinics, hubs and stations that takes; all are placed by rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import csr_array
from shapely import Point
from shapely.geometry.base import BaseGeometry

from cities.sejong.generate import cover, facilities, facts, streets
from cities.sejong.generate.blocks import Block
from cities.sejong.generate.buildings import HOMES, Body
from cities.sejong.generate.graph import Graph
from cities.sejong.generate.plane import Array, bend
from cities.sejong.generate.tables import Shares

CLINICS = 12  # ASSUMED: "a network of hospitals across the city"
_SHOP_FROM_M2, _M2_PER_SHOPPER = 330.0, 8.0
_HUB_MARGIN = 0.92  # part of the 5 minutes that placing hubs may use


@dataclass(frozen=True, slots=True)
class Place:
    """One row of the table of places; xy in map metres."""

    place: str
    kind: str
    en: str
    ko: str
    capacity: int
    zone: str | None
    building: str | None
    xy: tuple[float, float]
    source: str


@dataclass(frozen=True, slots=True)
class Town:
    """What places are found in."""

    blocks: Sequence[Block]
    bodies: Sequence[Body]
    shares: Shares
    graph: Graph

    def zone_at(self, xy: tuple[float, float]) -> str | None:
        """The zone around a point, or none outside the city."""
        point = Point(xy)
        return next((b.zone for b in self.blocks if b.face.covers(point)), None)

    def middle(self, n: int) -> tuple[float, float]:
        """A point inside building n."""
        point = self.bodies[n].footprint.point_on_surface()
        return float(point.x), float(point.y)


def _named(town: Town) -> list[Place]:
    """Facilities, and the rooms inside them or inside the office nearest to a design point."""
    first: dict[str, int] = {}
    for n, body in enumerate(town.bodies):
        first.setdefault(body.facility, n)
    centres = np.array([town.middle(n) for n in range(len(town.bodies))])
    out = []
    for f in facilities.read():
        if f.parts:
            out.append(_in_building(town, first[f.key], f))
        else:
            names = (f.key, f.place_kind, f.en, f.ko, f.capacity)
            out.append(Place(*names, town.zone_at(f.xy), None, f.xy, f.source))
    for r in facilities.rooms():
        n = first[r.inside] if r.at is None else _nearest_office(town, centres, r.at)
        out.append(_in_building(town, n, r))
    return out


def _in_building(town: Town, n: int, what: facilities.Facility | facilities.Room) -> Place:
    names = (what.key, what.place_kind, what.en, what.ko, what.capacity)
    home = (town.bodies[n].zone, town.shares.building[n], town.middle(n))
    return Place(*names, *home, what.source)


def _nearest_office(town: Town, centres: Array, at: tuple[float, float]) -> int:
    target = bend(np.array([at], dtype=np.float64))[0]
    distance = np.hypot(*(centres - target).T)
    offices = np.array([b.kind == "office" for b in town.bodies])
    return int(np.argmin(np.where(offices, distance, np.inf)))


def _shops(town: Town) -> list[Place]:
    out = []
    for n, body in enumerate(town.bodies):
        retail = float(town.shares.retail_m2[n])
        if retail < _SHOP_FROM_M2:
            continue
        name = town.shares.building[n]
        out.append(
            Place(
                f"shop_{name}",
                "shop",
                f"Shops {name}",
                f"상가 {name}",
                round(retail / _M2_PER_SHOPPER),
                body.zone,
                name,
                town.middle(n),
                facts.ASSUMED,
            )
        )
    return out


def _clinics(town: Town) -> list[Place]:
    """Clinics in mixed buildings, each as far as possible from the ones before it."""
    rows = [n for n, b in enumerate(town.bodies) if b.kind == "mixed" and b.floors >= 5]
    xy = np.array([town.middle(n) for n in rows])
    far = np.hypot(*(xy - np.median(xy, axis=0)).T)
    chosen = [int(np.argmin(far))]
    while len(chosen) < CLINICS:
        gap = np.min([np.hypot(*(xy - xy[c]).T) for c in chosen], axis=0)
        chosen.append(int(np.argmax(gap)))
    out = []
    for number, c in enumerate(chosen, start=1):
        n = rows[c]
        name = town.shares.building[n]
        source = f"{facts.ASSUMED}: the white paper plans a network of hospitals across the city"
        out.append(
            Place(
                f"clinic_{number:02d}",
                "clinic",
                f"Clinic {number}",
                f"의원 {number}",
                30,
                town.bodies[n].zone,
                name,
                town.middle(n),
                source,
            )
        )
    return out


def _parks(town: Town) -> list[Place]:
    """Pocket parks on the small corner blocks of zone A, and the plan's three reservoirs."""
    out = []
    corners = [b for b in town.blocks if b.use == "park" and b.face.area < 8_000.0]
    for number, block in enumerate(corners, start=1):
        point = block.lots[0].point_on_surface()
        out.append(
            Place(
                f"pocket_park_{number}",
                "park",
                f"Pocket Park {number}",
                f"쌈지공원 {number}",
                60,
                block.zone,
                None,
                (float(point.x), float(point.y)),
                facts.WHITE_PAPER_STREETS,
            )
        )
    for key, en, ko, at, axes in facilities.RESERVOIRS:
        point = facilities.pond(at, axes).centroid
        xy = (float(point.x), float(point.y))
        out.append(
            Place(key, "utility", en, ko, 1, town.zone_at(xy), None, xy, facts.WHITE_PAPER_PLAN)
        )
    return out


def _gates(town: Town) -> list[Place]:
    """Where tagged vehicles enter and leave: the kerb end of each one-way street."""
    edge = streets.ring_area().exterior
    out = []
    gates: dict[str, list[tuple[float, int, int]]] = {}
    for x in town.graph.links:
        if x.kind == "gate":
            middle = x.line.interpolate(0.5, normalized=True)
            gates.setdefault(x.link.split(":")[0], []).append(
                (edge.distance(middle), x.source, x.target)
            )
    for number, (_, parts) in enumerate(sorted(gates.items()), start=1):
        _, source, target = max(parts)
        ends = [edge.distance(Point(town.graph.node_xy[n])) for n in (source, target)]
        inward = ends[1] > ends[0]
        x, y = town.graph.node_xy[target if inward else source]
        xy = (float(x), float(y))
        en, ko = ("Entry", "진입") if inward else ("Exit", "진출")
        out.append(
            Place(
                f"gate_{number:02d}_{en.lower()}",
                "gate",
                f"{en} Gate {number}",
                f"{ko} 게이트 {number}",
                1,
                town.zone_at(xy),
                None,
                xy,
                facts.WHITE_PAPER_RESTRICTED,
            )
        )
    return out


def _stations(town: Town, targets: Sequence[BaseGeometry]) -> list[Place]:
    """PM stations: the fewest (greedily) that lie within 50 m of every building and place."""
    sites = cover.station_sites(town.graph, streets.boundary())
    doors = np.array(
        [
            t.buffer(12.0, quad_segs=2).exterior.interpolate(0.37, normalized=True).coords[0]
            for t in targets
        ]
    )
    near = cover.near(sites, np.array(targets), facts.PM_STATION_WITHIN_M)
    missed = np.asarray(near.sum(axis=0)).ravel() == 0
    sites = np.vstack((sites, doors[missed]))
    near = cover.near(sites, np.array(targets), facts.PM_STATION_WITHIN_M)
    out = []
    for number, row in enumerate(sorted(cover.greedy(near)), start=1):
        xy = (float(sites[row, 0]), float(sites[row, 1]))
        served = int(near.indptr[row + 1] - near.indptr[row])
        out.append(
            Place(
                f"pm_station_{number:03d}",
                "pm_station",
                f"PM Station {number}",
                f"PM 스테이션 {number}",
                6 + 2 * min(served, 12),
                town.zone_at(xy),
                None,
                xy,
                "the white paper, 'Convenient Mobility': within 50 m; place by rule",
            )
        )
    return out


def _hubs(town: Town) -> list[Place]:
    """Mobility hubs: one at each BRT stop, and the fewest more within 5 minutes of every home."""
    homes = [n for n, b in enumerate(town.bodies) if b.kind in HOMES]
    home_node, access = cover.walk_nodes(town.graph, np.array([town.middle(n) for n in homes]))
    inside = shapely.contains_xy(streets.boundary(), *town.graph.node_xy.T)
    walkable, _ = cover.walk_nodes(town.graph, town.graph.node_xy[inside])
    start = np.unique(walkable)
    stops = bend(np.array([(streets.PROMENADE_U_M, v) for v in streets.BRT_STOP_V_M]))
    limit = facts.HUB_WITHIN_S * facts.WALK_SPEED_M_S * _HUB_MARGIN
    ways = cover.walks_m(town.graph, start, limit)[:, home_node] + access
    reach = csr_array((ways <= limit).astype(np.int64))
    stop_node, _ = cover.walk_nodes(town.graph, stops)
    at_stops = np.searchsorted(start, stop_node)
    done = np.asarray(reach[at_stops].sum(axis=0)).ravel() > 0
    rows = [int(r) for r in at_stops] + sorted(cover.greedy(reach, done))
    out = []
    for number, row in enumerate(rows, start=1):
        x, y = town.graph.node_xy[start[row]]
        xy = (float(x), float(y))
        out.append(
            Place(
                f"hub_{number:02d}",
                "hub",
                f"Mobility Hub {number}",
                f"모빌리티 허브 {number}",
                40,
                town.zone_at(xy),
                None,
                xy,
                "the white paper, 'Seven Innovative Factors': within 5 minutes; place by rule",
            )
        )
    return out


def find(town: Town) -> list[Place]:
    """All places of the city; stations last, since they serve the others."""
    named = [*_named(town), *_shops(town), *_clinics(town), *_parks(town)]
    named += [*_gates(town), *_hubs(town)]
    targets: list[BaseGeometry] = [b.footprint for b in town.bodies]
    targets += [Point(p.xy) for p in named if p.building is None]
    return [*named, *_stations(town, targets)]

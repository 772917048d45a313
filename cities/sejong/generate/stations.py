"""Hubs and PM stations: where shared mobility stands, near enough to every door.

FACT: every facility within 50 m of a parking place of shared mobility, a hub within 5 minutes.
ASSUMED: how many that takes; they are placed by greedy covering.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from scipy.sparse import csr_array
from shapely import Point
from shapely.geometry.base import BaseGeometry

from cities.sejong.generate import cover, facilities, facts, outlines, streets
from cities.sejong.generate.buildings import HOMES
from cities.sejong.generate.places import Place, Town
from cities.sejong.generate.plane import bend
from cities.sejong.generate.sections import WALK

_HUB_MARGIN = 0.92  # part of the 5 minutes that placing hubs may use


def _beside(target: BaseGeometry, taken: BaseGeometry) -> tuple[float, float]:
    """A free spot 12 m from a building or place that no street is near to."""
    ring = target.buffer(12.0, quad_segs=4).exterior
    spots = [ring.interpolate(n / 16.0, normalized=True) for n in range(16)]
    spot = next(s for s in spots if not taken.contains(s))
    return float(spot.x), float(spot.y)


def _stations(town: Town, targets: Sequence[BaseGeometry]) -> list[Place]:
    """PM stations: the fewest (greedily) that lie within 50 m of every building and place."""
    sites = cover.station_sites(town.graph, outlines.boundary())
    ponds = [facilities.pond(at, axes) for *_, at, axes in facilities.RESERVOIRS]
    taken = shapely.union_all([*(b.footprint.buffer(1.0) for b in town.bodies), *ponds])
    near = cover.near(sites, np.array(targets), facts.PM_STATION_WITHIN_M)
    missed = np.flatnonzero(np.asarray(near.sum(axis=0)).ravel() == 0)
    sites = np.vstack((sites, [_beside(targets[n], taken) for n in missed.tolist()]))
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
    home_node, access = cover.nearest(town.graph, WALK, np.array([town.middle(n) for n in homes]))
    inside = shapely.contains_xy(outlines.boundary(), *town.graph.node_xy.T)
    walkable, _ = cover.nearest(town.graph, WALK, town.graph.node_xy[inside])
    start = np.unique(walkable)
    stops = bend(np.array([(streets.PROMENADE_U_M, v) for v in streets.BRT_STOP_V_M]))
    limit = facts.HUB_WITHIN_S * facts.WALK_SPEED_M_S * _HUB_MARGIN
    ways = cover.ways_m(town.graph, WALK, start, limit)[:, home_node] + access
    reach = csr_array((ways <= limit).astype(np.int64))
    stop_node, _ = cover.nearest(town.graph, WALK, stops)
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


def serve(town: Town, named: Sequence[Place]) -> list[Place]:
    """All hubs and stations of the city, given its other places."""
    hubs = _hubs(town)
    targets: list[BaseGeometry] = [b.footprint for b in town.bodies]
    targets += [Point(p.xy) for p in (*named, *hubs) if p.building is None]
    return [*hubs, *_stations(town, targets)]

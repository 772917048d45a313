"""What lies beyond the map: where residents work, shop and see a doctor, and the roads there.

FACT: the distances to KTX Osong and Cheongju Airport, the shares of Sejong, Daejeon and elsewhere
among the places of work, the jobs of the industrial areas. ASSUMED: how a share is divided within
its group, average car speeds, the detour factor. Places are real; coordinates of stops from TAGO.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from shapely import LineString, Point, Polygon

from cities.sejong.generate import facts
from cities.sejong.generate.cover import nearest, ways_m
from cities.sejong.generate.graph import Graph, Link
from cities.sejong.generate.plane import CENTRE_XY, Array, to_xy
from cities.sejong.generate.sections import BUS, CAR, ON_FOOT_AND_WHEELS, SERVICE
from cities.sejong.generate.tables import Ints, apportion

TABLE = Path(__file__).with_name("outside.toml")
_GROUPS = ("sejong", "daejeon", "elsewhere")
# FACT (the basic concept, read as in the order of its labels): shopping for clothes 39.1 % in
# Sejong, 38.0 % in Daejeon, 22.9 % elsewhere; 45.5 % use doctors of other cities (their split is
# ASSUMED as two to one); 59.0 % saw culture in Daejeon and 64.4 % outside at all (read as shares).
SHOPS = dict(zip(_GROUPS, (0.391, 0.380, 0.229), strict=True))
HEALTH = dict(zip(_GROUPS, (0.545, 0.303, 0.152), strict=True))
LEISURE = dict(zip(_GROUPS, (0.356, 0.409, 0.235), strict=True))
# ASSUMED: of what is done in Sejong, this part is done inside the zone.
INSIDE_OF_SEJONG = 0.6
_LANES, _CAPACITY_VEH_H = 2.0, 2_400.0


@dataclass(frozen=True, slots=True)
class Beyond:
    """One zone outside: its group, its share of the group's jobs, how one drives there."""

    zone: str
    en: str
    ko: str
    group: str
    weight: float
    lon: float
    lat: float
    radius_m: float
    speed_kmh: float
    road_km: float  # from the middle of the zone; 0: straight line times the detour
    gateways: tuple[str, ...]
    source: str

    @property
    def xy(self) -> tuple[float, float]:
        """Where its node lies, EPSG:5186."""
        x, y = to_xy(np.array([(self.lon, self.lat)]))[0]
        return float(x), float(y)

    @property
    def face(self) -> Polygon:
        """A disc around its node."""
        return Point(self.xy).buffer(self.radius_m, quad_segs=4)


@cache
def read() -> tuple[Beyond, ...]:
    """All zones outside, in the order of `outside.toml`."""
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["zone"]
    return tuple(
        Beyond(
            f"outside_{r['key']}",
            r["en"],
            r["ko"],
            r["group"],
            float(r["weight"]),
            float(r["lon"]),
            float(r["lat"]),
            float(r["radius_m"]),
            float(r["speed_kmh"]),
            float(r.get("road_km", 0.0)),
            tuple(r["gateways"]),
            r["source"],
        )
        for r in rows
    )


def jobs() -> Ints:
    """Residents who work in each zone outside; with the jobs inside they are all who work."""
    inside = round(facts.WORKERS * facts.WORK_INSIDE)
    group = {
        "daejeon": round(facts.WORKERS * facts.WORK_IN_DAEJEON),
        "elsewhere": round(facts.WORKERS * facts.WORK_ELSEWHERE),
    }
    group["sejong"] = facts.WORKERS - inside - sum(group.values())
    out = np.zeros(len(read()), dtype=np.int32)
    for name, total in group.items():
        rows = [n for n, z in enumerate(read()) if z.group == name]
        out[rows] = apportion(np.array([read()[n].weight for n in rows]), total)
    return out


def attraction(inside: float, shares: dict[str, float]) -> Array:
    """Attraction of each zone outside, when that of the zone itself adds up to `inside`."""
    unit = inside / (shares["sejong"] * INSIDE_OF_SEJONG)
    part = dict(shares, sejong=shares["sejong"] * (1.0 - INSIDE_OF_SEJONG))
    sums = {g: sum(z.weight for z in read() if z.group == g) for g in _GROUPS}
    return np.array([unit * part[z.group] * z.weight / sums[z.group] for z in read()])


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where a road leaves the map: its node, and how far one drives to it from the middle."""

    key: str
    node: int
    xy: Array
    inside_m: float


def _gateways(graph: Graph) -> dict[str, Gateway]:
    """Nodes at the edge of the map where trunk roads leave it."""
    edges = {
        "trunk_south": ("trunk_south", 1, -1.0),
        "trunk_north": ("trunk_north", 1, 1.0),
        "outer_south": ("outer_ring", 1, -1.0),
        "outer_north": ("outer_ring", 1, 1.0),
        "highway_west": ("highway_96", 0, -1.0),
        "highway_east": ("highway_96", 0, 1.0),
    }
    start, _ = nearest(graph, CAR, np.array([CENTRE_XY]))
    drive_m = ways_m(graph, CAR, start)[0]
    out = {}
    for key, (road, axis, sign) in edges.items():
        nodes = sorted({x.source for x in graph.links if x.link.split(":")[0] == road})
        node = max(nodes, key=lambda n: sign * float(graph.node_xy[n][axis]))
        out[key] = Gateway(key, node, graph.node_xy[node], float(drive_m[node]))
    return out


def _road_m(zone: Beyond, gateway: Gateway) -> float:
    """Length of the way from a gateway: what the source gives, less the way to the gateway."""
    if zone.road_km:
        return zone.road_km * 1000.0 - gateway.inside_m
    return facts.DETOUR * float(np.hypot(*(np.asarray(zone.xy) - gateway.xy)))


def _way(zone: Beyond, gateway: Gateway, node: int, modes: int) -> list[Link]:
    """Both directions of one way out."""
    here, far = gateway.xy, np.asarray(zone.xy)
    bow = 0.08 * np.array([far[1] - here[1], here[0] - far[0]])
    line = LineString([here, (here + far) / 2.0 + bow, far])
    cars = bool(modes & CAR)
    lanes, capacity = (_LANES, _CAPACITY_VEH_H) if cars else (1.0, 0.0)
    length_m = round(_road_m(zone, gateway), 1)
    rest = (length_m, modes, zone.speed_kmh, lanes, capacity, "outside", zone.en)
    key = f"{zone.zone}:{gateway.key}"
    return [
        Link(f"{key}f", gateway.node, node, *rest, line),
        Link(f"{key}b", node, gateway.node, *rest, line.reverse()),
    ]


def connect(graph: Graph) -> Graph:
    """The graph with a node for each zone outside, and the long links that lead there.

    Only Local Highway 96 leaves the map with ways for walkers, bicycles and PM; every zone outside
    is joined to it, too, so that who steps off a bus there stands on a network that can be walked.
    """
    gateways = _gateways(graph)
    drive = CAR | BUS | SERVICE
    links: list[Link] = []
    for n, zone in enumerate(read()):
        node = len(graph.node_xy) + n
        for key in zone.gateways:
            modes = drive | ON_FOOT_AND_WHEELS if key.startswith("highway") else drive
            links += _way(zone, gateways[key], node, modes)
        if not any(key.startswith("highway") for key in zone.gateways):
            side = "highway_west" if zone.xy[0] < CENTRE_XY[0] else "highway_east"
            links += _way(zone, gateways[side], node, ON_FOOT_AND_WHEELS)
    far = np.array([z.xy for z in read()])
    return Graph(np.vstack((graph.node_xy, far)), (*graph.links, *links))

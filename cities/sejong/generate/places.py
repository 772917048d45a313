"""Named places: facilities and rooms, shops and clinics, parks, gates, hubs and PM stations.

FACT: what the plan names; every facility within 50 m of a parking place of shared mobility; a hub
within 5 minutes; designated entries and exits of the restricted area. ASSUMED: how many shops,
clinics, hubs and stations that takes; all are placed by rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Point

from cities.sejong.generate import facilities, facts, outlines
from cities.sejong.generate.blocks import Block
from cities.sejong.generate.buildings import Body
from cities.sejong.generate.graph import Graph
from cities.sejong.generate.plane import Array, bend
from cities.sejong.generate.sections import WALK
from cities.sejong.generate.tables import Shares

CLINICS = 12  # ASSUMED: "a network of hospitals across the city"
_SHOP_FROM_M2, _M2_PER_SHOPPER = 330.0, 8.0


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
    """Pocket parks on the small corner blocks of zone A."""
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
    return out


def _ponds(town: Town) -> list[Place]:
    """The plan's three reservoirs: a place on the shore, where a street is nearest."""
    ways = shapely.union_all([x.line for x in town.graph.links if x.modes & WALK])
    out = []
    for key, en, ko, at, axes in facilities.RESERVOIRS:
        shore = facilities.pond(at, axes).buffer(4.0).exterior
        x, y = shapely.shortest_line(shore, ways).coords[0]
        xy = (float(x), float(y))
        out.append(
            Place(key, "utility", en, ko, 1, town.zone_at(xy), None, xy, facts.WHITE_PAPER_PLAN)
        )
    return out


def _gates(town: Town) -> list[Place]:
    """Where tagged vehicles enter and leave: the kerb end of each one-way street."""
    edge = outlines.ring_area().exterior
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


def find(town: Town) -> list[Place]:
    """All places of the city but hubs and stations, which serve these."""
    named = [*_named(town), *_shops(town), *_clinics(town)]
    return [*named, *_parks(town), *_ponds(town), *_gates(town)]

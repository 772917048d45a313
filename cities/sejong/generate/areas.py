"""Named surfaces: zones of speed, water, hills, parks, and where PM may not stand or is slow."""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from cities.sejong.generate import facilities, ground, outlines, streets
from cities.sejong.generate.blocks import Block
from cities.sejong.generate.buildings import Body
from cities.sejong.generate.plane import largest

SCHOOL_SLOW_M = 60.0  # ASSUMED reach of a slow zone around schools, m


@dataclass(frozen=True, slots=True)
class Area:
    """One surface; geometry in map metres, polygon or several of them."""

    area: str
    kind: str
    en: str
    ko: str
    shape: BaseGeometry


def _plan() -> list[Area]:
    """FACT, the white paper, 'Urban Planning Concept': A inside the ring, B between, C outside."""
    ring, middle, edge = outlines.ring_area(), outlines.collector_area(), outlines.boundary()
    inner = ring.buffer(-outlines.EDGE_IN_M)  # the ring's own lanes, PM lanes too, lie outside
    return [
        Area("boundary", "boundary", "Sejong 5-1 Living Zone", "세종 5-1생활권", edge),
        Area(
            "restricted",
            "restricted",
            "Owned-car-restricted Area",
            "소유차 제한구역",
            outlines.restricted(),
        ),
        Area("ring_interior", "ring_interior", "Inside the Ring", "순환링 내부", inner),
        Area("zone_a", "zone_a", "Zone A, Walking Speed", "A구역 보행 속도", ring),
        Area("zone_b", "zone_b", "Zone B, Buffer", "B구역 완충", middle.difference(ring)),
        Area("zone_c", "zone_c", "Zone C, Fast", "C구역 차량 속도", edge.difference(middle)),
    ]


def _nature() -> list[Area]:
    map_edge = shapely.box(*ground.EXTENT_XY)
    rivers = [
        Area("geumgang", "water", "Geumgang River", "금강", ground.geumgang()),
        Area("mihocheon", "water", "Mihocheon Stream", "미호천", ground.mihocheon()),
        Area("wetland", "wetland", "Hapgang Wetland", "합강습지", ground.wetland()),
    ]
    hills = [
        Area(h.key, "hill", h.title_en, h.title_ko, ground.outline(h).difference(_built()))
        for h in ground.HILLS
    ]
    ponds = [
        Area(key, "water", en, ko, facilities.pond(at, axes))
        for key, en, ko, at, axes in facilities.RESERVOIRS
    ]
    clipped = [
        Area(a.area, a.kind, a.en, a.ko, largest(a.shape.intersection(map_edge)))
        for a in (*rivers, *hills)
    ]
    return [*clipped, *ponds]


def _built() -> BaseGeometry:
    """Streets and blocks, on which no hill is preserved, apart from the knoll of the academy."""
    farm = shapely.Point(facilities.named("historical_park").xy).buffer(190.0)
    return outlines.built_area().difference(farm)


def _parks(blocks: Sequence[Block], bodies: Sequence[Body]) -> list[Area]:
    """Parks on lots of their own; the riverside, the academy's grounds, farm and camping ground."""
    lots = {b.zone: shapely.union_all(b.lots) for b in blocks}
    use = {b.zone: b.use for b in blocks}
    green = [z for z in lots if use[z] == "park"]
    central = [z for z in green if lots[z].area > 8_000.0]
    shapes = {"central_park": shapely.union_all([lots[z] for z in central])}
    titles = {"central_park": ("Central Park", "중앙공원", "park")}
    for n, zone in enumerate((z for z in green if z not in central), start=1):
        shapes[f"pocket_park_{n}"] = lots[zone]
        titles[f"pocket_park_{n}"] = (f"Pocket Park {n}", f"쌈지공원 {n}", "park")
    # open land: the use of the blocks it lies on, how far it reaches from its place, its kind
    open_land = {
        "historical_park": ("farm", 230.0, "park"),
        "camping_ground": ("nature", 120.0, "camping"),
        "riverside_park": ("nature", 600.0, "park"),
        "smart_farm": ("farm", 260.0, "farm"),
        "sports_ground": ("school", 34.0, "park"),
    }
    clear_m = {"utility": 26.0}
    taken = shapely.union_all([b.footprint.buffer(clear_m.get(b.kind, 3.0)) for b in bodies])
    taken = shapely.union_all(
        [taken, *(facilities.pond(at, axes) for *_, at, axes in facilities.RESERVOIRS)]
    )
    for key, (where, reach_m, kind) in open_land.items():
        facility = facilities.named(key)
        near = shapely.union_all([lots[z] for z in lots if use[z] == where])
        shape = near.intersection(shapely.Point(facility.xy).buffer(reach_m)).difference(taken)
        shapes[key] = largest(shape)
        taken = shapely.union(taken, shapes[key])
        titles[key] = (facility.en, facility.ko, kind)
    return [Area(k, titles[k][2], titles[k][0], titles[k][1], s) for k, s in shapes.items()]


def _rules(bodies: Sequence[Body]) -> list[Area]:
    """ASSUMED: PM may not be left on the ring's lanes or in the cutting; it slows near schools."""
    ring = outlines.ring_area()
    lanes = ring.buffer(8.0).difference(ring.buffer(-streets.SLOW_PM_IN_M - 1.5))
    cutting = outlines.corridor().intersection(ring.buffer(-20.0))
    out = [
        Area("ring_lanes", "no_parking", "Lanes of the Ring", "순환링 차로", lanes),
        Area("cutting", "no_parking", "BRT Cutting", "BRT 지하차도", cutting),
    ]
    for f in facilities.read():
        if f.place_kind.startswith("school_"):
            yard = shapely.union_all([b.footprint for b in bodies if b.facility == f.key])
            shape = yard.convex_hull.buffer(SCHOOL_SLOW_M)
            en, ko = f"Slow Zone, {f.en}", f"어린이보호구역 {f.ko}"
            out.append(Area(f"slow_{f.key}", "slow_zone", en, ko, shape))
    return out


def draw(blocks: Sequence[Block], bodies: Sequence[Body]) -> list[Area]:
    """All areas."""
    return [*_plan(), *_nature(), *_parks(blocks, bodies), *_rules(bodies)]

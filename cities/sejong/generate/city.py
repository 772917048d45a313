"""Puts the city together: from drawn lines to the tables that the twin reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from cities.sejong.generate import areas as area_room
from cities.sejong.generate import (
    blocks,
    buildings,
    facilities,
    facts,
    graph,
    ground,
    outlines,
    outside,
    places,
    stations,
    streets,
    tables,
    trees,
    underground,
)
from cities.sejong.generate.plane import Array, lonlat

Columns = Mapping[str, Any]
_EDGE_ELEVATION_M = 30.0  # ASSUMED height of nodes beyond the map, m


@dataclass(frozen=True, slots=True)
class City:
    """Everything that is generated, by table; geometries in degrees."""

    nodes: Columns
    links: Columns
    buildings: Columns
    zones: Columns
    places: Columns
    areas: Columns
    trees: Columns
    utilities: Columns
    elevation_m: NDArray[np.float32]
    bounds: Array


def _degrees(shapes: Sequence[BaseGeometry]) -> NDArray[np.object_]:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return np.asarray(shapely.transform(out, lonlat), dtype=object)


def _points(xy: Sequence[tuple[float, float]] | Array) -> dict[str, Array]:
    degrees = lonlat(np.asarray(xy, dtype=np.float64))
    return {"lon": degrees[:, 0], "lat": degrees[:, 1]}


def _nodes(net: graph.Graph) -> Columns:
    west, south, east, north = ground.EXTENT_XY
    x, y = net.node_xy.T
    inside = (x > west) & (x < east) & (y > south) & (y < north)
    height = np.where(inside, ground.elevation_m(net.node_xy), _EDGE_ELEVATION_M)
    height = np.maximum(height, ground.PLAIN_M + 3.0)  # bridges stand above the river's bed
    n = len(net.node_xy)
    return {"node": np.arange(n), **_points(net.node_xy), "elevation_m": np.round(height, 1)}


def _links(net: graph.Graph) -> Columns:
    fields = [
        "link",
        "source",
        "target",
        "length_m",
        "modes",
        "speed_kmh",
        "lanes",
        "capacity_veh_h",
        "kind",
        "name",
    ]
    columns: dict[str, Any] = {f: [getattr(x, f) for x in net.links] for f in fields}
    columns["name"] = [n or None for n in columns["name"]]
    columns["geometry"] = _degrees([x.line for x in net.links])
    return columns


def _buildings(bodies: Sequence[buildings.Body], shares: tables.Shares) -> Columns:
    middle = np.array([b.footprint.point_on_surface().coords[0] for b in bodies])
    spaces = [
        (f.key, shapely.Point(f.xy), f.capacity)
        for f in facilities.read()
        if f.place_kind == "car_park"
    ]
    return {
        "building": list(shares.building),
        "zone": [b.zone for b in bodies],
        "kind": [b.kind for b in bodies],
        "base_m": np.round(ground.elevation_m(middle), 1),
        "height_m": [b.height_m for b in bodies],
        "floors": [b.floors for b in bodies],
        "dwellings": shares.dwellings,
        "floor_area_m2": [round(b.floor_area_m2, 1) for b in bodies],
        "jobs": shares.jobs,
        **_points(middle),
        "geometry": _degrees([shapely.orient_polygons(b.footprint) for b in bodies]),
        "parking": tables.parking(bodies, shares, outlines.restricted(), spaces),
    }


def _attractions(
    cells: Sequence[blocks.Block], found: Sequence[places.Place], retail: Array
) -> dict[str, Array]:
    """Relative attraction of the zones for shopping, leisure and health.

    ASSUMED weights: shops per 1,000 m2 of retail floor; leisure and health per 100 people that
    parks, culture and sport, or hospital (three times) and clinics, hold at a time.
    """
    row = {b.zone: n for n, b in enumerate(cells)}
    leisure, health = np.zeros(len(cells)), np.zeros(len(cells))
    weight = {"park": 0.3, "culture": 1.0, "sport": 1.0, "community": 0.4, "camping": 1.0}
    for p in found:
        if p.zone is not None:
            leisure[row[p.zone]] += weight.get(p.kind, 0.0) * p.capacity / 100.0
            health[row[p.zone]] += {"hospital": 3.0, "clinic": 1.0}.get(p.kind, 0.0) * p.capacity
    return {"shops": retail / 1000.0, "leisure": leisure, "health": health / 100.0}


def _zones(
    cells: Sequence[blocks.Block],
    bodies: Sequence[buildings.Body],
    shares: tables.Shares,
    found: Sequence[places.Place],
) -> Columns:
    far = outside.read()
    dwellings = tables.by_zone(cells, bodies, shares.dwellings)
    draw = _attractions(cells, found, tables.by_zone(cells, bodies, shares.retail_m2))
    school = np.array(
        [
            sum(p.capacity for p in found if p.zone == b.zone and p.kind.startswith("school_"))
            for b in cells
        ]
    )
    beyond = {"shops": outside.SHOPS, "leisure": outside.LEISURE, "health": outside.HEALTH}
    inner = np.array([_heart(b, bodies) for b in cells])
    none = np.zeros(len(far), dtype=np.int32)
    return {
        "zone": [b.zone for b in cells] + [z.zone for z in far],
        "kind": ["block"] * len(cells) + ["outside"] * len(far),
        **_points(np.vstack((inner, [z.xy for z in far]))),
        "population": np.concatenate((tables.apportion(dwellings, facts.RESIDENTS), none)),
        "dwellings": np.concatenate((dwellings, none)),
        "jobs": np.concatenate((tables.by_zone(cells, bodies, shares.jobs), outside.jobs())),
        "school_places": np.concatenate((school, none)),
        **{
            key: np.round(
                np.concatenate((draw[key], outside.attraction(float(draw[key].sum()), share))), 3
            )
            for key, share in beyond.items()
        },
        "geometry": _degrees(
            [shapely.orient_polygons(s) for s in (*(b.face for b in cells), *(z.face for z in far))]
        ),
    }


def _heart(block: blocks.Block, bodies: Sequence[buildings.Body]) -> tuple[float, float]:
    """Where a zone's people and jobs are: the middle of its floor area, or of the block itself."""
    inside = [b for b in bodies if b.zone == block.zone]
    if not inside:
        point = block.face.point_on_surface()
        return float(point.x), float(point.y)
    weight = np.array([b.floor_area_m2 for b in inside])
    xy = np.array([b.footprint.centroid.coords[0] for b in inside])
    x, y = weight @ xy / weight.sum()
    return float(x), float(y)


def _places(found: Sequence[places.Place]) -> Columns:
    fields = {"place": "place", "kind": "kind", "title_en": "en", "title_ko": "ko"}
    fields |= {"capacity": "capacity", "zone": "zone", "building": "building", "source": "source"}
    return {
        **{column: [getattr(p, name) for p in found] for column, name in fields.items()},
        **_points([p.xy for p in found]),
    }


def _areas(found: Sequence[area_room.Area]) -> Columns:
    return {
        "area": [a.area for a in found],
        "kind": [a.kind for a in found],
        "title_en": [a.en for a in found],
        "title_ko": [a.ko for a in found],
        "geometry": _degrees([shapely.orient_polygons(a.shape.simplify(0.02)) for a in found]),
    }


def _trees(found: Sequence[trees.Tree]) -> Columns:
    return {
        "tree": np.arange(len(found)),
        "kind": [t.kind for t in found],
        "species": [t.species.name for t in found],
        "height_m": [t.species.height_m for t in found],
        "crown_m": [t.species.crown_m for t in found],
        **_points([t.xy for t in found]),
    }


def _utilities(pipes: Sequence[underground.Pipe]) -> Columns:
    names = ("utility", "kind", "street", "depth_m", "diameter_mm")
    return {
        **{name: [getattr(pipe, name) for pipe in pipes] for name in names},
        "geometry": _degrees([pipe.line for pipe in pipes]),
    }


def _people(shares: tables.Shares) -> Array:
    """Who lives or works in each building."""
    homes = shares.dwellings.astype(np.float64) * (facts.RESIDENTS / facts.DWELLINGS)
    return np.asarray(homes + shares.jobs, dtype=np.float64)


def make() -> City:
    """The whole reference city; the same every time."""
    roads = streets.draw()
    cells = blocks.draw(roads)
    bodies = buildings.draw(cells)
    shares = tables.share(bodies)
    yards = [lot for b in cells if b.use in blocks.CLOSED_USES for lot in b.lots]
    net = graph.build(roads, yards)
    town = places.Town(cells, bodies, shares, net)
    found = places.find(town)
    found += stations.serve(town, found)
    whole = outside.connect(net)
    surfaces = area_room.draw(cells, bodies)
    elevation_m, bounds = ground.grid()
    return City(
        nodes=_nodes(whole),
        links=_links(whole),
        buildings=_buildings(bodies, shares),
        zones=_zones(cells, bodies, shares, found),
        places=_places(found),
        areas=_areas(surfaces),
        trees=_trees(trees.plant(roads, bodies, surfaces)),
        utilities=_utilities(underground.lay(net, bodies, _people(shares))),
        elevation_m=elevation_m,
        bounds=bounds,
    )

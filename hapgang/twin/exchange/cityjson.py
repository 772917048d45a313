"""A city's model as CityJSON 2.0: buildings, streets, ground, trees, pipes, one after another.

x is east and y north, whatever order the coordinate system itself names them in.
Source: CityJSON Specifications 2.0.1, cityjson.org/specs. Reading is in `cityjson_read`.
"""

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from hapgang.twin.exchange.carriageways import carriageways
from hapgang.twin.exchange.cityjson_extras import templates, tree_objects, utility_objects
from hapgang.twin.exchange.cityjson_roads import road
from hapgang.twin.exchange.cityjson_vertices import SCALE_M, Boundary, Steps, kept
from hapgang.twin.exchange.footprints import flat_polygons, rings
from hapgang.twin.exchange.terrain import Terrain, terrain
from hapgang.twin.scene import Scene

_LOD = "1"

Surface = list[Boundary]
Named = Iterator[tuple[str, dict[str, Any]]]


def cityjson(scene: Scene, layers: Collection[str] | None = None) -> Iterator[bytes]:
    """Yield the pieces of a CityJSON 2.0 file.

    Buildings are LoD1 solids, or LoD0 footprints where the height is 0; streets are Roads, a
    surface for each lane; the ground is a TINRelief; trees are SolitaryVegetationObjects, pipes and
    ducts GenericCityObjects. Metres in the city's EPSG, to 1 mm.
    """
    x, y = scene.projection.to_xy(*scene.facts.centre)
    vertices = Steps((math.floor(x), math.floor(y), 0))
    transform = {"scale": [SCALE_M] * 3, "translate": vertices.origin_m.tolist()}
    head = {"type": "CityJSON", "version": "2.0", "transform": transform}
    yield msgspec.json.encode(head)[:-1] + b',"CityObjects":{'
    comma = b""
    layers = LAYERS if layers is None else layers
    for name, thing in _objects(scene, layers, vertices):
        yield comma + msgspec.json.encode(name) + b":" + msgspec.json.encode(thing)
        comma = b",\n"
    tail: dict[str, Any] = {"vertices": vertices.all(), "metadata": _metadata(scene, vertices)}
    if "trees" in layers and len(scene.trees):
        tail["geometry-templates"] = templates()
    yield b"},\n" + msgspec.json.encode(tail)[1:]


def _metadata(scene: Scene, vertices: Steps) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "identifier": f"{scene.name}-{scene.scenario.name}-{scene.version}",
        "title": f"{scene.title.en} · {scene.title.ko}",
        "referenceSystem": f"https://www.opengis.net/def/crs/EPSG/0/{scene.epsg}",
    }
    if vertices.all():
        facts["geographicalExtent"] = vertices.extent_m()
    return facts


def _objects(scene: Scene, layers: Collection[str], vertices: Steps) -> Named:
    """Yield names and objects; a building keeps its own name, others give way to it."""
    taken = scene.buildings.row_of if "buildings" in layers else {}
    for layer, things in _THINGS.items():
        if layer not in layers:
            continue
        for named, thing in things(scene, vertices):
            name = named
            while layer != "buildings" and name in taken:
                name += "'"
            yield name, thing


def _buildings(scene: Scene, vertices: Steps) -> Named:
    polygons, owner = flat_polygons(scene)
    bounds = np.searchsorted(owner, np.arange(len(scene.buildings) + 1))
    base_m = scene.buildings.base_m.astype("f8")
    top_m = base_m + scene.buildings.height_m
    for row, name in enumerate(scene.buildings.building.tolist()):
        geometry = [
            _prism([*rings(polygon)], base_m[row], top_m[row], vertices)
            for polygon in polygons[bounds[row] : bounds[row + 1]]
        ]
        yield (
            name,
            {
                "type": "Building",
                "attributes": _attributes(scene, row),
                "geometry": [one for one in geometry if one is not None],
            },
        )


def _attributes(scene: Scene, row: int) -> dict[str, Any]:
    """Words of CityGML where there are some, else those of buildings.parquet."""
    b = scene.buildings
    found = {
        "function": b.kind[row],
        "measuredHeight": round(float(b.height_m[row]), 3),
        "storeysAboveGround": int(b.floors[row]),
        "dwellings": int(b.dwellings[row]),
        "floor_area_m2": round(float(b.floor_area_m2[row]), 2),
        "jobs": int(b.jobs[row]),
        "zone": b.zone[row],
    }
    return {name: value for name, value in found.items() if value is not None}


def _prism(
    flat: list[NDArray[np.float64]], base_m: float, top_m: float, vertices: Steps
) -> dict[str, Any] | None:
    """Return the solid between two heights over a footprint, seen from outside counter-clockwise.

    None where nothing is left of the footprint at 1 mm.
    """
    low, high = ([np.insert(ring, 2, z, axis=1) for ring in flat] for z in (base_m, top_m))
    under, over = ([*map(kept, map(vertices.steps, rings))] for rings in (low, high))
    if not len(over[0]):
        return None
    roof = [vertices.ring(ring) for ring in over if len(ring)]
    if under[0][0, 2] == over[0][0, 2]:
        meaning = {"surfaces": [{"type": "GroundSurface"}], "values": [0]}
        return {"type": "MultiSurface", "lod": "0", "boundaries": [roof], "semantics": meaning}
    floor = [vertices.ring(ring) for ring in under if len(ring)]
    walls: list[Surface] = [
        [[a, b, d, c]]
        for lower, upper in zip(floor, roof, strict=True)
        for a, b, c, d in zip(lower, _turned(lower), upper, _turned(upper), strict=True)
    ]
    kinds = [{"type": "GroundSurface"}, {"type": "RoofSurface"}, {"type": "WallSurface"}]
    return {
        "type": "Solid",
        "lod": _LOD,
        "boundaries": [[[ring[::-1] for ring in floor], roof, *walls]],
        "semantics": {"surfaces": kinds, "values": [[0, 1, *[2] * len(walls)]]},
    }


def _turned(ring: Boundary) -> Boundary:
    return [*ring[1:], *ring[:1]]


def _relief(ground: Terrain, vertices: Steps) -> dict[str, Any]:
    steps = vertices.steps(ground.xyz_m)
    surfaces = [[vertices.ring(steps[corners])] for corners in ground.triangles]
    return {
        "type": "TINRelief",
        "attributes": {"off_m": round(ground.off_m, 2)},
        "geometry": [{"type": "CompositeSurface", "lod": _LOD, "boundaries": surfaces}],
    }


def _streets(scene: Scene, vertices: Steps) -> Named:
    for street in carriageways(scene):
        yield f"street:{scene.links.link[street.rows[0]]}", road(scene, street, vertices)


def _ground(scene: Scene, vertices: Steps) -> Named:
    ground = terrain(scene)
    if ground is not None:
        yield "ground", _relief(ground, vertices)


_THINGS: Mapping[str, Callable[[Scene, Steps], Named]] = {
    "buildings": _buildings,
    "streets": _streets,
    "ground": _ground,
    "trees": tree_objects,
    "utilities": utility_objects,
}
LAYERS = tuple(_THINGS)

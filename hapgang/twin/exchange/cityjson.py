"""A city's model as CityJSON 2.0: buildings, streets and ground, one object after another.

x is east and y north, whatever order the coordinate system itself names them in.
Source: CityJSON Specifications 2.0.1, cityjson.org/specs. Reading is in `cityjson_read`.
"""

import math
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from hapgang.twin.exchange.carriageways import WIDTH_SOURCE, Carriageway, carriageways
from hapgang.twin.exchange.footprints import flat_polygons, rings
from hapgang.twin.exchange.terrain import Terrain, terrain
from hapgang.twin.modes import Modes
from hapgang.twin.scene import Scene

LAYERS = ("buildings", "streets", "ground")
SCALE_M = 0.001  # one step of a coordinate
_LOD = "1"

Boundary = list[int]
Surface = list[Boundary]


class _Vertices:
    """All corners of a file, each once, as whole steps from a place in the city."""

    def __init__(self, origin_m: Sequence[float]) -> None:
        self.origin_m = np.asarray(origin_m, "f8")
        self._rows: dict[tuple[int, ...], int] = {}

    def steps(self, xyz_m: ArrayLike) -> NDArray[np.int64]:
        steps = np.rint((np.asarray(xyz_m, "f8") - self.origin_m) / SCALE_M)
        return np.asarray(steps, "i8")

    def row(self, step: tuple[int, ...]) -> int:
        return self._rows.setdefault(step, len(self._rows))

    def ring(self, steps: NDArray[np.int64]) -> Boundary:
        """Return the rows of a ring's corners."""
        return [self.row(tuple(step)) for step in steps.tolist()]

    def all(self) -> list[tuple[int, ...]]:
        return list(self._rows)

    def extent_m(self) -> list[float]:
        corners = np.array(self.all(), "f8").reshape(-1, 3) * SCALE_M + self.origin_m
        both = np.concatenate([corners.min(axis=0), corners.max(axis=0)])
        return [round(float(side), 3) for side in both]


def cityjson(scene: Scene, layers: Collection[str] = LAYERS) -> Iterator[bytes]:
    """Yield the pieces of a CityJSON 2.0 file.

    Buildings are LoD1 solids, or LoD0 footprints where the height is 0; streets are Roads, surfaces
    as wide as their lanes; the ground is a TINRelief. Metres in the city's EPSG, to 1 mm.
    """
    x, y = scene.projection.to_xy(*scene.facts.centre)
    vertices = _Vertices((math.floor(x), math.floor(y), 0))
    transform = {"scale": [SCALE_M] * 3, "translate": vertices.origin_m.tolist()}
    head = {"type": "CityJSON", "version": "2.0", "transform": transform}
    yield msgspec.json.encode(head)[:-1] + b',"CityObjects":{'
    comma = b""
    for name, thing in _objects(scene, layers, vertices):
        yield comma + msgspec.json.encode(name) + b":" + msgspec.json.encode(thing)
        comma = b",\n"
    tail = {"vertices": vertices.all(), "metadata": _metadata(scene, vertices)}
    yield b"},\n" + msgspec.json.encode(tail)[1:]


def _metadata(scene: Scene, vertices: _Vertices) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "identifier": f"{scene.name}-{scene.scenario.name}-{scene.version}",
        "title": f"{scene.title.en} · {scene.title.ko}",
        "referenceSystem": f"https://www.opengis.net/def/crs/EPSG/0/{scene.epsg}",
    }
    if vertices.all():
        facts["geographicalExtent"] = vertices.extent_m()
    return facts


def _objects(
    scene: Scene, layers: Collection[str], vertices: _Vertices
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield names and objects; a building keeps its own name, others give way to it."""
    taken = scene.buildings.row_of if "buildings" in layers else {}

    def free(name: str) -> str:
        while name in taken:
            name += "'"
        return name

    if "buildings" in layers:
        yield from _buildings(scene, vertices)
    if "streets" in layers:
        for street in carriageways(scene):
            name = f"street:{scene.links.link[street.rows[0]]}"
            yield free(name), _road(scene, street, vertices)
    ground = terrain(scene) if "ground" in layers else None
    if ground is not None:
        yield free("ground"), _relief(ground, vertices)


def _buildings(scene: Scene, vertices: _Vertices) -> Iterator[tuple[str, dict[str, Any]]]:
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
    flat: list[NDArray[np.float64]], base_m: float, top_m: float, vertices: _Vertices
) -> dict[str, Any] | None:
    """Return the solid between two heights over a footprint, seen from outside counter-clockwise.

    None where nothing is left of the footprint at 1 mm.
    """
    low, high = ([np.insert(ring, 2, z, axis=1) for ring in flat] for z in (base_m, top_m))
    under, over = ([*map(_kept, map(vertices.steps, rings))] for rings in (low, high))
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


def _kept(ring: NDArray[np.int64]) -> NDArray[np.int64]:
    """Leave out corners that fall on the one before; all of them if no surface is left."""
    kept: NDArray[np.int64] = ring[(ring != np.roll(ring, 1, axis=0)).any(axis=1)]
    return kept if len(np.unique(kept, axis=0)) > 2 else kept[:0]


def _turned(ring: Boundary) -> Boundary:
    return [*ring[1:], *ring[:1]]


def _road(scene: Scene, street: Carriageway, vertices: _Vertices) -> dict[str, Any]:
    links, rows = scene.links, list(street.rows)
    attributes = {
        "class": links.kind[rows[0]],
        "name": links.name[rows[0]],
        "links": links.link[rows].tolist(),
        "lanes": [round(float(lanes), 2) for lanes in links.lanes[rows]],
        "speed_kmh": [round(float(speed), 2) for speed in links.speed_kmh[rows]],
        "modes": [_modes(int(modes)) for modes in links.modes[rows]],
        "width_m": round(street.width_m, 2),
        "width_source": WIDTH_SOURCE,
    }
    pieces = [[vertices.ring(one)] for one in vertices.steps(street.xyz_m) if len(_kept(one))]
    area = {"type": "TrafficArea", "function": links.kind[rows[0]]}
    geometry = {
        "type": "MultiSurface",
        "lod": _LOD,
        "boundaries": pieces,
        "semantics": {"surfaces": [area], "values": [0] * len(pieces)},
    }
    known = {name: value for name, value in attributes.items() if value is not None}
    return {"type": "Road", "attributes": known, "geometry": [geometry] if pieces else []}


def _modes(bits: int) -> str:
    return " ".join(str(mode.name).lower() for mode in Modes(bits))


def _relief(ground: Terrain, vertices: _Vertices) -> dict[str, Any]:
    steps = vertices.steps(ground.xyz_m)
    surfaces = [[vertices.ring(steps[corners])] for corners in ground.triangles]
    return {
        "type": "TINRelief",
        "attributes": {"off_m": round(ground.off_m, 2)},
        "geometry": [{"type": "CompositeSurface", "lod": _LOD, "boundaries": surfaces}],
    }

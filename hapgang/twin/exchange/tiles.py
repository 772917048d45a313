"""A city's model as 3D Tiles 1.1: a tileset and the glTF files that it names.

Two trees of tiles hang below the root. The ground is replaced by finer windows of its grid as one
comes nearer (REPLACE), and a tile's error is how far it lies from the grid, measured. Buildings
and trees are added (ADD): the largest first, and a tile's error is the size of the largest thing
that is still missing. Boxes are around what is in a tile and in all below it.
Source: OGC 22-025r4, 3D Tiles 1.1.
"""

from collections.abc import Callable, Collection, Generator, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from hapgang.core.errors import Invalid
from hapgang.twin.exchange.glb import Glb
from hapgang.twin.exchange.globe import Globe
from hapgang.twin.exchange.gltf import GENERATOR, add_buildings, add_ground, add_trees
from hapgang.twin.exchange.heights import tree_feet
from hapgang.twin.exchange.meshes import Mesh, ground_mesh, prisms, with_skirt
from hapgang.twin.exchange.terrain import Terrain, thinned
from hapgang.twin.exchange.tile_boxes import Box, Branch, around, box_of, branch, outward
from hapgang.twin.exchange.tile_tree import Node, Things, Window, tree_of, window
from hapgang.twin.ground import Ground
from hapgang.twin.scene import Scene

LAYERS = ("buildings", "ground", "trees")
TILESET = "tileset.json"
FORM = 1  # raised when the same city would give other files
MOST_BYTES = 262_144  # of things in a tile, by the guess below; one thing alone may be larger
_TREE_BYTES = 80  # place, size, number, kind, species
_BUILDING_BYTES = 150  # what a building says of itself

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Made = Generator[tuple[str, bytes], None, Branch | None]  # files, and the tree that names them


def tiles(scene: Scene, layers: Collection[str] = LAYERS) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a tileset, `tileset.json` last; `Invalid` if there is nothing to draw."""
    made = _Maker(scene, layers)
    branches: list[Branch] = []
    for made_of in (made.ground, made.things):
        found = yield from made_of()
        if found is not None:
            branches.append(found)
    if not branches:
        raise Invalid(
            f"{scene.name} has nothing to draw in {', '.join(layers)}",
            f"{scene.name}의 {', '.join(layers)}에는 그릴 것이 없습니다",
        )
    box = around([one.box for one in branches])
    error_m = round(float(np.linalg.norm(box.high - box.low)), 3)  # without it all is missing
    root = {
        "transform": made.globe.transform,
        "boundingVolume": box.volume(),
        "geometricError": error_m,
        "refine": "ADD",
        "children": [one.tile for one in branches],
    }
    document = {"asset": _asset(scene), "geometricError": error_m, "root": root}
    yield TILESET, msgspec.json.encode(document)


def _asset(scene: Scene) -> dict[str, Any]:
    extras = {
        "generator": GENERATOR,
        "title": f"{scene.title.en} · {scene.title.ko}",
        "scenario": scene.scenario.name,
        "geoid_m": scene.facts.geoid_m,
        "sources": [msgspec.to_builtins(source) for source in scene.facts.sources],
    }
    return {"version": "1.1", "tilesetVersion": scene.version, "extras": extras}


@dataclass(frozen=True, eq=False)
class _From:
    """The globe, from another origin than its own."""

    globe: Globe
    middle_m: Floats

    def local(self, xyz_m: Floats) -> Floats:
        return self.globe.local(xyz_m) - self.middle_m

    def turned(self, xyz_m: Floats, normals: Floats) -> Floats:
        return self.globe.turned(xyz_m, normals)


class _Maker:
    """Makes the files of one city's tiles, one after another."""

    def __init__(self, scene: Scene, layers: Collection[str]) -> None:
        self.scene, self.layers = scene, layers
        self.globe = Globe(scene)

    # the ground

    def ground(self) -> Made:
        """Yield the ground's files, the finest first; return its tree."""
        n_rows, n_columns = self.scene.ground.elevation_m.shape
        if "ground" not in self.layers or min(n_rows, n_columns) < 2:
            return None
        whole = window("", slice(0, n_rows), slice(0, n_columns))
        coarsest = self._terrain(whole)
        return (yield from self._window(whole, coarsest.off_m if coarsest is not None else 0.0))

    def _terrain(self, part: Window) -> Terrain | None:
        ground = _cut(self.scene.ground, part)
        return thinned(ground, self.scene.projection, part.stride)

    def _window(self, part: Window, skirt_m: float) -> Made:
        below: list[Branch] = []
        for quarter in part.quarters() if part.stride > 1 else ():
            found = yield from self._window(quarter, skirt_m)
            if found is not None:
                below.append(found)
        terrain = self._terrain(part)
        if terrain is None:
            return (
                None if not below else branch(below, max(one.error_m for one in below), "REPLACE")
            )
        mesh = with_skirt(ground_mesh(terrain), skirt_m)
        error_m = max([terrain.off_m, *(one.error_m for one in below)])
        file = f"ground{_path(part.name)}.glb"
        box = box_of(self.globe.local(mesh.xyz_m))
        yield file, self._glb(box, lambda glb, frame: add_ground(glb, frame, mesh))
        return branch(below, error_m, "REPLACE", file, box)

    # buildings and trees

    def things(self) -> Made:
        """Yield the files of buildings and trees; return their tree."""
        low, high = self._boxes
        sizes = np.linalg.norm(high - low, axis=1)
        root = tree_of(Things((low + high)[:, :2] / 2, sizes, self._n_bytes), MOST_BYTES)
        return None if root is None else (yield from self._node(root))

    def _node(self, node: Node) -> Made:
        below: list[Branch] = []
        for child in node.children:
            found = yield from self._node(child)
            assert found is not None
            below.append(found)
        low, high = self._boxes
        box = outward(low[node.rows].min(axis=0), high[node.rows].max(axis=0))
        file = f"things{_path(node.name)}.glb"
        n_buildings = len(self._buildings)
        buildings = self._buildings[node.rows[node.rows < n_buildings]]
        trees = self._trees[node.rows[node.rows >= n_buildings] - n_buildings]

        def fill(glb: Glb, frame: _From) -> None:
            if len(buildings):
                mesh = self._prisms.only(buildings)
                add_buildings(glb, frame, self.scene, mesh, buildings)
            add_trees(glb, frame, self.scene, self._feet_m, trees)

        yield file, self._glb(box, fill)
        return branch(below, node.error_m, "ADD", file, box)

    def _glb(self, box: Box, fill: Callable[[Glb, _From], None]) -> bytes:
        """Return a file around the middle of its box, so that its floats are small."""
        middle = np.rint((box.low + box.high) / 2)
        glb = Glb(GENERATOR)
        fill(glb, _From(self.globe, middle))
        east, north, up = middle.tolist()
        return b"".join(glb.pieces(self.scene.name, {}, (east, up, -north)))

    @cached_property
    def _prisms(self) -> Mesh:
        return prisms(self.scene)

    @cached_property
    def _feet_m(self) -> Floats:
        return tree_feet(self.scene)

    @cached_property
    def _buildings(self) -> Rows:
        """Rows of the buildings that have a surface."""
        if "buildings" not in self.layers or not len(self.scene.buildings):
            return np.zeros(0, np.int64)
        assert self._prisms.owner is not None
        return np.unique(self._prisms.owner)

    @cached_property
    def _trees(self) -> Rows:
        """Rows of the trees that have height and crown."""
        trees = self.scene.trees
        return np.flatnonzero((trees.crown_m > 0) & (trees.height_m > 0) & ("trees" in self.layers))

    @cached_property
    def _boxes(self) -> tuple[Floats, Floats]:
        """Lowest and highest corner (n, 3) of each building, then of each tree."""
        lows, highs = [np.zeros((0, 3))], [np.zeros((0, 3))]
        if len(self._buildings):
            owner, xyz = self._prisms.owner, self.globe.local(self._prisms.xyz_m)
            assert owner is not None
            order = np.argsort(owner, kind="stable")
            starts = np.searchsorted(owner[order], self._buildings)
            lows.append(np.minimum.reduceat(xyz[order], starts))
            highs.append(np.maximum.reduceat(xyz[order], starts))
        trees = self.scene.trees
        feet = self.globe.local(self._feet_m[self._trees])
        half = trees.crown_m[self._trees, None] / 2 * np.array([1.0, 1.0, 0.0])
        up = trees.height_m[self._trees, None] * np.array([0.0, 0.0, 1.0])
        return np.vstack([*lows, feet - half]), np.vstack([*highs, feet + half + up])

    @cached_property
    def _n_bytes(self) -> Floats:
        """About how many bytes each building takes, then each tree."""
        n = np.zeros(len(self.scene.buildings))
        if len(self._buildings):
            mesh = self._prisms
            assert mesh.owner is not None
            per_vertex = np.bincount(mesh.owner, minlength=len(n)) * 28.0  # two vectors, a number
            per_side = np.bincount(mesh.owner[mesh.corners[:, 0]], minlength=len(n)) * 6.0
            n = per_vertex + per_side + _BUILDING_BYTES
        return np.append(n[self._buildings], np.full(len(self._trees), float(_TREE_BYTES)))


def _path(name: str) -> str:
    return f"-{name}" if name else ""


def _cut(ground: Ground, part: Window) -> Ground:
    """Return the grid of a window."""
    west, south, east, north = ground.bounds
    n_rows, n_columns = ground.elevation_m.shape
    high, wide = (north - south) / n_rows, (east - west) / n_columns
    return Ground(
        elevation_m=ground.elevation_m[part.rows, part.columns],
        bounds=(
            west + part.columns.start * wide, north - part.rows.stop * high,
            west + part.columns.stop * wide, north - part.rows.start * high,
        ),
    )  # fmt: skip

"""Trees along streets and in parks, one by one.

FACT (the white paper, 'Principles in Urban Design Planning'): streets for people on foot, and trees
kept where they stand as far as possible; hills stay woods, whose trees nobody has counted and which
are not drawn one by one. ASSUMED: which streets are planted, spacing, species and sizes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from cities.sejong.generate.areas import Area
from cities.sejong.generate.buildings import Body
from cities.sejong.generate.plane import Array
from cities.sejong.generate.sections import SECTIONS
from cities.sejong.generate.streets import Road

# ASSUMED after the usual spacing of street trees in Korea.
STREET_EVERY_M = 8.0
PARK_EVERY_M = 12.0
_KERB_IN_M = 1.2  # ASSUMED: how far inside a street's edge its trees stand
_WALL_M = 2.0  # ASSUMED: nothing is planted nearer to a wall


@dataclass(frozen=True, slots=True)
class Species:
    """One kind of tree, as tall and wide as it is some ten years after planting (ASSUMED)."""

    name: str
    height_m: float
    crown_m: float


ZELKOVA = Species("Zelkova serrata", 9.0, 6.0)
FRINGE_TREE = Species("Chionanthus retusus", 6.0, 4.0)
PINE = Species("Pinus densiflora", 8.0, 5.0)
CHERRY = Species("Prunus yedoensis", 7.0, 6.0)
# ASSUMED: tall trees on wide streets, small ones where people walk, pines at the hills' foot, and
# cherries along the river; one of each in turn in the parks.
_PLANTED = {
    "trunk": ZELKOVA, "highway_96": ZELKOVA, "collector": ZELKOVA, "ring_walk": ZELKOVA,
    "promenade": FRINGE_TREE, "promenade_one_way": FRINGE_TREE, "passage": FRINGE_TREE,
    "passage_one_way": FRINGE_TREE, "street": FRINGE_TREE, "hill_street": PINE, "trail": CHERRY,
}  # fmt: skip
_IN_PARKS = (ZELKOVA, PINE, CHERRY)


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree on the map."""

    xy: tuple[float, float]
    kind: str
    species: Species


def plant(roads: Sequence[Road], bodies: Sequence[Body], areas: Sequence[Area]) -> list[Tree]:
    """All trees: of streets in the order of the streets, then of parks from the south-west."""
    found: list[Tree] = []
    taken = _Taken(roads, bodies, areas)
    for number, road in enumerate(roads):
        species = _PLANTED.get(road.section)
        if species is None or road.level != 0:
            continue
        for side in (-1.0, 1.0):
            xy = _row(road.line, side * (SECTIONS[road.section].half_width_m - _KERB_IN_M))
            kept = xy[~taken.near_streets(xy, but=number)]
            found += [Tree((x, y), "street", species) for x, y in kept.tolist()]
    parks = shapely.union_all([area.shape for area in areas if area.kind == "park"])
    xy = _lattice(parks)
    xy = xy[~taken.near_streets(xy)]
    found += [
        Tree((x, y), "park", _IN_PARKS[n % len(_IN_PARKS)]) for n, (x, y) in enumerate(xy.tolist())
    ]
    return list(_apart(found))


class _Taken:
    """The ground where no tree stands: other streets, houses, water."""

    def __init__(
        self, roads: Sequence[Road], bodies: Sequence[Body], areas: Sequence[Area]
    ) -> None:
        self._streets = [
            road.line.buffer(SECTIONS[road.section].half_width_m - _KERB_IN_M - 0.1)
            for road in roads
        ]
        walls = [body.footprint.buffer(_WALL_M) for body in bodies]
        water = [area.shape for area in areas if area.kind in ("water", "wetland")]
        self._tree = shapely.STRtree([*self._streets, *walls, *water])

    def near_streets(self, xy: Array, but: int = -1) -> NDArray[np.bool_]:
        """Which points lie on ground that is taken, one street left out."""
        point, what = self._tree.query(shapely.points(xy), predicate="within")
        taken = np.zeros(len(xy), dtype=np.bool_)
        taken[point[what != but]] = True
        return taken


def _row(line: LineString, aside_m: float) -> Array:
    """Places for trees along one side of a street, (n, 2) m."""
    side = line.offset_curve(aside_m)
    if side.is_empty or side.length < 2.0 * STREET_EVERY_M:
        return np.zeros((0, 2))
    along = np.arange(STREET_EVERY_M, side.length - STREET_EVERY_M / 2, STREET_EVERY_M)
    return np.asarray(shapely.get_coordinates(shapely.line_interpolate_point(side, along)))


def _lattice(surface: BaseGeometry) -> Array:
    """Places for trees on a surface, in staggered rows, (n, 2) m."""
    west, south, east, north = surface.bounds
    rows = np.arange(np.ceil(south / PARK_EVERY_M), np.floor(north / PARK_EVERY_M) + 1)
    columns = np.arange(np.ceil(west / PARK_EVERY_M), np.floor(east / PARK_EVERY_M) + 1)
    x, y = np.meshgrid(columns * PARK_EVERY_M, rows * PARK_EVERY_M)
    x = x + np.where(rows % 2 == 0, 0.0, PARK_EVERY_M / 2)[:, None]
    inside = shapely.contains_xy(surface.buffer(-_WALL_M), x, y)
    return np.column_stack((x[inside], y[inside]))


def _apart(trees: Sequence[Tree]) -> Iterator[Tree]:
    """Leave out trees that stand nearer than half a row's spacing to an earlier one."""
    points = shapely.points([tree.xy for tree in trees])
    one, other = shapely.STRtree(points).query(
        points, predicate="dwithin", distance=STREET_EVERY_M / 2
    )
    crowded: dict[int, list[int]] = {}
    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        if b < a:
            crowded.setdefault(a, []).append(b)
    kept: set[int] = set()
    for number, tree in enumerate(trees):
        if not any(before in kept for before in crowded.get(number, ())):
            kept.add(number)
            yield tree

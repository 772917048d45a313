"""Streets as surfaces: a line, lanes side by side with their widths, and the heights of both ends.

Traffic keeps to the right (Korea's Road Traffic Act, article 13).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from hapgang.twin.exchange.footprints import triangles
from hapgang.twin.layers import Links
from hapgang.twin.modes import Modes
from hapgang.twin.scene import Scene

Floats = NDArray[np.float64]

# Least width of a lane: Rules on the Structure and Facility Standards of Roads (Korea, MOLIT),
# article 10: motorways 3.5 m; in towns 3.25 m from a design speed of 70 km/h on, else 3.0 m. The
# posted speed stands for the design speed.
MOTORWAY_LANE_M, FAST_LANE_M, LANE_M, FAST_KMH = 3.5, 3.25, 3.0, 70.0
# Least width of a bicycle road for each direction: Rules on the Structure and Facilities of
# Bicycle Facilities (Korea), article 5.
CYCLE_LANE_M = 1.5
# Least effective width of a pavement: the same Rules for roads, article 16.
WALK_M = 2.0
WIDTH_SOURCE = (
    "assumed: lanes of both directions times the least widths of Korea's rules for roads "
    "(articles 10, 16) and bicycle facilities (article 5)"
)
_MOTOR = Modes.CAR | Modes.BUS | Modes.SHUTTLE | Modes.SERVICE
_ROLLING = Modes.BICYCLE | Modes.PM
_MITRE = 2.0  # how far, in half widths, a corner may reach out


class Lane(NamedTuple):
    """A strip of a street: whose it is, its number from the middle of the street, its width.

    use: a word of CityGML's list of what a TrafficArea is for.
    """

    row: int
    number: int
    width_m: float
    use: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Carriageway:
    """The surface of a street: rows of its links (one, or one for each direction) and triangles.

    lanes: from the right edge to the left, seen along the first link. xyz_m (n, 3, 3): corners of
    triangles, the city's metres and metres above the sea. lane (n,): whose each triangle is.
    """

    rows: tuple[int, ...]
    width_m: float
    lanes: tuple[Lane, ...]
    xyz_m: Floats
    lane: NDArray[np.int64]


def width_m(links: Links, rows: tuple[int, ...]) -> float:
    """Return how wide a street is: the lanes of its directions, and one pavement without them.

    Metres, above 0. Verges, parking and pavements beside lanes are ignored. Source: `WIDTH_SOURCE`;
    checked by hand in tests/twin/test_exchange_streets.py.
    """
    return sum(lane.width_m for lane in lanes_of(links, rows))


def lanes_of(links: Links, rows: tuple[int, ...]) -> tuple[Lane, ...]:
    """Return a street's lanes from its right edge to its left, seen along its first link.

    A part of a lane, as maps have where they do not say whose the middle one is, is the outermost.
    """
    there, *back = (_lanes(links, row) for row in rows)
    found = (*there[::-1], *(lane for lanes in back for lane in lanes))
    return found or (Lane(rows[0], 1, WALK_M, "footpath"),)


def _lanes(links: Links, row: int) -> list[Lane]:
    """Return one direction's lanes from the middle of the street to its edge."""
    if links.modes[row] & _MOTOR:
        fast = float(links.speed_kmh[row]) >= FAST_KMH
        each_m = FAST_LANE_M if fast else LANE_M
        each_m, use = MOTORWAY_LANE_M if links.kind[row] == "motorway" else each_m, "driving_lane"
    elif links.modes[row] & _ROLLING:
        each_m, use = CYCLE_LANE_M, "cyclepath"
    else:
        return []
    lanes = max(float(links.lanes[row]), 1.0)
    shares = [1.0] * int(lanes) + [lanes % 1] * (lanes % 1 > 0)
    return [Lane(row, i + 1, share * each_m, use) for i, share in enumerate(shares)]


def carriageways(scene: Scene) -> Iterator[Carriageway]:
    """Yield the streets' surfaces; those that stand for what lies beyond the city are left out.

    Height runs evenly from the one end's to the other's, so bridges and ramps are where they are.
    Neighbours overlap at crossings.
    """
    links = scene.links
    streets = [rows for rows in street_rows(links) if links.kind[rows[0]] != "outside"]
    if not streets:
        return
    first = np.array([rows[0] for rows in streets])
    lanes = [lanes_of(links, rows) for rows in streets]
    n_lanes = np.array([len(each) for each in lanes])
    lines = shapely.transform(links.geometry[first], lambda lonlat: scene.projection.xy(*lonlat.T))
    strips = _strips(lines.repeat(n_lanes), np.concatenate([_edges_m(each) for each in lanes]))
    corners, strip = triangles(strips)
    street = np.arange(len(streets)).repeat(n_lanes)[strip]
    points = shapely.points(corners.reshape(-1, 2))
    along = shapely.line_locate_point(lines[street].repeat(3), points, normalized=True)
    ends = np.stack([links.source[first], links.target[first]])
    low, high = scene.nodes.elevation_m.astype("f8")[ends][:, street.repeat(3)]
    z = low + (high - low) * along
    xyz = np.concatenate([corners.reshape(-1, 2), z[:, None]], axis=1).reshape(-1, 3, 3)
    bounds = np.searchsorted(street, np.arange(len(streets) + 1))
    starts = np.cumsum([0, *n_lanes])
    for i, rows in enumerate(streets):
        part = slice(bounds[i], bounds[i + 1])
        yield Carriageway(
            rows=rows,
            width_m=width_m(links, rows),
            lanes=lanes[i],
            xyz_m=xyz[part],
            lane=strip[part] - starts[i],
        )


def _edges_m(lanes: tuple[Lane, ...]) -> Floats:
    """Return where lanes begin and end (n, 2), metres to the left of the middle of the street."""
    ends = np.cumsum([0.0, *(lane.width_m for lane in lanes)])
    ends -= ends[-1] / 2
    return np.column_stack([ends[:-1], ends[1:]])


def _strips(lines: NDArray[np.object_], edges_m: Floats) -> NDArray[np.object_]:
    """Return the surface between two distances to the left of each line; negative is right."""
    right, left = edges_m.T
    outer = np.where(left > 0, left, right)
    inner = np.where(right >= 0, right, np.minimum(left, 0.0))
    strips: Any = shapely.difference(_beside(lines, outer), _beside(lines, inner))
    both = (right < 0) & (left > 0)
    strips[both] = shapely.union(strips[both], _beside(lines[both], right[both]))
    return np.asarray(strips, dtype=object)


def _beside(lines: NDArray[np.object_], far_m: Floats) -> Any:
    """Return the surface from each line to a distance on its left; on its right if negative."""
    return shapely.buffer(
        lines, far_m, cap_style="flat", join_style="mitre", mitre_limit=_MITRE, single_sided=True
    )


def street_rows(links: Links) -> list[tuple[int, ...]]:
    """Return the rows of each street: a link, and the one that goes back along the same line."""
    waiting: dict[tuple[int, int, bytes], list[int]] = {}
    streets: list[list[int]] = []
    owner: dict[int, list[int]] = {}
    for row, (source, target, line) in enumerate(
        zip(links.source.tolist(), links.target.tolist(), links.geometry, strict=True)
    ):
        coordinates = shapely.get_coordinates(line)
        back = waiting.get((target, source, coordinates[::-1].tobytes()), [])
        if back:
            owner[back.pop(0)].append(row)
            continue
        owner[row] = [row]
        streets.append(owner[row])
        waiting.setdefault((source, target, coordinates.tobytes()), []).append(row)
    return [tuple(rows) for rows in streets]

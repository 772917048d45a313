"""Streets as surfaces: a line, a width from lanes, and the heights of both ends."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from hapgang.twin.exchange.footprints import triangles
from hapgang.twin.layers import Links
from hapgang.twin.modes import Modes
from hapgang.twin.scene import Scene

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


@dataclass(frozen=True, eq=False, kw_only=True)
class Carriageway:
    """The surface of a street: rows of its links (one, or one for each direction) and triangles.

    xyz_m (n, 3, 3): corners of triangles, the city's metres and metres above the sea.
    """

    rows: tuple[int, ...]
    width_m: float
    xyz_m: NDArray[np.float64]


def width_m(links: Links, rows: tuple[int, ...]) -> float:
    """Return how wide a street is: the lanes of its directions, and one pavement without them.

    Metres, above 0. Verges, parking and pavements beside lanes are ignored. Source: `WIDTH_SOURCE`;
    checked by hand in tests/twin/test_exchange_streets.py.
    """
    total = 0.0
    for row in rows:
        lanes = max(float(links.lanes[row]), 1.0)
        if links.modes[row] & _MOTOR:
            fast = float(links.speed_kmh[row]) >= FAST_KMH
            lane_m = FAST_LANE_M if fast else LANE_M
            total += lanes * (MOTORWAY_LANE_M if links.kind[row] == "motorway" else lane_m)
        elif links.modes[row] & _ROLLING:
            total += lanes * CYCLE_LANE_M
    return total or WALK_M


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
    widths = [width_m(links, rows) for rows in streets]
    lines = shapely.transform(links.geometry[first], lambda lonlat: scene.projection.xy(*lonlat.T))
    surfaces = shapely.buffer(
        lines, np.array(widths) / 2, cap_style="flat", join_style="mitre", mitre_limit=_MITRE
    )
    corners, owner = triangles(surfaces)
    points = shapely.points(corners.reshape(-1, 2))
    along = shapely.line_locate_point(lines[owner].repeat(3), points, normalized=True)
    ends = np.stack([links.source[first], links.target[first]])
    low, high = scene.nodes.elevation_m.astype("f8")[ends][:, owner.repeat(3)]
    z = low + (high - low) * along
    xyz = np.concatenate([corners.reshape(-1, 2), z[:, None]], axis=1).reshape(-1, 3, 3)
    bounds = np.searchsorted(owner, np.arange(len(streets) + 1))
    for i, rows in enumerate(streets):
        part = xyz[bounds[i] : bounds[i + 1]]
        yield Carriageway(rows=rows, width_m=widths[i], xyz_m=part)


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

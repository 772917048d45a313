"""Where entities are: a grid over the locations of one type."""

import math
from collections.abc import Iterator

from hapgang.core.geometry import Point, degree_lengths_m

_CELL_DEG = 0.0005  # some 50 m: the nearest few of a street's vehicles lie in a ring or two


_Position = tuple[float, float]
# Most cells hold one entity, and a tuple is a fourth of a dictionary.
_Members = tuple[str, _Position] | dict[str, _Position]


class Places:
    """A grid over one type's locations."""

    def __init__(self) -> None:
        """Start empty."""
        self._cells: dict[int, _Members] = {}

    @staticmethod
    def _cell(point: Point) -> tuple[int, int]:
        return math.floor(point.lon / _CELL_DEG), math.floor(point.lat / _CELL_DEG)

    def add(self, entity_id: str, point: Point) -> None:
        """Put an entity at a point."""
        cell = _number(*self._cell(point))
        members = self._cells.get(cell)
        if members is None:
            self._cells[cell] = (entity_id, point.coordinates)
        elif isinstance(members, dict):
            members[entity_id] = point.coordinates
        else:
            self._cells[cell] = {members[0]: members[1], entity_id: point.coordinates}

    def remove(self, entity_id: str, point: Point) -> None:
        """Take an entity away from the point where it was put."""
        cell = _number(*self._cell(point))
        members = self._cells[cell]
        if isinstance(members, dict):
            del members[entity_id]
        if not isinstance(members, dict) or not members:
            del self._cells[cell]

    def near(self, centre: Point, within_m: float) -> Iterator[tuple[float, str]]:
        """Yield (distance in m, id) of all within a distance, nearest first, ties by id.

        Looks outwards ring by ring of cells, so that who takes a few looks at a few.
        """
        lon_m, lat_m = degree_lengths_m(centre.lat)
        rings = math.ceil(within_m / (min(lon_m, lat_m) * _CELL_DEG))
        most = within_m * within_m
        found: list[tuple[float, str]] = []
        if (2 * rings + 1) ** 2 > 4 * len(self._cells):
            for cell in self._cells.values():
                _collect(cell, centre, lon_m, lat_m, most, found)
            found.sort()
            yield from ((math.sqrt(squared), entity_id) for squared, entity_id in found)
            return
        x, y = self._cell(centre)
        aside, ahead = centre.lon / _CELL_DEG - x, centre.lat / _CELL_DEG - y
        aside, ahead = min(aside, 1 - aside), min(ahead, 1 - ahead)  # cells to the nearest edges
        for ring in range(rings + 1):
            for places in _ring(x, y, ring):
                for place in places:
                    if (members := self._cells.get(place)) is not None:
                        _collect(members, centre, lon_m, lat_m, most, found)
            edge_m = min((ring + aside) * lon_m, (ring + ahead) * lat_m) * _CELL_DEG
            complete = edge_m * edge_m if ring < rings else math.inf
            found.sort(reverse=True)
            while found and found[-1][0] < complete:
                squared, entity_id = found.pop()
                yield math.sqrt(squared), entity_id


_COLUMN = 1 << 24  # from a cell's number to that of the next one to the east


def _number(x: int, y: int) -> int:
    """Return the number of a cell: one for each pair."""
    return x * _COLUMN + y


def _ring(x: int, y: int, ring: int) -> tuple[range, ...]:
    """Return the numbers of the cells at a Chebyshev distance from a cell: its four sides."""
    west, east = _number(x - ring, y), _number(x + ring, y)
    if ring == 0:
        return (range(west, west + 1),)
    return (
        range(west - ring, east - ring + 1, _COLUMN),
        range(west + ring, east + ring + 1, _COLUMN),
        range(west - ring + 1, west + ring),
        range(east - ring + 1, east + ring),
    )


def _collect(
    members: _Members,
    centre: Point,
    lon_m: float,
    lat_m: float,
    most: float,
    found: list[tuple[float, str]],
) -> None:
    lon0, lat0 = centre.coordinates
    several = members.items() if isinstance(members, dict) else (members,)
    for entity_id, (lon, lat) in several:
        dx, dy = (lon - lon0) * lon_m, (lat - lat0) * lat_m
        squared = dx * dx + dy * dy
        if squared <= most:
            found.append((squared, entity_id))

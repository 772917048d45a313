"""What the scenario studio shows of a city: streets with both directions, stops, lines, areas."""

from collections.abc import Iterator

import msgspec
import numpy as np

from hapgang.core.text import Text
from hapgang.twin.modes import Modes
from hapgang.twin.scene import Scene


class StreetFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of street, whichever way it is gone; `street` is its first direction's name."""

    street: str
    links: tuple[str, ...]
    name: str | None
    kind: str
    length_m: float
    lanes: float
    speed_kmh: float
    modes: tuple[str, ...]
    at: tuple[float, float]
    heading_deg: float  # from north clockwise, of the first direction


class StreetState(msgspec.Struct, frozen=True, kw_only=True):
    """A direction of a street that is not as built: who may use it now, and how fast."""

    link: str
    modes: tuple[str, ...]
    speed_kmh: float


class StopFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A stop of the timetable where it stands."""

    stop: str
    name: str
    lon: float
    lat: float


class LineFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the timetable; not every scenario runs all of them."""

    route: str
    name: str


class AreaFacts(msgspec.Struct, frozen=True, kw_only=True):
    """An area that changes can name."""

    area: str
    kind: str
    title: Text


class StudioModel(msgspec.Struct, frozen=True, kw_only=True):
    """What a scenario can change, as built."""

    streets: list[StreetFacts]
    stops: list[StopFacts]
    lines: list[LineFacts]
    areas: list[AreaFacts]
    modes: tuple[str, ...]


def studio_model(scene: Scene) -> StudioModel:
    """Return the city's parts as the studio lists them."""
    stops, lines = _transit(scene)
    areas = scene.areas
    return StudioModel(
        streets=list(_streets(scene)),
        stops=stops,
        lines=lines,
        areas=[
            AreaFacts(area=area, kind=kind, title=Text(en, ko))
            for area, kind, en, ko in zip(
                areas.area.tolist(), areas.kind.tolist(), areas.title_en.tolist(),
                areas.title_ko.tolist(), strict=True,
            )
        ],
        modes=tuple(_names(sum(Modes))),
    )  # fmt: skip


def states_of(before: Scene, after: Scene) -> list[StreetState]:
    """Return every direction of a street that differs between two scenes of one city."""
    old, new = before.links, after.links
    rows = np.flatnonzero((old.modes != new.modes) | (old.speed_kmh != new.speed_kmh))
    return [
        StreetState(
            link=str(new.link[row]),
            modes=tuple(_names(int(new.modes[row]))),
            speed_kmh=round(float(new.speed_kmh[row]), 1),
        )
        for row in rows.tolist()
    ]


def both_ways(scene: Scene) -> list[tuple[int, ...]]:
    """Return the rows of each street's links: one way, or there and back."""
    links = scene.links
    source, target = links.source.tolist(), links.target.tolist()
    row_of = {ends: row for row, ends in enumerate(zip(source, target, strict=True))}
    found: list[tuple[int, ...]] = []
    seen: set[int] = set()
    for row, (a, b) in enumerate(zip(source, target, strict=True)):
        if row in seen:
            continue
        back = row_of.get((b, a))
        pair: tuple[int, ...] = (
            (row,) if back is None or back in seen or back == row else (row, back)
        )
        seen.update(pair)
        found.append(pair)
    return found


def _streets(scene: Scene) -> Iterator[StreetFacts]:
    links, nodes = scene.links, scene.nodes
    for rows in both_ways(scene):
        row = rows[0]
        a, b = int(links.source[row]), int(links.target[row])
        east_m, north_m = nodes.xy[b] - nodes.xy[a]
        yield StreetFacts(
            street=str(links.link[row]),
            links=tuple(links.link[list(rows)].tolist()),
            name=links.name[row],
            kind=str(links.kind[row]),
            length_m=round(float(links.length_m[row]), 1),
            lanes=float(links.lanes[row]),
            speed_kmh=round(float(links.speed_kmh[row]), 1),
            modes=tuple(_names(int(np.bitwise_or.reduce(links.modes[list(rows)])))),
            at=(
                round(float(nodes.lon[a] + nodes.lon[b]) / 2, 6),
                round(float(nodes.lat[a] + nodes.lat[b]) / 2, 6),
            ),
            heading_deg=round(float(np.degrees(np.arctan2(east_m, north_m))) % 360, 1) % 360,
        )


def _transit(scene: Scene) -> tuple[list[StopFacts], list[LineFacts]]:
    if scene.timetable is None:
        return [], []
    stops, routes = scene.timetable.stops, scene.timetable.routes
    return (
        [
            StopFacts(stop=stop, name=name, lon=lon, lat=lat)
            for stop, name, lon, lat in zip(
                stops.stop.tolist(), stops.name.tolist(), stops.lon.tolist(), stops.lat.tolist(),
                strict=True,
            )
        ],
        [
            LineFacts(route=route, name=short or long or route)
            for route, short, long in zip(
                routes.route.tolist(), routes.short_name.tolist(), routes.long_name.tolist(),
                strict=True,
            )
        ],
    )  # fmt: skip


def _names(bits: int) -> list[str]:
    return [str(mode.name).lower() for mode in Modes if bits & mode]

"""Scenarios: named sets of changes over a city, as data, and what they do to its scene.

A scenario is `scenarios/NAME.toml` in a city's folder. Its changes are pure: they turn a scene into
another one whose links keep their rows and names, so that results can be compared link by link.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray

from hapgang.core.errors import Invalid, NotFound
from hapgang.core.text import Text
from hapgang.twin.modes import Modes

if TYPE_CHECKING:
    from hapgang.twin.scene import Scene

Mask = NDArray[np.bool_]


class _Change(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="do", forbid_unknown_fields=True
):
    """One change; `source` says where it is written."""

    source: str = ""


class _OnLinks(_Change, frozen=True, kw_only=True):
    """A change of links: those named, of a kind, or more than half inside an area.

    `area` is the name of an area or a kind of areas. What is given narrows the choice.
    """

    area: str | None = None
    kind: str | None = None
    links: tuple[str, ...] | None = None


class Restrict(_OnLinks, frozen=True, kw_only=True, tag="restrict"):
    """Modes that may no longer use some links."""

    modes: tuple[str, ...]


class Open(_OnLinks, frozen=True, kw_only=True, tag="open"):
    """Modes that may now use some links as well."""

    modes: tuple[str, ...]


class Close(_OnLinks, frozen=True, kw_only=True, tag="close"):
    """Links that nobody may use."""


class Speed(_OnLinks, frozen=True, kw_only=True, tag="speed"):
    """A speed that nobody may exceed on some links."""

    max_kmh: float

    def __post_init__(self) -> None:
        if not 1 <= self.max_kmh <= 200:
            raise ValueError("max_kmh must lie between 1 and 200")


class Headway(_Change, frozen=True, kw_only=True, tag="headway"):
    """A GTFS route that runs every so many minutes instead of as its timetable says."""

    route: str
    minutes: float

    def __post_init__(self) -> None:
        if not 0.5 <= self.minutes <= 1440:
            raise ValueError("minutes must lie between 0.5 and 1440")


class AddRoute(_Change, frozen=True, kw_only=True, tag="route"):
    """A GTFS route that runs only in scenarios that say so."""

    route: str


Change = Restrict | Open | Close | Speed | Headway | AddRoute


class _ScenarioFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: Text
    services: tuple[str, ...] = ()
    change: tuple[Change, ...] = ()
    service: dict[str, dict[str, Any]] = {}


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What a city is rehearsed with: its services with their settings, and its changes."""

    name: str
    title: Text
    services: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    settings: Mapping[str, Mapping[str, Any]]


def read_scenario(folder: Path, name: str) -> Scenario:
    """Read `scenarios/NAME.toml` of a city's folder."""
    path = folder / "scenarios" / f"{name}.toml"
    if Path(name).name != name or not path.is_file():
        known = ", ".join(list_scenarios(folder)) or "none"
        raise NotFound(
            f"there is no scenario “{name}” in {folder}; it has {known}",
            f"{folder}에 “{name}” 시나리오가 없습니다. 있는 것: {known}",
        )
    try:
        file = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _ScenarioFile)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise Invalid(
            f"scenarios/{path.name}: {error}", f"scenarios/{path.name}: {error}"
        ) from error
    return Scenario(
        name=name,
        title=file.title,
        services=file.services,
        changes=file.change,
        settings=file.service,
    )


def list_scenarios(folder: Path) -> list[str]:
    """List the names of a city's scenarios, sorted."""
    return sorted(path.stem for path in (folder / "scenarios").glob("*.toml"))


def routes_of_scenarios(folder: Path) -> frozenset[str]:
    """Return the routes that run only where a scenario adds them."""
    return frozenset(
        change.route
        for name in list_scenarios(folder)
        for change in read_scenario(folder, name).changes
        if isinstance(change, AddRoute)
    )


def apply_changes(scene: "Scene", changes: Iterable[Change]) -> "Scene":
    """Return the scene with the changes made, in their order; the scene given stays as it is."""
    digest = sha256(scene.version.encode())
    for change in changes:
        scene = _apply(scene, change)
        digest.update(msgspec.json.encode(change, order="deterministic"))
    return replace(scene, version=digest.hexdigest())


def _apply(scene: "Scene", change: Change) -> "Scene":
    if isinstance(change, Headway | AddRoute):
        if scene.timetable is None:
            raise Invalid(
                f"route “{change.route}”: {scene.name} has no timetable (folder transit)",
                f"“{change.route}” 노선: 이 도시에는 시간표(transit)가 없습니다",
            )
        if isinstance(change, AddRoute):
            return replace(scene, timetable=scene.timetable.adding(change.route))
        return replace(scene, timetable=scene.timetable.every(change.route, change.minutes * 60))
    chosen = _chosen(scene, change)
    modes, speed = scene.links.modes.copy(), scene.links.speed_kmh.copy()
    match change:
        case Restrict():
            modes[chosen] &= ~int(Modes.of(change.modes))
        case Open():
            modes[chosen] |= int(Modes.of(change.modes))
        case Close():
            modes[chosen] = 0
        case Speed():
            speed[chosen] = np.minimum(speed[chosen], np.float32(change.max_kmh))
    for array in (modes, speed):
        array.flags.writeable = False
    return replace(scene, links=replace(scene.links, modes=modes, speed_kmh=speed))


def _chosen(scene: "Scene", change: _OnLinks) -> Mask:
    if change.area is None and change.kind is None and not change.links:
        raise Invalid(
            "a change of streets needs an area, a kind or links",
            "도로 변경에는 area, kind, links 중 하나가 필요합니다",
        )
    chosen = np.ones(len(scene.links), dtype=np.bool_)
    if change.links is not None:
        named = np.zeros_like(chosen)
        named[scene.links.rows(list(change.links))] = True
        chosen &= named
    if change.kind is not None:
        chosen &= scene.links.kind == change.kind
    if change.area is not None:
        chosen &= links_inside(scene, change.area)
    return chosen


def links_inside(scene: "Scene", area: str) -> Mask:
    """Tell which links lie more than half inside an area, or in any area of a kind."""
    surface = _surface(scene, area)
    shapely.prepare(surface)
    lines = scene.links.geometry
    inside = np.zeros(len(lines), dtype=np.bool_)
    touching = np.flatnonzero(shapely.intersects(surface, lines))
    within = shapely.length(shapely.intersection(surface, lines[touching]))
    inside[touching] = within > 0.5 * shapely.length(lines[touching])
    return inside


def closed_to(scene: "Scene", mode: str) -> shapely.Geometry:
    """Return the surface of the areas that a scene's scenario closes to a mode, maybe empty."""
    closed = [
        _surface(scene, change.area)
        for change in scene.scenario.changes
        if isinstance(change, Restrict) and mode in change.modes and change.area is not None
    ]
    return shapely.union_all(closed)


def _surface(scene: "Scene", area: str) -> shapely.Geometry:
    areas = scene.areas
    match = np.flatnonzero(areas.area == area)
    if not match.size:
        match = np.flatnonzero(areas.kind == area)
    if not match.size:
        known = ", ".join(sorted({*areas.area.tolist(), *areas.kind.tolist()})[:40])
        raise NotFound(
            f"there is no area and no kind of area “{area}”; there are {known}",
            f"“{area}” 구역이 없습니다. 있는 것: {known}",
        )
    return shapely.union_all(areas.geometry[match])

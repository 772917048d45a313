"""What changes do to a scene, one after another."""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from hapgang.core.errors import CityError, Invalid
from hapgang.core.text import Text
from hapgang.core.vocabulary.scenarios import AddCarPark, AddRoute, Change, Headway, MoveStop
from hapgang.twin.scenario.points import with_car_park, with_stop
from hapgang.twin.scenario.streets import with_streets

if TYPE_CHECKING:
    from hapgang.twin.scene import Scene


class Effect(NamedTuple):
    """What one change does: how many links differ after it, or why it cannot be made."""

    links: int
    problem: Text | None = None


def apply_changes(scene: "Scene", changes: Iterable[Change]) -> "Scene":
    """Return the scene with the changes made, in their order; the scene given stays as it is."""
    digest = sha256(scene.version.encode())
    for change in changes:
        scene = _apply(scene, change)
        digest.update(msgspec.json.encode(change, order="deterministic"))
    return replace(scene, version=digest.hexdigest())


def effects_of(scene: "Scene", changes: Iterable[Change]) -> tuple["Scene", list[Effect]]:
    """Return the scene with all changes that can be made, and what each of them does."""
    effects = []
    for change in changes:
        before = scene.links
        try:
            scene = _apply(scene, change)
        except CityError as error:
            effects.append(Effect(0, error.message))
            continue
        differs = (before.modes != scene.links.modes) | (before.speed_kmh != scene.links.speed_kmh)
        effects.append(Effect(int(np.count_nonzero(differs))))
    return scene, effects


def _apply(scene: "Scene", change: Change) -> "Scene":
    match change:
        case Headway() | AddRoute():
            return _with_line(scene, change)
        case MoveStop():
            return with_stop(scene, change)
        case AddCarPark():
            return with_car_park(scene, change)
        case _:
            return with_streets(scene, change)


def _with_line(scene: "Scene", change: Headway | AddRoute) -> "Scene":
    if scene.timetable is None:
        raise Invalid(
            f"route “{change.route}”: {scene.name} has no timetable (folder transit)",
            f"“{change.route}” 노선: 이 도시에는 시간표(transit)가 없습니다",
        )
    if isinstance(change, AddRoute):
        return replace(scene, timetable=scene.timetable.adding(change.route))
    return replace(scene, timetable=scene.timetable.every(change.route, change.minutes * 60))

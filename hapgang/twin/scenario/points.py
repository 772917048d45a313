"""Changes that put something at a point: a stop that is moved, a car park that is built."""

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from hapgang.core.errors import Conflict, Invalid, NotFound
from hapgang.core.vocabulary.scenarios import AddCarPark, MoveStop
from hapgang.twin.modes import Modes
from hapgang.twin.scenario.streets import closed_to

if TYPE_CHECKING:
    from hapgang.twin.scene import Scene

# Assumption: a stop that is moved farther is another stop, with other running times. It is some
# five minutes on foot, the distance at which El-Geneidy et al. 2014 (doi 10.1007/s11116-013-9508-z)
# find most bus riders' walks to end.
MOST_MOVED_M = 500.0
# A point farther from every street than this lies nowhere; for stops the router holds the same.
OFF_STREET_M = 200.0

Floats = NDArray[np.float64]


def with_stop(scene: "Scene", change: MoveStop) -> "Scene":
    """Return the scene with a stop of its timetable moved; its times and transfers stay."""
    timetable = scene.timetable
    if timetable is None or change.stop not in timetable.stops.row_of:
        raise NotFound(
            f"transit/stops.txt has no stop “{change.stop}”",
            f"transit/stops.txt에 “{change.stop}” 정류장이 없습니다",
        )
    stops, row = timetable.stops, timetable.stops.row_of[change.stop]
    here = _xy(scene, change.lon, change.lat)
    far_m = float(np.hypot(*(here - stops.xy[row])))
    if not far_m <= MOST_MOVED_M:
        raise Invalid(
            f"stop “{change.stop}” would move {far_m:,.0f} m; put it at most {MOST_MOVED_M:.0f} m"
            " from where it stands",
            f"“{change.stop}” 정류장이 {far_m:,.0f} m 옮겨집니다. 지금 자리에서"
            f" {MOST_MOVED_M:.0f} m 안에 두세요",
        )
    _check_street(scene, here, Modes.WALK)
    moved = replace(
        stops,
        lon=_written(stops.lon, row, change.lon),
        lat=_written(stops.lat, row, change.lat),
        xy=_written(stops.xy, row, here),
    )
    return replace(scene, timetable=replace(timetable, stops=moved))


def with_car_park(scene: "Scene", change: AddCarPark) -> "Scene":
    """Return the scene with one more place of kind car_park.

    Whoever may not park at the door leaves the car in the nearest car park, which takes everybody:
    its capacity is told, and does not turn anybody away yet.
    """
    if change.place in scene.places.row_of:
        raise Conflict(
            f"there is a place “{change.place}” already; give the car park another name",
            f"“{change.place}” 장소가 이미 있습니다. 다른 이름을 쓰세요",
        )
    if shapely.contains_xy(closed_to(scene, "car"), change.lon, change.lat):
        raise Invalid(
            f"car park “{change.place}” lies in an area that is closed to cars; put it outside",
            f"“{change.place}” 주차장이 승용차가 못 들어가는 구역 안에 있습니다. 밖에 두세요",
        )
    here = _xy(scene, change.lon, change.lat)
    _check_street(scene, here, Modes.CAR)
    zone = scene.zones.ids[int(np.argmin(np.hypot(*(scene.zones.xy - here).T)))]
    row = {
        "place": change.place, "kind": "car_park", "title_en": change.title.en,
        "title_ko": change.title.ko, "capacity": change.capacity, "zone": zone, "building": None,
        "lon": change.lon, "lat": change.lat, "source": change.source or None, "xy": here,
    }  # fmt: skip
    columns = {
        one.name: _longer(getattr(scene.places, one.name), row[one.name])
        for one in fields(scene.places)
    }
    return replace(scene, places=type(scene.places)(**columns))


def _xy(scene: "Scene", lon: float, lat: float) -> Floats:
    here: Floats = scene.projection.xy(np.array([lon]), np.array([lat]))[0]
    return here


def _check_street(scene: "Scene", here: Floats, mode: Modes) -> None:
    """Raise `Invalid` where no street that is open to a mode has an end nearby."""
    links = scene.links
    open_to = (links.modes & int(mode)) != 0
    ends = np.concatenate([links.source[open_to], links.target[open_to]])
    away_m = np.hypot(*(scene.nodes.xy[ends] - here).T)
    if not away_m.size or away_m.min() > OFF_STREET_M:
        english, korean = _WAYS[mode]
        raise Invalid(
            f"no street that is open {english} is within {OFF_STREET_M:.0f} m of this point; put it"
            " nearer to one",
            f"{OFF_STREET_M:.0f} m 안에 {korean} 길이 없습니다. 길 가까이에 두세요",
        )


_WAYS = {Modes.WALK: ("on foot", "걸어갈 수 있는"), Modes.CAR: ("to cars", "승용차가 다니는")}


def _written(column: NDArray[Any], row: int, value: Any) -> NDArray[Any]:
    fresh = column.copy()
    fresh[row] = value
    fresh.flags.writeable = False
    return fresh


def _longer(column: NDArray[Any], value: Any) -> NDArray[Any]:
    fresh = np.empty((len(column) + 1, *column.shape[1:]), column.dtype)
    fresh[:-1] = column
    fresh[-1] = value
    fresh.flags.writeable = False
    return fresh

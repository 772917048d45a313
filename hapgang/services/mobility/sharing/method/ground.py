"""The city as a vehicle sees it: where it may go and stand, how fast, and which area it is in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hapgang.core.geometry import Point, degree_lengths_m
from hapgang.core.text import Text
from hapgang.services.mobility.sharing.method.pace import Pace, measure_pace
from hapgang.twin.scene import Scene

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What holds inside one kind of area."""

    ride: bool = True
    park: bool = True  # away from stations
    max_kmh: int | None = None


# What `areas.parquet` knows and what follows from it here.
RULES: Mapping[str, Rule] = {
    "water": Rule(ride=False, park=False),
    "wetland": Rule(ride=False, park=False),  # Hapgang Wetland is preserved (the white paper)
    "no_parking": Rule(park=False),
    "hill": Rule(park=False),  # "preserved hills east and west" (the basic concept of July 2018)
    "park": Rule(park=False),  # assumption: only at stations, so that lawns and paths stay free
    # The white paper, "Street Planning": at most 30 km/h for all mobility inside the ring.
    "restricted": Rule(max_kmh=30),
    "ring_interior": Rule(max_kmh=30),
    "slow_zone": Rule(max_kmh=20),  # the white paper's slow PM
    "school_zone": Rule(max_kmh=30),  # Road Traffic Act of Korea, article 12
}
# A return counts as at a station within so many metres: the error of positions by satellite.
STATION_REACH_M = 25.0
# Vehicles within so many metres stand at one spot: the length of four closed ones (2.35 m, i-Road).
SPOT_M = 10.0
# Where else a vehicle may stand is looked for on rings of these radii, in eight directions.
_RINGS_M = (15.0, 30.0, 60.0, 100.0, 150.0)
_MOST_POINTS = 100_000  # that are remembered: their rules, and their areas


@dataclass(frozen=True, kw_only=True)
class Zone:
    """An area with a rule, for maps and feeds."""

    title: Text
    rule: Rule
    shape: BaseGeometry


@dataclass(frozen=True, eq=False, kw_only=True)
class Ground:
    """Everything that the service needs of a scene, made once for each."""

    name: str
    title: Text
    time_zone: ZoneInfo
    residents: int
    service: BaseGeometry | None  # where vehicles stay; None is everywhere
    zones: tuple[Zone, ...]
    area_ids: tuple[str, ...]  # zones of the city, the service's cells of demand
    area_lonlat: Floats  # (n, 2) degrees
    area_weight: Floats  # (n,) people and jobs
    pace: Pace
    _barred: BaseGeometry | None
    _closed: BaseGeometry | None  # to parking
    _slow: tuple[tuple[int, BaseGeometry], ...]
    _area_memo: dict[Point, int] = field(default_factory=dict, repr=False)
    _point_memo: dict[Point, tuple[bool, Text | None]] = field(default_factory=dict, repr=False)

    def serves(self, at: Point) -> bool:
        """Whether vehicles may be here at all."""
        return self._known(at)[0]

    def why_not_park(self, at: Point) -> Text | None:
        """Return why nobody may leave a vehicle here, away from stations; None when they may."""
        return self._known(at)[1]

    def max_kmh(self, at: Point) -> int | None:
        """Return the lowest limit that holds here, km/h, or None."""
        limits = [kmh for kmh, shape in self._slow if _covers(shape, at)]
        return min(limits, default=None)

    def area_of(self, at: Point) -> int:
        """Row of the area whose centre is nearest; -1 where the city has none."""
        found = self._area_memo.get(at)
        if found is None:
            if len(self._area_memo) >= _MOST_POINTS:
                self._area_memo.clear()
            found = self._area_memo[at] = self._nearest_area(at)
        return found

    def area_name(self, at: Point) -> str:
        """Name of the area whose centre is nearest; empty where the city has none."""
        row = self.area_of(at)
        return self.area_ids[row] if row >= 0 else ""

    def spots_around(self, at: Point) -> Iterator[Point]:
        """Yield places where a vehicle may stand, nearest ring first, `at` itself before all."""
        for spot in _rings(at):
            if self.why_not_park(spot) is None:
                yield spot

    def _known(self, at: Point) -> tuple[bool, Text | None]:
        """Whether vehicles may be here, and why not parked; people ask for the same doors often."""
        found = self._point_memo.get(at)
        if found is None:
            if len(self._point_memo) >= _MOST_POINTS:
                self._point_memo.clear()
            found = self._point_memo[at] = self._look(at)
        return found

    def _look(self, at: Point) -> tuple[bool, Text | None]:
        if self.service is not None and not _covers(self.service, at):
            return False, Text("This is outside the service area.", "서비스 지역 밖입니다.")
        why_not = None
        if self._closed is not None and _covers(self._closed, at):
            why_not = Text(
                "Vehicles may not be left here; use a station or a street nearby.",
                "주차할 수 없는 구역입니다. 가까운 스테이션이나 길가에 세워 주세요.",
            )
        return not (self._barred is not None and _covers(self._barred, at)), why_not

    def _nearest_area(self, at: Point) -> int:
        if not self.area_ids:
            return -1
        lon_m, lat_m = degree_lengths_m(at.lat)
        apart = (self.area_lonlat - np.array(at.coordinates)) * np.array([lon_m, lat_m])
        return int(np.argmin((apart**2).sum(axis=1)))


@lru_cache(maxsize=8)
def ground_of(scene: Scene | None) -> Ground:
    """Return the ground of a scene; without one a plain where everything is allowed."""
    if scene is None:
        return _PLAIN
    inside = np.flatnonzero(scene.zones.kind != "outside")
    zones = tuple(_zones(scene))
    slow = [(z.rule.max_kmh, z.shape) for z in zones if z.rule.max_kmh is not None]
    return Ground(
        name=scene.name,
        title=scene.title,
        time_zone=ZoneInfo(scene.time_zone),
        residents=scene.residents,
        service=_prepared(_service_area(scene, inside)),
        zones=zones,
        area_ids=tuple(str(zone) for zone in scene.zones.zone[inside]),
        area_lonlat=np.column_stack([scene.zones.lon[inside], scene.zones.lat[inside]]),
        area_weight=(scene.zones.population + scene.zones.jobs)[inside].astype("f8"),
        pace=measure_pace(scene),
        _barred=_prepared(_union([z.shape for z in zones if not z.rule.ride])),
        _closed=_prepared(_union([z.shape for z in zones if not z.rule.park])),
        _slow=tuple((kmh, shape) for kmh, shape in slow if _prepared(shape) is not None),
    )


_PLAIN = Ground(
    name="plain",
    title=Text("Plain", "평지"),
    time_zone=ZoneInfo("Asia/Seoul"),
    residents=0,
    service=None,
    zones=(),
    area_ids=(),
    area_lonlat=np.zeros((0, 2)),
    area_weight=np.zeros(0),
    pace=Pace(),
    _barred=None,
    _closed=None,
    _slow=(),
)


def _zones(scene: Scene) -> Iterator[Zone]:
    areas = scene.areas
    for row, kind in enumerate(areas.kind):
        if (rule := RULES.get(str(kind))) is not None:
            title = Text(str(areas.title_en[row]), str(areas.title_ko[row]))
            yield Zone(title=title, rule=rule, shape=areas.geometry[row])


def _service_area(scene: Scene, inside: NDArray[np.int64]) -> BaseGeometry | None:
    """Return the city's boundary; a city without one ends where its zones end."""
    boundary = [scene.areas.geometry[row] for row in np.flatnonzero(scene.areas.kind == "boundary")]
    return _union(boundary or [scene.zones.geometry[row] for row in inside])


def _union(shapes: list[BaseGeometry]) -> BaseGeometry | None:
    return shapely.union_all(shapes) if shapes else None


def _prepared(shape: BaseGeometry | None) -> BaseGeometry | None:
    if shape is not None:
        shapely.prepare(shape)
    return shape


def _covers(shape: BaseGeometry, at: Point) -> bool:
    return bool(shapely.intersects_xy(shape, at.lon, at.lat))


def _rings(at: Point) -> Iterator[Point]:
    yield at
    lon_m, lat_m = degree_lengths_m(at.lat)
    for radius_m in _RINGS_M:
        for direction in range(8):
            angle = direction * np.pi / 4
            east, north = radius_m * np.cos(angle), radius_m * np.sin(angle)
            yield Point((float(at.lon + east / lon_m), float(at.lat + north / lat_m)))

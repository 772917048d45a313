"""What a rehearsed day says about the city as a whole, beside what each service is measured by."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely

from hapgang.contract import Kpi, Text
from hapgang.hub.lake import LakeView
from hapgang.twin.scene import Scene

Measure = Callable[[LakeView], float | None]
_SHARE = Text(
    "the white paper, 'Analysis of Road Service and Transportation'",
    "백서, ‘도로 서비스와 교통 분석’",
)
_SHARE_TODAY = Text(f"{_SHARE.en}: 46.8 % in Sejong today", f"{_SHARE.ko}: 지금 세종은 46.8 %")
_MEASURE = Text(
    "definition: measured from every trip of the day", "정의: 하루의 모든 통행에서 잰 값"
)
_CAR_SHARE = """
    SELECT 100.0 * count(*) FILTER (mode = 'car') / nullif(count(*), 0) FROM trip
    WHERE list_contains(?, origin) = ? AND list_contains(?, destination) = ?
"""
# The direct ways between home and work, each of them averaged: not lunch, not a stop on the way.
_COMMUTE = """
    WITH ordered AS (
        SELECT purpose, arrive_s - depart_s AS took_s,
               coalesce(lag(purpose) OVER (PARTITION BY person, left(trip, 10) ORDER BY trip),
                        'home') AS before
        FROM trip)
    SELECT (avg(took_s) FILTER (purpose = 'work' AND before = 'home')
          + avg(took_s) FILTER (purpose = 'home' AND before = 'work')) / 60
    FROM ordered
"""
# A person who goes out on one day; a trip's name begins with its day.
_PERSON_DAYS = "SELECT count(DISTINCT (person, left(trip, 10))) FROM trip"


@dataclass(frozen=True)
class CityKpis:
    """The city's own KPIs, which need to know what lies inside the Circulation Ring."""

    inside: list[str]

    @classmethod
    def of(cls, scene: Scene) -> "CityKpis":
        """Find the zones inside the ring: in the area of kind `ring_interior`, if there is one."""
        rows = np.flatnonzero(scene.areas.kind == "ring_interior")
        if not len(rows):
            return cls([])
        ring = shapely.union_all(scene.areas.geometry[rows])
        points = shapely.points(scene.zones.lon, scene.zones.lat)
        return cls(scene.zones.ids[shapely.contains(ring, points)].tolist())

    def kpis(self) -> tuple[Kpi, ...]:
        """Return all of them; those about the ring only where there is one."""
        found = list(_CITY)
        if self.inside:
            found += [
                self._share("car_share_inside", "inside the ring", "순환링 안", 10.0, (True, True)),
                self._share("car_share_across", "in and out of the ring", "순환링 안팎", 10.0,
                            (True, False)),
                self._share("car_share_outside", "outside the ring", "순환링 밖", 30.0,
                            (False, False)),
            ]  # fmt: skip
        return tuple(found)

    def _share(self, name: str, en: str, ko: str, target: float, ends: tuple[bool, bool]) -> Kpi:
        def measure(lake: LakeView) -> float | None:
            start, end = ends
            if start == end:
                return lake.number(_CAR_SHARE, self.inside, start, self.inside, end)
            return lake.number(
                """SELECT 100.0 * count(*) FILTER (mode = 'car') / nullif(count(*), 0) FROM trip
                   WHERE list_contains(?, origin) <> list_contains(?, destination)""",
                self.inside,
                self.inside,
            )

        return Kpi(
            name=name,
            title=Text(f"Car share, trips {en}", f"승용차 분담률, {ko} 통행"),
            unit="%",
            better="lower",
            target=target,
            source=_SHARE,
            measure=measure,
        )


def _number(sql: str) -> Measure:
    return lambda lake: lake.number(sql)


def _per_person_day(sql: str) -> Measure:
    def measure(lake: LakeView) -> float | None:
        total, person_days = lake.number(sql), lake.number(_PERSON_DAYS)
        return total / person_days if total is not None and person_days else None

    return measure


def _kpi(
    name: str,
    title: Text,
    unit: str,
    measure: Measure,
    *,
    better: Literal["higher", "lower"] = "lower",
    target: float | None = None,
    source: Text = _MEASURE,
) -> Kpi:
    return Kpi(
        name=name, title=title, unit=unit, better=better, source=source, measure=measure,
        target=target,
    )  # fmt: skip


_CITY = (
    _kpi("car_share", Text("Car share of all trips", "승용차 분담률"), "%",
         _number("SELECT 100.0 * count(*) FILTER (mode = 'car') / nullif(count(*), 0) FROM trip"),
         source=_SHARE_TODAY),
    _kpi("commute_min", Text("Commute, there and back", "통근 왕복 시간"), "min",
         _number(_COMMUTE), target=60.0,
         source=Text("the white paper, 'Expected Effects of the Seven Innovative Factors'",
                     "백서, ‘7대 혁신 요소의 기대 효과’")),
    _kpi("trips_per_person",
         Text("Trips a day of those who go out", "외출한 사람의 하루 통행 수"), "trips",
         _per_person_day("SELECT count(*) FROM trip"), better="higher"),
    _kpi("trip_min", Text("Mean trip, door to door", "평균 통행 시간"), "min",
         _number("SELECT avg(arrive_s - depart_s) / 60 FROM trip")),
    _kpi("car_km_per_person",
         Text("Kilometres by car, for each who goes out", "1인당 하루 승용차 이동거리"), "km",
         _per_person_day("SELECT sum(distance_m) FILTER (mode = 'car') / 1000 FROM trip")),
    _kpi("walk_min_per_person",
         Text("Minutes on foot, for each who goes out", "1인당 하루 보행 시간"), "min",
         _per_person_day("SELECT sum(end_s - start_s) / 60 FROM leg WHERE mode = 'walk'"),
         better="higher"),
)  # fmt: skip

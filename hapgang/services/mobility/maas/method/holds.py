"""Whether a booked journey can still be travelled as it was planned, as runs are now."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np

from hapgang.core.text import Text
from hapgang.services.mobility.maas.method.ground import Ground, Late
from hapgang.services.mobility.maas.model import Leg, Run

Times = tuple[datetime, datetime]


def trouble(ground: Ground, late: Late, legs: tuple[Leg, ...]) -> Text | None:
    """Return why a journey does not hold any more; None where it does, however late it ends."""
    at: datetime | None = None  # when the traveller is where the next leg begins
    before: tuple[Run, timedelta] | None = None  # the last ride, and how late it ends
    for leg in legs:
        if leg.ride is None:
            if leg.service and at is not None and at > leg.start_at and before is not None:
                return _missed(*before)
            walked = leg.end_at - leg.start_at
            at = leg.end_at if at is None or leg.service else at + walked
            continue
        times = _times(ground, late, leg)
        if times is None:
            return _gone(late, leg.ride)
        if at is not None and times[0] < at:
            return _missed(*before) if before is not None else _early(leg.ride)
        before, at = (leg.ride, times[1] - leg.end_at), times[1]
    return None


def touched(late: Late) -> Mapping[tuple[str, int], bool]:
    """Return the runs of which anything is known, by day and number, and which are cancelled."""
    return {(delay.day, delay.run): delay.cancelled for delay in late.delays}


def _times(ground: Ground, late: Late, leg: Leg) -> Times | None:
    """Return when a ride leaves and arrives now; None where it does not."""
    ride = leg.ride
    assert ride is not None
    day = leg.start_at.astimezone(ground.time_zone).date()
    transit = ground.live(day, late)
    if transit is None:
        return None
    stops, hops = transit.day.timetable.stops, transit.service.connections
    midnight = ground.midnight(day)
    mine = np.flatnonzero(hops.run == ride.run)
    found = []
    for stop, at, when_s, planned in (
        (ride.from_stop, hops.departure_stop, hops.departure_s, leg.start_at),
        (ride.to_stop, hops.arrival_stop, hops.arrival_s, leg.end_at),
    ):
        times_s = when_s[mine[at[mine] == stops.row_of.get(stop, -1)]]
        if not times_s.size:
            return None
        planned_s = (planned - midnight).total_seconds()
        nearest_s = int(times_s[np.argmin(np.abs(times_s - planned_s))])
        found.append(midnight + timedelta(seconds=nearest_s))
    return found[0], found[1]


def _gone(late: Late, ride: Run) -> Text:
    line = ride.route
    if touched(late).get((ride.day, ride.run)):
        return Text(f"A run of line {line} is cancelled.", f"{line} 노선 운행이 취소되었습니다.")
    return Text(f"Line {line} does not call at your stop.", f"{line} 노선이 정류장을 지나칩니다.")


def _early(ride: Run) -> Text:
    return Text(
        f"Line {ride.route} leaves before you can be there.",
        f"{ride.route} 노선이 예정보다 일찍 출발합니다.",
    )


def _missed(ride: Run, late: timedelta) -> Text:
    late_min = round(late.total_seconds() / 60)
    return Text(
        f"Line {ride.route} is {late_min} min late and your connection is missed.",
        f"{ride.route} 노선이 {late_min}분 늦어 다음 차를 탈 수 없습니다.",
    )

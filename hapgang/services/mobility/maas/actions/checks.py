"""Whether a plan still holds, and whose a journey is."""

from datetime import timedelta
from itertools import pairwise

from hapgang.contract import Aside, City, Steps
from hapgang.core.errors import Conflict, Invalid, Refused
from hapgang.services.mobility.maas.actions.late import late_now
from hapgang.services.mobility.maas.method.ground import ground_of
from hapgang.services.mobility.maas.model import Journey, Leg, Option

# A plan older than this is asked for again: vehicles have moved on.
_STALE = timedelta(minutes=5)
# A connection that has become this much later or earlier than planned is still the same one.
_SLACK_S = 60
_AHEAD = timedelta(days=31)  # nothing is planned for later


class NotAsPlanned(Conflict):
    """What was planned does not hold any more; nothing was booked."""


def timetables_of(city: City, option: Option) -> Steps[None]:
    """Have the timetables of a plan's days read beside the city, so that it need not wait."""
    ground, late = ground_of(city.twin), late_now(city)
    last = city.now + _AHEAD
    starts = [leg.start_at for leg in option.legs if leg.ride is not None and leg.start_at <= last]
    days = sorted({at.astimezone(ground.time_zone).date() for at in starts})[:2]
    if not all(ground.is_ready(day, late) for day in days):
        yield Aside(lambda: [ground.live(day, late) for day in days] and None)


def own(city: City, journey: str) -> Journey:
    """Return one of the caller's journeys; `Refused` for somebody else's."""
    found = city.hub.get(Journey, journey)
    if found.traveller != city.caller.id:
        raise Refused("This is somebody else's journey.", "다른 사람의 여정입니다.")
    return found


def check_open(journey: Journey) -> None:
    """Raise where a journey is over, or not booked yet."""
    if journey.state == "pending":
        raise Conflict(
            "Not every operator has said yes yet; wait a moment.",
            "아직 모든 사업자가 확인하지 않았습니다. 잠시 기다려 주세요.",
        )
    if journey.state not in ("booked", "under_way"):
        raise Conflict(
            f"This journey is over ({journey.state}).", f"이미 끝난 여정입니다({journey.state})."
        )


def check_option(city: City, option: Option) -> None:
    """Raise where a plan cannot be what this city planned just now."""
    legs = option.legs
    chained = all(a.end_at <= b.start_at for a, b in pairwise(legs))
    forwards = all(leg.start_at <= leg.end_at for leg in legs)
    if not (chained and forwards and option.arrive_at == legs[-1].end_at):
        raise Invalid(
            "The legs of this plan do not follow one another.", "여정의 순서가 맞지 않습니다."
        )
    if option.leave_at < city.now - _STALE:
        raise NotAsPlanned(
            "This plan is some minutes old; plan again.", "오래된 검색 결과입니다. 다시 검색하세요."
        )
    for leg in legs:
        if leg.ride is not None and not _still_runs(city, leg):
            raise NotAsPlanned(
                f"Line {leg.ride.route} does not run as planned any more; plan again.",
                f"{leg.ride.route} 노선의 운행이 바뀌었습니다. 다시 검색하세요.",
            )


def _still_runs(city: City, leg: Leg) -> bool:
    """Whether a run leaves and arrives as the leg says, delays included."""
    ground = ground_of(city.twin)
    day = leg.start_at.astimezone(ground.time_zone).date()
    assert leg.ride is not None
    if leg.ride.day != day.isoformat():
        return False
    transit = ground.live(day, late_now(city)) if ground.is_ready(day) else None
    if transit is None:
        return False
    if not 0 <= leg.ride.run < len(transit.day.trip):
        return False
    trips, stops = transit.day.timetable.trips, transit.day.timetable.stops
    if trips.trip[transit.day.trip[leg.ride.run]] != leg.ride.trip:
        return False
    hops = transit.service.connections
    mine = hops.run == leg.ride.run
    seconds = [(at - ground.midnight(day)).total_seconds() for at in (leg.start_at, leg.end_at)]
    ends = (
        (hops.departure_stop, hops.departure_s, leg.ride.from_stop, seconds[0]),
        (hops.arrival_stop, hops.arrival_s, leg.ride.to_stop, seconds[1]),
    )
    return all(
        stop in stops.row_of
        and bool((mine & (at == stops.row_of[stop]) & (abs(when - wanted) <= _SLACK_S)).any())
        for at, when, stop, wanted in ends
    )

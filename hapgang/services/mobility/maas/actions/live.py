"""What changes under way: runs late or cancelled, vehicles gone; the journey is replanned."""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from hapgang.contract import Change, City, where
from hapgang.core.errors import Invalid, NotFound
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.mobility import RideFailed
from hapgang.services.mobility.maas.actions.journeys import give_back
from hapgang.services.mobility.maas.actions.plans import options_of, traveller_of
from hapgang.services.mobility.maas.method.ground import ground_of
from hapgang.services.mobility.maas.model import (
    SERVICE,
    Journey,
    JourneyFailed,
    Leg,
    Option,
    RunDelay,
    Way,
)

Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
_REPLANNED: frozenset[Way] = frozenset({"walk", "pm", "bus"})


def report_delay(
    city: City,
    *,
    day: Day,
    trip: str,
    delay_s: Annotated[int, Meta(ge=-3600, le=86_400)] = 0,
    from_call: Annotated[int, Meta(ge=0)] = 0,
    cancelled: bool = False,
) -> RunDelay:
    """Tell that a trip of a day runs late from one of its calls on, or not at all.

    Plans know at once.
    """
    run = _run_of(city, day, trip)
    delay = RunDelay(
        id=urn("TransitDelay", f"{day}-{run}"), day=day, run=run, trip=trip, delay_s=delay_s,
        from_call=from_call, cancelled=cancelled,
    )  # fmt: skip
    city.hub.save(delay)
    return delay


def watch_delays(city: City, change: Change) -> None:
    """Replan the journeys that do not hold any more with what is known now of one run.

    Whoever booked them is told, gets back what was not used, and is shown what to do instead.
    """
    delay = city.hub.find_by_id(RunDelay, change.entity)
    if delay is None:
        return
    for journey in _using(city, delay.day, delay.run):
        if delay.cancelled or _is_missed(journey, delay.run, delay.delay_s):
            _fail(city, journey, _why(delay, journey))


def list_delays(city: City, *, day: Day | None = None) -> list[RunDelay]:
    """Return what is known of late and cancelled runs."""
    return city.hub.find(RunDelay, None if day is None else where.day == day)


def replan_failed(city: City, event: RideFailed) -> None:
    """Replan the journey of which an operator's ride will not be had."""
    if event.person is None:
        return
    for journey in city.hub.find(Journey, where.traveller == event.person):
        if any(booking.booking == event.entity for booking in journey.bookings):
            _fail(city, journey, event.reason)


def _run_of(city: City, day: str, trip: str) -> int:
    try:
        date = dt.date.fromisoformat(day)
    except ValueError:
        raise Invalid(f"{day} is no day.", f"{day}은(는) 없는 날짜입니다.") from None
    transit = ground_of(city.twin).transit(date)
    if transit is not None:
        names = transit.day.timetable.trips.trip
        for run, row in enumerate(transit.day.trip.tolist()):
            if names[row] == trip:
                return run
    raise NotFound(f"No trip {trip[:60]} runs on {day}.", f"{day}에 {trip[:60]} 운행이 없습니다.")


def _using(city: City, day: str, run: int) -> list[Journey]:
    def rides(leg: Leg) -> bool:
        return leg.ride is not None and (leg.ride.day, leg.ride.run) == (day, run)

    return [
        journey
        for journey in city.hub.find(Journey)
        if journey.state == "booked" and any(rides(leg) for leg in journey.legs)
    ]


def _is_missed(journey: Journey, run: int, delay_s: int) -> bool:
    """Whether the delay of one run makes the traveller miss the next ride."""
    legs = journey.legs
    for number, leg in enumerate(legs):
        if leg.ride is None or leg.ride.run != run:
            continue
        arrives = leg.end_at.timestamp() + delay_s
        for after in legs[number + 1 :]:
            if after.ride is not None or after.service:
                return arrives > after.start_at.timestamp()
            arrives += (after.end_at - after.start_at).total_seconds()
    return False


def _fail(city: City, journey: Journey, reason: Text) -> None:
    """Give everything back, look for another way, and tell the traveller both."""
    give_back(city, journey)
    instead = next(iter(_again(city, journey)), None)
    failed = replace(journey, state="failed", bookings=(), reason=reason, instead=instead)
    city.hub.close(failed)
    city.hub.emit(JourneyFailed(entity=urn("Service", SERVICE), replanned=instead is not None))
    city.tell(
        journey.traveller,
        Text("Your journey has changed", "여정이 바뀌었습니다"),
        _told(city, reason, instead),
    )


def _again(city: City, journey: Journey) -> Iterable[Option]:
    """Plan the rest: from the beginning, or from the operator's leg if the ticket was shown."""
    ahead = journey.legs
    if journey.state == "under_way":
        ahead = tuple(leg for leg in journey.legs if leg.service) or journey.legs[-1:]
    start, end = ahead[0].origin, journey.legs[-1].destination
    leave_at = max(city.now, ahead[0].start_at)
    who = traveller_of(city, journey.traveller)
    return options_of(city, who, start, end, leave_at, _REPLANNED)


def _told(city: City, reason: Text, instead: Option | None) -> Text:
    en = f"{reason.en} What was set aside and not used is yours again."
    ko = f"{reason.ko} 쓰지 않은 예약금은 돌려드렸습니다."
    if instead is None:
        return Text(f"{en} Please plan again.", f"{ko} 다시 검색해 주세요.")
    at = f"{instead.arrive_at.astimezone(ground_of(city.twin).time_zone):%H:%M}"
    return Text(
        f"{en} Another way arrives at {at}; book it under Journeys.",
        f"{ko} 다른 길로 가면 {at}에 도착합니다. 이동 화면에서 예약하세요.",
    )


def _why(delay: RunDelay, journey: Journey) -> Text:
    rides = [leg for leg in journey.legs if leg.ride is not None and leg.ride.run == delay.run]
    line = rides[0].ride.route if rides and rides[0].ride is not None else delay.trip
    if delay.cancelled:
        return Text(f"A run of line {line} is cancelled.", f"{line} 노선 운행이 취소되었습니다.")
    late_min = round(delay.delay_s / 60)
    return Text(
        f"Line {line} is {late_min} min late and your connection is missed.",
        f"{line} 노선이 {late_min}분 늦어 다음 차를 탈 수 없습니다.",
    )

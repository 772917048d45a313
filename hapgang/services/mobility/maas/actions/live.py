"""What changes under way: runs late or cancelled, vehicles gone; the journey is replanned."""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from hapgang.contract import Aside, Change, City, Steps, where
from hapgang.core.errors import Invalid, NotFound
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.mobility import RideFailed
from hapgang.core.vocabulary.transit import Seconds
from hapgang.services.mobility.maas.actions.journeys import give_back
from hapgang.services.mobility.maas.actions.late import late_now, note_change
from hapgang.services.mobility.maas.actions.plans import options_of, traveller_of
from hapgang.services.mobility.maas.method.ground import ground_of
from hapgang.services.mobility.maas.method.holds import touched, trouble
from hapgang.services.mobility.maas.model import (
    SERVICE,
    Journey,
    JourneyFailed,
    Option,
    RunDelay,
    Way,
)
from hapgang.twin.realtime import TripName
from hapgang.twin.runs import Runs, Unfit

Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$(?!\n)")]
_REPLANNED: frozenset[Way] = frozenset({"walk", "pm", "bus"})
_AHEAD = dt.timedelta(days=31)  # nothing is planned for later


def report_delay(
    city: City,
    *,
    day: Day,
    trip: str,
    start_time: str = "",
    delay_s: Seconds = 0,
    from_call: Annotated[int, Meta(ge=0)] = 0,
    cancelled: bool = False,
) -> Steps[RunDelay]:
    """Tell that a trip of a day runs late from one of its calls on, or not at all.

    Plans know at once. `start_time`, as 08:05:00, says which run of a trip that is repeated.
    """
    date, ground = _date(city, day), ground_of(city.twin)
    runs: Runs | None = yield Aside(lambda: ground.runs(date))
    run = _run_of(runs, TripName(trip, start_time=start_time), day)
    offset_s = int(runs.day.offset_s[run]) if runs is not None else 0
    delay = RunDelay(
        id=urn("TransitDelay", f"{day}-{run}"), day=day, run=run, trip=trip, delay_s=delay_s,
        from_call=from_call, cancelled=cancelled, offset_s=offset_s, told_at=city.now,
    )  # fmt: skip
    city.hub.save(delay)
    note_change(city, msgspec.json.encode(delay))
    return delay


def watch_delays(city: City, _: Change) -> Steps[None]:
    """Replan the journeys that do not hold any more with what is known now of all runs.

    Whoever booked them is told, gets back what was not used, and is shown what to do instead.
    """
    ground, late = ground_of(city.twin), late_now(city)
    known = touched(late)
    booked = [
        journey
        for journey in city.hub.find(Journey)
        if journey.state == "booked"
        and any(leg.ride and (leg.ride.day, leg.ride.run) in known for leg in journey.legs)
    ]
    if not booked:
        return
    legs = [journey.legs for journey in booked]
    reasons = yield Aside(lambda: [trouble(ground, late, one) for one in legs])
    broken = [(one, why) for one, why in zip(booked, reasons, strict=True) if why is not None]
    yield from _fail_all(city, broken)


def list_delays(city: City, *, day: Day | None = None) -> list[RunDelay]:
    """Return what is known of late and cancelled runs."""
    return city.hub.find(RunDelay, None if day is None else where.day == day)


def replan_failed(city: City, event: RideFailed) -> Steps[None]:
    """Replan the journey of which an operator's ride will not be had."""
    if event.person is None:
        return
    journeys = city.hub.find(Journey, where.traveller == event.person)
    broken = [
        (journey, event.reason)
        for journey in journeys
        if any(booking.booking == event.entity for booking in journey.bookings)
    ]
    yield from _fail_all(city, broken)


def _date(city: City, day: str) -> dt.date:
    try:
        date = dt.date.fromisoformat(day)
    except ValueError:
        raise Invalid(f"{day} is no day.", f"{day}은(는) 없는 날짜입니다.") from None
    today = city.now.astimezone(ground_of(city.twin).time_zone).date()
    if not today - dt.timedelta(1) <= date <= today + _AHEAD:
        raise Invalid(
            f"{day} is not between yesterday and a month ahead.",
            f"{day}은(는) 어제부터 한 달 뒤 사이의 날짜가 아닙니다.",
        )
    return date


def _run_of(runs: Runs | None, name: TripName, day: str) -> int:
    try:
        if runs is None:
            raise Unfit("nothing runs by a timetable")
        return runs.find(name) if name.start_time else runs.first(name.trip)
    except Unfit as error:
        raise NotFound(
            f"No trip {name.trip[:60]} runs on {day}: {error}.",
            f"{day}에 {name.trip[:60]} 운행이 없습니다.",
        ) from None


def _fail_all(city: City, broken: Iterable[tuple[Journey, Text]]) -> Steps[None]:
    """Look for other ways first; then give everything back and tell the travellers, at once."""
    found = []
    for journey, reason in broken:
        options = yield from _again(city, journey)
        found.append((journey, reason, next(iter(options), None)))
    for journey, reason, instead in found:
        now = city.hub.find_by_id(Journey, journey.id)
        if now is not None and now.state in ("pending", "booked", "under_way"):
            _fail(city, now, reason, instead)


def _fail(city: City, journey: Journey, reason: Text, instead: Option | None) -> None:
    give_back(city, journey)
    failed = replace(journey, state="failed", bookings=(), reason=reason, instead=instead)
    city.hub.close(failed)
    city.hub.emit(JourneyFailed(entity=urn("Service", SERVICE), replanned=instead is not None))
    city.tell(
        journey.traveller,
        Text("Your journey has changed", "여정이 바뀌었습니다"),
        _told(city, reason, instead),
    )


def _again(city: City, journey: Journey) -> Steps[list[Option]]:
    """Plan the rest: from the beginning, or from the operator's leg if the ticket was shown."""
    ahead = journey.legs
    if journey.state == "under_way":
        ahead = tuple(leg for leg in journey.legs if leg.service) or journey.legs[-1:]
    start, end = ahead[0].origin, journey.legs[-1].destination
    leave_at = max(city.now, ahead[0].start_at)
    who = traveller_of(city, journey.traveller)
    return (yield from options_of(city, who, start, end, leave_at, _REPLANNED))


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

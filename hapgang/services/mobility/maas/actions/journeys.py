"""A journey as the resident lives it: booked as a whole, boarded, cancelled."""

from datetime import timedelta
from itertools import pairwise

from msgspec.structs import replace

from hapgang.contract import City, new_id, where
from hapgang.core.errors import Conflict, Invalid, Refused
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.mobility import Booking, BookRide, DropRide, Mode
from hapgang.services.mobility.maas.method.ground import ground_of
from hapgang.services.mobility.maas.model import (
    SERVICE,
    Journey,
    JourneyBooked,
    Leg,
    Option,
    RunDelay,
    Settings,
)

_MEMO = "journey"
# A plan older than this is asked for again: vehicles have moved on.
_STALE = timedelta(minutes=5)
# A connection that has become this much later or earlier than planned is still the same one.
_SLACK_S = 60
_LASTS = timedelta(hours=3)  # assumption: after that nobody is under way any more


class NotAsPlanned(Conflict):
    """What was planned does not hold any more; nothing was booked."""


def book(city: City, *, option: Option) -> Journey:
    """Book every leg of a plan and set aside what it costs: all of it, or nothing.

    Operators keep their vehicles, the ticket is paid out of a hold when it is first used. Whatever
    refuses, refuses the whole: no vehicle is kept and no money set aside.
    """
    _check(city, option)
    journey = Journey(
        id=new_id(city, Journey),
        traveller=city.caller.id,
        state="booked",
        legs=option.legs,
        leave_at=option.leave_at,
        arrive_at=option.arrive_at,
        bookings=tuple(_kept(city, leg) for leg in option.legs if leg.service),
    )
    if any(leg.ride is not None for leg in option.legs):
        journey = _with_ticket(city, journey)
    city.hub.save(journey)
    city.hub.emit(
        JourneyBooked(
            entity=urn("Service", SERVICE),
            operators=len(journey.bookings) + (journey.ticket is not None),
            transfers=max(0, sum(leg.mode is not Mode.WALK for leg in journey.legs) - 1),
            held_won=journey.ticket_won + sum(one.held_won for one in journey.bookings),
        )
    )
    return journey


def board(city: City, *, journey: str) -> Journey:
    """Show the ticket: it is paid when it is first shown, once."""
    mine = own(city, journey)
    if mine.state == "under_way":
        return mine
    _check_open(mine)
    if mine.ticket is None:
        raise Conflict(
            "This journey needs no ticket; unlock the vehicle instead.",
            "승차권이 필요 없는 여정입니다. 차량 잠금을 해제하세요.",
        )
    paid = city.ledger.capture(mine.ticket, _transfer(mine, "ticket"), mine.ticket_won, _MEMO)
    mine = replace(mine, state="under_way", ticket=paid)
    city.hub.save(mine)
    return mine


def cancel(city: City, *, journey: str) -> None:
    """Give everything back: vehicles are free again, and so is the money; a repeat does nothing."""
    mine = own(city, journey)
    if mine.state in ("cancelled", "failed", "arrived"):
        return
    if mine.state == "under_way":
        raise Conflict(
            "This journey has begun; its ticket was used.",
            "이미 시작한 여정입니다. 승차권을 사용했습니다.",
        )
    give_back(city, mine)
    city.hub.close(replace(mine, state="cancelled", bookings=()))


def current_journeys(city: City) -> list[Journey]:
    """Return the caller's journeys that are booked or under way, the next one first."""
    mine = city.hub.find(Journey, where.traveller == city.caller.id)
    going = [one for one in mine if one.arrive_at + _LASTS > city.now]
    return sorted(going, key=lambda one: one.leave_at)


def get_journey(city: City, *, journey: str) -> Journey:
    """Return one of the caller's journeys."""
    return own(city, journey)


def end_journeys(city: City) -> None:
    """Close the journeys that are long over; of those that nobody began everything goes back."""
    for journey in city.hub.find(Journey):
        if journey.arrive_at + _LASTS > city.now:
            continue
        if journey.state == "under_way":
            city.hub.close(replace(journey, state="arrived"))
            continue
        give_back(city, journey)
        city.hub.close(replace(journey, state="cancelled", bookings=()))
        city.tell(
            journey.traveller,
            Text("A journey was not begun", "시작하지 않은 여정이 있습니다"),
            Text(
                "Its ticket was not used; what was set aside for it is yours again.",
                "승차권을 사용하지 않아 예약금을 돌려드렸습니다.",
            ),
        )


def own(city: City, journey: str) -> Journey:
    """Return one of the caller's journeys; `Refused` for somebody else's."""
    found = city.hub.get(Journey, journey)
    if found.traveller != city.caller.id:
        raise Refused("This is somebody else's journey.", "다른 사람의 여정입니다.")
    return found


def give_back(city: City, journey: Journey) -> None:
    """Give back what a journey still keeps: vehicles, and the ticket if it was not used."""
    for booking in journey.bookings:
        city.ask(DropRide(service=booking.service, booking=booking.booking))
    if journey.ticket is not None and journey.state == "booked":
        city.ledger.release(journey.ticket, _transfer(journey, "back"), _MEMO)


def _kept(city: City, leg: Leg) -> Booking:
    question = BookRide(service=leg.service, item=leg.item, needed_at=leg.start_at)
    answers = city.ask(question)
    if len(answers) != 1:
        raise NotAsPlanned(
            f"{leg.service} does not take bookings here; plan again.",
            f"{leg.service}에서는 예약할 수 없습니다. 다시 검색하세요.",
        )
    return answers[0]


def _with_ticket(city: City, journey: Journey) -> Journey:
    city.ledger.open_account(SERVICE, "service")
    fare_won = city.settings(Settings).transit_fare_won
    if fare_won == 0:
        return journey
    hold = city.ledger.hold(_transfer(journey, "hold"), city.caller.id, SERVICE, fare_won, _MEMO)
    return replace(journey, ticket=hold, ticket_won=fare_won)


def _check(city: City, option: Option) -> None:
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
    router = ground.router(day, city.hub.find(RunDelay, where.day == leg.ride.day))
    if router is None:
        return False
    transit = router.transit
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


def _check_open(journey: Journey) -> None:
    if journey.state != "booked":
        raise Conflict(
            f"This journey is over ({journey.state}).", f"이미 끝난 여정입니다({journey.state})."
        )


def _transfer(journey: Journey, step: str) -> str:
    return urn("Transfer", f"{journey.id.rsplit(':', 1)[-1]}-{step}")

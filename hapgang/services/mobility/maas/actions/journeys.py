"""A journey as the resident lives it: booked as a whole, boarded, cancelled."""

from datetime import timedelta
from typing import Annotated, TypeVar

from msgspec import Meta
from msgspec.structs import replace

from hapgang.contract import City, Steps, new_id, where
from hapgang.core.errors import Conflict, NotFound
from hapgang.core.geometry import Point
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.mobility import (
    BeginRide,
    Booking,
    BookRide,
    DropRide,
    EndRide,
    RideReceipt,
)
from hapgang.services.mobility.maas.actions.checks import (
    NotAsPlanned,
    check_open,
    check_option,
    own,
    timetables_of,
)
from hapgang.services.mobility.maas.actions.outside import asked, keep_outside
from hapgang.services.mobility.maas.actions.passes import (
    cover,
    full_fare_won,
    pay_covered,
    uncover,
)
from hapgang.services.mobility.maas.actions.settle import earn_ticket
from hapgang.services.mobility.maas.method.outside import is_outside
from hapgang.services.mobility.maas.model import (
    SERVICE,
    Journey,
    JourneyBooked,
    JourneyEnded,
    Leg,
    Option,
)

A = TypeVar("A")
_MEMO = "journey"
_LASTS = timedelta(hours=3)  # assumption: after that nobody is under way any more


def book(city: City, *, option: Option) -> Steps[Journey]:
    """Book every leg of a plan and set aside what it costs: all of it, or nothing.

    Operators keep their vehicles, the ticket is paid out of a hold when it is first used. Whatever
    refuses, refuses the whole: no vehicle is kept and no money set aside. With operators outside
    of the city the journey is pending until all of them have said yes.
    """
    yield from timetables_of(city, option)
    check_option(city, option)
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
    if any(is_outside(booking.service) for booking in journey.bookings):
        journey = replace(journey, state="pending")
        city.hub.save(journey)
        return journey
    city.hub.save(journey)
    city.hub.emit(JourneyBooked.of(journey))
    return journey


def board(city: City, *, journey: str) -> Journey:
    """Show the ticket: it is paid when it is first shown, once."""
    mine = own(city, journey)
    if mine.ticket_used:
        return mine
    check_open(mine)
    if mine.ticket_won == 0:
        raise Conflict(
            "This journey needs no ticket; unlock the vehicle instead.",
            "승차권이 필요 없는 여정입니다. 차량 잠금을 해제하세요.",
        )
    payments = _payments(city, mine)
    earn_ticket(city, mine, payments)
    mine = replace(mine, state="under_way", ticket=next(iter(payments)), ticket_used=True)
    city.hub.save(mine)
    return mine


def begin_ride(city: City, *, journey: str, booking: str) -> Journey:
    """Unlock a vehicle that was booked with a journey; a repeat changes nothing."""
    mine = own(city, journey)
    kept = _booking(mine, booking)
    if booking in mine.begun:
        return mine
    check_open(mine)
    _only(kept.service, asked(city, BeginRide(service=kept.service, booking=booking)))
    mine = replace(mine, state="under_way", begun=(*mine.begun, booking))
    city.hub.save(mine)
    return mine


def end_ride(
    city: City,
    *,
    journey: str,
    booking: str,
    location: Point,
    distance_m: Annotated[float, Meta(ge=0)] | None = None,
    led_m: Annotated[float, Meta(ge=0, le=500)] = 0.0,
) -> RideReceipt:
    """Return a vehicle where it stands: its fare is paid, the rest of what was held is free.

    `distance_m` is what the vehicle shows. Where it may not stay the operator refuses, unless it
    is brought to the nearest place within `led_m`.
    """
    kept = _booking(own(city, journey), booking)
    question = EndRide(
        service=kept.service, booking=booking, place=location, distance_m=distance_m, led_m=led_m
    )
    return _only(kept.service, asked(city, question))


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
    _close(city, replace(mine, state="cancelled", bookings=()))


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
            arrive(city, journey)
            continue
        give_back(city, journey)
        _close(city, replace(journey, state="cancelled", bookings=()))
        city.tell(
            journey.traveller,
            Text("A journey was not begun", "시작하지 않은 여정이 있습니다"),
            Text(
                "Its ticket was not used; what was set aside for it is yours again.",
                "승차권을 사용하지 않아 예약금을 돌려드렸습니다.",
            ),
        )


def arrive(city: City, journey: Journey) -> None:
    """Close a journey that is over; what of it was not used goes back."""
    give_back(city, journey)
    _close(city, replace(journey, state="arrived"))


def give_back(city: City, journey: Journey) -> None:
    """Give back what a journey still keeps: vehicles, and the ticket if it was not used."""
    for booking in journey.bookings:
        if booking.booking in journey.begun:
            continue
        asked(city, DropRide(service=booking.service, booking=booking.booking))
    if journey.ticket_used:
        return
    uncover(city, journey)
    if journey.ticket is not None:
        city.ledger.release(journey.ticket, _transfer(journey, "back"), _MEMO)


def _close(city: City, journey: Journey) -> None:
    city.hub.close(journey)
    city.hub.emit(JourneyEnded(entity=urn("Service", SERVICE), used=journey.state == "arrived"))


def _kept(city: City, leg: Leg) -> Booking:
    if is_outside(leg.service):
        return keep_outside(city, leg)
    question = BookRide(service=leg.service, item=leg.item, needed_at=leg.start_at)
    return _only(leg.service, city.ask(question))


def _only(service: str, answers: list[A]) -> A:
    """Return the answer of the one operator whom a question was for."""
    if len(answers) != 1:
        raise NotAsPlanned(
            f"{service} does not take bookings here; plan again.",
            f"{service}에서는 예약할 수 없습니다. 다시 검색하세요.",
        )
    return answers[0]


def _booking(journey: Journey, booking: str) -> Booking:
    found = next((one for one in journey.bookings if one.booking == booking), None)
    if found is None:
        raise NotFound("This journey has no such booking.", "이 여정에는 그런 예약이 없습니다.")
    return found


def _with_ticket(city: City, journey: Journey) -> Journey:
    city.ledger.open_account(SERVICE, "service")
    fare_won = full_fare_won(city, city.caller.id)
    covered_won = cover(city, journey, fare_won)
    journey = replace(journey, ticket_won=fare_won, covered_won=covered_won)
    own_won = fare_won - covered_won
    if own_won == 0:
        return journey
    hold = city.ledger.hold(_transfer(journey, "hold"), city.caller.id, SERVICE, own_won, _MEMO)
    return replace(journey, ticket=hold)


def _payments(city: City, journey: Journey) -> dict[str, int]:
    """Take what was set aside for a ticket, from the traveller and from their pass.

    Return won by transfer, the traveller's own before the pass's.
    """
    payments, own_won = {}, journey.ticket_won - journey.covered_won
    if journey.ticket is not None:
        name = _transfer(journey, "ticket")
        payments[city.ledger.capture(journey.ticket, name, own_won, _MEMO)] = own_won
    if journey.covered_won > 0:
        covered = pay_covered(city, journey, _transfer(journey, "covered"))
        payments[covered] = journey.covered_won
    return payments


def _transfer(journey: Journey, step: str) -> str:
    return urn("Transfer", f"{journey.id.rsplit(':', 1)[-1]}-{step}")

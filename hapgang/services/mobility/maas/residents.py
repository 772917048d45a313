"""When a virtual person books a journey, and what they then do on it."""

from typing import Any

from hapgang.contract import Do, Habit, Moment, Situation
from hapgang.core.vocabulary.mobility import Mode, Offer, Stage
from hapgang.services.mobility.maas.actions import (
    NotAsPlanned,
    begin_ride,
    board,
    book,
    end_ride,
    plan,
)
from hapgang.services.mobility.maas.model import SERVICE, Journey

# s. Assumption: reading the map again and riding on to the next corner.
_LOOK_AGAIN_S = 60.0
_LED_M = 500.0  # as far as a return leads


def set_out(situation: Situation) -> Do | None:
    """Ask for a full plan, and book its best way that rides."""
    last = situation.results[-1] if situation.results else None
    if situation.failed or situation.offer is None or isinstance(last, Journey):
        return None
    if last is None:
        return _look(situation.offer)
    riding = [option for option in last if any(leg.ride is not None for leg in option.legs)]
    if not riding:
        raise NotAsPlanned("Nothing runs there now.", "지금은 운행이 없습니다.")
    return Do(action=book, arguments={"option": riding[0]}, becomes=as_offer)


def get_on(situation: Situation) -> Do | None:
    """Unlock the vehicle, or show the ticket."""
    journey = _journey(situation)
    if situation.failed or journey is None or situation.offer is None:
        return None
    stage = situation.offer.stages[situation.stage]
    if stage.mode is Mode.BUS:
        is_done = journey.ticket_won == 0 or journey.ticket_used
        return None if is_done else Do(action=board, arguments={"journey": journey.id})
    ride = _ride(journey)
    return None if ride["booking"] in journey.begun else Do(action=begin_ride, arguments=ride)


def get_off(situation: Situation) -> Do | None:
    """Return the vehicle; where that is refused, follow the way to the nearest place."""
    journey = _journey(situation)
    if journey is None or situation.offer is None:
        return None
    stage = situation.offer.stages[situation.stage]
    is_returned = situation.results and not isinstance(situation.results[-1], Journey)
    if stage.mode is Mode.BUS or is_returned:
        return None
    return Do(
        action=end_ride,
        arguments={
            **_ride(journey),
            "location": situation.place or stage.destination,
            "distance_m": stage.distance_m,
            "led_m": _LED_M if situation.failed else 0.0,
        },
        after_s=_LOOK_AGAIN_S if situation.failed else 0.0,
    )


def as_offer(journey: Journey) -> Offer:
    """Return a booked journey as the ride that it is."""
    stages, at = [], journey.leave_at
    for leg in journey.legs:
        stages.append(
            Stage(
                leg.mode, leg.origin, leg.destination, (leg.end_at - leg.start_at).total_seconds(),
                leg.distance_m, wait_s=max(0.0, (leg.start_at - at).total_seconds()),
            )
        )  # fmt: skip
        at = leg.end_at
    return Offer(
        service=SERVICE, mode=Mode.BUS, item=journey.id, stages=tuple(stages),
        fare_won=sum(leg.fare_won for leg in journey.legs),
    )  # fmt: skip


HABITS = (
    Habit(moment=Moment.SETS_OUT, do=set_out),
    Habit(moment=Moment.BOARDS, do=get_on),
    Habit(moment=Moment.ALIGHTS, do=get_off),
)


def _look(offer: Offer) -> Do:
    start, end = offer.stages[0].origin, offer.stages[-1].destination
    return Do(
        action=plan,
        arguments={
            "from_lon": start.lon, "from_lat": start.lat, "to_lon": end.lon, "to_lat": end.lat,
        },
    )  # fmt: skip


def _journey(situation: Situation) -> Journey | None:
    """Return the journey as it was when something was last done with it."""
    found = [result for result in situation.results if isinstance(result, Journey)]
    return found[-1] if found else None


def _ride(journey: Journey) -> dict[str, Any]:
    """Return what names the journey's only ride on an operator's vehicle."""
    return {"journey": journey.id, "booking": journey.bookings[0].booking}

"""When a virtual person is tempted, and what they then want done. Habits see only a Situation."""

from typing import Any

from hapgang.contract import Do, Habit, Moment, Situation
from hapgang.core.geometry import Point
from hapgang.core.vocabulary.mobility import Mode, Offer
from hapgang.services.mobility.sharing.actions import (
    finish_task,
    rent,
    reserve,
    return_vehicle,
    take_task,
)
from hapgang.services.mobility.sharing.model import Rental, Task

# s. Assumption: reading the map again and riding on to the next corner.
_LOOK_AGAIN_S = 60.0
_LED_M = 500.0  # as far as a return leads


def set_out(situation: Situation) -> Do | None:
    """Reserve the vehicle that was chosen, so that it is still there after the walk."""
    if situation.failed or situation.offer is None or situation.results:
        return None
    return Do(action=reserve, arguments={"vehicle": situation.offer.item})


def board(situation: Situation) -> Do | None:
    """Unlock it and pay."""
    rental = _rental(situation)
    if situation.failed or situation.offer is None:
        return None
    if rental is not None and rental.state != "reserved":
        return None
    return Do(action=rent, arguments={"vehicle": situation.offer.item})


def alight(situation: Situation) -> Do | None:
    """Return it; where that is refused, follow the way to the nearest place that is allowed."""
    rental, place = _rental(situation), _end(situation)
    if rental is None or rental.state != "riding" or place is None:
        return None
    return Do(
        action=return_vehicle,
        arguments={
            "rental": rental.id,
            "location": place,
            "distance_m": _ridden_m(situation.offer),
            "led_m": _LED_M if situation.failed else 0.0,
        },
        after_s=_LOOK_AGAIN_S if situation.failed else 0.0,
    )


def work(situation: Situation) -> Do | None:
    """A crew takes a tour, does it, and takes the next one."""
    last = situation.results[-1] if situation.results else None
    if situation.failed:
        return None
    if isinstance(last, Task) and last.state == "taken":
        return Do(action=finish_task, arguments={"task": last.id}, after_s=last.duration_s)
    if situation.results and last is None:
        return None
    where = {"location": situation.place} if situation.place is not None else {}
    return Do(action=take_task, arguments=where)


HABITS = (
    Habit(moment=Moment.SETS_OUT, do=set_out),
    Habit(moment=Moment.BOARDS, do=board),
    Habit(moment=Moment.ALIGHTS, do=alight),
    Habit(moment=Moment.WORKS, do=work, staff="crews"),
)


def _rental(situation: Situation) -> Rental | None:
    """Return the newest rental among what was done on this trip."""
    rentals: list[Any] = [r for r in situation.results if isinstance(r, Rental)]
    return rentals[-1] if rentals else None


def _end(situation: Situation) -> Point | None:
    """Where the ride ends: where the person stands, else where the offer said."""
    if situation.place is not None or situation.offer is None:
        return situation.place
    return next((s.destination for s in situation.offer.stages if s.mode is Mode.PM), None)


def _ridden_m(offer: Offer | None) -> float | None:
    """What the odometer of the offered ride would show."""
    if offer is None:
        return None
    return sum(stage.distance_m for stage in offer.stages if stage.mode is Mode.PM)

"""A ride with an operator outside as its traveller sees it, from booking to payment."""

from datetime import datetime
from typing import Literal

import msgspec

from hapgang.contract import City
from hapgang.core.errors import NotFound
from hapgang.core.money import Won
from hapgang.core.text import Text
from hapgang.core.vocabulary.mobility import Mode
from hapgang.services.mobility.maas.actions.checks import own
from hapgang.services.mobility.maas.method.outside import is_outside
from hapgang.services.mobility.maas.model.outside import Operator, Order, OrderState, OutsideRide

# asked: the operator has not said yes; disputed: we and the operator do not agree, staff looks
RideState = Literal["asked", "kept", "starting", "riding", "ending", "paid", "off", "disputed"]
_STATES: dict[OrderState, RideState] = {
    "wanted": "asked", "offered": "asked", "kept": "asked", "confirming": "asked",
    "confirmed": "kept", "starting": "starting", "in_use": "riding", "ending": "ending",
    "done": "paid", "undoing": "off", "undone": "off", "refused": "off", "disputed": "disputed",
}  # fmt: skip


class RideNow(msgspec.Struct, frozen=True, kw_only=True):
    """How it goes with a ride of an operator outside."""

    booking: str
    operator: str
    title: Text
    mode: Mode
    state: RideState
    held_won: Won  # what was set aside for it
    paid_won: Won | None = None  # None until the operator has said what it cost
    begun_at: datetime | None = None
    ended_at: datetime | None = None


def get_ride(city: City, *, journey: str, booking: str) -> RideNow:
    """Return how it goes with a ride of an operator outside that a journey has."""
    mine = own(city, journey)
    if not any(one.booking == booking and is_outside(one.service) for one in mine.bookings):
        raise NotFound(
            "This journey has no such ride with an operator outside of the city.",
            "이 여정에는 그런 외부 사업자의 이용이 없습니다.",
        )
    ride = city.hub.get(OutsideRide, booking)
    order = city.hub.get(Order, ride.order)
    operator = city.hub.find_by_id(Operator, ride.operator)
    state = _STATES[order.state]
    return RideNow(
        booking=booking, operator=ride.operator,
        title=operator.title if operator is not None else Text("An operator", "사업자"),
        mode=ride.leg.mode, state=state, held_won=ride.held_won,
        paid_won=ride.paid_won if state == "paid" else None,
        begun_at=ride.begun_at, ended_at=ride.ended_at,
    )  # fmt: skip

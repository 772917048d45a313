"""Rides of operators outside as a part of a journey: offered, kept, dropped, begun and ended.

What operators of the city answer inside the unit is answered here for those outside, from what is
known of them; what they have to say themselves is asked later, step by step (`saga.py`).
"""

from datetime import timedelta
from typing import Any, TypeVar

from msgspec.structs import replace

from hapgang.contract import City, new_id, where
from hapgang.core.errors import Conflict, Refused
from hapgang.core.event import Question
from hapgang.core.ids import urn
from hapgang.core.vocabulary.mobility import (
    BeginRide,
    Booking,
    DropRide,
    EndRide,
    Offer,
    OfferRide,
    RideReceipt,
    Stage,
)
from hapgang.core.vocabulary.mobility import Mode as By
from hapgang.services.mobility.maas.actions.checks import NotAsPlanned
from hapgang.services.mobility.maas.method.outside import (
    UNLOCK_S,
    hold_won,
    is_outside,
    is_worth_it,
    may_ride,
    price_won,
    reach_m,
    ride,
    walk_s,
)
from hapgang.services.mobility.maas.method.saga import give_up, is_over
from hapgang.services.mobility.maas.model import (
    SERVICE,
    Leg,
    Option,
    Settings,
)
from hapgang.services.mobility.maas.model.outside import (
    Link,
    Operator,
    Order,
    OutsideRide,
    OutsideVehicle,
)

A = TypeVar("A")
MEMO = "ride outside"
_FIRST_LOOK = 20
_MOST_OFFERS = 3
_MOST_AHEAD = timedelta(hours=1)  # as for vehicles inside: who waits longer is missed by others
_TO_BEGIN = timedelta(minutes=2)  # assumption: so long somebody stands beside a locked vehicle
_GONE = NotAsPlanned(
    "This vehicle is not free any more, or its operator does not answer; plan again.",
    "차량이 없거나 사업자가 응답하지 않습니다. 다시 검색하세요.",
)


def offers_outside(city: City, question: OfferRide) -> list[Offer]:
    """Return what operators outside would give now, by what was last heard of them."""
    who, start, end = question.traveller, question.origin, question.destination
    if not is_worth_it(start, end) or not city.hub.count(Operator):
        return []
    heard = {link.operator for link in city.hub.find(Link) if _is_fresh(city, link)}
    near = city.hub.find(
        OutsideVehicle, near=start, within_m=reach_m(who), limit=_FIRST_LOOK * max(1, len(heard))
    )
    found: dict[tuple[str, By], Offer] = {}
    for vehicle in near:
        key = (vehicle.operator, vehicle.mode)
        if key in found or vehicle.operator not in heard or not may_ride(vehicle.mode, who):
            continue
        operator = city.hub.find_by_id(Operator, vehicle.operator)
        if operator is None or not operator.active:
            continue
        if operator.area is None or operator.area.contains(end):
            found[key] = _offer(vehicle, question)
    return list(found.values())[:_MOST_OFFERS]


def dated(city: City, options: list[Option]) -> list[Option]:
    """Return plans that say how old what is known of operators outside is."""
    heard = {link.operator: link.heard_at for link in city.hub.find(Link)}
    if not heard:
        return options
    return [
        replace(one, legs=tuple(replace(g, known_at=heard.get(g.service)) for g in one.legs))
        for one in options
    ]


def keep_outside(city: City, leg: Leg) -> Booking:
    """Set aside what a ride costs, and write down that its operator is to be asked for it."""
    vehicle = city.hub.find_by_id(OutsideVehicle, leg.item)
    operator = city.hub.find_by_id(Operator, leg.service)
    links = city.hub.find(Link, where.operator == leg.service)
    if vehicle is None or operator is None or vehicle.operator != operator.id:
        raise _GONE
    if not operator.active or not any(_is_fresh(city, link) for link in links):
        raise _GONE
    if leg.start_at - city.now > _MOST_AHEAD:
        raise Conflict(
            "A vehicle is kept for an hour at most; book when you set out.",
            "차량은 최대 한 시간 전부터 예약할 수 있습니다. 출발할 때 예약하세요.",
        )
    # What the client says of the leg is not believed: where it begins is where the vehicle stands.
    ride_s, way_m = ride(vehicle.mode, vehicle.location, leg.destination)
    price = price_won(vehicle.pricing, ride_s, way_m)
    told = replace(
        leg, mode=vehicle.mode, origin=vehicle.location, distance_m=way_m, fare_won=price,
        end_at=leg.start_at + timedelta(seconds=ride_s),
    )  # fmt: skip
    order = Order(
        id=new_id(city, Order), operator=operator.id, ride=new_id(city, OutsideRide),
        state="wanted", next_at=city.now,
        until=city.now + timedelta(seconds=city.settings(Settings).outside_wait_s),
    )  # fmt: skip
    wanted = OutsideRide(
        id=order.ride, traveller=city.caller.id, operator=operator.id, order=order.id, leg=told,
        asset=vehicle.asset, kind=vehicle.kind, pricing=vehicle.pricing,
    )  # fmt: skip
    wanted = _with_hold(city, wanted, hold_won(vehicle.pricing, price))
    city.hub.save(wanted)
    city.hub.save(order)
    return Booking(
        service=operator.id, booking=wanted.id, held_won=wanted.held_won, until=told.end_at
    )


def asked(city: City, question: Question[A]) -> list[A]:
    """Ask for a ride that was booked: its operator inside, or what is known of one outside."""
    service = getattr(question, "service", "")
    if not is_outside(service):
        return city.ask(question)
    answers: list[Any] = []
    if isinstance(question, DropRide):
        answers.append(_drop(city, question))
    elif isinstance(question, BeginRide):
        answers.append(_begin(city, question))
    elif isinstance(question, EndRide):
        answers.append(_end(city, question))
    return answers


def let_go(city: City, wanted: OutsideRide) -> None:
    """Close a ride that will not be had, and give back what was set aside for it."""
    if wanted.hold is not None and wanted.payment is None:
        city.ledger.release(wanted.hold, transfer_of(wanted, "back"), MEMO)
    city.hub.close(wanted)


def save_order(city: City, order: Order) -> None:
    """Write an order down; one that is over leaves memory, one in dispute stays to be looked at."""
    if is_over(order) and order.state != "disputed":
        city.hub.close(order)
    else:
        city.hub.save(order)


def transfer_of(wanted: OutsideRide, step: str) -> str:
    """Return the id of the one transfer that a step of a ride makes."""
    return urn("Transfer", f"{wanted.id.rsplit(':', 1)[-1]}-{step}")


def booked_price(wanted: OutsideRide, ride_s: float) -> int:
    """Return what a ride of so long costs by the plan that it was booked with."""
    return price_won(wanted.pricing, ride_s, wanted.leg.distance_m)


def _drop(city: City, question: DropRide) -> Booking:
    """Give a ride back. One that has begun stays with its rider; one that is over is over."""
    wanted = city.hub.get(OutsideRide, question.booking)
    order = city.hub.get(Order, wanted.order)
    if not is_over(order) and order.state not in ("starting", "in_use", "ending", "undoing"):
        save_order(city, replace(give_up(order), next_at=city.now))
        let_go(city, wanted)
    return _told(wanted)


def _begin(city: City, question: BeginRide) -> Booking:
    wanted, order = _own(city, question.booking)
    if order.state in ("starting", "in_use"):
        return _told(wanted)
    if order.state != "confirmed":
        raise Conflict(
            f"This ride cannot begin now ({order.state}).",
            f"지금은 이용할 수 없습니다({order.state}).",
        )
    late = city.now + _TO_BEGIN
    city.hub.save(
        replace(order, state="starting", next_at=city.now, until=late, tries=0, unsure=False)
    )
    city.hub.save(replace(wanted, begun_at=city.now))
    return _told(wanted)


def _end(city: City, question: EndRide) -> RideReceipt:
    """Tell the operator that a ride is over. What is answered is what it should have cost.

    What it did cost the operator says, within what was set aside; the traveller is told.
    """
    wanted, order = _own(city, question.booking)
    if order.state in ("starting", "in_use"):
        city.hub.save(
            replace(order, state="ending", next_at=city.now, tries=0, unsure=False, said_no=False)
        )
        wanted = replace(wanted, ended_at=city.now, place=question.place)
        city.hub.save(wanted)
    elif order.state not in ("ending", "done"):
        raise Conflict(
            "This ride has not begun; cancel the journey instead.",
            "아직 출발하지 않았습니다. 여정을 취소하세요.",
        )
    if order.state == "done":
        paid_won = wanted.paid_won
    else:
        paid_won = min(wanted.held_won, booked_price(wanted, ridden_s(wanted)))
    return RideReceipt(service=wanted.operator, booking=wanted.id, paid_won=paid_won)


def ridden_s(wanted: OutsideRide) -> float:
    """Return how long a ride took, s; as long as planned where nobody told."""
    if wanted.begun_at is None or wanted.ended_at is None:
        return (wanted.leg.end_at - wanted.leg.start_at).total_seconds()
    return max(0.0, (wanted.ended_at - wanted.begun_at).total_seconds())


def _own(city: City, booking: str) -> tuple[OutsideRide, Order]:
    wanted = city.hub.get(OutsideRide, booking)
    if wanted.traveller != city.caller.id:
        raise Refused("This is somebody else's ride.", "다른 사람의 이용 내역입니다.")
    return wanted, city.hub.get(Order, wanted.order)


def _told(wanted: OutsideRide) -> Booking:
    return Booking(
        service=wanted.operator, booking=wanted.id, held_won=wanted.held_won,
        until=wanted.leg.end_at,
    )  # fmt: skip


def _with_hold(city: City, wanted: OutsideRide, most_won: int) -> OutsideRide:
    if most_won == 0:
        return wanted
    city.ledger.open_account(SERVICE, "service")
    hold = city.ledger.hold(transfer_of(wanted, "hold"), city.caller.id, SERVICE, most_won, MEMO)
    return replace(wanted, held_won=most_won, hold=hold)


def _is_fresh(city: City, link: Link) -> bool:
    """Whether an operator answers, and has told lately what is free."""
    if link.heard_at is None or (link.quiet_until is not None and link.quiet_until > city.now):
        return False
    return city.now - link.heard_at <= timedelta(minutes=city.settings(Settings).outside_fresh_min)


def _offer(vehicle: OutsideVehicle, question: OfferRide) -> Offer:
    ride_s, way_m = ride(vehicle.mode, vehicle.location, question.destination)
    walk = walk_s(question.origin, vehicle.location, question.traveller)
    return Offer(
        service=vehicle.operator,
        mode=vehicle.mode,
        item=vehicle.id,
        stages=(
            Stage(By.WALK, question.origin, vehicle.location, *walk),
            Stage(
                vehicle.mode, vehicle.location, question.destination, ride_s, way_m, UNLOCK_S,
                sheltered=vehicle.mode in (By.CAR, By.SHUTTLE),
            ),
        ),
        fare_won=price_won(vehicle.pricing, ride_s, way_m),
    )  # fmt: skip

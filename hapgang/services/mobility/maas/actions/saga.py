"""Asking operators outside, one step at a time, and what their answers do to journeys.

Only the platform comes here: for each order that is due it takes the next call, makes it when that
is on disk, and brings the reply back. It may do so any number of times, and after any pause.
"""

from msgspec.structs import replace

from hapgang.contract import City, where
from hapgang.core.errors import Refused
from hapgang.core.text import Text
from hapgang.core.vocabulary.mobility import Mode, RideFailed
from hapgang.services.mobility.maas.actions.journeys import arrive
from hapgang.services.mobility.maas.actions.outside import (
    MEMO,
    let_go,
    ridden_s,
    save_order,
    transfer_of,
)
from hapgang.services.mobility.maas.actions.plans import traveller_of
from hapgang.services.mobility.maas.actions.settle import earn_leg
from hapgang.services.mobility.maas.method.outside import is_outside
from hapgang.services.mobility.maas.method.saga import (
    Ask,
    Word,
    ask_of,
    give_up,
    heard,
    is_late,
    is_over,
)
from hapgang.services.mobility.maas.model import (
    Journey,
    JourneyBooked,
)
from hapgang.services.mobility.maas.model.outside import (
    Operator,
    Order,
    OutsideRide,
)
from hapgang.services.mobility.maas.speaks.asking import Call, Reply, call_of, wish_of, word_of

_DEARER = 1.1  # a price may have risen by a tenth since it was shown (assumption)
_ENDED = ("refused", "undoing", "undone", "disputed")


def next_call(city: City, *, order: str) -> Call | None:
    """Return what is to be asked of an operator now, as soon as this unit is on disk."""
    found = city.hub.find_by_id(Order, order)
    if found is None or is_over(found):
        return None
    wanted = _ride(city, found)
    if wanted is None and found.state != "undoing":
        # The traveller was forgotten: what the operator keeps for them goes back.
        found = give_up(found, "forgotten")
    elif is_late(found, city.now):
        _change(city, found, _late(found))
        return None
    after, ask = ask_of(found, city.now)
    save_order(city, after)
    if ask is None:
        return None
    if ask == "offer":
        assert wanted is not None
        return wish_of(wanted, traveller_of(city, wanted.traveller))
    return call_of(ask, after, city.now, None if wanted is None else wanted.place)


def take_reply(city: City, *, order: str, ask: Ask, reply: Reply) -> None:
    """Take what an operator answered; the same answer twice changes nothing more."""
    found = city.hub.find_by_id(Order, order)
    if found is None or is_over(found):
        return
    wanted = _ride(city, found)
    ride_s = 0.0 if wanted is None else ridden_s(wanted)
    way_m = 0.0 if wanted is None else wanted.leg.distance_m
    word = word_of(ask, reply, found.theirs, ride_s=ride_s, way_m=way_m)
    if word.told == "offered" and wanted is not None and _is_dearer(word.price_won, wanted):
        word = Word(told="no", reason=f"it costs {word.price_won} won now")
    after = heard(found, word, city.now)
    if after != found:
        _change(city, found, after)


def watch_orders(city: City) -> None:
    """Give up what operators have not answered in time, whoever asks them or does not."""
    for order in city.hub.find(Order):
        if is_late(order, city.now):
            _change(city, order, _late(order))


def list_orders(city: City) -> list[Order]:
    """Return what operators outside are being asked, and what is in dispute with them."""
    return city.hub.find(Order)


def drop_dispute(city: City, *, order: str) -> None:
    """Close an order in dispute after somebody has looked at it."""
    found = city.hub.get(Order, order)
    if found.state != "disputed":
        raise Refused("This order is not in dispute.", "분쟁 중인 주문이 아닙니다.")
    city.hub.close(found)


def _late(order: Order) -> Order:
    return replace(give_up(order, "no answer in time"), next_at=order.next_at)


def _change(city: City, before: Order, after: Order) -> None:
    """Write an order's next state, and do what follows from it."""
    save_order(city, after)
    if before.state == after.state:
        return
    wanted = _ride(city, before)
    if wanted is None:
        return
    if before.state != "undoing" and after.state in _ENDED:
        _fail(city, wanted, after)
    elif after.state == "kept":
        _confirm_when_all(city, wanted)
    elif after.state == "confirmed" and before.state == "confirming":
        _book_when_all(city, wanted)
    elif after.state == "done":
        _pay(city, wanted, after)
    elif after.state == "in_use":
        _ride_on(city, wanted, is_refused=before.state == "ending")


def _is_dearer(price_won: int | None, wanted: OutsideRide) -> bool:
    """Whether a price is more than the traveller was shown, or than was set aside."""
    return (price_won or 0) > min(wanted.held_won, _DEARER * wanted.leg.fare_won)


def _ride(city: City, order: Order) -> OutsideRide | None:
    """Return the ride of an order; None where its traveller was forgotten, or let it go."""
    return city.hub.find_by_id(OutsideRide, order.ride)


def _journey(city: City, wanted: OutsideRide) -> Journey | None:
    for journey in city.hub.find(Journey, where.traveller == wanted.traveller):
        if any(booking.booking == wanted.id for booking in journey.bookings):
            return journey
    return None


def _is_last(wanted: OutsideRide, journey: Journey) -> bool:
    """Whether nothing is ridden after a ride."""
    rides = [leg for leg in journey.legs if leg.mode is not Mode.WALK]
    return (rides[-1].service, rides[-1].item) == (wanted.operator, wanted.leg.item)


def _orders(city: City, journey: Journey) -> list[Order]:
    rides = [b.booking for b in journey.bookings if is_outside(b.service)]
    found = [city.hub.find(Order, where.ride == ride) for ride in rides]
    return [order for orders in found for order in orders]


def _confirm_when_all(city: City, wanted: OutsideRide) -> None:
    """Confirm every part of a journey as soon as all operators keep theirs."""
    journey = _journey(city, wanted)
    if journey is None:
        return
    orders = _orders(city, journey)
    rides = sum(is_outside(booking.service) for booking in journey.bookings)
    if len(orders) == rides and all(order.state == "kept" for order in orders):
        for order in orders:
            city.hub.save(replace(order, state="confirming", next_at=city.now, unsure=False))


def _book_when_all(city: City, wanted: OutsideRide) -> None:
    journey = _journey(city, wanted)
    if journey is None or journey.state != "pending":
        return
    if any(order.state != "confirmed" for order in _orders(city, journey)):
        return
    city.hub.save(replace(journey, state="booked"))
    city.hub.emit(JourneyBooked.of(journey))
    city.tell(
        wanted.traveller,
        Text("Your journey is booked", "여정 예약이 끝났습니다"),
        Text(
            "Every operator has said yes; you can set out.",
            "모든 사업자가 예약을 확인했습니다. 출발하셔도 됩니다.",
        ),
    )


def _fail(city: City, wanted: OutsideRide, order: Order) -> None:
    """Tell whoever planned with a ride that it will not be had; its journey is given back."""
    let_go(city, wanted)
    operator = city.hub.find_by_id(Operator, order.operator)
    title = operator.title if operator is not None else Text("An operator", "사업자")
    city.hub.emit(
        RideFailed(
            entity=wanted.id,
            person=wanted.traveller,
            service=order.operator,
            reason=Text(
                f"{title.en} did not keep your ride.", f"{title.ko}에서 예약을 확인하지 못했습니다."
            ),
        )
    )


def _ride_on(city: City, wanted: OutsideRide, *, is_refused: bool) -> None:
    """Note that a ride goes on: it has begun, or its operator does not take the vehicle back."""
    begun_at = wanted.begun_at or city.now  # it may have begun with the operator's own app
    city.hub.save(replace(wanted, begun_at=begun_at, ended_at=None, place=None))
    if is_refused:
        city.tell(
            wanted.traveller,
            Text("Your ride is not over", "아직 반납되지 않았습니다"),
            Text(
                "The operator does not take the vehicle back there. Leave it where it may stand,"
                " and end the ride again.",
                "그곳에는 반납할 수 없습니다. 반납할 수 있는 곳에 두고 다시 종료해 주세요.",
            ),
        )


def _pay(city: City, wanted: OutsideRide, order: Order) -> None:
    """Take out of the hold what the operator says that the ride has cost, and no more than that."""
    asked_won = order.price_won if order.price_won is not None else wanted.leg.fare_won
    paid_won = min(asked_won, wanted.held_won)
    payment = None
    if wanted.hold is not None and paid_won > 0:
        name = transfer_of(wanted, "fare")
        payment = city.ledger.capture(wanted.hold, name, paid_won, MEMO)
        earn_leg(city, wanted, payment, paid_won)
    elif wanted.hold is not None:
        city.ledger.release(wanted.hold, transfer_of(wanted, "back"), MEMO)
    ended_at = wanted.ended_at or city.now
    city.hub.close(replace(wanted, payment=payment, paid_won=paid_won, ended_at=ended_at))
    journey = _journey(city, wanted)
    if journey is not None and journey.state == "under_way" and _is_last(wanted, journey):
        arrive(city, journey)
    city.tell(
        wanted.traveller,
        Text("Your ride was paid", "이용 요금이 결제되었습니다"),
        Text(
            f"{paid_won:,} won; the rest of what was set aside is yours again.",
            f"{paid_won:,}원이 결제되고 남은 예약금은 돌려드렸습니다.",
        ),
    )

"""Money for rides: held when a ride begins, taken out of the hold when it ends, once."""

from msgspec.structs import replace

from hapgang.contract import City, new_id
from hapgang.core.geometry import Point, distance_m
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.services.mobility.sharing.actions.checks import ground, settings
from hapgang.services.mobility.sharing.method.fares import Bill, bill
from hapgang.services.mobility.sharing.model import SERVICE, Rental, RentalState, Review

_MEMO = "PM ride"


def hold_fare(city: City, rental: Rental) -> Rental:
    """Set aside the most that a ride can cost, once; the ledger refuses who does not have it."""
    if rental.hold is not None:
        return rental
    most_won = settings(city).tariff.most_won
    transfer = transfer_id(rental, "hold")
    hold = city.ledger.hold(transfer, city.caller.id, SERVICE, most_won, _MEMO)
    return replace(rental, held_won=most_won, hold=hold)


def release_fare(city: City, rental: Rental) -> None:
    """Give back what was set aside for a ride that did not begin, if anything was."""
    if rental.hold is not None:
        city.ledger.release(rental.hold, transfer_id(rental, "free"), _MEMO)


def cost_of(city: City, rental: Rental, end: Point, reported_m: float | None) -> Bill:
    """Return the bill of a ride that ends now."""
    assert rental.rented_at is not None
    straight_m = distance_m(rental.origin, end) if rental.origin is not None else 0.0
    terms = settings(city)
    return bill(
        terms.tariff,
        ride_s=(city.now - rental.rented_at).total_seconds(),
        straight_m=straight_m,
        reported_m=reported_m,
        detour=ground(city).pace.detour,
        limit_s=terms.ride_limit_min * 60.0,
    )


def settle(city: City, rental: Rental, cost: Bill, state: RentalState, end: Point | None) -> Rental:
    """Take the fare out of the hold, and close the rental; doubts go to an operator."""
    assert rental.hold is not None
    payment = None
    if cost.fare_won > 0:
        payment = city.ledger.capture(
            rental.hold, transfer_id(rental, "fare"), min(cost.fare_won, rental.held_won), _MEMO
        )
    else:
        city.ledger.release(rental.hold, transfer_id(rental, "free"), _MEMO)
    ended = replace(
        rental,
        state=state,
        returned_at=city.now,
        destination=end,
        distance_m=cost.distance_m,
        fare_won=min(cost.fare_won, rental.held_won),
        payment=payment,
        doubts=cost.doubts,
    )
    city.hub.close(ended)
    if cost.doubts:
        _ask_for_review(city, ended)
    return ended


def _ask_for_review(city: City, rental: Rental) -> None:
    city.hub.save(
        Review(
            id=new_id(city, Review),
            renter=rental.renter,
            rental=rental.id,
            payment=rental.payment,
            fare_won=rental.fare_won,
            doubts=rental.doubts,
            raised_at=city.now,
        )
    )
    city.tell(
        rental.renter,
        Text("We look at your last ride", "지난 이용을 확인하고 있습니다"),
        Text(
            f"{rental.fare_won:,} won was charged. Something does not fit; too much is refunded.",
            f"{rental.fare_won:,}원이 결제되었습니다. 확인 후 초과 금액은 환불됩니다.",
        ),
    )


def transfer_id(rental: Rental, step: str) -> str:
    """Return the id of the one transfer that a step of a rental makes."""
    return urn("Transfer", f"{rental.id.rsplit(':', 1)[-1]}-{step}")

"""Looking after vehicles: what is wrong with them, what they report, which fares are in doubt."""

from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from hapgang.contract import City, new_id, where
from hapgang.core.errors import Conflict, Refused
from hapgang.core.geometry import Point
from hapgang.core.ids import urn
from hapgang.core.money import Won
from hapgang.core.text import Text
from hapgang.services.mobility.sharing.actions.checks import vehicle_named
from hapgang.services.mobility.sharing.method.fleet import READY_PCT, put_down, stay
from hapgang.services.mobility.sharing.model import (
    Kind,
    Percent,
    PmReported,
    Problem,
    ProblemReport,
    Review,
    State,
    Vehicle,
)

Note = Annotated[str, Meta(max_length=500)]
Limit = Annotated[int, Meta(ge=1, le=5000)]


def report_problem(city: City, *, vehicle: str, problem: Problem, note: Note = "") -> ProblemReport:
    """Tell that something is wrong with a vehicle: a crew will look.

    A damaged one is rented to nobody until then; whoever rides it may still return it. The report
    is the caller's own record; others are told of the problem, and not by whom.
    """
    found = vehicle_named(city, vehicle)
    changed = replace(found, wants_visit=True)
    if problem == "damaged":
        state: State = "out_of_service" if found.state == "free" else found.state
        changed = replace(changed, state=state, fault=note or "reported as damaged")
    city.hub.save(changed)
    city.hub.emit(PmReported(entity=found.id, problem=problem))
    report = ProblemReport(
        id=new_id(city, ProblemReport),
        reporter=city.caller.id,
        vehicle=found.id,
        problem=problem,
        note=note,
        reported_at=city.now,
    )
    city.hub.close(report)
    return report


def report_telemetry(city: City, *, vehicle: str, location: Point, battery_pct: Percent) -> None:
    """Take what a vehicle says of itself. Where a ridden one is stays the rider's own.

    Its own device alone may say it: `urn:ngsi-ld:Device:` and the number printed on the vehicle.
    """
    found = vehicle_named(city, vehicle)
    if city.caller.id != urn("Device", found.plate):
        raise Refused(
            "Only the vehicle's own device speaks for it: sign in as urn:ngsi-ld:Device: and the "
            "number printed on the vehicle.",
            "차량의 자체 장치만 보고할 수 있습니다. urn:ngsi-ld:Device: 뒤에 차량 번호를 붙인 ID로 "
            "인증하세요.",
        )
    told = replace(found, battery_pct=battery_pct)
    if found.state in ("free", "empty", "out_of_service") and found.station is None:
        told = replace(told, location=location)
    elif found.state == "missing":
        told = replace(told, location=location, wants_visit=True)
    is_filled = found.state == "charging" and battery_pct >= READY_PCT
    city.hub.save(stay(told) if is_filled or found.state in ("free", "empty") else told)


def list_vehicles(
    city: City, *, state: State | None = None, kind: Kind | None = None, limit: Limit = 1000
) -> list[Vehicle]:
    """Return the fleet, or the part of it in a state or of a kind."""
    found = city.hub.find(Vehicle, None if state is None else where.state == state)
    return [v for v in found if kind is None or v.kind == kind][:limit]


def take_out(city: City, *, vehicle: str, reason: Note) -> Vehicle:
    """Set a vehicle aside: nobody can rent it until it is put back."""
    found = vehicle_named(city, vehicle)
    if found.state in ("reserved", "rented", "with_crew"):
        raise Conflict(
            f"{found.plate} is in use; set it aside when it is back.",
            f"{found.plate} 차량은 사용 중입니다. 반납된 뒤에 다시 시도하세요.",
        )
    out = replace(found, state="out_of_service", fault=reason, wants_visit=False)
    city.hub.save(out)
    return out


def put_back(city: City, *, vehicle: str, location: Point | None = None) -> Vehicle:
    """Rent out again a vehicle that was set aside or lost, from where it is now."""
    found = vehicle_named(city, vehicle)
    if found.state not in ("out_of_service", "missing"):
        raise Conflict(
            f"{found.plate} is not out of service.", f"{found.plate} 차량은 운행 중입니다."
        )
    place = location or found.location
    if place is None:
        raise Conflict(
            f"Nobody knows where {found.plate} is; say it with `location`.",
            f"{found.plate} 차량의 위치를 알 수 없습니다. location을 함께 보내세요.",
        )
    sound = replace(found, fault=None, wants_visit=False)
    back = put_down(sound, place, found.station if location is None else None)
    city.hub.save(back)
    return back


def list_reviews(city: City, *, limit: Limit = 100) -> list[Review]:
    """Return the fares that an operator has to look at, oldest first."""
    return city.hub.find(Review, limit=limit)


def settle_review(city: City, *, review: str, refund_won: Won = 0) -> None:
    """Close a doubt about a fare; what was too much goes back."""
    found = city.hub.get(Review, review)
    if refund_won > 0:
        if found.payment is None or refund_won > found.fare_won:
            raise Conflict(
                f"At most {found.fare_won:,} won can be given back.",
                f"환불은 {found.fare_won:,}원까지 가능합니다.",
            )
        transfer = urn("Transfer", f"{found.rental.rsplit(':', 1)[-1]}-refund")
        city.ledger.refund(found.payment, transfer, refund_won, "PM ride")
    city.tell(
        found.renter,
        Text("We have looked at your ride", "이용 내역 확인이 끝났습니다"),
        Text(f"{refund_won:,} won was refunded.", f"{refund_won:,}원을 환불했습니다."),
    )
    city.hub.delete(Review, review)

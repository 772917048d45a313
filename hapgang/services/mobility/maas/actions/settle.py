"""Settlement: whose a fare is, what each operator is owed for a month, and paying it once.

Fares are captured into this service's account. In the same unit an earning says whose they are, so
that for every operator the earnings sum to the transfers that they name.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from hapgang.contract import City, Role, new_id, where
from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.core.ids import urn
from hapgang.core.money import won_text
from hapgang.services.mobility.maas.method.ground import ground_of
from hapgang.services.mobility.maas.method.outside import shares
from hapgang.services.mobility.maas.model import (
    SERVICE,
    Journey,
)
from hapgang.services.mobility.maas.model.outside import (
    Earning,
    Operator,
    OutsideRide,
    Statement,
)

Month = Annotated[str, Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$(?!\n)")]
TransferName = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[\w.:-]+$(?!\n)")]
_MEMO = "settlement"
_NOBODY = "unknown"  # the agency of a line whose feed names none


def earn_leg(city: City, ride: OutsideRide, payment: str, paid_won: int) -> None:
    """Write down whose the fare of a leg is."""
    _earn(city, ride.operator, "leg", payment, paid_won, legs=1, distance_m=ride.leg.distance_m)


def earn_ticket(city: City, journey: Journey, payments: Mapping[str, int]) -> None:
    """Share each payment of a ticket among the agencies of its lines, by the distance on each.

    The rule is an assumption: by passenger kilometres, as the transfer fares of Korean metropolitan
    areas are, here along straight lines between stops times a detour. Nothing is lost in rounding.
    """
    distance_m: dict[str, float] = {}
    legs: dict[str, int] = {}
    for leg in journey.legs:
        if leg.ride is not None:
            name = _agency(city, leg.ride.route)
            distance_m[name] = distance_m.get(name, 0.0) + leg.distance_m
            legs[name] = legs.get(name, 0) + 1
    names = sorted(distance_m)
    for number, (payment, paid_won) in enumerate(payments.items()):
        is_first = number == 0  # the ride counts once, whoever pays a part of it
        parts = shares(paid_won, [distance_m[name] for name in names])
        for name, part_won in zip(names, parts, strict=True):
            _earn(
                city, urn("TransitAgency", name), "ticket", payment, part_won,
                legs=legs[name] * is_first, distance_m=distance_m[name] * is_first,
            )  # fmt: skip


def refund_ride(
    city: City, *, ride: str, refund: TransferName, amount_won: Annotated[int, Meta(ge=1)]
) -> str:
    """Give a traveller back part or all of a fare; the operator's next statement has it.

    The caller names the refund; a repeat gives nothing twice.
    """
    wanted = city.hub.get(OutsideRide, ride)
    if wanted.payment is None:
        raise Conflict("Nothing was paid for this ride.", "결제되지 않은 이용입니다.")
    name = f"{wanted.payment}-{refund}"
    done = city.ledger.refund(wanted.payment, name, amount_won, "refund")
    earning = urn("MobilityEarning", f"refund-{name.rsplit(':', 1)[-1]}")
    if city.hub.find_by_id(Earning, earning) is None:
        city.hub.save(
            Earning(
                id=earning, party=wanted.operator, month=_month(city), what="refund",
                transfer=done, amount_won=-amount_won, legs=0,
            )
        )  # fmt: skip
    return done


def settle(city: City, *, month: Month) -> list[Statement]:
    """Make a statement for every operator that has earnings of a month, or before, in none yet.

    A second call makes statements of what has come since.
    """
    if month > _month(city):
        raise Invalid("This month has not begun.", "아직 시작하지 않은 달입니다.")
    open_: dict[str, list[Earning]] = {}
    for earning in city.hub.find(Earning):
        if earning.month <= month:
            open_.setdefault(earning.party, []).append(earning)
    return [_state(city, month, party, open_[party]) for party in sorted(open_)]


def settle_months(city: City) -> None:
    """Make the statements of the months that are over."""
    last = _month(city, months_ago=1)
    if any(earning.month <= last for earning in city.hub.find(Earning)):
        settle(city, month=last)


def list_statements(city: City, *, month: Month | None = None) -> list[Statement]:
    """Return what operators are owed: to the city all of it, to an operator its own."""
    query = None if month is None else where.month == month
    found = city.hub.find(Statement, query)
    if city.caller.role is Role.COMPANY:
        found = [one for one in found if one.party == city.caller.id]
    return sorted(found, key=lambda one: (one.month, one.party, one.number))


def statement_lines(city: City, *, statement: str) -> list[Earning]:
    """Return what a statement is made of, payment by payment; of an operator only its own."""
    found = city.hub.get(Statement, statement)
    if city.caller.role is Role.COMPANY and found.party != city.caller.id:
        raise Refused("This is another operator's statement.", "다른 사업자의 정산서입니다.")
    return [city.hub.get(Earning, name) for name in found.earnings]


def pay_statement(city: City, *, statement: str, transfer: TransferName) -> Statement:
    """Pay an operator what a statement says, by one transfer that the caller names, once."""
    found = city.hub.get(Statement, statement)
    name = urn("Transfer", f"settlement-{transfer}")
    if found.paid_by is not None:
        if found.paid_by == name:
            return found
        raise Conflict(
            f"This statement was paid before, by {found.paid_by}.",
            f"이미 지급한 정산서입니다({found.paid_by}).",
        )
    if found.due_won <= 0:
        raise Conflict(
            f"Nothing is owed: {won_text(found.due_won)} is carried over to the next statement.",
            f"지급할 금액이 없습니다. {won_text(found.due_won)}은 다음 정산으로 넘어갑니다.",
        )
    try:
        paid = city.ledger.pay(name, SERVICE, found.party, found.due_won, _MEMO)
    except NotFound:
        raise Conflict(
            "This operator has no account in the city yet; open one, then pay.",
            "이 사업자는 아직 도시에 계좌가 없습니다. 계좌를 연 뒤 지급하세요.",
        ) from None
    done = replace(found, paid_by=paid)
    city.hub.save(done)
    return done


def _state(city: City, month: str, party: str, earnings: list[Earning]) -> Statement:
    mine = city.hub.find(Statement, where.party == party)
    before = [one for one in mine if one.month == month]
    gross_won = sum(e.amount_won for e in earnings if e.what != "refund")
    refunds_won = -sum(e.amount_won for e in earnings if e.what == "refund")
    operator = city.hub.find_by_id(Operator, party)
    permille = operator.fee_permille if operator is not None else 0
    fee_won = max(0, gross_won - refunds_won) * permille // 1000
    carried_won = _carried(city, party)
    number = 1 + len(before)
    made = Statement(
        id=urn("MobilityStatement", f"{month}-{number}-{party.rsplit(':', 1)[-1]}"),
        party=party, month=month, number=number, earnings=tuple(e.id for e in earnings),
        legs=sum(e.legs for e in earnings), gross_won=gross_won, refunds_won=refunds_won,
        fee_won=fee_won, carried_won=carried_won,
        due_won=gross_won - refunds_won - fee_won + carried_won, made_at=city.now,
    )  # fmt: skip
    city.hub.save(made)
    for earning in earnings:
        city.hub.close(earning)  # it is in a statement now, and in no other
    return made


def _carried(city: City, party: str) -> int:
    """Return what the last statement left below zero, if it did."""
    mine = city.hub.find(Statement, where.party == party)
    last = max(mine, key=lambda one: (one.made_at, one.month, one.number), default=None)
    return min(0, last.due_won) if last is not None else 0


def _earn(
    city: City, party: str, what: str, transfer: str, amount_won: int, *, legs: int,
    distance_m: float,
) -> None:  # fmt: skip
    city.hub.save(
        Earning(
            id=new_id(city, Earning), party=party, month=_month(city),
            what="leg" if what == "leg" else "ticket", transfer=transfer, amount_won=amount_won,
            legs=legs, distance_m=distance_m,
        )
    )  # fmt: skip


def _month(city: City, months_ago: int = 0) -> str:
    today = city.now.astimezone(ground_of(city.twin).time_zone).date()
    for _ in range(months_ago):
        today = today.replace(day=1) - timedelta(days=1)
    return f"{today:%Y-%m}"


def _agency(city: City, route: str) -> str:
    """Return who runs a line; the feed may not say."""
    timetable = city.twin.timetable
    row = None if timetable is None else timetable.routes.row_of.get(route)
    if timetable is None or row is None:
        return _NOBODY
    return str(timetable.routes.agency[row]) or _NOBODY

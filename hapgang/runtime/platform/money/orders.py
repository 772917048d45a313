"""What owners and offices order for an account: stops, courts' orders, heirs and guardians.

Who stops their own account does it alone and at once. Whatever somebody else decides needs several
people: one asks, others approve (`APPROVALS`), and whom it is about is told of every step.
"""

from datetime import timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hapgang.core.clock import Instant
from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.core.ids import new_urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.money import AccountOrder, ShopKeeper
from hapgang.core.vocabulary.people import Person
from hapgang.hub.query import where
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.heirs import hand_over
from hapgang.runtime.platform.money.spending import (
    name_for,
    orders_of,
    own_account,
    peek,
    stop_of,
)

APPROVALS = {"freeze": 2, "inherit": 1, "guard": 1, "reopen": 1}  # beside who asks
LAPSES_AFTER = timedelta(days=30)  # what nobody approved; an assumption
LONGEST = timedelta(days=36_525)  # a hundred years: a guardian may be for life
MOST_HEIRS = 50
Reason = Annotated[str, Meta(min_length=2, max_length=400)]
_ENDED_AT_ONCE = 500
_TITLES = {
    "lost": Text("Payments from your account are stopped", "계좌의 출금을 정지했습니다"),
    "freeze": Text("A court's order about your account", "계좌에 대한 법원 명령"),
    "inherit": Text("An account that is inherited", "계좌 상속"),
    "guard": Text("A guardian for an account", "계좌 후견"),
    "reopen": Text("Your account is to be opened again", "계좌 정지 해제"),
}
_STATES = {
    "asked": Text("asked for", "요청됨"),
    "in force": Text("in force", "시행됨"),
    "ended": Text("ended", "종료됨"),
    "refused": Text("refused", "거절됨"),
}


def stop_account(city: CityOf, *, reason: Reason) -> AccountOrder:
    """Stop all payments from the caller's account at once, as after the loss of a phone."""
    return _stop(city, own_account(city), reason)


def stop_for(city: CityOf, person: str, reason: str) -> None:
    """Stop all payments from somebody's account, if they have one."""
    if city.runtime.book.find_account(account_id(person)) is not None:
        _stop(city, person, reason)


def _stop(city: CityOf, person: str, reason: str) -> AccountOrder:
    if (before := stop_of(city, person)) is not None:
        return before
    order = _order(city, person, "lost", reason)
    return _change(city, msgspec.structs.replace(order, state="in force"))


def reopen_account(city: CityOf, *, person: str, reason: Reason) -> None:
    """Let payments go out again from an account that its owner stopped.

    An operator does so who has identified the owner, and says how. A court's order stays.
    """
    _refuse_involved(city, (person,))
    stops = [order for order in orders_of(city, person, "in force") if order.kind == "lost"]
    if not stops:
        raise Conflict("Its owner did not stop this account.", "주인이 정지한 계좌가 아닙니다.")
    for order in stops:
        ended = msgspec.structs.replace(
            order, reason=reason, approved_by=(city.caller.id,), state="ended"
        )
        _change(city, ended)


def ask_order(
    city: CityOf,
    *,
    person: str,
    kind: Literal["freeze", "inherit", "guard", "reopen"],
    reason: Reason,
    case: Annotated[str, Meta(min_length=3, max_length=80)],
    until: Instant | None = None,
    others: Annotated[tuple[str, ...], Meta(max_length=MOST_HEIRS)] = (),
    shares: Annotated[tuple[Annotated[int, Meta(ge=1, le=10_000)], ...], Meta(max_length=50)] = (),
    most_won_a_day: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 0,
) -> AccountOrder:
    """Ask for a step about somebody's account, which others have to approve.

    freeze: by a court's `case`, until a date. inherit: to heirs, by shares. guard: one guardian,
    who may see the account and pay so much a day. reopen: ends what is in force by the same `case`.
    """
    person = city.runtime.book.account(account_id(person)).owner  # by one name, however asked
    _refuse_involved(city, (person, *others))
    if kind in ("inherit", "guard") and peek(city, Person, person) is None:
        raise Invalid("Only a person has heirs or a guardian.", "사람의 계좌에만 할 수 있습니다.")
    if kind == "reopen" and not _by_case(city, person, case):
        raise NotFound(
            "Nothing is in force by this case.", "이 사건으로 시행 중인 조치가 없습니다."
        )
    if until is not None or kind in ("freeze", "guard"):
        _check_until(city, until)
    order = msgspec.structs.replace(
        _order(city, person, kind, reason), case=case, until=until, others=others, shares=shares,
        most_won_a_day=most_won_a_day,
    )  # fmt: skip
    _check_others(city, order)
    return _change(city, order)


def _check_others(city: CityOf, order: AccountOrder) -> None:
    """Raise where heirs, shares or the guardian do not fit, or are not known, or no longer."""
    kind, others = order.kind, order.others
    wanted = {"inherit": max(1, len(others)), "guard": 1}.get(kind, 0)
    if len(others) != wanted or len(set(others)) != len(others):
        raise Invalid("Name each heir, or one guardian.", "상속인 또는 후견인 한 명을 적으세요.")
    if len(order.shares) != (len(others) if kind == "inherit" else 0):
        raise Invalid("Each heir has a share.", "상속인마다 몫이 있어야 합니다.")
    for other in others:
        if peek(city, Person, other) is None or other == order.person:
            raise NotFound("An heir or guardian is not known.", "상속인·후견인을 찾을 수 없습니다.")


def _check_until(city: CityOf, until: Instant | None) -> None:
    if until is None or not city.now < until <= city.now + LONGEST:
        raise Invalid(
            "Say until when: later than now, and within a hundred years.",
            "종료 시각을 지금부터 100년 안으로 정하세요.",
        )


def approve_order(city: CityOf, *, order: str) -> AccountOrder:
    """Approve what somebody else asked for; with the last approval it comes into force."""
    found = _asked(city, order)
    if city.caller.id in (found.asked_by, *found.approved_by):
        raise Refused("Somebody else has to approve this.", "다른 사람이 승인해야 합니다.")
    _refuse_involved(city, (found.person, *found.others))
    _check_others(city, found)
    found = msgspec.structs.replace(found, approved_by=(*found.approved_by, city.caller.id))
    if len(found.approved_by) < APPROVALS[found.kind]:
        return _change(city, found)
    return _put_in_force(city, found)


def refuse_order(city: CityOf, *, order: str) -> AccountOrder:
    """Refuse what was asked for; whom it is about cannot, though they work in an office."""
    found = _asked(city, order)
    _refuse_involved(city, (found.person, *found.others))
    return _change(city, msgspec.structs.replace(found, state="refused"))


def account_orders(
    city: CityOf,
    *,
    state: Literal["asked", "in force"] = "asked",
    limit: Annotated[int, Meta(ge=1, le=500)] = 100,
) -> list[AccountOrder]:
    """Return orders that wait for an approval, or are in force."""
    return city.hub.find(AccountOrder, where.state == state, limit=limit)


def my_account_orders(city: CityOf) -> list[AccountOrder]:
    """Return what is ordered for the caller's own account."""
    return city.hub.find(AccountOrder, where.person == city.caller.id)


def end_orders(city: CityOf) -> None:
    """End orders whose time is over, and those that nobody approved."""
    views = (record.view for record in city.runtime.state.of_type(AccountOrder.__name__))
    over = [order for order in views if isinstance(order, AccountOrder) and _is_over(city, order)]
    for order in over[:_ENDED_AT_ONCE]:
        state = "ended" if order.state == "in force" else "refused"
        _change(city, msgspec.structs.replace(order, state=state))


def _is_over(city: CityOf, order: AccountOrder) -> bool:
    if order.state == "asked" and order.asked_at + LAPSES_AFTER <= city.now:
        return True
    return order.until is not None and order.until <= city.now


def _put_in_force(city: CityOf, order: AccountOrder) -> AccountOrder:
    if order.kind == "inherit":
        if any(one.kind == "freeze" for one in orders_of(city, order.person, "in force")):
            raise Conflict("A court's order is in force.", "법원 명령이 시행 중인 계좌입니다.")
        hand_over(city, order)
        return _change(city, msgspec.structs.replace(order, state="ended"))
    if order.kind == "reopen":
        for one in _by_case(city, order.person, order.case):
            _change(city, msgspec.structs.replace(one, state="ended"))
        return _change(city, msgspec.structs.replace(order, state="ended"))
    return _change(city, msgspec.structs.replace(order, state="in force"))


def _by_case(city: CityOf, person: str, case: str) -> list[AccountOrder]:
    return [one for one in orders_of(city, person, "in force") if one.case == case]


def _order(
    city: CityOf,
    person: str,
    kind: Literal["lost", "freeze", "inherit", "guard", "reopen"],
    reason: str,
) -> AccountOrder:
    return AccountOrder(
        id=new_urn("AccountOrder", city.rng),
        person=person,
        kind=kind,
        asked_by=city.caller.id,
        asked_at=city.now,
        reason=reason,
    )


def _change(city: CityOf, order: AccountOrder) -> AccountOrder:
    """Save an order, let the account follow, and tell whom it is about."""
    if order.state in ("ended", "refused"):
        city.hub.close(order)
    else:
        city.hub.save(order)
    account = city.runtime.book.account(account_id(order.person))
    if account.state != "closed":
        in_force = orders_of(city, order.person, "in force")
        is_frozen = any(one.kind in ("lost", "freeze") for one in in_force)
        city.ledger.set_state(order.person, "frozen" if is_frozen else "open")
    _tell(city, order)
    return order


def _tell(city: CityOf, order: AccountOrder) -> None:
    state = _STATES[order.state]
    zone = city.runtime.clock.zone
    until = f" {order.until.astimezone(zone):%Y-%m-%d}" if order.until is not None else ""
    body = Text(
        f"{state.en}: {order.reason} {order.case}{until}".strip(),
        f"{state.ko}: {order.reason} {order.case}{until}".strip(),
    )
    keepers = city.runtime.state.with_value("ShopKeeper", "shop", order.person) or ()
    kept_by = [one.view.person for one in keepers if isinstance(one.view, ShopKeeper)]
    for person in dict.fromkeys((order.person, *order.others, *kept_by)):
        if peek(city, Person, person) is not None:
            city.tell(person, _TITLES[order.kind], body)


def _asked(city: CityOf, order: str) -> AccountOrder:
    found = city.hub.get(AccountOrder, order)
    if found.state != "asked":
        state = _STATES[found.state]
        raise Conflict(f"This order is {state.en}.", f"이 조치는 이미 {state.ko} 상태입니다.")
    if _is_over(city, found):
        raise Conflict(
            "Its time is over; ask for a new one.", "기한이 지났습니다. 다시 요청하세요."
        )
    return found


def _refuse_involved(city: CityOf, people: tuple[str, ...]) -> None:
    kept = (name_for("ShopKeeper", one, city.caller.id) for one in people)
    if city.caller.id in people or any(peek(city, ShopKeeper, one) for one in kept):
        raise Refused("It is about you: others decide.", "본인과 관련된 조치는 할 수 없습니다.")

"""Payments that wait: for somebody's word, for something to happen, for a day to come.

The money is set aside in the book, with an end: whatever becomes of the agreement, what nobody
confirmed in time comes back by itself, or is paid where that was agreed.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hapgang.core.errors import CityError, Conflict, Invalid, NotFound, Refused
from hapgang.core.ids import new_urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.money import Amount
from hapgang.core.vocabulary.people import Person
from hapgang.core.vocabulary.registry import AGREEMENT, Escrow, Happening, Milestone, Title
from hapgang.hub.match import compile_match
from hapgang.hub.qlang import parse
from hapgang.hub.query import where
from hapgang.hub.record import Record
from hapgang.ledger.book import HoldEnded
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.spending import own_account, peek

AFTER = timedelta(days=30)  # that money outlasts its agreement: a city that was down still pays
SETTLED_AT_ONCE = 200
MOST_OPEN = 200  # escrows of one payer: each condition is looked at each minute
_changed = msgspec.structs.replace


class Wanted(msgspec.Struct, frozen=True):
    """A part that is wanted of an escrow."""

    title: Title
    amount_won: Amount
    when: Happening | None = None  # else it is the confirmer who says so


def open_escrow(
    city: CityOf,
    *,
    payee: str,
    title: Title,
    parts: Annotated[list[Wanted], Meta(min_length=1, max_length=20)],
    days: Annotated[int, Meta(ge=1, le=365)],
    confirmer: str | None = None,
    then: Literal["back", "paid"] = "back",
) -> Escrow:
    """Set money aside for somebody, in parts that a third confirms, or that happen in the city.

    then: what becomes of the rest after `days`: it comes `back`, or is `paid`, and until then the
    payer may take it back, as with goods that can be returned.
    """
    payer = own_account(city)
    if len(city.hub.find(Escrow, where.payer == payer)) >= MOST_OPEN:
        raise Conflict(f"{MOST_OPEN} are open", f"진행 중인 조건부 결제가 {MOST_OPEN}건입니다")
    _check_parts(city, parts, payee=payee, confirmer=confirmer, then=then)
    until = city.now + timedelta(days=days)
    ends = until + AFTER if then == "paid" else until
    name = new_urn("Escrow", city.rng)
    held = tuple(
        Milestone(
            part.title,
            part.amount_won,
            city.ledger.hold(f"{name}/{n}", payer, payee, part.amount_won, part.title, until=ends),
            when=part.when,
        )
        for n, part in enumerate(parts)
    )
    escrow = Escrow(
        id=name, payer=payer, payee=payee, confirmer=confirmer, title=title, parts=held,
        until=until, then=then,
    )  # fmt: skip
    city.hub.save(escrow)
    _tell_opened(city, escrow)
    return escrow


def _tell_opened(city: CityOf, escrow: Escrow) -> None:
    """Let the log have what was agreed, and tell the other sides."""
    body = {
        "escrow": escrow.id, "step": "opened", "payer": escrow.payer, "payee": escrow.payee,
        "confirmer": escrow.confirmer, "parts": [_said(part) for part in escrow.parts],
        "then": escrow.then,
    }  # fmt: skip
    city.ledger.record(AGREEMENT, escrow.id, body, person=escrow.payer)
    title = Text("Money waits for a condition", "조건부 결제가 열렸습니다")
    for person in sorted({escrow.payee, escrow.confirmer or escrow.payee} - {escrow.payer}):
        if peek(city, Person, person) is not None:  # a shop has no inbox
            city.tell(person, title, Text(escrow.title, escrow.title))


def _check_parts(
    city: CityOf, parts: list[Wanted], *, payee: str, confirmer: str | None, then: str
) -> None:
    if confirmer == payee:
        raise Refused(
            "Who is paid cannot confirm that it is due.", "받는 사람이 확인자를 겸할 수 없습니다."
        )
    if confirmer is None and then == "back" and any(part.when is None for part in parts):
        raise Invalid(
            "A part needs a confirmer, something that happens, or to be paid in the end.",
            "단계마다 확인자나 조건이 있거나, 기한 뒤 지급이어야 합니다.",
        )
    for part in parts:
        if part.when is not None:
            _check_happening(city, part.when)


def _check_happening(city: CityOf, when: Happening) -> None:
    parse(when.q)
    if _seen_by_all(city, when.entity) is None:
        raise NotFound(
            f"{when.entity} is nothing that everybody can see.",
            f"{when.entity}: 누구나 볼 수 있는 것이 아닙니다.",
        )


def _seen_by_all(city: CityOf, entity: str) -> Record | None:
    """Return what everybody can see: it is nobody's, and not the city's own business."""
    record = city.runtime.state.get(entity)
    if record is None or record.person is not None:
        return None
    return None if record.declared is not None and record.declared.is_internal else record


def _said(part: Milestone) -> dict[str, str | int | None]:
    """Return a part as the log has it."""
    when = {} if part.when is None else {"entity": part.when.entity, "q": part.when.q}
    return {"title": part.title, "won": part.amount_won, **when}


def my_escrows(city: CityOf) -> list[Escrow]:
    """Return the open escrows in which the caller pays, is paid or confirms."""
    me = city.caller.id
    found = {
        one.id: one
        for query in (where.payer == me, where.payee == me, where.confirmer == me)
        for one in city.hub.find(Escrow, query)
    }
    return sorted(found.values(), key=lambda one: one.id)


def confirm_part(city: CityOf, *, escrow: str, part: Annotated[int, Meta(ge=0, le=19)]) -> Escrow:
    """Say as the confirmer that a part is done: it is paid at once."""
    found = _concerning(city, escrow)
    milestone = _part(found, part)
    if found.confirmer != city.caller.id or milestone.when is not None:
        raise Refused("Only its confirmer may say so.", "확인자만 확인할 수 있습니다.")
    city.ledger.capture(
        milestone.hold, f"{milestone.hold}-paid", milestone.amount_won, milestone.title
    )
    return _ended(city, found, part, "paid")


def give_up_part(city: CityOf, *, escrow: str, part: Annotated[int, Meta(ge=0, le=19)]) -> Escrow:
    """Give a part back: its payee may, and the payer where it is to be paid in the end."""
    found = _concerning(city, escrow)
    may = {found.payee, found.payer} if found.then == "paid" else {found.payee}
    if city.caller.id not in may:
        raise Refused("Only who would be paid may.", "받을 사람만 할 수 있습니다.")
    milestone = _part(found, part)
    if found.until <= city.now:
        raise Conflict("Its time is over.", "기한이 지났습니다.")
    city.ledger.release(milestone.hold, f"{milestone.hold}-back", milestone.title)
    return _ended(city, found, part, "back")


def pay_what_happened(city: CityOf) -> int:
    """Pay the parts for which what was agreed has happened by now; return how many."""
    paid = 0
    for escrow in city.hub.find(Escrow, (where.state == "open") & (where.until > city.now)):
        found = escrow
        for n, part in enumerate(escrow.parts):
            if paid == SETTLED_AT_ONCE:
                return paid
            if _is_due(city, part) and was_paid(city, part.hold, part.amount_won, part.title):
                found = _ended(city, found, n, "paid")
                paid += 1
    return paid


def was_paid(city: CityOf, hold: str, amount_won: int, memo: str) -> bool:
    """Pay what was held; false where the payee's account takes nothing any more."""
    try:
        city.ledger.capture(hold, f"{hold}-paid", amount_won, memo)
    except CityError:
        return False
    return True


def give_back(city: CityOf, hold: str, memo: str) -> None:
    """Give back what was held, where that has not happened yet: as to heirs, or in time."""
    with suppress(HoldEnded):
        city.ledger.release(hold, f"{hold}-back", memo)


def _is_due(city: CityOf, part: Milestone) -> bool:
    """Whether a part is still held, and what it waits for has happened."""
    if part.state != "held" or part.when is None:
        return False
    record = _seen_by_all(city, part.when.entity)
    return record is not None and compile_match(parse(part.when.q))(record)


def end_escrows(city: CityOf) -> int:
    """Close the escrows whose time is over; their money comes back, or is paid now."""
    over = [one for one in city.hub.find(Escrow, where.state == "open") if one.until <= city.now]
    for escrow in over[:SETTLED_AT_ONCE]:
        parts = tuple(
            _changed(part, state=_settled(city, escrow, part)) if part.state == "held" else part
            for part in escrow.parts
        )
        city.hub.close(_changed(escrow, parts=parts, state="ended"))
        _record(city, escrow, "over", {})
    return len(over[:SETTLED_AT_ONCE])


def _settled(city: CityOf, escrow: Escrow, part: Milestone) -> str:
    """Let a part end as was agreed; the book gave back by itself what was to come back."""
    if escrow.then == "back":
        return "back"
    if was_paid(city, part.hold, part.amount_won, part.title):
        return "paid"
    give_back(city, part.hold, part.title)
    return "back"


def _concerning(city: CityOf, escrow: str) -> Escrow:
    found = city.hub.find_by_id(Escrow, escrow)
    me = city.caller.id
    if found is None or me not in (found.payer, found.payee, found.confirmer):
        raise NotFound("you have no such escrow", "그런 조건부 결제가 없습니다")
    return found


def _part(escrow: Escrow, part: int) -> Milestone:
    if part >= len(escrow.parts):
        raise NotFound("it has no such part", "그런 단계가 없습니다")
    milestone = escrow.parts[part]
    if milestone.state != "held":
        raise Conflict("this part has ended", "이미 끝난 단계입니다")
    return milestone


def _ended(city: CityOf, escrow: Escrow, part: int, state: str) -> Escrow:
    parts = tuple(
        _changed(one, state=state) if n == part else one for n, one in enumerate(escrow.parts)
    )
    is_over = all(one.state != "held" for one in parts)
    changed = _changed(escrow, parts=parts, state="ended" if is_over else "open")
    _record(city, escrow, state, {"part": part})
    (city.hub.close if is_over else city.hub.save)(changed)
    return changed


def _record(city: CityOf, escrow: Escrow, step: str, more: dict[str, int]) -> None:
    name = "/".join([escrow.id, *(str(value) for value in more.values()), step])
    body = {"escrow": escrow.id, "step": step, **more}
    city.ledger.record(AGREEMENT, name, body, person=escrow.payer)

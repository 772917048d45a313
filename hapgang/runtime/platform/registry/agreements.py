"""Payments that wait for a condition: an escrow in milestones, a drive that needs enough pledges.

The money is set aside in the book, with an end: whatever becomes of the agreement, what nobody
confirmed in time comes back by itself.
"""

from datetime import timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict, NotFound, Refused
from hapgang.core.ids import new_urn
from hapgang.core.money import won_text
from hapgang.core.text import Text
from hapgang.core.vocabulary.money import Amount
from hapgang.core.vocabulary.registry import Escrow, Milestone, Pledge, PledgeDrive, Title
from hapgang.hub.query import where
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.spending import own_account

AGREEMENT = "agreement"  # the kind of fact
MOST_OPEN = 100  # drives of one payee
MOST_PLEDGES = 5_000  # to one drive, settled in one unit
_AFTER = timedelta(hours=1)  # that pledges outlast their drive, so that it can be settled
_SETTLED_AT_ONCE = 200
_changed = msgspec.structs.replace


class Wanted(msgspec.Struct, frozen=True):
    """A part that is wanted of an escrow."""

    title: Title
    amount_won: Amount


def open_escrow(
    city: CityOf,
    *,
    payee: str,
    confirmer: str,
    title: Title,
    parts: Annotated[list[Wanted], Meta(min_length=1, max_length=20)],
    days: Annotated[int, Meta(ge=1, le=365)],
) -> Escrow:
    """Set money aside for somebody, in parts that a third confirms; the rest comes back in time."""
    payer = own_account(city)
    if confirmer == payee:
        raise Refused(
            "Who is paid cannot confirm that it is due.", "받는 사람이 확인자를 겸할 수 없습니다."
        )
    until = city.now + timedelta(days=days)
    name = new_urn("Escrow", city.rng)
    held = tuple(
        Milestone(
            part.title,
            part.amount_won,
            city.ledger.hold(f"{name}/{n}", payer, payee, part.amount_won, part.title, until=until),
        )
        for n, part in enumerate(parts)
    )
    escrow = Escrow(
        id=name, payer=payer, payee=payee, confirmer=confirmer, title=title, parts=held, until=until
    )
    city.hub.save(escrow)
    said = [{"title": part.title, "won": part.amount_won} for part in held]
    body = {"payer": payer, "payee": payee, "confirmer": confirmer, "parts": said}
    city.ledger.record(AGREEMENT, name, {"escrow": name, "step": "opened", **body}, person=payer)
    for person in {payee, confirmer} - {payer}:
        city.tell(
            person,
            Text("Money waits for a condition", "조건부 결제가 열렸습니다"),
            Text(title, title),
        )
    return escrow


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
    if found.confirmer != city.caller.id:
        raise Refused("Only its confirmer may say so.", "확인자만 확인할 수 있습니다.")
    milestone = _part(found, part)
    city.ledger.capture(
        milestone.hold, f"{milestone.hold}-paid", milestone.amount_won, milestone.title
    )
    return _ended(city, found, part, "paid")


def give_up_part(city: CityOf, *, escrow: str, part: Annotated[int, Meta(ge=0, le=19)]) -> Escrow:
    """Give a part back to the payer before its time: its payee may, and nobody else."""
    found = _concerning(city, escrow)
    if found.payee != city.caller.id:
        raise Refused("Only who would be paid may.", "받을 사람만 할 수 있습니다.")
    milestone = _part(found, part)
    city.ledger.release(milestone.hold, f"{milestone.hold}-back", milestone.title)
    return _ended(city, found, part, "back")


def end_escrows(city: CityOf) -> int:
    """Close the escrows whose time is over; their money came back by itself."""
    over = [one for one in city.hub.find(Escrow, where.state == "open") if one.until <= city.now]
    for escrow in over[:_SETTLED_AT_ONCE]:
        parts = tuple(
            _changed(part, state="back") if part.state == "held" else part for part in escrow.parts
        )
        city.hub.close(_changed(escrow, parts=parts, state="ended"))
        _record(city, escrow, "over", {})
    return len(over[:_SETTLED_AT_ONCE])


def open_drive(
    city: CityOf,
    *,
    title: Title,
    goal_won: Amount,
    days: Annotated[int, Meta(ge=1, le=365)],
) -> PledgeDrive:
    """Ask everybody for pledges to a goal, which are paid only if it is reached in time."""
    payee = own_account(city)
    if (
        len(city.hub.find(PledgeDrive, (where.payee == payee) & (where.state == "open")))
        >= MOST_OPEN
    ):
        raise Conflict(f"{MOST_OPEN} drives are open", f"열린 모금이 {MOST_OPEN}건입니다")
    drive = PledgeDrive(
        id=new_urn("PledgeDrive", city.rng),
        payee=payee,
        title=title,
        goal_won=goal_won,
        until=city.now + timedelta(days=days),
    )
    city.hub.save(drive)
    body = {"drive": drive.id, "step": "opened", "payee": payee, "goal": goal_won}
    city.ledger.record(AGREEMENT, drive.id, body)
    return drive


def drives(city: CityOf) -> list[PledgeDrive]:
    """Return the open drives, the one that ends first before the others."""
    found = city.hub.find(PledgeDrive, where.state == "open")
    return sorted(found, key=lambda one: (one.until, one.id))


def pledge(city: CityOf, *, drive: str, amount_won: Amount) -> Pledge:
    """Set money aside for a drive; it is paid if the drive is reached, and comes back if not."""
    found = city.hub.get(PledgeDrive, drive)
    if found.state != "open" or found.until <= city.now:
        raise Conflict("the drive is over", "모금이 끝났습니다")
    if len(city.hub.find(Pledge, where.drive == drive)) >= MOST_PLEDGES:
        raise Conflict(f"it has {MOST_PLEDGES:,} pledges", f"약정이 {MOST_PLEDGES:,}건입니다")
    payer = own_account(city)
    name = new_urn("Pledge", city.rng)
    hold = city.ledger.hold(
        name, payer, found.payee, amount_won, found.title, until=found.until + _AFTER
    )
    given = Pledge(id=name, payer=payer, drive=drive, amount_won=amount_won, hold=hold)
    city.hub.save(given)
    city.hub.save(_changed(found, pledged_won=found.pledged_won + amount_won))
    return given


def settle_drives(city: CityOf) -> int:
    """Pay the drives that were reached, and give back what was pledged to the others."""
    over = [
        one for one in city.hub.find(PledgeDrive, where.state == "open") if one.until <= city.now
    ]
    for drive in over[:_SETTLED_AT_ONCE]:
        pledges = city.hub.find(Pledge, where.drive == drive.id)  # whoever was forgotten has none
        pledged_won = sum(given.amount_won for given in pledges)
        is_reached = pledged_won >= drive.goal_won
        for given in pledges:
            _settle(city, given, drive.title, is_paid=is_reached)
        state = "reached" if is_reached else "missed"
        city.hub.close(_changed(drive, state=state, pledged_won=pledged_won))
        body = {"drive": drive.id, "step": state, "pledged": pledged_won}
        city.ledger.record(AGREEMENT, f"{drive.id}/{state}", body)
    return len(over[:_SETTLED_AT_ONCE])


def _settle(city: CityOf, given: Pledge, title: str, *, is_paid: bool) -> None:
    if is_paid:
        city.ledger.capture(given.hold, f"{given.hold}-paid", given.amount_won, title)
    else:
        city.ledger.release(given.hold, f"{given.hold}-back", title)
    city.hub.close(given)
    amount = won_text(given.amount_won)
    what = Text(
        f"{amount} {'were paid' if is_paid else 'came back'}: {title}",
        f"{amount}이 {'지급되었습니다' if is_paid else '돌아왔습니다'}: {title}",
    )
    city.tell(given.payer, Text("A drive has ended", "모금이 끝났습니다"), what)


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

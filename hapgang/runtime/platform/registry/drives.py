"""Drives: everybody pledges, and it is paid only if enough comes together in time."""

from datetime import timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict
from hapgang.core.ids import new_urn
from hapgang.core.money import won_text
from hapgang.core.text import Text
from hapgang.core.vocabulary.money import Amount
from hapgang.core.vocabulary.registry import AGREEMENT, Pledge, PledgeDrive, Title
from hapgang.hub.query import where
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.spending import own_account
from hapgang.runtime.platform.registry.escrows import (
    AFTER,
    SETTLED_AT_ONCE,
    give_back,
    was_paid,
)

MOST_OPEN = 100  # drives of one payee
MOST_PLEDGES = 5_000  # to one drive, settled in one unit
PAID_AT_ONCE = MOST_PLEDGES  # after which the other drives wait for a minute
_changed = msgspec.structs.replace


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
        name, payer, found.payee, amount_won, found.title, until=found.until + AFTER
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
    settled = ended = 0
    for drive in over[:SETTLED_AT_ONCE]:
        if settled >= PAID_AT_ONCE:
            break
        pledges = city.hub.find(Pledge, where.drive == drive.id)  # whoever was forgotten has none
        pledged_won = sum(given.amount_won for given in pledges if _is_open(city, given.payer))
        can_be_paid = _is_open(city, drive.payee) and city.now < drive.until + AFTER
        is_reached = can_be_paid and pledged_won >= drive.goal_won
        for given in pledges:
            _settle(city, given, drive.title, is_paid=is_reached)
        state = "reached" if is_reached else "missed"
        city.hub.close(_changed(drive, state=state, pledged_won=pledged_won))
        body = {"drive": drive.id, "step": state, "pledged": pledged_won}
        city.ledger.record(AGREEMENT, f"{drive.id}/{state}", body)
        settled, ended = settled + len(pledges), ended + 1
    return ended


def _is_open(city: CityOf, owner: str) -> bool:
    """Whether an account is: one that was inherited is closed, holds nothing and takes nothing."""
    return city.runtime.book.account(account_id(owner)).state != "closed"


def _settle(city: CityOf, given: Pledge, title: str, *, is_paid: bool) -> None:
    is_paid = is_paid and was_paid(city, given.hold, given.amount_won, title)
    if not is_paid:
        give_back(city, given.hold, title)
    city.hub.close(given)
    amount = won_text(given.amount_won)
    what = Text(
        f"{amount} {'were paid' if is_paid else 'came back'}: {title}",
        f"{amount}이 {'지급되었습니다' if is_paid else '돌아왔습니다'}: {title}",
    )
    city.tell(given.payer, Text("A drive has ended", "모금이 끝났습니다"), what)

"""A bill that several pay together: all until a deadline, or nobody."""

from contextlib import suppress
from datetime import timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.core.ids import new_urn
from hapgang.core.money import won_text
from hapgang.core.text import Text
from hapgang.core.vocabulary.money import Amount, BillSplit, Memo, Shop
from hapgang.core.vocabulary.people import Person
from hapgang.hub.query import where
from hapgang.ledger.book import HoldEnded
from hapgang.ledger.currency.shares import shared
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.shops import check_not_keeper, open_shop
from hapgang.runtime.platform.money.spending import hold_from, own_account, peek

MOST_PAYERS = 50
MOST_OPEN = 50
_SWEPT_AT_ONCE = 500


def start_split(
    city: CityOf,
    *,
    payee: str,
    payers: Annotated[list[str], Meta(min_length=2, max_length=MOST_PAYERS)],
    total_won: Amount,
    parts_won: Annotated[list[Amount], Meta(max_length=MOST_PAYERS)] | None = None,
    memo: Memo = "",
    hours: Annotated[int, Meta(ge=1, le=168)] = 24,
) -> BillSplit:
    """Ask several to pay a bill together; without parts each pays alike, to the last won.

    Each accepts by setting their part aside; when the last one has, all of it is paid at once. If
    somebody declines or the deadline passes, everybody has theirs back.
    """
    parts = tuple(parts_won or shared(total_won, [1] * len(payers)))
    _check_parts(city, payee, payers, parts, total_won)
    if len(city.hub.find(BillSplit, where.starter == city.caller.id)) >= MOST_OPEN:
        raise Conflict("Too many of your bills are open.", "진행 중인 나눠 내기가 너무 많습니다.")
    split = BillSplit(
        id=new_urn("BillSplit", city.rng),
        starter=city.caller.id,
        payee=payee,
        payers=tuple(payers),
        parts_won=parts,
        holds=("",) * len(payers),
        memo=memo,
        until=city.now + timedelta(hours=hours),
    )
    city.hub.save(split)
    for payer, part_won in zip(payers, parts, strict=True):
        if payer != city.caller.id:
            city.tell(
                payer,
                Text("A bill to share", "나눠 내기 요청"),
                Text(f"Your part: {won_text(part_won)}", f"내 몫: {won_text(part_won)}"),
            )
    return split


def my_splits(city: CityOf) -> list[BillSplit]:
    """Return the open bills that the caller shares or started."""
    records = city.runtime.state.of_type(BillSplit.__name__)
    views = (record.view for record in records)
    me = city.caller.id
    return [s for s in views if isinstance(s, BillSplit) and (s.starter == me or me in s.payers)]


def accept_split(city: CityOf, *, split: str) -> BillSplit:
    """Set the caller's part aside; with the last one the bill is paid."""
    found = _open(city, split)
    place = _place(city, found)
    if found.holds[place]:
        return found
    payer = own_account(city)
    if peek(city, Shop, found.payee) is not None:
        check_not_keeper(city, found.payee, payer)
    hold = hold_from(
        city, f"{split}:{place}", payer, found.payee, found.parts_won[place], found.until
    )
    holds = (*found.holds[:place], hold, *found.holds[place + 1 :])
    changed = msgspec.structs.replace(found, holds=holds)
    if not all(holds):
        city.hub.save(changed)
        return changed
    try:
        for hold, part_won in zip(holds, found.parts_won, strict=True):
            city.ledger.capture(hold, f"{hold}:paid", part_won, found.memo)
    except HoldEnded:
        raise Conflict(
            "Somebody's part went back to them. Call this bill off and begin anew.",
            "다른 사람의 몫이 돌아갔습니다. 이 나눠 내기를 취소하고 새로 시작하세요.",
        ) from None
    return _end(city, changed, "paid")


def decline_split(city: CityOf, *, split: str) -> None:
    """Say no for the caller, or call the bill off; whoever accepted has their part back."""
    found = _open(city, split)
    if found.starter != city.caller.id:
        _place(city, found)
    for hold in found.holds:
        with suppress(HoldEnded):  # as of who is no longer here
            if hold:
                city.ledger.release(hold, f"{hold}:released", "declined")
    _end(city, found, "declined")


def expire_splits(city: CityOf) -> None:
    """End bills whose deadline passed; the book gives back what was set aside by itself."""
    records = city.runtime.state.of_type(BillSplit.__name__)
    views = (record.view for record in records)
    over = [s for s in views if isinstance(s, BillSplit) and s.until <= city.now]
    for split in over[:_SWEPT_AT_ONCE]:
        _end(city, split, "expired")


def _check_parts(
    city: CityOf, payee: str, payers: list[str], parts: tuple[int, ...], total_won: int
) -> None:
    if len(parts) != len(payers) or len(set(payers)) != len(payers) or sum(parts) != total_won:
        raise Invalid(
            f"Name each payer once, with parts that sum to {won_text(total_won)}.",
            f"한 사람은 한 번만, 몫의 합은 {won_text(total_won)}이어야 합니다.",
        )
    if min(parts) < 1:
        raise Invalid("Nobody's part is less than 1원.", "몫은 1원 이상이어야 합니다.")
    for payer in payers:
        if peek(city, Person, payer) is None or payer == payee:
            raise NotFound("A payer is not known here.", "나눠 낼 사람을 찾을 수 없습니다.")
    if peek(city, Person, payee) is None:
        open_shop(city, payee)


def _open(city: CityOf, split: str) -> BillSplit:
    found = city.hub.get(BillSplit, split)
    if found.state != "open" or found.until <= city.now:
        state = found.state if found.state != "open" else "expired"
        raise Conflict(f"This bill is {state}.", "이미 끝났거나 기한이 지난 나눠 내기입니다.")
    return found


def _place(city: CityOf, split: BillSplit) -> int:
    if city.caller.id not in split.payers:
        raise Refused("This bill is not yours to pay.", "내가 낼 계산이 아닙니다.")
    return split.payers.index(city.caller.id)


def _end(
    city: CityOf, split: BillSplit, state: Literal["paid", "declined", "expired"]
) -> BillSplit:
    ended = msgspec.structs.replace(split, state=state)
    city.hub.close(ended)
    words = {
        "paid": Text("The shared bill is paid", "나눠 내기가 결제되었습니다"),
        "declined": Text("A shared bill was called off", "나눠 내기가 취소되었습니다"),
        "expired": Text("A shared bill lapsed", "나눠 내기의 기한이 지났습니다"),
    }
    total = won_text(sum(split.parts_won))
    for person in dict.fromkeys((split.starter, *split.payers)):
        if peek(city, Person, person) is not None:
            city.tell(person, words[state], Text(total, total))
    return ended

"""Asking somebody for money: they pay, decline, or let it lapse."""

from datetime import timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict, NotFound, Refused
from hapgang.core.ids import new_urn
from hapgang.core.money import won_text
from hapgang.core.text import Text
from hapgang.core.vocabulary.money import Amount, Memo, MoneyRequest
from hapgang.core.vocabulary.people import Person
from hapgang.hub.query import where
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.spending import acting_for, own_account, pay_from, peek

MOST_OPEN = 100  # of one who asks
_SWEPT_AT_ONCE = 1_000


class MyRequests(msgspec.Struct, frozen=True):
    """Open requests: those to the caller, and those by them."""

    to_me: list[MoneyRequest]
    by_me: list[MoneyRequest]


def ask_for_money(
    city: CityOf,
    *,
    payer: str,
    amount_won: Amount,
    memo: Memo = "",
    days: Annotated[int, Meta(ge=1, le=30)] = 7,
    account: str | None = None,
) -> MoneyRequest:
    """Ask a person for money, for the caller's account or for a shop's that they keep."""
    payee = acting_for(city, account)
    if peek(city, Person, payer) is None or payer == payee:
        raise NotFound("There is nobody else with this id.", "요청할 사람을 찾을 수 없습니다.")
    if len(city.hub.find(MoneyRequest, where.payee == payee)) >= MOST_OPEN:
        raise Conflict(
            f"{MOST_OPEN} requests are open; withdraw one first.",
            f"열려 있는 요청이 {MOST_OPEN}건입니다. 먼저 하나를 취소하세요.",
        )
    request = MoneyRequest(
        id=new_urn("MoneyRequest", city.rng),
        payee=payee,
        payer=payer,
        amount_won=amount_won,
        memo=memo,
        until=city.now + timedelta(days=days),
    )
    city.hub.save(request)
    asked = won_text(amount_won)
    city.tell(
        payer,
        Text("Somebody asks you for money", "송금 요청이 왔습니다"),
        Text(f"{asked}: {memo}. Pay or decline.", f"{asked}: {memo}. 보내거나 거절하세요."),
    )
    return request


def my_requests(city: CityOf) -> MyRequests:
    """Return the open requests that concern the caller."""
    to_me = city.hub.find(MoneyRequest, where.payer == city.caller.id, limit=500)
    return MyRequests(to_me, city.hub.find(MoneyRequest, where.payee == city.caller.id))


def pay_request(city: CityOf, *, request: str) -> str:
    """Pay what somebody asked the caller for; return the transfer."""
    found = _open(city, request)
    if found.payer != city.caller.id:
        raise Refused("This request is for somebody else.", "다른 사람에게 온 요청입니다.")
    payer = own_account(city)
    paid = pay_from(city, f"{request}:paid", payer, found.payee, found.amount_won, found.memo)
    _end(city, found, "paid", paid)
    return paid


def decline_request(city: CityOf, *, request: str) -> None:
    """Say no to what the caller was asked for, or take back what they asked for."""
    found = _open(city, request)
    if found.payer == city.caller.id:
        _end(city, found, "declined")
        return
    if acting_for(city, found.payee) == found.payee:
        _end(city, found, "withdrawn")


def expire_requests(city: CityOf) -> None:
    """End requests whose time is over."""
    records = city.runtime.state.of_type(MoneyRequest.__name__)
    views = (record.view for record in records)
    over = [r for r in views if isinstance(r, MoneyRequest) and r.until <= city.now]
    for request in over[:_SWEPT_AT_ONCE]:
        _end(city, request, "expired")


def _open(city: CityOf, request: str) -> MoneyRequest:
    found = city.hub.get(MoneyRequest, request)
    if found.state != "open" or found.until <= city.now:
        raise Conflict(
            f"This request is {found.state if found.state != 'open' else 'expired'}.",
            "이미 처리되었거나 기한이 지난 요청입니다.",
        )
    return found


def _end(
    city: CityOf,
    request: MoneyRequest,
    state: Literal["paid", "declined", "withdrawn", "expired"],
    transfer: str | None = None,
) -> None:
    city.hub.close(msgspec.structs.replace(request, state=state, transfer=transfer))
    words = {
        "paid": Text("Your request was paid", "요청한 돈이 들어왔습니다"),
        "declined": Text("Your request was declined", "송금 요청이 거절되었습니다"),
        "expired": Text("Your request lapsed", "송금 요청의 기한이 지났습니다"),
    }
    if state in words and peek(city, Person, request.payee) is not None:
        amount = won_text(request.amount_won)
        city.tell(request.payee, words[state], Text(amount, amount))

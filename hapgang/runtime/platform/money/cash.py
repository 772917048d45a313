"""Cashing out: a shop's money leaves the currency at once, and the bank pays by file."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict, Invalid
from hapgang.core.ids import new_urn
from hapgang.core.money import won_text
from hapgang.core.text import Text
from hapgang.core.vocabulary.money import Amount, Memo
from hapgang.core.vocabulary.treasury import BankAccount, BankFile, Bic, CashOut, Holder
from hapgang.hub.query import where
from hapgang.ledger.currency.pain import (
    MOST_PAYMENTS,
    BankParty,
    BankPayment,
    bank_document,
    faults_in,
)
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.spending import acting_for, check_day, pay_from
from hapgang.runtime.platform.people import TREASURY

MOST_WAITING = 200  # of one shop


def cash_out(
    city: CityOf,
    *,
    shop: str,
    amount_won: Amount,
    name: Holder,
    bank: Bic,
    bank_account: BankAccount,
) -> CashOut:
    """Change a shop's money into bank money: it is settled at once, the bank pays by its next file.

    `bank` is its BIC (ISO 9362).
    """
    acting_for(city, shop, as_owner=True)
    if len(waiting_cash_outs(city, shop)) >= MOST_WAITING:
        raise Conflict("The bank has to pay the others first.", "먼저 신청한 환전을 기다리세요.")
    city.ledger.open_account(TREASURY, "treasury", floor_won=None)
    asked = CashOut(
        id=new_urn("CashOut", city.rng),
        keeper=city.caller.id,
        shop=shop,
        amount_won=amount_won,
        name=name,
        bank=bank,
        bank_account=bank_account,
        asked_at=city.now,
    )
    city.hub.save(asked)
    pay_from(city, f"{asked.id}:out", shop, TREASURY, amount_won, "cash-out")
    return asked


def waiting_cash_outs(city: CityOf, shop: str) -> list[CashOut]:
    """Return what a shop asked for and the bank has not answered."""
    records = city.runtime.state.with_value("CashOut", "shop", shop) or ()
    views = [record.view for record in records]
    return [view for view in views if isinstance(view, CashOut)]


def cash_outs(city: CityOf, *, shop: str) -> list[CashOut]:
    """Return what the caller's shop asked for and the bank has not answered."""
    acting_for(city, shop, as_owner=True)
    return city.hub.find(CashOut, where.shop == shop)


class BankQueue(msgspec.Struct, frozen=True):
    """Cash-outs that left the currency, and that the bank has not confirmed."""

    waiting: int  # for a file
    waiting_won: int
    sent: int  # in a file
    sent_won: int


def bank_queue(city: CityOf) -> BankQueue:
    """Return how much the bank has still to pay: it lies there beside the money in circulation."""
    views = [record.view for record in city.runtime.state.of_type(CashOut.__name__)]
    asked = [view for view in views if isinstance(view, CashOut)]
    sent = [view.amount_won for view in asked if view.file]
    waiting = [view.amount_won for view in asked if not view.file]
    return BankQueue(len(waiting), sum(waiting), len(sent), sum(sent))


def make_bank_file(
    city: CityOf, *, on: date, payer: Holder, bank: Bic, bank_account: BankAccount
) -> BankFile:
    """Put up to 1,000 cash-outs into a file for the bank, to be paid on a day from one account."""
    check_day(city, on)
    found = city.hub.find(CashOut, where.file == "", limit=MOST_PAYMENTS)
    if not found:
        raise Conflict("Nobody waits for the bank.", "지급을 기다리는 환전이 없습니다.")
    file = BankFile(
        id=new_urn("BankFile", city.rng),
        made_at=city.now,
        count=len(found),
        sum_won=sum(one.amount_won for one in found),
        on=on,
        payer=payer,
        bank=bank,
        bank_account=bank_account,
        cash_outs=tuple(one.id for one in found),
    )
    city.hub.save(file)
    for one in found:
        city.hub.save(msgspec.structs.replace(one, file=file.id, state="sent"))
    faults = faults_in(bank_file(city, file=file.id))
    if faults:
        raise Invalid(f"The bank would not take it: {faults[0]}", f"파일 형식 오류: {faults[0]}")
    return file


def bank_files(city: CityOf) -> list[BankFile]:
    """Return the files that the bank has not answered."""
    return city.hub.find(BankFile, limit=200)


def bank_file(city: CityOf, *, file: str) -> bytes:
    """Return a file for the bank: ISO 20022, pain.001.001.09."""
    found = _sent(city, file)
    payments = []
    for one in _known(city, found):
        payee = BankParty(one.name, one.bank, one.bank_account)
        payments.append(BankPayment(_tail(one.id), payee, one.amount_won, "local currency"))
    if not payments:
        raise Conflict("Nobody of this file is left to be paid.", "지급할 환전이 없는 파일입니다.")
    payer = BankParty(found.payer, found.bank, found.bank_account)
    at = found.made_at.replace(microsecond=0)
    return bank_document(_tail(found.id), payer, payments, at, found.on)


class ReturnedPayment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A payment that the bank could not make, and why."""

    cash_out: str
    reason: Memo


def answer_bank_file(
    city: CityOf,
    *,
    file: str,
    returned: Annotated[tuple[ReturnedPayment, ...], Meta(max_length=MOST_PAYMENTS)] = (),
) -> BankFile:
    """Say what the bank answered: what it returned goes back to the shop, the rest is paid."""
    found = _sent(city, file)
    reasons = {one.cash_out: one.reason for one in returned}
    strangers = reasons.keys() - set(found.cash_outs)
    if strangers or len(reasons) != len(returned):
        raise Invalid("Name cash-outs of this file, once each.", "이 파일의 환전을 적으세요.")
    known = _known(city, found)
    for one in known:
        _answer(city, one, reasons.get(one.id))
    came_back = sum(one.id in reasons for one in known)
    answered = msgspec.structs.replace(
        found, state="answered", returned=came_back, confirmed=len(known) - came_back
    )
    city.hub.close(answered)
    return answered


def _answer(city: CityOf, asked: CashOut, reason: str | None) -> None:
    amount = won_text(asked.amount_won)
    if reason is None:
        city.hub.close(msgspec.structs.replace(asked, state="confirmed"))
        title, body = Text("The bank has paid", "은행이 지급했습니다"), Text(amount, amount)
    else:
        city.ledger.pay(f"{asked.id}:back", TREASURY, asked.shop, asked.amount_won, "returned")
        city.hub.close(msgspec.structs.replace(asked, state="returned", reason=reason))
        title = Text("The bank could not pay", "은행이 지급하지 못했습니다")
        body = Text(f"{amount} came back: {reason}", f"{amount} 반환: {reason}")
    city.tell(asked.keeper, title, body)


def _known(city: CityOf, file: BankFile) -> list[CashOut]:
    """Return the cash-outs of a file; those of who was forgotten since are gone, unpaid."""
    found = (city.hub.find_by_id(CashOut, name) for name in file.cash_outs)
    return [one for one in found if one is not None]


def _sent(city: CityOf, file: str) -> BankFile:
    found = city.hub.get(BankFile, file)
    if found.state != "sent":
        raise Conflict("The bank has answered this file.", "은행이 이미 처리한 파일입니다.")
    return found


def _tail(name: str) -> str:
    return name.rpartition(":")[2]

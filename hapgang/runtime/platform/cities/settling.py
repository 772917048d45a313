"""Settling with another city: what it took is over, what it did not comes back, then banks."""

from datetime import timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict, Invalid
from hapgang.core.money import won_text
from hapgang.core.text import Text
from hapgang.core.vocabulary.cities import SentSlip
from hapgang.core.vocabulary.money import Amount
from hapgang.hub.query import where
from hapgang.ledger.cities.netting import NettingStatement, sums_in
from hapgang.ledger.cities.terms import signers
from hapgang.ledger.log.note import parse_note
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.cities.found import agreement_of, clearing, keys_in, known_city
from hapgang.runtime.platform.people import TREASURY

SETTLEMENT = "settlement"  # the kind of fact
_AT_ONCE = 2_000
_SKEW = timedelta(minutes=10)  # more than two cities' clocks may differ
Reference = Annotated[str, Meta(pattern=r"\A[0-9A-Za-z][0-9A-Za-z._/-]{2,59}\Z")]
_changed = msgspec.structs.replace


class Settled(msgspec.Struct, frozen=True):
    """What became of slips by another city's statement."""

    taken: int
    returned: int
    returned_won: int
    waiting: int  # whose time is not over, or which the next call takes up
    owes_won: int  # by this city's book; below zero: the other city owes it


def take_statement(city: CityOf, *, agreement: str, statement: NettingStatement) -> Settled:
    """Take in what the other city signed: what it took is over; what it did not comes back.

    A slip comes back once its time is over and the statement reaches from before it was made to
    after its end without it.
    """
    found = agreement_of(city, agreement)
    other = known_city(city, found.city)
    note = parse_note(statement.note)
    sums = sums_in(note, statement.lines)
    if other.origin not in signers(note, keys_in(other)) or sums.by != other.origin:
        raise Invalid(
            f"{other.title_en} did not sign this.", f"{other.title_ko}의 서명이 없습니다."
        )
    if sums.agreement != agreement or sums.until > city.now:
        raise Invalid("It is of another agreement, or not over.", "다른 협약의 내역입니다.")
    taken = {line.slip for line in statement.lines if line.step == "taken"}
    done = {"taken": 0, "returned": 0, "won": 0, "waiting": 0}
    for slip in city.hub.find(SentSlip, where.agreement == agreement):
        if done["taken"] + done["returned"] >= _AT_ONCE:
            done["waiting"] += 1
        elif slip.fact in taken:
            city.hub.close(_changed(slip, state="taken"))
            done["taken"] += 1
        elif sums.since <= max(found.begins_at, slip.at - _SKEW) and slip.until < sums.until:
            _give_back(city, slip, clearing(other))
            done["returned"] += 1
            done["won"] += slip.amount_won
        else:
            done["waiting"] += 1
    owes_won = city.ledger.balance_won(clearing(other))
    return Settled(done["taken"], done["returned"], done["won"], done["waiting"], owes_won)


def note_settlement(
    city: CityOf,
    *,
    agreement: str,
    way: Literal["paid", "received"],
    amount_won: Amount,
    reference: Reference,
) -> Settled:
    """Note a payment between the two cities' banks, by its reference: each counts once.

    paid: this city paid what it owed. received: the other one did.
    """
    found = agreement_of(city, agreement)
    other = known_city(city, found.city)
    owes_won = city.ledger.balance_won(clearing(other))
    name = f"{account_id(clearing(other))}:bank-{'out' if way == 'paid' else 'in'}:{reference}"
    if city.runtime.book.find(name) is None and amount_won > (
        owes_won if way == "paid" else -owes_won
    ):
        raise Conflict(
            f"Less is owed: {won_text(abs(owes_won))}"
            f" {'by this city' if owes_won > 0 else 'to this city'}.",
            f"정산할 금액보다 많습니다: {won_text(abs(owes_won))}.",
        )
    city.ledger.open_account(TREASURY, "treasury", floor_won=None)
    pair = (clearing(other), TREASURY) if way == "paid" else (TREASURY, clearing(other))
    is_new = city.runtime.book.find(name) is None
    city.ledger.pay(name, *pair, amount_won, reference)
    if is_new:
        body = {"agreement": agreement, "way": way, "won": amount_won, "reference": reference}
        city.ledger.record(SETTLEMENT, name, body)
    return Settled(0, 0, 0, 0, city.ledger.balance_won(clearing(other)))


def _give_back(city: CityOf, slip: SentSlip, account: str) -> None:
    name = f"{account_id(account)}:returned:{slip.id}"
    city.ledger.pay(name, account, slip.payer, slip.amount_won, slip.fact)
    city.hub.close(_changed(slip, state="returned"))
    amount = won_text(slip.amount_won)
    city.tell(
        slip.payer,
        Text("Money came back from your trip", "다른 도시로 보낸 돈이 돌아왔습니다"),
        Text(f"{amount} was not taken there.", f"{amount}이 사용되지 않아 돌아왔습니다."),
    )

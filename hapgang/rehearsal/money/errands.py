"""A day's errands: who arrives somewhere buys, pays as they can, or goes without."""

import datetime as dt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hapgang.contract import Caller, Moment, Situation
from hapgang.core.chance import Stream
from hapgang.core.errors import CityError
from hapgang.core.geometry import Point
from hapgang.core.vocabulary.purchases import Purchase, PurchaseMade, Way
from hapgang.ledger.book import NotEnoughMoney
from hapgang.rehearsal.acting import act
from hapgang.rehearsal.clockwork import Clockwork
from hapgang.rehearsal.money.office import Office
from hapgang.rehearsal.money.phones import Phones
from hapgang.rehearsal.money.proofs import Proofs
from hapgang.rehearsal.money.purses import Purses
from hapgang.rehearsal.money.shops import Shops, Till
from hapgang.rehearsal.money.spending import (
    BUYING,
    CASH_SHARE,
    REFUND_AFTER_S,
    REFUNDED,
    USES_WALLET,
    Buying,
    amount_won,
)
from hapgang.rehearsal.plans import Kind, Plans, Trips
from hapgang.rehearsal.population import Population
from hapgang.rehearsal.travellers import person_id
from hapgang.rehearsal.votes.consultation import Consultation
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.money.codes import CodeReceipt
from hapgang.runtime.platform.money.noting import note_purchase
from hapgang.runtime.platform.money.refunds import refund
from hapgang.runtime.platform.money.wallets import top_up
from hapgang.runtime.platform.settings import PlatformSettings

_PAY_S = 9 * 3_600.0  # wages come in the morning
_BUYING: dict[int, Buying] = {int(kind): buying for kind, buying in BUYING.items()}
_NAMES: dict[int, str] = {kind: kind.name.lower() for kind in Kind}


class _Bought(NamedTuple):
    """What somebody wants, and how they mean to pay; drawn before anything is tried."""

    won: int
    by_cash: bool
    by_wallet: bool
    returns: bool
    wants_proof: bool


class Errands:
    """What people do with money, from the first day to the last."""

    def __init__(
        self, runtime: Runtime, clockwork: Clockwork, population: Population, day: dt.date
    ) -> None:
        """Open the shops and the office if the scenario has the currency."""
        self._runtime, self._clockwork = runtime, clockwork
        self._settings = runtime.settings_of("platform", PlatformSettings)
        self._seed = population.seed
        self._proofs = Proofs(runtime, population.seed) if self._settings.proof_pct > 0 else None
        self._purses = Purses(population, self._settings.wallet_pct, day)
        self._shops = Shops(runtime.scene)
        self._habits = [
            habit
            for service in runtime.services.values()
            for habit in service.habits
            if habit.moment is Moment.ARRIVES
        ]
        self._office: Office | None = None
        self._phones: Phones | None = None
        if self._settings.wallet_pct > 0:
            self._office = Office(runtime, self._settings, len(population))
            self._shops.open(runtime)
            self._phones = Phones(runtime, clockwork, self._purses, self._office, population.seed)
        if self._settings.vote_pct > 0:
            Consultation(runtime, clockwork, population, self._purses, self._settings)
        self._day = day
        self._ends: NDArray[np.int32] = np.empty((0, 3), np.int32)  # place, building, zone by trip
        self._order: NDArray[np.int16] = np.empty(0, np.int16)

    def begin(self, day: dt.date, trips: Trips, plans: Plans) -> None:
        """Look at what is planned for a day, and let what happens by itself be put in."""
        self._day = day
        where = plans.place[trips.to_row], trips.to_building, trips.to_zone
        self._ends, self._order = np.stack(where, axis=1), trips.order
        self._clockwork.at(max(_PAY_S, self._clockwork.now_s), self._pay, day)
        if self._phones is not None:
            self._phones.begin(day, self._settings.lost_phones)

    def end(self) -> None:
        """Let those who wanted a proof have it, when a day is over."""
        if self._proofs is not None:
            self._proofs.check()

    def arrive(self, trip: int, person: int, kind: int, caller: Caller, point: Point) -> None:
        """Do what one came for, as far as it has to do with services and money."""
        wanted = self._wanted(trip, person, kind, caller)
        till, purchase = None, None
        if wanted is not None:
            till = self._shops.at(*self._ends[trip].tolist())
        if wanted is not None and wanted.by_wallet and till is not None and till.code:
            purchase = Purchase(
                code=till.code, amount_won=wanted.won, at_bank_won=self._purses.bank_won[person],
                name=f"{self._day}-{self._order[trip]}",
                issue=self._office.issue if self._office is not None else None,
            )  # fmt: skip
        receipt, was_declined = self._act(person, kind, caller, point, purchase)
        if wanted is None:
            return
        way: Way = "currency" if receipt is not None else self._pay_otherwise(person, wanted)
        made = PurchaseMade(
            entity=caller.id, person=caller.id, shop=till.shop if till is not None else "",
            activity=_NAMES[kind], amount_won=wanted.won, way=way,
            is_in_city=till is not None, is_local=till is not None and till.is_local,
            was_declined=was_declined,
        )  # fmt: skip
        self._runtime.perform(note_purchase, PLATFORM, purchase=made)
        if receipt is not None and till is not None:
            self._afterwards(wanted, receipt, till)

    def _wanted(self, trip: int, person: int, kind: int, caller: Caller) -> _Bought | None:
        """Draw what somebody buys, from a stream of this errand alone."""
        buying = _BUYING.get(kind)
        if buying is None or not self._purses.buys[person]:
            return None
        order = str(self._order[trip])
        stream = Stream.named(self._seed, "errand", str(self._day), caller.id, order)
        buys, cash, wallet, back, proof = (stream.random() for _ in range(5))
        if buys >= buying.share:
            return None
        has_phone = person not in self._purses.phone_lost
        return _Bought(
            won=amount_won(buying.mean_won, stream),
            by_cash=cash < CASH_SHARE,
            by_wallet=self._purses.has_wallet[person] and has_phone and wallet < USES_WALLET,
            returns=back < REFUNDED,
            wants_proof=100.0 * proof < self._settings.proof_pct,
        )

    def _act(
        self, person: int, kind: int, caller: Caller, point: Point, purchase: Purchase | None
    ) -> tuple[CodeReceipt | None, bool]:  # fmt: skip
        """Let habits do what they say; return what was paid, and if the wallet was short."""
        receipt, is_short = None, False
        for habit in self._habits:
            situation = Situation(
                person=caller.id, place=point, activity=_NAMES[kind], purchase=purchase
            )  # fmt: skip
            acted = act(self._runtime, caller, habit, situation)
            is_short = is_short or any(isinstance(e, NotEnoughMoney) for e in acted.refusals)
            for wish, result in acted.done:
                if wish.action is top_up:
                    self._purses.take(person, wish.arguments["amount_won"], by_cash=False)
                if isinstance(result, CodeReceipt):
                    receipt = result
        return receipt, is_short and purchase is not None

    def _pay_otherwise(self, person: int, wanted: _Bought) -> Way:
        """Pay by card or in cash, whichever is meant or else there; or go without."""
        for by_cash in (wanted.by_cash, not wanted.by_cash):
            if self._purses.can_pay(person, wanted.won, by_cash=by_cash):
                self._purses.take(person, wanted.won, by_cash=by_cash)
                return "cash" if by_cash else "card"
        return "none"

    def _afterwards(self, wanted: _Bought, receipt: CodeReceipt, till: Till) -> None:
        if wanted.wants_proof and self._proofs is not None:
            self._proofs.want(receipt.transfer)
        if wanted.returns and till.owner is not None:
            at_s = self._clockwork.now_s + REFUND_AFTER_S
            self._clockwork.at(at_s, self._bring_back, (till.owner, receipt))

    def _bring_back(self, what: tuple[Caller, CodeReceipt], _: float) -> None:
        owner, receipt = what
        try:
            self._runtime.perform(
                refund, owner, shop=receipt.shop, payment=receipt.transfer,
                transfer=f"back-{receipt.transfer}", amount_won=receipt.amount_won,
            )  # fmt: skip
        except CityError:
            return  # the till is empty: another day

    def _pay(self, day: dt.date, _: float) -> None:
        """Begin the month of those whose payday it is."""
        purses, paid = self._purses, self._purses.paid_on(day)
        for person in paid:
            purses.bank_won[person] += int(purses.month_won[person])
        if self._office is not None:
            workers = [p for p in paid if purses.works[p] and purses.has_wallet[p]]
            self._office.pay_benefits(day, [person_id(person) for person in workers])

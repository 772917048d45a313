"""When a virtual person pays in the city's currency, and what they do when the money is short."""

from hapgang.contract import Do, Habit, Moment, Situation
from hapgang.core.errors import CityError
from hapgang.core.vocabulary.purchases import Purchase
from hapgang.ledger.book import NotEnoughMoney
from hapgang.runtime.platform.money.codes import CodeReceipt, pay_code
from hapgang.runtime.platform.money.wallets import (
    MOST_TOP_UP_WON,
    MonthlyLimit,
    Wallet,
    top_up,
)

# Assumption: who stands at the till with too little tops up a round sum that lasts a while.
_USUAL_WON = 50_000
_LEAST_WON = 1_000  # what can be topped up


def buy(situation: Situation) -> Do | None:
    """Pay what the shop's code says; where it is declined, top up once and pay then.

    With the bonus of an issue if there is one, else without; at most what the month allows, and
    what is at the bank. Who still has too little pays otherwise, or goes without.
    """
    wanted, done = situation.purchase, situation.results
    if wanted is None or any(isinstance(result, CodeReceipt) for result in done):
        return None
    if not situation.failed:
        return _pay(wanted)
    has_topped_up = any(isinstance(result, Wallet) for result in done)
    if has_topped_up or wanted.at_bank_won < max(_LEAST_WON, wanted.amount_won):
        return None
    return _topping_up(wanted, situation.refusal)


def _topping_up(wanted: Purchase, refusal: CityError | None) -> Do | None:
    """Return what is tried next, by what was refused before."""
    wish_won = min(max(_USUAL_WON, wanted.amount_won), wanted.at_bank_won, MOST_TOP_UP_WON)
    if isinstance(refusal, NotEnoughMoney):
        return _top_up(wish_won, wanted.issue)
    if isinstance(refusal, MonthlyLimit):
        left_won = refusal.detail["left_won"]
        is_enough = isinstance(left_won, int) and _LEAST_WON <= left_won < wish_won
        return _top_up(int(str(left_won)), None) if is_enough else None
    return _top_up(wish_won, None) if wanted.issue is not None else None


def _pay(wanted: Purchase) -> Do:
    words = {"payload": wanted.code, "transfer": wanted.name, "amount_won": wanted.amount_won}
    return Do(action=pay_code, arguments=words)


def _top_up(amount_won: int, issue: str | None) -> Do:
    return Do(action=top_up, arguments={"amount_won": amount_won, "issue": issue})


HABITS = (Habit(moment=Moment.ARRIVES, do=buy),)

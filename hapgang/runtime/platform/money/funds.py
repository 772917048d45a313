"""Budgets: money that was set aside for a purpose, in an account of its own."""

from itertools import islice

import msgspec

from hapgang.contract import Role
from hapgang.core.entity import Entity
from hapgang.core.errors import CityError, Refused
from hapgang.core.ids import new_urn
from hapgang.core.vocabulary.programmes import RewardBudget, TopUpIssue, VoucherProgramme
from hapgang.core.vocabulary.treasury import Allowance, Experiment, PayRun
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.spending import own_account
from hapgang.runtime.platform.people import TREASURY

ENDED_AT_ONCE = 2_000  # of what people had of programmes; the rest a minute later
_FUNDED = (TopUpIssue, VoucherProgramme, RewardBudget, Allowance, Experiment)


def funder_of(city: CityOf) -> str:
    """Return whose money the caller sets aside: an operator's is the treasury's, else their own."""
    if city.caller.role is Role.OPERATOR:
        city.ledger.open_account(TREASURY, "treasury", floor_won=None)
        return TREASURY
    return own_account(city)


def check_funder(city: CityOf, funder: str) -> None:
    """Raise `Refused` where a budget is not the caller's to decide on."""
    if funder_of(city) != funder:
        raise Refused("This budget is somebody else's.", "다른 기관의 예산입니다.")


def set_aside(city: CityOf, budget: str, funder: str, amount_won: int, kind: str) -> None:
    """Open a budget's account and put money into it."""
    city.ledger.open_account(budget, kind)
    if amount_won:
        transfer = new_urn("Transfer", city.rng)
        city.ledger.pay(transfer, funder, budget, amount_won, "budget")


def left_won(city: CityOf, budget: str) -> int:
    """Return what a budget's account has."""
    account = city.runtime.book.find_account(account_id(budget))
    return account.balance_won - account.held_won if account is not None else 0


class BudgetLeft(msgspec.Struct, frozen=True):
    """A budget of the caller's office, and what its account has."""

    budget: str
    kind: str  # TopUpIssue, VoucherProgramme, RewardBudget, Allowance or Experiment
    title: str
    left_won: int


def budgets(city: CityOf) -> list[BudgetLeft]:
    """Return what is left of each budget that the caller's office set aside."""
    funder = funder_of(city)
    found = []
    for kind in _FUNDED:
        for record in city.runtime.state.of_type(kind.__name__):
            view = record.view
            if isinstance(view, _FUNDED) and view.funder == funder:
                left = left_won(city, view.id)
                found.append(BudgetLeft(view.id, kind.__name__, view.title, left))
    return found


def give_back(city: CityOf, budget: str, funder: str) -> bool:
    """Return what is left of a budget to whom it came from; whether nothing is left in it now.

    A budget that is frozen keeps what it has, and is asked again later.
    """
    rest_won = left_won(city, budget)
    if rest_won == 0:
        return True
    transfer = new_urn("Transfer", city.rng)
    try:
        city.ledger.pay(transfer, budget, funder, rest_won, "budget given back")
    except CityError:
        return False
    return True


def end_budget(city: CityOf, budget: str, funder: str) -> bool:
    """Give back what is left of a budget and close its account; whether that was possible."""
    if not give_back(city, budget, funder):
        return False
    city.ledger.set_state(budget, "closed")
    return True


def delete_some(city: CityOf, view: type[Entity], field: str, programme: str, most: int) -> int:
    """Delete what people had of a programme that is over, up to so many; return how many."""
    records = city.runtime.state.with_value(view.__name__, field, programme) or ()
    names = [record.id for record in islice(records, most)]
    for name in names:
        city.hub.delete(view, name)
    return len(names)


def paid_up_to(city: CityOf, programme: str) -> str:
    """Return the last person who had theirs of a payment that is under way, or nothing."""
    found = _runs(city, programme)
    return found[-1].person if found else ""


def keep_paid_up_to(city: CityOf, programme: str, person: str) -> None:
    """Remember how far a payment to many has come; nobody when it is over."""
    for run in _runs(city, programme):
        city.hub.delete(PayRun, run.id)
    if person:
        city.hub.save(PayRun(id=new_urn("PayRun", city.rng), person=person, programme=programme))


def _runs(city: CityOf, programme: str) -> list[PayRun]:
    records = city.runtime.state.with_value("PayRun", "programme", programme) or ()
    views = [record.view for record in records]
    return [view for view in views if isinstance(view, PayRun)]

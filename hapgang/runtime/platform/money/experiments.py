"""A basic income on trial: volunteers, lots that everybody can draw again, payments each month.

Who is told what of it is in `ledger.currency.experiment`; the numbers come from real transfers.
"""

import hashlib
import heapq
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.errors import CityError, Conflict, NotFound
from hapgang.core.ids import new_urn
from hapgang.core.vocabulary.money import Amount, Memo, Name
from hapgang.core.vocabulary.people import Person
from hapgang.core.vocabulary.treasury import Experiment, ExperimentMember
from hapgang.hub.query import where
from hapgang.ledger.currency.dates import next_after
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.funds import (
    funder_of,
    give_back,
    keep_paid_up_to,
    paid_up_to,
    set_aside,
)
from hapgang.runtime.platform.money.spending import name_for, peek, today

MOST_MEMBERS = 3_000  # so that lots are drawn in a third of a second
_PAID_AT_ONCE = 2_000


def open_experiment(
    city: CityOf,
    *,
    title: Name,
    purpose: Memo,
    treated_pct: Annotated[int, Meta(ge=1, le=99)],
    monthly_won: Amount,
    months: Annotated[int, Meta(ge=1, le=60)],
    budget_won: Annotated[int, Meta(ge=1, le=1_000_000_000_000)],
) -> Experiment:
    """Look for volunteers of a basic-income experiment, with a budget set aside."""
    experiment = Experiment(
        id=new_urn("Experiment", city.rng),
        title=title,
        funder=funder_of(city),
        purpose=purpose,
        treated_pct=treated_pct,
        monthly_won=monthly_won,
        months=months,
    )
    city.hub.save(experiment)
    set_aside(city, experiment.id, experiment.funder, budget_won, "subsidy")
    return experiment


def experiments(city: CityOf) -> list[Experiment]:
    """Return the experiments that look for volunteers or run."""
    return city.hub.find(Experiment, limit=200)


def join_experiment(city: CityOf, *, experiment: str) -> ExperimentMember:
    """Agree to take part, in whichever group: what one spends is then counted, not shown."""
    found = known_experiment(city, experiment)
    if found.state != "recruiting":
        raise Conflict("Its list is closed.", "이미 모집이 끝났습니다.")
    person = city.hub.get(Person, city.caller.id)
    name = name_for("ExperimentMember", experiment, person.id)
    if (before := peek(city, ExperimentMember, name)) is not None:
        return before
    members = city.runtime.state.with_value("ExperimentMember", "experiment", experiment) or ()
    if len(list(members)) >= MOST_MEMBERS:
        raise Conflict("The experiment is full.", "모집 인원이 찼습니다.")
    member = ExperimentMember(
        id=name,
        person=person.id,
        experiment=experiment,
        stratum=person.age_band.value,
        joined_at=city.now,
        nonce=_nonce(city),
    )
    city.hub.save(member)
    return member


def leave_experiment(city: CityOf, *, experiment: str) -> None:
    """Leave an experiment: nothing more is paid, and it counts as a drop-out."""
    name = name_for("ExperimentMember", experiment, city.caller.id)
    member = peek(city, ExperimentMember, name)
    if member is None:
        raise NotFound("You do not take part in it.", "참여하고 있지 않습니다.")
    if city.hub.get(Experiment, experiment).state == "recruiting":
        city.hub.delete(ExperimentMember, name)
    elif member.left_at is None:
        city.hub.save(msgspec.structs.replace(member, left_at=city.now))


def my_experiments(city: CityOf) -> list[ExperimentMember]:
    """Return what the caller takes part in, and in which group."""
    return city.hub.find(ExperimentMember, where.person == city.caller.id)


def pay_experiments(city: CityOf) -> None:
    """Pay the treatment groups what is due, some people at a time, each once for a month."""
    for record in list(city.runtime.state.with_value("Experiment", "state", "running") or ()):
        found = record.view
        if not isinstance(found, Experiment) or found.next_on is None:
            continue
        if found.months_paid == found.months:
            if give_back(city, found.id, found.funder):
                city.hub.save(msgspec.structs.replace(found, state="ended"))
        elif found.next_on <= today(city):
            _pay_some(city, found)


def _pay_some(city: CityOf, found: Experiment) -> None:
    assert found.next_on is not None
    assert found.starts_on is not None
    last = paid_up_to(city, found.id)
    people = heapq.nsmallest(
        _PAID_AT_ONCE,
        (
            member.person
            for member in members_of(city, found.id)
            if member.arm == "treatment" and member.left_at is None and member.person > last
        ),
    )
    for person in people:
        account = city.runtime.book.find_account(account_id(person))
        if account is not None and account.state != "closed":
            name = f"{found.id}:{found.next_on}:{person}"
            try:
                city.ledger.pay(name, found.id, person, found.monthly_won, found.title)
            except CityError:  # the budget is frozen: all of these are tried again
                return
    if len(people) == _PAID_AT_ONCE:
        keep_paid_up_to(city, found.id, people[-1])
        return
    keep_paid_up_to(city, found.id, "")
    later = next_after(found.starts_on, "month", found.next_on)
    city.hub.save(msgspec.structs.replace(found, months_paid=found.months_paid + 1, next_on=later))


def members_of(city: CityOf, experiment: str) -> list[ExperimentMember]:
    """Return who takes part."""
    records = city.runtime.state.with_value("ExperimentMember", "experiment", experiment) or ()
    views = [record.view for record in records]
    return [view for view in views if isinstance(view, ExperimentMember)]


def known_experiment(city: CityOf, experiment: str) -> Experiment:
    """Return an experiment; `NotFound` when there is none."""
    found = peek(city, Experiment, experiment)
    if found is None:
        raise NotFound("There is no such experiment.", "그런 실험이 없습니다.")
    return found


def _nonce(city: CityOf) -> str:
    """Return a text that cannot be told from any other that the city showed."""
    stream = city.runtime.stream("platform.experiments", city.caller.id)
    shown = b"".join(stream.bits64().to_bytes(8, "little") for _ in range(2))
    return hashlib.blake2b(shown, digest_size=16).hexdigest()

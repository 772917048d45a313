"""A basic income on trial: volunteers, lots that everybody can draw again, payments each month.

Who is told what of it is in `ledger.currency.experiment`; the numbers come from real transfers.
"""

import heapq
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hapgang.core.errors import CityError, Conflict, Invalid, NotFound
from hapgang.core.ids import new_urn
from hapgang.core.money import won_text
from hapgang.core.text import Text
from hapgang.core.vocabulary.money import Amount, Memo, Name
from hapgang.core.vocabulary.people import Person
from hapgang.core.vocabulary.treasury import Experiment, ExperimentMember
from hapgang.hub.query import where
from hapgang.ledger.currency.dates import next_after
from hapgang.ledger.currency.lots import drawn
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.funds import (
    check_funder,
    funder_of,
    give_back,
    keep_paid_up_to,
    left_won,
    paid_up_to,
    set_aside,
)
from hapgang.runtime.platform.money.spending import check_day, name_for, peek, today

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
    found = _known(city, experiment)
    if found.state != "recruiting":
        raise Conflict("Lots were drawn already.", "이미 추첨이 끝났습니다.")
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
    )
    city.hub.save(member)
    return member


def leave_experiment(city: CityOf, *, experiment: str) -> None:
    """Leave an experiment: nothing more is paid, and it counts as a drop-out."""
    name = name_for("ExperimentMember", experiment, city.caller.id)
    member = peek(city, ExperimentMember, name)
    if member is None:
        raise NotFound("You do not take part in it.", "참여하고 있지 않습니다.")
    if not member.arm:
        city.hub.delete(ExperimentMember, name)
    elif member.left_at is None:
        city.hub.save(msgspec.structs.replace(member, left_at=city.now))


def my_experiments(city: CityOf) -> list[ExperimentMember]:
    """Return what the caller takes part in, and in which group."""
    return city.hub.find(ExperimentMember, where.person == city.caller.id)


def draw_lots(
    city: CityOf,
    *,
    experiment: str,
    seed: Annotated[str, Meta(min_length=6, max_length=200)],
    seed_source: Annotated[str, Meta(min_length=3, max_length=200)],
    starts_on: date,
) -> Experiment:
    """Draw the groups from a seed that was published after the list was closed, and begin.

    `seed_source` says where everybody can look it up, such as a lottery's numbers of a day.
    """
    found = _known(city, experiment)
    check_funder(city, found.funder)
    check_day(city, starts_on)
    if found.state != "recruiting":
        raise Invalid("Lots are drawn once.", "추첨은 한 번만 합니다.")
    members = _members(city, experiment)
    chosen = drawn({m.person: m.stratum for m in members}, seed, found.treated_pct)
    needed_won = len(chosen) * found.monthly_won * found.months
    if not chosen or needed_won > left_won(city, experiment):
        raise Conflict(
            f"{len(chosen)} people for {found.months} months need {won_text(needed_won)}.",
            f"{len(chosen)}명에게 {found.months}개월 동안 {won_text(needed_won)}이 필요합니다.",
        )
    for member in members:
        _assign(city, member, is_chosen=member.person in chosen)
    running = msgspec.structs.replace(
        found, seed=seed, seed_source=seed_source, starts_on=starts_on, next_on=starts_on,
        state="running",
    )  # fmt: skip
    city.hub.save(running)
    return running


def _assign(city: CityOf, member: ExperimentMember, *, is_chosen: bool) -> None:
    arm: Literal["treatment", "control"] = "treatment" if is_chosen else "control"
    city.hub.save(msgspec.structs.replace(member, arm=arm))
    got = Text("You get the basic income.", "지급 대상입니다.")
    compared = Text("You are in the control group.", "비교 집단입니다.")
    title = Text("Lots were drawn", "추첨 결과")
    city.tell(member.person, title, got if is_chosen else compared)


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
            for member in _members(city, found.id)
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


def _members(city: CityOf, experiment: str) -> list[ExperimentMember]:
    records = city.runtime.state.with_value("ExperimentMember", "experiment", experiment) or ()
    views = [record.view for record in records]
    return [view for view in views if isinstance(view, ExperimentMember)]


def _known(city: CityOf, experiment: str) -> Experiment:
    found = peek(city, Experiment, experiment)
    if found is None:
        raise NotFound("There is no such experiment.", "그런 실험이 없습니다.")
    return found

"""Delegations: who may do what for whom, given by whom it is about or entered at a counter."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hapgang.contract import Role
from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.core.ids import new_urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.people import Person
from hapgang.core.vocabulary.sessions import Delegation, Relation
from hapgang.ledger.identity.delegation import EVERYTHING, covers
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.identity.acting import end_delegation, stands
from hapgang.runtime.platform.identity.attestations import say
from hapgang.runtime.platform.identity.found import registration_of
from hapgang.runtime.platform.money.spending import peek, today

MOST_GIVEN = 50  # by one person, or for one
OF_AGE = 19  # Civil Act, 4
MOST_FURTHER = 3  # as long as a chain may be: `ledger/identity/delegation.py`
Actions = Annotated[
    tuple[Annotated[str, Meta(max_length=120)], ...], Meta(min_length=1, max_length=32)
]


class DelegationView(msgspec.Struct, frozen=True):
    """A delegation as both sides see it."""

    id: str
    principal: str
    principal_name: str | None
    delegate: str
    delegate_name: str | None
    relation: Relation
    actions: tuple[str, ...]
    further: int
    until: date
    given_by: str
    given_at: datetime


def my_powers(city: CityOf) -> list[DelegationView]:
    """Return what the caller may do for whom."""
    return _views(city, _with(city, "delegate", city.caller.id))


def my_delegations(city: CityOf) -> list[DelegationView]:
    """Return who may do what for the caller, whoever gave it."""
    return _views(city, _with(city, "person", city.caller.id))


def delegate(
    city: CityOf,
    *,
    to: str,
    actions: Actions,
    until: date,
    relation: Relation = "carer",
    further: Annotated[int, Meta(ge=0, le=MOST_FURTHER)] = 0,
    power: str | None = None,
) -> DelegationView:
    """Let somebody act for the caller, or pass on what the caller may do for somebody (`power`)."""
    if power is not None:
        held = _held(city, power)
        _check_passed_on(held, relation, actions, until, further)
        given = _new(city, held.person, to, relation, actions, until)
        given = msgspec.structs.replace(given, further=further, via=held.id)
    elif relation != "carer":
        raise Refused(
            "Parents and guardians are entered at the city office's counter; you can name a carer.",
            "부모와 후견인은 민원 창구에서 등록합니다. 직접은 돌보미로만 위임할 수 있습니다.",
        )
    else:
        given = _new(city, city.caller.id, to, relation, actions, until)
        given = msgspec.structs.replace(given, further=further)
    return _keep(city, given)


def appoint(city: CityOf, *, to: str, actions: Actions, until: date) -> DelegationView:
    """Let somebody act for the caller's company, as its employee."""
    return _keep(city, _new(city, city.caller.id, to, "company", actions, until))


def enter_guardian(
    city: CityOf,
    *,
    person: str,
    guardian: str,
    relation: Literal["parent", "guardian", "carer"],
    actions: Actions,
    until: date,
) -> DelegationView:
    """Enter who acts for somebody, as an office that has seen the papers.

    A parent does until the child is of age, wherever the register knows when that is.
    """
    if peek(city, Person, person) is None:
        raise NotFound(f"there is nobody {person}", f"{person}을(를) 찾을 수 없습니다")
    known = registration_of(city, person)
    if relation == "parent" and known is not None:
        of_age = _of_age(known.born)
        if of_age <= today(city):
            raise Refused(
                "They are of age: a parent acts for a child. Enter a guardian, as a court says, or"
                " have them name a carer themselves.",
                "성년입니다. 부모는 미성년 자녀만 대리합니다. 법원이 정한 후견인을 등록하거나"
                " 본인이 돌보미를 정하게 하세요.",
            )
        until = min(until, of_age - timedelta(days=1))
    return _keep(city, _new(city, person, guardian, relation, actions, until))


def guardians(city: CityOf, *, person: str) -> list[DelegationView]:
    """Return who acts for somebody, to an office; the look is noted."""
    city.hub.log_read(person, "who acts for whom", "*")
    return _views(city, _with(city, "person", person))


def withdraw_delegation(city: CityOf, *, delegation: str) -> None:
    """End a delegation, the sessions that rest on it, and what was passed on from it.

    Whom it is about may, who gave it, and who has it; of parents and guardians, any counter.
    """
    found = peek(city, Delegation, delegation)
    sides = () if found is None else (found.person, found.delegate, found.given_by)
    is_entered = found is not None and found.relation in ("parent", "guardian")
    is_office = is_entered and city.caller.role is Role.AGENCY
    if found is None or not (is_office or city.caller.id in sides):
        raise NotFound("you have no such delegation", "그런 위임이 없습니다")
    if is_entered and city.caller.id == found.person:
        raise Refused(
            "A guardian is changed at the city office's counter.",
            "후견인은 민원 창구에서 바꿀 수 있습니다.",
        )
    end_delegation(city, found)


def _new(
    city: CityOf, person: str, to: str, relation: Relation, actions: Actions, until: date
) -> Delegation:
    known = peek(city, Person, to)
    if known is None or known.visitor or to == person:
        raise NotFound("there is no other resident with this id", "맡길 주민을 찾을 수 없습니다")
    if until < today(city):
        raise Invalid("its last day is over", "종료일이 이미 지났습니다")
    _check_actions(city, actions)
    if max(len(_with(city, "person", person)), len(_with(city, "delegate", to))) >= MOST_GIVEN:
        raise Conflict(f"There are {MOST_GIVEN} delegations.", f"위임은 {MOST_GIVEN}건까지입니다.")
    return Delegation(
        id=new_urn("Delegation", city.rng),
        person=person,
        delegate=to,
        relation=relation,
        actions=actions,
        further=0,
        until=until,
        given_by=city.caller.id,
        given_at=city.now,
    )


def _keep(city: CityOf, given: Delegation) -> DelegationView:
    said = {
        "for": given.person,
        "relation": given.relation,
        "actions": list(given.actions),
        "further": given.further,
    }
    attested = say(city, given.delegate, "delegation", said, given.until)
    kept = msgspec.structs.replace(given, attested=attested.id)
    city.hub.save(kept)
    city.tell(  # also whoever gave it: it may have been somebody with their phone
        given.person,
        Text("Somebody may act for you now", "대리인이 정해졌습니다"),
        Text(f"Until {given.until}. See “Who acts for me”.", f"{given.until}까지입니다."),
    )
    return _views(city, [kept])[0]


def _of_age(born: date) -> date:
    """Return the day on which somebody comes of age (Civil Act, 4, 158 and 160)."""
    try:
        return born.replace(year=born.year + OF_AGE)
    except ValueError:  # born on 29 February
        return date(born.year + OF_AGE, 3, 1)


def _held(city: CityOf, power: str) -> Delegation:
    held = peek(city, Delegation, power)
    if held is None or held.delegate != city.caller.id or not stands(city, held):
        raise NotFound("you have no such power", "그런 대리권이 없습니다")
    return held


def _check_passed_on(
    held: Delegation, relation: Relation, actions: Actions, until: date, further: int
) -> None:
    """Refuse what is more than its giver holds; as `ledger/identity/delegation.py` does."""
    if held.further < 1 or further >= held.further:
        raise Refused("It may not be passed on (so often).", "더는 다시 맡길 수 없는 위임입니다.")
    if relation != held.relation or until > held.until:
        raise Refused("It gives more than you hold.", "맡은 것보다 더 맡길 수 없습니다.")
    if not all(covers(held.actions, each) for each in actions):
        raise Refused("It gives more than you hold.", "맡은 것보다 더 맡길 수 없습니다.")


def _check_actions(city: CityOf, actions: Iterable[str]) -> None:
    """Refuse the name of what there is not, or what nobody does in somebody's name."""
    specs = [spec for spec in city.runtime.specs.values() if not spec.is_own]
    known = {spec.delegated_as for spec in specs} | {f"{spec.service}/*" for spec in specs}
    for each in actions:
        if each != EVERYTHING and each not in known:
            raise Invalid(
                f"{each} is nothing that can be delegated; such is mobility.sharing/rent, or"
                " mobility.sharing/* for all of a service.",
                f"{each}: 위임할 수 있는 일이 아닙니다. 예: mobility.sharing/rent",
            )


def _with(city: CityOf, field: str, value: str) -> list[Delegation]:
    records = city.runtime.state.with_value("Delegation", field, value) or ()
    views = (record.view for record in records)
    return [one for one in views if isinstance(one, Delegation) and stands(city, one)]


def _views(city: CityOf, found: list[Delegation]) -> list[DelegationView]:
    is_office, me = city.caller.role is Role.AGENCY, city.caller.id
    return [
        DelegationView(
            id=one.id,
            principal=one.person,
            principal_name=_name(city, one.person),
            delegate=one.delegate,
            delegate_name=_name(city, one.delegate, is_whole=is_office or one.delegate == me),
            relation=one.relation,
            actions=one.actions,
            further=one.further,
            until=one.until,
            given_by=one.given_by,
            given_at=one.given_at,
        )
        for one in sorted(found, key=lambda one: (one.given_at, one.id))
    ]


def _name(city: CityOf, person: str, *, is_whole: bool = True) -> str | None:
    """Return what somebody is called, so that who acts for whom can be read; the look is noted.

    Whoever names somebody by an id learns as much of the name as tells them that it is they.
    """
    known = registration_of(city, person)
    if known is None:
        return None
    city.hub.log_read(person, "who acts for whom", "name")
    return known.name if is_whole else masked(known.name)


def masked(name: str) -> str:
    """Return a name with its middle hidden, as banks show a payee's."""
    if len(name) < 3:
        return f"{name[:1]}*"
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"

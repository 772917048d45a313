"""Acting for somebody: what was delegated to whom, and the sessions in which it is used.

A `Delegation` is kept under the key of whom it is about: forgotten with them, it ends. The same is
attested to the delegate, whose credential is made of it. Who takes a delegation back ends the
sessions that rest on it, and everything that was passed on from it, in the same unit.
"""

from datetime import datetime, time, timedelta

from hapgang.contract import Role
from hapgang.core.errors import Conflict, NotFound
from hapgang.core.ids import new_urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.identity import Attested
from hapgang.core.vocabulary.people import Person
from hapgang.core.vocabulary.sessions import Delegation, Session
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.identity.attempts import remove
from hapgang.runtime.platform.identity.attestations import taken_back
from hapgang.runtime.platform.identity.held import still_stands
from hapgang.runtime.platform.identity.sessions import LIFETIME, end_all, open_session, resting_on
from hapgang.runtime.platform.money.spending import peek, today
from hapgang.writer.unit import Read


def begin_acting(city: CityOf, *, session: str, power: str) -> Session:
    """Begin a session in which the owner of another one acts for somebody."""
    own = peek(city, Session, session)
    held = peek(city, Delegation, power)
    if own is None or own.acts_for is not None or held is None or held.delegate != own.person:
        raise NotFound("you have no such power", "그런 대리권이 없습니다")
    if not stands(city, held):
        raise Conflict("This delegation is over.", "위임 기간이 끝났습니다.")
    zone = city.runtime.clock.zone
    last_day = min(held.until, today(city) + timedelta(days=1))  # 9999-12-31 has no next day
    last = datetime.combine(last_day + timedelta(days=1), time(), zone)
    principal = peek(city, Person, held.person)
    looks = Read(held.person, own.person, "platform", "acts for you", begin_acting.__name__)
    city.unit.reads[looks] = None
    return open_session(
        city,
        Session(
            id=new_urn("Session", city.rng),
            person=own.person,
            role=(Role.COMPANY if principal is None else Role.RESIDENT).value,
            by="power",
            label=own.label,
            began_at=city.now,
            until=min(city.now + LIFETIME, own.until, last.astimezone(city.now.tzinfo)),
            key=own.key,
            acts_for=held.person,
            power=held.id,
            only=held.actions,
            begun_in=own.id,
        ),
    )


def end_delegation(city: CityOf, given: Delegation) -> None:
    """End a delegation and all that rests on it."""
    for record in list(city.runtime.state.with_value("Delegation", "via", given.id) or ()):
        if isinstance(record.view, Delegation):
            end_delegation(city, record.view)
    end_all(city, resting_on(city, given.id))
    attested = peek(city, Attested, given.attested or "")
    if attested is not None:
        taken_back(city, attested)
    remove(city, given.id)
    for person in (given.person, given.delegate):
        if person != city.caller.id and peek(city, Person, person) is not None:
            city.tell(
                person,
                Text("A delegation has ended", "위임이 끝났습니다"),
                Text(", ".join(given.actions), ", ".join(given.actions)),
            )


def end_delegations_of(city: CityOf, person: str) -> None:
    """End what others may do for somebody, and what they may do for others: they are forgotten."""
    for field in ("person", "delegate"):
        for record in list(city.runtime.state.with_value("Delegation", field, person) or ()):
            if isinstance(record.view, Delegation) and peek(city, Delegation, record.id):
                end_delegation(city, record.view)


def end_delegations_over(city: CityOf) -> None:
    """Take away the delegations whose last day is over."""
    views = (record.view for record in city.runtime.state.each("Delegation"))
    day = today(city)
    for given in [one for one in views if isinstance(one, Delegation) and one.until < day][:200]:
        if peek(city, Delegation, given.id) is not None:  # ended with what it was passed on from
            end_delegation(city, given)


def stands(city: CityOf, given: Delegation) -> bool:
    """Return whether a delegation holds today, and who attested it has not taken it back."""
    attested = peek(city, Attested, given.attested or "")
    return attested is not None and still_stands(attested, today(city))
